// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Script} from "forge-std/Script.sol";

import {DeploymentCheck} from "../check/DeploymentCheck.sol";
import {AddressBook} from "./AddressBook.sol";
import {ChainConfig} from "./ChainConfig.sol";
import {Contracts, Deployment} from "./Deployment.sol";
import {Settings} from "./Settings.sol";

/// @title Deploy
/// @notice `npm run deploy -- CHAIN --rpc-url URL` runs it, sends what is missing after a failure, and checks what is there. docs/deployment.md.
/// @dev Environment: LYNODE_CHAIN (a file of script/config; default local), LYNODE_ADDRESS_BOOK (a path that foundry.toml lets scripts write; default: nothing is written).
contract Deploy is Script, Deployment, ChainConfig, AddressBook {
    /// @notice Deploys, checks, and writes the address book.
    function run() external returns (Contracts memory c) {
        address deployer = msg.sender;
        Settings memory settings = _configOf(vm.envOr("LYNODE_CHAIN", string("local")), deployer);
        vm.startBroadcast(deployer);
        c = _deployAll(settings);
        vm.stopBroadcast();

        DeploymentCheck.check(c, address(c.timelock), deployer);
        DeploymentCheck.checkInclusion(c, settings.forcedInclusion);
        string memory path = vm.envOr("LYNODE_ADDRESS_BOOK", string(""));
        if (bytes(path).length != 0) _write(path, c, settings.profile);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Script} from "forge-std/Script.sol";

import {AddressBook} from "../deploy/AddressBook.sol";
import {ChainConfig} from "../deploy/ChainConfig.sol";
import {Contracts} from "../deploy/Deployment.sol";
import {Settings} from "../deploy/Settings.sol";
import {DeploymentCheck} from "./DeploymentCheck.sol";

/// @title CheckDeployment
/// @notice Checks a deployment on a live chain:
/// `node tools/forge.js script script/check/CheckDeployment.s.sol --rpc-url URL`.
/// @dev Environment: LYNODE_ADDRESS_BOOK, LYNODE_CHAIN (a file of script/config; default local), LYNODE_DEPLOYER (must own nothing).
contract CheckDeployment is Script, AddressBook, ChainConfig {
    /// @notice Reverts with the first statement that does not hold.
    function run() external view {
        Contracts memory c = _read(vm.envString("LYNODE_ADDRESS_BOOK"));
        address deployer = vm.envAddress("LYNODE_DEPLOYER");
        DeploymentCheck.check(c, address(c.timelock), deployer);
        Settings memory settings = _configOf(vm.envOr("LYNODE_CHAIN", string("local")), deployer);
        DeploymentCheck.checkInclusion(c, settings.forcedInclusion);
    }
}

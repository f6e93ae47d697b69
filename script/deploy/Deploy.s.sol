// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {Script} from "forge-std/Script.sol";

import {IParameters} from "../../contracts/interfaces/IParameters.sol";
import {DeploymentCheck} from "../check/DeploymentCheck.sol";
import {AddressBook} from "./AddressBook.sol";
import {Contracts, Deployment, Settings} from "./Deployment.sol";

/// @title Deploy
/// @notice `node tools/forge.js script script/deploy/Deploy.s.sol --rpc-url URL --broadcast --private-key KEY`.
/// @dev Environment: LYNODE_PROFILE (local, testnet, main; default local), LYNODE_GOVERNANCE (default: the deployer),
/// LYNODE_SUPPLY (receives all LYN; default: the governance), LYNODE_SEQUENCER_FEED and LYNODE_SEQUENCER_GRACE (default: none),
/// LYNODE_ADDRESS_BOOK (a path that foundry.toml lets scripts write; default: nothing is written).
contract Deploy is Script, Deployment, AddressBook {
    /// @notice Deploys, checks, and writes the address book.
    function run() external returns (Contracts memory c) {
        address deployer = msg.sender;
        address governance = vm.envOr("LYNODE_GOVERNANCE", deployer);
        IParameters.Profile profile = _profileOf(vm.envOr("LYNODE_PROFILE", string("local")));
        Settings memory settings = Settings({
            deployer: deployer,
            governance: governance,
            supply: vm.envOr("LYNODE_SUPPLY", governance),
            profile: profile,
            feed: AggregatorV3Interface(vm.envOr("LYNODE_SEQUENCER_FEED", address(0))),
            grace: uint40(vm.envOr("LYNODE_SEQUENCER_GRACE", uint256(0)))
        });
        vm.startBroadcast(deployer);
        c = _deployAll(settings);
        vm.stopBroadcast();

        DeploymentCheck.check(c, governance, deployer);
        string memory path = vm.envOr("LYNODE_ADDRESS_BOOK", string(""));
        if (bytes(path).length != 0) _write(path, c, profile);
    }
}

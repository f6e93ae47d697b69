// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Script} from "forge-std/Script.sol";

import {AddressBook} from "../deploy/AddressBook.sol";
import {DeploymentCheck} from "./DeploymentCheck.sol";

/// @title CheckDeployment
/// @notice Checks a deployment on a live chain:
/// `node tools/forge.js script script/check/CheckDeployment.s.sol --rpc-url URL`.
/// @dev Environment: LYNODE_ADDRESS_BOOK, LYNODE_GOVERNANCE, LYNODE_DEPLOYER (default: the governance).
contract CheckDeployment is Script, AddressBook {
    /// @notice Reverts with the first statement that does not hold.
    function run() external view {
        address governance = vm.envAddress("LYNODE_GOVERNANCE");
        DeploymentCheck.check(
            _read(vm.envString("LYNODE_ADDRESS_BOOK")),
            governance,
            vm.envOr("LYNODE_DEPLOYER", governance)
        );
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Contracts, Deployment} from "../../script/deploy/Deployment.sol";
import {Settings} from "../../script/deploy/Settings.sol";

/// @title TestDeployment
/// @notice Deploys the protocol for a test. A contract of its own, found by name, because the compiler would otherwise
/// optimise the whole protocol once more inside every test contract.
contract TestDeployment is Deployment {
    function deploy(Settings memory settings) external returns (Contracts memory) {
        settings.deployer = address(this);
        return _deployAll(settings);
    }
}

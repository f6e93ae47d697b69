// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ModelHeader} from "../types/ModelHeader.sol";

/// @title IModelRegistry
/// @notice Models that can be ordered. First publisher of an id keeps it.
interface IModelRegistry {
    struct Model {
        address publisher;
        uint16 royaltyBps;
        uint8 classes; // bit (class - 1)
        uint16 checkerVersion; // A10
    }

    error ModelRegistry_Exists(bytes32 modelId);
    error ModelRegistry_Unknown(bytes32 modelId);
    error ModelRegistry_RoyaltyTooHigh(uint256 royaltyBps, uint256 maximum);
    error ModelRegistry_BadClasses(uint8 classes);
    error ModelRegistry_BadHeader();
    error ModelRegistry_TooManyActivations(uint256 activations, uint256 maximum);

    event ModelRegistered(
        bytes32 indexed modelId, address indexed publisher, ModelHeader header, uint16 royaltyBps, uint8 classes, uint16 checkerVersion
    );

    function register(ModelHeader calldata header, uint16 royaltyBps, uint8 classes) external returns (bytes32 modelId);
    function modelOf(bytes32 modelId) external view returns (Model memory);
}

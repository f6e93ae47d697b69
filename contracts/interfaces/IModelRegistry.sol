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
    /// @notice No checkers are registered yet: nothing about the model could be disputed.
    error ModelRegistry_NoCheckers();
    error ModelRegistry_TooManyActivations(uint256 activations, uint256 maximum);

    event ModelRegistered(
        bytes32 indexed modelId,
        address indexed publisher,
        ModelHeader header,
        uint16 royaltyBps,
        uint8 classes,
        uint16 checkerVersion
    );

    /// @notice Registers a model under the caller's name and pins the newest version of the checkers (A10).
    /// @param royaltyBps Of each job's price, to the publisher.
    /// @param classes Bit (class - 1) for each class it is offered under: 1 exact, 2 float, 3 zk, which cannot be locked before ZkModels has its circuit.
    /// @return modelId `keccak256(abi.encode(header))`.
    function register(ModelHeader calldata header, uint16 royaltyBps, uint8 classes)
        external
        returns (bytes32 modelId);
    /// @notice Reverts on an unknown id.
    function modelOf(bytes32 modelId) external view returns (Model memory);
}

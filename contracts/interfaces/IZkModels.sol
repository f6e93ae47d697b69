// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ModelHeader} from "../types/ModelHeader.sol";

/// @title IZkModels
/// @notice What a model of class zk sells: a quantised circuit, named by the hashes of its files and by the verifier that judges it. Its numbers differ from those of the float model; `maxDifference` says
/// by how much on the publisher's samples.
/// @dev The contract cannot see that a verifier was made from a key: whoever buys or provides builds the verifier from the key again and compares the code hash (docs/zk.md).
/// Properties: ZKM-1 a binding is its publisher's, and final.
interface IZkModels {
    /// @notice Tensors of a step, in graph order, and how many binary digits a field element has behind the point.
    /// @param inputs Headers (docs/protocol.md section 2), float32 in the order of their axes.
    struct Shape {
        bytes[] inputs;
        uint8[] inputScales;
        bytes[] outputs;
        uint8[] outputScales;
    }

    /// @notice A binding. Roots are blob roots (docs/protocol.md section 2).
    /// @param selector Of the verifier, in ZkVerifierRouter.
    /// @param maxDifference To the float model, on the publisher's samples: bits of a float32.
    struct ZkModel {
        bytes4 selector;
        uint32 maxDifference;
        bytes32 shapeHash;
        bytes32 circuitRoot;
        bytes32 keyRoot;
        bytes32 settingsRoot;
    }

    error ZkModels_Unknown(bytes32 modelId);
    error ZkModels_NotPublisher(bytes32 modelId, address caller);
    error ZkModels_Bound(bytes32 modelId);
    /// @param what Counts, scale, tensor or carry: what the class cannot serve.
    error ZkModels_BadShape(bytes32 what);
    error ZkModels_VerifierRetired(bytes4 selector);

    event ZkModelBound(
        bytes32 indexed modelId, bytes4 indexed selector, ZkModel binding, Shape shape
    );

    /// @notice Only the publisher of the model, once.
    /// @param binding Its `shapeHash` is `keccak256(abi.encode(shape))`, checked here.
    function bind(ModelHeader calldata header, Shape calldata shape, ZkModel calldata binding)
        external;
    /// @notice Reverts on a model that is not bound.
    function zkModelOf(bytes32 modelId) external view returns (ZkModel memory);
    /// @notice What a delivery needs of it. Reverts on a model that is not bound.
    function statementOf(bytes32 modelId) external view returns (bytes4 selector, bytes32 shapeHash);
    /// @notice Reverts on a model that is not bound, or whose verifier was retired: nothing of it is locked any more.
    function requireLive(bytes32 modelId) external view;
}

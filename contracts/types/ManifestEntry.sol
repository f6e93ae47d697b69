// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TensorType} from "./TensorType.sol";

/// @notice Kinds of values, numbered as in docs/protocol.md section 3.
enum ValueKind {
    Input,
    Weight,
    Activation,
    Derived,
    Output
}

/// @notice A decoded value entry.
/// @param elements Number of elements of the tensor.
/// @param headerBytes Length of the tensor header, which starts at byte 3 of the entry.
/// @param slot Input: position in the bundle of step 0. Activation: trace index. Derived: producing node. Output: position in its tree.
/// @param laterSlot Input: position in the bundles of later steps. Output: 1 if carried, else 0.
/// @param carriedSlot Input: position in the carried tree of the step before, or `NONE`.
/// @param tensorRoot Weight: its root.
struct ManifestValue {
    ValueKind kind;
    bool boundary;
    TensorType tensor;
    uint32 elements;
    uint256 headerBytes;
    uint32 slot;
    uint32 laterSlot;
    uint32 carriedSlot;
    bytes32 tensorRoot;
}

/// @notice A decoded node entry. Inputs and outputs are value indices; an absent input is `NONE`.
struct ManifestNode {
    uint16 opcode;
    uint32[] inputs;
    uint32[] outputs;
    int32[] attributes;
}

/// @dev Beside a kind: a state within a segment, which only the answer to a step demand commits to (B8).
uint8 constant INSIDE = 0x80;

/// @dev Absent, or not carried.
uint32 constant NONE = type(uint32).max;

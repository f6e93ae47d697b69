// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Element type, shape and commitment order of a tensor: docs/protocol.md section 2.
/// @dev `dtype` 0 marks an absent optional input of a node.
struct TensorType {
    uint8 dtype;
    uint32[] dims;
    uint8[] perm;
}

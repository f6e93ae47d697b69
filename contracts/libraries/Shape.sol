// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TensorType} from "../types/TensorType.sol";

/// @title Shape
/// @notice Where the elements of a tensor lie: logical indices, coordinates, committed indices
/// (docs/protocol.md section 2), and numpy broadcasting. Twin: `sdk/src/operators/shape.ts`.
/// @dev The manifest guarantees what is assumed here: no zero dimension, `perm` is a permutation.
library Shape {
    /// @notice Number of elements; 1 for a scalar.
    function count(uint32[] memory dims) internal pure returns (uint256 total) {
        total = 1;
        for (uint256 k = 0; k < dims.length; k++) {
            total *= dims[k];
        }
    }

    /// @notice Coordinates, axis by axis, of the element with a row-major index.
    function coordinates(uint32[] memory dims, uint256 logical)
        internal
        pure
        returns (uint256[] memory at)
    {
        at = new uint256[](dims.length);
        for (uint256 k = dims.length; k > 0; k--) {
            at[k - 1] = logical % dims[k - 1];
            logical /= dims[k - 1];
        }
    }

    /// @notice Row-major index of the element at `at`.
    function logicalAt(uint32[] memory dims, uint256[] memory at) internal pure returns (uint32) {
        uint256 index = 0;
        for (uint256 k = 0; k < dims.length; k++) {
            index = index * dims[k] + at[k];
        }
        // SAFETY: admission keeps element counts below 2^32.
        return uint32(index);
    }

    /// @notice Committed index of the element at `at`.
    function committedAt(TensorType memory tensor, uint256[] memory at)
        internal
        pure
        returns (uint32)
    {
        uint256 index = 0;
        for (uint256 k = 0; k < tensor.perm.length; k++) {
            uint256 axis = tensor.perm[k];
            index = index * tensor.dims[axis] + at[axis];
        }
        // SAFETY: admission keeps element counts below 2^32.
        return uint32(index);
    }

    /// @notice Committed index of the element with a row-major index.
    function committedIndex(TensorType memory tensor, uint256 logical)
        internal
        pure
        returns (uint32)
    {
        return committedAt(tensor, coordinates(tensor.dims, logical));
    }

    /// @notice Distance, in committed elements, between neighbours along an axis of the tensor.
    function committedStride(TensorType memory tensor, uint256 axis)
        internal
        pure
        returns (uint32)
    {
        uint256 stride = 1;
        for (uint256 k = tensor.perm.length; tensor.perm[k - 1] != axis; k--) {
            stride *= tensor.dims[tensor.perm[k - 1]];
        }
        // SAFETY: admission keeps element counts below 2^32.
        return uint32(stride);
    }

    /// @notice Committed index, in an operand, of the element that numpy broadcasting pairs with
    /// the output coordinates `at`.
    function broadcastAt(TensorType memory operand, uint256[] memory at)
        internal
        pure
        returns (uint32)
    {
        uint256 rank = operand.dims.length;
        uint256[] memory own = new uint256[](rank);
        for (uint256 k = 0; k < rank; k++) {
            own[k] = operand.dims[k] == 1 ? 0 : at[at.length - rank + k];
        }
        return committedAt(operand, own);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Range} from "../types/Element.sol";
import {TensorType} from "../types/TensorType.sol";
import {Shape} from "./Shape.sol";
import {Unmade} from "./Unmade.sol";

/// @title MatrixAccess
/// @notice What an element of a matrix product of any ranks reads, as numpy's matmul. Twin: `matMulRanges` in
/// `sdk/src/operators/matMul.ts`.
library MatrixAccess {
    /// @notice The row of `a`.
    /// @param at Coordinates of the element in the output.
    function row(uint8 operand, TensorType memory a, TensorType memory b, uint256[] memory at)
        internal
        pure
        returns (Range[] memory)
    {
        uint256 rank = a.dims.length;
        uint256 batch = batchAxes(a, b, at);
        uint256[] memory own = batchOf(a, at, batch);
        if (rank > 1) own[rank - 2] = at[batch];
        return line(operand, a, own, rank - 1);
    }

    /// @notice The column of `b`.
    function column(uint8 operand, TensorType memory a, TensorType memory b, uint256[] memory at)
        internal
        pure
        returns (Range[] memory)
    {
        uint256 rank = b.dims.length;
        uint256[] memory own = batchOf(b, at, batchAxes(a, b, at));
        if (rank > 1) own[rank - 1] = at[at.length - 1];
        return line(operand, b, own, rank > 1 ? rank - 2 : 0);
    }

    /// @notice All elements along `axis` from `at` on.
    function line(uint8 operand, TensorType memory tensor, uint256[] memory at, uint256 axis)
        internal
        pure
        returns (Range[] memory result)
    {
        uint32 count = tensor.dims[axis];
        // As `Loops.ranges` of one loop.
        uint32 stride = count == 1 ? 1 : Shape.committedStride(tensor, axis);
        result = Unmade.ranges(1);
        result[0] = Range(operand, Shape.committedAt(tensor, at), count, stride);
    }

    /// @dev Axes of the output: batch, then the row of A and the column of B where they have one.
    function batchAxes(TensorType memory a, TensorType memory b, uint256[] memory at)
        private
        pure
        returns (uint256)
    {
        return at.length - (a.dims.length > 1 ? 1 : 0) - (b.dims.length > 1 ? 1 : 0);
    }

    /// @dev Coordinates of the matrix that broadcasting pairs with the batch of an output element; 0 inside the matrix.
    function batchOf(TensorType memory operand, uint256[] memory at, uint256 batch)
        private
        pure
        returns (uint256[] memory own)
    {
        uint256 rank = operand.dims.length;
        own = new uint256[](rank);
        for (uint256 k = 0; k + 2 < rank; ++k) {
            own[k] = operand.dims[k] == 1 ? 0 : at[batch + 2 - rank + k];
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Operand} from "../types/Element.sol";
import {Interval} from "../types/Interval.sol";
import {Float32} from "./Float32.sol";
import {Values} from "./Values.sol";

/// @notice A sum of int32 or int64 elements, and that of their magnitudes, which bounds every partial sum.
struct IntegerTotal {
    int256 sum;
    uint256 magnitudes;
}

/// @title IntegerSum
/// @notice Sums of integers in any order of addition, at once or part by part. Twin: `sdk/src/operators/integerSum.ts`.
library IntegerSum {
    /// @dev int32.
    uint8 private constant INT32 = 6;

    /// @notice With the elements of one more operand.
    function plus(IntegerTotal memory total, Operand calldata operand, uint8 dtype)
        internal
        pure
        returns (IntegerTotal memory)
    {
        uint256 width = Values.width(dtype);
        uint256 count = operand.data.length / width;
        for (uint256 i = 0; i < count; ++i) {
            int256 x = Values.integerOf(Values.patternAt(operand, i, width), dtype);
            total.sum += x;
            // SAFETY: below 2^64 in magnitude.
            total.magnitudes += uint256(x < 0 ? -x : x);
        }
        return total;
    }

    /// @notice What an honest machine can have produced: the sum. Kernels may add in float64 and saturate, so anything where a
    /// partial sum may leave 31 bits, or 53 of int64.
    function interval(IntegerTotal memory total, uint8 dtype)
        internal
        pure
        returns (Interval memory)
    {
        if (total.magnitudes >> (dtype == INT32 ? 31 : 53) != 0) return Float32.anything();
        return Values.integers(total.sum, total.sum);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Operand} from "../types/Element.sol";
import {Interval, IntervalKind} from "../types/Interval.sol";
import {Float32} from "./Float32.sol";
import {Values} from "./Values.sol";

/// @title Extremes
/// @notice The greatest or least of many elements, for pools and reductions.
/// @dev Pure. Twin of `sdk/src/operators/extremum.ts`.
library Extremes {
    /// @notice There is no greatest of no elements.
    error Extremes_Empty();

    /// @notice C4: a NaN gives anything, subnormals tie with the zeros; C3: -infinity equals -FLT_MAX (for a minimum, infinity equals FLT_MAX).
    function ofFloats(bytes calldata data, bool greatest) internal pure returns (Interval memory) {
        require(data.length != 0, Extremes_Empty());
        int256 highest = -Float32.INFINITY;
        int256 tied = 0;
        for (uint256 i = 0; i < data.length / 4; ++i) {
            uint32 bits = Float32.at(data, i);
            if (Float32.isNaN(bits)) return Float32.anything();
            int256 key = greatest ? Float32.keyOf(bits) : -Float32.keyOf(bits);
            if (key > highest) highest = key;
            if (key > -Float32.MIN_NORMAL && key < tied) tied = key;
        }
        int256 low = highest;
        if (highest <= -Float32.MAX) {
            (low, highest) = (-Float32.INFINITY, -Float32.MAX);
        } else if (highest > -Float32.MIN_NORMAL && highest < Float32.MIN_NORMAL) {
            low = tied;
            if (highest < 0) highest = 0;
        }
        if (!greatest) (low, highest) = (-highest, -low);
        // SAFETY: keys have 32 bits.
        return Interval(IntervalKind.Float, int64(low), int64(highest));
    }

    /// @notice C4: a bool byte above 1 gives anything, and so does int64 beyond 32 bits: vectorised kernels compare halves of words.
    function ofIntegers(Operand calldata operand, uint8 dtype, bool greatest)
        internal
        pure
        returns (Interval memory)
    {
        uint256 count = operand.data.length / Values.width(dtype);
        require(count != 0, Extremes_Empty());
        int256 best;
        for (uint256 i = 0; i < count; ++i) {
            (bool poison, int256 value,) = Values.integerAt(operand, i, dtype);
            if (poison || value < type(int32).min || value > type(int32).max) {
                return Float32.anything();
            }
            if (i == 0 || (greatest ? value > best : value < best)) best = value;
        }
        return Values.integers(best, best);
    }
}

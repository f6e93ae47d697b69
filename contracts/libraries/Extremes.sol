// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Operand} from "../types/Element.sol";
import {Interval, IntervalKind} from "../types/Interval.sol";
import {Float32} from "./Float32.sol";
import {Values} from "./Values.sol";

/// @notice What some of the elements decide.
/// @param poison Anything is accepted.
/// @param seen There were elements.
/// @param best Of integers their greatest or least; of floats the greatest key, or the greatest of the negated keys for a minimum.
/// @param tied Of floats, the lowest such key among the subnormals and zeros, or 0.
struct Extreme {
    bool poison;
    bool seen;
    int256 best;
    int256 tied;
}

/// @title Extremes
/// @notice The greatest or least of many elements, for pools and reductions, at once or part by part.
/// @dev Pure. Twin of `sdk/src/operators/extremum.ts`.
library Extremes {
    uint8 private constant FLOAT32 = 1;

    /// @notice There is no greatest of no elements.
    error Extremes_Empty();

    /// @notice What the elements of an operand allow for their greatest or least.
    function among(Operand calldata operand, uint8 dtype, bool greatest, bool wgsl)
        internal
        pure
        returns (Interval memory)
    {
        Extreme memory empty;
        return interval(plus(empty, operand, dtype, greatest, wgsl), dtype, greatest);
    }

    /// @notice With the elements of one more operand. In WGSL an infinity poisons as a NaN does.
    function plus(
        Extreme memory extreme,
        Operand calldata operand,
        uint8 dtype,
        bool greatest,
        bool wgsl
    ) internal pure returns (Extreme memory) {
        require(operand.data.length >= Values.width(dtype), Extremes_Empty());
        if (dtype == FLOAT32) _plusFloats(extreme, operand.data, greatest, wgsl);
        else _plusIntegers(extreme, operand, dtype, greatest);
        extreme.seen = true;
        return extreme;
    }

    /// @notice C4: a NaN gives anything, subnormals tie with the zeros; C3: -infinity equals -FLT_MAX (for a minimum, infinity equals FLT_MAX).
    function interval(Extreme memory extreme, uint8 dtype, bool greatest)
        internal
        pure
        returns (Interval memory)
    {
        require(extreme.seen, Extremes_Empty());
        if (extreme.poison) return Float32.anything();
        (int256 low, int256 high) = (extreme.best, extreme.best);
        if (dtype != FLOAT32) return Values.integers(low, high);
        if (high <= -Float32.MAX) {
            (low, high) = (-Float32.INFINITY, -Float32.MAX);
        } else if (high > -Float32.MIN_NORMAL && high < Float32.MIN_NORMAL) {
            low = extreme.tied;
            if (high < 0) high = 0;
        }
        if (!greatest) (low, high) = (-high, -low);
        // SAFETY: keys have 32 bits.
        return Interval(IntervalKind.Float, int64(low), int64(high));
    }

    function _plusFloats(Extreme memory extreme, bytes calldata data, bool greatest, bool wgsl)
        private
        pure
    {
        int256 highest = extreme.seen ? extreme.best : -Float32.INFINITY;
        int256 tied = extreme.tied;
        for (uint256 i = 0; i < data.length / 4; ++i) {
            uint32 bits = Float32.at(data, i);
            if (wgsl ? !Float32.isFinite(bits) : Float32.isNaN(bits)) {
                extreme.poison = true;
                return;
            }
            int256 key = greatest ? Float32.keyOf(bits) : -Float32.keyOf(bits);
            if (key > highest) highest = key;
            if (key > -Float32.MIN_NORMAL && key < tied) tied = key;
        }
        (extreme.best, extreme.tied) = (highest, tied);
    }

    /// @dev C4: a bool byte above 1 gives anything, and so does int64 beyond 32 bits: vectorised kernels compare halves of words.
    function _plusIntegers(
        Extreme memory extreme,
        Operand calldata operand,
        uint8 dtype,
        bool greatest
    ) private pure {
        bool seen = extreme.seen;
        int256 best = extreme.best;
        uint256 count = operand.data.length / Values.width(dtype);
        for (uint256 i = 0; i < count; ++i) {
            (bool poison, int256 value,) = Values.integerAt(operand, i, dtype);
            if (poison || value < type(int32).min || value > type(int32).max) {
                extreme.poison = true;
                return;
            }
            if (!seen || (greatest ? value > best : value < best)) best = value;
            seen = true;
        }
        extreme.best = best;
    }
}

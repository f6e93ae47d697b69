// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Operand} from "../types/Element.sol";
import {Interval, IntervalKind} from "../types/Interval.sol";
import {Float32} from "./Float32.sol";
import {Floats, Values} from "./Values.sol";

/// @title Half
/// @notice float16 elements as float32 keys: every float16 is a float32, so sets of them are sets of float32 keys.
/// @dev Pure. Twin of `sdk/src/operators/half.ts`.
library Half {
    /// @dev Key of 2^-14: what is below is subnormal in float16, and may be flushed (C0).
    int256 private constant MIN_NORMAL = 0x38800000;
    /// @dev Key of 65,504, the largest float16.
    int256 private constant LARGEST = 0x477fe000;
    /// @dev Key of 65,520, halfway between the largest float16 and 2^16.
    uint256 private constant OVERFLOW = 0x477ff000;
    /// @dev Keys of 2^-25 and 2^-24: half of the smallest float16, and it.
    uint256 private constant HALF_SMALLEST = 0x33000000;
    uint256 private constant SMALLEST = 0x33800000;

    /// @notice The float32 key of a float16 bit pattern that is no NaN.
    function keyOf(uint64 pattern) internal pure returns (int256) {
        // SAFETY: all shifts are of 10-bit mantissas and 5-bit fields.
        unchecked {
            uint256 field = (pattern >> 10) & 31;
            uint256 mantissa = pattern & 1023;
            uint256 magnitude = 0;
            if (field == 31) {
                magnitude = uint256(Float32.INFINITY);
            } else if (field != 0) {
                magnitude = (field + 112) << 23 | mantissa << 13;
            } else if (mantissa != 0) {
                // A subnormal: mantissa 2^-24.
                uint256 top = 9;
                while (mantissa >> top == 0) --top;
                magnitude = (top + 103) << 23 | ((mantissa << (23 - top)) & 0x7fffff);
            }
            return (pattern >> 15) & 1 == 0 ? int256(magnitude) : -int256(magnitude);
        }
    }

    /// @notice The float16 nearest to a float32, ties to even, as a key; overflows to infinity.
    function nearest(int256 key) internal pure returns (int256) {
        // SAFETY: keys have 32 bits.
        return key < 0 ? -int256(_nearest(uint256(-key))) : int256(_nearest(uint256(key)));
    }

    function _nearest(uint256 key) private pure returns (uint256) {
        if (key >= OVERFLOW) return uint256(Float32.INFINITY);
        if (key <= HALF_SMALLEST) return 0;
        if (key < SMALLEST) return SMALLEST;
        // Below 2^-14 a bit less for each binary order.
        uint256 drop = key < uint256(MIN_NORMAL) ? 126 - (key >> 23) : 13;
        uint256 odd = (key >> drop) & 1;
        return (key + (1 << (drop - 1)) - 1 + odd) >> drop << drop;
    }

    /// @notice Element `i` of a float16 operand. C0: a subnormal stands for hull(0, x).
    function at(Operand calldata operand, uint256 i) internal pure returns (Floats memory) {
        uint64 pattern;
        if (operand.derived.length > 0) {
            Interval calldata known = operand.derived[i];
            if (known.kind == IntervalKind.Any) return Floats(true, 0, 0);
            if (known.kind == IntervalKind.Float) return _flushed(known.low, known.high);
            pattern = uint64(known.low);
        } else {
            pattern = Values.patternAt(operand, i, 2);
        }
        if (pattern & 0x7fff > 0x7c00) return Floats(true, 0, 0);
        int256 key = keyOf(pattern);
        return _flushed(key, key);
    }

    /// @notice The float16 that floats in `[low, high]` round to. C0: what is subnormal may be flushed.
    function interval(int256 low, int256 high) internal pure returns (Interval memory) {
        Floats memory ends = _flushed(nearest(low), nearest(high));
        // SAFETY: keys have 32 bits.
        return Interval(IntervalKind.Float, int64(ends.low), int64(ends.high));
    }

    /// @notice The same where either neighbour is correct; anything where one is infinite.
    function outward(int256 low, int256 high) internal pure returns (Interval memory) {
        if (low < -LARGEST || high > LARGEST) return Interval(IntervalKind.Any, 0, 0);
        Floats memory ends = _flushed(_towards(low, low < 0), _towards(high, high > 0));
        // SAFETY: keys have 32 bits.
        return Interval(IntervalKind.Float, int64(ends.low), int64(ends.high));
    }

    /// @dev The float16 next to a finite key, away from 0 or towards it.
    function _towards(int256 key, bool away) private pure returns (int256) {
        uint256 size = uint256(key < 0 ? -key : key);
        if (size == 0) return 0;
        uint256 drop = size < uint256(MIN_NORMAL) ? 126 - (size >> 23) : 13;
        uint256 kept = size < SMALLEST ? 0 : size >> drop << drop;
        if (away && kept != size) kept = size < SMALLEST ? SMALLEST : kept + (1 << drop);
        // SAFETY: keys have 32 bits.
        return key < 0 ? -int256(kept) : int256(kept);
    }

    function _flushed(int256 low, int256 high) private pure returns (Floats memory) {
        if (low > 0 && low < MIN_NORMAL) low = 0;
        if (high < 0 && high > -MIN_NORMAL) high = 0;
        return Floats(false, low, high);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Interval, IntervalKind} from "../types/Interval.sol";

/// @title Float32
/// @notice float32 bit patterns, their keys (docs/protocol.md section 6), and exact rounding of reals to keys.
/// @dev Pure. A real is `mantissa * 2^exponent`. Keys count float32 values in order: `key + 1` is the next one up, both
/// zeros are 0, the infinities +-INFINITY. Twin of `sdk/src/operators/float32.ts`.
library Float32 {
    /// @notice Key of +infinity.
    int256 internal constant INFINITY = 0x7f800000;
    /// @notice Key of the largest finite value.
    int256 internal constant MAX = 0x7f7fffff;
    /// @notice Key of 2^-126, the smallest normal value.
    int256 internal constant MIN_NORMAL = 0x00800000;
    /// @notice Bits of 1.
    uint32 internal constant ONE = 0x3f800000;

    // ------------------------------------------------------------------ bits and keys

    /// @notice Key of a bit pattern that is no NaN.
    function keyOf(uint32 bits) internal pure returns (int256) {
        int256 magnitude = int256(uint256(bits & 0x7fffffff));
        return bits >> 31 == 0 ? magnitude : -magnitude;
    }

    /// @notice Bit pattern of a key; key 0 gives +0.
    function bitsOf(int256 key) internal pure returns (uint32) {
        // SAFETY: |key| <= INFINITY < 2^31.
        return key < 0 ? uint32(uint256(-key)) | 0x80000000 : uint32(uint256(key));
    }

    function isNaN(uint32 bits) internal pure returns (bool) {
        return bits & 0x7fffffff > 0x7f800000;
    }

    /// @notice Neither infinite nor NaN.
    function isFinite(uint32 bits) internal pure returns (bool) {
        return bits & 0x7f800000 != 0x7f800000;
    }

    /// @notice Bits of element `index` of packed little-endian float32 values.
    function at(bytes calldata data, uint256 index) internal pure returns (uint32 bits) {
        bytes4 raw = bytes4(data[4 * index:4 * index + 4]);
        bits = uint32(raw);
        bits = ((bits & 0x00ff00ff) << 8) | ((bits >> 8) & 0x00ff00ff);
        bits = (bits << 16) | (bits >> 16);
    }

    /// @notice The exact value of a finite key: `mantissa * 2^exponent`, |mantissa| < 2^24, -149 <= exponent <= 104.
    function decompose(int256 key) internal pure returns (int256 mantissa, int256 exponent) {
        int256 magnitude = key < 0 ? -key : key;
        int256 field = magnitude >> 23;
        mantissa = magnitude & 0x7fffff;
        if (field == 0) return (key < 0 ? -mantissa : mantissa, -149);
        mantissa |= 0x800000;
        return (key < 0 ? -mantissa : mantissa, field - 150);
    }

    // ------------------------------------------------------------------ reals to keys

    /// @notice Key of the largest float32 <= mantissa * 2^exponent. Above all finite values: MAX; below them: -INFINITY.
    /// @param mantissa |mantissa| < 2^255.
    function floor(int256 mantissa, int256 exponent) internal pure returns (int256) {
        if (mantissa >= 0) {
            (int256 key,,) = _truncate(uint256(mantissa), exponent);
            return key;
        }
        return -_magnitudeUp(uint256(-mantissa), exponent);
    }

    /// @notice Key of the smallest float32 >= mantissa * 2^exponent. Above all finite values: INFINITY; below them: -MAX.
    /// @param mantissa |mantissa| < 2^255.
    function ceil(int256 mantissa, int256 exponent) internal pure returns (int256) {
        if (mantissa >= 0) return _magnitudeUp(uint256(mantissa), exponent);
        (int256 key,,) = _truncate(uint256(-mantissa), exponent);
        return -key;
    }

    /// @notice Key of mantissa * 2^exponent rounded to nearest, ties to even, as IEEE 754 does (overflow to infinity).
    /// @param mantissa |mantissa| < 2^255.
    function nearest(int256 mantissa, int256 exponent) internal pure returns (int256) {
        bool negative = mantissa < 0;
        (int256 key, uint256 rest, uint256 shift) =
            _truncate(uint256(negative ? -mantissa : mantissa), exponent);
        // Overflow leaves shift = 0 and a rest: above 2^128 the nearest is infinity.
        if (rest != 0 && shift == 0) {
            key = INFINITY;
        } else if (rest != 0 && shift <= 256) {
            uint256 half = 1 << (shift - 1);
            if (rest > half || (rest == half && key & 1 == 1)) key += 1;
        }
        return negative ? -key : key;
    }

    /// @notice `numerator / denominator` as a real whose lowest bit is sticky, so that `floor`, `ceil` and `nearest` of it
    /// (times any power of two) equal those of the exact quotient.
    /// @param numerator |numerator| < 2^254.
    /// @param denominator In 1 .. 2^200.
    function quotient(int256 numerator, uint256 denominator)
        internal
        pure
        returns (int256 mantissa, int256 exponent)
    {
        if (numerator == 0) return (0, 0);
        uint256 magnitude = uint256(numerator < 0 ? -numerator : numerator);
        uint256 shift = 254 - log2(magnitude);
        magnitude <<= shift;
        uint256 ratio = magnitude / denominator;
        // The ratio has at least 54 bits, so its lowest bit is below every boundary and every tie.
        if (ratio * denominator != magnitude) ratio |= 1;
        mantissa = numerator < 0 ? -int256(ratio) : int256(ratio);
        exponent = -int256(shift);
    }

    /// @notice Position of the highest set bit; 0 for 0.
    function log2(uint256 value) internal pure returns (uint256 position) {
        if (value >> 128 != 0) (value, position) = (value >> 128, 128);
        if (value >> 64 != 0) (value, position) = (value >> 64, position + 64);
        if (value >> 32 != 0) (value, position) = (value >> 32, position + 32);
        if (value >> 16 != 0) (value, position) = (value >> 16, position + 16);
        if (value >> 8 != 0) (value, position) = (value >> 8, position + 8);
        if (value >> 4 != 0) (value, position) = (value >> 4, position + 4);
        if (value >> 2 != 0) (value, position) = (value >> 2, position + 2);
        if (value >> 1 != 0) position += 1;
    }

    // ------------------------------------------------------------------ intervals

    /// @notice Every output is accepted (C2).
    function anything() internal pure returns (Interval memory) {
        return Interval(IntervalKind.Any, 0, 0);
    }

    /// @notice The float32 values from key `low` to key `high`, widened for flush-to-zero.
    /// @dev C0: where the set meets |y| <= 2^-126 a machine that flushes may have produced 0. The bound itself counts as
    /// met, since a real just below it rounds to it.
    function interval(int256 low, int256 high) internal pure returns (Interval memory) {
        if (low <= MIN_NORMAL && high >= -MIN_NORMAL) {
            if (low > 0) low = 0;
            if (high < 0) high = 0;
        }
        // SAFETY: keys have 32 bits.
        return Interval(IntervalKind.Float, int64(low), int64(high));
    }

    /// @notice The float32 values inside the real interval `[low, high] * 2^exponent`, widened for flush-to-zero (C0).
    function between(int256 low, int256 high, int256 exponent)
        internal
        pure
        returns (Interval memory)
    {
        return interval(ceil(low, exponent), floor(high, exponent));
    }

    // ------------------------------------------------------------------ internals

    /// @dev Largest key <= magnitude * 2^exponent, and what was cut off: `rest` in units of 2^exponent, of `shift` bits.
    function _truncate(uint256 magnitude, int256 exponent)
        private
        pure
        returns (int256 key, uint256 rest, uint256 shift)
    {
        if (magnitude == 0) return (0, 0, 0);
        int256 top = exponent + int256(log2(magnitude));
        if (top >= 128) return (MAX, 1, 0);
        int256 unit = top < -126 ? int256(-149) : top - 23;
        if (unit <= exponent) {
            // SAFETY: the shifted magnitude is below 2^24.
            return (((unit + 149) << 23) + int256(magnitude << uint256(exponent - unit)), 0, 0);
        }
        shift = uint256(unit - exponent);
        uint256 kept = shift < 256 ? magnitude >> shift : 0;
        rest = shift < 256 ? magnitude - (kept << shift) : magnitude;
        key = ((unit + 149) << 23) + int256(kept);
    }

    function _magnitudeUp(uint256 magnitude, int256 exponent) private pure returns (int256) {
        (int256 key, uint256 rest,) = _truncate(magnitude, exponent);
        return rest == 0 ? key : key + 1;
    }
}

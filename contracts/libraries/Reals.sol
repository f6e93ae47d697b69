// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Float32} from "./Float32.sol";

/// @notice The real number `m * 2^e`, `|m| < 2^126`.
struct Real {
    int256 m;
    int256 e;
}

/// @notice Where a result goes that 126 bits cannot hold.
enum Rounding {
    Down, // towards minus infinity
    Up, // towards plus infinity
    Odd // to the odd neighbour, so that a later rounding to at most 124 bits is the right one
}

/// @title Reals
/// @notice Arithmetic on reals of 126 bits with directed rounding, and float32 keys (docs/protocol.md section 6). Twin: `sdk/src/operators/real.ts`.
/// @dev Exponents stay far inside int256: callers start from float32 values and apply a few operations.
library Reals {
    /// @dev The divisor, or the radicand's sign, is not of the domain. Checkers sort these out before.
    error Reals_Domain();

    uint256 private constant PRECISION = 126;

    /// @notice `m * 2^e`, rounded to 126 bits; `m` may have 255 bits.
    function round(int256 m, int256 e, Rounding rounding) internal pure returns (Real memory) {
        uint256 length = bitLength(magnitude(m));
        if (length <= PRECISION) return Real(m, e);
        uint256 excess = length - PRECISION;
        // SAFETY: excess < 256.
        return Real(shiftRight(m, excess, rounding), e + int256(excess));
    }

    function add(Real memory a, Real memory b, Rounding rounding)
        internal
        pure
        returns (Real memory)
    {
        if (a.m == 0) return b;
        if (b.m == 0) return a;
        if (a.e < b.e) (a, b) = (b, a);
        // SAFETY: a.e >= b.e; bitLength <= 127 after a carry of rounding up.
        unchecked {
            uint256 gap = uint256(a.e - b.e);
            uint256 room = 250 - bitLength(magnitude(a.m));
            if (gap <= room) return round((a.m << gap) + b.m, b.e, rounding);
            return round(
                (a.m << room) + shiftRight(b.m, gap - room, rounding), a.e - int256(room), rounding
            );
        }
    }

    function sub(Real memory a, Real memory b, Rounding rounding)
        internal
        pure
        returns (Real memory)
    {
        return add(a, neg(b), rounding);
    }

    function mul(Real memory a, Real memory b, Rounding rounding)
        internal
        pure
        returns (Real memory)
    {
        return round(a.m * b.m, a.e + b.e, rounding);
    }

    /// @notice `a / b`; `b` is not 0.
    function div(Real memory a, Real memory b, Rounding rounding)
        internal
        pure
        returns (Real memory)
    {
        require(b.m != 0, Reals_Domain());
        if (a.m == 0) return Real(0, 0);
        uint256 dividend = magnitude(a.m);
        uint256 divisor = magnitude(b.m);
        uint256 shift = 252 - bitLength(dividend);
        dividend <<= shift;
        uint256 quotient = dividend / divisor;
        bool negative = (a.m < 0) != (b.m < 0);
        if (quotient * divisor != dividend) {
            if (rounding == Rounding.Odd) quotient |= 1;
            else if ((rounding == Rounding.Up) != negative) quotient += 1;
        }
        // SAFETY: quotient <= 2^252.
        int256 m = int256(quotient);
        return round(negative ? -m : m, a.e - b.e - int256(shift), rounding);
    }

    /// @notice Square root of `a >= 0`.
    function sqrt(Real memory a, Rounding rounding) internal pure returns (Real memory) {
        require(a.m >= 0, Reals_Domain());
        if (a.m == 0) return Real(0, 0);
        uint256 radicand = uint256(a.m);
        uint256 shift = 250 - bitLength(radicand);
        if ((a.e - int256(shift)) & 1 != 0) shift -= 1;
        radicand <<= shift;
        uint256 root = integerSqrt(radicand);
        if (root * root != radicand) {
            if (rounding == Rounding.Odd) root |= 1;
            else if (rounding == Rounding.Up) root += 1;
        }
        // SAFETY: root < 2^126; the exponent is even.
        return Real(int256(root), (a.e - int256(shift)) / 2);
    }

    function neg(Real memory a) internal pure returns (Real memory) {
        return Real(-a.m, a.e);
    }

    function abs(Real memory a) internal pure returns (Real memory) {
        return a.m < 0 ? neg(a) : a;
    }

    /// @notice `a * 2^k`.
    function scale(Real memory a, int256 k) internal pure returns (Real memory) {
        return Real(a.m, a.e + k);
    }

    /// @notice Sign of `a - b`: negative, 0 or positive.
    function compare(Real memory a, Real memory b) internal pure returns (int256) {
        // Rounding to odd never makes a difference 0.
        return add(a, neg(b), Rounding.Odd).m;
    }

    function min(Real memory a, Real memory b) internal pure returns (Real memory) {
        return compare(a, b) <= 0 ? a : b;
    }

    function max(Real memory a, Real memory b) internal pure returns (Real memory) {
        return compare(a, b) >= 0 ? a : b;
    }

    /// @notice `a * 2^scaleBits` as an integer; the caller knows that it fits.
    function toFixed(Real memory a, int256 scaleBits, Rounding rounding)
        internal
        pure
        returns (int256)
    {
        int256 shift = a.e + scaleBits;
        // SAFETY: the sign is tested.
        return shift >= 0 ? a.m << uint256(shift) : shiftRight(a.m, uint256(-shift), rounding);
    }

    /// @notice Value of a finite float32 key.
    function fromKey(int256 key) internal pure returns (Real memory) {
        (int256 m, int256 e) = Float32.decompose(key);
        return Real(m, e);
    }

    /// @notice Key of the largest float32 <= `a`.
    function floorKey(Real memory a) internal pure returns (int256) {
        return Float32.floor(a.m, a.e);
    }

    /// @notice Key of the smallest float32 >= `a`.
    function ceilKey(Real memory a) internal pure returns (int256) {
        return Float32.ceil(a.m, a.e);
    }

    /// @notice Key of the float32 nearest to `a`, ties to even; `a` is exact or rounded to odd.
    function nearestKey(Real memory a) internal pure returns (int256) {
        return Float32.nearest(a.m, a.e);
    }

    /// @notice `m / 2^shift`.
    function shiftRight(int256 m, uint256 shift, Rounding rounding) internal pure returns (int256) {
        int256 low = shift > 255 ? (m < 0 ? int256(-1) : int256(0)) : m >> shift;
        bool exact = shift > 255 ? m == 0 : low << shift == m;
        if (exact || rounding == Rounding.Down) return low;
        return rounding == Rounding.Up ? low + 1 : low | 1;
    }

    function magnitude(int256 m) internal pure returns (uint256) {
        // SAFETY: no mantissa is the smallest int256.
        return uint256(m < 0 ? -m : m);
    }

    /// @notice Position of the highest set bit, counted from 1; 0 for 0.
    function bitLength(uint256 x) internal pure returns (uint256) {
        return x == 0 ? 0 : Float32.log2(x) + 1;
    }

    /// @notice Largest integer whose square is at most `x`.
    function integerSqrt(uint256 x) internal pure returns (uint256 root) {
        if (x == 0) return 0;
        unchecked {
            // Newton from above: 2^ceil(length / 2) >= sqrt(x); it falls until it is the floor.
            root = 1 << ((bitLength(x) + 1) / 2);
            while (true) {
                uint256 next = (root + x / root) >> 1;
                if (next >= root) return root;
                root = next;
            }
        }
    }
}

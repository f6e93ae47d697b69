// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Interval} from "../types/Interval.sol";
import {Float32} from "./Float32.sol";

/// @notice A dot product in exact wide fixed point: docs/operators.md, "Sums".
/// @param poisoned An operand is infinite or NaN, or a product reaches 2^127 (C2).
/// @param terms Number of terms.
/// @param exponent All sums count units of 2^exponent.
/// @param sum Sum of the kept terms.
/// @param magnitude Sum of |term| over the kept terms, plus `dropped`.
/// @param dropped Upper bound of the sum of |term| over the terms that are not in `sum`.
struct Dot {
    bool poisoned;
    uint256 terms;
    int256 exponent;
    int256 sum;
    uint256 magnitude;
    uint256 dropped;
}

/// @title ExactDot
/// @notice Dot products and sums of packed little-endian float32 operands, and the interval that an honest machine's
/// result lies in, whatever order it adds in, with or without FMA, with or without subnormals.
/// @dev Pure. Twin of `sdk/src/operators/exactDot.ts`.
library ExactDot {
    /// @notice Operands of unequal or unsupported length.
    error ExactDot_Lengths(uint256 a, uint256 b);

    /// @notice Most terms of one sum.
    uint256 internal constant MAX_TERMS = 65_535;
    /// @dev Terms more than this many binary orders below the largest are dropped.
    int256 private constant WINDOW = 63;
    /// @dev The window never reaches below products of 2^-143, far below any tolerance.
    int256 private constant MIN_TOP = 174;
    /// @dev From this sum of exponent fields on, one product alone reaches 2^127.
    int256 private constant MAX_TOP = 380;

    /// @notice The dot product of two operands.
    function dot(bytes memory a, bytes memory b) internal pure returns (Dot memory result) {
        require(
            a.length == b.length && a.length % 4 == 0 && a.length > 0
                && a.length <= 4 * MAX_TERMS,
            ExactDot_Lengths(a.length, b.length)
        );
        result.terms = a.length / 4;

        int256 top = MIN_TOP;
        for (uint256 i = 0; i < result.terms; ++i) {
            int256 x = _field(_at(a, i));
            int256 y = _field(_at(b, i));
            if (x == 255 || y == 255) result.poisoned = true;
            if (x > 0 && y > 0 && x + y > top) top = x + y;
        }
        if (result.poisoned || top > MAX_TOP) {
            result.poisoned = true;
            return result;
        }
        result.exponent = top - WINDOW - 300;
        for (uint256 i = 0; i < result.terms; ++i) {
            _add(result, _at(a, i), _at(b, i));
        }
        result.magnitude += result.dropped;
    }

    /// @notice The sum of an operand: its dot product with ones.
    function sum(bytes memory a) internal pure returns (Dot memory) {
        return dot(a, ones(a.length / 4));
    }

    /// @dev Adds one term to the sums of a dot product whose exponent is settled.
    function _add(Dot memory result, uint32 a, uint32 b) private pure {
        if (a & 0x7fffffff == 0 || b & 0x7fffffff == 0) return;
        int256 x = _field(a);
        int256 y = _field(b);
        if (x == 0 || y == 0) {
            // C0: a subnormal operand stands for hull(0, x); the term is below 2^-126 times the binary order above the
            // other operand.
            int256 order = (x > y ? x : y) - 252 - result.exponent;
            if (x == y) order += 1;
            result.dropped += order > 0 ? 1 << uint256(order) : 1;
            return;
        }
        int256 shift = x + y - 300 - result.exponent;
        if (shift < 0) {
            result.dropped += 1 << 47;
            return;
        }
        uint256 term = (uint256(a & 0x7fffff) | 0x800000) * (uint256(b & 0x7fffff) | 0x800000)
            << uint256(shift);
        result.magnitude += term;
        // SAFETY: a term is below 2^111.
        result.sum += (a ^ b) >> 31 == 0 ? int256(term) : -int256(term);
    }

    // ------------------------------------------------------------------ intervals

    /// @notice Half the width of the interval of a dot product that sees at most `roundings` relative errors a term:
    /// `gamma (S + dropped) + dropped + 4 roundings 2^-126` in units of the dot product; the last part times `scale`.
    function tolerance(Dot memory value, uint256 roundings, uint256 scale)
        internal
        pure
        returns (uint256 error_)
    {
        error_ = _ceilDiv(roundings * value.magnitude, (1 << 24) - roundings) + value.dropped;
        uint256 underflow = 4 * roundings * scale;
        int256 unit = -126 - value.exponent;
        error_ +=
            unit >= 0 ? underflow << uint256(unit) : _ceilDiv(underflow, 1 << uint256(-unit));
    }

    /// @notice C2: an intermediate magnitude of `magnitude * 2^exponent` may reach 2^127.
    function mayOverflow(uint256 magnitude, int256 exponent) internal pure returns (bool) {
        return exponent >= 127 ? magnitude != 0 : magnitude >> uint256(127 - exponent) != 0;
    }

    /// @notice What an honest machine can have produced for a dot product or sum.
    function dotInterval(Dot memory value) internal pure returns (Interval memory) {
        if (value.poisoned) return Float32.anything();
        uint256 error_ = tolerance(value, value.terms, 1);
        if (mayOverflow(value.magnitude + error_, value.exponent)) return Float32.anything();
        return Float32.between(
            value.sum - int256(error_), value.sum + int256(error_), value.exponent
        );
    }

    /// @notice What an honest machine can have produced for a sum divided by a count: at most two more roundings a term
    /// (multiplying by a rounded reciprocal).
    function meanInterval(Dot memory value, uint256 divisor)
        internal
        pure
        returns (Interval memory)
    {
        if (value.poisoned) return Float32.anything();
        uint256 error_ = tolerance(value, value.terms + 2, divisor);
        if (mayOverflow(value.magnitude + error_, value.exponent)) return Float32.anything();
        (int256 low, int256 lowExponent) =
            Float32.quotient(value.sum - int256(error_), divisor);
        (int256 high, int256 highExponent) =
            Float32.quotient(value.sum + int256(error_), divisor);
        return Float32.interval(
            Float32.ceil(low, lowExponent + value.exponent),
            Float32.floor(high, highExponent + value.exponent)
        );
    }

    // ------------------------------------------------------------------ operands

    /// @notice `terms` times 1.
    function ones(uint256 terms) internal pure returns (bytes memory data) {
        data = new bytes(4 * terms);
        for (uint256 i = 0; i < terms; ++i) (data[4 * i + 2], data[4 * i + 3]) = (0x80, 0x3f);
    }

    // ------------------------------------------------------------------ internals

    function _field(uint32 bits) private pure returns (int256) {
        return int256(uint256((bits >> 23) & 255));
    }

    function _at(bytes memory data, uint256 index) private pure returns (uint32 bits) {
        assembly ("memory-safe") {
            bits := shr(224, mload(add(add(data, 32), mul(4, index))))
        }
        bits = ((bits & 0x00ff00ff) << 8) | ((bits >> 8) & 0x00ff00ff);
        bits = (bits << 16) | (bits >> 16);
    }

    function _ceilDiv(uint256 numerator, uint256 denominator) private pure returns (uint256) {
        return (numerator + denominator - 1) / denominator;
    }
}

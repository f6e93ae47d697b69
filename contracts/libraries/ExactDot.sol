// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Arithmetic, Operand} from "../types/Element.sol";
import {Interval} from "../types/Interval.sol";
import {Float32} from "./Float32.sol";
import {PackedDot} from "./PackedDot.sol";

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

    /// @notice A term is of a higher order than the one named for the whole sum.
    error ExactDot_AboveTop(uint256 order, uint256 top);

    /// @notice An operand is derived: reductions read committed values only (B5).
    error ExactDot_Derived(uint256 operand);

    /// @notice Most terms of a sum, or of a part of one.
    uint256 internal constant MAX_TERMS = 65_535;
    /// @notice Most terms of a sum in parts: far below 2^24, where gamma ends.
    uint256 internal constant MAX_IN_PARTS = 1 << 20;
    /// @dev Most terms that a machine adds one after the other in a blocked product.
    uint256 private constant RUN = 256;
    /// @dev Terms more than this many binary orders below the largest are dropped.
    int256 private constant WINDOW = 63;
    /// @dev The window never reaches below products of 2^-143, far below any tolerance.
    int256 private constant MIN_TOP = 174;
    /// @dev From this sum of exponent fields on, one product alone reaches 2^127.
    int256 private constant MAX_TOP = 380;

    // ------------------------------------------------------------------ dot products

    /// @notice The dot product of two operands.
    function dot(bytes calldata a, bytes calldata b) internal pure returns (Dot memory) {
        return dot(a, b, a[0:0]);
    }

    /// @notice The dot product of two operands, with the elements of `more` (times 1) as further terms.
    function dot(bytes calldata a, bytes calldata b, bytes calldata more)
        internal
        pure
        returns (Dot memory)
    {
        uint256 length = a.length + more.length;
        require(a.length == b.length, ExactDot_Lengths(a.length, b.length));
        _requireTerms(length);
        bytes memory left = _zeros(length);
        bytes memory right = more.length == 0 ? _zeros(length) : _ones(length);
        _copy(left, 0, a);
        _copy(left, a.length, more);
        _copy(right, 0, b);
        return _dot(left, right, length / 4, 0);
    }

    /// @notice The sum of an operand: its dot product with ones.
    function sum(bytes calldata a) internal pure returns (Dot memory) {
        _requireTerms(a.length);
        bytes memory left = _zeros(a.length);
        _copy(left, 0, a);
        return _dot(left, _ones(a.length), a.length / 4, 0);
    }

    // ------------------------------------------------------------------ in parts

    /// @notice Adds a part of a dot product to the parts before it. In units that the highest order of the whole decides, sums of parts are the sum of the whole.
    /// @param state What the call before returned; empty at first.
    /// @param top The highest order of all terms (`topOf`); a higher one makes the interval wider, a lower one reverts.
    /// @param b Empty: ones.
    function absorb(bytes calldata state, uint256 top, bytes calldata a, bytes calldata b)
        internal
        pure
        returns (bytes memory)
    {
        Dot memory total;
        if (state.length != 0) total = abi.decode(state, (Dot));
        return abi.encode(plus(total, top, a, b));
    }

    /// @notice The same on a dot product. `b` empty: ones.
    function plus(Dot memory total, uint256 top, bytes calldata a, bytes calldata b)
        internal
        pure
        returns (Dot memory)
    {
        if (a.length == 0) return total;
        require(top != 0 && top < 512, ExactDot_AboveTop(0, top));
        _requireTerms(a.length);
        bytes memory left = _zeros(a.length);
        bytes memory right = b.length == 0 ? _ones(a.length) : _zeros(a.length);
        _copy(left, 0, a);
        if (b.length != 0) {
            require(a.length == b.length, ExactDot_Lengths(a.length, b.length));
            _copy(right, 0, b);
        }
        Dot memory part = _dot(left, right, a.length / 4, top);
        total.poisoned = total.poisoned || part.poisoned;
        if (!part.poisoned) total.exponent = part.exponent;
        total.terms += part.terms;
        total.sum += part.sum;
        total.magnitude += part.magnitude;
        total.dropped += part.dropped;
        require(total.terms <= MAX_IN_PARTS, ExactDot_Lengths(total.terms, MAX_IN_PARTS));
        return total;
    }

    /// @dev The same from whole pairs of words of elements.
    /// @param named The highest order of the sum that this is a part of; 0: of this one.
    function _dot(bytes memory a, bytes memory b, uint256 terms, uint256 named)
        private
        pure
        returns (Dot memory result)
    {
        result.terms = terms;
        (bool special, bool zeros, uint256 highest, bytes memory orders) = PackedDot.orders(a, b);
        require(named == 0 || special || highest <= named, ExactDot_AboveTop(highest, named));
        int256 top = int256(named == 0 ? highest : named);
        if (top < MIN_TOP) top = MIN_TOP;
        if (special || top > MAX_TOP) {
            result.poisoned = true;
            return result;
        }
        result.exponent = top - WINDOW - 300;
        (uint256 positive, uint256 negative) = PackedDot.sums(a, b, orders, uint256(top - WINDOW));
        // SAFETY: both are below 2^127.
        result.sum = int256(positive) - int256(negative);
        // A normal term below the window is below 2^47 units; as if every one were.
        result.dropped = terms << 47;
        // Rare.
        if (zeros && PackedDot.hasSubnormal(a, b)) {
            result.dropped += _subnormals(a, b, result.exponent);
        }
        result.magnitude = positive + negative + result.dropped;
    }

    /// @dev C0: a subnormal operand stands for hull(0, x). Its term is below 2^-126 times the binary order above the other
    /// operand; the sum of these bounds, each at least one unit of 2^exponent.
    function _subnormals(bytes memory a, bytes memory b, int256 exponent)
        private
        pure
        returns (uint256 total)
    {
        // SAFETY: fields have 8 bits and units are at least 2^-189, so 65,535 bounds stay below 2^208.
        unchecked {
            for (uint256 at = 32; at < a.length + 32; at += 4) {
                uint256 x;
                uint256 y;
                assembly ("memory-safe") {
                    x := shr(224, mload(add(a, at)))
                    y := shr(224, mload(add(b, at)))
                }
                // Little-endian lanes, as in PackedDot.
                uint256 f = ((x & 0x7f) << 1) | ((x >> 15) & 1);
                uint256 g = ((y & 0x7f) << 1) | ((y >> 15) & 1);
                if (f != 0 && g != 0) continue;
                if (x & 0xffffff7f == 0 || y & 0xffffff7f == 0) continue;
                int256 order = int256(f == g ? 1 : f + g) - 252 - exponent;
                total += order > 0 ? 1 << uint256(order) : 1;
            }
        }
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
        error_ += unit >= 0 ? underflow << uint256(unit) : _ceilDiv(underflow, 1 << uint256(-unit));
    }

    /// @notice C2: an intermediate magnitude of `magnitude * 2^exponent` may reach 2^127.
    function mayOverflow(uint256 magnitude, int256 exponent) internal pure returns (bool) {
        return exponent >= 127 ? magnitude != 0 : magnitude >> uint256(127 - exponent) != 0;
    }

    /// @notice Roundings to nearest that are worth those that one of `terms` terms goes through at most, and `more` after
    /// the sum. Plain: one a term. Blocked: those of the longest run of additions, and one for every run. WGSL rounds to
    /// either neighbour, which is twice as far, and divides within 2.5 ulp, which is less than three times.
    function roundingsOf(uint256 terms, uint256 more, Arithmetic arithmetic)
        internal
        pure
        returns (uint256)
    {
        if (arithmetic == Arithmetic.Plain) return terms + more;
        if (arithmetic == Arithmetic.Wgsl) return 2 * terms + 3 * more;
        return Math.min(terms, RUN + Math.ceilDiv(terms, RUN)) + more;
    }

    /// @notice What an honest machine can have produced for a dot product or sum.
    function dotInterval(Dot memory value, Arithmetic arithmetic)
        internal
        pure
        returns (Interval memory)
    {
        if (value.poisoned) return Float32.anything();
        uint256 error_ = tolerance(value, roundingsOf(value.terms, 0, arithmetic), 1);
        if (mayOverflow(value.magnitude + error_, value.exponent)) return Float32.anything();
        return
            Float32.between(value.sum - int256(error_), value.sum + int256(error_), value.exponent);
    }

    /// @notice What an honest machine can have produced for a sum divided by a count: at most two more roundings a term
    /// (multiplying by a rounded reciprocal).
    function meanInterval(Dot memory value, uint256 divisor, Arithmetic arithmetic)
        internal
        pure
        returns (Interval memory)
    {
        if (value.poisoned) return Float32.anything();
        uint256 error_ = tolerance(value, roundingsOf(value.terms, 2, arithmetic), divisor);
        if (mayOverflow(value.magnitude + error_, value.exponent)) return Float32.anything();
        (int256 low, int256 lowExponent) = Float32.quotient(value.sum - int256(error_), divisor);
        (int256 high, int256 highExponent) = Float32.quotient(value.sum + int256(error_), divisor);
        return Float32.interval(
            Float32.ceil(low, lowExponent + value.exponent),
            Float32.floor(high, highExponent + value.exponent)
        );
    }

    // ------------------------------------------------------------------ operands

    /// @notice Reverts if an operand is derived: it has no bytes, and must not pass for an absent one.
    function requireCommitted(Operand[] calldata operands) internal pure {
        for (uint256 i = 0; i < operands.length; ++i) {
            require(operands[i].derived.length == 0, ExactDot_Derived(i));
        }
    }

    /// @dev Room for `length` bytes in whole pairs of words, all 0: a term of two zeros adds nothing.
    function _zeros(uint256 length) private pure returns (bytes memory) {
        return new bytes((length + 63) & ~uint256(63));
    }

    /// @dev Room for `length` bytes in whole pairs of words, all elements 1.
    function _ones(uint256 length) private pure returns (bytes memory data) {
        data = _zeros(length);
        assembly ("memory-safe") {
            let end := add(add(data, 32), mload(data))
            for { let at := add(data, 32) } lt(at, end) { at := add(at, 32) } {
                mstore(at, 0x0000803f0000803f0000803f0000803f0000803f0000803f0000803f0000803f)
            }
        }
    }

    /// @dev Copies `source` to byte `offset` of `target`, which has room for it.
    function _copy(bytes memory target, uint256 offset, bytes calldata source) private pure {
        assembly ("memory-safe") {
            calldatacopy(add(add(target, 32), offset), source.offset, source.length)
        }
    }

    function _requireTerms(uint256 length) private pure {
        require(
            length > 0 && length % 4 == 0 && length <= 4 * MAX_TERMS,
            ExactDot_Lengths(length, length)
        );
    }

    // ------------------------------------------------------------------ internals

    function _ceilDiv(uint256 numerator, uint256 denominator) private pure returns (uint256) {
        return (numerator + denominator - 1) / denominator;
    }
}

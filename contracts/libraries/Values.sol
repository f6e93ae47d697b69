// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Operand} from "../types/Element.sol";
import {Interval, IntervalKind} from "../types/Interval.sol";
import {Float32} from "./Float32.sol";
import {Real, Reals, Rounding} from "./Reals.sol";

/// @notice What a float32 operand can be: keys, both ends inclusive; `any` where it may be a NaN.
struct Floats {
    bool any;
    int256 low;
    int256 high;
}

/// @title Values
/// @notice Reads operand elements as sets and writes results as intervals, by RULES C. Twin: `sdk/src/operators/values.ts`.
library Values {
    using Reals for Real;

    int256 private constant INFINITY = Float32.INFINITY;
    int256 private constant NORMAL = Float32.MIN_NORMAL;

    /// @dev The element type has no values that arithmetic is defined on.
    error Values_Dtype(uint8 dtype);

    /// @notice Exactly this bit pattern.
    function bits(uint64 pattern) internal pure returns (Interval memory) {
        // SAFETY: a reinterpretation; the verifier reinterprets back.
        return Interval(IntervalKind.Bits, int64(pattern), int64(pattern));
    }

    /// @notice Integers of the element type, both ends inclusive.
    function integers(int256 low, int256 high) internal pure returns (Interval memory) {
        // SAFETY: callers keep both ends inside the element type.
        return Interval(IntervalKind.Integer, int64(low), int64(high));
    }

    /// @notice The floats inside `[low, high]`. C2: anything where a magnitude may reach 2^127.
    function within(Real memory low, Real memory high) internal pure returns (Interval memory) {
        if (overflows(low) || overflows(high)) return Float32.anything();
        return Float32.interval(low.ceilKey(), high.floorKey());
    }

    /// @notice The floats inside `[low, high]`, and the neighbours of its ends outside: what a real rounds to where either
    /// neighbour is correct. C2 as in `within`.
    function outward(Real memory low, Real memory high) internal pure returns (Interval memory) {
        if (overflows(low) || overflows(high)) return Float32.anything();
        return Float32.interval(low.floorKey(), high.ceilKey());
    }

    /// @notice As `within`, each end moved outwards by `relative` times its magnitude plus
    /// `absolute` plus 2^-126.
    function around(Real memory low, Real memory high, Real memory relative, Real memory absolute)
        internal
        pure
        returns (Interval memory)
    {
        return within(
            low.sub(slack(low, relative, absolute), Rounding.Down),
            high.add(slack(high, relative, absolute), Rounding.Up)
        );
    }

    function slack(Real memory y, Real memory relative, Real memory absolute)
        internal
        pure
        returns (Real memory)
    {
        return y.abs().mul(relative, Rounding.Up).add(absolute, Rounding.Up)
            .add(Real(1, -126), Rounding.Up);
    }

    function overflows(Real memory a) internal pure returns (bool) {
        return a.abs().compare(Real(1, 127)) >= 0;
    }

    /// @notice Both ends finite (C2).
    function isFinite(Floats memory x) internal pure returns (bool) {
        return !x.any && x.low > -INFINITY && x.high < INFINITY;
    }

    /// @notice Exact ends of `x / y`, rounded outwards.
    /// @return poison Anything is accepted. C0: where the divisor may be 0; so it is from 2^126 on, whose reciprocal is
    /// subnormal and may be flushed.
    function quotientEnds(Floats memory x, Floats memory y)
        internal
        pure
        returns (bool poison, Real memory low, Real memory high)
    {
        if (!isFinite(x) || !isFinite(y) || (y.low <= 0 && y.high >= 0)) {
            return (true, low, high);
        }
        (Real memory c, Real memory d) = (Reals.fromKey(y.low), Reals.fromKey(y.high));
        Real memory limit = Real(1, 126);
        if (c.abs().compare(limit) >= 0 || d.abs().compare(limit) >= 0) return (true, low, high);
        (Real memory a, Real memory b) = (Reals.fromKey(x.low), Reals.fromKey(x.high));
        low = a.div(c, Rounding.Down).min(a.div(d, Rounding.Down));
        low = low.min(b.div(c, Rounding.Down).min(b.div(d, Rounding.Down)));
        high = a.div(c, Rounding.Up).max(a.div(d, Rounding.Up));
        high = high.max(b.div(c, Rounding.Up).max(b.div(d, Rounding.Up)));
    }

    /// @notice Element `i` of a float32 operand. C0: a subnormal stands for hull(0, x).
    function floatAt(Operand calldata operand, uint256 i) internal pure returns (Floats memory x) {
        if (operand.derived.length > 0) {
            Interval calldata known = operand.derived[i];
            if (known.kind == IntervalKind.Any) return Floats(true, 0, 0);
            // SAFETY: a pattern of a float32 has 32 bits.
            if (known.kind == IntervalKind.Bits) return point(uint32(uint64(known.low)));
            return flushed(known.low, known.high);
        }
        return point(uint32(patternAt(operand, i, 4)));
    }

    /// @notice The set of one float32 bit pattern.
    function point(uint32 pattern) internal pure returns (Floats memory) {
        if (Float32.isNaN(pattern)) return Floats(true, 0, 0);
        int256 key = Float32.keyOf(pattern);
        return flushed(key, key);
    }

    function flushed(int256 low, int256 high) internal pure returns (Floats memory) {
        if (low > 0 && low < NORMAL) low = 0;
        if (high < 0 && high > -NORMAL) high = 0;
        return Floats(false, low, high);
    }

    /// @notice Element `i` of an integer or bool operand, both ends inclusive.
    /// @return poison C4: a bool byte above 1.
    function integerAt(Operand calldata operand, uint256 i, uint8 dtype)
        internal
        pure
        returns (bool poison, int256 low, int256 high)
    {
        if (operand.derived.length > 0) {
            Interval calldata known = operand.derived[i];
            if (known.kind == IntervalKind.Any) return (true, 0, 0);
            if (known.kind == IntervalKind.Integer) return (false, known.low, known.high);
            low = integerOf(uint64(known.low), dtype);
        } else {
            low = integerOf(patternAt(operand, i, width(dtype)), dtype);
        }
        return (dtype == 9 && low > 1, low, low);
    }

    /// @notice Element `i` as it is, for operators that only move it.
    function moved(Operand calldata operand, uint256 i, uint8 dtype)
        internal
        pure
        returns (Interval memory)
    {
        if (operand.derived.length > 0) return operand.derived[i];
        return bits(patternAt(operand, i, width(dtype)));
    }

    /// @notice Little-endian bytes of element `i`, zero-extended.
    function patternAt(Operand calldata operand, uint256 i, uint256 size)
        internal
        pure
        returns (uint64 pattern)
    {
        bytes calldata data = operand.data[i * size:(i + 1) * size];
        for (uint256 k = size; k > 0; k--) {
            pattern = pattern << 8 | uint8(data[k - 1]);
        }
    }

    /// @notice Value of a bit pattern of an integer type.
    function integerOf(uint64 pattern, uint8 dtype) internal pure returns (int256) {
        // SAFETY: reinterpretations of as many bits as the type has.
        if (dtype == 2 || dtype == 9) return int256(uint256(uint8(pattern)));
        if (dtype == 3) return int8(uint8(pattern));
        if (dtype == 6) return int32(uint32(pattern));
        if (dtype == 7) return int64(pattern);
        revert Values_Dtype(dtype);
    }

    /// @notice Least and greatest value of an integer type.
    function limits(uint8 dtype) internal pure returns (int256 low, int256 high) {
        if (dtype == 2) return (0, 255);
        if (dtype == 9) return (0, 1);
        if (dtype == 3) return (type(int8).min, type(int8).max);
        if (dtype == 6) return (type(int32).min, type(int32).max);
        if (dtype == 7) return (type(int64).min, type(int64).max);
        revert Values_Dtype(dtype);
    }

    /// @notice Bytes of an element.
    function width(uint8 dtype) internal pure returns (uint256) {
        if (dtype == 2 || dtype == 3 || dtype == 9) return 1;
        if (dtype == 10) return 2;
        if (dtype == 7 || dtype == 11) return 8;
        return 4;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../interfaces/IChecker.sol";
import {Elementwise} from "../../libraries/Elementwise.sol";
import {Float32} from "../../libraries/Float32.sol";
import {Real, Reals, Rounding} from "../../libraries/Reals.sol";
import {Floats, Values} from "../../libraries/Values.sol";
import {Arithmetic, ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";

/// @title ArithmeticChecker
/// @notice Add, Sub, Mul, Div, Neg, Abs, Min, Max, Sum, Mean, Reciprocal with numpy broadcasting; float32, and integers that wrap (C4).
/// @dev Twins: `sdk/src/operators/{add,sub,mul,div,...}.ts` over `arithmetic.ts`. Bounds: docs/operators.md.
contract ArithmeticChecker is IChecker {
    using Reals for Real;
    using Values for Floats;

    uint16 private constant ADD = 20;
    uint16 private constant SUB = 21;
    uint16 private constant MUL = 22;
    uint16 private constant DIV = 23;
    uint16 private constant NEG = 24;
    uint16 private constant ABS = 25;
    uint16 private constant MIN = 26;
    uint16 private constant MAX = 27;
    uint16 private constant SUM = 28;
    uint16 private constant MEAN = 29;
    uint16 private constant RECIPROCAL = 30;

    int256 private constant INFINITY = Float32.INFINITY;

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory) {
        requireServed(query.opcode);
        return Elementwise.ranges(query);
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        uint16 opcode = query.opcode;
        requireServed(opcode);
        if (query.outputs[0].dtype != 1) {
            return onIntegers(opcode, query.outputs[0].dtype, operands);
        }
        bool wgsl = query.arithmetic == Arithmetic.Wgsl;
        // Shaders may be compiled not to know NaN and infinity.
        if (wgsl && !allFinite(operands)) return Float32.anything();
        if (opcode == SUM || opcode == MEAN) {
            return total(operands, opcode == MEAN, query.fused, wgsl);
        }
        Floats memory x = Values.floatAt(operands[0], 0);
        if (opcode == NEG) return x.any ? Float32.anything() : Float32.interval(-x.high, -x.low);
        if (opcode == ABS) return absolute(x);
        if (opcode == MIN || opcode == MAX) return extremum(operands, opcode == MAX);
        if (opcode == RECIPROCAL) return quotient(Values.point(0x3f800000), x, wgsl);
        Floats memory y = Values.floatAt(operands[1], 0);
        if (opcode == ADD) return addition(x, y, query.fused, wgsl);
        if (opcode == SUB) return addition(x, Floats(y.any, -y.high, -y.low), query.fused, wgsl);
        return opcode == MUL ? product(x, y, wgsl) : quotient(x, y, wgsl);
    }

    function requireServed(uint16 opcode) private pure {
        require(opcode >= ADD && opcode <= RECIPROCAL, Checker_Unsupported(opcode));
    }

    function allFinite(Operand[] calldata operands) private pure returns (bool) {
        for (uint256 i = 0; i < operands.length; i++) {
            if (!Values.floatAt(operands[i], 0).isFinite()) return false;
        }
        return true;
    }

    /// @dev Correctly rounded, or as one more term of the sum of `fused` terms behind an operand. C3: IEEE on infinities
    /// where no inf - inf occurs. WGSL: either neighbour, anything where that may overflow.
    function addition(Floats memory x, Floats memory y, uint256 fused, bool wgsl)
        private
        pure
        returns (Interval memory)
    {
        if (x.any || y.any) return Float32.anything();
        bool cancels = (x.high == INFINITY && y.low == -INFINITY)
            || (x.low == -INFINITY && y.high == INFINITY);
        if (cancels) return Float32.anything();
        if (fused > 0 && x.isFinite() && y.isFinite()) {
            (Real memory a, Real memory b) = (Reals.fromKey(x.low), Reals.fromKey(x.high));
            (Real memory c, Real memory d) = (Reals.fromKey(y.low), Reals.fromKey(y.high));
            Real memory size = a.abs().max(b.abs()).add(c.abs().max(d.abs()), Rounding.Up);
            a = a.add(c, Rounding.Down);
            b = b.add(d, Rounding.Up);
            c = fusedSlack(size, b.sub(a, Rounding.Up), fused, wgsl);
            return Values.within(a.sub(c, Rounding.Down), b.add(c, Rounding.Up));
        }
        if (wgsl) {
            return Values.outward(
                Reals.fromKey(x.low).add(Reals.fromKey(y.low), Rounding.Down),
                Reals.fromKey(x.high).add(Reals.fromKey(y.high), Rounding.Up)
            );
        }
        return Float32.interval(sum(x.low, y.low), sum(x.high, y.high));
    }

    function sum(int256 x, int256 y) private pure returns (int256) {
        if (x == INFINITY || x == -INFINITY) return x;
        if (y == INFINITY || y == -INFINITY) return y;
        return Reals.fromKey(x).add(Reals.fromKey(y), Rounding.Odd).nearestKey();
    }

    /// @dev What a machine may be off by that adds to an accumulator of `terms` terms instead of to their rounded sum
    /// (docs/operators.md, "Derived operands"): gamma(terms + 8) of the magnitudes, and for the terms of the sum itself one
    /// part in `terms` of the width; both twice for WGSL.
    function fusedSlack(Real memory size, Real memory width, uint256 terms, bool wgsl)
        private
        pure
        returns (Real memory)
    {
        // SAFETY: terms < 2^32.
        int256 n = int256(terms);
        int256 k = wgsl ? int256(2) : int256(1);
        width = width.mul(Real(k, 0), Rounding.Up).div(Real(n, 0), Rounding.Up);
        k *= 8;
        Real memory gamma = Real(n + k, 0).div(Real((1 << 24) - n - k, 0), Rounding.Up);
        size = size.mul(gamma, Rounding.Up).add(width, Rounding.Up);
        return size.add(Real(k, -126), Rounding.Up);
    }

    /// @dev Correctly rounded, in WGSL to either neighbour; C2 applies.
    function product(Floats memory x, Floats memory y, bool wgsl)
        private
        pure
        returns (Interval memory)
    {
        if (!x.isFinite() || !y.isFinite()) return Float32.anything();
        (Real memory a, Real memory b) = (Reals.fromKey(x.low), Reals.fromKey(x.high));
        (Real memory c, Real memory d) = (Reals.fromKey(y.low), Reals.fromKey(y.high));
        // 48 bits: exact in any rounding.
        Real memory ac = a.mul(c, Rounding.Odd);
        Real memory ad = a.mul(d, Rounding.Odd);
        Real memory bc = b.mul(c, Rounding.Odd);
        Real memory bd = b.mul(d, Rounding.Odd);
        Real memory low = ac.min(ad).min(bc.min(bd));
        Real memory high = ac.max(ad).max(bc.max(bd));
        if (wgsl) return Values.outward(low, high);
        if (Values.overflows(low) || Values.overflows(high)) return Float32.anything();
        return Float32.interval(low.nearestKey(), high.nearestKey());
    }

    /// @dev 2 ulp, in WGSL 2.5, and 2^-126 around the exact quotient.
    function quotient(Floats memory x, Floats memory y, bool wgsl)
        private
        pure
        returns (Interval memory)
    {
        (bool poison, Real memory low, Real memory high) = Values.quotientEnds(x, y);
        if (poison) return Float32.anything();
        Real memory relative = wgsl ? Real(5, -24) : Real(1, -22);
        return Values.around(low, high, relative, Real(0, 0));
    }

    function absolute(Floats memory x) private pure returns (Interval memory) {
        if (x.any) return Float32.anything();
        if (x.low >= 0) return Float32.interval(x.low, x.high);
        if (x.high <= 0) return Float32.interval(-x.high, -x.low);
        return Float32.interval(0, -x.low > x.high ? -x.low : x.high);
    }

    /// @dev C3: exact on infinities. C4: a NaN accepts anything.
    function extremum(Operand[] calldata operands, bool largest)
        private
        pure
        returns (Interval memory)
    {
        Floats memory best = Values.floatAt(operands[0], 0);
        for (uint256 i = 0; i < operands.length; i++) {
            Floats memory x = Values.floatAt(operands[i], 0);
            if (x.any) return Float32.anything();
            if (largest ? x.low > best.low : x.low < best.low) best.low = x.low;
            if (largest ? x.high > best.high : x.high < best.high) best.high = x.high;
        }
        return Float32.interval(best.low, best.high);
    }

    /// @dev Any order of additions: gamma_n times the sum of magnitudes; the mean's division adds 2 ulp. Twice all of that for WGSL.
    function total(Operand[] calldata operands, bool mean, uint256 fused, bool wgsl)
        private
        pure
        returns (Interval memory)
    {
        uint256 n = operands.length;
        Real memory low = Real(0, 0);
        Real memory high = Real(0, 0);
        Real memory magnitudes = Real(0, 0);
        for (uint256 i = 0; i < n; i++) {
            Floats memory x = Values.floatAt(operands[i], 0);
            if (!x.isFinite()) return Float32.anything();
            (Real memory a, Real memory b) = (Reals.fromKey(x.low), Reals.fromKey(x.high));
            low = low.add(a, Rounding.Down);
            high = high.add(b, Rounding.Up);
            magnitudes = magnitudes.add(a.abs().max(b.abs()), Rounding.Up);
        }
        if (Values.overflows(magnitudes)) return Float32.anything();
        // SAFETY: n <= 255. n u / (1 - n u) <= 2 n u.
        int256 roundings = wgsl ? 2 * int256(n) : int256(n);
        Real memory absolute_ = magnitudes.mul(Real(roundings, -23), Rounding.Up)
            .add(Real(roundings, -126), Rounding.Up);
        if (fused > 0) {
            Real memory room = fusedSlack(magnitudes, high.sub(low, Rounding.Up), fused, wgsl);
            absolute_ = absolute_.add(room, Rounding.Up);
        }
        if (!mean) return Values.around(low, high, Real(0, 0), absolute_);
        Real memory divisor = Real(int256(n), 0);
        return Values.around(
            low.div(divisor, Rounding.Down),
            high.div(divisor, Rounding.Up),
            Real(1, wgsl ? int256(-21) : int256(-22)),
            absolute_.div(divisor, Rounding.Up)
        );
    }

    /// @dev C4: integers wrap, quotients are truncated. An interval whose image may wrap accepts anything. So do Min and Max of int64 beyond 32 bits: vectorised kernels compare halves of words, and are wrong there.
    function onIntegers(uint16 opcode, uint8 dtype, Operand[] calldata operands)
        private
        pure
        returns (Interval memory)
    {
        (bool poison, int256 low, int256 high) = Values.integerAt(operands[0], 0, dtype);
        if (poison) return Float32.anything();
        bool extreme = opcode == MIN || opcode == MAX;
        if (extreme && beyondWord(low, high)) return Float32.anything();
        if (opcode == NEG) return wrapped(-high, -low, dtype);
        if (opcode == ABS) {
            if (low < 0 && high > 0) (low, high) = (0, -low > high ? -low : high);
            else if (low < 0) (low, high) = (-high, -low);
            return wrapped(low, high, dtype);
        }
        for (uint256 i = 1; i < operands.length; i++) {
            (bool poisoned, int256 c, int256 d) = Values.integerAt(operands[i], 0, dtype);
            if (poisoned || (extreme && beyondWord(c, d))) return Float32.anything();
            if (opcode == ADD) {
                (low, high) = (low + c, high + d);
            } else if (opcode == SUB) {
                (low, high) = (low - d, high - c);
            } else if (opcode == MUL) {
                (low, high) = corners([low * c, low * d, high * c, high * d]);
            } else if (opcode == DIV) {
                // C5: admission refuses a divisor of 0, so no such result is the provider's.
                if (c <= 0 && d >= 0) return Float32.anything();
                (low, high) = corners([low / c, low / d, high / c, high / d]);
            } else if (opcode == MIN) {
                (low, high) = (c < low ? c : low, d < high ? d : high);
            } else if (opcode == MAX) {
                (low, high) = (c > low ? c : low, d > high ? d : high);
            } else {
                revert Checker_Unsupported(opcode);
            }
        }
        return wrapped(low, high, dtype);
    }

    function beyondWord(int256 low, int256 high) private pure returns (bool) {
        return low < type(int32).min || high > type(int32).max;
    }

    function corners(int256[4] memory ends) private pure returns (int256 low, int256 high) {
        (low, high) = (ends[0], ends[0]);
        for (uint256 i = 1; i < 4; i++) {
            if (ends[i] < low) low = ends[i];
            if (ends[i] > high) high = ends[i];
        }
    }

    function wrapped(int256 low, int256 high, uint8 dtype) private pure returns (Interval memory) {
        (int256 least, int256 greatest) = Values.limits(dtype);
        if (low >= least && high <= greatest) return Values.integers(low, high);
        if (low != high) return Float32.anything();
        // SAFETY: the low 64 bits are what wrapping keeps.
        int256 value = Values.integerOf(uint64(uint256(low)), dtype);
        return Values.integers(value, value);
    }
}

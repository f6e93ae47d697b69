// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../interfaces/IChecker.sol";
import {Elementwise} from "../../libraries/Elementwise.sol";
import {Float32} from "../../libraries/Float32.sol";
import {Half} from "../../libraries/Half.sol";
import {Real, Reals, Rounding} from "../../libraries/Reals.sol";
import {Floats, Values} from "../../libraries/Values.sol";
import {Arithmetic, ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval, IntervalKind} from "../../types/Interval.sol";

/// @title LogicChecker
/// @notice Where, Cast, IsNaN and IsInf, Not, And, Or, Xor and the comparisons.
/// @dev Twin: `sdk/src/operators/logic.ts`. Rules: docs/operators.md.
contract LogicChecker is IChecker {
    using Reals for Real;
    using Values for Floats;

    uint16 private constant WHERE = 11;
    uint16 private constant CAST = 12;
    uint16 private constant IS_SPECIAL = 16;
    uint16 private constant NOT = 51;
    uint16 private constant AND = 52;
    uint16 private constant OR = 53;
    uint16 private constant XOR = 54;
    uint16 private constant EQUAL = 55;
    uint16 private constant GREATER = 56;
    uint16 private constant GREATER_OR_EQUAL = 57;
    uint16 private constant LESS = 58;
    uint16 private constant LESS_OR_EQUAL = 59;

    uint8 private constant FLOAT16 = 10;
    uint8 private constant FLOAT32 = 1;
    uint8 private constant BOOL = 9;

    /// @dev The values that an element may have, as keys or as numbers.
    struct Span {
        bool unknown;
        int256 low;
        int256 high;
    }

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
        uint8 dtype = query.inputs[0].dtype;
        bool wgsl = query.arithmetic == Arithmetic.Wgsl;
        Span memory x = spanOf(operands[0], dtype, wgsl);
        if (opcode == WHERE) return chosen(x, operands, query.outputs[0].dtype, wgsl);
        if (x.unknown) return Float32.anything();
        if (opcode == CAST) return converted(x, dtype, query.outputs[0].dtype, wgsl);
        if (opcode == IS_SPECIAL) return special(x);
        if (opcode == NOT) return Values.integers(1 - x.high, 1 - x.low);
        Span memory y = spanOf(operands[1], dtype, wgsl);
        if (y.unknown) return Float32.anything();
        if (opcode <= XOR) return connected(opcode, x, y);
        return compared(opcode, x, y);
    }

    function requireServed(uint16 opcode) private pure {
        bool served = opcode == WHERE || opcode == CAST || opcode == IS_SPECIAL
            || (opcode >= NOT && opcode <= LESS_OR_EQUAL);
        require(served, Checker_Unsupported(opcode));
    }

    /// @dev C2: nothing is known of a NaN. C4: nor of a bool byte above 1.
    /// Nor, in WGSL, of infinity.
    function spanOf(Operand calldata operand, uint8 dtype, bool wgsl)
        private
        pure
        returns (Span memory)
    {
        if (dtype == FLOAT32 || dtype == FLOAT16) {
            Floats memory x = dtype == FLOAT32 ? Values.floatAt(operand, 0) : Half.at(operand, 0);
            return Span(x.any || (wgsl && !x.isFinite()), x.low, x.high);
        }
        (bool poison, int256 low, int256 high) = Values.integerAt(operand, 0, dtype);
        return Span(poison, low, high);
    }

    /// @dev C3: Where moves the chosen operand, but kernels that blend by value (`x != 0 ? x : y`) lose the sign of a zero, and flush: floats are compared as numbers (C0, C1).
    function chosen(Span memory condition, Operand[] calldata operands, uint8 dtype, bool wgsl)
        private
        pure
        returns (Interval memory)
    {
        if (condition.unknown || condition.low != condition.high) return Float32.anything();
        Interval memory set = Values.moved(operands[condition.low != 0 ? 1 : 2], 0, dtype);
        if (dtype != FLOAT32) return set;
        Floats memory x = Values.floatAt(operands[condition.low != 0 ? 1 : 2], 0);
        if (wgsl && !x.isFinite()) return Float32.anything();
        if (set.kind != IntervalKind.Bits) return set;
        return x.any ? set : Float32.interval(x.low, x.high);
    }

    /// @dev C2: a kernel may be compiled not to know NaN and infinity at all, but it never takes a finite number for one.
    function special(Span memory x) private pure returns (Interval memory) {
        return Floats(false, x.low, x.high).isFinite() ? Values.integers(0, 0) : Float32.anything();
    }

    /// @dev And, Or and Xor of bools.
    function connected(uint16 opcode, Span memory x, Span memory y)
        private
        pure
        returns (Interval memory)
    {
        if (opcode == AND) return Values.integers(x.low & y.low, x.high & y.high);
        if (opcode == OR) return Values.integers(x.low | y.low, x.high | y.high);
        if (x.low != x.high || y.low != y.high) return Values.integers(0, 1);
        return Values.integers(x.low ^ y.low, x.low ^ y.low);
    }

    function compared(uint16 opcode, Span memory x, Span memory y)
        private
        pure
        returns (Interval memory)
    {
        if (opcode == EQUAL) {
            if (x.high < y.low || y.high < x.low) return Values.integers(0, 0);
            bool points = x.low == x.high && y.low == y.high;
            return Values.integers(points ? int256(1) : int256(0), 1);
        }
        if (opcode == LESS || opcode == LESS_OR_EQUAL) (x, y) = (y, x);
        // x > y, or x >= y: certain, possible.
        bool strict = opcode == GREATER || opcode == LESS;
        bool certain = strict ? x.low > y.high : x.low >= y.high;
        bool possible = strict ? x.high > y.low : x.high >= y.low;
        return Values.integers(certain ? int256(1) : int256(0), possible ? int256(1) : int256(0));
    }

    /// @dev C4: to an integer, truncated when in range, else anything; integers wrap; to a float, to
    /// nearest (in WGSL to either neighbour); to bool, x != 0.
    function converted(Span memory x, uint8 from, uint8 to, bool wgsl)
        private
        pure
        returns (Interval memory)
    {
        if (to == BOOL) {
            bool certain = x.low > 0 || x.high < 0;
            bool possible = x.low != 0 || x.high != 0;
            return
                Values.integers(certain ? int256(1) : int256(0), possible ? int256(1) : int256(0));
        }
        bool floating = from == FLOAT32 || from == FLOAT16;
        if (to == FLOAT32 || to == FLOAT16) {
            if (!floating) {
                // An integer that float32 rounds is above all float16: infinite either way.
                (x.low, x.high) = wgsl
                    ? (Float32.floor(x.low, 0), Float32.ceil(x.high, 0))
                    : (Float32.nearest(x.low, 0), Float32.nearest(x.high, 0));
            }
            if (to == FLOAT32) return Float32.interval(x.low, x.high);
            return wgsl ? Half.outward(x.low, x.high) : Half.interval(x.low, x.high);
        }
        (int256 least, int256 greatest) = Values.limits(to);
        int256 low = x.low;
        int256 high = x.high;
        if (floating) {
            if (!Floats(false, low, high).isFinite()) return Float32.anything();
            (low, high) = (truncated(low), truncated(high));
            if (low < least || high > greatest) return Float32.anything();
        }
        if (low >= least && high <= greatest) return Values.integers(low, high);
        if (low != high) return Float32.anything();
        // SAFETY: the low 64 bits are what wrapping keeps.
        int256 value = Values.integerOf(uint64(uint256(low)), to);
        return Values.integers(value, value);
    }

    /// @dev A finite key as a whole number, towards 0.
    function truncated(int256 key) private pure returns (int256) {
        Real memory x = Reals.fromKey(key);
        return x.toFixed(0, x.m < 0 ? Rounding.Up : Rounding.Down);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../interfaces/IChecker.sol";
import {Elementwise} from "../../libraries/Elementwise.sol";
import {Float32} from "../../libraries/Float32.sol";
import {Real, Reals, Rounding} from "../../libraries/Reals.sol";
import {Floats, Values} from "../../libraries/Values.sol";
import {Arithmetic, ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";

/// @title ActivationChecker
/// @notice Relu, LeakyRelu, PRelu, HardSigmoid, HardSwish, Clip, Floor, Ceil, Round, Sign.
/// @dev Twin: `sdk/src/operators/activations.ts`. Bounds: docs/operators.md.
contract ActivationChecker is IChecker {
    using Reals for Real;
    using Values for Floats;

    uint16 private constant RELU = 39;
    uint16 private constant LEAKY_RELU = 40;
    uint16 private constant PRELU = 41;
    uint16 private constant HARD_SIGMOID = 43;
    uint16 private constant HARD_SWISH = 44;
    uint16 private constant CLIP = 46;
    uint16 private constant FLOOR = 47;
    uint16 private constant CEIL = 48;
    uint16 private constant ROUND = 49;
    uint16 private constant SIGN = 50;

    int256 private constant ONE = 0x3f800000;

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
        uint8 dtype = query.outputs[0].dtype;
        if (dtype != 1) return onIntegers(opcode, dtype, query.attributes, operands[0]);
        Floats memory x = Values.floatAt(operands[0], 0);
        bool wgsl = query.arithmetic == Arithmetic.Wgsl;
        // C4: a NaN accepts anything. Shaders may be compiled not to know infinity either.
        if (x.any || (wgsl && !x.isFinite())) return Float32.anything();
        // C3: Relu and Clip are exact on infinities.
        if (opcode == RELU) return Float32.interval(larger(x.low, 0), larger(x.high, 0));
        if (opcode == CLIP) return clipped(query.attributes, x);
        if (!x.isFinite()) return Float32.anything();
        if (opcode == LEAKY_RELU) return leaky(x, attribute(query.attributes[0]), wgsl);
        if (opcode == PRELU) return leaky(x, Values.floatAt(operands[1], 0), wgsl);
        if (opcode == HARD_SIGMOID) return hardSigmoid(query.attributes, x, wgsl);
        if (opcode == HARD_SWISH) return hardSwish(x, wgsl);
        return Float32.interval(stepped(opcode, x.low), stepped(opcode, x.high));
    }

    function requireServed(uint16 opcode) private pure {
        bool served = opcode >= RELU && opcode <= SIGN && opcode != 42 && opcode != 45;
        require(served, Checker_Unsupported(opcode));
    }

    function attribute(int32 bits) private pure returns (Floats memory) {
        // SAFETY: the bit pattern of a float32.
        return Values.point(uint32(bits));
    }

    /// @dev Attributes: hasMin, min, hasMax, max; min <= max by admission (C4).
    function clipped(int32[] calldata attributes, Floats memory x)
        private
        pure
        returns (Interval memory)
    {
        if (attributes[0] != 0) {
            Floats memory least = attribute(attributes[1]);
            (x.low, x.high) = (larger(x.low, least.low), larger(x.high, least.high));
        }
        if (attributes[2] != 0) {
            Floats memory most = attribute(attributes[3]);
            (x.low, x.high) = (smaller(x.low, most.low), smaller(x.high, most.high));
        }
        return Float32.interval(x.low, x.high);
    }

    /// @dev Clip and Relu of integers; the limits are plain numbers.
    function onIntegers(
        uint16 opcode,
        uint8 dtype,
        int32[] calldata attributes,
        Operand calldata operand
    ) private pure returns (Interval memory) {
        (bool poison, int256 low, int256 high) = Values.integerAt(operand, 0, dtype);
        // As ArithmeticChecker's Min and Max: no int64 beyond 32 bits.
        bool beyond = low < type(int32).min || high > type(int32).max;
        if (poison || beyond) return Float32.anything();
        if (opcode == RELU) return Values.integers(larger(low, 0), larger(high, 0));
        require(opcode == CLIP, Checker_Unsupported(opcode));
        if (attributes[0] != 0) {
            (low, high) = (larger(low, attributes[1]), larger(high, attributes[1]));
        }
        if (attributes[2] != 0) {
            (low, high) = (smaller(low, attributes[3]), smaller(high, attributes[3]));
        }
        return Values.integers(low, high);
    }

    /// @dev x where x >= 0, slope x (correctly rounded) where x < 0.
    function leaky(Floats memory x, Floats memory slope, bool wgsl)
        private
        pure
        returns (Interval memory)
    {
        if (!slope.isFinite()) return Float32.anything();
        if (x.low >= 0) return Float32.interval(x.low, x.high);
        Floats memory negative = Floats(false, x.low, smaller(x.high, 0));
        (Real memory least, Real memory most) = productOf(negative, slope);
        if (Values.overflows(least) || Values.overflows(most)) return Float32.anything();
        (int256 low, int256 high) = roundedEnds(least, most, wgsl);
        // A shader that flushes takes a subnormal for no less than 0, and then moves it as it is.
        if (wgsl && x.high > -Float32.MIN_NORMAL) {
            low = smaller(low, larger(x.low, 1 - Float32.MIN_NORMAL));
            high = larger(high, 0);
        }
        if (x.high > 0) (low, high) = (smaller(low, 0), larger(high, x.high));
        return Float32.interval(low, high);
    }

    /// @dev To nearest, in WGSL to either neighbour.
    function roundedEnds(Real memory low, Real memory high, bool wgsl)
        private
        pure
        returns (int256, int256)
    {
        if (wgsl) return (low.floorKey(), high.ceilKey());
        return (low.nearestKey(), high.nearestKey());
    }

    /// @dev Exact ends of a product: 48 bits.
    function productOf(Floats memory x, Floats memory y)
        private
        pure
        returns (Real memory low, Real memory high)
    {
        (Real memory a, Real memory b) = (Reals.fromKey(x.low), Reals.fromKey(x.high));
        (Real memory c, Real memory d) = (Reals.fromKey(y.low), Reals.fromKey(y.high));
        Real memory ac = a.mul(c, Rounding.Odd);
        Real memory ad = a.mul(d, Rounding.Odd);
        Real memory bc = b.mul(c, Rounding.Odd);
        Real memory bd = b.mul(d, Rounding.Odd);
        low = ac.min(ad).min(bc.min(bd));
        high = ac.max(ad).max(bc.max(bd));
    }

    /// @dev max(0, min(1, alpha x + beta)), in two roundings or one (FMA): both are honest.
    function hardSigmoid(int32[] calldata attributes, Floats memory x, bool wgsl)
        private
        pure
        returns (Interval memory)
    {
        (Real memory least, Real memory most) = productOf(x, attribute(attributes[0]));
        Floats memory beta = attribute(attributes[1]);
        (Real memory from, Real memory to) = (Reals.fromKey(beta.low), Reals.fromKey(beta.high));
        if (Values.overflows(least) || Values.overflows(most)) return Float32.anything();
        // C0: a tiny product may be flushed before beta is added.
        (int256 low, int256 high) = roundedEnds(least, most, wgsl);
        Interval memory rounded = Float32.interval(low, high);
        Real memory bottom = Reals.fromKey(rounded.low).min(least).add(from, Rounding.Odd);
        Real memory top = Reals.fromKey(rounded.high).max(most).add(to, Rounding.Odd);
        if (wgsl && (Values.overflows(bottom) || Values.overflows(top))) return Float32.anything();
        (low, high) = roundedEnds(bottom, top, wgsl);
        return Float32.interval(larger(0, smaller(ONE, low)), larger(0, smaller(ONE, high)));
    }

    /// @dev x min(6, max(0, x + 3)) / 6 with 4 u |x|, in WGSL 16 u |x|. Falls to -0.375 at -1.5, then rises.
    function hardSwish(Floats memory x, bool wgsl) private pure returns (Interval memory) {
        (Real memory a, Real memory b) = (Reals.fromKey(x.low), Reals.fromKey(x.high));
        Real memory largest = a.abs().max(b.abs());
        // C2: 6 x is an intermediate of some kernels.
        if (Values.overflows(largest.scale(3))) return Float32.anything();
        Real memory low = hardSwishOf(a, Rounding.Down).min(hardSwishOf(b, Rounding.Down));
        Real memory high = hardSwishOf(a, Rounding.Up).max(hardSwishOf(b, Rounding.Up));
        Real memory lowest = Real(-3, -1);
        if (a.compare(lowest) < 0 && b.compare(lowest) > 0) low = Real(-3, -3);
        return Values.around(low, high, Real(0, 0), largest.scale(wgsl ? int256(-20) : int256(-22)));
    }

    function hardSwishOf(Real memory x, Rounding rounding) private pure returns (Real memory) {
        // The factor is rounded away from or towards zero so that the product is on the right side.
        Rounding inner = (rounding == Rounding.Down) == (x.m >= 0) ? Rounding.Down : Rounding.Up;
        Real memory factor = x.add(Real(3, 0), inner).max(Real(0, 0)).min(Real(6, 0));
        return x.mul(factor, rounding).div(Real(6, 0), rounding);
    }

    /// @dev Floor, Ceil, Round (half to even) or Sign of a finite key; exact and monotone.
    function stepped(uint16 opcode, int256 key) private pure returns (int256) {
        if (opcode == SIGN) return key > 0 ? ONE : (key < 0 ? -ONE : int256(0));
        Real memory x = Reals.fromKey(key);
        // From 2^23 on every float32 is whole.
        if (x.e >= 0) return key;
        int256 whole = x.toFixed(0, Rounding.Down);
        if (opcode == CEIL) whole = x.toFixed(0, Rounding.Up);
        if (opcode == ROUND) {
            int256 side = x.sub(Real(whole, 0), Rounding.Odd).compare(Real(1, -1));
            if (side > 0 || (side == 0 && whole & 1 != 0)) whole += 1;
        }
        return Real(whole, 0).nearestKey();
    }

    function smaller(int256 a, int256 b) private pure returns (int256) {
        return a < b ? a : b;
    }

    function larger(int256 a, int256 b) private pure returns (int256) {
        return a > b ? a : b;
    }
}

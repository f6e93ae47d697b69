// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../interfaces/IChecker.sol";
import {Elementwise} from "../../libraries/Elementwise.sol";
import {Float32} from "../../libraries/Float32.sol";
import {Bounds, Functions} from "../../libraries/Functions.sol";
import {Powers} from "../../libraries/Powers.sol";
import {Real, Reals, Rounding} from "../../libraries/Reals.sol";
import {Floats, Values} from "../../libraries/Values.sol";
import {Arithmetic, ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";

/// @title FunctionChecker
/// @notice Sqrt, Pow, Exp, Log, Erf, Tanh, Sigmoid, Softplus, Elu, Gelu on float32.
/// @dev Twin: `sdk/src/operators/functionChecker.ts`. Allowances: docs/operators.md.
contract FunctionChecker is IChecker {
    using Reals for Real;
    using Values for Floats;

    uint16 private constant SQRT = 31;
    uint16 private constant POW = 32;
    uint16 private constant EXP = 33;
    uint16 private constant LOG = 34;
    uint16 private constant ERF = 35;
    uint16 private constant TANH = 36;
    uint16 private constant SIGMOID = 37;
    uint16 private constant SOFTPLUS = 38;
    uint16 private constant ELU = 42;
    uint16 private constant GELU = 45;

    /// @dev sqrt(1/2) and sqrt(2/pi), 112 fractional bits, rounded to nearest.
    int256 private constant SQRT_HALF = 3671508318603584465714016303674699;
    int256 private constant SQRT_2_PI = 4142853498530158452227508763909468;
    /// @dev Both forms of Gelu are least between -3083 / 4096 and -3079 / 4096, and there above this / 2^16.
    int256 private constant GELU_MINIMUM = -11144;

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
        Floats memory x = Values.floatAt(operands[0], 0);
        if (!x.isFinite()) return Float32.anything();
        bool wgsl = query.arithmetic == Arithmetic.Wgsl;
        if (opcode == POW) return Powers.power(x, operands[1], query.inputs[1].dtype, wgsl);
        if (opcode == LOG) return wgsl ? wgslLogarithm(x) : logarithm(x);
        (Real memory a, Real memory b) = (Reals.fromKey(x.low), Reals.fromKey(x.high));
        if (opcode == SQRT) {
            // C4: a negative argument accepts anything. WGSL: 1 / inverseSqrt(x), which 0 has none of.
            if (x.low < 0 || (wgsl && x.low == 0)) return Float32.anything();
            return
                relative(a.sqrt(Rounding.Down), b.sqrt(Rounding.Up), wgsl ? int256(5) : int256(2));
        }
        if (wgsl) return onWgsl(query, a, b);
        if (opcode == EXP) {
            return exponential(Functions.exp(a).low, Functions.exp(b).high);
        }
        if (opcode == ERF) return relative(Functions.erf(a).low, Functions.erf(b).high, 4);
        if (opcode == TANH) return relative(Functions.tanh(a).low, Functions.tanh(b).high, 12);
        if (opcode == SIGMOID) {
            // 8 u and 4 ulp; tails may be clamped to 0.
            return Values.around(
                Functions.sigmoid(a).low, Functions.sigmoid(b).high, Real(1, -21), Real(1, -21)
            );
        }
        if (opcode == SOFTPLUS) {
            // Exp, Log and two additions: 16 ulp and 4 u.
            return Values.around(softplus(a, false), softplus(b, true), Real(1, -19), Real(1, -22));
        }
        if (opcode == ELU) return elu(a, b, query.attributes[0]);
        bool approximate = query.attributes[0] != 0;
        return gelu(a, b, approximate, approximate ? int256(-20) : int256(-21));
    }

    function requireServed(uint16 opcode) private pure {
        bool served = (opcode >= SQRT && opcode <= SOFTPLUS) || opcode == ELU || opcode == GELU;
        require(served, Checker_Unsupported(opcode));
    }

    /// @dev What is computed by e^x, as the kernels of shaders do it (docs/operators.md, "WebGPU").
    function onWgsl(ElementQuery calldata query, Real memory a, Real memory b)
        private
        pure
        returns (Interval memory)
    {
        uint16 opcode = query.opcode;
        Real memory size = a.abs().max(b.abs());
        // Beyond, squares overflow, and what exp is off by of an argument far below 0 would count.
        if (size.compare(Real(1, 63)) >= 0) return Float32.anything();
        if (opcode == EXP) {
            // 3 + 2 |x| ulp, at least 4; of the least normal number, where the result is none.
            Real memory ulps = size.scale(1).add(Real(4, 0), Rounding.Up);
            return Values.around(
                Functions.exp(a).low, Functions.exp(b).high, ulps.scale(-23), ulps.scale(-126)
            );
        }
        if (opcode == ERF) {
            return
                Values.around(
                    Functions.erf(a).low, Functions.erf(b).high, Real(1, -21), Real(1, -18)
                );
        }
        if (opcode == TANH) {
            return Values.around(
                Functions.tanh(a).low, Functions.tanh(b).high, Real(12, -23), Real(1, -21)
            );
        }
        if (opcode == SIGMOID) {
            // e^-x overflows, and what is divided by it is undefined.
            if (a.compare(Real(-87, 0)) < 0) return Float32.anything();
            return Values.around(
                Functions.sigmoid(a).low, Functions.sigmoid(b).high, Real(1, -21), Real(1, -21)
            );
        }
        if (opcode == SOFTPLUS) {
            return Values.around(softplus(a, false), softplus(b, true), Real(1, -19), Real(1, -19));
        }
        if (opcode == ELU) return elu(a, b, query.attributes[0]);
        bool approximate = query.attributes[0] != 0;
        return gelu(a, b, approximate, approximate ? int256(-19) : int256(-18));
    }

    /// @dev An ulp of y is at most 2^-23 |y|.
    function relative(Real memory low, Real memory high, int256 ulps)
        private
        pure
        returns (Interval memory)
    {
        return Values.around(low, high, Real(ulps, -23), Real(0, 0));
    }

    /// @dev 4 ulp. C4: +infinity is allowed where the upper bound reaches the largest float32; a
    /// kernel that saturates there is honest too.
    function exponential(Real memory low, Real memory high) private pure returns (Interval memory) {
        Real memory tolerance = Real(1, -21);
        Real memory most = Reals.fromKey(Float32.MAX);
        low = low.min(most);
        low = low.sub(Values.slack(low, tolerance, Real(0, 0)), Rounding.Down);
        high = high.add(Values.slack(high, tolerance, Real(0, 0)), Rounding.Up);
        int256 end = high.compare(most) >= 0 ? Float32.INFINITY : high.floorKey();
        return Float32.interval(low.ceilKey(), end);
    }

    /// @dev 8 ulp. C4: 0 or subnormal may give -infinity, negative anything.
    function logarithm(Floats memory x) private pure returns (Interval memory) {
        if (x.low < 0) return Float32.anything();
        // Where 0 is possible, so is what a kernel makes of the smallest normal number.
        int256 most = x.high < Float32.MIN_NORMAL ? Float32.MIN_NORMAL : x.high;
        Real memory high = Functions.ln(Reals.fromKey(most)).high;
        if (x.low > 0) return relative(Functions.ln(Reals.fromKey(x.low)).low, high, 8);
        Interval memory known = relative(high, high, 8);
        return Float32.interval(-Float32.INFINITY, known.high);
    }

    /// @dev 8 ulp, and 2^-21 within 1/2 .. 2; nothing is known of the logarithm of 0.
    function wgslLogarithm(Floats memory x) private pure returns (Interval memory) {
        if (x.low <= 0) return Float32.anything();
        (Real memory a, Real memory b) = (Reals.fromKey(x.low), Reals.fromKey(x.high));
        bool near = a.compare(Real(2, 0)) <= 0 && b.compare(Real(1, -1)) >= 0;
        Real memory absolute_ = near ? Real(1, -21) : Real(0, 0);
        return Values.around(Functions.ln(a).low, Functions.ln(b).high, Real(1, -20), absolute_);
    }

    /// @dev One end of ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|).
    function softplus(Real memory x, bool upper) private pure returns (Real memory) {
        Rounding rounding = upper ? Rounding.Up : Rounding.Down;
        Bounds memory e = Functions.exp(x.abs().neg());
        Real memory sum = (upper ? e.high : e.low).add(Real(1, 0), rounding);
        Bounds memory tail = Functions.ln(sum);
        return (upper ? tail.high : tail.low).add(x.max(Real(0, 0)), rounding);
    }

    /// @dev x where x >= 0, alpha (e^x - 1) where x < 0: |alpha| 12 u and 2 ulp. Not monotone for negative alpha.
    function elu(Real memory a, Real memory b, int32 alphaBits)
        private
        pure
        returns (Interval memory)
    {
        // SAFETY: the bit pattern of a float32, finite by admission.
        Real memory alpha = Reals.fromKey(Float32.keyOf(uint32(alphaBits)));
        Real memory zero = Real(0, 0);
        if (a.m >= 0) return Values.within(a, b);
        Bounds memory bottom = scaledExpm1(a, alpha);
        Bounds memory top = scaledExpm1(b.min(zero), alpha);
        Real memory low = bottom.low.min(top.low);
        Real memory high = bottom.high.max(top.high);
        Real memory slack = alpha.abs().mul(Real(12, -24), Rounding.Up);
        if (b.m > 0) (low, high) = (low.min(zero), high.max(b));
        return Values.around(low, high, Real(1, -22), slack);
    }

    /// @dev alpha (e^x - 1) for x <= 0.
    function scaledExpm1(Real memory x, Real memory alpha) private pure returns (Bounds memory) {
        Bounds memory e = Functions.exp(x);
        Real memory one = Real(1, 0);
        Real memory low = e.low.sub(one, Rounding.Down);
        Real memory high = e.high.sub(one, Rounding.Up);
        if (alpha.m < 0) (low, high) = (high, low);
        return Bounds(low.mul(alpha, Rounding.Down), high.mul(alpha, Rounding.Up));
    }

    /// @dev x (1 + erf(x / sqrt 2)) / 2 with 8 u |x|, or x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2 with 16 u |x|: 2^slack |x|. Falls, then rises.
    function gelu(Real memory a, Real memory b, bool approximate, int256 slack)
        private
        pure
        returns (Interval memory)
    {
        Real memory largest = a.abs().max(b.abs());
        // C2: a cube, times 0.044715, is an intermediate of the approximate form.
        if (approximate && largest.compare(Real(1, 42)) >= 0) return Float32.anything();
        Bounds memory bottom = geluOf(a, approximate);
        Bounds memory top = geluOf(b, approximate);
        Real memory low = bottom.low.min(top.low);
        Real memory high = bottom.high.max(top.high);
        if (a.compare(b) < 0 && a.compare(Real(-3079, -12)) < 0 && b.compare(Real(-3083, -12)) > 0)
        {
            low = low.min(Real(GELU_MINIMUM, -16));
        }
        return Values.around(low, high, Real(0, 0), largest.scale(slack));
    }

    function geluOf(Real memory x, bool approximate) private pure returns (Bounds memory) {
        Real memory argument = x;
        int256 scale = SQRT_HALF;
        if (approximate) {
            // 0.044715 = 44715 / 10^6
            Real memory cube = x.mul(x, Rounding.Odd).mul(x, Rounding.Odd);
            cube = cube.mul(Real(44715, 0), Rounding.Odd).div(Real(1000000, 0), Rounding.Odd);
            argument = x.add(cube, Rounding.Odd);
            scale = SQRT_2_PI;
        }
        argument = argument.mul(Real(scale, -112), Rounding.Odd);
        // Roundings and constants together: relative 2^-100.
        Real memory error = argument.abs().scale(-100);
        Real memory from = argument.sub(error, Rounding.Down);
        Real memory to = argument.add(error, Rounding.Up);
        Bounds memory inner = approximate
            ? Bounds(Functions.tanh(from).low, Functions.tanh(to).high)
            : Bounds(Functions.erf(from).low, Functions.erf(to).high);
        Real memory low = inner.low.add(Real(1, 0), Rounding.Down);
        Real memory high = inner.high.add(Real(1, 0), Rounding.Up);
        if (x.m < 0) (low, high) = (high, low);
        return Bounds(low.mul(x, Rounding.Down).scale(-1), high.mul(x, Rounding.Up).scale(-1));
    }
}

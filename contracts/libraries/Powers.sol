// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Operand} from "../types/Element.sol";
import {Interval} from "../types/Interval.sol";
import {Float32} from "./Float32.sol";
import {Bounds, Functions} from "./Functions.sol";
import {Real, Reals, Rounding} from "./Reals.sol";
import {Floats, Values} from "./Values.sol";

/// @title Powers
/// @notice Pow of float32 by a constant (docs/operators.md). Twin: `sdk/src/operators/powers.ts`.
library Powers {
    using Reals for Real;
    using Values for Floats;

    /// @dev Whole exponents up to this are products.
    int256 private constant LARGEST = 16;

    /// @notice The exponent is no constant.
    error Powers_Derived();

    /// @notice What an honest machine can have produced.
    /// @param x Finite.
    /// @param exponent A committed constant.
    function power(Floats memory x, Operand calldata exponent, uint8 dtype, bool wgsl)
        internal
        pure
        returns (Interval memory)
    {
        Real memory p = _exponentOf(exponent, dtype);
        int256 n = p.toFixed(0, Rounding.Down);
        bool whole = p.compare(Real(n, 0)) == 0 && n <= LARGEST && n >= -LARGEST;
        bool half = p.abs().compare(Real(1, -1)) == 0;
        if (half) return _repeated(x, p.m < 0 ? -int256(1) : int256(1), true, wgsl);
        return whole ? _repeated(x, n, false, wgsl) : _general(x, p, wgsl);
    }

    /// @dev By multiplication, or by a root: then n is the sign of the exponent 1/2.
    function _repeated(Floats memory x, int256 n, bool half, bool wgsl)
        private
        pure
        returns (Interval memory)
    {
        // C4: x^0 = 1.
        if (!half && n == 0) {
            return Float32.interval(int256(uint256(Float32.ONE)), int256(uint256(Float32.ONE)));
        }
        // WGSL: exp2(y log2(abs(x))), but a square is a product.
        bool shader = wgsl && (half || n != 2);
        if (shader && x.low <= 0 && x.high >= 0) return Float32.anything();
        // C4: a negative base under a root and the pole at 0 accept anything.
        if (half && x.low < 0) return Float32.anything();
        if (n < 0 && x.low <= 0 && x.high >= 0) return Float32.anything();
        (Real memory a, Real memory b) = (Reals.fromKey(x.low), Reals.fromKey(x.high));
        Real memory low;
        Real memory high;
        int256 m = n < 0 ? -n : n;
        if (half) {
            (low, high) = (a.sqrt(Rounding.Down), b.sqrt(Rounding.Up));
        } else if (m & 1 != 0) {
            (low, high) = (_signedPower(a, m, Rounding.Down), _signedPower(b, m, Rounding.Up));
        } else {
            (Real memory least, Real memory most) = (a.abs().min(b.abs()), a.abs().max(b.abs()));
            if (a.m < 0 && b.m > 0) least = Real(0, 0);
            (low, high) = (_product(least, m, Rounding.Down), _product(most, m, Rounding.Up));
        }
        // C2 on the power itself, which is an intermediate of a negative exponent.
        if (Values.overflows(low) || Values.overflows(high)) return Float32.anything();
        if (n < 0) {
            Real memory one = Real(1, 0);
            (low, high) = (one.div(high, Rounding.Down), one.div(low, Rounding.Up));
        }
        if (shader) return _exponentiated(low, high, m);
        // 2 ulp; repeated multiplication rounds up to m times.
        return Values.around(low, high, Real(half || m <= 2 ? int256(2) : m + 2, -23), Real(0, 0));
    }

    /// @dev e^(p ln x) for x > 0; C4: anything for others. 4 ulp: kernels keep more digits of p ln x than a float has.
    function _general(Floats memory x, Real memory p, bool wgsl)
        private
        pure
        returns (Interval memory)
    {
        // Below these a float32 holds every whole exponent, and what WGSL allows is far below 1.
        Real memory limit = Real(1, wgsl ? int256(10) : int256(24));
        if (x.low <= 0 || p.abs().compare(limit) >= 0) return Float32.anything();
        bool falls = p.m < 0;
        Real memory low = _end(falls ? x.high : x.low, p, Rounding.Down);
        Real memory high = _end(falls ? x.low : x.high, p, Rounding.Up);
        if (Values.overflows(high)) return Float32.anything();
        // Far below what a float holds: 0 is inside of any allowance.
        if (wgsl && low.m > 0) return _exponentiated(low, high, p.abs().toFixed(0, Rounding.Up));
        return Values.around(low, high, Real(4, -23), Real(0, 0));
    }

    /// @dev One end of e^(p ln x).
    function _end(int256 key, Real memory p, Rounding rounding) private pure returns (Real memory) {
        Bounds memory l = Functions.ln(Reals.fromKey(key));
        bool below = (rounding == Rounding.Down) == (p.m >= 0);
        Bounds memory y = Functions.exp(p.mul(below ? l.low : l.high, rounding));
        return rounding == Rounding.Down ? y.low : y.high;
    }

    /// @dev exp2(t) with t = y log2(x), |y| <= m: 3 + 5 |t| + 3 m ulp. exp2 is off by 3 + 2 |t| ulp; its argument, in units of 2^-23, by |t| for the
    /// product, and for the logarithm by 3 |t|, or by 4 m within 1/2 .. 2, times ln 2.
    function _exponentiated(Real memory low, Real memory high, int256 m)
        private
        pure
        returns (Interval memory)
    {
        int256 t = _binaryOrder(low);
        int256 other = _binaryOrder(high);
        if (other > t) t = other;
        return Values.around(low, high, Real(3 + 5 * t + 3 * m, -23), Real(4 + 2 * t, -126));
    }

    /// @dev A whole number that is at least |log2 |y||; y is not 0.
    function _binaryOrder(Real memory y) private pure returns (int256) {
        int256 above = y.e + int256(Reals.bitLength(uint256(y.abs().m)));
        return above > 0 ? above : 1 - above;
    }

    /// @dev One that is not finite, which admission refuses, is too large.
    function _exponentOf(Operand calldata exponent, uint8 dtype)
        private
        pure
        returns (Real memory)
    {
        require(exponent.derived.length == 0, Powers_Derived());
        if (dtype != 1) {
            (, int256 n,) = Values.integerAt(exponent, 0, dtype);
            return Real(n, 0);
        }
        Floats memory p = Values.floatAt(exponent, 0);
        return p.isFinite() ? Reals.fromKey(p.low) : Real(1, 24);
    }

    /// @dev x^m for odd m.
    function _signedPower(Real memory x, int256 m, Rounding rounding)
        private
        pure
        returns (Real memory)
    {
        if (x.m >= 0) return _product(x, m, rounding);
        Rounding other = rounding == Rounding.Down ? Rounding.Up : Rounding.Down;
        return _product(x.neg(), m, other).neg();
    }

    /// @dev x^m for x >= 0, m >= 1.
    function _product(Real memory x, int256 m, Rounding rounding)
        private
        pure
        returns (Real memory y)
    {
        y = x;
        for (int256 i = 1; i < m; i++) {
            y = y.mul(x, rounding);
        }
    }
}

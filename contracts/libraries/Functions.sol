// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Real, Reals, Rounding} from "./Reals.sol";

/// @notice A real number lies between the two, both ends inclusive.
struct Bounds {
    Real low;
    Real high;
}

/// @title Functions
/// @notice Sound bounds of functions of one real, from integer arithmetic with a stated truncation error. Twin: `sdk/src/operators/functions.ts`, the very same integers.
/// @dev Fixed point has 112 fractional bits unless a line says otherwise. Errors are derived in docs/operators.md and measured in `functions.test.ts`.
library Functions {
    using Reals for Real;

    int256 private constant ONE = 1 << 112;
    int256 private constant LN2 = 3599025928123676973540407451845619;
    int256 private constant INVERSE_LN2 = 7490900928631539394323262730195514;
    /// @dev 2 / sqrt(pi)
    int256 private constant ERF_SCALE = 5858879604546175277361428336400382;

    /// @notice e^x. Relative error < 2^-100 for |x| <= 200; below, [0, 2^-280]; above, both ends are beyond every float32.
    function exp(Real memory x) internal pure returns (Bounds memory) {
        if (x.compare(Real(200, 0)) > 0) return Bounds(Real(1, 280), Real(1, 290));
        if (x.compare(Real(-200, 0)) < 0) return Bounds(Real(0, 0), Real(1, -280));
        int256 argument = x.toFixed(112, Rounding.Down);
        int256 y = ONE;
        int256 k;
        // SAFETY: |argument| < 2^120, |rest| < 2^111, y < 2^113.
        unchecked {
            // x = k ln 2 + rest, |rest| <= (ln 2) / 2.
            k = (argument * INVERSE_LN2 + (1 << 223)) >> 224;
            int256 rest = argument - k * LN2;
            // 24 terms: 0.3466^25 / 25! < 2^-121.
            for (int256 n = 24; n > 0; n--) {
                y = ONE + ((rest * y) >> 112) / n;
            }
        }
        return Bounds(Real(y - 4096, k - 112), Real(y + 4096, k - 112));
    }

    /// @notice Natural logarithm of `x > 0`. Absolute error < 2^-104.
    function ln(Real memory x) internal pure returns (Bounds memory) {
        int256 length = int256(Reals.bitLength(uint256(x.m)));
        // x = z 2^k, z in [0.7, 1.42).
        int256 k = x.e + length;
        int256 z = Real(x.m, -length).toFixed(112, Rounding.Down);
        if (z < 3671508318603584465714016303674699) (z, k) = (z * 2, k - 1);
        int256 sum = 0;
        // SAFETY: |s| < 2^110, sum < 2^113.
        unchecked {
            // ln z = 2 atanh s; 24 terms: 0.1716^49 / 49 < 2^-130.
            int256 s = ((z - ONE) << 112) / (z + ONE);
            int256 square = (s * s) >> 112;
            for (int256 n = 47; n > 0; n -= 2) {
                sum = ONE / n + ((square * sum) >> 112);
            }
            sum = ((s * sum) >> 111) + k * LN2;
        }
        return Bounds(Real(sum - 256, -112), Real(sum + 256, -112));
    }

    /// @notice 1 / (1 + e^-x). Relative error < 2^-98.
    function sigmoid(Real memory x) internal pure returns (Bounds memory) {
        Bounds memory e = exp(x.abs().neg());
        Real memory one = Real(1, 0);
        Real memory above = e.high.add(one, Rounding.Up);
        Real memory below = e.low.add(one, Rounding.Down);
        if (x.m >= 0) return Bounds(one.div(above, Rounding.Down), one.div(below, Rounding.Up));
        return Bounds(e.low.div(below, Rounding.Down), e.high.div(above, Rounding.Up));
    }

    /// @notice Hyperbolic tangent. Relative error < 2^-78.
    function tanh(Real memory x) internal pure returns (Bounds memory) {
        if (x.m < 0) return mirrored(tanh(x.neg()));
        if (x.compare(Real(1, -20)) < 0) return nearZero(x);
        Bounds memory e = exp(x.scale(1).neg());
        return Bounds(towardsOne(e.high, Rounding.Down), towardsOne(e.low, Rounding.Up));
    }

    /// @notice Error function. Relative error < 2^-55.
    function erf(Real memory x) internal pure returns (Bounds memory) {
        if (x.m < 0) return mirrored(erf(x.neg()));
        Real memory low = Real(ERF_SCALE - 1, -112);
        Real memory high = Real(ERF_SCALE + 1, -112);
        // erfc(6) < 2^-55.
        if (x.compare(Real(6, 0)) >= 0) return Bounds(Real((1 << 55) - 1, -55), Real(1, 0));
        if (x.compare(Real(1, -20)) < 0) {
            // x - x^3 / 3 <= (sqrt(pi) / 2) erf x <= x - x^3 / 3 + x^5.
            Bounds memory near = nearZero(x);
            return Bounds(near.low.mul(low, Rounding.Down), near.high.mul(high, Rounding.Up));
        }
        // erf x = (2 / sqrt(pi)) e^(-x^2) S(x)
        Real memory series = seriesOf(x);
        low = low.mul(exp(x.mul(x, Rounding.Up).neg()).low, Rounding.Down);
        high = high.mul(exp(x.mul(x, Rounding.Down).neg()).high, Rounding.Up);
        // Every truncation of S was downwards: S <= exact < S (1 + 2^-64).
        high = high.mul(Real((1 << 64) + 1, -64), Rounding.Up);
        return Bounds(low.mul(series, Rounding.Down), high.mul(series, Rounding.Up));
    }

    /// @dev Sum of 2^n x^(2n+1) / (1 3 5 .. (2n+1)) for 2^-20 <= x < 6, with 96 fractional bits.
    function seriesOf(Real memory x) private pure returns (Real memory) {
        int256 term = x.toFixed(96, Rounding.Down);
        int256 sum = term;
        // SAFETY: twice <= 72 << 96; the terms stay below 2^(51 + 96).
        unchecked {
            int256 twice = (term * term) >> 95;
            for (int256 n = 3; term > 0; n += 2) {
                term = ((term * twice) >> 96) / n;
                sum += term;
            }
        }
        return Reals.round(sum, -96, Rounding.Down);
    }

    /// @dev x - x^3 / 3 <= tanh x <= x - x^3 / 3 + x^5, 0 <= x < 2^-20.
    function nearZero(Real memory x) private pure returns (Bounds memory) {
        Real memory cube = x.mul(x, Rounding.Up).mul(x, Rounding.Up);
        Real memory low = x.sub(cube.div(Real(3, 0), Rounding.Up), Rounding.Down);
        Real memory fifth = cube.mul(x, Rounding.Up).mul(x, Rounding.Up);
        // `low` may be 2^-120 of it too small, as the cube is too large: the fifth power and this cover it.
        Real memory high = low.add(fifth, Rounding.Up);
        return Bounds(low, high.add(x.scale(-100), Rounding.Up));
    }

    /// @dev (1 - e) / (1 + e), 0 <= e < 1.
    function towardsOne(Real memory e, Rounding rounding) private pure returns (Real memory) {
        Real memory one = Real(1, 0);
        Rounding other = rounding == Rounding.Down ? Rounding.Up : Rounding.Down;
        return one.sub(e, rounding).div(one.add(e, other), rounding);
    }

    function mirrored(Bounds memory y) private pure returns (Bounds memory) {
        return Bounds(y.high.neg(), y.low.neg());
    }
}

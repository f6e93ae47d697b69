// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {Float32} from "../../../contracts/libraries/Float32.sol";

contract Float32Test is Test {
    function testFuzz_FiniteKeysDecomposeAndRoundBack(int32 seed) external pure {
        int256 key = bound(int256(seed), -Float32.MAX, Float32.MAX);
        (int256 mantissa, int256 exponent) = Float32.decompose(key);
        assertEq(Float32.floor(mantissa, exponent), key);
        assertEq(Float32.ceil(mantissa, exponent), key);
        assertEq(Float32.nearest(mantissa << 70, exponent - 70), key);
        assertEq(Float32.keyOf(Float32.bitsOf(key)), key);
    }

    /// Half an ulp up rounds to the even neighbour, anything less or more to the nearer one.
    function testFuzz_NearestOfMidpoints(int32 seed) external pure {
        int256 key = bound(int256(seed), 0, Float32.MAX);
        (int256 mantissa, int256 exponent) = Float32.decompose(key);
        int256 middle = (mantissa << 41) + (1 << 40);
        assertEq(Float32.nearest(middle, exponent - 41), key + (key & 1));
        assertEq(Float32.nearest(middle - 1, exponent - 41), key);
        assertEq(Float32.nearest(-middle - 1, exponent - 41), -key - 1);
        assertEq(Float32.floor(middle, exponent - 41), key);
        assertEq(Float32.ceil(middle, exponent - 41), key + 1);
        assertEq(Float32.floor(-middle, exponent - 41), -key - 1);
    }

    function test_BeyondTheFiniteValues() external pure {
        assertEq(Float32.floor(1, 128), Float32.MAX);
        assertEq(Float32.ceil(1, 128), Float32.INFINITY);
        assertEq(Float32.floor(-1, 4000), -Float32.INFINITY);
        assertEq(Float32.ceil(-1, 4000), -Float32.MAX);
        assertEq(Float32.nearest((1 << 25) - 1, 103), Float32.INFINITY);
        assertEq(Float32.nearest((1 << 26) - 3, 102), Float32.MAX);
        assertEq(Float32.floor(1, -4000), 0);
        assertEq(Float32.ceil(1, -4000), 1);
        assertEq(Float32.nearest(1, -4000), 0);
    }

    /// floor(n / d) <= n / d <= ceil(n / d), and at most one step apart.
    function testFuzz_QuotientEncloses(int96 numerator, uint64 seed) external pure {
        uint256 denominator = bound(uint256(seed), 1, type(uint64).max);
        (int256 mantissa, int256 exponent) = Float32.quotient(numerator, denominator);
        int256 low = Float32.floor(mantissa, exponent);
        int256 high = Float32.ceil(mantissa, exponent);
        assertLe(high - low, 1);
        assertLe(_compare(low, numerator, denominator), 0);
        assertGe(_compare(high, numerator, denominator), 0);
    }

    function test_Log2() external pure {
        for (uint256 i = 0; i < 256; ++i) {
            assertEq(Float32.log2(1 << i), i);
            assertEq(Float32.log2(type(uint256).max >> i), 255 - i);
        }
    }

    /// Sign of `value(key) - n / d`; quotients of these sizes have exponents -149 .. 104.
    function _compare(int256 key, int256 numerator, uint256 denominator)
        private
        pure
        returns (int256)
    {
        (int256 mantissa, int256 exponent) = Float32.decompose(key);
        int256 scaled = mantissa * int256(denominator);
        if (exponent >= 0) return (scaled << uint256(exponent)) - numerator;
        return scaled - (numerator << uint256(-exponent));
    }
}

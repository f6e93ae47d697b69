// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {Ramp} from "../../../contracts/market/Ramp.sol";

contract RampTest is Test {
    function test_WhenBeforeAtAndAfterTheRamp() external pure {
        assertEq(Ramp.priceAt(5, 15, 100, 10, 0), 5);
        assertEq(Ramp.priceAt(5, 15, 100, 10, 100), 5);
        assertEq(Ramp.priceAt(5, 15, 100, 10, 101), 6);
        assertEq(Ramp.priceAt(5, 15, 100, 10, 109), 14);
        assertEq(Ramp.priceAt(5, 15, 100, 10, 110), 15);
        assertEq(Ramp.priceAt(5, 15, 100, 10, type(uint40).max), 15);
    }

    function test_WhenTheRampIsAStep() external pure {
        assertEq(Ramp.priceAt(5, 15, 100, 0, 100), 5);
        assertEq(Ramp.priceAt(5, 15, 100, 0, 101), 15);
    }

    /// @dev Never leaves [low, high], never falls, never reverts.
    function testFuzz_Monotone(
        uint128 low,
        uint128 high,
        uint40 start,
        uint32 duration,
        uint40 a,
        uint40 b
    ) external pure {
        if (low > high) (low, high) = (high, low);
        if (a > b) (a, b) = (b, a);
        uint128 first = Ramp.priceAt(low, high, start, duration, a);
        uint128 second = Ramp.priceAt(low, high, start, duration, b);
        assertLe(low, first);
        assertLe(first, second);
        assertLe(second, high);
    }
}

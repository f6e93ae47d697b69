// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";
import {HonestSet} from "../../../contracts/libraries/HonestSet.sol";
import {Interval, IntervalKind} from "../../../contracts/types/Interval.sol";

/// @notice The comparison of docs/protocol.md section 6.
contract HonestSetTest is Test {
    function contains(IntervalKind kind, int64 low, int64 high, uint64 bits, uint8 dtype)
        public
        pure
        returns (bool)
    {
        return HonestSet.contains(Interval(kind, low, high), bits, dtype);
    }

    function test_AnythingIsInAny() public pure {
        assertTrue(contains(IntervalKind.Any, 0, 0, 0x7fc00000, 1)); // C2
        assertTrue(contains(IntervalKind.Any, 1, 0, 7, 2));
    }

    function test_Floats() public pure {
        // [-1, 1]
        int64 one = 0x3f800000;
        assertTrue(contains(IntervalKind.Float, -one, one, 0x3f800000, 1));
        assertFalse(contains(IntervalKind.Float, -one, one, 0x3f800001, 1));
        assertTrue(contains(IntervalKind.Float, -one, one, 0xbf800000, 1));
        assertFalse(contains(IntervalKind.Float, -one, one, 0xbf800001, 1));
        // C1: both zeros.
        assertTrue(contains(IntervalKind.Float, 0, 0, 0, 1));
        assertTrue(contains(IntervalKind.Float, 0, 0, 0x80000000, 1));
        assertFalse(contains(IntervalKind.Float, 0, 0, 1, 1));
        assertFalse(contains(IntervalKind.Float, 0, 0, 0x80000001, 1));
        // Infinities are values, NaN never is.
        assertTrue(contains(IntervalKind.Float, 0, 0x7f800000, 0x7f800000, 1));
        assertFalse(contains(IntervalKind.Float, 0, 0x7f7fffff, 0x7f800000, 1));
        assertTrue(contains(IntervalKind.Float, -0x7f800000, 0, 0xff800000, 1));
        assertFalse(contains(IntervalKind.Float, -0x7f800000, 0x7f800000, 0x7f800001, 1));
        assertFalse(contains(IntervalKind.Float, -0x7f800000, 0x7f800000, 0xffc00000, 1));
    }

    function test_Integers() public pure {
        assertTrue(contains(IntervalKind.Integer, 255, 255, 0xff, 2));
        assertTrue(contains(IntervalKind.Integer, -1, -1, 0xff, 3));
        assertFalse(contains(IntervalKind.Integer, -1, -1, 0x7f, 3));
        assertTrue(contains(IntervalKind.Integer, -1, 0, 0xffffffff, 6));
        assertTrue(contains(IntervalKind.Integer, -1, -1, type(uint64).max, 7));
        assertTrue(contains(IntervalKind.Integer, type(int64).min, 0, 1 << 63, 7));
        assertTrue(contains(IntervalKind.Integer, 1, 1, 1, 9));
        assertFalse(contains(IntervalKind.Integer, 0, 0, 1, 9));
    }

    function test_Bits() public pure {
        // Movement tells the zeros apart, and no NaN from another (C1).
        assertTrue(contains(IntervalKind.Bits, 0x80000000, 0x80000000, 0x80000000, 1));
        assertFalse(contains(IntervalKind.Bits, 0x80000000, 0x80000000, 0, 1));
        assertTrue(contains(IntervalKind.Bits, 0x7fc00000, 0x7fc00000, 0xff800001, 1));
        assertFalse(contains(IntervalKind.Bits, 0x7fc00000, 0x7fc00000, 0x7f800000, 1));
        assertTrue(contains(IntervalKind.Bits, 0x7e00, 0x7e00, 0xfc01, 10));
        assertTrue(contains(IntervalKind.Bits, -1, -1, 0x7ff8000000000000, 11));
        // No NaN among integers.
        assertFalse(contains(IntervalKind.Bits, 0x7fc00000, 0x7fc00000, 0x7fc00001, 6));
        assertTrue(contains(IntervalKind.Bits, -2, -2, type(uint64).max - 1, 7));
    }

    /// A10: a wrong checker must not convict.
    function test_RevertWhen_TheSetCannotBeCompared() public {
        _expect(IntervalKind.Float, 1, 0, 1);
        _expect(IntervalKind.Integer, 1, 0, 6);
        _expect(IntervalKind.Bits, 0, 1, 6);
        _expect(IntervalKind.Float, 0, 1, 11);
        _expect(IntervalKind.Integer, 0, 1, 1);
    }

    function _expect(IntervalKind kind, int64 low, int64 high, uint8 dtype) internal {
        vm.expectRevert(
            abi.encodeWithSelector(HonestSet.HonestSet_Incomparable.selector, kind, dtype)
        );
        this.contains(kind, low, high, 0, dtype);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Interval, IntervalKind} from "../types/Interval.sol";
import {Half} from "./Half.sol";

/// @title HonestSet
/// @notice Compares a committed bit pattern with the set that a checker returned (docs/protocol.md section 6).
library HonestSet {
    /// @notice The set is empty, or of a kind that this dtype has no values in. A wrong checker must not convict (A10).
    error HonestSet_Incomparable(IntervalKind kind, uint8 dtype);

    /// @notice Whether an honest machine can have produced `bits`.
    /// @param bits The element, zero-extended from its little-endian bytes.
    function contains(Interval memory set, uint64 bits, uint8 dtype) internal pure returns (bool) {
        if (set.kind == IntervalKind.Any) return true; // C2
        require(set.low <= set.high, HonestSet_Incomparable(set.kind, dtype));
        if (set.kind == IntervalKind.Float) {
            require(dtype == 1 || dtype == 10, HonestSet_Incomparable(set.kind, dtype));
            if (isNaN(bits, dtype)) return false;
            // SAFETY: keys have 32 bits. A float16 is a float32.
            int64 key = dtype == 1 ? floatKey(bits) : int64(Half.keyOf(bits));
            return set.low <= key && key <= set.high;
        }
        if (set.kind == IntervalKind.Integer) {
            int64 value = integerOf(bits, dtype);
            return set.low <= value && value <= set.high;
        }
        require(set.low == set.high, HonestSet_Incomparable(set.kind, dtype));
        // SAFETY: a pattern of 64 bits may fill the sign bit.
        uint64 pattern = uint64(set.low);
        return bits == pattern || (isNaN(bits, dtype) && isNaN(pattern, dtype)); // C1
    }

    /// @notice Order-preserving key of a float32: both zeros are 0 (C1).
    function floatKey(uint64 bits) internal pure returns (int64) {
        // SAFETY: below 2^32.
        return bits < 1 << 31 ? int64(bits) : -int64(bits - (1 << 31));
    }

    function isNaN(uint64 bits, uint8 dtype) internal pure returns (bool) {
        if (dtype == 1) return bits & 0x7fffffff > 0x7f800000;
        if (dtype == 10) return bits & 0x7fff > 0x7c00;
        if (dtype == 11) return bits & 0x7fffffffffffffff > 0x7ff0000000000000;
        return false;
    }

    /// @notice Value of an integer dtype.
    function integerOf(uint64 bits, uint8 dtype) internal pure returns (int64) {
        // SAFETY: each cast cuts to the dtype's width, then extends its sign.
        if (dtype == 2 || dtype == 9) return int64(uint64(uint8(bits)));
        if (dtype == 3) return int8(uint8(bits));
        if (dtype == 6) return int32(uint32(bits));
        require(dtype == 7, HonestSet_Incomparable(IntervalKind.Integer, dtype));
        return int64(bits);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Dot} from "../../contracts/libraries/ExactDot.sol";

/// @title PlainDot
/// @notice The slow readable twin of `ExactDot`: docs/operators.md, "Sums", term by term.
library PlainDot {
    int256 private constant WINDOW = 63;
    int256 private constant MIN_TOP = 174;
    int256 private constant MAX_TOP = 380;

    /// @notice The dot product of the first `terms` elements, term by term.
    function dot(bytes memory a, bytes memory b, uint256 terms)
        internal
        pure
        returns (Dot memory result)
    {
        result.terms = terms;
        int256 top = MIN_TOP;
        for (uint256 i = 0; i < terms; ++i) {
            int256 x = _field(_at(a, i));
            int256 y = _field(_at(b, i));
            if (x == 255 || y == 255) result.poisoned = true;
            if (x > 0 && y > 0 && x + y > top) top = x + y;
        }
        if (result.poisoned || top > MAX_TOP) {
            result.poisoned = true;
            return result;
        }
        result.exponent = top - WINDOW - 300;
        result.dropped = terms << 47;
        for (uint256 i = 0; i < terms; ++i) {
            _add(result, _at(a, i), _at(b, i));
        }
        result.magnitude += result.dropped;
    }

    /// @dev Adds one term to the sums of a dot product whose exponent is settled.
    function _add(Dot memory result, uint32 a, uint32 b) private pure {
        if (a & 0x7fffffff == 0 || b & 0x7fffffff == 0) return;
        int256 x = _field(a);
        int256 y = _field(b);
        if (x == 0 || y == 0) {
            // C0: a subnormal operand stands for hull(0, x); the term is below 2^-126 times the binary order above the
            // other operand.
            int256 order = (x > y ? x : y) - 252 - result.exponent;
            if (x == y) order += 1;
            result.dropped += order > 0 ? 1 << uint256(order) : 1;
            return;
        }
        int256 shift = x + y - 300 - result.exponent;
        // Below 2^47 units: in `dropped` from the start, as if it were so for every term.
        if (shift < 0) return;
        uint256 term = (uint256(a & 0x7fffff) | 0x800000) * (uint256(b & 0x7fffff) | 0x800000)
            << uint256(shift);
        result.magnitude += term;
        // SAFETY: a term is below 2^111.
        result.sum += (a ^ b) >> 31 == 0 ? int256(term) : -int256(term);
    }

    function _field(uint32 bits) private pure returns (int256) {
        return int256(uint256((bits >> 23) & 255));
    }

    function _at(bytes memory data, uint256 index) private pure returns (uint32 bits) {
        assembly ("memory-safe") {
            bits := shr(224, mload(add(add(data, 32), mul(4, index))))
        }
        bits = ((bits & 0x00ff00ff) << 8) | ((bits >> 8) & 0x00ff00ff);
        bits = (bits << 16) | (bits >> 16);
    }
}

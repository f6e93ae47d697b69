// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Range} from "../types/Element.sol";
import {Interval} from "../types/Interval.sol";
import {ManifestValue} from "../types/ManifestEntry.sol";
import {TensorType} from "../types/TensorType.sol";

/// @title Unmade
/// @notice Memory arrays of structs that are made elsewhere: `new` would make an empty one for every element first.
/// @dev SAFETY: an element points nowhere until it is set. Whoever takes an array from here sets all of it, or cuts it.
library Unmade {
    function ranges(uint256 length) internal pure returns (Range[] memory result) {
        uint256[] memory pointers = new uint256[](length);
        assembly ("memory-safe") {
            result := pointers
        }
    }

    function types(uint256 length) internal pure returns (TensorType[] memory result) {
        uint256[] memory pointers = new uint256[](length);
        assembly ("memory-safe") {
            result := pointers
        }
    }

    function values(uint256 length) internal pure returns (ManifestValue[] memory result) {
        uint256[] memory pointers = new uint256[](length);
        assembly ("memory-safe") {
            result := pointers
        }
    }

    function intervals(uint256 length) internal pure returns (Interval[] memory result) {
        uint256[] memory pointers = new uint256[](length);
        assembly ("memory-safe") {
            result := pointers
        }
    }

    /// @notice The same ranges, from one place to before another.
    function slice(Range[] memory all, uint256 from, uint256 to)
        internal
        pure
        returns (Range[] memory part)
    {
        part = ranges(to - from);
        assembly ("memory-safe") {
            // SAFETY: callers stay inside of the array.
            mcopy(add(part, 32), add(add(all, 32), shl(5, from)), shl(5, mload(part)))
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Range} from "../types/Element.sol";
import {Unmade} from "./Unmade.sol";

/// @notice The elements of one operand that a reduction reads: a nest of loops over committed indices, outermost first.
/// @param first Committed index of the first element.
/// @param counts Turns of each loop.
/// @param strides Distance between the turns of each loop.
struct Nest {
    uint256 first;
    uint256[] counts;
    uint256[] strides;
}

/// @title Loops
/// @notice Ranges of the elements that a reduction reads. Twin of `sdk/src/operators/loops.ts`.
library Loops {
    /// @notice A nest of `depth` loops, still to be filled in.
    function nest(uint256 depth) internal pure returns (Nest memory) {
        return Nest(0, new uint256[](depth), new uint256[](depth));
    }

    /// @notice The ranges that name the elements of a nest in the order of its loops.
    /// @dev Loops of one turn vanish, a loop that continues the one inside it merges with it, and what is then the
    /// innermost loop becomes one range a turn of the others. Changes `loops`.
    function ranges(uint8 operand, Nest memory loops)
        internal
        pure
        returns (Range[] memory result)
    {
        uint256 depth = _merge(loops);
        uint256 total = 1;
        for (uint256 k = 0; k + 1 < depth; ++k) {
            total *= loops.counts[k];
        }
        result = Unmade.ranges(total);
        for (uint256 turn = 0; turn < total; ++turn) {
            uint256 first = loops.first;
            uint256 rest = turn;
            for (uint256 k = depth; k > 1; --k) {
                first += (rest % loops.counts[k - 2]) * loops.strides[k - 2];
                rest /= loops.counts[k - 2];
            }
            // SAFETY: admission keeps element counts below 2^32.
            result[turn] = depth == 0
                ? Range(operand, uint32(first), 1, 1)
                : Range(
                    operand,
                    uint32(first),
                    uint32(loops.counts[depth - 1]),
                    uint32(loops.strides[depth - 1])
                );
        }
    }

    /// @notice `head`, then `tail`.
    function concat(Range[] memory head, Range[] memory tail)
        internal
        pure
        returns (Range[] memory result)
    {
        result = Unmade.ranges(head.length + tail.length);
        for (uint256 i = 0; i < head.length; ++i) {
            result[i] = head[i];
        }
        for (uint256 i = 0; i < tail.length; ++i) {
            result[head.length + i] = tail[i];
        }
    }

    /// @notice `head`, then the element `index` of an operand.
    function append(Range[] memory head, uint8 operand, uint256 index)
        internal
        pure
        returns (Range[] memory)
    {
        Range[] memory tail = Unmade.ranges(1);
        tail[0] = Range(operand, uint32(index), 1, 1);
        return concat(head, tail);
    }

    /// @dev Moves the merged loops to the front and returns how many there are.
    function _merge(Nest memory loops) private pure returns (uint256 depth) {
        for (uint256 k = 0; k < loops.counts.length; ++k) {
            uint256 count = loops.counts[k];
            uint256 stride = loops.strides[k];
            if (count == 1) continue;
            if (depth > 0 && loops.strides[depth - 1] == count * stride) {
                loops.counts[depth - 1] *= count;
                loops.strides[depth - 1] = stride;
            } else {
                (loops.counts[depth], loops.strides[depth]) = (count, stride);
                ++depth;
            }
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ElementQuery, Range} from "../types/Element.sol";
import {TensorType} from "../types/TensorType.sol";
import {Loops, Nest} from "./Loops.sol";
import {Shape} from "./Shape.sol";

/// @title ReduceAccess
/// @notice What one element of a reduction over whole axes reads.
/// @dev Pure. Twin of `reduceRanges` in `sdk/src/operators/reduce.ts`.
library ReduceAccess {
    /// @notice The elements of operand 0 along the reduced axes, in the order of commitment.
    /// @param reduced One flag an axis.
    function ranges(ElementQuery memory q, bool[] memory reduced)
        internal
        pure
        returns (Range[] memory)
    {
        TensorType memory x = q.inputs[0];
        // Coordinates of the output without its reduced axes are those of the input without them, kept or dropped.
        uint256[] memory at = new uint256[](x.dims.length);
        uint256 rest = q.element;
        uint256 depth = 0;
        for (uint256 k = x.dims.length; k > 0; --k) {
            if (reduced[k - 1]) {
                ++depth;
            } else {
                at[k - 1] = rest % x.dims[k - 1];
                rest /= x.dims[k - 1];
            }
        }
        Nest memory nest = Loops.nest(depth);
        nest.first = Shape.committedAt(x, at);
        depth = 0;
        for (uint256 k = 0; k < x.perm.length; ++k) {
            if (!reduced[x.perm[k]]) continue;
            nest.counts[depth] = x.dims[x.perm[k]];
            nest.strides[depth] = Shape.committedStride(x, x.perm[k]);
            ++depth;
        }
        return Loops.ranges(0, nest);
    }

    /// @notice The axes that the attributes of the node name.
    function named(ElementQuery memory q) internal pure returns (bool[] memory reduced) {
        reduced = new bool[](q.inputs[0].dims.length);
        for (uint256 i = 0; i < q.attributes.length; ++i) {
            reduced[uint256(int256(q.attributes[i]))] = true;
        }
    }
}

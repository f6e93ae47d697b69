// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TensorType} from "../types/TensorType.sol";
import {Loops, Nest} from "./Loops.sol";
import {Shape} from "./Shape.sol";
import {Window, Windows} from "./Window.sol";

/// @title ConvAccess
/// @notice What an element of a convolution reads. Twin: `nestsOf` in `sdk/src/operators/conv.ts`.
library ConvAccess {
    /// @notice The cells of one window and their weights, both in the order of commitment of the input.
    /// @param attributes group, kernel, strides, dilations, begins, ends (docs/protocol.md section 8).
    /// @param at Coordinates of the element in the output.
    function nests(
        int32[] memory attributes,
        TensorType memory input,
        TensorType memory weight,
        uint256[] memory at
    ) internal pure returns (Nest memory x, Nest memory w) {
        Window memory window = Windows.window(attributes, 1, input.dims, at);
        uint256 channels = weight.dims[1];
        x = Loops.nest(input.perm.length - 1);
        w = Loops.nest(input.perm.length - 1);
        uint256[] memory xAt = new uint256[](input.perm.length);
        uint256[] memory wAt = new uint256[](input.perm.length);
        // Whole groups of output channels: the quotient is rounded down on purpose.
        uint256 group = at[1] / (weight.dims[0] / uint256(int256(attributes[0])));
        (xAt[0], xAt[1], wAt[0]) = (at[0], group * channels, at[1]);

        uint256 depth = 0;
        for (uint256 k = 0; k < input.perm.length; ++k) {
            uint256 axis = input.perm[k];
            if (axis == 0) continue;
            uint256 turns = channels;
            uint256 step = 1;
            if (axis > 1) {
                turns = window.counts[axis - 2];
                step = window.dilations[axis - 2];
                xAt[axis] = window.first[axis - 2];
                wAt[axis] = window.kernel[axis - 2];
            }
            (x.counts[depth], w.counts[depth]) = (turns, turns);
            x.strides[depth] = step * Shape.committedStride(input, axis);
            w.strides[depth] = Shape.committedStride(weight, axis);
            ++depth;
        }
        x.first = Shape.committedAt(input, xAt);
        w.first = Shape.committedAt(weight, wAt);
    }
}

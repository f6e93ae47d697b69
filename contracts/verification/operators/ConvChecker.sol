// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../interfaces/IChecker.sol";
import {ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";
import {ExactDot} from "../../libraries/ExactDot.sol";
import {Loops, Nest} from "../../libraries/Loops.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Window, Windows} from "../../libraries/Window.sol";

/// @title ConvChecker
/// @notice Convolutions of any rank: docs/operators.md, "Conv". Twin of `sdk/src/operators/conv.ts`.
contract ConvChecker is IChecker {
    uint16 private constant CONV = 62;

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory) {
        ElementQuery memory q = query;
        require(q.opcode == CONV && q.inputs[0].dtype == 1, Checker_Unsupported(q.opcode));
        uint256[] memory at = Shape.coordinates(q.outputs[0].dims, q.element);
        (Nest memory x, Nest memory w) = _nests(q, at);
        Range[] memory result = Loops.concat(Loops.ranges(0, x), Loops.ranges(1, w));
        return _hasBias(q) ? Loops.append(result, 2, at[1]) : result;
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        require(
            query.opcode == CONV && query.inputs[0].dtype == 1, Checker_Unsupported(query.opcode)
        );
        ExactDot.requireCommitted(operands);
        bytes calldata x = operands[0].data;
        bytes calldata w = operands[1].data;
        if (operands.length < 3) return ExactDot.dotInterval(ExactDot.dot(x, w));
        // The bias is one more term; an absent one has no bytes.
        return ExactDot.dotInterval(ExactDot.dot(x, w, operands[2].data));
    }

    /// @dev Both operands in the same order: the order of commitment of the input.
    function _nests(ElementQuery memory q, uint256[] memory at)
        private
        pure
        returns (Nest memory x, Nest memory w)
    {
        Window memory window = Windows.window(q.attributes, 1, q.inputs[0].dims, at);
        uint256 channels = q.inputs[1].dims[1];
        uint256 filters = q.inputs[1].dims[0] / uint256(int256(q.attributes[0]));
        uint8[] memory perm = q.inputs[0].perm;
        x = Loops.nest(perm.length - 1);
        w = Loops.nest(perm.length - 1);
        uint256[] memory xAt = new uint256[](perm.length);
        uint256[] memory wAt = new uint256[](perm.length);
        (xAt[0], xAt[1], wAt[0]) = (at[0], at[1] / filters * channels, at[1]);

        uint256 depth = 0;
        for (uint256 k = 0; k < perm.length; ++k) {
            uint256 axis = perm[k];
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
            x.strides[depth] = step * Shape.committedStride(q.inputs[0], axis);
            w.strides[depth] = Shape.committedStride(q.inputs[1], axis);
            ++depth;
        }
        x.first = Shape.committedAt(q.inputs[0], xAt);
        w.first = Shape.committedAt(q.inputs[1], wAt);
    }

    function _hasBias(ElementQuery memory q) private pure returns (bool) {
        return q.inputs.length > 2 && q.inputs[2].dtype != 0;
    }
}

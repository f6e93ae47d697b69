// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../interfaces/IChecker.sol";
import {ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";
import {ExactDot} from "../../libraries/ExactDot.sol";
import {Extremes} from "../../libraries/Extremes.sol";
import {Loops, Nest} from "../../libraries/Loops.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Window, Windows} from "../../libraries/Window.sol";

/// @title PoolChecker
/// @notice Sliding pools: AveragePool and MaxPool (docs/operators.md). Twin of `sdk/src/operators/averagePool.ts` and
/// `maxPool.ts`.
contract PoolChecker is IChecker {
    uint16 private constant AVERAGE_POOL = 82;
    uint16 private constant MAX_POOL = 83;

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory) {
        ElementQuery memory q = query;
        _requireServed(q.opcode, q.inputs[0].dtype);
        uint256[] memory at = Shape.coordinates(q.outputs[0].dims, q.element);
        Window memory window = _window(q, at);
        uint8[] memory perm = q.inputs[0].perm;
        Nest memory nest = Loops.nest(perm.length - 2);
        uint256 depth = 0;
        for (uint256 k = 0; k < perm.length; ++k) {
            uint256 axis = perm[k];
            if (axis < 2) continue;
            at[axis] = window.first[axis - 2];
            nest.counts[depth] = window.counts[axis - 2];
            nest.strides[depth] =
                window.dilations[axis - 2] * Shape.committedStride(q.inputs[0], axis);
            ++depth;
        }
        nest.first = Shape.committedAt(q.inputs[0], at);
        return Loops.ranges(0, nest);
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        _requireServed(query.opcode, query.inputs[0].dtype);
        ExactDot.requireCommitted(operands);
        bytes calldata data = operands[0].data;
        if (query.opcode == AVERAGE_POOL) {
            return
                ExactDot.meanInterval(
                    ExactDot.sum(data), _divisor(query, data.length / 4), query.run
                );
        }
        return query.inputs[0].dtype == 1
            ? Extremes.ofFloats(data, true)
            : Extremes.ofIntegers(operands[0], query.inputs[0].dtype, true);
    }

    /// @dev C4: real cells, and with `includePad` padded ones too, but never cells beyond the padding.
    function _divisor(ElementQuery memory q, uint256 cells) private pure returns (uint256) {
        if (q.attributes[0] == 0) return cells;
        return _window(q, Shape.coordinates(q.outputs[0].dims, q.element)).padded;
    }

    function _window(ElementQuery memory q, uint256[] memory at)
        private
        pure
        returns (Window memory)
    {
        return Windows.window(q.attributes, q.opcode == AVERAGE_POOL ? 1 : 0, q.inputs[0].dims, at);
    }

    function _requireServed(uint16 opcode, uint8 dtype) private pure {
        require(
            (opcode == AVERAGE_POOL && dtype == 1)
                || (opcode == MAX_POOL && (dtype == 1 || dtype == 2 || dtype == 3)),
            Checker_Unsupported(opcode)
        );
    }
}

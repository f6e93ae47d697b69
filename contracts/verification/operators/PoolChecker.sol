// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker, IPartialChecker} from "../../interfaces/IChecker.sol";
import {Arithmetic, ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";
import {Dot, ExactDot} from "../../libraries/ExactDot.sol";
import {Extreme, Extremes} from "../../libraries/Extremes.sol";
import {Loops, Nest} from "../../libraries/Loops.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Window, Windows} from "../../libraries/Window.sol";

/// @title PoolChecker
/// @notice Sliding pools: AveragePool and MaxPool (docs/operators.md). Twin of `sdk/src/operators/averagePool.ts` and
/// `maxPool.ts`.
contract PoolChecker is IPartialChecker {
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
        if (query.opcode == AVERAGE_POOL) return _mean(query, ExactDot.sum(operands[0].data));
        return Extremes.among(operands[0], query.inputs[0].dtype, true, _isWgsl(query));
    }

    // ------------------------------------------------------------------ in parts

    /// @inheritdoc IPartialChecker
    function parts(ElementQuery calldata query)
        external
        pure
        returns (uint256 cut, Range[] memory rest)
    {
        _requireServed(query.opcode, query.inputs[0].dtype);
        return (1, new Range[](0));
    }

    /// @inheritdoc IPartialChecker
    /// @dev The hint is the highest order of an average's terms; MaxPool takes none.
    function absorb(
        ElementQuery calldata query,
        uint256 hint,
        bytes calldata state,
        Operand[] calldata operands
    ) external pure returns (bytes memory) {
        uint8 dtype = query.inputs[0].dtype;
        _requireServed(query.opcode, dtype);
        ExactDot.requireCommitted(operands);
        if (query.opcode == AVERAGE_POOL) {
            bytes calldata x = operands[0].data;
            return ExactDot.absorb(state, hint, x, x[0:0]);
        }
        Extreme memory extreme;
        if (state.length != 0) extreme = abi.decode(state, (Extreme));
        return abi.encode(Extremes.plus(extreme, operands[0], dtype, true, _isWgsl(query)));
    }

    /// @inheritdoc IPartialChecker
    function conclude(
        ElementQuery calldata query,
        uint256,
        bytes calldata state,
        Operand[] calldata
    ) external pure returns (Interval memory) {
        uint8 dtype = query.inputs[0].dtype;
        _requireServed(query.opcode, dtype);
        if (query.opcode == AVERAGE_POOL) return _mean(query, abi.decode(state, (Dot)));
        return Extremes.interval(abi.decode(state, (Extreme)), dtype, true);
    }

    function _isWgsl(ElementQuery calldata query) private pure returns (bool) {
        return query.arithmetic == Arithmetic.Wgsl;
    }

    // ------------------------------------------------------------------ windows

    /// @dev C4: over the real cells, and with `includePad` padded ones too, but never cells beyond the padding.
    function _mean(ElementQuery memory q, Dot memory sum) private pure returns (Interval memory) {
        uint256 divisor = q.attributes[0] == 0
            ? sum.terms
            : _window(q, Shape.coordinates(q.outputs[0].dims, q.element)).padded;
        return ExactDot.meanInterval(sum, divisor, q.arithmetic);
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

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker, IPartialChecker} from "../../interfaces/IChecker.sol";
import {Dot, ExactDot} from "../../libraries/ExactDot.sol";
import {Loops, Nest} from "../../libraries/Loops.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Values} from "../../libraries/Values.sol";
import {ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval, IntervalKind} from "../../types/Interval.sol";
import {TensorType} from "../../types/TensorType.sol";

/// @title CumSumChecker
/// @notice CumSum: each element is the sum of a prefix (docs/operators.md). Twin of `sdk/src/operators/cumSum.ts`.
contract CumSumChecker is IPartialChecker {
    uint16 private constant CUM_SUM = 74;
    uint8 private constant FLOAT32 = 1;

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory) {
        _requireServed(query);
        TensorType memory x = query.inputs[0];
        (uint256[] memory at, uint256 axis, uint256 first, uint256 count) = _prefix(query);
        if (count == 0) return new Range[](0);
        at[axis] = first;
        Nest memory prefix = Loops.nest(1);
        prefix.first = Shape.committedAt(x, at);
        prefix.counts[0] = count;
        prefix.strides[0] = Shape.committedStride(x, axis);
        return Loops.ranges(0, prefix);
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        _requireServed(query);
        ExactDot.requireCommitted(operands);
        uint8 dtype = query.inputs[0].dtype;
        if (dtype != FLOAT32) return _integer(_wrapped(operands[0], dtype, 0), dtype);
        (,,, uint256 count) = _prefix(query);
        if (count == 0) return Interval(IntervalKind.Float, 0, 0);
        return ExactDot.dotInterval(ExactDot.sum(operands[0].data), query.arithmetic);
    }

    // ------------------------------------------------------------------ in parts

    /// @inheritdoc IPartialChecker
    function parts(ElementQuery calldata query)
        external
        pure
        returns (uint256 cut, Range[] memory rest)
    {
        _requireServed(query);
        return (1, new Range[](0));
    }

    /// @inheritdoc IPartialChecker
    /// @dev The hint is the highest order of the terms; integers take none.
    function absorb(
        ElementQuery calldata query,
        uint256 hint,
        bytes calldata state,
        Operand[] calldata operands
    ) external pure returns (bytes memory) {
        _requireServed(query);
        ExactDot.requireCommitted(operands);
        uint8 dtype = query.inputs[0].dtype;
        bytes calldata x = operands[0].data;
        if (dtype == FLOAT32) return ExactDot.absorb(state, hint, x, x[0:0]);
        uint64 before = state.length == 0 ? 0 : abi.decode(state, (uint64));
        return abi.encode(_wrapped(operands[0], dtype, before));
    }

    /// @inheritdoc IPartialChecker
    function conclude(
        ElementQuery calldata query,
        uint256,
        bytes calldata state,
        Operand[] calldata
    ) external pure returns (Interval memory) {
        _requireServed(query);
        uint8 dtype = query.inputs[0].dtype;
        // A sum of nothing has no parts.
        if (dtype != FLOAT32) {
            return _integer(state.length == 0 ? 0 : abi.decode(state, (uint64)), dtype);
        }
        if (state.length == 0) return Interval(IntervalKind.Float, 0, 0);
        return ExactDot.dotInterval(abi.decode(state, (Dot)), query.arithmetic);
    }

    // ------------------------------------------------------------------ sums

    /// @dev The elements along the axis that an element sums.
    function _prefix(ElementQuery calldata query)
        private
        pure
        returns (uint256[] memory at, uint256 axis, uint256 first, uint256 count)
    {
        require(query.attributes[0] >= 0, Checker_Unsupported(query.opcode));
        axis = uint256(int256(query.attributes[0]));
        uint32[] memory dims = query.inputs[0].dims;
        at = Shape.coordinates(dims, query.element);
        uint256 own = query.attributes[1] == 0 ? 1 : 0;
        if (query.attributes[2] == 0) return (at, axis, 0, at[axis] + own);
        return (at, axis, at[axis] + 1 - own, dims[axis] - at[axis] - 1 + own);
    }

    /// @dev C4: integers wrap.
    function _wrapped(Operand calldata operand, uint8 dtype, uint64 sum)
        private
        pure
        returns (uint64)
    {
        uint256 width = Values.width(dtype);
        // SAFETY: the low bits are what wrapping keeps.
        unchecked {
            for (uint256 i = 0; i < operand.data.length / width; ++i) {
                sum += Values.patternAt(operand, i, width);
            }
        }
        return sum;
    }

    function _integer(uint64 sum, uint8 dtype) private pure returns (Interval memory) {
        int256 value = Values.integerOf(sum, dtype);
        return Values.integers(value, value);
    }

    function _requireServed(ElementQuery calldata query) private pure {
        uint8 dtype = query.inputs[0].dtype;
        require(
            query.opcode == CUM_SUM && (dtype == FLOAT32 || dtype == 6 || dtype == 7),
            Checker_Unsupported(query.opcode)
        );
    }
}

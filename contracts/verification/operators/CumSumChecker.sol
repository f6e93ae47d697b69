// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../interfaces/IChecker.sol";
import {ExactDot} from "../../libraries/ExactDot.sol";
import {Loops, Nest} from "../../libraries/Loops.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Values} from "../../libraries/Values.sol";
import {ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval, IntervalKind} from "../../types/Interval.sol";
import {TensorType} from "../../types/TensorType.sol";

/// @title CumSumChecker
/// @notice CumSum: each element is the sum of a prefix (docs/operators.md). Twin of `sdk/src/operators/cumSum.ts`.
contract CumSumChecker is IChecker {
    uint16 private constant CUM_SUM = 74;

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
        if (dtype != 1) return _wrapped(operands[0], dtype);
        (,,, uint256 count) = _prefix(query);
        if (count == 0) return Interval(IntervalKind.Float, 0, 0);
        // A scan adds one after the other, whatever the profile's run is.
        return ExactDot.dotInterval(ExactDot.sum(operands[0].data), 0);
    }

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
    function _wrapped(Operand calldata operand, uint8 dtype)
        private
        pure
        returns (Interval memory)
    {
        uint256 width = Values.width(dtype);
        uint64 sum = 0;
        // SAFETY: the low bits are what wrapping keeps.
        unchecked {
            for (uint256 i = 0; i < operand.data.length / width; ++i) {
                sum += Values.patternAt(operand, i, width);
            }
        }
        int256 value = Values.integerOf(sum, dtype);
        return Values.integers(value, value);
    }

    function _requireServed(ElementQuery calldata query) private pure {
        uint8 dtype = query.inputs[0].dtype;
        require(
            query.opcode == CUM_SUM && (dtype == 1 || dtype == 6 || dtype == 7),
            Checker_Unsupported(query.opcode)
        );
    }
}

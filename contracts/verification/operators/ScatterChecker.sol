// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker, IDependentChecker} from "../../interfaces/IChecker.sol";
import {Float32} from "../../libraries/Float32.sol";
import {Indices} from "../../libraries/Indices.sol";
import {Loops, Nest} from "../../libraries/Loops.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Floats, Values} from "../../libraries/Values.sol";
import {Unmade} from "../../libraries/Unmade.sol";
import {ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval, IntervalKind} from "../../types/Interval.sol";
import {TensorType} from "../../types/TensorType.sol";

/// @title ScatterChecker
/// @notice ScatterElements and ScatterND: the element of the updates that an index sends here, else the element of the data. First the indices that may name
/// this place are read, then that element.
/// @dev Twin: `sdk/src/operators/scatter.ts`. Where several updates name one place the standard leaves open which one stays: anything between them is accepted.
contract ScatterChecker is IDependentChecker {
    uint16 private constant SCATTER_ELEMENTS = 259;
    uint16 private constant SCATTER_ND = 260;

    /// @dev The updates that name a place.
    /// @param unknown An index is not one number in range.
    struct Hits {
        bool unknown;
        uint256 count;
        uint256[] updates; // committed indices
    }

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory result) {
        require(
            query.opcode == SCATTER_ELEMENTS || query.opcode == SCATTER_ND,
            Checker_Unsupported(query.opcode)
        );
        TensorType memory indices = query.inputs[1];
        uint256 rank = indices.dims.length;
        if (query.opcode == SCATTER_ND) {
            Nest memory all = Loops.nest(rank);
            for (uint256 k = 0; k < rank; ++k) {
                all.counts[k] = indices.dims[k];
                all.strides[k] = Shape.committedStride(indices, k);
            }
            return Loops.ranges(1, all);
        }
        uint256[] memory at = Shape.coordinates(query.outputs[0].dims, query.element);
        uint256 axis = _axis(query);
        if (!_inside(indices, at, axis)) return result;
        at[axis] = 0;
        Nest memory line = Loops.nest(1);
        line.first = Shape.committedAt(indices, at);
        line.counts[0] = indices.dims[axis];
        line.strides[0] = Shape.committedStride(indices, axis);
        return Loops.ranges(1, line);
    }

    /// @inheritdoc IDependentChecker
    function dependentRanges(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Range[] memory result)
    {
        Hits memory hits = _hits(query, operands);
        if (hits.unknown) return result;
        if (hits.count == 0) {
            uint256 own = Shape.committedIndex(query.inputs[0], query.element);
            return Loops.append(result, 0, own);
        }
        result = Unmade.ranges(hits.count);
        for (uint256 i = 0; i < hits.count; ++i) {
            // SAFETY: admission keeps element counts below 2^32.
            result[i] = Range(2, uint32(hits.updates[i]), 1, 1);
        }
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        Hits memory hits = _hits(query, operands);
        if (hits.unknown) return Float32.anything();
        uint8 dtype = query.outputs[0].dtype;
        if (hits.count == 0) return Values.moved(operands[0], 0, dtype);
        if (hits.count == 1) return Values.moved(operands[2], 0, dtype);
        return _between(operands[2], hits.count, dtype);
    }

    function _hits(ElementQuery calldata query, Operand[] calldata operands)
        private
        pure
        returns (Hits memory)
    {
        uint256[] memory at = Shape.coordinates(query.outputs[0].dims, query.element);
        return query.opcode == SCATTER_ND
            ? _tuples(query, operands[1], at)
            : _line(query, operands[1], at);
    }

    /// @dev ScatterElements: the indices along the axis.
    function _line(ElementQuery calldata query, Operand calldata read, uint256[] memory at)
        private
        pure
        returns (Hits memory hits)
    {
        TensorType memory updates = query.inputs[2];
        uint256 axis = _axis(query);
        if (!_inside(query.inputs[1], at, axis)) return hits;
        uint256 target = at[axis];
        uint256 size = query.outputs[0].dims[axis];
        uint256 count = query.inputs[1].dims[axis];
        uint8 dtype = query.inputs[1].dtype;
        hits.updates = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            (bool known, uint256 index) = Indices.at(read, i, dtype, size);
            if (!known) hits.unknown = true;
            if (!known || index != target) continue;
            at[axis] = i;
            hits.updates[hits.count++] = Shape.committedAt(updates, at);
        }
    }

    /// @dev ScatterND: all tuples of indices.
    function _tuples(ElementQuery calldata query, Operand calldata read, uint256[] memory at)
        private
        pure
        returns (Hits memory hits)
    {
        TensorType memory indices = query.inputs[1];
        uint256 named = indices.dims[indices.dims.length - 1];
        uint256 count = Shape.count(indices.dims) / named;
        hits.updates = new uint256[](count);
        for (uint256 tuple = 0; tuple < count; ++tuple) {
            (bool known, bool same) = _names(query, read, tuple, at);
            if (!known) hits.unknown = true;
            if (!same) continue;
            hits.updates[hits.count++] = _ofTuple(indices, query.inputs[2], tuple, at);
        }
    }

    /// @dev Whether all indices of a tuple are known, and name the place.
    function _names(
        ElementQuery calldata query,
        Operand calldata read,
        uint256 tuple,
        uint256[] memory at
    ) private pure returns (bool known, bool same) {
        TensorType calldata indices = query.inputs[1];
        uint256 named = indices.dims[indices.dims.length - 1];
        same = true;
        for (uint256 k = 0; k < named; ++k) {
            uint256 index;
            (known, index) =
                Indices.at(read, tuple * named + k, indices.dtype, query.outputs[0].dims[k]);
            if (!known) return (false, false);
            same = same && index == at[k];
        }
    }

    /// @dev Committed index in the updates of the coordinates of the tuple, then those of the output behind the named axes.
    function _ofTuple(
        TensorType memory indices,
        TensorType memory updates,
        uint256 tuple,
        uint256[] memory at
    ) private pure returns (uint256) {
        uint256 outer = indices.dims.length - 1;
        uint256[] memory from = new uint256[](updates.dims.length);
        for (uint256 k = outer; k > 0; --k) {
            from[k - 1] = tuple % indices.dims[k - 1];
            tuple /= indices.dims[k - 1];
        }
        for (uint256 k = outer; k < from.length; ++k) {
            from[k] = at[k - outer + indices.dims[outer]];
        }
        return Shape.committedAt(updates, from);
    }

    /// @dev All that lies between the updates of one place; anything for types without an order.
    function _between(Operand calldata updates, uint256 count, uint8 dtype)
        private
        pure
        returns (Interval memory)
    {
        if (dtype == 10 || dtype == 11) return Float32.anything();
        int256 low = type(int256).max;
        int256 high = type(int256).min;
        for (uint256 i = 0; i < count; ++i) {
            bool unknown;
            int256 least;
            int256 most;
            if (dtype == 1) {
                Floats memory x = Values.floatAt(updates, i);
                (unknown, least, most) = (x.any, x.low, x.high);
            } else {
                (unknown, least, most) = Values.integerAt(updates, i, dtype);
            }
            if (unknown) return Float32.anything();
            if (least < low) low = least;
            if (most > high) high = most;
        }
        // SAFETY: keys and integers have 64 bits.
        return
            Interval(
                dtype == 1 ? IntervalKind.Float : IntervalKind.Integer, int64(low), int64(high)
            );
    }

    /// @dev Whether the indices reach the line along `axis` that `at` is on.
    function _inside(TensorType memory indices, uint256[] memory at, uint256 axis)
        private
        pure
        returns (bool)
    {
        for (uint256 k = 0; k < at.length; ++k) {
            if (k != axis && at[k] >= indices.dims[k]) return false;
        }
        return true;
    }

    function _axis(ElementQuery calldata query) private pure returns (uint256) {
        require(query.attributes[0] >= 0, Checker_Unsupported(query.opcode));
        return uint256(int256(query.attributes[0]));
    }
}

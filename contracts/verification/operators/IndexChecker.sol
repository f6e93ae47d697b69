// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker, IDependentChecker} from "../../interfaces/IChecker.sol";
import {Float32} from "../../libraries/Float32.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Values} from "../../libraries/Values.sol";
import {ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";
import {TensorType} from "../../types/TensorType.sol";

/// @title IndexChecker
/// @notice Operators that copy the element which an index names: first the index is read, then the element.
/// @dev Twin: `sdk/src/operators/indexed.ts`. Attributes: docs/protocol.md section 8. Admission puts a Clip before the indices (C5); one that is out of
/// range all the same was not made by that Clip, whose own element convicts: here it accepts anything.
contract IndexChecker is IDependentChecker {
    uint16 private constant GATHER = 256;

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory result) {
        require(query.opcode == GATHER, Checker_Unsupported(query.opcode));
        uint256[] memory at = coordinates(query);
        uint256 axis = axisOf(query);
        TensorType memory indices = query.inputs[1];
        uint256[] memory own = new uint256[](indices.dims.length);
        for (uint256 k = 0; k < own.length; k++) {
            own[k] = at[axis + k];
        }
        result = new Range[](1);
        result[0] = Range(1, Shape.committedAt(indices, own), 1, 1);
    }

    /// @inheritdoc IDependentChecker
    function dependentRanges(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Range[] memory result)
    {
        (bool known, uint256 index) = indexOf(query, operands);
        if (!known) return result;
        uint256 axis = axisOf(query);
        uint256[] memory at = coordinates(query);
        TensorType memory data = query.inputs[0];
        uint256 rank = query.inputs[1].dims.length;
        uint256[] memory from = new uint256[](data.dims.length);
        for (uint256 k = 0; k < from.length; k++) {
            from[k] = k < axis ? at[k] : k == axis ? index : at[k + rank - 1];
        }
        result = new Range[](1);
        result[0] = Range(0, Shape.committedAt(data, from), 1, 1);
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        (bool known,) = indexOf(query, operands);
        if (!known) return Float32.anything();
        return Values.moved(operands[0], 0, query.outputs[0].dtype);
    }

    /// @dev The index that was read, counted from the front.
    /// @return known Whether it is one index, and in range.
    function indexOf(ElementQuery calldata query, Operand[] calldata operands)
        private
        pure
        returns (bool known, uint256 index)
    {
        (bool poison, int256 low, int256 high) =
            Values.integerAt(operands[1], 0, query.inputs[1].dtype);
        int256 size = int256(uint256(query.inputs[0].dims[axisOf(query)]));
        if (poison || low != high || low < -size || low >= size) return (false, 0);
        return (true, uint256(low < 0 ? low + size : low));
    }

    function coordinates(ElementQuery calldata query) private pure returns (uint256[] memory) {
        return Shape.coordinates(query.outputs[0].dims, query.element);
    }

    function axisOf(ElementQuery calldata query) private pure returns (uint256) {
        require(query.attributes[0] >= 0, Checker_Unsupported(query.opcode));
        return uint256(int256(query.attributes[0]));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../interfaces/IChecker.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Unmade} from "../../libraries/Unmade.sol";
import {Values} from "../../libraries/Values.sol";
import {ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";
import {TensorType} from "../../types/TensorType.sol";

/// @title MovementChecker
/// @notice Operators that copy elements: each output element is one operand element (or Pad's constant), bit for bit.
/// @dev Twin: `sdk/src/operators/movement.ts`. Attributes: docs/protocol.md section 8.
contract MovementChecker is IChecker {
    uint16 private constant IDENTITY = 1;
    uint16 private constant RESHAPE = 2;
    uint16 private constant TRANSPOSE = 3;
    uint16 private constant CONCAT = 4;
    uint16 private constant SLICE = 5;
    uint16 private constant GATHER = 6;
    uint16 private constant PAD = 7;
    uint16 private constant EXPAND = 8;
    uint16 private constant TILE = 9;
    uint16 private constant SPLIT = 10;

    uint256 private constant REFLECT = 1;
    uint256 private constant EDGE = 2;
    uint256 private constant WRAP = 3;

    /// @dev Where an output element comes from.
    struct Source {
        bool isConstant; // Pad's value
        uint8 operand;
        uint32 index; // committed
    }

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory result) {
        Source memory source = sourceOf(query);
        if (source.isConstant) return result;
        result = Unmade.ranges(1);
        result[0] = Range(source.operand, source.index, 1, 1);
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        Source memory source = sourceOf(query);
        uint8 dtype = query.outputs[query.output].dtype;
        if (!source.isConstant) return Values.moved(operands[source.operand], 0, dtype);
        // SAFETY: the attribute's bits, sign-extended to the width of an integer type.
        uint64 pattern = uint64(int64(query.attributes[query.attributes.length - 1]));
        uint256 width = 8 * Values.width(dtype);
        return Values.bits(width == 64 ? pattern : uint64(pattern & ((1 << width) - 1)));
    }

    function sourceOf(ElementQuery calldata query) private pure returns (Source memory) {
        uint16 opcode = query.opcode;
        TensorType memory input = query.inputs[0];
        uint256[] memory at = Shape.coordinates(query.outputs[query.output].dims, query.element);
        if (opcode == RESHAPE) {
            return Source(false, 0, Shape.committedIndex(input, query.element));
        }
        if (opcode == EXPAND) return Source(false, 0, Shape.broadcastAt(input, at));
        if (opcode == CONCAT) return concatenated(query, at);
        if (opcode == PAD && !unpad(query.attributes, input.dims, at)) return Source(true, 0, 0);
        if (opcode == TRANSPOSE) at = transposed(query.attributes, at);
        else if (opcode == SLICE) stepThrough(query.attributes, at);
        else if (opcode == GATHER) at = gathered(query, at);
        else if (opcode == TILE) wrap(input.dims, at);
        else if (opcode == SPLIT) shift(query, at);
        else require(opcode == IDENTITY || opcode == PAD, Checker_Unsupported(opcode));
        return Source(false, 0, Shape.committedAt(input, at));
    }

    /// @dev Axis k of the output is axis perm[k] of the input.
    function transposed(int32[] calldata perm, uint256[] memory at)
        private
        pure
        returns (uint256[] memory from)
    {
        from = new uint256[](at.length);
        for (uint256 k = 0; k < at.length; k++) {
            from[word(perm[k])] = at[k];
        }
    }

    /// @dev Moves `at` from the output to the input that holds it.
    function concatenated(ElementQuery calldata query, uint256[] memory at)
        private
        pure
        returns (Source memory)
    {
        uint256 axis = word(query.attributes[0]);
        uint256 operand = 0;
        while (at[axis] >= query.inputs[operand].dims[axis]) {
            at[axis] -= query.inputs[operand].dims[axis];
            operand += 1;
        }
        // SAFETY: a node has at most 255 inputs.
        return Source(false, uint8(operand), Shape.committedAt(query.inputs[operand], at));
    }

    /// @dev Attributes: a start for every axis, then a step for every axis.
    function stepThrough(int32[] calldata attributes, uint256[] memory at) private pure {
        for (uint256 k = 0; k < at.length; k++) {
            at[k] =
                positive(int256(attributes[k]) + int256(attributes[at.length + k]) * int256(at[k]));
        }
    }

    /// @dev Attributes: axis, rank of the indices, the indices in row-major order (constants, C5),
    /// whose axes replace `axis` in the output.
    function gathered(ElementQuery calldata query, uint256[] memory at)
        private
        pure
        returns (uint256[] memory from)
    {
        uint256 axis = word(query.attributes[0]);
        uint256 rank = word(query.attributes[1]);
        uint256 position = 0;
        for (uint256 k = axis; k < axis + rank; k++) {
            position = position * query.outputs[0].dims[k] + at[k];
        }
        from = new uint256[](at.length + 1 - rank);
        for (uint256 k = 0; k < axis; k++) {
            from[k] = at[k];
        }
        from[axis] = word(query.attributes[2 + position]);
        for (uint256 k = axis + 1; k < from.length; k++) {
            from[k] = at[k + rank - 1];
        }
    }

    function wrap(uint32[] memory dims, uint256[] memory at) private pure {
        for (uint256 k = 0; k < at.length; k++) {
            at[k] %= dims[k];
        }
    }

    /// @dev Skips what the outputs before this one took along the axis.
    function shift(ElementQuery calldata query, uint256[] memory at) private pure {
        uint256 axis = word(query.attributes[0]);
        for (uint256 i = 0; i < query.output; i++) {
            at[axis] += query.outputs[i].dims[axis];
        }
    }

    /// @dev Attributes: begin for every axis, end for every axis, mode, value. Moves `at` into the
    /// input; false where the element is padding of mode constant.
    function unpad(int32[] calldata attributes, uint32[] memory dims, uint256[] memory at)
        private
        pure
        returns (bool)
    {
        uint256 mode = word(attributes[2 * at.length]);
        for (uint256 k = 0; k < at.length; k++) {
            int256 last = int256(uint256(dims[k])) - 1;
            int256 position = int256(at[k]) - attributes[k];
            if (position < 0 || position > last) {
                if (mode == REFLECT) position = position < 0 ? -position : 2 * last - position;
                else if (mode == EDGE) position = position < 0 ? int256(0) : last;
                else if (mode == WRAP) position += position < 0 ? last + 1 : -last - 1;
                else return false;
            }
            at[k] = positive(position);
        }
        return true;
    }

    function word(int32 attribute) private pure returns (uint256) {
        return positive(attribute);
    }

    /// @dev A negative coordinate belongs to no node that admission lets pass.
    function positive(int256 coordinate) private pure returns (uint256) {
        require(coordinate >= 0, Checker_Unsupported(0));
        return uint256(coordinate);
    }
}

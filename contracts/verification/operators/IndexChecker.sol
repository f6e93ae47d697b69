// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker, IDependentChecker} from "../../interfaces/IChecker.sol";
import {Float32} from "../../libraries/Float32.sol";
import {Indices} from "../../libraries/Indices.sol";
import {Loops, Nest} from "../../libraries/Loops.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Values} from "../../libraries/Values.sol";
import {ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";
import {TensorType} from "../../types/TensorType.sol";

/// @title IndexChecker
/// @notice Operators that copy the element which indices name: first the indices are read, then the element. Gather, GatherElements, GatherND.
/// @dev Twin: `sdk/src/operators/indexed.ts`. Attributes: docs/protocol.md section 8. Admission puts a Clip before the indices (C5); one that is out of
/// range all the same was not made by that Clip, whose own element convicts: here it accepts anything.
contract IndexChecker is IDependentChecker {
    uint16 private constant GATHER = 256;
    uint16 private constant GATHER_ELEMENTS = 257;
    uint16 private constant GATHER_ND = 258;

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory) {
        require(
            query.opcode >= GATHER && query.opcode <= GATHER_ND, Checker_Unsupported(query.opcode)
        );
        uint256[] memory at = coordinates(query);
        TensorType memory indices = query.inputs[1];
        uint256 rank = indices.dims.length;
        uint256[] memory own = new uint256[](rank);
        if (query.opcode != GATHER_ND) {
            uint256 first = query.opcode == GATHER ? axisOf(query) : 0;
            for (uint256 k = 0; k < rank; k++) {
                own[k] = at[first + k];
            }
            return Loops.append(new Range[](0), 1, Shape.committedAt(indices, own));
        }
        for (uint256 k = 0; k + 1 < rank; k++) {
            own[k] = at[k];
        }
        Nest memory tuple = Loops.nest(1);
        tuple.first = Shape.committedAt(indices, own);
        tuple.counts[0] = indices.dims[rank - 1];
        tuple.strides[0] = Shape.committedStride(indices, rank - 1);
        return Loops.ranges(1, tuple);
    }

    /// @inheritdoc IDependentChecker
    function dependentRanges(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Range[] memory result)
    {
        (bool known, uint256[] memory from) = sourceOf(query, operands);
        if (!known) return result;
        return Loops.append(result, 0, Shape.committedAt(query.inputs[0], from));
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        (bool known,) = sourceOf(query, operands);
        if (!known) return Float32.anything();
        return Values.moved(operands[0], 0, query.outputs[0].dtype);
    }

    /// @dev Coordinates of the element that the indices name.
    /// @return known Whether each index is one number, and in range.
    function sourceOf(ElementQuery calldata query, Operand[] calldata operands)
        private
        pure
        returns (bool known, uint256[] memory from)
    {
        uint256[] memory at = coordinates(query);
        uint256 axis = axisOf(query);
        uint32[] memory dims = query.inputs[0].dims;
        uint256 rank = query.inputs[1].dims.length;
        // The axes from `axis` on that the indices name, and the axes of the output that these take.
        uint256 named = query.opcode == GATHER_ND ? query.inputs[1].dims[rank - 1] : 1;
        uint256 taken = query.opcode == GATHER
            ? rank
            : query.opcode == GATHER_ND ? rank - 1 - axis : uint256(1);
        from = new uint256[](dims.length);
        for (uint256 k = 0; k < dims.length; k++) {
            if (k < axis) {
                from[k] = at[k];
            } else if (k >= axis + named) {
                from[k] = at[k - named + taken];
            } else {
                (known, from[k]) = Indices.at(operands[1], k - axis, query.inputs[1].dtype, dims[k]);
                if (!known) return (false, from);
            }
        }
    }

    function coordinates(ElementQuery calldata query) private pure returns (uint256[] memory) {
        return Shape.coordinates(query.outputs[0].dims, query.element);
    }

    /// @dev First axis that the indices name: GatherND's number of batch axes.
    function axisOf(ElementQuery calldata query) private pure returns (uint256) {
        require(query.attributes[0] >= 0, Checker_Unsupported(query.opcode));
        return uint256(int256(query.attributes[0]));
    }
}

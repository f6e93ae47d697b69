// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../interfaces/IChecker.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Unmade} from "../../libraries/Unmade.sol";
import {Values} from "../../libraries/Values.sol";
import {ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";

/// @title SpaceChecker
/// @notice Operators that rearrange space: DepthToSpace, SpaceToDepth, and Resize of mode nearest. Each output element is one input element, bit for bit.
/// @dev Twin: `sdk/src/operators/space.ts`. Attributes: docs/protocol.md section 8.
contract SpaceChecker is IChecker {
    uint16 private constant DEPTH_TO_SPACE = 13;
    uint16 private constant SPACE_TO_DEPTH = 14;
    uint16 private constant RESIZE = 15;

    int32 private constant CRD = 1;

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory result) {
        result = Unmade.ranges(1);
        uint32[] memory dims = query.inputs[0].dims;
        uint256[] memory from = sourceOf(query, dims);
        result[0] = Range(0, Shape.committedAt(query.inputs[0], from), 1, 1);
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        _requireServed(query.opcode);
        return Values.moved(operands[0], 0, query.outputs[0].dtype);
    }

    /// @dev Coordinates of the input element that the output element is.
    function sourceOf(ElementQuery calldata query, uint32[] memory dims)
        private
        pure
        returns (uint256[] memory at)
    {
        _requireServed(query.opcode);
        at = Shape.coordinates(query.outputs[0].dims, query.element);
        if (query.opcode == DEPTH_TO_SPACE) {
            _deep(query, at);
        } else if (query.opcode == SPACE_TO_DEPTH) {
            _flat(query, dims, at);
        } else {
            for (uint256 axis = 0; axis < at.length; ++axis) {
                at[axis] = _nearest(query.attributes, dims, axis, at[axis]);
            }
        }
    }

    /// @dev Attributes: block, mode. A block of space is one place of b x b as many channels.
    function _deep(ElementQuery calldata query, uint256[] memory at) private pure {
        uint256 block_ = _word(query.attributes[0]);
        uint256 cell = (at[2] % block_) * block_ + at[3] % block_;
        at[1] = query.attributes[1] == CRD
            ? at[1] * block_ * block_ + cell
            : cell * query.outputs[0].dims[1] + at[1];
        at[2] /= block_;
        at[3] /= block_;
    }

    /// @dev Attribute: block. The inverse of mode DCR.
    function _flat(ElementQuery calldata query, uint32[] memory dims, uint256[] memory at)
        private
        pure
    {
        uint256 block_ = _word(query.attributes[0]);
        uint256 cell = at[1] / dims[1];
        at[1] %= dims[1];
        at[2] = at[2] * block_ + cell / block_;
        at[3] = at[3] * block_ + cell % block_;
    }

    /// @dev Attributes: factor, offset and divisor of every axis. The element at floor((factor position + offset) / divisor), or the nearest that there is.
    function _nearest(
        int32[] calldata attributes,
        uint32[] memory dims,
        uint256 axis,
        uint256 position
    ) private pure returns (uint256) {
        int256 scaled = int256(attributes[axis]) * int256(position) + attributes[dims.length + axis];
        if (scaled < 0) return 0;
        uint256 from = uint256(scaled) / _word(attributes[2 * dims.length + axis]);
        return from < dims[axis] ? from : dims[axis] - 1;
    }

    /// @dev A negative word belongs to no node that admission lets pass.
    function _word(int32 attribute) private pure returns (uint256) {
        require(attribute >= 0, Checker_Unsupported(0));
        return uint256(int256(attribute));
    }

    function _requireServed(uint16 opcode) private pure {
        require(opcode >= DEPTH_TO_SPACE && opcode <= RESIZE, Checker_Unsupported(opcode));
    }
}

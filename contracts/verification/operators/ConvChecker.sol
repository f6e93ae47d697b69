// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker, IPartialChecker} from "../../interfaces/IChecker.sol";
import {ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";
import {TensorType} from "../../types/TensorType.sol";
import {ConvAccess} from "../../libraries/ConvAccess.sol";
import {Dot, ExactDot} from "../../libraries/ExactDot.sol";
import {Loops, Nest} from "../../libraries/Loops.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Unmade} from "../../libraries/Unmade.sol";

/// @title ConvChecker
/// @notice Conv and ConvTranspose of any rank: docs/operators.md. Twin of `sdk/src/operators/conv.ts` and
/// `convTranspose.ts`.
contract ConvChecker is IPartialChecker {
    uint16 private constant CONV = 62;
    uint16 private constant CONV_TRANSPOSE = 63;

    /// @dev Kernel positions and the input coordinates that they multiply, of one axis.
    struct Taps {
        uint256[] kernel;
        uint256[] input;
    }

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory) {
        ElementQuery memory q = query;
        _requireServed(q.opcode, q.inputs[0].dtype);
        uint256[] memory at = Shape.coordinates(q.outputs[0].dims, q.element);
        Range[] memory result;
        if (q.opcode == CONV) {
            (Nest memory x, Nest memory w) =
                ConvAccess.nests(q.attributes, q.inputs[0], q.inputs[1], at);
            result = Loops.concat(Loops.ranges(0, x), Loops.ranges(1, w));
        } else {
            result = _transposed(q, at);
        }
        return _hasBias(q) ? Loops.append(result, 2, at[1]) : result;
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        _requireServed(query.opcode, query.inputs[0].dtype);
        ExactDot.requireCommitted(operands);
        bytes calldata x = operands[0].data;
        bytes calldata w = operands[1].data;
        if (operands.length < 3) return ExactDot.dotInterval(ExactDot.dot(x, w), query.arithmetic);
        // The bias is one more term; an absent one has no bytes.
        return ExactDot.dotInterval(ExactDot.dot(x, w, operands[2].data), query.arithmetic);
    }

    // ------------------------------------------------------------------ in parts

    /// @inheritdoc IPartialChecker
    function parts(ElementQuery calldata query)
        external
        pure
        returns (uint256 cut, Range[] memory rest)
    {
        ElementQuery memory q = query;
        _requireServed(q.opcode, q.inputs[0].dtype);
        rest = new Range[](0);
        if (_hasBias(q)) {
            rest = Loops.append(rest, 2, Shape.coordinates(q.outputs[0].dims, q.element)[1]);
        }
        return (3, rest);
    }

    /// @inheritdoc IPartialChecker
    function absorb(
        ElementQuery calldata query,
        uint256 hint,
        bytes calldata state,
        Operand[] calldata operands
    ) external pure returns (bytes memory) {
        _requireServed(query.opcode, query.inputs[0].dtype);
        ExactDot.requireCommitted(operands);
        return ExactDot.absorb(state, hint, operands[0].data, operands[1].data);
    }

    /// @inheritdoc IPartialChecker
    function conclude(
        ElementQuery calldata query,
        uint256 hint,
        bytes calldata state,
        Operand[] calldata operands
    ) external pure returns (Interval memory) {
        _requireServed(query.opcode, query.inputs[0].dtype);
        ExactDot.requireCommitted(operands);
        Dot memory sum = abi.decode(state, (Dot));
        if (operands.length > 2) {
            bytes calldata bias = operands[2].data;
            sum = ExactDot.plus(sum, hint, bias, bias[0:0]);
        }
        return ExactDot.dotInterval(sum, query.arithmetic);
    }

    // ------------------------------------------------------------------ ConvTranspose

    /// @dev The channels of the group at each cell that reaches the element, of the input, then of the weights.
    function _transposed(ElementQuery memory q, uint256[] memory at)
        private
        pure
        returns (Range[] memory result)
    {
        uint256 rank = at.length - 2;
        Taps[] memory taps = new Taps[](rank);
        uint256 cells = 1;
        for (uint256 axis = 0; axis < rank; ++axis) {
            taps[axis] = _taps(q, axis, at[axis + 2]);
            cells *= taps[axis].kernel.length;
        }
        result = Unmade.ranges(2 * cells);
        uint256 perGroup = q.inputs[1].dims[1];
        uint256 channels = q.inputs[0].dims[1] / uint256(int256(q.attributes[0]));
        uint256[] memory x = new uint256[](rank + 2);
        uint256[] memory w = new uint256[](rank + 2);
        (x[0], x[1]) = (at[0], at[1] / perGroup * channels);
        (w[0], w[1]) = (x[1], at[1] % perGroup);
        for (uint256 cell = 0; cell < cells; ++cell) {
            uint256 rest = cell;
            for (uint256 axis = rank; axis > 0; --axis) {
                Taps memory own = taps[axis - 1];
                x[axis + 1] = own.input[rest % own.input.length];
                w[axis + 1] = own.kernel[rest % own.input.length];
                rest /= own.input.length;
            }
            result[cell] = _channels(0, q.inputs[0], x, 1, channels);
            result[cells + cell] = _channels(1, q.inputs[1], w, 0, channels);
        }
    }

    /// @dev `count` channels from `at` on.
    function _channels(
        uint8 operand,
        TensorType memory tensor,
        uint256[] memory at,
        uint256 axis,
        uint256 count
    ) private pure returns (Range memory) {
        uint32 stride = count == 1 ? 1 : Shape.committedStride(tensor, axis);
        return Range(operand, Shape.committedAt(tensor, at), uint32(count), stride);
    }

    /// @dev Which kernel positions carry which input cells to output position `place` of an axis.
    function _taps(ElementQuery memory q, uint256 axis, uint256 place)
        private
        pure
        returns (Taps memory taps)
    {
        uint256 rank = q.inputs[0].dims.length - 2;
        // kernel, stride, dilation, begin
        uint256[4] memory own;
        for (uint256 k = 0; k < 4; ++k) {
            own[k] = uint256(int256(q.attributes[1 + k * rank + axis]));
        }
        taps = Taps(new uint256[](own[0]), new uint256[](own[0]));
        uint256 count = 0;
        for (uint256 kernel = 0; kernel < own[0]; ++kernel) {
            if (kernel * own[2] > place + own[3]) break;
            uint256 reach = place + own[3] - kernel * own[2];
            if (reach % own[1] != 0 || reach / own[1] >= q.inputs[0].dims[axis + 2]) continue;
            (taps.kernel[count], taps.input[count]) = (kernel, reach / own[1]);
            ++count;
        }
        (uint256[] memory kernels, uint256[] memory inputs) = (taps.kernel, taps.input);
        assembly ("memory-safe") {
            mstore(kernels, count) // only shrinks
            mstore(inputs, count)
        }
    }

    function _requireServed(uint16 opcode, uint8 dtype) private pure {
        require(
            (opcode == CONV || opcode == CONV_TRANSPOSE) && dtype == 1, Checker_Unsupported(opcode)
        );
    }

    function _hasBias(ElementQuery memory q) private pure returns (bool) {
        return q.inputs.length > 2 && q.inputs[2].dtype != 0;
    }
}

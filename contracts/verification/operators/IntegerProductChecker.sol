// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker, IPartialChecker} from "../../interfaces/IChecker.sol";
import {ConvAccess} from "../../libraries/ConvAccess.sol";
import {ExactDot} from "../../libraries/ExactDot.sol";
import {Float32} from "../../libraries/Float32.sol";
import {ByteSums, IntegerDot} from "../../libraries/IntegerDot.sol";
import {Loops, Nest} from "../../libraries/Loops.sol";
import {MatrixAccess} from "../../libraries/MatrixAccess.sol";
import {Quantization} from "../../libraries/Quantization.sol";
import {Real, Reals, Rounding} from "../../libraries/Reals.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Floats, Values} from "../../libraries/Values.sol";
import {ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";

/// @title IntegerProductChecker
/// @notice Sums of products of 8-bit integers: MatMulInteger, ConvInteger, QLinearMatMul, QLinearConv
/// (docs/operators.md). Twin of `sdk/src/operators/integerProduct.ts` and the files of those operators.
contract IntegerProductChecker is IPartialChecker {
    using Reals for Real;

    uint16 private constant MAT_MUL_INTEGER = 102;
    uint16 private constant CONV_INTEGER = 103;
    uint16 private constant Q_LINEAR_MAT_MUL = 104;
    uint16 private constant Q_LINEAR_CONV = 105;

    uint8 private constant UINT8 = 2;
    uint8 private constant INT8 = 3;

    /// @dev Operand of the bias of QLinearConv.
    uint256 private constant BIAS = 8;

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory result) {
        ElementQuery memory q = query;
        _requireServed(q.opcode);
        uint256[] memory at = Shape.coordinates(q.outputs[0].dims, q.element);
        uint8 second = _second(q.opcode);
        Range[] memory weights;
        (result, weights) = _isConv(q.opcode) ? _conv(q, at, second) : _matMul(q, at, second);
        return _ranges(q, result, weights);
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        ByteSums memory empty;
        return _finish(query, operands, _added(query, operands, empty));
    }

    // ------------------------------------------------------------------ in parts

    /// @inheritdoc IPartialChecker
    function parts(ElementQuery calldata query)
        external
        pure
        returns (uint256 cut, Range[] memory rest)
    {
        ElementQuery memory q = query;
        _requireServed(q.opcode);
        uint8 second = _second(q.opcode);
        return ((1 << second) | 1, _ranges(q, new Range[](0), new Range[](0)));
    }

    /// @inheritdoc IPartialChecker
    /// @dev Takes no hint: zero points and scales come with the verdict.
    function absorb(
        ElementQuery calldata query,
        uint256,
        bytes calldata state,
        Operand[] calldata operands
    ) external pure returns (bytes memory) {
        ByteSums memory total;
        if (state.length != 0) total = abi.decode(state, (ByteSums));
        return abi.encode(_added(query, operands, total));
    }

    /// @inheritdoc IPartialChecker
    function conclude(
        ElementQuery calldata query,
        uint256,
        bytes calldata state,
        Operand[] calldata operands
    ) external pure returns (Interval memory) {
        _requireServed(query.opcode);
        return _finish(query, operands, abi.decode(state, (ByteSums)));
    }

    // ------------------------------------------------------------------ access patterns

    /// @dev The factors, with the scales, zero points and bias of the element, by ascending operand.
    function _ranges(ElementQuery memory q, Range[] memory result, Range[] memory weights)
        private
        pure
        returns (Range[] memory)
    {
        uint256[] memory at = Shape.coordinates(q.outputs[0].dims, q.element);
        bool isConv = _isConv(q.opcode);
        // Of the parameters that one filter or column has.
        uint256 own = 0;
        if (isConv) own = at[1];
        else if (at.length > 0) own = at[at.length - 1];
        if (q.opcode < Q_LINEAR_MAT_MUL) {
            return _entry(q, _entry(q, Loops.concat(result, weights), 2, 0), 3, own);
        }
        result = _entry(q, _entry(q, result, 1, 0), 2, 0);
        result = Loops.concat(result, weights);
        result = _entry(q, _entry(q, result, 4, own), 5, own);
        result = _entry(q, _entry(q, result, 6, 0), 7, 0);
        return isConv ? _entry(q, result, BIAS, own) : result;
    }

    /// @dev Operand of the second factor.
    function _second(uint16 opcode) private pure returns (uint8) {
        return opcode >= Q_LINEAR_MAT_MUL ? 3 : 1;
    }

    function _isConv(uint16 opcode) private pure returns (bool) {
        return opcode == CONV_INTEGER || opcode == Q_LINEAR_CONV;
    }

    function _matMul(ElementQuery memory q, uint256[] memory at, uint8 second)
        private
        pure
        returns (Range[] memory, Range[] memory)
    {
        return (
            MatrixAccess.row(0, q.inputs[0], q.inputs[second], at),
            MatrixAccess.column(second, q.inputs[0], q.inputs[second], at)
        );
    }

    function _conv(ElementQuery memory q, uint256[] memory at, uint8 second)
        private
        pure
        returns (Range[] memory, Range[] memory)
    {
        (Nest memory x, Nest memory w) =
            ConvAccess.nests(q.attributes, q.inputs[0], q.inputs[second], at);
        return (Loops.ranges(0, x), Loops.ranges(second, w));
    }

    /// @dev One element more: the first of an operand that has only one, none of an absent one.
    function _entry(ElementQuery memory q, Range[] memory head, uint256 operand, uint256 index)
        private
        pure
        returns (Range[] memory)
    {
        if (operand >= q.inputs.length || q.inputs[operand].dtype == 0) return head;
        // SAFETY: operand <= 8.
        return
            Loops.append(head, uint8(operand), Shape.count(q.inputs[operand].dims) == 1 ? 0 : index);
    }

    // ------------------------------------------------------------------ values

    /// @dev With the products of these operands.
    function _added(ElementQuery calldata query, Operand[] calldata operands, ByteSums memory total)
        private
        pure
        returns (ByteSums memory)
    {
        _requireServed(query.opcode);
        ExactDot.requireCommitted(operands);
        uint8 second = _second(query.opcode);
        return IntegerDot.plus(
            total,
            operands[0].data,
            _isSigned(query, 0),
            operands[second].data,
            _isSigned(query, second)
        );
    }

    /// @dev What follows from the sums, with zero points, scales and bias.
    function _finish(
        ElementQuery calldata query,
        Operand[] calldata operands,
        ByteSums memory total
    ) private pure returns (Interval memory) {
        ExactDot.requireCommitted(operands);
        uint8 second = _second(query.opcode);
        int256 sum = IntegerDot.value(
            total,
            _isSigned(query, 0),
            _integer(query, operands, 2),
            _isSigned(query, second),
            _integer(query, operands, second + 2)
        );
        if (query.opcode <= CONV_INTEGER) {
            // C4: integers wrap. SAFETY: the low 32 bits are what wrapping keeps.
            sum = int32(uint32(uint256(sum)));
            return Values.integers(sum, sum);
        }
        if (_has(query, BIAS)) sum += _integer(query, operands, BIAS);
        return _requantized(query, operands, sum);
    }

    /// @dev A sum of products times the scales of both operands over the result's, rounded, with its zero point (C4).
    function _requantized(ElementQuery calldata query, Operand[] calldata operands, int256 sum)
        private
        pure
        returns (Interval memory)
    {
        // C4: admission refuses sums that may leave int32.
        if (sum < type(int32).min || sum > type(int32).max) return Float32.anything();
        (bool ordinary, Real memory product, Real memory divisor) = _scales(operands);
        if (!ordinary) return Float32.anything();
        product = product.mul(Real(sum, 0), Rounding.Odd);
        int256 zero = _integer(query, operands, 7);
        return Quantization.quantized(
            product.div(divisor, Rounding.Down),
            product.div(divisor, Rounding.Up),
            zero,
            zero,
            query.outputs[0].dtype
        );
    }

    /// @dev The product of both operands' scales, exact, and the scale of the result. Not `ordinary` where a factor may
    /// have been flushed, or is beyond float32: it says nothing.
    function _scales(Operand[] calldata operands)
        private
        pure
        returns (bool ordinary, Real memory product, Real memory divisor)
    {
        Real memory factor;
        (ordinary, product) = _scale(operands[1]);
        if (ordinary) (ordinary, factor) = _scale(operands[4]);
        if (ordinary) (ordinary, divisor) = _scale(operands[6]);
        if (!ordinary) return (false, product, divisor);
        product = product.mul(factor, Rounding.Odd);
        ordinary = _isOrdinary(product) && _isOrdinary(product.div(divisor, Rounding.Odd));
    }

    /// @dev A scale; not `ordinary` where it is 0, subnormal, infinite or NaN.
    function _scale(Operand calldata operand)
        private
        pure
        returns (bool ordinary, Real memory value)
    {
        Floats memory x = Values.floatAt(operand, 0);
        int256 size = x.low < 0 ? -x.low : x.low;
        ordinary =
            !x.any && x.low == x.high && size >= Float32.MIN_NORMAL && size < Float32.INFINITY;
        if (ordinary) value = Reals.fromKey(x.low);
    }

    /// @dev From 2^-126 to below 2^95, so that no sum within int32 reaches 2^127.
    function _isOrdinary(Real memory factor) private pure returns (bool) {
        Real memory size = factor.abs();
        return size.compare(Real(1, -126)) >= 0 && size.compare(Real(1, 95)) < 0;
    }

    /// @dev The one element of an integer operand that is read; 0 where it is absent.
    function _integer(ElementQuery calldata query, Operand[] calldata operands, uint256 index)
        private
        pure
        returns (int256 value)
    {
        if (_has(query, index)) {
            (, value,) = Values.integerAt(operands[index], 0, query.inputs[index].dtype);
        }
    }

    function _has(ElementQuery calldata query, uint256 index) private pure returns (bool) {
        return index < query.inputs.length && query.inputs[index].dtype != 0;
    }

    function _isSigned(ElementQuery calldata query, uint256 index) private pure returns (bool) {
        uint8 dtype = query.inputs[index].dtype;
        require(dtype == UINT8 || dtype == INT8, Checker_Unsupported(query.opcode));
        return dtype == INT8;
    }

    function _requireServed(uint16 opcode) private pure {
        require(opcode >= MAT_MUL_INTEGER && opcode <= Q_LINEAR_CONV, Checker_Unsupported(opcode));
    }
}

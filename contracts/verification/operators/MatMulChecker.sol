// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker, IPartialChecker} from "../../interfaces/IChecker.sol";
import {Arithmetic, ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";
import {TensorType} from "../../types/TensorType.sol";
import {Dot, ExactDot} from "../../libraries/ExactDot.sol";
import {Float32} from "../../libraries/Float32.sol";
import {Loops} from "../../libraries/Loops.sol";
import {MatrixAccess} from "../../libraries/MatrixAccess.sol";
import {Real, Reals, Rounding} from "../../libraries/Reals.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Values} from "../../libraries/Values.sol";

/// @title MatMulChecker
/// @notice MatMul and Gemm: docs/operators.md. Twin of `sdk/src/operators/matMul.ts` and `gemm.ts`.
contract MatMulChecker is IPartialChecker {
    using Reals for Real;

    /// @dev A real interval, and the largest magnitude on the way to it.
    struct Ends {
        Real low;
        Real high;
        Real magnitude;
    }

    uint16 private constant MAT_MUL = 60;
    uint16 private constant GEMM = 61;

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory) {
        TensorType memory a = query.inputs[0];
        TensorType memory b = query.inputs[1];
        _requireServed(query.opcode, a.dtype);
        uint256[] memory at = Shape.coordinates(query.outputs[0].dims, query.element);
        if (query.opcode == GEMM) return _gemmRanges(query, a, b, at);
        return Loops.concat(MatrixAccess.row(0, a, b, at), MatrixAccess.column(1, a, b, at));
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        _requireServed(query.opcode, query.inputs[0].dtype);
        ExactDot.requireCommitted(operands);
        bytes calldata c = _addend(query, operands);
        if (_isAffine(query, c)) {
            Dot memory product = ExactDot.dot(operands[0].data, operands[1].data);
            return _affine(
                product,
                uint32(query.attributes[2]),
                uint32(query.attributes[3]),
                c,
                query.arithmetic
            );
        }
        // C is one more term.
        return
            ExactDot.dotInterval(
                ExactDot.dot(operands[0].data, operands[1].data, c), query.arithmetic
            );
    }

    /// @dev C of Gemm; nothing where it is absent.
    function _addend(ElementQuery calldata query, Operand[] calldata operands)
        private
        pure
        returns (bytes calldata c)
    {
        c = operands[operands.length - 1].data;
        if (query.opcode != GEMM || operands.length < 3) c = c[0:0];
    }

    /// @dev Whether alpha or beta scale anything.
    function _isAffine(ElementQuery calldata query, bytes calldata c) private pure returns (bool) {
        if (query.opcode != GEMM) return false;
        return uint32(query.attributes[2]) != Float32.ONE
            || (c.length != 0 && uint32(query.attributes[3]) != Float32.ONE);
    }

    /// @dev As `evaluate`, the terms added up already.
    function _finish(
        ElementQuery calldata query,
        Dot memory product,
        uint256 top,
        Operand[] calldata operands
    ) private pure returns (Interval memory) {
        bytes calldata c = _addend(query, operands);
        if (_isAffine(query, c)) {
            return _affine(
                product,
                uint32(query.attributes[2]),
                uint32(query.attributes[3]),
                c,
                query.arithmetic
            );
        }
        return ExactDot.dotInterval(ExactDot.plus(product, top, c, c[0:0]), query.arithmetic);
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
        if (q.opcode == GEMM && q.inputs.length > 2 && q.inputs[2].dtype != 0) {
            rest = Loops.append(
                rest,
                2,
                Shape.broadcastAt(q.inputs[2], Shape.coordinates(q.outputs[0].dims, q.element))
            );
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
        return _finish(query, abi.decode(state, (Dot)), hint, operands);
    }

    // ------------------------------------------------------------------ access patterns

    function _gemmRanges(
        ElementQuery calldata query,
        TensorType memory a,
        TensorType memory b,
        uint256[] memory at
    ) private pure returns (Range[] memory result) {
        // transA and transB are 0 or 1: the axis that is not reduced is 0 or 1 of A, 1 or 0 of B.
        uint256 transA = uint256(int256(query.attributes[0]));
        uint256 transB = uint256(int256(query.attributes[1]));
        uint256[] memory inA = new uint256[](2);
        uint256[] memory inB = new uint256[](2);
        inA[transA] = at[0];
        inB[1 - transB] = at[1];
        result = Loops.concat(
            MatrixAccess.line(0, a, inA, 1 - transA), MatrixAccess.line(1, b, inB, transB)
        );
        if (query.inputs.length > 2 && query.inputs[2].dtype != 0) {
            result = Loops.append(result, 2, Shape.broadcastAt(query.inputs[2], at));
        }
    }

    // ------------------------------------------------------------------ alpha and beta

    /// @dev alpha times a dot product, plus beta times C (which may be absent): at most four more roundings a term.
    function _affine(
        Dot memory value,
        uint32 alpha,
        uint32 beta,
        bytes calldata c,
        Arithmetic arithmetic
    ) private pure returns (Interval memory) {
        // C2
        if (value.poisoned) return Float32.anything();
        uint256 roundings = ExactDot.roundingsOf(value.terms, 4, arithmetic);
        uint256 error_ = ExactDot.tolerance(value, roundings, 1);
        if (ExactDot.mayOverflow(value.magnitude + error_, value.exponent)) {
            return Float32.anything();
        }
        Ends memory total = _scaled(value, error_, alpha);
        if (c.length != 0) {
            uint32 bits = Float32.at(c, 0);
            if (!Float32.isFinite(bits)) return Float32.anything();
            Ends memory addend = _product(beta, bits, roundings);
            total.low = total.low.add(addend.low, Rounding.Down);
            total.high = total.high.add(addend.high, Rounding.Up);
            total.magnitude = total.magnitude.add(addend.magnitude, Rounding.Up);
        }
        // Both scalings and the additions may flush.
        Real memory underflow = Real(int256(4 * roundings), -126);
        total.low = total.low.sub(underflow, Rounding.Down);
        total.high = total.high.add(underflow, Rounding.Up);
        // C2
        if (Values.overflows(total.magnitude.add(underflow, Rounding.Up))) {
            return Float32.anything();
        }
        return Float32.interval(total.low.ceilKey(), total.high.floorKey());
    }

    /// @dev alpha times a dot product and its tolerance.
    function _scaled(Dot memory value, uint256 error_, uint32 alpha)
        private
        pure
        returns (Ends memory result)
    {
        Real memory factor = Reals.fromKey(Float32.keyOf(alpha));
        int256 low = value.sum - int256(error_);
        int256 high = value.sum + int256(error_);
        if (factor.m < 0) {
            factor.m = -factor.m;
            (low, high) = (-high, -low);
        }
        int256 size = int256(value.magnitude + error_);
        result.low = Reals.round(low, value.exponent, Rounding.Down).mul(factor, Rounding.Down);
        result.high = Reals.round(high, value.exponent, Rounding.Up).mul(factor, Rounding.Up);
        result.magnitude = Reals.round(size, value.exponent, Rounding.Up).mul(factor, Rounding.Up);
    }

    /// @dev A product of two floats with its relative error.
    function _product(uint32 a, uint32 b, uint256 roundings)
        private
        pure
        returns (Ends memory result)
    {
        Real memory product =
            Reals.fromKey(Float32.keyOf(a)).mul(Reals.fromKey(Float32.keyOf(b)), Rounding.Down);
        int256 n = int256(roundings);
        int256 size = product.abs().m;
        int256 error_ = (n * size + (1 << 24) - n - 1) / ((1 << 24) - n);
        // C0: a subnormal operand stands for hull(0, x).
        if (b & 0x7f800000 == 0) error_ += size;
        result.low = Real(product.m - error_, product.e);
        result.high = Real(product.m + error_, product.e);
        result.magnitude = Real(size + error_, product.e);
    }

    function _requireServed(uint16 opcode, uint8 dtype) private pure {
        require((opcode == MAT_MUL || opcode == GEMM) && dtype == 1, Checker_Unsupported(opcode));
    }
}

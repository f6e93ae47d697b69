// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../interfaces/IChecker.sol";
import {Float32} from "../../libraries/Float32.sol";
import {Quantization} from "../../libraries/Quantization.sol";
import {Real, Reals, Rounding} from "../../libraries/Reals.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Floats, Values} from "../../libraries/Values.sol";
import {Unmade} from "../../libraries/Unmade.sol";
import {Arithmetic, ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";

/// @title QuantizeChecker
/// @notice QuantizeLinear and DequantizeLinear: docs/operators.md. Twin of `sdk/src/operators/quantizeLinear.ts` and
/// `dequantizeLinear.ts`.
contract QuantizeChecker is IChecker {
    using Reals for Real;
    using Values for Floats;

    uint16 private constant QUANTIZE_LINEAR = 100;
    uint16 private constant DEQUANTIZE_LINEAR = 101;

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory result) {
        ElementQuery memory q = query;
        _requireServed(q.opcode);
        uint256[] memory at = Shape.coordinates(q.outputs[0].dims, q.element);
        uint256 axis = uint256(int256(q.attributes[0]));
        uint256 block_ = uint256(int256(q.attributes[1]));
        bool hasZero = q.inputs.length > 2 && q.inputs[2].dtype != 0;
        result = Unmade.ranges(hasZero ? 3 : 2);
        result[0] = Range(0, Shape.committedAt(q.inputs[0], at), 1, 1);
        for (uint256 i = 1; i < result.length; ++i) {
            uint32 first = Quantization.parameterAt(q.inputs[i], at, axis, block_);
            // SAFETY: i < 3.
            result[i] = Range(uint8(i), first, 1, 1);
        }
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        _requireServed(query.opcode);
        bool hasZero = query.inputs.length > 2 && query.inputs[2].dtype != 0;
        bool poison;
        int256 low = 0;
        int256 high = 0;
        if (hasZero) {
            (poison, low, high) = Values.integerAt(operands[2], 0, query.inputs[2].dtype);
        }
        if (poison) return Float32.anything();
        return query.opcode == QUANTIZE_LINEAR
            ? _quantized(query, operands, low, high)
            : _dequantized(query, operands, low, high);
    }

    function _quantized(
        ElementQuery calldata query,
        Operand[] calldata operands,
        int256 zeroLow,
        int256 zeroHigh
    ) private pure returns (Interval memory) {
        (bool poison, Real memory low, Real memory high) = Values.quotientEnds(
            Values.floatAt(operands[0], 0), Values.floatAt(operands[1], 0)
        );
        if (poison) return Float32.anything();
        // C2; ONNX Runtime converts to int32 before it saturates where scales are blocked.
        Real memory limit = Real(1, query.attributes[1] == 0 ? int256(127) : int256(30));
        if (low.abs().max(high.abs()).compare(limit) >= 0) return Float32.anything();
        return Quantization.quantized(low, high, zeroLow, zeroHigh, query.outputs[0].dtype);
    }

    function _dequantized(
        ElementQuery calldata query,
        Operand[] calldata operands,
        int256 zeroLow,
        int256 zeroHigh
    ) private pure returns (Interval memory) {
        (bool poison, int256 low, int256 high) =
            Values.integerAt(operands[0], 0, query.inputs[0].dtype);
        Floats memory scale = Values.floatAt(operands[1], 0);
        if (poison || !scale.isFinite()) return Float32.anything();
        (Real memory least, Real memory most) =
            _product(Real(low - zeroHigh, 0), Real(high - zeroLow, 0), scale);
        // 2 ulp: a conversion of the difference, and the product; in WGSL 3.
        int256 ulps = query.arithmetic == Arithmetic.Wgsl ? int256(3) : int256(2);
        return Values.around(least, most, Real(ulps, -23), Real(0, 0));
    }

    /// @dev Ends of the products of reals from `a` to `b` and a scale. 58 bits: exact.
    function _product(Real memory a, Real memory b, Floats memory scale)
        private
        pure
        returns (Real memory, Real memory)
    {
        (Real memory c, Real memory d) = (Reals.fromKey(scale.low), Reals.fromKey(scale.high));
        Real memory ac = a.mul(c, Rounding.Odd);
        Real memory ad = a.mul(d, Rounding.Odd);
        Real memory bc = b.mul(c, Rounding.Odd);
        Real memory bd = b.mul(d, Rounding.Odd);
        return (ac.min(ad).min(bc.min(bd)), ac.max(ad).max(bc.max(bd)));
    }

    function _requireServed(uint16 opcode) private pure {
        require(
            opcode == QUANTIZE_LINEAR || opcode == DEQUANTIZE_LINEAR, Checker_Unsupported(opcode)
        );
    }
}

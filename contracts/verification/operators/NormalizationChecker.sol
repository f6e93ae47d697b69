// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker, IPartialChecker} from "../../interfaces/IChecker.sol";
import {Arithmetic, ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";
import {TensorType} from "../../types/TensorType.sol";
import {Dot, ExactDot} from "../../libraries/ExactDot.sol";
import {Float32} from "../../libraries/Float32.sol";
import {Loops, Nest} from "../../libraries/Loops.sol";
import {Real, Reals, Rounding} from "../../libraries/Reals.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Floats, Values} from "../../libraries/Values.sol";

/// @title NormalizationChecker
/// @notice LayerNormalization in two passes: docs/operators.md. Twin of `sdk/src/operators/layerNormalization.ts`.
contract NormalizationChecker is IPartialChecker {
    using Reals for Real;
    using Values for Floats;

    uint16 private constant LAYER_NORMALIZATION = 92;
    uint256 private constant FIELD_OF_ONE = 127;

    /// @dev The reals from `low` to `high`.
    struct Span {
        Real low;
        Real high;
    }

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory result) {
        ElementQuery memory q = query;
        _requireServed(q.opcode, q.inputs[0].dtype);
        uint256[] memory at = Shape.coordinates(q.outputs[0].dims, q.element);
        (Nest memory row,) = _row(q, at);
        return _withScale(q, Loops.ranges(0, row), at);
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        _requireServed(query.opcode, query.inputs[0].dtype);
        ExactDot.requireCommitted(operands);
        Dot memory sum = ExactDot.sum(operands[0].data);
        Dot memory squares = ExactDot.dot(operands[0].data, operands[0].data);
        (, uint256 position) = _row(query, Shape.coordinates(query.outputs[0].dims, query.element));
        return _finish(query, sum, squares, position, operands);
    }

    // ------------------------------------------------------------------ in parts

    /// @dev What parts add up to: the sums of x and of x^2.
    struct Moments {
        Dot sum;
        Dot squares;
    }

    /// @inheritdoc IPartialChecker
    function parts(ElementQuery calldata query)
        external
        pure
        returns (uint256 cut, Range[] memory rest)
    {
        ElementQuery memory q = query;
        _requireServed(q.opcode, q.inputs[0].dtype);
        uint256[] memory at = Shape.coordinates(q.outputs[0].dims, q.element);
        rest = Loops.append(new Range[](0), 0, Shape.committedAt(q.inputs[0], at));
        return (1, _withScale(q, rest, at));
    }

    /// @inheritdoc IPartialChecker
    /// @dev The hint is the highest exponent field of the row.
    function absorb(
        ElementQuery calldata query,
        uint256 hint,
        bytes calldata state,
        Operand[] calldata operands
    ) external pure returns (bytes memory) {
        _requireServed(query.opcode, query.inputs[0].dtype);
        ExactDot.requireCommitted(operands);
        require(hint < 256, Checker_WrongHint(hint));
        Moments memory total;
        if (state.length != 0) total = abi.decode(state, (Moments));
        bytes calldata x = operands[0].data;
        total.sum = ExactDot.plus(total.sum, hint + FIELD_OF_ONE, x, x[0:0]);
        total.squares = ExactDot.plus(total.squares, 2 * hint, x, x);
        return abi.encode(total);
    }

    /// @inheritdoc IPartialChecker
    function conclude(
        ElementQuery calldata query,
        uint256,
        bytes calldata state,
        Operand[] calldata operands
    ) external pure returns (Interval memory) {
        _requireServed(query.opcode, query.inputs[0].dtype);
        ExactDot.requireCommitted(operands);
        Moments memory total = abi.decode(state, (Moments));
        return _finish(query, total.sum, total.squares, 0, operands);
    }

    // ------------------------------------------------------------------ verdict

    /// @param position Of the element among those of the first operand.
    function _finish(
        ElementQuery calldata query,
        Dot memory sum,
        Dot memory squares,
        uint256 position,
        Operand[] calldata operands
    ) private pure returns (Interval memory) {
        // C2
        if (sum.poisoned || squares.poisoned || _overflows(squares, query.arithmetic)) {
            return Float32.anything();
        }
        (bool defined, Span memory root) =
            _deviation(sum, squares, uint32(query.attributes[1]), query.arithmetic);
        if (!defined) return Float32.anything();
        Floats memory x = Values.floatAt(operands[0], position);
        Span memory value = _distance(x, sum, query.arithmetic);
        // Roundings of WGSL are twice as far.
        int256 factor = query.arithmetic == Arithmetic.Wgsl ? int256(2) : int256(1);
        return _affine(_normalized(value, root, factor), operands, factor);
    }

    // ------------------------------------------------------------------ access pattern

    /// @dev With the element of scale, and that of bias where there is one.
    function _withScale(ElementQuery memory q, Range[] memory head, uint256[] memory at)
        private
        pure
        returns (Range[] memory result)
    {
        result = Loops.append(head, 1, Shape.broadcastAt(q.inputs[1], at));
        if (q.inputs.length > 2 && q.inputs[2].dtype != 0) {
            result = Loops.append(result, 2, Shape.broadcastAt(q.inputs[2], at));
        }
    }

    /// @dev The elements that are normalised together, in the order of commitment, and the position of the one in question.
    function _row(ElementQuery memory q, uint256[] memory at)
        private
        pure
        returns (Nest memory row, uint256 position)
    {
        TensorType memory x = q.inputs[0];
        uint256 axis = uint256(int256(q.attributes[0]));
        row = Loops.nest(x.dims.length - axis);
        uint256[] memory start = new uint256[](x.dims.length);
        for (uint256 k = 0; k < axis; ++k) {
            start[k] = at[k];
        }
        row.first = Shape.committedAt(x, start);
        uint256 depth = 0;
        for (uint256 k = 0; k < x.perm.length; ++k) {
            uint256 own = x.perm[k];
            if (own < axis) continue;
            row.counts[depth] = x.dims[own];
            row.strides[depth] = Shape.committedStride(x, own);
            position = position * x.dims[own] + at[own];
            ++depth;
        }
    }

    // ------------------------------------------------------------------ two passes

    function _overflows(Dot memory squares, Arithmetic arithmetic) private pure returns (bool) {
        uint256 error_ =
            ExactDot.tolerance(squares, ExactDot.roundingsOf(squares.terms, 8, arithmetic), 1);
        return ExactDot.mayOverflow(squares.magnitude + error_, squares.exponent);
    }

    /// @dev `sqrt(variance + epsilon)` as a machine may have it; undefined where it may be 0.
    function _deviation(Dot memory sum, Dot memory squares, uint32 epsilon, Arithmetic arithmetic)
        private
        pure
        returns (bool defined, Span memory root)
    {
        uint256 n = sum.terms;
        uint256 roundings = ExactDot.roundingsOf(n, 8, arithmetic);
        // The computed mean is off by at most e, which adds e^2.
        uint256 error_ = ExactDot.tolerance(sum, ExactDot.roundingsOf(n, 2, arithmetic), n);
        Real memory e = _over(int256(error_), sum.exponent, n, Rounding.Up);
        Span memory variance = _variance(sum, squares);
        variance.high = variance.high.add(e.mul(e, Rounding.Up), Rounding.Up);
        // n + 8 roundings and flushes on the way to the variance.
        Real memory gamma =
            Real(int256(roundings), 0).div(Real(int256((1 << 24) - roundings), 0), Rounding.Up);
        Real memory underflow = Real(int256(4 * roundings), -126);
        Real memory plus = Reals.fromKey(Float32.keyOf(epsilon));
        if (arithmetic == Arithmetic.Wgsl) {
            root = _onePass(sum, squares, e, gamma);
        } else {
            root.low = variance.low.sub(variance.low.mul(gamma, Rounding.Up), Rounding.Down);
            root.high = variance.high.add(variance.high.mul(gamma, Rounding.Up), Rounding.Up);
        }
        root.low = root.low.sub(underflow, Rounding.Down);
        // A mean of squared distances is never negative; a difference of two sums may be.
        if (root.low.m < 0 && arithmetic != Arithmetic.Wgsl) root.low = Real(0, 0);
        root.low = root.low.add(plus, Rounding.Down);
        root.high = root.high.add(underflow, Rounding.Up).add(plus, Rounding.Up);
        // A machine that flushes divides by 0 below 2^-126.
        if (root.low.compare(Real(1, -125)) < 0) return (false, root);
        root.low = root.low.sqrt(Rounding.Down);
        root.high = root.high.sqrt(Rounding.Up);
        return (true, root);
    }

    /// @dev The variance as shaders compute it, the mean of squares minus the square of the mean: off by gamma of the mean of
    /// squares, and by 2 |m| e + 2 e^2 where the mean m is off by e.
    function _onePass(Dot memory sum, Dot memory squares, Real memory e, Real memory gamma)
        private
        pure
        returns (Span memory variance)
    {
        uint256 n = sum.terms;
        Real memory size = _over(int256(squares.magnitude), squares.exponent, n, Rounding.Up);
        int256 total = sum.sum < 0 ? -sum.sum : sum.sum;
        Real memory mean = _over(total + int256(sum.dropped), sum.exponent, n, Rounding.Up);
        Real memory slack = mean.add(e, Rounding.Up).mul(e, Rounding.Up).scale(1);
        slack = slack.add(size.mul(gamma, Rounding.Up), Rounding.Up);
        variance = _variance(sum, squares);
        variance.low = variance.low.sub(slack, Rounding.Down);
        variance.high = variance.high.add(slack, Rounding.Up);
    }

    /// @dev The variance of the operands, subnormals flushed or not: mean of squares minus square of the mean.
    function _variance(Dot memory sum, Dot memory squares)
        private
        pure
        returns (Span memory variance)
    {
        uint256 n = sum.terms;
        int256 dropped = int256(sum.dropped);
        Real memory low = _over(sum.sum - dropped, sum.exponent, n, Rounding.Down);
        Real memory high = _over(sum.sum + dropped, sum.exponent, n, Rounding.Up);
        Real memory nearest = Real(0, 0);
        if (low.m > 0) nearest = low;
        if (high.m < 0) nearest = high;
        Real memory farthest = low.abs().max(high.abs());
        dropped = int256(squares.dropped);
        variance.low = _over(squares.sum - dropped, squares.exponent, n, Rounding.Down);
        variance.low = variance.low.sub(farthest.mul(farthest, Rounding.Up), Rounding.Down);
        if (variance.low.m < 0) variance.low = Real(0, 0);
        variance.high = _over(squares.sum + dropped, squares.exponent, n, Rounding.Up);
        variance.high = variance.high.sub(nearest.mul(nearest, Rounding.Down), Rounding.Up);
    }

    /// @dev The element minus the mean as a machine may have it, before rounding.
    function _distance(Floats memory element, Dot memory sum, Arithmetic arithmetic)
        private
        pure
        returns (Span memory)
    {
        uint256 n = sum.terms;
        int256 error_ = int256(ExactDot.tolerance(sum, ExactDot.roundingsOf(n, 2, arithmetic), n));
        Real memory low = _over(sum.sum - error_, sum.exponent, n, Rounding.Down);
        Real memory high = _over(sum.sum + error_, sum.exponent, n, Rounding.Up);
        return Span(
            Reals.fromKey(element.low).sub(high, Rounding.Down),
            Reals.fromKey(element.high).sub(low, Rounding.Up)
        );
    }

    /// @dev The distance over the deviation, with 16 u for the rounding of the distance, the sum with epsilon, the root,
    /// the quotient (or reciprocal) and a product.
    function _normalized(Span memory distance, Span memory root, int256 factor)
        private
        pure
        returns (Span memory value)
    {
        value.low = distance.low.div(distance.low.m < 0 ? root.low : root.high, Rounding.Down);
        value.high = distance.high.div(distance.high.m < 0 ? root.high : root.low, Rounding.Up);
        Real memory slack = _magnitude(value).mul(Real(16 * factor, -24), Rounding.Up);
        slack = slack.add(Real(2 * factor, -126), Rounding.Up);
        value.low = value.low.sub(slack, Rounding.Down);
        value.high = value.high.add(slack, Rounding.Up);
    }

    /// @dev Times scale, plus bias.
    function _affine(Span memory value, Operand[] calldata operands, int256 factor)
        private
        pure
        returns (Interval memory)
    {
        Floats memory scale = Values.floatAt(operands[1], 0);
        Floats memory bias;
        if (operands.length > 2 && operands[2].data.length != 0) {
            bias = Values.floatAt(operands[2], 0);
        }
        if (!scale.isFinite() || !bias.isFinite()) return Float32.anything();
        return _sum(_product(value, _span(scale)), _span(bias), factor);
    }

    function _sum(Span memory value, Span memory addend, int256 factor)
        private
        pure
        returns (Interval memory)
    {
        Real memory size = _magnitude(value).add(_magnitude(addend), Rounding.Up);
        Real memory slack = size.mul(Real(2 * factor, -24), Rounding.Up);
        slack = slack.add(Real(4 * factor, -126), Rounding.Up);
        // C2
        if (Values.overflows(size.add(slack, Rounding.Up))) return Float32.anything();
        Real memory low = value.low.add(addend.low, Rounding.Down).sub(slack, Rounding.Down);
        Real memory high = value.high.add(addend.high, Rounding.Up).add(slack, Rounding.Up);
        return Float32.interval(low.ceilKey(), high.floorKey());
    }

    function _product(Span memory a, Span memory b) private pure returns (Span memory result) {
        result.low = a.low.mul(b.low, Rounding.Down).min(a.low.mul(b.high, Rounding.Down));
        result.low =
            result.low.min(a.high.mul(b.low, Rounding.Down).min(a.high.mul(b.high, Rounding.Down)));
        result.high = a.low.mul(b.low, Rounding.Up).max(a.low.mul(b.high, Rounding.Up));
        result.high =
            result.high.max(a.high.mul(b.low, Rounding.Up).max(a.high.mul(b.high, Rounding.Up)));
    }

    function _span(Floats memory floats) private pure returns (Span memory) {
        return Span(Reals.fromKey(floats.low), Reals.fromKey(floats.high));
    }

    function _magnitude(Span memory span) private pure returns (Real memory) {
        return span.low.abs().max(span.high.abs());
    }

    /// @dev `value * 2^exponent / n`.
    function _over(int256 value, int256 exponent, uint256 n, Rounding rounding)
        private
        pure
        returns (Real memory)
    {
        return Reals.round(value, exponent, rounding).div(Real(int256(n), 0), rounding);
    }

    function _requireServed(uint16 opcode, uint8 dtype) private pure {
        require(opcode == LAYER_NORMALIZATION && dtype == 1, Checker_Unsupported(opcode));
    }
}

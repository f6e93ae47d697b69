// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../interfaces/IChecker.sol";
import {ExactDot} from "../../libraries/ExactDot.sol";
import {Float32} from "../../libraries/Float32.sol";
import {Real, Reals, Rounding} from "../../libraries/Reals.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Floats, Values} from "../../libraries/Values.sol";
import {Unmade} from "../../libraries/Unmade.sol";
import {Arithmetic, ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";

/// @title ResizeChecker
/// @notice Resize of mode linear: a weighted mean of neighbours whose weights follow from the manifest (docs/operators.md).
/// @dev Twin: `sdk/src/operators/interpolation.ts`. Attributes: factor, offset and divisor of every axis, in lowest terms.
contract ResizeChecker is IChecker {
    using Reals for Real;

    uint16 private constant RESIZE_LINEAR = 110;

    /// @dev A neighbour over all axes.
    /// @param index Committed index; `weight` times the product of all divisors.
    struct Term {
        uint256 index;
        uint256 weight;
    }

    /// @dev The neighbours along one axis: as many as `count` says of position and weight times the divisor.
    struct Neighbours {
        uint256 count;
        uint256[3] positions;
        uint256[3] weights;
    }

    /// @dev Sums over the terms.
    struct Sums {
        Real low;
        Real high;
        Real weighted; // of weight times magnitude
        Real plain; // of magnitude
    }

    /// @dev What the axes have in common.
    /// @param divisor The product of all divisors.
    /// @param inexact How far float32 coordinates may be off: the sizes (and 1) of the axes where they are not exact.
    /// @param axes Axes that kernels interpolate along.
    struct Grid {
        uint256 divisor;
        uint256 inexact;
        uint256 axes;
    }

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory result) {
        Term[] memory terms = _terms(query);
        result = Unmade.ranges(terms.length);
        for (uint256 i = 0; i < terms.length; ++i) {
            // SAFETY: admission keeps element counts below 2^32.
            result[i] = Range(0, uint32(terms[i].index), 1, 1);
        }
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        ExactDot.requireCommitted(operands);
        Term[] memory terms = _terms(query);
        Sums memory sums = Sums(Real(0, 0), Real(0, 0), Real(0, 0), Real(0, 0));
        for (uint256 i = 0; i < terms.length; ++i) {
            Floats memory value = Values.floatAt(operands[0], i);
            // C2
            if (!Values.isFinite(value)) return Float32.anything();
            _add(sums, value, int256(terms[i].weight));
        }
        Grid memory grid = _grid(query);
        Real memory divisor = Real(int256(grid.divisor), 0);
        Real memory size = sums.weighted.div(divisor, Rounding.Up);
        Real memory slack = _slack(query, grid, size, sums.plain, terms.length);
        // C2
        if (Values.overflows(size.add(slack, Rounding.Up))) return Float32.anything();
        Real memory low = sums.low.div(divisor, Rounding.Down).sub(slack, Rounding.Down);
        Real memory high = sums.high.div(divisor, Rounding.Up).add(slack, Rounding.Up);
        return Float32.interval(low.ceilKey(), high.floorKey());
    }

    function _add(Sums memory sums, Floats memory value, int256 weight) private pure {
        Real memory from = Reals.fromKey(value.low);
        Real memory to = Reals.fromKey(value.high);
        Real memory size = from.abs().max(to.abs());
        Real memory factor = Real(weight, 0);
        sums.low = sums.low.add(from.mul(factor, Rounding.Down), Rounding.Down);
        sums.high = sums.high.add(to.mul(factor, Rounding.Up), Rounding.Up);
        sums.weighted = sums.weighted.add(size.mul(factor, Rounding.Up), Rounding.Up);
        sums.plain = sums.plain.add(size, Rounding.Up);
    }

    /// @dev In WGSL a rounding is twice as far, and a division within 2.5 ulp.
    function _slack(
        ElementQuery calldata query,
        Grid memory grid,
        Real memory size,
        Real memory plain,
        uint256 terms
    ) private pure returns (Real memory) {
        uint256 factor = query.arithmetic == Arithmetic.Wgsl ? 2 : 1;
        // SAFETY: both are small numbers.
        int256 roundings = int256(factor * (terms + 2 * grid.axes + 3));
        int256 inexact = int256(factor * 16 * grid.inexact);
        return size.mul(Real(roundings, -24), Rounding.Up)
            .add(plain.mul(Real(inexact, -24), Rounding.Up), Rounding.Up)
            .add(Real(4 * roundings, -126), Rounding.Up);
    }

    /// @dev All neighbours of the element, the last axis innermost.
    function _terms(ElementQuery calldata query) private pure returns (Term[] memory terms) {
        require(query.opcode == RESIZE_LINEAR, Checker_Unsupported(query.opcode));
        uint256[] memory at = Shape.coordinates(query.outputs[0].dims, query.element);
        Neighbours[] memory near = new Neighbours[](at.length);
        uint256 total = 1;
        for (uint256 axis = 0; axis < at.length; ++axis) {
            near[axis] = _neighbours(query, axis, at[axis]);
            total *= near[axis].count;
        }
        terms = new Term[](total);
        for (uint256 i = 0; i < total; ++i) {
            uint256 rest = i;
            uint256 weight = 1;
            for (uint256 axis = at.length; axis > 0; --axis) {
                Neighbours memory own = near[axis - 1];
                at[axis - 1] = own.positions[rest % own.count];
                weight *= own.weights[rest % own.count];
                rest /= own.count;
            }
            terms[i] = Term(Shape.committedAt(query.inputs[0], at), weight);
        }
    }

    /// @dev The two neighbours of a position along an axis, or one at the borders. Where the exact coordinate is whole but need not be exact in float32,
    /// the neighbour before it counts too, with weight 0.
    function _neighbours(ElementQuery calldata query, uint256 axis, uint256 position)
        private
        pure
        returns (Neighbours memory near)
    {
        int256 scaled =
            int256(_wordAt(query, 0, axis)) * int256(position) + _wordAt(query, 1, axis);
        uint256 divisor = _divisor(query, axis);
        uint256 last = query.inputs[0].dims[axis] - 1;
        uint256 clamped = scaled < 0 ? 0 : uint256(scaled);
        if (clamped > last * divisor) clamped = last * divisor;
        uint256 below = clamped / divisor;
        uint256 part = clamped % divisor;
        if (part == 0 && below > 0 && !_isExact(query, axis)) _push(near, below - 1, 0);
        _push(near, below, divisor - part);
        // Even one of weight 0 may be multiplied.
        if (below < last && _isInterpolated(query, axis)) _push(near, below + 1, part);
    }

    function _push(Neighbours memory near, uint256 position, uint256 weight) private pure {
        near.positions[near.count] = position;
        near.weights[near.count] = weight;
        ++near.count;
    }

    function _grid(ElementQuery calldata query) private pure returns (Grid memory grid) {
        grid.divisor = 1;
        uint32[] calldata dims = query.inputs[0].dims;
        for (uint256 axis = 0; axis < dims.length; ++axis) {
            uint256 own = _divisor(query, axis);
            grid.divisor *= own;
            if (!_isExact(query, axis)) grid.inexact += uint256(dims[axis]) + 1;
            if (_isInterpolated(query, axis)) ++grid.axes;
        }
    }

    /// @dev Whether kernels interpolate along an axis: where it is resized, and along every axis of space in any case (batch and channels come first from rank
    /// 4 on).
    function _isInterpolated(ElementQuery calldata query, uint256 axis)
        private
        pure
        returns (bool)
    {
        bool resized = _wordAt(query, 0, axis) != 1 || _wordAt(query, 2, axis) != 1;
        return resized || axis > 1 || query.inputs[0].dims.length < 4;
    }

    /// @dev A divisor below 1 belongs to no node that admission lets pass.
    function _divisor(ElementQuery calldata query, uint256 axis) private pure returns (uint256) {
        int32 divisor = _wordAt(query, 2, axis);
        require(divisor > 0, Checker_Unsupported(query.opcode));
        return uint256(int256(divisor));
    }

    function _wordAt(ElementQuery calldata query, uint256 list, uint256 axis)
        private
        pure
        returns (int32)
    {
        return query.attributes[list * query.inputs[0].dims.length + axis];
    }

    /// @dev Whether float32 coordinates along an axis are exact: where the divisor is a power of two; in WGSL, whose quotients
    /// need not be, only where nothing is divided.
    function _isExact(ElementQuery calldata query, uint256 axis) private pure returns (bool) {
        uint256 divisor = _divisor(query, axis);
        if (query.arithmetic != Arithmetic.Wgsl) return divisor & (divisor - 1) == 0;
        return divisor == 1 && _wordAt(query, 0, axis) == 1;
    }
}

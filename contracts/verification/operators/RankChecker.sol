// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../interfaces/IChecker.sol";
import {ExactDot} from "../../libraries/ExactDot.sol";
import {Float32} from "../../libraries/Float32.sol";
import {Loops, Nest} from "../../libraries/Loops.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Values} from "../../libraries/Values.sol";
import {Arithmetic, ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval, IntervalKind} from "../../types/Interval.sol";
import {TensorType} from "../../types/TensorType.sol";

/// @title RankChecker
/// @notice Operators that rank the elements of a row: ArgMax, ArgMin, TopK (docs/operators.md).
/// @dev Twin: `sdk/src/operators/rank.ts`. C4: ties go to the lowest index (or the last one, where the node says so), all |x| < 2^-126 tie, a NaN accepts
/// anything.
contract RankChecker is IChecker {
    uint16 private constant ARG_MAX = 111;
    uint16 private constant ARG_MIN = 112;
    uint16 private constant TOP_K = 113;

    /// @dev A row in the order of ranking: whatever has the highest key is first.
    /// @param keys Keys, turned round where the least comes first.
    /// @param floating Whether keys within `Float32.MIN_NORMAL` of 0 tie.
    /// @param bits Keys are within `-2^(bits - 1)` and `2^(bits - 1) - 1`.
    struct Row {
        int256[] keys;
        bool floating;
        uint256 bits;
    }

    /// @dev The element of one rank.
    struct Ranked {
        int256 key;
        uint256 index;
    }

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory) {
        _requireServed(query.opcode);
        TensorType memory x = query.inputs[0];
        (uint256[] memory at, uint256 axis,) = _place(query);
        at[axis] = 0;
        Nest memory row = Loops.nest(1);
        row.first = Shape.committedAt(x, at);
        row.counts[0] = x.dims[axis];
        row.strides[0] = Shape.committedStride(x, axis);
        return Loops.ranges(0, row);
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        _requireServed(query.opcode);
        ExactDot.requireCommitted(operands);
        (,, uint256 rank) = _place(query);
        bool first = query.opcode == TOP_K || query.attributes[1] == 0;
        bool greatest = query.opcode == TOP_K ? query.attributes[1] != 0 : query.opcode == ARG_MAX;
        (bool poison, Row memory row) = _row(query, operands[0], greatest);
        if (poison) return Float32.anything();
        Ranked memory found = query.opcode == TOP_K ? _select(row, rank) : _best(row, first);
        if (query.opcode == TOP_K && query.output == 0) {
            return _value(row, found.key, greatest);
        }
        return _index(row, found, rank, first);
    }

    // ------------------------------------------------------------------ rows

    /// @dev Coordinates in the input of an element of the row, the axis, and for TopK the rank of the element.
    function _place(ElementQuery calldata query)
        private
        pure
        returns (uint256[] memory at, uint256 axis, uint256 rank)
    {
        require(query.attributes[0] >= 0, Checker_Unsupported(query.opcode));
        axis = uint256(int256(query.attributes[0]));
        if (query.opcode == TOP_K) {
            at = Shape.coordinates(query.outputs[query.output].dims, query.element);
            return (at, axis, at[axis]);
        }
        // The axis, kept as 1 or dropped, does not change the row-major index of an element.
        uint32[] memory dims = query.inputs[0].dims;
        dims[axis] = 1;
        return (Shape.coordinates(dims, query.element), axis, 0);
    }

    function _row(ElementQuery calldata query, Operand calldata operand, bool greatest)
        private
        pure
        returns (bool poison, Row memory row)
    {
        uint8 dtype = query.inputs[0].dtype;
        bool wgsl = query.arithmetic == Arithmetic.Wgsl;
        uint256 width = Values.width(dtype);
        row.floating = dtype == 1;
        row.bits = width == 8 ? 64 : 32;
        row.keys = new int256[](operand.data.length / width);
        for (uint256 i = 0; i < row.keys.length; ++i) {
            int256 key;
            if (row.floating) {
                uint32 bits = Float32.at(operand.data, i);
                // C4; shaders may be compiled not to know infinity either.
                if (wgsl ? !Float32.isFinite(bits) : Float32.isNaN(bits)) return (true, row);
                key = Float32.keyOf(bits);
            } else {
                key = Values.integerOf(Values.patternAt(operand, i, width), dtype);
            }
            row.keys[i] = greatest ? key : _turned(row, key);
        }
    }

    /// @dev The order turned round, on the same range.
    function _turned(Row memory row, int256 key) private pure returns (int256) {
        return row.floating ? -key : ~key;
    }

    function _ties(Row memory row, int256 key) private pure returns (bool) {
        return row.floating && key > -Float32.MIN_NORMAL && key < Float32.MIN_NORMAL;
    }

    // ------------------------------------------------------------------ selection

    /// @dev The highest key, the first or the last one of it.
    function _best(Row memory row, bool first) private pure returns (Ranked memory found) {
        found = Ranked(row.keys[0], 0);
        for (uint256 i = 1; i < row.keys.length; ++i) {
            int256 key = row.keys[i];
            if (first ? key > found.key : key >= found.key) found = Ranked(key, i);
        }
    }

    /// @dev The key of a rank, byte by byte from the top, and the index of that rank among its equals.
    function _select(Row memory row, uint256 rank) private pure returns (Ranked memory found) {
        int256[] memory keys = row.keys;
        uint256 shift = row.bits;
        uint256 half = 1 << (shift - 1);
        uint256 prefix = 0; // of the keys that are left, in unsigned order, above `shift`
        // SAFETY: keys are inside the range that `half` shifts to 0 and above; a rank is below the number of keys.
        unchecked {
            while (shift > 0) {
                uint256[256] memory counts;
                for (uint256 i = 0; i < keys.length; ++i) {
                    uint256 key = uint256(keys[i]) + half;
                    if (key >> shift == prefix) ++counts[(key >> (shift - 8)) & 255];
                }
                uint256 digit = 255;
                while (rank >= counts[digit]) {
                    rank -= counts[digit];
                    --digit;
                }
                prefix = prefix << 8 | digit;
                shift -= 8;
            }
            for (uint256 i = 0; i < keys.length; ++i) {
                if (uint256(keys[i]) + half != prefix) continue;
                if (rank == 0) return Ranked(keys[i], i);
                --rank;
            }
        }
    }

    // ------------------------------------------------------------------ sets

    /// @dev The value of a rank. Among those that tie it may be any, or zero.
    function _value(Row memory row, int256 key, bool greatest)
        private
        pure
        returns (Interval memory)
    {
        int256 low = key;
        int256 high = key;
        if (_ties(row, key)) {
            (low, high) = (0, 0);
            for (uint256 i = 0; i < row.keys.length; ++i) {
                int256 other = row.keys[i];
                if (!_ties(row, other)) continue;
                if (other < low) low = other;
                if (other > high) high = other;
            }
        }
        if (!greatest) (low, high) = (_turned(row, high), _turned(row, low));
        // SAFETY: the ends are elements of the row, or 0.
        return
            Interval(
                row.floating ? IntervalKind.Float : IntervalKind.Integer, int64(low), int64(high)
            );
    }

    /// @dev The index of a rank: as found, or as it is where all that tie are one value.
    function _index(Row memory row, Ranked memory found, uint256 rank, bool first)
        private
        pure
        returns (Interval memory)
    {
        uint256 other = found.index;
        if (_ties(row, found.key)) {
            uint256 above = 0;
            for (uint256 i = 0; i < row.keys.length; ++i) {
                if (row.keys[i] >= Float32.MIN_NORMAL) ++above;
            }
            uint256 turn = rank - above;
            for (uint256 i = 0; i < row.keys.length; ++i) {
                if (!_ties(row, row.keys[i])) continue;
                other = i;
                if (first && turn == 0) break;
                if (first) --turn;
            }
        }
        return other < found.index
            ? Values.integers(int256(other), int256(found.index))
            : Values.integers(int256(found.index), int256(other));
    }

    function _requireServed(uint16 opcode) private pure {
        require(opcode >= ARG_MAX && opcode <= TOP_K, Checker_Unsupported(opcode));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker, IPartialChecker} from "../../interfaces/IChecker.sol";
import {Float32} from "../../libraries/Float32.sol";
import {Bounds, Functions} from "../../libraries/Functions.sol";
import {Real, Reals, Rounding} from "../../libraries/Reals.sol";
import {Shape} from "../../libraries/Shape.sol";
import {Unmade} from "../../libraries/Unmade.sol";
import {Values} from "../../libraries/Values.sol";
import {Arithmetic, ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";

/// @title SoftmaxChecker
/// @notice Softmax of float32 over one axis of at most 65,536 elements, from the whole committed row.
/// @dev Twin: `sdk/src/operators/softmax.ts`. Bound: docs/operators.md. About 875 gas an element.
contract SoftmaxChecker is IPartialChecker {
    using Reals for Real;

    uint16 private constant SOFTMAX = 90;
    uint256 private constant LONGEST = 1 << 16;
    /// @dev Exponent field of 2^63.
    uint256 private constant WGSL_LIMIT = 190;

    /// @dev 64 fractional bits.
    int256 private constant LN2 = 12786308645202655660;
    int256 private constant INVERSE_LN2 = 26613026195688644983;
    int256 private constant ONE = 1 << 64;

    uint256 private constant PLUS_INFINITY = 0x7f800000;
    uint256 private constant MINUS_INFINITY = 0xff800000;
    uint256 private constant EVEN_BYTES =
        0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
    uint256 private constant EVEN_PAIRS =
        0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;

    /// @dev What a row adds up to, with 64 fractional bits: d = max - x, e = exp(-d).
    struct Row {
        bool poison;
        int256 sum; // of e
        int256 weighted; // of e d
        uint32 largest; // bits of max
    }

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory result) {
        require(query.opcode == SOFTMAX, Checker_Unsupported(query.opcode));
        (uint256 axis, uint256 count, uint256[] memory at) = rowOf(query);
        at[axis] = 0;
        result = Unmade.ranges(1);
        // SAFETY: dimensions have 32 bits.
        result[0] = Range(
            0,
            Shape.committedAt(query.inputs[0], at),
            uint32(count),
            Shape.committedStride(query.inputs[0], axis)
        );
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        require(query.opcode == SOFTMAX, Checker_Unsupported(query.opcode));
        (uint256 axis, uint256 count, uint256[] memory at) = rowOf(query);
        bytes calldata data = operands[0].data;
        // B5: no derived value feeds a reduction.
        require(data.length == 4 * count && count <= LONGEST, Checker_Unsupported(SOFTMAX));
        if (query.arithmetic == Arithmetic.Wgsl && reaches(data, WGSL_LIMIT)) {
            return Float32.anything();
        }
        Row memory row = added(data);
        // C3: all-masked, +infinity or NaN rows accept anything.
        if (row.poison) return Float32.anything();
        uint32 bits = Float32.at(data, at[axis]);
        // C3: 0 for -infinity.
        if (bits == MINUS_INFINITY) return Float32.interval(0, 0);
        return ratio(query, Reals.fromKey(Float32.keyOf(bits)), row, count);
    }

    // ------------------------------------------------------------------ in parts

    /// @dev What parts add up to. `seen`: one of them held the maximum.
    struct Sum {
        bool poison;
        bool seen;
        int256 sum;
        int256 weighted;
    }

    /// @inheritdoc IPartialChecker
    function parts(ElementQuery calldata query)
        external
        pure
        returns (uint256 cut, Range[] memory rest)
    {
        require(query.opcode == SOFTMAX, Checker_Unsupported(query.opcode));
        (,, uint256[] memory at) = rowOf(query);
        rest = Unmade.ranges(1);
        // SAFETY: an element of the tensor.
        rest[0] = Range(0, uint32(Shape.committedAt(query.inputs[0], at)), 1, 1);
        return (1, rest);
    }

    /// @inheritdoc IPartialChecker
    /// @dev The hint is the bits of the row's maximum.
    function absorb(
        ElementQuery calldata query,
        uint256 hint,
        bytes calldata state,
        Operand[] calldata operands
    ) external pure returns (bytes memory) {
        require(query.opcode == SOFTMAX && hint <= type(uint32).max, Checker_WrongHint(hint));
        Sum memory total;
        if (state.length != 0) total = abi.decode(state, (Sum));
        if (query.arithmetic == Arithmetic.Wgsl && reaches(operands[0].data, WGSL_LIMIT)) {
            total.poison = true;
        }
        addPart(total, hint, operands[0].data);
        return abi.encode(total);
    }

    function addPart(Sum memory total, uint256 hint, bytes calldata data) private pure {
        require(data.length != 0 && data.length % 4 == 0, Checker_Unsupported(SOFTMAX));
        (bool nan, uint32 largest) = largestOf(data);
        // C3: a NaN decides, whatever the maximum is.
        if (nan) total.poison = true;
        if (total.poison) return;
        require(orderOf(largest) <= orderOf(hint), Checker_WrongHint(hint));
        if (largest == hint) total.seen = true;
        if (hint == PLUS_INFINITY || hint == MINUS_INFINITY) return;
        (int256 sum, int256 weighted) = addedBelow(data, fixedOf(hint));
        total.sum += sum;
        total.weighted += weighted;
    }

    /// @inheritdoc IPartialChecker
    function conclude(
        ElementQuery calldata query,
        uint256 hint,
        bytes calldata state,
        Operand[] calldata operands
    ) external pure returns (Interval memory) {
        require(query.opcode == SOFTMAX, Checker_Unsupported(query.opcode));
        (, uint256 count,) = rowOf(query);
        require(count <= LONGEST && operands[0].data.length == 4, Checker_Unsupported(SOFTMAX));
        Sum memory total = abi.decode(state, (Sum));
        if (total.poison) return Float32.anything();
        require(total.seen, Checker_WrongHint(hint));
        if (hint == PLUS_INFINITY || hint == MINUS_INFINITY) return Float32.anything();
        uint32 bits = Float32.at(operands[0].data, 0);
        if (bits == MINUS_INFINITY) return Float32.interval(0, 0);
        // SAFETY: 32 bits.
        Row memory row = Row(false, total.sum, total.weighted, uint32(hint));
        return ratio(query, Reals.fromKey(Float32.keyOf(bits)), row, count);
    }

    /// @dev Float32 patterns in their order, as unsigned integers.
    function orderOf(uint256 bits) private pure returns (uint256) {
        return bits >> 31 == 0 ? bits ^ 0x80000000 : bits ^ 0xffffffff;
    }

    // ------------------------------------------------------------------ rows

    function rowOf(ElementQuery calldata query)
        private
        pure
        returns (uint256 axis, uint256 count, uint256[] memory at)
    {
        // SAFETY: admission normalises the axis.
        axis = uint256(int256(query.attributes[0]));
        count = query.outputs[0].dims[axis];
        at = Shape.coordinates(query.outputs[0].dims, query.element);
    }

    /// @dev WGSL: whether an element is at least 2^(field - 127), infinite or NaN. Below, no difference overflows, and what exp is off by of an
    /// argument far below 0 does not count.
    function reaches(bytes calldata data, uint256 field) private pure returns (bool) {
        for (uint256 i = 0; i < data.length / 4; ++i) {
            if ((Float32.at(data, i) >> 23) & 0xff >= field) return true;
        }
        return false;
    }

    /// @dev e / sum with a relative error of u (2 |d| + 2 sum(e |d|) / sum(e) + n + 24): the
    /// subtraction and the argument reduction of each exp, n additions, 4 ulp twice for exp, the division.
    function ratio(ElementQuery calldata query, Real memory x, Row memory row, uint256 count)
        private
        pure
        returns (Interval memory)
    {
        Real memory most = Reals.fromKey(Float32.keyOf(row.largest));
        Real memory low = Functions.exp(x.sub(most, Rounding.Down)).low;
        Real memory high = Functions.exp(x.sub(most, Rounding.Up)).high;
        // The row's own truncation: relative 2^-35.
        Real memory sum = Real(row.sum, -64);
        Real memory error = sum.scale(-35);
        low = low.div(sum.add(error, Rounding.Up), Rounding.Down);
        high = high.div(sum.sub(error, Rounding.Down), Rounding.Up);
        Real memory d = most.sub(x, Rounding.Up);
        if (query.arithmetic == Arithmetic.Wgsl) return wgslRatio(low, high, d, sum, row, count);
        Real memory relative = unitsOf(d, sum, row.weighted, count);
        // 257/256 for the squares of relative errors below 2^-8.
        return Values.around(low, high, relative.mul(Real(257, -32), Rounding.Up), Real(0, 0));
    }

    /// @dev u (6 |d| + 6 sum(e |d|) / sum(e) + 2 n + 24): 3 + 2 |d| ulp for each exp, all roundings twice; 65/64 for the squares of relative errors
    /// below 2^-6. Where e is no normal number, as many ulp of the least one.
    function wgslRatio(
        Real memory low,
        Real memory high,
        Real memory d,
        Real memory sum,
        Row memory row,
        uint256 count
    ) private pure returns (Interval memory) {
        Real memory units = Real(row.weighted, -64).div(sum, Rounding.Up).add(d, Rounding.Up);
        // SAFETY: count <= 65,536.
        units = units.mul(Real(6, 0), Rounding.Up).add(Real(int256(2 * count + 24), 0), Rounding.Up);
        Real memory absolute_ = d.scale(1).add(Real(4, 0), Rounding.Up).scale(-126);
        return Values.around(low, high, units.mul(Real(65, -30), Rounding.Up), absolute_);
    }

    /// @dev The relative error in units of u.
    function unitsOf(Real memory d, Real memory sum, int256 weighted, uint256 count)
        private
        pure
        returns (Real memory units)
    {
        units = Real(weighted, -64).div(sum, Rounding.Up).add(d, Rounding.Up).scale(1);
        // SAFETY: count <= 65,536.
        return units.add(Real(int256(count + 24), 0), Rounding.Up);
    }

    /// @dev Two passes over little-endian float32 values, eight a word.
    function added(bytes calldata data) private pure returns (Row memory row) {
        bool nan;
        (nan, row.largest) = largestOf(data);
        row.poison = nan || row.largest == PLUS_INFINITY || row.largest == MINUS_INFINITY;
        if (row.poison) return row;
        (row.sum, row.weighted) = addedBelow(data, fixedOf(row.largest));
    }

    /// @dev The sums of e and of e d under a maximum.
    function addedBelow(bytes calldata data, int256 top)
        private
        pure
        returns (int256 sums, int256 weights)
    {
        uint256 length = data.length;
        for (uint256 i = 0; i < length; i += 32) {
            (int256 sum, int256 weighted) =
                addedWord(lanesAt(data, i), length - i < 32 ? length - i : 32, top);
            // SAFETY: sums of 65,536 terms below 2^71 each.
            unchecked {
                sums += sum;
                weights += weighted;
            }
        }
    }

    /// @dev e and e d of the first `bytes_` bytes of a word of lanes.
    function addedWord(uint256 lanes, uint256 bytes_, int256 top)
        private
        pure
        returns (int256 sum, int256 weighted)
    {
        // SAFETY: |x| 2^64 < 2^192; d < 2^193; |r| < 2^63, y < 2^65.
        unchecked {
            for (uint256 i = 0; i < bytes_; i += 4) {
                uint256 bits = lanes >> 224;
                lanes <<= 32;
                if (bits == MINUS_INFINITY) continue;
                int256 d = top - fixedOf(bits);
                // e^-40 < 2^-57: all such terms together are below 2^-41.
                if (d >= 40 << 64) continue;
                int256 k = (d * INVERSE_LN2 + (1 << 127)) >> 128;
                // e^-d = 2^-k e^r, |r| <= (ln 2) / 2; 10 terms: 0.3466^10 / 10! < 2^-37.
                int256 r = k * LN2 - d;
                int256 y = 457508533574145 + (50834281508238 * r >> 64);
                y = 3660068268593165 + (y * r >> 64);
                y = 25620477880152155 + (y * r >> 64);
                y = 153722867280912930 + (y * r >> 64);
                y = 768614336404564650 + (y * r >> 64);
                y = 3074457345618258602 + (y * r >> 64);
                y = 9223372036854775808 + (y * r >> 64);
                y = ONE + (y * r >> 64);
                y = (ONE + (y * r >> 64)) >> uint256(k);
                sum += y;
                weighted += y * d >> 64;
            }
        }
    }

    /// @dev Bits of the maximum, and whether there is a NaN.
    function largestOf(bytes calldata data) private pure returns (bool, uint32) {
        uint256 largest = 0;
        uint256 nan = 0;
        uint256 length = data.length;
        // SAFETY: 32-bit values in 256 bits.
        unchecked {
            for (uint256 i = 0; i < length; i += 32) {
                uint256 lanes = lanesAt(data, i);
                uint256 end = length - i < 32 ? length - i : 32;
                for (uint256 j = 0; j < end; j += 4) {
                    uint256 bits = lanes >> 224;
                    lanes <<= 32;
                    // Bit 31 is set by a NaN.
                    nan |= (bits & 0x7fffffff) + 0x007fffff;
                    // Order of float32 as unsigned integers.
                    bits ^= 0x80000000 + (bits >> 31) * 0x7fffffff;
                    if (bits > largest) largest = bits;
                }
            }
        }
        largest = largest >> 31 == 0 ? largest ^ 0xffffffff : largest ^ 0x80000000;
        // SAFETY: 32 bits.
        return (nan >> 31 != 0, uint32(largest));
    }

    /// @dev Eight little-endian values from byte `offset`, the first one in the highest bits.
    function lanesAt(bytes calldata data, uint256 offset) private pure returns (uint256 lanes) {
        assembly ("memory-safe") {
            lanes := calldataload(add(data.offset, offset))
        }
        lanes = ((lanes & EVEN_BYTES) << 8) | ((lanes >> 8) & EVEN_BYTES);
        lanes = ((lanes & EVEN_PAIRS) << 16) | ((lanes >> 16) & EVEN_PAIRS);
    }

    /// @dev A finite float32 with 64 fractional bits, cut off towards 0.
    function fixedOf(uint256 bits) private pure returns (int256) {
        // SAFETY: |x| 2^64 < 2^192.
        unchecked {
            uint256 field = (bits >> 23) & 0xff;
            uint256 m = (bits & 0x7fffff) | 0x800000;
            m = field >= 86 ? m << (field - 86) : m >> (86 - field);
            return bits >> 31 == 0 ? int256(m) : -int256(m);
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title PackedDot
/// @notice The inner loops of `ExactDot`: packed little-endian float32 elements, eight a word, without branches but for one on zeros.
/// @dev A word holds eight *lanes* of 32 bits, the first element in the highest. Little-endian bytes b0 b1 b2 b3 make
/// the lane `mmmmmmmm mmmmmmmm emmmmmmm seeeeeee`: bit 7 is the sign, the exponent field is bits 6..0 then bit 15. All of
/// that is in the lower half of a lane, so two words make one of 16 *half-lanes*: the first word's in the lower halves, the second's in the
/// higher ones. All additions stay inside their lanes. `test/reference/PlainDot.sol` is the readable twin, against which tests compare.
library PackedDot {
    // Of each lane.
    uint256 private constant LOWER_HALF =
        0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
    uint256 private constant HIGHER_HALF =
        0xffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000;
    uint256 private constant MANTISSA_LOW =
        0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff;
    uint256 private constant MANTISSA_MIDDLE =
        0x0000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff00;
    uint256 private constant MANTISSA_HIGH =
        0x007f0000007f0000007f0000007f0000007f0000007f0000007f0000007f0000;
    uint256 private constant HIDDEN =
        0x0080000000800000008000000080000000800000008000000080000000800000;
    uint256 private constant FIELD =
        0x0000807f0000807f0000807f0000807f0000807f0000807f0000807f0000807f;
    uint256 private constant MANTISSA =
        0xffff7f00ffff7f00ffff7f00ffff7f00ffff7f00ffff7f00ffff7f00ffff7f00;
    uint256 private constant ALL_BUT_TOP =
        0x7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff;
    uint256 private constant LANE =
        0x0000000100000001000000010000000100000001000000010000000100000001;
    // Of each half-lane.
    uint256 private constant ONE =
        0x0001000100010001000100010001000100010001000100010001000100010001;
    uint256 private constant SHIFT =
        0x003f003f003f003f003f003f003f003f003f003f003f003f003f003f003f003f;
    uint256 private constant SIGN =
        0x0080008000800080008000800080008000800080008000800080008000800080;
    uint256 private constant FIELD_HIGH =
        0x00fe00fe00fe00fe00fe00fe00fe00fe00fe00fe00fe00fe00fe00fe00fe00fe;
    uint256 private constant GREATEST_FIELD =
        0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
    uint256 private constant CARRY =
        0x0100010001000100010001000100010001000100010001000100010001000100;
    uint256 private constant TOP =
        0x8000800080008000800080008000800080008000800080008000800080008000;
    /// @dev Two lanes 64 bits apart.
    uint256 private constant PAIR = 0x0000000000ffffff0000000000ffffff;

    /// @notice Order of each term: the sum of its exponent fields, 0 where an operand is zero or subnormal.
    /// @param a Elements in whole pairs of words.
    /// @param b As many.
    /// @return special An element is infinite or NaN.
    /// @return zeros An element is zero or subnormal.
    /// @return top The highest order of all terms.
    /// @return result A half-lane a term: its order in bits 8..0, its sign in bit 15.
    function orders(bytes memory a, bytes memory b)
        internal
        pure
        returns (bool special, bool zeros, uint256 top, bytes memory result)
    {
        result = new bytes(a.length / 2);
        assembly ("memory-safe") {
            let flags := 0 // bit 8 of a half-lane: special
            let most := 0 // half-lanes: highest order so far
            let toB := sub(b, a)
            let out := add(result, 32)
            let end := add(add(a, 32), mload(a))
            for { let at := add(a, 32) } lt(at, end) { at := add(at, 64) } {
                let x :=
                    or(and(mload(at), LOWER_HALF), and(shl(16, mload(add(at, 32))), HIGHER_HALF))
                let y := add(at, toB)
                y := or(and(mload(y), LOWER_HALF), and(shl(16, mload(add(y, 32))), HIGHER_HALF))
                let signs := shl(8, and(xor(x, y), SIGN))
                // Exponent fields.
                x := or(and(shl(1, x), FIELD_HIGH), and(shr(15, x), ONE))
                y := or(and(shl(1, y), FIELD_HIGH), and(shr(15, y), ONE))
                // Adding 1 carries into bit 8 where the field is 255.
                flags := or(flags, or(add(x, ONE), add(y, ONE)))
                // Adding 255 carries into bit 8 where the field is not 0: 1 where both operands are normal.
                let normal := and(shr(8, and(add(x, GREATEST_FIELD), add(y, GREATEST_FIELD))), ONE)
                x := add(x, y)
                if xor(normal, ONE) {
                    zeros := 1
                    x := and(x, mul(normal, 0x1ff))
                }
                mstore(out, or(x, signs))
                out := add(out, 32)
                // Bit 15 survives the subtraction where `most >= order`.
                y := mul(and(shr(15, sub(or(most, TOP), x)), ONE), 0x1ff)
                most := xor(x, and(xor(most, x), y))
            }
            special := gt(and(flags, CARRY), 0)
            for {} most { most := shr(16, most) } {
                let order := and(most, 0x1ff)
                if gt(order, top) { top := order }
            }
        }
    }

    /// @notice Whether an element is subnormal.
    /// @param a Elements in whole words.
    /// @param b As many.
    function hasSubnormal(bytes memory a, bytes memory b) internal pure returns (bool found) {
        assembly ("memory-safe") {
            let toB := sub(b, a)
            let end := add(add(a, 32), mload(a))
            let bits := 0
            for { let at := add(a, 32) } lt(at, end) { at := add(at, 32) } {
                let x := mload(at)
                let y := mload(add(at, toB))
                // All bits of the lanes whose field is 0: adding carries into bit 31 where it is not.
                bits := or(
                    bits,
                    or(
                        and(
                            x,
                            mul(
                                and(shr(31, not(add(and(x, FIELD), ALL_BUT_TOP))), LANE),
                                0xffffffff
                            )
                        ),
                        and(
                            y,
                            mul(
                                and(shr(31, not(add(and(y, FIELD), ALL_BUT_TOP))), LANE),
                                0xffffffff
                            )
                        )
                    )
                )
            }
            found := gt(and(bits, MANTISSA), 0)
        }
    }

    /// @notice The sums of the terms of order `base` to `base + 63`, in units of the last place of a product of order
    /// `base`: positive terms and negative terms.
    /// @param orders_ From `orders`: at most 65,535 terms, none above `base + 63`.
    /// @param base At least 1, at most 511.
    /// @return positive Sum of the positive terms.
    /// @return negative Sum of the magnitudes of the negative terms.
    function sums(bytes memory a, bytes memory b, bytes memory orders_, uint256 base)
        internal
        pure
        returns (uint256 positive, uint256 negative)
    {
        assembly ("memory-safe") {
            // Positive terms in bits 0..127, negative ones in bits 128..254, bit 255 is scrap.
            let total := 0
            let toB := sub(b, a)
            // Adding this sets bit 9 where the order is at least `base`, and then bits 5..0 are the difference.
            let lift := mul(sub(512, base), ONE)
            let end := add(add(a, 32), mload(a))
            let from := add(orders_, 32)
            for { let at := add(a, 32) } lt(at, end) { from := add(from, 32) } {
                let shifts := add(mload(from), lift)
                // Shift of each product: its order above `base`, 128 more where it is negative, 255 where it is outside.
                shifts := or(
                    or(and(shifts, SHIFT), and(shr(8, shifts), SIGN)),
                    mul(and(shr(9, not(shifts)), ONE), 0xff)
                )
                for { let next := add(at, 64) } lt(at, next) { at := add(at, 32) } {
                    // Mantissas with the hidden bit.
                    let x := mload(at)
                    x := or(
                        or(and(shr(24, x), MANTISSA_LOW), and(shr(8, x), MANTISSA_MIDDLE)),
                        or(and(shl(8, x), MANTISSA_HIGH), HIDDEN)
                    )
                    let y := mload(add(at, toB))
                    y := or(
                        or(and(shr(24, y), MANTISSA_LOW), and(shr(8, y), MANTISSA_MIDDLE)),
                        or(and(shl(8, y), MANTISSA_HIGH), HIDDEN)
                    )
                    // Two lanes 64 bits apart in one multiplication: (p + q 2^64)(r + s 2^64) has p r in its lowest 64
                    // bits and q s above bit 128.
                    let pair := mul(and(x, PAIR), and(y, PAIR))
                    total := add(
                        add(total, shl(byte(31, shifts), and(pair, 0xffffffffffffffff))),
                        shl(byte(23, shifts), shr(128, pair))
                    )
                    pair := mul(and(shr(32, x), PAIR), and(shr(32, y), PAIR))
                    total := add(
                        add(total, shl(byte(27, shifts), and(pair, 0xffffffffffffffff))),
                        shl(byte(19, shifts), shr(128, pair))
                    )
                    pair := mul(and(shr(128, x), PAIR), and(shr(128, y), PAIR))
                    total := add(
                        add(total, shl(byte(15, shifts), and(pair, 0xffffffffffffffff))),
                        shl(byte(7, shifts), shr(128, pair))
                    )
                    pair := mul(and(shr(160, x), PAIR), and(shr(160, y), PAIR))
                    total := add(
                        add(total, shl(byte(11, shifts), and(pair, 0xffffffffffffffff))),
                        shl(byte(3, shifts), shr(128, pair))
                    )
                    // The second word's.
                    shifts := shr(16, shifts)
                }
            }
            positive := and(total, 0xffffffffffffffffffffffffffffffff)
            negative := shr(129, shl(1, total))
        }
    }
}

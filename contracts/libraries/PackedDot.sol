// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title PackedDot
/// @notice The inner loops of `ExactDot`: eight packed little-endian float32 elements a word, without branches.
/// @dev A word holds eight *lanes* of 32 bits, the first element in the highest. Little-endian bytes b0 b1 b2 b3 make
/// the lane `mmmmmmmm mmmmmmmm emmmmmmm seeeeeee`: bit 7 is the sign, the exponent field is bits 6..0 then bit 15. All
/// additions stay inside their lanes. `ExactDot.plain` is the readable twin, against which tests compare.
library PackedDot {
    /// @notice Order of each term: the sum of its exponent fields, 0 where an operand is zero or subnormal.
    /// @param a Whole words of elements.
    /// @param b As many.
    /// @return special An element is infinite or NaN.
    /// @return subnormal An element is subnormal.
    /// @return top The highest order of all terms.
    /// @return result One lane a term.
    function orders(bytes memory a, bytes memory b)
        internal
        pure
        returns (bool special, bool subnormal, uint256 top, bytes memory result)
    {
        result = new bytes(a.length);
        assembly ("memory-safe") {
            let flags := 0 // bit 8 of a lane: special
            let tiny := 0 // bits of operands that are not normal
            let most := 0 // lanes: highest order so far
            let toB := sub(b, a)
            let toResult := sub(result, a)
            let end := add(add(a, 32), mload(a))
            for { let at := add(a, 32) } lt(at, end) { at := add(at, 32) } {
                let x := mload(at)
                let y := mload(add(at, toB))

                // Exponent fields.
                let f :=
                    or(
                        shl(
                            1,
                            and(
                                x,
                                0x0000007f0000007f0000007f0000007f0000007f0000007f0000007f0000007f
                            )
                        ),
                        and(
                            shr(15, x),
                            0x0000000100000001000000010000000100000001000000010000000100000001
                        )
                    )
                let g :=
                    or(
                        shl(
                            1,
                            and(
                                y,
                                0x0000007f0000007f0000007f0000007f0000007f0000007f0000007f0000007f
                            )
                        ),
                        and(
                            shr(15, y),
                            0x0000000100000001000000010000000100000001000000010000000100000001
                        )
                    )
                // Adding 1 carries into bit 8 where the field is 255.
                flags := or(
                    flags,
                    or(
                        add(f, 0x0000000100000001000000010000000100000001000000010000000100000001),
                        add(g, 0x0000000100000001000000010000000100000001000000010000000100000001)
                    )
                )
                // The sum of the fields.
                let order := add(f, g)
                // Adding 255 carries into bit 8 where the field is not 0: 1 where the operand is normal.
                f := and(
                    shr(
                        8,
                        add(f, 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff)
                    ),
                    0x0000000100000001000000010000000100000001000000010000000100000001
                )
                g := and(
                    shr(
                        8,
                        add(g, 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff)
                    ),
                    0x0000000100000001000000010000000100000001000000010000000100000001
                )
                tiny := or(
                    tiny,
                    or(and(x, not(mul(f, 0xffffffff))), and(y, not(mul(g, 0xffffffff))))
                )
                order := and(order, mul(and(f, g), 0x1ff))
                mstore(add(at, toResult), order)
                // Bit 31 survives the subtraction where `most >= order`.
                f := mul(
                    and(
                        shr(
                            31,
                            sub(
                                or(
                                    most,
                                    0x8000000080000000800000008000000080000000800000008000000080000000
                                ),
                                order
                            )
                        ),
                        0x0000000100000001000000010000000100000001000000010000000100000001
                    ),
                    0x1ff
                )
                most := xor(order, and(xor(most, order), f))
            }
            special := gt(
                and(flags, 0x0000010000000100000001000000010000000100000001000000010000000100),
                0
            )
            // Their mantissas.
            subnormal := gt(
                and(tiny, 0xffff7f00ffff7f00ffff7f00ffff7f00ffff7f00ffff7f00ffff7f00ffff7f00),
                0
            )
            for {} most { most := shr(32, most) } {
                let lane := and(most, 0x1ff)
                if gt(lane, top) { top := lane }
            }
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
            let toOrders := sub(orders_, a)
            // Adding this sets bit 9 where the order is at least `base`, and then bits 5..0 are the difference.
            let lift :=
                mul(
                    sub(512, base),
                    0x0000000100000001000000010000000100000001000000010000000100000001
                )
            let end := add(add(a, 32), mload(a))
            for { let at := add(a, 32) } lt(at, end) { at := add(at, 32) } {
                let x := mload(at)
                let y := mload(add(at, toB))
                let shifts := mload(add(at, toOrders))
                shifts := add(shifts, lift)
                // 1 where the term is outside the window.
                let out :=
                    and(
                        shr(9, not(shifts)),
                        0x0000000100000001000000010000000100000001000000010000000100000001
                    )
                // Shift of each product: its order above `base`, 128 more where it is negative, 255 where it is outside.
                shifts := or(
                    or(
                        and(
                            shifts,
                            0x0000003f0000003f0000003f0000003f0000003f0000003f0000003f0000003f
                        ),
                        and(
                            xor(x, y),
                            0x0000008000000080000000800000008000000080000000800000008000000080
                        )
                    ),
                    mul(out, 0xff)
                )
                // Mantissas with the hidden bit.
                x := or(
                    or(
                        and(
                            shr(24, x),
                            0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff
                        ),
                        and(
                            shr(8, x),
                            0x0000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff00
                        )
                    ),
                    or(
                        and(
                            shl(8, x),
                            0x007f0000007f0000007f0000007f0000007f0000007f0000007f0000007f0000
                        ),
                        0x0080000000800000008000000080000000800000008000000080000000800000
                    )
                )
                y := or(
                    or(
                        and(
                            shr(24, y),
                            0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff
                        ),
                        and(
                            shr(8, y),
                            0x0000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff00
                        )
                    ),
                    or(
                        and(
                            shl(8, y),
                            0x007f0000007f0000007f0000007f0000007f0000007f0000007f0000007f0000
                        ),
                        0x0080000000800000008000000080000000800000008000000080000000800000
                    )
                )
                // Two lanes 64 bits apart in one multiplication: (p + q 2^64)(r + s 2^64) has p r in its lowest 64 bits
                // and q s above bit 128.
                let pair :=
                    mul(
                        and(x, 0x0000000000ffffff0000000000ffffff),
                        and(y, 0x0000000000ffffff0000000000ffffff)
                    )
                total := add(
                    add(total, shl(byte(31, shifts), and(pair, 0xffffffffffffffff))),
                    shl(byte(23, shifts), shr(128, pair))
                )
                pair := mul(
                    and(shr(32, x), 0x0000000000ffffff0000000000ffffff),
                    and(shr(32, y), 0x0000000000ffffff0000000000ffffff)
                )
                total := add(
                    add(total, shl(byte(27, shifts), and(pair, 0xffffffffffffffff))),
                    shl(byte(19, shifts), shr(128, pair))
                )
                pair := mul(
                    and(shr(128, x), 0x0000000000ffffff0000000000ffffff),
                    and(shr(128, y), 0x0000000000ffffff0000000000ffffff)
                )
                total := add(
                    add(total, shl(byte(15, shifts), and(pair, 0xffffffffffffffff))),
                    shl(byte(7, shifts), shr(128, pair))
                )
                pair := mul(
                    and(shr(160, x), 0x0000000000ffffff0000000000ffffff),
                    and(shr(160, y), 0x0000000000ffffff0000000000ffffff)
                )
                total := add(
                    add(total, shl(byte(11, shifts), and(pair, 0xffffffffffffffff))),
                    shl(byte(3, shifts), shr(128, pair))
                )
            }
            positive := and(total, 0xffffffffffffffffffffffffffffffff)
            negative := shr(129, shl(1, total))
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IntegerDot
/// @notice Exact sums of products of 8-bit integers with zero points. Twin: `integerDot` in
/// `sdk/src/operators/integerProduct.ts`.
library IntegerDot {
    uint256 private constant FLIP =
        0x8080808080808080808080808080808080808080808080808080808080808080;

    /// @notice Operands of unequal length, or empty.
    error IntegerDot_Lengths(uint256 a, uint256 b);

    /// @notice `sum of (a_i - aZero)(b_i - bZero)`.
    /// @param aZero Zero point of `a`, within 9 bits; `aSigned` tells int8 from uint8.
    function dot(
        bytes calldata a,
        bool aSigned,
        int256 aZero,
        bytes calldata b,
        bool bSigned,
        int256 bZero
    ) internal pure returns (int256 sum) {
        uint256 length = a.length;
        require(length > 0 && b.length == length, IntegerDot_Lengths(length, b.length));
        // An int8 is its byte with the sign bit flipped, less 128.
        uint256 aFlip = aSigned ? FLIP : 0;
        uint256 bFlip = bSigned ? FLIP : 0;
        if (aSigned) aZero += 128;
        if (bSigned) bZero += 128;
        assembly ("memory-safe") {
            for { let at := 0 } lt(at, length) { at := add(at, 32) } {
                let x := xor(calldataload(add(a.offset, at)), aFlip)
                let y := xor(calldataload(add(b.offset, at)), bFlip)
                let end := sub(length, at)
                if gt(end, 32) { end := 32 }
                // SAFETY: products have 18 bits, and a sum at most 2^17 of them.
                for { let k := 0 } lt(k, end) { k := add(k, 1) } {
                    sum := add(sum, mul(sub(byte(k, x), aZero), sub(byte(k, y), bZero)))
                }
            }
        }
    }
}

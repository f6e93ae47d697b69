// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Sums over bytes of two operands, as unsigned numbers; an int8 counts as its value plus 128.
struct ByteSums {
    uint256 terms;
    uint256 products;
    uint256 first;
    uint256 second;
}

/// @title IntegerDot
/// @notice Exact sums of products of 8-bit integers with zero points, at once or part by part. Twin: `integerDot` in
/// `sdk/src/operators/integerProduct.ts`.
library IntegerDot {
    uint256 private constant FLIP =
        0x8080808080808080808080808080808080808080808080808080808080808080;

    /// @notice Operands of unequal length, or empty.
    error IntegerDot_Lengths(uint256 a, uint256 b);

    /// @notice With the terms of one more part.
    /// @param aSigned Tells int8 from uint8.
    function plus(
        ByteSums memory total,
        bytes calldata a,
        bool aSigned,
        bytes calldata b,
        bool bSigned
    ) internal pure returns (ByteSums memory) {
        require(a.length > 0 && b.length == a.length, IntegerDot_Lengths(a.length, b.length));
        // Flipping the sign bit adds 128 to an int8.
        (uint256 products, uint256 first, uint256 second) =
            _sums(a, aSigned ? FLIP : 0, b, bSigned ? FLIP : 0);
        total.terms += a.length;
        total.products += products;
        total.first += first;
        total.second += second;
        return total;
    }

    /// @notice `sum of (a_i - aZero)(b_i - bZero)`.
    /// @param aZero Zero point of `a`, within 9 bits.
    function value(ByteSums memory total, bool aSigned, int256 aZero, bool bSigned, int256 bZero)
        internal
        pure
        returns (int256)
    {
        if (aSigned) aZero += 128;
        if (bSigned) bZero += 128;
        // SAFETY: all parts are below 2^50.
        unchecked {
            return int256(total.products) - bZero * int256(total.first) - aZero
                * int256(total.second) + int256(total.terms) * aZero * bZero;
        }
    }

    /// @dev Of the products, and of either operand, with the bits of a word of flips changed.
    function _sums(bytes calldata a, uint256 aFlip, bytes calldata b, uint256 bFlip)
        private
        pure
        returns (uint256 products, uint256 first, uint256 second)
    {
        assembly ("memory-safe") {
            // SAFETY: products have 16 bits, and an operand fewer than 2^32 elements.
            for { let at := 0 } lt(at, a.length) { at := add(at, 32) } {
                let x := xor(calldataload(add(a.offset, at)), aFlip)
                let y := xor(calldataload(add(b.offset, at)), bFlip)
                let end := sub(a.length, at)
                if gt(end, 32) { end := 32 }
                for { let k := 0 } lt(k, end) { k := add(k, 1) } {
                    let p := byte(k, x)
                    let q := byte(k, y)
                    products := add(products, mul(p, q))
                    first := add(first, p)
                    second := add(second, q)
                }
            }
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title FieldElements
/// @notice Between float32 and the fixed-point field elements of ezkl's circuits: docs/protocol.md section 11. Twin: `sdk/src/zk/fieldElements.ts`.
/// @dev In assembly, because an image has hundreds of numbers: `snapshots/zk.json`.
library FieldElements {
    /// @notice Infinite, NaN, or too large for a circuit (2^124 and more after scaling).
    error FieldElements_OutOfRange(uint32 bits);
    /// @notice No circuit of 127-bit numbers holds it.
    error FieldElements_TooWide(int256 value);

    /// @notice Order of BN254's scalar field.
    uint256 internal constant R =
        21_888_242_871_839_275_222_246_405_745_257_275_088_548_364_400_416_034_343_698_204_186_575_808_495_617;

    /// @notice `sign(x) floor(|x| 2^scale + 1/2)` of every x, a negative number as R plus it.
    /// @param data Little-endian float32 values.
    /// @param scale At most 31.
    /// @param elements 32 bytes each. Written from number `from` on.
    /// @return next Number of the first that was not written.
    function quantize(bytes calldata data, uint256 scale, bytes memory elements, uint256 from)
        internal
        pure
        returns (uint256 next)
    {
        next = from + data.length / 4;
        assert(next * 32 <= elements.length && scale < 32);
        uint256 refused;
        // SAFETY: stays within `elements`. A mantissa is below 2^24: shifted up by at most 231 it fits a word.
        assembly ("memory-safe") {
            let at := data.offset
            let start := add(add(elements, 32), mul(from, 32))
            let end := add(add(elements, 32), mul(next, 32))
            let word
            for { let to := start } lt(to, end) { to := add(to, 32) } {
                // Eight at a time, the bytes of each turned round.
                if iszero(and(sub(to, start), 0xff)) {
                    word := calldataload(at)
                    at := add(at, 32)
                    word := or(
                        and(
                            shl(8, word),
                            0xff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00
                        ),
                        and(
                            shr(8, word),
                            0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff
                        )
                    )
                    word := or(
                        and(
                            shl(16, word),
                            0xffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000
                        ),
                        and(
                            shr(16, word),
                            0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff
                        )
                    )
                }
                let bits := shr(224, word)
                word := shl(32, word)
                let exponent := and(shr(23, bits), 0xff)
                let element
                switch lt(sub(exponent, 1), 200)
                case 1 {
                    // |x| 2^scale = mantissa 2^(exponent + scale - 150)
                    element := shr(
                        150,
                        add(
                            shl(add(exponent, scale), or(and(bits, 0x7fffff), 0x800000)),
                            shl(149, 1)
                        )
                    )
                }
                default {
                    // Below 2^-126 nothing is left but 0.
                    if exponent {
                        if or(eq(exponent, 0xff), gt(add(exponent, scale), 250)) {
                            refused := or(bits, shl(32, 1))
                            break
                        }
                        element := shl(
                            sub(add(exponent, scale), 150),
                            or(and(bits, 0x7fffff), 0x800000)
                        )
                    }
                }
                if and(shr(31, bits), gt(element, 0)) { element := sub(R, element) }
                mstore(to, element)
            }
        }
        require(refused == 0, FieldElements_OutOfRange(uint32(refused)));
    }

    /// @notice Whole numbers as field elements, and as float32: the nearest to `value 2^-scale`, ties to even; zero is +0.
    /// @param scale At most 30, so that the results are normal.
    /// @param elements 32 bytes each. Written from number `from` on.
    /// @return data Little-endian float32 values.
    function dequantize(
        int256[] calldata values,
        uint256 scale,
        bytes memory elements,
        uint256 from
    ) internal pure returns (bytes memory data) {
        assert((from + values.length) * 32 <= elements.length);
        data = new bytes(values.length * 4);
        bool refused;
        int256 value;
        // SAFETY: stays within `elements` and `data`. The highest bit is below 127 and `scale` at most 30: shifts and exponent stay in range.
        assembly ("memory-safe") {
            let to := add(add(elements, 32), mul(from, 32))
            let at := values.offset
            let end := add(add(data, 32), mload(data))
            for { let out := add(data, 32) } lt(out, end) { out := add(out, 4) } {
                value := calldataload(at)
                let negative := slt(value, 0)
                let magnitude := xor(value, mul(negative, xor(value, sub(0, value))))
                if shr(127, magnitude) {
                    refused := 1
                    break
                }
                switch negative
                case 0 { mstore(to, magnitude) }
                default { mstore(to, sub(R, magnitude)) }
                at := add(at, 32)
                to := add(to, 32)

                let top := shl(6, gt(magnitude, 0xffffffffffffffff))
                top := or(top, shl(5, gt(shr(top, magnitude), 0xffffffff)))
                top := or(top, shl(4, gt(shr(top, magnitude), 0xffff)))
                top := or(top, shl(3, gt(shr(top, magnitude), 0xff)))
                top := or(top, shl(2, gt(shr(top, magnitude), 0xf)))
                top := or(top, shl(1, gt(shr(top, magnitude), 3)))
                top := or(top, gt(shr(top, magnitude), 1))
                let mantissa
                switch gt(top, 23)
                case 0 { mantissa := shl(sub(23, top), magnitude) }
                default {
                    let drop := sub(top, 23)
                    let down := sub(shl(sub(drop, 1), 1), iszero(and(shr(drop, magnitude), 1)))
                    mantissa := shr(drop, add(magnitude, down))
                }
                // A mantissa that rounds up to 2^24 carries into the exponent by itself.
                let bits :=
                    mul(
                        gt(magnitude, 0),
                        add(shl(31, negative), add(shl(23, sub(add(top, 126), scale)), mantissa))
                    )
                mstore8(out, bits)
                mstore8(add(out, 1), shr(8, bits))
                mstore8(add(out, 2), shr(16, bits))
                mstore8(add(out, 3), shr(24, bits))
            }
        }
        require(!refused, FieldElements_TooWide(value));
    }
}

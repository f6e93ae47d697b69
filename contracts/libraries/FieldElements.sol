// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Float32} from "./Float32.sol";

/// @title FieldElements
/// @notice Between float32 and the fixed-point field elements of ezkl's circuits: docs/protocol.md section 11. Twin: `sdk/src/zk/fieldElements.ts`.
library FieldElements {
    /// @notice Infinite, NaN, or too large for a circuit (2^124 and more after scaling).
    error FieldElements_OutOfRange(uint32 bits);
    /// @notice No circuit of 127-bit numbers holds it.
    error FieldElements_TooWide(int256 value);

    /// @notice Order of BN254's scalar field.
    uint256 internal constant R =
        21_888_242_871_839_275_222_246_405_745_257_275_088_548_364_400_416_034_343_698_204_186_575_808_495_617;

    /// @notice `sign(x) floor(|x| 2^scale + 1/2)`, a negative number as R plus it.
    /// @param bits A float32.
    function quantize(uint32 bits, uint256 scale) internal pure returns (uint256 element) {
        uint256 exponent = (bits >> 23) & 255;
        uint256 mantissa = bits & 0x7fffff;
        if (exponent == 0) exponent = 1; // subnormal
        else mantissa |= 0x800000;
        // |x| 2^scale = mantissa 2^(place - 150)
        uint256 place = exponent + scale;
        require(exponent != 255 && place <= 250, FieldElements_OutOfRange(bits));
        // SAFETY: mantissa < 2^24, shifted up by 100 at most, or down by 150 at most.
        unchecked {
            if (place >= 150) {
                element = mantissa << (place - 150);
            } else {
                element = (mantissa + (1 << (149 - place))) >> (150 - place);
            }
            if (bits >> 31 != 0 && element != 0) element = R - element;
        }
    }

    /// @notice The float32 nearest to `value 2^-scale`, ties to even; zero is +0.
    /// @param scale At most 30, so that the result is normal.
    function dequantize(int256 value, uint256 scale) internal pure returns (uint32 bits) {
        if (value == 0) return 0;
        require(value > -(1 << 127) && value < 1 << 127, FieldElements_TooWide(value));
        uint256 sign = value < 0 ? 1 : 0;
        uint256 magnitude = uint256(value < 0 ? -value : value); // SAFETY: within 127 bits
        uint256 top = Float32.log2(magnitude);
        // SAFETY: top < 127, scale <= 30: every shift and the exponent stay in range.
        unchecked {
            uint256 mantissa;
            if (top <= 23) {
                mantissa = magnitude << (23 - top);
            } else {
                uint256 drop = top - 23;
                uint256 half = 1 << (drop - 1);
                mantissa = (magnitude + half - 1 + ((magnitude >> drop) & 1)) >> drop;
            }
            // A mantissa that rounds up to 2^24 carries into the exponent by itself.
            return uint32((sign << 31) + ((top + 126 - scale) << 23) + mantissa);
        }
    }

    /// @notice The field element of a whole number.
    function encode(int256 value) internal pure returns (uint256) {
        require(value > -(1 << 127) && value < 1 << 127, FieldElements_TooWide(value));
        // SAFETY: within 127 bits, and R has 254.
        return value < 0 ? R - uint256(-value) : uint256(value);
    }
}

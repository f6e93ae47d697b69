// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {PlainDot} from "../../reference/PlainDot.sol";
import {Dot, ExactDot} from "../../../contracts/libraries/ExactDot.sol";
import {Arithmetic} from "../../../contracts/types/Element.sol";
import {Interval, IntervalKind} from "../../../contracts/types/Interval.sol";

contract ExactDotTest is Test {
    /// @dev Ways to choose exponent fields: [from, from + spread).
    uint256[2][6] private kinds = [
        [uint256(120), 12],
        [uint256(1), 254],
        [uint256(0), 4],
        [uint256(90), 80],
        [uint256(50), 30],
        [uint256(0), 256]
    ];

    /// The eight-at-a-time loops give what the term-by-term ones give, whatever the operands.
    function testFuzz_PackedAgreesWithPlain(uint256 seed, uint256 terms, uint256 kind)
        external
        view
    {
        terms = bound(terms, 1, 40);
        kind = bound(kind, 0, 5);
        bytes memory a = _operand(seed, 1, terms, kind);
        bytes memory b = _operand(seed, 2, terms, kind);
        assertEq(abi.encode(this.packed(a, b)), abi.encode(PlainDot.dot(a, b, terms)));
    }

    /// Further terms are terms times 1, wherever the word boundary lies.
    function testFuzz_FurtherTerms(uint256 seed, uint256 terms, uint256 kind) external view {
        terms = bound(terms, 1, 20);
        kind = bound(kind, 0, 5);
        bytes memory a = _operand(seed, 1, terms, kind);
        bytes memory b = _operand(seed, 2, terms, kind);
        bytes memory more = _operand(seed, 3, terms % 3, kind);
        bytes memory ones;
        for (uint256 i = 0; i < terms % 3; ++i) {
            ones = bytes.concat(ones, hex"0000803f");
        }
        assertEq(
            abi.encode(this.packedMore(a, b, more)),
            abi.encode(
                PlainDot.dot(bytes.concat(a, more), bytes.concat(b, ones), terms + terms % 3)
            )
        );
    }

    function testFuzz_SumIsDotWithOnes(uint256 seed, uint256 terms, uint256 kind) external view {
        terms = bound(terms, 1, 20);
        bytes memory a = _operand(seed, 1, terms, bound(kind, 0, 5));
        bytes memory ones;
        for (uint256 i = 0; i < terms; ++i) {
            ones = bytes.concat(ones, hex"0000803f");
        }
        assertEq(abi.encode(this.total(a)), abi.encode(PlainDot.dot(a, ones, terms)));
    }

    /// 2 * 3 + (-1) * 0.5: every part of the result by hand.
    function test_ByHand() external view {
        bytes memory a = hex"00000040000080bf";
        bytes memory b = hex"000040400000003f";
        Dot memory result = this.packed(a, b);
        // Fields 128 + 128: the unit is 2^(256 - 363).
        assertEq(result.exponent, -107);
        assertEq(result.sum, 11 << 106);
        assertEq(result.dropped, 2 << 47);
        assertEq(result.magnitude, (13 << 106) + (2 << 47));
        Interval memory interval = ExactDot.dotInterval(result, Arithmetic.Plain);
        // 5.5 and two ulps: gamma_2 6.5 is 1.6 ulps of 5.5.
        assertEq(interval.low, 0x40b00000 - 1);
        assertEq(interval.high, 0x40b00000 + 1);
    }

    /// The largest magnitudes that are not poison leave the accumulators whole.
    function test_ManyLargeTerms() external view {
        uint256 terms = 8192;
        bytes memory a = new bytes(4 * terms);
        bytes memory b = new bytes(4 * terms);
        for (uint256 i = 0; i < terms; ++i) {
            // +-1.9999999 * 2^56 and 1.9999999 * 2^55: products below 2^113.
            (a[4 * i], a[4 * i + 1], a[4 * i + 2]) = (0xff, 0xff, 0xff);
            a[4 * i + 3] = i % 3 == 0 ? bytes1(0xdb) : bytes1(0x5b);
            (b[4 * i], b[4 * i + 1], b[4 * i + 2], b[4 * i + 3]) = (0xff, 0xff, 0x7f, 0x5b);
        }
        assertEq(abi.encode(this.packed(a, b)), abi.encode(PlainDot.dot(a, b, terms)));
    }

    /// C2: a sum of magnitudes that may reach 2^127 accepts anything, one just below does not.
    function test_PoisonAtTheLimit() external view {
        // 2^63 * 2^63 = 2^126, twice.
        bytes memory half = hex"0000005f";
        assertEq(
            uint256(ExactDot.dotInterval(this.packed(half, half), Arithmetic.Plain).kind),
            uint256(IntervalKind.Float)
        );
        bytes memory two = bytes.concat(half, half);
        assertEq(
            uint256(ExactDot.dotInterval(this.packed(two, two), Arithmetic.Plain).kind),
            uint256(IntervalKind.Any)
        );
    }

    function test_RevertWhen_LengthsAreWrong() external {
        vm.expectRevert(abi.encodeWithSelector(ExactDot.ExactDot_Lengths.selector, 4, 8));
        this.packed(new bytes(4), new bytes(8));
        vm.expectRevert(abi.encodeWithSelector(ExactDot.ExactDot_Lengths.selector, 0, 0));
        this.packed("", "");
        vm.expectRevert(abi.encodeWithSelector(ExactDot.ExactDot_Lengths.selector, 6, 6));
        this.packed(new bytes(6), new bytes(6));
        vm.expectRevert(
            abi.encodeWithSelector(ExactDot.ExactDot_Lengths.selector, 262_144, 262_144)
        );
        this.total(new bytes(4 * 65_536));
    }

    // ------------------------------------------------------------------ helpers

    function packed(bytes calldata a, bytes calldata b) external pure returns (Dot memory) {
        return ExactDot.dot(a, b);
    }

    function packedMore(bytes calldata a, bytes calldata b, bytes calldata more)
        external
        pure
        returns (Dot memory)
    {
        return ExactDot.dot(a, b, more);
    }

    function total(bytes calldata a) external pure returns (Dot memory) {
        return ExactDot.sum(a);
    }

    /// @dev Random floats, one in eight a zero of either sign.
    function _operand(uint256 seed, uint256 salt, uint256 terms, uint256 kind)
        private
        view
        returns (bytes memory data)
    {
        data = new bytes(4 * terms);
        for (uint256 i = 0; i < terms; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, salt, i)));
            uint256 field = kinds[kind][0] + (random >> 64) % kinds[kind][1];
            uint256 bits = (random & 0x807fffff) | (field << 23);
            if (random >> 253 == 0) bits &= 0x80000000;
            for (uint256 k = 0; k < 4; ++k) {
                data[4 * i + k] = bytes1(uint8(bits >> (8 * k)));
            }
        }
    }
}

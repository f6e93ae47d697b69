// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {IChecker} from "../../../contracts/interfaces/IChecker.sol";
import {ElementQuery, Operand, Range} from "../../../contracts/types/Element.sol";
import {Interval, IntervalKind} from "../../../contracts/types/Interval.sol";
import {TensorType} from "../../../contracts/types/TensorType.sol";
import {SoftmaxChecker} from "../../../contracts/verification/operators/SoftmaxChecker.sol";

contract SoftmaxCheckerTest is Test {
    SoftmaxChecker private checker = new SoftmaxChecker();

    /// @dev Little-endian float32 patterns.
    bytes4 private constant ONE = 0x0000803f;
    bytes4 private constant MINUS_INFINITY = 0x000080ff;
    bytes4 private constant PLUS_INFINITY = 0x0000807f;
    bytes4 private constant NAN = 0x0000c07f;

    function queryOf(uint32 count, uint32 element)
        private
        pure
        returns (ElementQuery memory query)
    {
        query.opcode = 90;
        query.attributes = new int32[](1);
        query.attributes[0] = 1;
        TensorType memory row = TensorType(1, new uint32[](2), new uint8[](2));
        (row.dims[0], row.dims[1], row.perm[1]) = (2, count, 1);
        query.inputs = new TensorType[](1);
        query.outputs = new TensorType[](1);
        (query.inputs[0], query.outputs[0]) = (row, row);
        query.element = element;
    }

    function operandsOf(bytes memory data) private pure returns (Operand[] memory operands) {
        operands = new Operand[](1);
        operands[0].data = data;
    }

    /// @dev The classes of a text reader, PP-OCRv4's: A9 wants one element to fit 12M gas.
    function test_WhenTheRowHas6625Classes_ItFitsATransaction() external {
        bytes memory data = new bytes(4 * 6625);
        for (uint256 i = 0; i < data.length; i += 4) {
            data[i] = bytes1(uint8(i * 7));
            data[i + 1] = bytes1(uint8(i * 31));
            data[i + 2] = bytes1(uint8(i * 13));
            data[i + 3] = i % 8 == 0 ? bytes1(0x40) : bytes1(0xbf);
        }
        ElementQuery memory query = queryOf(6625, 6625 + 17);
        Range[] memory ranges = checker.ranges(query);
        assertEq(ranges[0].first, 6625);
        assertEq(ranges[0].count, 6625);
        assertEq(ranges[0].stride, 1);
        Operand[] memory operands = operandsOf(data);
        uint256 before = gasleft();
        Interval memory honest = checker.evaluate(query, operands);
        uint256 used = before - gasleft();
        emit log_named_uint("gas", used);
        assertLt(used, 6_000_000);
        assertTrue(honest.kind == IntervalKind.Float);
    }

    /// @dev C3.
    function test_WhenATermIsMasked_ItIsZero() external view {
        bytes memory data = bytes.concat(ONE, MINUS_INFINITY, ONE);
        Interval memory masked = checker.evaluate(queryOf(3, 1), operandsOf(data));
        assertEq(masked.low, 0);
        assertEq(masked.high, 0);
        Interval memory half = checker.evaluate(queryOf(3, 2), operandsOf(data));
        assertLe(half.low, 0x3f000000);
        assertGe(half.high, 0x3f000000);
        assertLt(half.high - half.low, 64);
    }

    /// @dev C3.
    function test_WhenTheRowIsPoisoned_ItAcceptsAnything() external view {
        bytes4[3] memory poisons = [NAN, PLUS_INFINITY, MINUS_INFINITY];
        for (uint256 i = 0; i < 3; i++) {
            bytes memory data = bytes.concat(poisons[i], MINUS_INFINITY);
            Interval memory honest = checker.evaluate(queryOf(2, 1), operandsOf(data));
            assertTrue(honest.kind == IntervalKind.Any);
        }
    }

    function test_RevertWhen_TheRowIsShort() external {
        vm.expectRevert(abi.encodeWithSelector(IChecker.Checker_Unsupported.selector, 90));
        checker.evaluate(queryOf(3, 1), operandsOf(bytes.concat(ONE, ONE)));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {IChecker} from "../../contracts/interfaces/IChecker.sol";
import {ElementQuery, Operand, Range} from "../../contracts/types/Element.sol";
import {TensorType} from "../../contracts/types/TensorType.sol";
import {RankChecker} from "../../contracts/verification/operators/RankChecker.sol";
import {ResizeChecker} from "../../contracts/verification/operators/ResizeChecker.sol";
import {SpaceChecker} from "../../contracts/verification/operators/SpaceChecker.sol";

/// @notice Gas of whole checker calls of operators that select: naming the operand elements and judging one output element.
contract SelectionGasTest is Test {
    uint32 private constant ROW = 1000;

    function test_ArgMax1000() external {
        _measure(new RankChecker(), _row(111), "ArgMax 1000");
    }

    function test_TopK1000() external {
        ElementQuery memory query = _row(113);
        query.outputs = new TensorType[](2);
        query.outputs[0] = _tensor(2, 10);
        query.outputs[1] = _tensor(2, 10);
        query.output = 1;
        query.element = 17;
        _measure(new RankChecker(), query, "TopK 1000");
    }

    function test_ResizeNearest() external {
        _measure(new SpaceChecker(), _resize(15), "Resize nearest");
    }

    function test_ResizeLinear() external {
        _measure(new ResizeChecker(), _resize(110), "Resize linear");
    }

    /// @dev A row of floats, ranked along axis 1, the greatest first.
    function _row(uint16 opcode) private pure returns (ElementQuery memory query) {
        query.opcode = opcode;
        query.attributes = new int32[](2);
        (query.attributes[0], query.attributes[1]) = (1, opcode == 113 ? int32(1) : int32(0));
        query.inputs = new TensorType[](1);
        query.inputs[0] = _tensor(2, ROW);
        query.outputs = new TensorType[](1);
        query.outputs[0] = _tensor(2, 1);
        query.element = 1;
    }

    /// @dev Half-pixel, twice as high and wide.
    function _resize(uint16 opcode) private pure returns (ElementQuery memory query) {
        query.opcode = opcode;
        query.attributes = new int32[](12);
        int8[12] memory words = [int8(1), 1, 2, 2, 0, 0, -1, -1, 1, 1, 4, 4];
        for (uint256 i = 0; i < 12; ++i) {
            query.attributes[i] = words[i];
        }
        query.inputs = new TensorType[](1);
        query.inputs[0] = _image(24);
        query.outputs = new TensorType[](1);
        query.outputs[0] = _image(48);
        query.element = 48 * 48 + 49;
    }

    function _measure(IChecker checker, ElementQuery memory query, string memory name) private {
        uint256 used = gasleft();
        Range[] memory ranges = checker.ranges(query);
        used -= gasleft();
        vm.snapshotValue("Selection", string.concat(name, " ranges"), used);
        uint256 count = 0;
        for (uint256 i = 0; i < ranges.length; ++i) {
            count += ranges[i].count;
        }
        Operand[] memory operands = new Operand[](1);
        operands[0].data = new bytes(4 * count);
        for (uint256 k = 0; k < 4 * count; ++k) {
            // SAFETY: the low byte is meant.
            operands[0].data[k] = bytes1(uint8(k % 4 == 3 ? 0x3e : k * 7));
        }
        used = gasleft();
        checker.evaluate(query, operands);
        used -= gasleft();
        vm.snapshotValue("Selection", string.concat(name, " evaluate"), used);
        assertLe(ranges.length, 4, name);
    }

    function _tensor(uint32 a, uint32 b) private pure returns (TensorType memory tensor) {
        tensor = TensorType(1, new uint32[](2), new uint8[](2));
        (tensor.dims[0], tensor.dims[1]) = (a, b);
        tensor.perm[1] = 1;
    }

    function _image(uint32 side) private pure returns (TensorType memory image) {
        image = TensorType(1, new uint32[](4), new uint8[](4));
        (image.dims[0], image.dims[1], image.dims[2], image.dims[3]) = (1, 8, side, side);
        (image.perm[1], image.perm[2], image.perm[3]) = (1, 2, 3);
    }
}

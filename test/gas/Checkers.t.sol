// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {IChecker} from "../../contracts/interfaces/IChecker.sol";
import {ElementQuery, Operand, Range} from "../../contracts/types/Element.sol";
import {TensorType} from "../../contracts/types/TensorType.sol";
import {ConvChecker} from "../../contracts/verification/operators/ConvChecker.sol";
import {MatMulChecker} from "../../contracts/verification/operators/MatMulChecker.sol";

/// @notice Gas of whole checker calls: naming the operand elements and judging one output element.
contract CheckersGasTest is Test {
    function test_Conv3x3x64() external {
        IChecker checker = new ConvChecker();
        ElementQuery memory query;
        query.opcode = 62;
        query.attributes = new int32[](11);
        // group, kernel, strides, dilations, begins, ends
        int8[11] memory words = [int8(1), 3, 3, 1, 1, 1, 1, 1, 1, 1, 1];
        for (uint256 i = 0; i < 11; ++i) {
            query.attributes[i] = words[i];
        }
        query.inputs = new TensorType[](3);
        query.inputs[0] = _image(1, 64, 24, 24);
        query.inputs[1] = _image(64, 64, 3, 3);
        query.inputs[2] = TensorType(1, new uint32[](1), new uint8[](1));
        query.inputs[2].dims[0] = 64;
        query.outputs = new TensorType[](1);
        query.outputs[0] = _image(1, 64, 24, 24);
        query.element = 24 * 24 * 5 + 24 * 7 + 9;
        _measure(checker, query, "Conv 3x3x64", 5);
    }

    function test_MatMul4096() external {
        IChecker checker = new MatMulChecker();
        ElementQuery memory query;
        query.opcode = 60;
        query.inputs = new TensorType[](2);
        query.inputs[0] = _matrix(8, 4096, 0, 1);
        query.inputs[1] = _matrix(4096, 8, 1, 0);
        query.outputs = new TensorType[](1);
        query.outputs[0] = _matrix(8, 8, 0, 1);
        query.element = 13;
        _measure(checker, query, "MatMul 4096", 2);
    }

    function _measure(IChecker checker, ElementQuery memory query, string memory name, uint256 most)
        private
    {
        uint256 used = gasleft();
        Range[] memory ranges = checker.ranges(query);
        used -= gasleft();
        vm.snapshotValue("Checkers", string.concat(name, " ranges"), used);
        emit log_named_uint(string.concat(name, ", ranges"), used);

        Operand[] memory operands = new Operand[](query.inputs.length);
        for (uint256 i = 0; i < ranges.length; ++i) {
            Operand memory operand = operands[ranges[i].operand];
            bytes memory more = new bytes(4 * ranges[i].count);
            for (uint256 k = 0; k < more.length; ++k) {
                more[k] = bytes1(uint8(k % 4 == 3 ? 0x3e : k * 7));
            }
            operand.data = bytes.concat(operand.data, more);
        }
        used = gasleft();
        checker.evaluate(query, operands);
        used -= gasleft();
        vm.snapshotValue("Checkers", string.concat(name, " evaluate"), used);
        emit log_named_uint(string.concat(name, ", evaluate"), used);
        // Contiguous runs only: a leaf for each element would cost far more.
        assertLe(ranges.length, most);
    }

    /// @dev Channels last.
    function _image(uint32 a, uint32 b, uint32 c, uint32 d)
        private
        pure
        returns (TensorType memory image)
    {
        image = TensorType(1, new uint32[](4), new uint8[](4));
        (image.dims[0], image.dims[1], image.dims[2], image.dims[3]) = (a, b, c, d);
        (image.perm[1], image.perm[2], image.perm[3]) = (2, 3, 1);
    }

    function _matrix(uint32 a, uint32 b, uint8 first, uint8 last)
        private
        pure
        returns (TensorType memory matrix)
    {
        matrix = TensorType(1, new uint32[](2), new uint8[](2));
        (matrix.dims[0], matrix.dims[1]) = (a, b);
        (matrix.perm[0], matrix.perm[1]) = (first, last);
    }
}

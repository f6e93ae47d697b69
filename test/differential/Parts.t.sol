// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker, IPartialChecker} from "../../contracts/interfaces/IChecker.sol";
import {Values} from "../../contracts/libraries/Values.sol";
import {ElementQuery, Operand, Range} from "../../contracts/types/Element.sol";
import {Interval, IntervalKind} from "../../contracts/types/Interval.sol";
import {Checkers} from "../../script/deploy/Checkers.sol";
import {OperatorVectors} from "../utils/OperatorVectors.t.sol";

/// @notice RV-1: every reduction, on the vectors that `OperatorsTest` judges whole, cut into parts at random places. The set is the same, to the bit.
contract PartsTest is OperatorVectors {
    uint256 private constant FIELD_OF_ONE = 127;

    mapping(uint16 opcode => IPartialChecker) private checkerOf;

    function setUp() public {
        (uint16[] memory opcodes, IChecker[] memory checkers) = Checkers.deploy();
        for (uint256 i = 0; i < opcodes.length; i++) {
            checkerOf[opcodes[i]] = IPartialChecker(address(checkers[i]));
        }
    }

    function test_MatMul() public {
        _compare("matmul");
    }

    function test_Gemm() public {
        _compare("gemm");
    }

    function test_Conv() public {
        _compare("conv");
    }

    function test_ConvTranspose() public {
        _compare("convtranspose");
    }

    function test_ReduceSum() public {
        _compare("reducesum");
    }

    function test_ReduceMean() public {
        _compare("reducemean");
    }

    function test_ReduceSumOfIntegers() public {
        _compare("reducesuminteger");
    }

    function test_CumSum() public {
        _compare("cumsum");
    }

    function test_GlobalAveragePool() public {
        _compare("globalaveragepool");
    }

    function test_AveragePool() public {
        _compare("averagepool");
    }

    function test_MaxPool() public {
        _compare("maxpool");
    }

    function test_Softmax() public {
        _compare("softmax");
    }

    function test_LayerNormalization() public {
        _compare("layernormalization");
    }

    function test_MatMulInteger() public {
        _compare("matmulinteger");
    }

    function test_ConvInteger() public {
        _compare("convinteger");
    }

    function test_QLinearMatMul() public {
        _compare("qlinearmatmul");
    }

    function test_QLinearConv() public {
        _compare("qlinearconv");
    }

    /// A hint above all orders drops more terms: the set holds the set of the whole, so that an honest element stays honest.
    function test_AHigherHintOnlyWidens() public {
        string[12] memory names = [
            "matmul",
            "gemm",
            "conv",
            "convtranspose",
            "reducesum",
            "reducemean",
            "cumsum",
            "globalaveragepool",
            "averagepool",
            "layernormalization",
            "maxpool",
            "matmulinteger"
        ];
        for (uint256 k = 0; k < names.length; ++k) {
            this.widens(names[k]);
        }
    }

    function widens(string calldata name) external {
        vm.pauseGasMetering();
        Vector[] memory vectors = _vectors(name);
        for (uint256 i = 0; i < vectors.length; ++i) {
            uint256 hint = _hint(vectors[i]) + i % 70;
            if (hint > (vectors[i].query.opcode == 92 ? 255 : 511)) continue;
            Interval memory wide = this.inParts(vectors[i], hint, i);
            if (wide.kind == IntervalKind.Any) continue;
            assertTrue(wide.kind == vectors[i].interval.kind, name);
            assertLe(wide.low, vectors[i].interval.low, name);
            assertGe(wide.high, vectors[i].interval.high, name);
        }
    }

    // ------------------------------------------------------------------ comparison

    function _compare(string memory name) private {
        // All vectors together take more than a test's gas.
        vm.pauseGasMetering();
        Vector[] memory vectors = _vectors(name);
        assertGt(vectors.length, 50, "too few vectors");
        for (uint256 i = 0; i < vectors.length; ++i) {
            Interval memory interval = this.inParts(vectors[i], _hint(vectors[i]), i);
            assertEq(
                abi.encode(interval),
                abi.encode(vectors[i].interval),
                string.concat(name, " ", vm.toString(i))
            );
        }
    }

    /// @dev A call of its own frees the memory of a vector.
    function inParts(Vector calldata vector, uint256 hint, uint256 seed)
        external
        view
        returns (Interval memory)
    {
        IPartialChecker checker = checkerOf[vector.query.opcode];
        (uint256 cut, Range[] memory rest) = checker.parts(vector.query);
        bytes memory state = _absorbed(vector, hint, cut, seed);
        return checker.conclude(vector.query, hint, state, _rest(vector, rest));
    }

    /// @dev The state after all terms, a random number of them at a time.
    function _absorbed(Vector calldata vector, uint256 hint, uint256 cut, uint256 seed)
        private
        view
        returns (bytes memory state)
    {
        uint256 terms = _termsOf(vector.ranges);
        for (uint256 from = 0; from < terms;) {
            seed = uint256(keccak256(abi.encode(seed)));
            // Now and then to the end, so that one part and few are among them.
            uint256 count = (seed >> 128) & 3 == 0 ? terms - from : 1 + seed % (terms - from);
            Operand[] memory part = _cut(vector, cut, from, count);
            state = checkerOf[vector.query.opcode].absorb(vector.query, hint, state, part);
            from += count;
        }
    }

    /// @dev Terms `from` to `from + count - 1` of the operands that are cut.
    function _cut(Vector calldata vector, uint256 cut, uint256 from, uint256 count)
        private
        pure
        returns (Operand[] memory part)
    {
        part = new Operand[](vector.operands.length);
        for (uint256 k = 0; k < part.length; ++k) {
            if (cut >> k & 1 == 0) continue;
            uint256 width = Values.width(vector.query.inputs[k].dtype);
            part[k].data = vector.operands[k].data[from * width:(from + count) * width];
        }
    }

    /// @dev What the ranges of the verdict name, out of what the element's ranges named.
    function _rest(Vector calldata vector, Range[] memory rest)
        private
        pure
        returns (Operand[] memory part)
    {
        part = new Operand[](vector.operands.length);
        for (uint256 r = 0; r < rest.length; ++r) {
            uint256 k = rest[r].operand;
            uint256 width = Values.width(vector.query.inputs[k].dtype);
            uint256 at = _positionOf(vector.ranges, rest[r]);
            part[k].data = bytes.concat(
                part[k].data, vector.operands[k].data[at * width:(at + rest[r].count) * width]
            );
        }
    }

    function _positionOf(Range[] calldata ranges, Range memory sought)
        private
        pure
        returns (uint256 position)
    {
        for (uint256 r = 0; r < ranges.length; ++r) {
            if (ranges[r].operand != sought.operand) continue;
            for (uint256 i = 0; i < ranges[r].count; ++i) {
                if (ranges[r].first + i * ranges[r].stride == sought.first) return position;
                ++position;
            }
        }
        revert("not among the element's operands");
    }

    function _termsOf(Range[] calldata ranges) private pure returns (uint256 terms) {
        for (uint256 r = 0; r < ranges.length; ++r) {
            if (ranges[r].operand == 0) terms += ranges[r].count;
        }
    }

    // ------------------------------------------------------------------ hints

    /// @dev What docs/operators.md, "In parts", says of the whole row.
    function _hint(Vector memory vector) private pure returns (uint256 hint) {
        uint16 opcode = vector.query.opcode;
        bytes memory a = vector.operands[0].data;
        if (opcode == 90) return _maximum(a);
        if (opcode >= 100 || opcode == 83) return 0;
        if (vector.query.inputs[0].dtype != 1) return 0;
        hint = 1;
        for (uint256 i = 0; i < a.length / 4; ++i) {
            uint256 f = _field(a, i);
            uint256 g = opcode == 92 ? 0 : FIELD_OF_ONE;
            if (opcode < 70) {
                g = _field(vector.operands[1].data, i);
                if (g == 0) continue;
            }
            if (f != 0 && f + g > hint) hint = f + g;
        }
        if (opcode < 70 && vector.operands.length > 2 && !_isAffine(vector.query)) {
            bytes memory c = vector.operands[2].data;
            if (c.length != 0 && _field(c, 0) != 0 && _field(c, 0) + FIELD_OF_ONE > hint) {
                hint = _field(c, 0) + FIELD_OF_ONE;
            }
        }
    }

    function _isAffine(ElementQuery memory query) private pure returns (bool) {
        if (query.opcode != 61) return false;
        return query.attributes[2] != 0x3f800000 || query.attributes[3] != 0x3f800000;
    }

    function _maximum(bytes memory data) private pure returns (uint256 bits) {
        uint256 most = 0;
        for (uint256 i = 0; i < data.length / 4; ++i) {
            uint256 own = _bits(data, i);
            uint256 order = own >> 31 == 0 ? own ^ 0x80000000 : own ^ 0xffffffff;
            if (i == 0 || order > most) (most, bits) = (order, own);
        }
    }

    function _field(bytes memory data, uint256 index) private pure returns (uint256) {
        return (_bits(data, index) >> 23) & 0xff;
    }

    function _bits(bytes memory data, uint256 index) private pure returns (uint256 bits) {
        for (uint256 k = 0; k < 4; ++k) {
            bits |= uint256(uint8(data[4 * index + k])) << (8 * k);
        }
    }

    function _vectors(string memory name) private view returns (Vector[] memory) {
        return _vectorsAt(string.concat(FOLDER, "/", name, ".json"));
    }
}

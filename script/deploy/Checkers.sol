// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../contracts/interfaces/IChecker.sol";
import {ActivationChecker} from "../../contracts/verification/operators/ActivationChecker.sol";
import {ArithmeticChecker} from "../../contracts/verification/operators/ArithmeticChecker.sol";
import {ConvChecker} from "../../contracts/verification/operators/ConvChecker.sol";
import {CumSumChecker} from "../../contracts/verification/operators/CumSumChecker.sol";
import {ExtremeChecker} from "../../contracts/verification/operators/ExtremeChecker.sol";
import {FunctionChecker} from "../../contracts/verification/operators/FunctionChecker.sol";
import {IndexChecker} from "../../contracts/verification/operators/IndexChecker.sol";
import {
    IntegerProductChecker
} from "../../contracts/verification/operators/IntegerProductChecker.sol";
import {LogicChecker} from "../../contracts/verification/operators/LogicChecker.sol";
import {MatMulChecker} from "../../contracts/verification/operators/MatMulChecker.sol";
import {MovementChecker} from "../../contracts/verification/operators/MovementChecker.sol";
import {
    NormalizationChecker
} from "../../contracts/verification/operators/NormalizationChecker.sol";
import {PoolChecker} from "../../contracts/verification/operators/PoolChecker.sol";
import {QuantizeChecker} from "../../contracts/verification/operators/QuantizeChecker.sol";
import {RankChecker} from "../../contracts/verification/operators/RankChecker.sol";
import {ReduceChecker} from "../../contracts/verification/operators/ReduceChecker.sol";
import {ResizeChecker} from "../../contracts/verification/operators/ResizeChecker.sol";
import {ScatterChecker} from "../../contracts/verification/operators/ScatterChecker.sol";
import {SoftmaxChecker} from "../../contracts/verification/operators/SoftmaxChecker.sol";
import {SpaceChecker} from "../../contracts/verification/operators/SpaceChecker.sol";

/// @title Checkers
/// @notice The checker contracts of a new deployment: version 1 of the checker registry.
/// @dev One block an operator family: deploy the contract, then name the opcodes it serves (docs/protocol.md section 8).
library Checkers {
    /// @dev Most opcodes.
    uint256 private constant MOST = 256;

    struct List {
        uint256 count;
        uint16[] opcodes;
        IChecker[] checkers;
    }

    /// @notice Deploys every checker.
    /// @return opcodes Every opcode served, and `checkers`, its contract.
    function deploy() internal returns (uint16[] memory opcodes, IChecker[] memory checkers) {
        List memory list = List(0, new uint16[](MOST), new IChecker[](MOST));

        // Reductions.
        IChecker matMul = new MatMulChecker();
        _add(list, matMul, 60); // MatMul
        _add(list, matMul, 61); // Gemm
        _addMany(list, new ConvChecker(), 62, 63); // Conv, ConvTranspose
        IChecker reduce = new ReduceChecker();
        _add(list, reduce, 70); // ReduceSum
        _add(list, reduce, 71); // ReduceMean
        _add(list, reduce, 80); // GlobalAveragePool
        _addMany(list, new ExtremeChecker(), 72, 73); // ReduceMax, ReduceMin
        _add(list, new CumSumChecker(), 74);
        IChecker pool = new PoolChecker();
        _add(list, pool, 82); // AveragePool
        _add(list, pool, 83); // MaxPool
        _add(list, new NormalizationChecker(), 92);

        // Elementwise, functions, movement.
        _addMany(list, new MovementChecker(), 1, 10);
        _addMany(list, new ArithmeticChecker(), 20, 30);
        IChecker function_ = new FunctionChecker();
        IChecker activation = new ActivationChecker();
        _addMany(list, function_, 31, 38); // Sqrt .. Softplus
        _addMany(list, activation, 39, 41); // Relu, LeakyRelu, PRelu
        _add(list, function_, 42); // Elu
        _addMany(list, activation, 43, 44); // HardSigmoid, HardSwish
        _add(list, function_, 45); // Gelu
        _addMany(list, activation, 46, 50); // Clip, Floor, Ceil, Round, Sign
        _add(list, new SoftmaxChecker(), 90);
        IChecker logic = new LogicChecker();
        _addMany(list, logic, 11, 12); // Where, Cast
        _add(list, logic, 16); // IsNaN, IsInf
        _addMany(list, logic, 51, 59); // Not .. LessOrEqual
        _addMany(list, new SpaceChecker(), 13, 15); // DepthToSpace, SpaceToDepth, Resize nearest
        _add(list, new ResizeChecker(), 110); // Resize linear
        _addMany(list, new RankChecker(), 111, 113); // ArgMax, ArgMin, TopK

        // Quantised.
        _addMany(list, new QuantizeChecker(), 100, 101); // QuantizeLinear, DequantizeLinear
        _addMany(list, new IntegerProductChecker(), 102, 105); // MatMulInteger .. QLinearConv

        // Places that depend on data.
        _addMany(list, new IndexChecker(), 256, 258); // Gather, GatherElements, GatherND
        _addMany(list, new ScatterChecker(), 259, 260); // ScatterElements, ScatterND

        return _done(list);
    }

    function _add(List memory list, IChecker checker, uint16 opcode) private pure {
        list.opcodes[list.count] = opcode;
        list.checkers[list.count] = checker;
        ++list.count;
    }

    /// @dev Every opcode from `first` to `last`.
    function _addMany(List memory list, IChecker checker, uint16 first, uint16 last) private pure {
        for (uint16 opcode = first; opcode <= last; ++opcode) {
            _add(list, checker, opcode);
        }
    }

    function _done(List memory list)
        private
        pure
        returns (uint16[] memory opcodes, IChecker[] memory checkers)
    {
        opcodes = list.opcodes;
        checkers = list.checkers;
        uint256 count = list.count;
        assembly ("memory-safe") {
            mstore(opcodes, count) // only shrinks
            mstore(checkers, count)
        }
    }
}

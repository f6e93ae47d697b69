// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker, IPartialChecker} from "../../interfaces/IChecker.sol";
import {ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";
import {Dot, ExactDot} from "../../libraries/ExactDot.sol";
import {IntegerSum, IntegerTotal} from "../../libraries/IntegerSum.sol";
import {ReduceAccess} from "../../libraries/ReduceAccess.sol";

/// @title ReduceChecker
/// @notice Sums and means over whole axes: ReduceSum (of integers too), ReduceMean, GlobalAveragePool (docs/operators.md). Twin
/// of `sdk/src/operators/reduce.ts`.
contract ReduceChecker is IPartialChecker {
    uint16 private constant REDUCE_SUM = 70;
    uint16 private constant REDUCE_MEAN = 71;
    uint16 private constant GLOBAL_AVERAGE_POOL = 80;
    uint8 private constant FLOAT32 = 1;

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory) {
        ElementQuery memory q = query;
        _requireServed(q.opcode, q.inputs[0].dtype);
        return ReduceAccess.ranges(q, _reduced(q));
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        _requireServed(query.opcode, query.inputs[0].dtype);
        ExactDot.requireCommitted(operands);
        uint8 dtype = query.inputs[0].dtype;
        if (dtype != FLOAT32) {
            return
                IntegerSum.interval(IntegerSum.plus(IntegerTotal(0, 0), operands[0], dtype), dtype);
        }
        return _finish(query, ExactDot.sum(operands[0].data));
    }

    // ------------------------------------------------------------------ in parts

    /// @inheritdoc IPartialChecker
    function parts(ElementQuery calldata query)
        external
        pure
        returns (uint256 cut, Range[] memory rest)
    {
        _requireServed(query.opcode, query.inputs[0].dtype);
        return (1, new Range[](0));
    }

    /// @inheritdoc IPartialChecker
    function absorb(
        ElementQuery calldata query,
        uint256 hint,
        bytes calldata state,
        Operand[] calldata operands
    ) external pure returns (bytes memory) {
        _requireServed(query.opcode, query.inputs[0].dtype);
        ExactDot.requireCommitted(operands);
        uint8 dtype = query.inputs[0].dtype;
        if (dtype != FLOAT32) {
            return abi.encode(IntegerSum.plus(_totalOf(state), operands[0], dtype));
        }
        bytes calldata x = operands[0].data;
        return ExactDot.absorb(state, hint, x, x[0:0]);
    }

    /// @inheritdoc IPartialChecker
    function conclude(
        ElementQuery calldata query,
        uint256,
        bytes calldata state,
        Operand[] calldata
    ) external pure returns (Interval memory) {
        uint8 dtype = query.inputs[0].dtype;
        _requireServed(query.opcode, dtype);
        if (dtype != FLOAT32) return IntegerSum.interval(_totalOf(state), dtype);
        return _finish(query, abi.decode(state, (Dot)));
    }

    function _finish(ElementQuery calldata query, Dot memory sum)
        private
        pure
        returns (Interval memory)
    {
        return query.opcode == REDUCE_SUM
            ? ExactDot.dotInterval(sum, query.arithmetic)
            : ExactDot.meanInterval(sum, sum.terms, query.arithmetic);
    }

    /// @dev Of the parts before; of none at first.
    function _totalOf(bytes calldata state) private pure returns (IntegerTotal memory) {
        return state.length == 0 ? IntegerTotal(0, 0) : abi.decode(state, (IntegerTotal));
    }

    function _reduced(ElementQuery memory q) private pure returns (bool[] memory reduced) {
        if (q.opcode != GLOBAL_AVERAGE_POOL) return ReduceAccess.named(q);
        reduced = new bool[](q.inputs[0].dims.length);
        for (uint256 k = 2; k < reduced.length; ++k) {
            reduced[k] = true;
        }
    }

    function _requireServed(uint16 opcode, uint8 dtype) private pure {
        // C4: means of integers are refused.
        bool served = opcode == REDUCE_SUM
            ? dtype == FLOAT32 || dtype == 6 || dtype == 7
            : (opcode == REDUCE_MEAN || opcode == GLOBAL_AVERAGE_POOL) && dtype == FLOAT32;
        require(served, Checker_Unsupported(opcode));
    }
}

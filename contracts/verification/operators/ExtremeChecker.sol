// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../interfaces/IChecker.sol";
import {ExactDot} from "../../libraries/ExactDot.sol";
import {Extremes} from "../../libraries/Extremes.sol";
import {ReduceAccess} from "../../libraries/ReduceAccess.sol";
import {Arithmetic, ElementQuery, Operand, Range} from "../../types/Element.sol";
import {Interval} from "../../types/Interval.sol";

/// @title ExtremeChecker
/// @notice The greatest or least over whole axes: ReduceMax and ReduceMin (docs/operators.md). Twin of
/// `sdk/src/operators/extremum.ts`.
contract ExtremeChecker is IChecker {
    uint16 private constant REDUCE_MAX = 72;
    uint16 private constant REDUCE_MIN = 73;

    /// @inheritdoc IChecker
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory) {
        ElementQuery memory q = query;
        _requireServed(q.opcode);
        return ReduceAccess.ranges(q, ReduceAccess.named(q));
    }

    /// @inheritdoc IChecker
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory)
    {
        _requireServed(query.opcode);
        ExactDot.requireCommitted(operands);
        bool wgsl = query.arithmetic == Arithmetic.Wgsl;
        return Extremes.among(operands[0], query.inputs[0].dtype, query.opcode == REDUCE_MAX, wgsl);
    }

    function _requireServed(uint16 opcode) private pure {
        require(opcode == REDUCE_MAX || opcode == REDUCE_MIN, Checker_Unsupported(opcode));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ElementQuery, Operand, Range} from "../types/Element.sol";
import {Interval} from "../types/Interval.sol";

/// @title IChecker
/// @notice Says, for the operators of one family, what an honest machine can have produced for one element.
/// @dev Stateless. A revert reverts the proof and never means "no fraud" (A10). Reverts on opcodes it does not serve.
interface IChecker {
    /// @notice This checker does not serve the opcode, or the node is not of the form it serves.
    error Checker_Unsupported(uint16 opcode);

    /// @notice The operand elements that `evaluate` needs, in committed indices, grouped by ascending operand.
    function ranges(ElementQuery calldata query) external pure returns (Range[] memory);

    /// @notice The set of values an honest machine can have produced from these operands.
    /// @param operands One an input of the node, in order; empty where no range names it.
    function evaluate(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Interval memory);
}

/// @title IDependentChecker
/// @notice A checker of opcodes from `DEPENDENT` on: which elements it reads depends on the data, as Gather's on its indices.
/// @dev First `ranges` names what the places depend on, then `dependentRanges`, given that, the rest; `evaluate` gets both.
interface IDependentChecker is IChecker {
    /// @notice The other elements that `evaluate` needs, in committed indices, grouped by ascending operand. Names no operand that `ranges` named.
    /// @param operands As for `evaluate`, but only what `ranges` named is there.
    function dependentRanges(ElementQuery calldata query, Operand[] calldata operands)
        external
        pure
        returns (Range[] memory);
}

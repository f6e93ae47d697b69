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

/// @title IPartialChecker
/// @notice A checker of reductions that can read its terms a part at a time, over several transactions, with the same result (A9).
/// @dev A hint is what the whole row decides and each part needs (the highest order of a sum, the maximum of a softmax). A wrong one reverts, or only widens the set.
interface IPartialChecker is IChecker {
    /// @notice The hint does not fit what was read.
    error Checker_WrongHint(uint256 hint);

    /// @notice Which operands are cut into parts, as many elements of each, in the order of `ranges`; and what `conclude` reads.
    /// @return cut Bit k: operand k, as many elements of it as of operand 0. Bit 0 is set.
    function parts(ElementQuery calldata query)
        external
        pure
        returns (uint256 cut, Range[] memory rest);

    /// @notice Adds one part to a state, which is empty at first.
    function absorb(
        ElementQuery calldata query,
        uint256 hint,
        bytes calldata state,
        Operand[] calldata operands
    ) external pure returns (bytes memory);

    /// @notice As `evaluate`, from the state of all parts.
    /// @param operands What `rest` names.
    function conclude(
        ElementQuery calldata query,
        uint256 hint,
        bytes calldata state,
        Operand[] calldata operands
    ) external pure returns (Interval memory);
}

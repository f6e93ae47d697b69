// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IChecker} from "../interfaces/IChecker.sol";
import {ElementQuery} from "../types/Element.sol";

/// @title CheckerCall
/// @notice Asks a checker several things about one element, or about several elements of one node, with a query that is encoded once.
library CheckerCall {
    /// @dev Where its members are in an encoded query: behind its length, the offset of the tuple and the members before.
    uint256 private constant ELEMENT_AT = 32 * 7;
    uint256 private constant FUSED_AT = 32 * 9;

    /// @notice A query as `ask` takes it.
    function encode(ElementQuery memory query) internal pure returns (bytes memory) {
        return abi.encode(query);
    }

    /// @notice Makes it a query of another element.
    function setElement(bytes memory query, uint32 element) internal pure {
        assembly ("memory-safe") {
            mstore(add(query, ELEMENT_AT), and(element, 0xffffffff))
        }
    }

    /// @notice Says how many terms the sum behind the element has.
    function setFused(bytes memory query, uint32 terms) internal pure {
        assembly ("memory-safe") {
            mstore(add(query, FUSED_AT), and(terms, 0xffffffff))
        }
    }

    /// @notice Calls a function of a checker whose first argument is the query.
    /// @dev A10: what the checker reverts with is passed on. An address without code answers nothing, which no caller can decode.
    /// @param question The selector and the arguments, anything in place of the query: just encoded, so that free memory starts behind it. Overwritten.
    /// @return answer What was returned, still encoded.
    function ask(IChecker checker, bytes memory question, bytes memory query)
        internal
        view
        returns (bytes memory answer)
    {
        assembly ("memory-safe") {
            // Arguments may stand in any order: the query goes behind the others.
            let length := mload(question)
            let size := mload(query)
            let data := add(question, 32)
            mcopy(add(data, length), add(query, 32), size)
            // Offsets count from behind the selector; the first word of the query is an offset of its own.
            mstore(add(data, 4), add(sub(length, 4), 32))
            if iszero(staticcall(gas(), checker, data, add(length, size), 0, 0)) {
                returndatacopy(data, 0, returndatasize())
                revert(data, returndatasize())
            }
            // The question is not needed any more.
            answer := question
            mstore(answer, returndatasize())
            returndatacopy(data, 0, returndatasize())
            mstore(0x40, and(add(add(data, returndatasize()), 31), not(31)))
        }
    }
}

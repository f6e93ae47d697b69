// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ElementQuery, Range} from "../types/Element.sol";
import {IFraudVerifier} from "../interfaces/IFraudVerifier.sol";
import {Shape} from "./Shape.sol";
import {Unmade} from "./Unmade.sol";

/// @title Witness
/// @notice Positions in a row that decide one element of an operator which picks elements of it (A8). Twin of `sdk/src/proof/witness.ts`.
/// @dev If the named positions hold what the element is made of, then the checker's set for the row of these positions and any other one holds the element too. So one other
/// position convicts a false witness, and none convicts a true one.
library Witness {
    uint16 private constant REDUCE_MAX = 72;
    uint16 private constant REDUCE_MIN = 73;
    uint16 private constant ARG_MAX = 111;
    uint16 private constant TOP_K = 113;

    /// @notice How many positions decide an element, and whether the element is a position itself.
    function ruleOf(ElementQuery memory query)
        internal
        pure
        returns (uint256 count, bool isPosition)
    {
        if (query.opcode == REDUCE_MAX || query.opcode == REDUCE_MIN) return (1, false);
        require(
            query.opcode >= ARG_MAX && query.opcode <= TOP_K,
            IFraudVerifier.FraudVerifier_NoWitness(query.opcode)
        );
        if (query.opcode != TOP_K) return (1, true);
        // All that rank before it, and itself.
        uint256[] memory at = Shape.coordinates(query.outputs[query.output].dims, query.element);
        return (at[uint256(int256(query.attributes[0]))] + 1, query.output == 1);
    }

    /// @notice Elements of a row.
    function lengthOf(Range[] memory row) internal pure returns (uint256 length) {
        for (uint256 i; i < row.length; ++i) {
            length += row[i].count;
        }
    }

    /// @notice Whether these are so many different positions of a row, ascending.
    function isWellFormed(uint32[] calldata positions, uint256 count, uint256 length)
        internal
        pure
        returns (bool)
    {
        if (positions.length != count) return false;
        for (uint256 i; i < count; ++i) {
            if (positions[i] >= length || (i != 0 && positions[i] <= positions[i - 1])) {
                return false;
            }
        }
        return true;
    }

    /// @notice The positions and one more, unless it is one of them, ascending.
    function withRival(uint32[] calldata positions, uint32 rival)
        internal
        pure
        returns (uint32[] memory all)
    {
        uint256 count = positions.length;
        all = new uint32[](count + 1);
        uint256 at;
        bool placed;
        for (uint256 i; i < count; ++i) {
            if (!placed && rival <= positions[i]) {
                placed = true;
                if (rival < positions[i]) all[at++] = rival;
            }
            all[at++] = positions[i];
        }
        if (!placed) all[at++] = rival;
        assembly ("memory-safe") {
            mstore(all, at) // only shrinks
        }
    }

    /// @notice Elements of a row, which is all that these ranges name, at ascending positions.
    function elementsAt(Range[] memory row, uint32[] memory positions)
        internal
        pure
        returns (Range[] memory result)
    {
        result = Unmade.ranges(positions.length);
        uint256 range;
        uint256 before; // positions before `range`
        for (uint256 i; i < positions.length; ++i) {
            while (positions[i] - before >= row[range].count) before += row[range++].count;
            // SAFETY: an element of the tensor.
            result[i] = Range(
                row[range].operand,
                uint32(row[range].first + (positions[i] - before) * row[range].stride),
                1,
                1
            );
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Operand} from "../types/Element.sol";
import {Values} from "./Values.sol";

/// @title Indices
/// @notice Reads indices that are data. Twin: `indexAt` in `sdk/src/operators/indexed.ts`.
library Indices {
    /// @notice Index `i` of an operand into an axis of `size` elements, counted from the front.
    /// @return known Whether it is one number, and in range.
    function at(Operand calldata operand, uint256 i, uint8 dtype, uint256 size)
        internal
        pure
        returns (bool known, uint256 index)
    {
        (bool poison, int256 low, int256 high) = Values.integerAt(operand, i, dtype);
        // SAFETY: a size has 32 bits.
        int256 limit = int256(size);
        if (poison || low != high || low < -limit || low >= limit) return (false, 0);
        return (true, uint256(low < 0 ? low + limit : low));
    }
}

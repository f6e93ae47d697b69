// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title Ramp
/// @notice The price of an order over time: `low` until `start`, then a straight line up to `high`, where it stays.
/// @dev ROUNDING: down, in favour of the requester.
library Ramp {
    /// @notice The price at a moment.
    /// @param start Unix seconds; `duration` in seconds, 0 for a step.
    /// @param at Unix seconds.
    function priceAt(uint128 low, uint128 high, uint40 start, uint32 duration, uint40 at)
        internal
        pure
        returns (uint128)
    {
        if (at <= start || low >= high) return at <= start ? low : high;
        uint256 elapsed = at - start;
        if (elapsed >= duration) return high;
        // SAFETY: the second term is below high - low.
        return low + uint128(uint256(high - low) * elapsed / duration);
    }
}

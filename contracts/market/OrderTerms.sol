// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Order} from "../types/Order.sol";

/// @title OrderTerms
/// @notice What the fields of an order mean together.
library OrderTerms {
    /// @notice What a lock at `price` debits (D3), in wei of the pay token.
    function totalOf(Order calldata order, uint128 price) internal pure returns (uint256) {
        return uint256(price) + order.verificationFee + order.tip + order.callbackFee;
    }

    /// @notice The first moment at which nothing is locked any more.
    /// @param start Of the ramp: the order's, or the re-opening.
    function lockBy(Order calldata order, uint40 start) internal pure returns (uint40) {
        uint256 end = uint256(start) + order.lockDuration;
        // SAFETY: at most `expiry`, or below 2^40.
        return end < order.expiry ? uint40(end) : order.expiry;
    }
}

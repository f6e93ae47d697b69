// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Order} from "../types/Order.sol";

/// @title IEntrance
/// @notice A way to find provider and price of a job that `JobMarket.lockFrom` asks: Offers, SealedAuctions.
/// @dev The market itself checks that the requester consents and that the price is under the order's limits, so an entrance is trusted with the providers' consent only.
interface IEntrance {
    /// @notice Only JobMarket, while it locks. Reverts unless a provider has consented to this job.
    /// @param jobId Of the order.
    /// @param data What the entrance needs to decide: see its own interface.
    /// @return hotKey Of the provider that takes the job.
    /// @return price In the order's currency.
    /// @return declinable Whether the provider may still decline without a slash (D6).
    function take(bytes32 jobId, Order calldata order, bytes calldata data)
        external
        returns (address hotKey, uint128 price, bool declinable);
}

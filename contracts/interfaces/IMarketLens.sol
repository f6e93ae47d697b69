// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Order} from "../types/Order.sol";

/// @title IMarketLens
/// @notice What an order would cost, and what a batch is signed as. Reads JobMarket; replaceable, without rights.
interface IMarketLens {
    /// @notice Price of the ramp in wei of the pay token, at the dollar rate of now.
    function priceOf(Order calldata order, uint40 at) external view returns (uint128);
    /// @notice What a lock at `price` debits (D3), in wei of the pay token.
    function totalOf(Order calldata order, uint128 price) external pure returns (uint256);
    /// @notice The EIP-712 hash of `OrderBatch(bytes32 root,uint32 count)`.
    function batchIdOf(bytes32 root, uint32 count) external view returns (bytes32);
}

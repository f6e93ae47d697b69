// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IBurnAuction
/// @notice Sells what the fee sink sends in other tokens for LYN, lot by lot at a falling price (D4): four parts of seven of the LYN are burnt, three are the stakers'.
/// @dev A price is LYN wei for 1e18 wei of the token. A lot starts at twice the last clearing price, halves every `HALVING` seconds (linear in between), and stops after four halvings: unsold, it can be started again
/// from there. Properties: AUC-1 a lot is sold once, whole, at the price of its moment; AUC-2 all LYN taken is burnt or the stakers'.
interface IBurnAuction {
    struct Lot {
        uint128 amount;
        uint128 startPrice;
        uint40 startedAt;
    }

    error BurnAuction_NoLot(address token);
    error BurnAuction_LotRunning(address token, uint40 until);
    error BurnAuction_NothingToSell(address token);
    error BurnAuction_NoReference(address token);
    error BurnAuction_TooDear(uint256 price, uint256 maximum);
    error BurnAuction_NotForSale(address token);

    event ReferenceSet(address indexed token, uint128 price);
    event LotStarted(address indexed token, uint128 amount, uint128 startPrice);
    event LotSold(
        address indexed token, address indexed buyer, uint128 amount, uint256 paid, uint256 burnt
    );

    /// @notice Starts a lot of all that is here of a token. Anyone may call, when none runs.
    function start(address token) external;
    /// @notice Buys the lot at the price of now, in LYN of the caller (allowance needed).
    /// @param maxPaid Most LYN wei.
    function buy(address token, uint256 maxPaid, address to) external returns (uint256 paid);
    /// @notice Only the owner, while no lot of the token runs: what the next is taken to be worth. Needed once a token.
    function setReference(address token, uint128 price) external;

    function lotOf(address token) external view returns (Lot memory);
    /// @notice What `buy` would take now, rounded up.
    function costOf(address token) external view returns (uint256);
    /// @notice Price of the last sale.
    function referenceOf(address token) external view returns (uint128);
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IFeeSink
/// @notice Where protocol fees arrive (its account in the Ledger) and are split: 40% burn, 30% stakers, 20% audits, 10% treasury (D4).
/// @dev Properties: FEE-1 the parts of a distribution sum to what was distributed; the treasury takes the rounding remainder.
interface IFeeSink {
    error FeeSink_NothingToDistribute(address token);
    /// @notice Shares of another token than LYN wait for the auction.
    error FeeSink_NotLyn(address token);

    event Distributed(
        address indexed token, uint256 burnt, uint256 stakers, uint256 audits, uint256 treasury
    );

    /// @notice Splits all LYN that has arrived. Anyone may call.
    function distribute(address token) external;
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IFeeSink
/// @notice Where protocol fees arrive (its account in the Ledger) and are split: 40% burn, 30% stakers, 20% audits, 10% treasury (D4). Of another token than LYN the first two are sold for LYN.
/// @dev Properties: FEE-1 the parts of a distribution sum to what was distributed; the treasury takes the rounding remainder.
interface IFeeSink {
    error FeeSink_NothingToDistribute(address token);

    /// @param burnt Of LYN: burnt. Of another token: what the auction sells to burn LYN, and `stakers` what it sells for them.
    event Distributed(
        address indexed token, uint256 burnt, uint256 stakers, uint256 audits, uint256 treasury
    );

    /// @notice Splits all that has arrived of a token. Anyone may call.
    function distribute(address token) external;
}

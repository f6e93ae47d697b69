// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IStakerFees
/// @notice The stakers' part of all fees, in LYN: an epoch's is shared by what everybody had at stake at its end. Within a provider, StakeManager's per-share accumulator divides it among owner and delegators.
/// @dev Properties: SFE-1 an epoch pays no more than it got, and a provider once; SFE-2 what nobody claimed in time goes to the epoch that then runs.
interface IStakerFees {
    /// @param pot What it got. @param paid What was claimed, or recycled.
    struct Epoch {
        uint128 pot;
        uint128 paid;
    }

    error StakerFees_EpochRunning(uint40 epoch, uint40 endsAt);
    error StakerFees_AlreadyClaimed(uint40 epoch, uint32 providerId);
    error StakerFees_NothingToClaim(uint40 epoch, uint32 providerId);
    error StakerFees_Lapsed(uint40 epoch, uint40 lapsedAt);
    error StakerFees_NotLapsed(uint40 epoch, uint40 lapsesAt);

    event Funded(uint40 indexed epoch, address indexed from, uint256 amount);
    event Claimed(uint40 indexed epoch, uint32 indexed providerId, uint256 amount);
    event Recycled(uint40 indexed epoch, uint40 indexed into, uint256 amount);

    /// @notice Adds LYN of the caller (allowance needed) to the running epoch.
    function fund(uint256 amount) external;
    /// @notice Pays a provider's part of a past epoch to its owner and delegators. Anyone may call, within `CLAIM_EPOCHS`.
    function claim(uint40 epoch, uint32 providerId) external returns (uint256 amount);
    /// @notice Moves what is left of a lapsed epoch to the running one. Anyone may call.
    function recycle(uint40 epoch) external returns (uint256 amount);

    /// @notice What `claim` would pay.
    function claimableOf(uint40 epoch, uint32 providerId) external view returns (uint256);
    function epochOf(uint40 epoch) external view returns (Epoch memory);
    function currentEpoch() external view returns (uint40);
}

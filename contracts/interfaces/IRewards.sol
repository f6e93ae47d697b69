// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Order} from "../types/Order.sol";

/// @title IRewards
/// @notice Work-based rewards out of the reserve: an epoch's budget is a fixed part of what is left, shared by the fees that providers' settled jobs paid in LYN, and capped (D5).
/// @dev A provider shows its settled jobs while the epoch runs; when it is over the reward is `min(share of the budget, stake / 15, 0.45 x its fees)`, vests over `VESTING` and is void once a conviction is shown.
/// Properties: RWD-1 an epoch pays no more than its budget; RWD-2 a job counts once; RWD-3 buying from oneself always costs more than it earns; RWD-4 nothing unclaimed of the epochs before a conviction was shown is paid, and nothing at all in jail.
interface IRewards {
    /// @param budget Fixed by the first job shown in it. @param fees Of all jobs shown, in LYN wei.
    struct Epoch {
        uint128 budget;
        uint128 fees;
    }

    /// @param amount Fees shown; once granted, the reward.
    /// @param paid Of the reward.
    struct Share {
        uint96 amount;
        uint96 paid;
        bool granted;
    }

    error Rewards_NotSettled(bytes32 jobId);
    error Rewards_NotInLyn(bytes32 jobId);
    error Rewards_AlreadyShown(bytes32 jobId);
    error Rewards_EpochRunning(uint40 epoch, uint40 endsAt);
    error Rewards_Lapsed(uint40 epoch, uint40 lapsedAt);
    error Rewards_NotConvicted(bytes32 jobId);
    error Rewards_Jailed(uint32 providerId, uint40 until);
    /// @notice A conviction was shown after the epoch had begun.
    error Rewards_Void(uint40 epoch, uint32 providerId, uint40 voidUntil);
    error Rewards_NothingToClaim(uint40 epoch, uint32 providerId);

    event EpochOpened(uint40 indexed epoch, uint256 budget);
    event WorkShown(
        uint40 indexed epoch, uint32 indexed providerId, bytes32 indexed jobId, uint256 fee
    );
    event RewardGranted(uint40 indexed epoch, uint32 indexed providerId, uint256 amount);
    event RewardsVoided(uint32 indexed providerId, bytes32 indexed jobId, uint40 until);
    event RewardClaimed(
        uint40 indexed epoch, uint32 indexed providerId, address indexed owner, uint256 amount
    );

    /// @notice Shows settled jobs paid in LYN: their fees count in the running epoch, for the provider that delivered. Anyone may call, once a job.
    function show(Order[] calldata orders) external;
    /// @notice Shows a job in which its provider was convicted: what that has not claimed of the epochs that have begun is void. Anyone may call, once a job; nobody who was just slashed can claim before.
    function showConviction(Order calldata order) external;
    /// @notice Pays what has vested of a past epoch's reward to the provider's owner. Anyone may call, within `CLAIM_EPOCHS`.
    function claim(uint40 epoch, uint32 providerId) external returns (uint256 amount);

    /// @notice The reward of a past epoch, and what `claim` would pay of it now.
    function rewardOf(uint40 epoch, uint32 providerId)
        external
        view
        returns (uint256 reward, uint256 claimable);
    function epochOf(uint40 epoch) external view returns (Epoch memory);
    function shareOf(uint40 epoch, uint32 providerId) external view returns (Share memory);
    function isShown(bytes32 jobId) external view returns (bool);
    /// @notice Rewards of epochs that began before are void.
    function voidUntilOf(uint32 providerId) external view returns (uint40);
    function currentEpoch() external view returns (uint40);
}

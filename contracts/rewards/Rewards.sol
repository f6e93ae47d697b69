// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IRewards} from "../interfaces/IRewards.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {Order} from "../types/Order.sol";

/// @title Rewards
/// @notice The reward reserve.
/// @dev TRUST: the market, for what was settled; StakeManager, for stake and convictions. Nobody owns it: what is here leaves as rewards only. TOKENS: LYN. LIVENESS: nobody can stop a claim.
/// ROUNDING: rewards down. CLOCKS: block time, in epochs. Jobs are shown in the order of their provider's choosing; the caps bind whatever it chooses.
/// PROPERTIES: RWD-1, RWD-2, RWD-3, RWD-4.
contract Rewards is IRewards {
    using SafeERC20 for IERC20;

    /// @notice D5: of the fees, 0.9 of the half that is burnt or the treasury's.
    uint256 public constant FEES_BPS = 4_500;

    /// @notice Least stake for a reward, as a multiple of it.
    uint256 public constant STAKE_MULTIPLE = 15;

    /// @notice How many epochs a claim has time.
    uint40 public constant CLAIM_EPOCHS = 26;

    uint256 private constant PPM = 1e6;
    uint256 private constant BPS = 10_000;
    uint256 private constant FEE_SHIFT = 4; // of a job's flags, IJobMarket

    /// @notice LYN.
    IERC20 public immutable LYN;

    /// @notice Whose jobs count.
    IJobMarket public immutable MARKET;

    /// @notice Whose stake counts.
    IStakeManager public immutable STAKE;

    /// @notice Seconds of an epoch.
    uint40 public immutable EPOCH;

    /// @notice Seconds over which a reward vests, from the end of its epoch.
    uint40 public immutable VESTING;

    /// @notice An epoch's budget, in millionths of what is left.
    uint256 public immutable BUDGET_PPM;

    mapping(uint40 epoch => Epoch) private _epochs;
    mapping(uint40 epoch => mapping(uint32 providerId => Share)) private _shares;

    /// @inheritdoc IRewards
    mapping(bytes32 jobId => bool) public isShown;

    /// @inheritdoc IRewards
    mapping(uint32 providerId => uint40) public voidUntilOf;

    constructor(
        IERC20 lyn,
        IJobMarket market,
        IStakeManager stakeManager,
        uint40 epoch,
        uint40 vesting,
        uint256 budgetPpm
    ) {
        LYN = lyn;
        MARKET = market;
        STAKE = stakeManager;
        EPOCH = epoch;
        VESTING = vesting;
        BUDGET_PPM = budgetPpm;
    }

    /// @inheritdoc IRewards
    function show(Order[] calldata orders) external {
        uint40 epoch = currentEpoch();
        Epoch memory running = _epochs[epoch];
        if (running.budget == 0) {
            // RWD-1. SAFETY: a part of the supply.
            running.budget = uint128(LYN.balanceOf(address(this)) * BUDGET_PPM / PPM);
            emit EpochOpened(epoch, running.budget);
        }
        for (uint256 i = 0; i < orders.length; ++i) {
            running.fees += _show(epoch, orders[i]);
        }
        _epochs[epoch] = running;
    }

    /// @inheritdoc IRewards
    function claim(uint40 epoch, uint32 providerId) external returns (uint256 amount) {
        uint40 endsAt = (epoch + 1) * EPOCH;
        require(block.timestamp >= endsAt, Rewards_EpochRunning(epoch, endsAt));
        uint40 lapsesAt = endsAt + CLAIM_EPOCHS * EPOCH;
        require(block.timestamp < lapsesAt, Rewards_Lapsed(epoch, lapsesAt));
        (address owner, uint40 jailedUntil, uint96 stake) = STAKE.backingAt(providerId, endsAt - 1);
        // RWD-4: the jail of a slash leaves time to show a conviction.
        require(block.timestamp >= jailedUntil, Rewards_Jailed(providerId, jailedUntil));
        uint40 voidUntil = voidUntilOf[providerId];
        require(endsAt - EPOCH >= voidUntil, Rewards_Void(epoch, providerId, voidUntil));
        Share memory share = _shares[epoch][providerId];
        if (!share.granted) {
            share.amount = uint96(_reward(epoch, share.amount, stake)); // SAFETY: below its fees
            share.granted = true;
            emit RewardGranted(epoch, providerId, share.amount);
        }
        amount = _vested(endsAt, share.amount) - share.paid;
        require(amount != 0, Rewards_NothingToClaim(epoch, providerId));
        share.paid += uint96(amount); // SAFETY: a part of the reward
        _shares[epoch][providerId] = share;
        emit RewardClaimed(epoch, providerId, owner, amount);
        LYN.safeTransfer(owner, amount);
    }

    /// @inheritdoc IRewards
    function showConviction(Order calldata order) external {
        bytes32 jobId = MARKET.jobIdOf(order);
        require(!isShown[jobId], Rewards_AlreadyShown(jobId)); // RWD-2
        IJobMarket.Job memory job = MARKET.jobOf(jobId);
        require(job.status == IJobMarket.Status.Convicted, Rewards_NotConvicted(jobId));
        isShown[jobId] = true;
        uint40 until = uint40(block.timestamp);
        voidUntilOf[job.providerId] = until; // RWD-4
        emit RewardsVoided(job.providerId, jobId, until);
    }

    /// @inheritdoc IRewards
    function rewardOf(uint40 epoch, uint32 providerId)
        external
        view
        returns (uint256 reward, uint256 claimable)
    {
        uint40 endsAt = (epoch + 1) * EPOCH;
        if (block.timestamp < endsAt || endsAt - EPOCH < voidUntilOf[providerId]) return (0, 0);
        Share memory share = _shares[epoch][providerId];
        reward = share.amount;
        if (reward != 0 && !share.granted) {
            (,, uint96 stake) = STAKE.backingAt(providerId, endsAt - 1);
            reward = _reward(epoch, reward, stake);
        }
        if (block.timestamp >= endsAt + CLAIM_EPOCHS * EPOCH) return (reward, 0);
        claimable = _vested(endsAt, reward) - share.paid;
    }

    /// @inheritdoc IRewards
    function epochOf(uint40 epoch) external view returns (Epoch memory) {
        return _epochs[epoch];
    }

    /// @inheritdoc IRewards
    function shareOf(uint40 epoch, uint32 providerId) external view returns (Share memory) {
        return _shares[epoch][providerId];
    }

    /// @inheritdoc IRewards
    function currentEpoch() public view returns (uint40) {
        return uint40(block.timestamp) / EPOCH;
    }

    function _show(uint40 epoch, Order calldata order) private returns (uint128 fee) {
        bytes32 jobId = MARKET.jobIdOf(order);
        require(!isShown[jobId], Rewards_AlreadyShown(jobId)); // RWD-2
        IJobMarket.Job memory job = MARKET.jobOf(jobId);
        require(job.status == IJobMarket.Status.Settled, Rewards_NotSettled(jobId));
        require(order.payToken == address(LYN), Rewards_NotInLyn(jobId)); // D5
        isShown[jobId] = true;
        // As the market took it. SAFETY: below the price.
        fee = uint128(uint256(job.price) * (job.flags >> FEE_SHIFT) / BPS);
        _shares[epoch][job.providerId].amount += uint96(fee); // SAFETY: a part of the supply
        emit WorkShown(epoch, job.providerId, jobId, fee);
    }

    /// @dev RWD-1, RWD-3: `min(share of the budget, stake / 15, 0.45 x fees)`. Nothing remembers that a cap was met: the next epoch starts afresh.
    function _reward(uint40 epoch, uint256 fees, uint96 stake)
        private
        view
        returns (uint256 reward)
    {
        if (fees == 0) return 0;
        Epoch memory past = _epochs[epoch];
        reward = past.budget * fees / past.fees;
        uint256 cap = fees * FEES_BPS / BPS; // D5
        if (cap < reward) reward = cap;
        cap = stake / STAKE_MULTIPLE;
        if (cap < reward) reward = cap;
    }

    function _vested(uint40 endsAt, uint256 reward) private view returns (uint256) {
        uint256 elapsed = block.timestamp - endsAt;
        return elapsed >= VESTING ? reward : reward * elapsed / VESTING;
    }
}

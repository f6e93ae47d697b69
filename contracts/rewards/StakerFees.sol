// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IDelegationPools} from "../interfaces/IDelegationPools.sol";
import {IStakerFees} from "../interfaces/IStakerFees.sol";

/// @title StakerFees
/// @notice Shares fees among stakers.
/// @dev TRUST: StakeManager, for who had what, and to divide a provider's part. TOKENS: LYN. LIVENESS: nobody can stop a claim. ROUNDING: parts down; what is left is recycled.
/// CLOCKS: block time, in epochs. Stake is what StakeManager's votes say at the last second of an epoch: the same checkpoints as for votes. Who delegates own LYN to the same voter only lowers the parts of one epoch,
/// and what they lack is recycled.
/// PROPERTIES: SFE-1, SFE-2.
contract StakerFees is IStakerFees {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @notice How many epochs a claim has time.
    uint40 public constant CLAIM_EPOCHS = 26;

    /// @notice LYN.
    IERC20 public immutable LYN;

    /// @notice Who knows what was at stake.
    IDelegationPools public immutable POOLS;

    /// @notice Whose votes are all LYN at stake.
    address public immutable VOTER;

    /// @notice Seconds of an epoch.
    uint40 public immutable EPOCH;

    mapping(uint40 epoch => Epoch) private _epochs;
    mapping(uint40 epoch => mapping(uint32 providerId => bool)) private _claimed;

    constructor(IERC20 lyn, IDelegationPools pools, address voter, uint40 epoch) {
        LYN = lyn;
        POOLS = pools;
        VOTER = voter;
        EPOCH = epoch;
        lyn.forceApprove(address(pools), type(uint256).max);
    }

    /// @inheritdoc IStakerFees
    function fund(uint256 amount) external {
        uint40 epoch = currentEpoch();
        _epochs[epoch].pot += amount.toUint128();
        emit Funded(epoch, msg.sender, amount);
        LYN.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IStakerFees
    function claim(uint40 epoch, uint32 providerId) external returns (uint256 amount) {
        uint40 endsAt = (epoch + 1) * EPOCH;
        require(block.timestamp >= endsAt, StakerFees_EpochRunning(epoch, endsAt));
        uint40 lapsesAt = _lapsesAt(epoch);
        require(block.timestamp < lapsesAt, StakerFees_Lapsed(epoch, lapsesAt));
        require(!_claimed[epoch][providerId], StakerFees_AlreadyClaimed(epoch, providerId)); // SFE-1
        amount = _partOf(epoch, providerId);
        require(amount != 0, StakerFees_NothingToClaim(epoch, providerId));
        _claimed[epoch][providerId] = true;
        _epochs[epoch].paid += uint128(amount); // SAFETY: a part of the pot
        emit Claimed(epoch, providerId, amount);
        POOLS.distribute(providerId, amount.toUint96());
    }

    /// @inheritdoc IStakerFees
    function recycle(uint40 epoch) external returns (uint256 amount) {
        uint40 lapsesAt = _lapsesAt(epoch);
        require(block.timestamp >= lapsesAt, StakerFees_NotLapsed(epoch, lapsesAt));
        Epoch storage lapsed = _epochs[epoch];
        amount = lapsed.pot - lapsed.paid;
        require(amount != 0, StakerFees_NothingToClaim(epoch, 0));
        lapsed.paid = lapsed.pot; // SFE-2
        uint40 into = currentEpoch();
        _epochs[into].pot += uint128(amount); // SAFETY: a part of a pot
        emit Recycled(epoch, into, amount);
    }

    /// @inheritdoc IStakerFees
    function claimableOf(uint40 epoch, uint32 providerId) external view returns (uint256) {
        if (epoch >= currentEpoch() || block.timestamp >= _lapsesAt(epoch)) return 0;
        return _claimed[epoch][providerId] ? 0 : _partOf(epoch, providerId);
    }

    /// @inheritdoc IStakerFees
    function epochOf(uint40 epoch) external view returns (Epoch memory) {
        return _epochs[epoch];
    }

    /// @inheritdoc IStakerFees
    function currentEpoch() public view returns (uint40) {
        return uint40(block.timestamp) / EPOCH;
    }

    /// @dev SFE-1: the parts of stake sum to no more than all stake.
    function _partOf(uint40 epoch, uint32 providerId) private view returns (uint256) {
        uint40 at = (epoch + 1) * EPOCH - 1;
        uint256 all = IVotes(address(LYN)).getPastVotes(VOTER, at);
        if (all == 0) return 0;
        uint256 own = POOLS.poolVotesAt(providerId, 0, at);
        uint32 nonce = POOLS.poolNonceOf(providerId);
        if (nonce != 0) own += POOLS.poolVotesAt(providerId, nonce, at);
        return uint256(_epochs[epoch].pot) * own / all;
    }

    function _lapsesAt(uint40 epoch) private view returns (uint40) {
        return (epoch + 1 + CLAIM_EPOCHS) * EPOCH;
    }
}

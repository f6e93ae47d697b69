// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";

import {IDelegationPools} from "../interfaces/IDelegationPools.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {IStakeVoter} from "../interfaces/IStakeVoter.sol";

/// @title StakeVoter
/// @notice Votes with staked LYN.
/// @dev TRUST: StakeManager, for who had what at the snapshot. TOKENS: none; StakeManager delegates its LYN here. LIVENESS: a pool without a stance is not flushed, its members' votes count all the same.
/// ROUNDING: members' votes down, so that a pool never casts more than it has. CLOCKS: the Governor's.
/// PROPERTIES: SVT-1, SVT-2, SVT-3.
contract StakeVoter is IStakeVoter {
    uint8 private constant FRACTIONAL = 255; // as GovernorCountingFractional's
    uint8 private constant SUPPORTS = 3; // against, for, abstain

    /// @notice Where votes go.
    IGovernor public immutable GOVERNOR;

    /// @notice Who knows what belonged to whom.
    IDelegationPools public immutable POOLS;

    /// @notice How long before the end of a vote pools may be flushed, in seconds.
    uint48 public immutable FLUSH_WINDOW;

    mapping(uint256 proposalId => mapping(bytes32 pool => PoolVote)) private _pools;
    mapping(uint256 proposalId => mapping(bytes32 pool => mapping(address member => bool))) private
        _voted;

    /// @dev The stance plus one; 0 for none.
    mapping(uint256 proposalId => mapping(uint32 providerId => uint8)) private _stances;

    constructor(IGovernor governor, IDelegationPools pools, uint48 flushWindow) {
        GOVERNOR = governor;
        POOLS = pools;
        FLUSH_WINDOW = flushWindow;
    }

    /// @inheritdoc IStakeVoter
    function vote(uint256 proposalId, uint32 providerId, uint32 nonce, uint8 support)
        external
        returns (uint256 weight)
    {
        bytes32 pool = _poolId(providerId, nonce);
        PoolVote storage votes = _pools[proposalId][pool];
        require(!votes.flushed, StakeVoter_Flushed(proposalId, providerId, nonce)); // SVT-3
        mapping(address member => bool) storage voted = _voted[proposalId][pool];
        require(
            !voted[msg.sender], StakeVoter_AlreadyVoted(proposalId, providerId, nonce, msg.sender)
        ); // SVT-1
        weight = POOLS.votesAt(providerId, nonce, msg.sender, _snapshot(proposalId));
        require(weight != 0, StakeVoter_NoVotes(proposalId, providerId, nonce, msg.sender));
        voted[msg.sender] = true;
        votes.cast += uint128(weight); // SAFETY: votes are below 2^96
        emit StakeVoted(proposalId, providerId, msg.sender, nonce, support, weight);
        _cast(proposalId, support, weight);
    }

    /// @inheritdoc IStakeVoter
    function takeStance(uint256 proposalId, uint32 providerId, uint8 support) external {
        require(
            IStakeManager(address(POOLS)).ownerOf(providerId) == msg.sender,
            StakeVoter_NotOwner(providerId, msg.sender)
        );
        require(support < SUPPORTS, StakeVoter_BadSupport(support));
        _stances[proposalId][providerId] = support + 1;
        emit StanceTaken(proposalId, providerId, support);
    }

    /// @inheritdoc IStakeVoter
    function flush(uint256 proposalId, uint32 providerId, uint32 nonce)
        external
        returns (uint256 weight)
    {
        uint8 stance = _stances[proposalId][providerId];
        require(stance != 0, StakeVoter_NoStance(proposalId, providerId));
        uint256 opensAt = GOVERNOR.proposalDeadline(proposalId) - FLUSH_WINDOW;
        require(block.timestamp >= opensAt, StakeVoter_TooEarly(proposalId, opensAt)); // SVT-3
        PoolVote storage votes = _pools[proposalId][_poolId(providerId, nonce)];
        require(!votes.flushed, StakeVoter_Flushed(proposalId, providerId, nonce));
        // SVT-2
        weight = POOLS.poolVotesAt(providerId, nonce, _snapshot(proposalId)) - votes.cast;
        require(weight != 0, StakeVoter_NoVotes(proposalId, providerId, nonce, address(0)));
        votes.flushed = true;
        emit PoolFlushed(proposalId, providerId, nonce, stance - 1, weight);
        _cast(proposalId, stance - 1, weight);
    }

    /// @inheritdoc IStakeVoter
    function poolVoteOf(uint256 proposalId, uint32 providerId, uint32 nonce)
        external
        view
        returns (PoolVote memory)
    {
        return _pools[proposalId][_poolId(providerId, nonce)];
    }

    /// @inheritdoc IStakeVoter
    function stanceOf(uint256 proposalId, uint32 providerId) external view returns (uint8) {
        uint8 stance = _stances[proposalId][providerId];
        return stance == 0 ? type(uint8).max : stance - 1;
    }

    /// @inheritdoc IStakeVoter
    function hasVoted(uint256 proposalId, uint32 providerId, uint32 nonce, address member)
        external
        view
        returns (bool)
    {
        return _voted[proposalId][_poolId(providerId, nonce)][member];
    }

    /// @dev The Governor checks that the vote is open, and that all casts together are within the LYN delegated here.
    function _cast(uint256 proposalId, uint8 support, uint256 weight) private {
        require(support < SUPPORTS, StakeVoter_BadSupport(support));
        // Three amounts of 128 bits: against, for, abstain. SAFETY: votes are below 2^96.
        bytes memory params = abi.encodePacked(
            support == 0 ? uint128(weight) : 0,
            support == 1 ? uint128(weight) : 0,
            support == 2 ? uint128(weight) : 0
        );
        GOVERNOR.castVoteWithReasonAndParams(proposalId, FRACTIONAL, "", params);
    }

    function _snapshot(uint256 proposalId) private view returns (uint40) {
        return uint40(GOVERNOR.proposalSnapshot(proposalId)); // SAFETY: a time
    }

    function _poolId(uint32 providerId, uint32 nonce) private pure returns (bytes32) {
        return bytes32(uint256(providerId) << 32 | nonce);
    }
}

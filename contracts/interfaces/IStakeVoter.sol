// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IStakeVoter
/// @notice Votes with staked LYN (F1): StakeManager's LYN is delegated here, and everybody votes the part that was theirs at the proposal's snapshot.
/// @dev A pool is StakeManager's (providerId, nonce); nonce 0 is the owner's own stake.
/// Properties: SVT-1 nobody votes more than was theirs at the snapshot, nor twice; SVT-2 a pool's votes sum to no more than it had; SVT-3 a member can vote until its pool is flushed,
/// and no pool is flushed before the last `FLUSH_WINDOW`.
interface IStakeVoter {
    /// @param cast What members have voted.
    struct PoolVote {
        uint128 cast;
        bool flushed;
    }

    error StakeVoter_AlreadyVoted(
        uint256 proposalId, uint32 providerId, uint32 nonce, address member
    );
    error StakeVoter_NoVotes(uint256 proposalId, uint32 providerId, uint32 nonce, address member);
    error StakeVoter_Flushed(uint256 proposalId, uint32 providerId, uint32 nonce);
    error StakeVoter_NotOwner(uint32 providerId, address caller);
    error StakeVoter_NoStance(uint256 proposalId, uint32 providerId);
    error StakeVoter_TooEarly(uint256 proposalId, uint256 opensAt);
    error StakeVoter_BadSupport(uint8 support);

    event StakeVoted(
        uint256 indexed proposalId,
        uint32 indexed providerId,
        address indexed member,
        uint32 nonce,
        uint8 support,
        uint256 weight
    );
    event StanceTaken(uint256 indexed proposalId, uint32 indexed providerId, uint8 support);
    event PoolFlushed(
        uint256 indexed proposalId,
        uint32 indexed providerId,
        uint32 nonce,
        uint8 support,
        uint256 weight
    );

    /// @notice Votes the caller's share of a pool, against its provider's stance or with it. Forwarded at once.
    /// @param support As the Governor's: 0 against, 1 for, 2 abstain.
    function vote(uint256 proposalId, uint32 providerId, uint32 nonce, uint8 support)
        external
        returns (uint256 weight);
    /// @notice Only the owner of the provider: what `flush` casts for delegators that do not vote. Can be changed until then.
    function takeStance(uint256 proposalId, uint32 providerId, uint8 support) external;
    /// @notice In the last `FLUSH_WINDOW` of the vote: casts by the provider's stance what a pool's members have not. Anyone may call.
    function flush(uint256 proposalId, uint32 providerId, uint32 nonce)
        external
        returns (uint256 weight);

    function poolVoteOf(uint256 proposalId, uint32 providerId, uint32 nonce)
        external
        view
        returns (PoolVote memory);
    /// @notice 0 against, 1 for, 2 abstain; 255 for none.
    function stanceOf(uint256 proposalId, uint32 providerId) external view returns (uint8);
    function hasVoted(uint256 proposalId, uint32 providerId, uint32 nonce, address member)
        external
        view
        returns (bool);
}

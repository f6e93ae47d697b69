// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IDelegationPools
/// @notice Stake that others lend to a provider or verifier, by shares: a part of StakeManager. A pool is (providerId, nonce): the owner opens one, delegators join it by naming its nonce, and with it its floor; a
/// pool that was slashed down to its floor is followed by the next nonce, and what is left of it can be withdrawn at once.
/// @dev Amounts in LYN wei; 1 wei is 1,000 shares until the first slash.
/// Properties: POL-1 a slash never raises the share price, and a deposit never lowers it; POL-2 a slash never takes a pool below its floor; POL-3 thawing shares lose as all others until they are withdrawn; POL-4 no
/// withdrawal leaves less than is reserved; POL-5 members are owed no more than was distributed to them; POL-6 past votes sum to no more than the LYN held.
interface IDelegationPools {
    /// @param assets LYN of all shares, thawing ones included.
    /// @param slashable What a slash may take: assets above the floor.
    /// @param index Sum of rewards per share, times 2^64.
    struct Pool {
        uint96 assets;
        uint112 shares;
        uint112 thawingShares;
        uint96 slashable;
        uint96 index;
        uint16 floorBps;
        uint96 unclaimed; // rewards of its members
        bool spent; // at its floor, or followed by another: takes no more delegation
    }

    /// @notice Shares that leave; slashable until they are withdrawn.
    struct Thaw {
        address member;
        uint32 providerId;
        uint32 nonce;
        uint112 shares;
        uint40 thawedAt;
    }

    error DelegationPools_NoPool(uint32 providerId, uint32 nonce);
    error DelegationPools_PoolRunning(uint32 providerId, uint32 nonce);
    /// @notice Slashed down to its floor: delegate to the next nonce, once the owner has opened it.
    error DelegationPools_Spent(uint32 providerId, uint32 nonce);
    error DelegationPools_InsufficientShares(uint256 asked, uint256 held);
    error DelegationPools_NotYours(uint256 thawId, address caller);
    error DelegationPools_StillThawing(uint256 thawId, uint40 thawedAt);
    /// @notice Running jobs may still take it: try again when they are settled.
    error DelegationPools_Reserved(uint32 providerId, uint256 left, uint256 reserved);
    error DelegationPools_AboveMaximum(uint256 bps, uint256 maximum);
    error DelegationPools_NothingToClaim(uint32 providerId, uint32 nonce, address member);

    event PoolOpened(
        uint32 indexed providerId, uint32 indexed nonce, uint16 floorBps, uint16 commissionBps
    );
    /// @param at When it takes effect.
    event CommissionSet(uint32 indexed providerId, uint16 commissionBps, uint40 at);
    event Delegated(
        uint32 indexed providerId,
        uint32 indexed nonce,
        address indexed member,
        uint96 amount,
        uint112 shares
    );
    event Undelegated(
        uint32 indexed providerId,
        uint32 indexed nonce,
        address indexed member,
        uint256 thawId,
        uint112 shares,
        uint40 thawedAt
    );
    event DelegationWithdrawn(
        uint256 indexed thawId, address indexed member, address to, uint96 amount
    );
    event PoolSlashed(uint32 indexed providerId, uint32 indexed nonce, uint96 amount, uint96 left);
    /// @param toOwner Its own share, its commission and the rounding remainder: credited in the Ledger.
    event Distributed(
        uint32 indexed providerId,
        uint32 indexed nonce,
        address indexed from,
        uint96 toOwner,
        uint96 toMembers
    );
    event Claimed(
        uint32 indexed providerId,
        uint32 indexed nonce,
        address indexed member,
        address to,
        uint96 amount
    );

    /// @notice Only the owner of the provider, when it has no pool or a spent one.
    /// @param floorBps Of what is delegated before the first slash, what no slash takes; at most 90%.
    /// @param commissionBps As of `setCommission`, at once: nobody has joined yet.
    function openPool(uint32 providerId, uint16 floorBps, uint16 commissionBps)
        external
        returns (uint32 nonce);
    /// @notice Only the owner of the provider. Takes effect after the thaw period, so that delegators can leave first.
    /// @param commissionBps The owner's part of what delegators earn; at most 30%.
    function setCommission(uint32 providerId, uint16 commissionBps) external;
    /// @notice Lends LYN of the caller (allowance needed). Pays the rewards that it is owed.
    /// @param nonce The running pool's: whoever names it has agreed to its floor.
    function delegate(uint32 providerId, uint32 nonce, uint96 amount)
        external
        returns (uint112 shares);
    /// @notice Starts the thaw of shares: they earn and vote no more, and stay slashable. Allowed on reserved stake (F2). At once in a pool that another has followed. Pays the rewards that the caller is owed.
    function undelegate(uint32 providerId, uint32 nonce, uint112 shares)
        external
        returns (uint256 thawId);
    /// @notice Pays thawed shares at today's price to `to`. Only who asked for the thaw.
    function withdrawDelegation(uint256 thawId, address to) external returns (uint96 amount);
    /// @notice Pays the caller's rewards to `to`.
    function claim(uint32 providerId, uint32 nonce, address to) external returns (uint96 amount);
    /// @notice Shares LYN of the caller (allowance needed) among the owner and the delegators of a provider, by what each has at stake. Anyone may call.
    /// @dev Thawing stake earns nothing; a pool of less than 1 LYN neither.
    function distribute(uint32 providerId, uint96 amount) external;

    /// @notice The running pool's nonce; 0 if none was ever opened.
    function poolNonceOf(uint32 providerId) external view returns (uint32);
    function poolOf(uint32 providerId, uint32 nonce) external view returns (Pool memory);
    /// @return shares That do not thaw. @return amount What they are worth. @return rewards What `claim` would pay.
    function memberOf(uint32 providerId, uint32 nonce, address member)
        external
        view
        returns (uint112 shares, uint96 amount, uint96 rewards);
    /// @return thaw Its member is zero once withdrawn. @return amount What it would pay today.
    function thawOf(uint256 thawId) external view returns (Thaw memory thaw, uint96 amount);
    /// @return current What is taken now. @return next What will be from `at` on (equal to `current` if no change is due).
    function commissionOf(uint32 providerId)
        external
        view
        returns (uint16 current, uint16 next, uint40 at);
    /// @notice Votes of a member at a past time (F1): its shares that did not thaw x assets / shares of the pool then. Nonce 0 is the owner's own stake that did not thaw.
    /// @param time Before the current block's.
    function votesAt(uint32 providerId, uint32 nonce, address member, uint40 time)
        external
        view
        returns (uint96);
    /// @notice Votes of a whole pool at a past time, thawing shares included; nonce 0 as of `votesAt`. All of them together never exceed the LYN that StakeManager held.
    function poolVotesAt(uint32 providerId, uint32 nonce, uint40 time)
        external
        view
        returns (uint96);
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IDelegationPools} from "../interfaces/IDelegationPools.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {Role} from "../types/Role.sol";
import {PoolShares} from "./PoolShares.sol";
import {StakeBook} from "./StakeBook.sol";
import {PoolSlots, StakeSlots, StakeState, StakeTerms} from "./StakeState.sol";
import {StandingSlot} from "./StandingSlot.sol";

/// @title DelegationPools
/// @notice The pools of StakeManager: code of it at an address of its own, because one contract has no room for all of it.
/// @dev Storage is StakeManager's; nothing here can be replaced: the address is linked into its code. No call loops over members or thaws.
library DelegationPools {
    using Checkpoints for Checkpoints.Trace208;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using StakeBook for Checkpoints.Trace208;
    using StakeBook for PoolSlots;
    using StakeBook for StakeState;
    using StandingSlot for uint256;

    /// @notice Most of a share's first price that no slash takes.
    uint256 internal constant MAX_FLOOR_BPS = 9_000;

    /// @notice The commission cap.
    uint256 internal constant MAX_COMMISSION_BPS = 3_000;

    /// @notice Shares below which a pool earns nothing (1 LYN), so that an index fits its field.
    uint256 internal constant MIN_EARNING_SHARES = 1e18 * PoolShares.VIRTUAL_SHARES;

    uint256 private constant BPS = 10_000;
    uint256 private constant INDEX_BITS = 64;

    // --- The owner's ---

    /// @notice `IDelegationPools.openPool`.
    function openPool(
        StakeState storage state,
        StakeTerms calldata terms,
        uint32 providerId,
        uint16 floorBps,
        uint16 commissionBps
    ) external returns (uint32 nonce) {
        StakeSlots storage provider = state.owned(providerId);
        _atMost(floorBps, MAX_FLOOR_BPS);
        _atMost(commissionBps, MAX_COMMISSION_BPS);
        nonce = provider.nonce;
        if (nonce != 0) {
            PoolSlots storage spent = state.pools[providerId][nonce];
            (uint256 assets, uint256 shares) = spent.amountsOf();
            require(
                PoolShares.isSpent(assets, shares, spent.floorBps),
                IDelegationPools.DelegationPools_PoolRunning(providerId, nonce)
            );
            spent.running = false;
        }
        provider.nonce = ++nonce;
        provider.commissionBps = commissionBps;
        provider.nextCommissionBps = commissionBps;
        PoolSlots storage pool = state.pools[providerId][nonce];
        pool.floorBps = floorBps;
        pool.running = true;
        pool.drawn = provider.standing.roleOf() == Role.Verifier;
        emit IDelegationPools.PoolOpened(providerId, nonce, floorBps, commissionBps);
        // What little the spent pool still stood for is not slashable any more.
        state.requireCovered(providerId);
        state.refreshPool(pool, providerId, 0, 0, terms.minStake);
    }

    /// @notice `IDelegationPools.setCommission`.
    function setCommission(
        StakeState storage state,
        StakeTerms calldata terms,
        uint32 providerId,
        uint16 commissionBps
    ) external {
        StakeSlots storage provider = state.owned(providerId);
        _atMost(commissionBps, MAX_COMMISSION_BPS);
        (uint16 current,,) = commissionOf(state, providerId);
        uint40 at = uint40(block.timestamp) + terms.thawPeriod;
        provider.commissionBps = current;
        provider.nextCommissionBps = commissionBps;
        provider.commissionAt = at;
        emit IDelegationPools.CommissionSet(providerId, commissionBps, at);
    }

    // --- Members' ---

    /// @notice `IDelegationPools.delegate`.
    function delegate(
        StakeState storage state,
        StakeTerms calldata terms,
        uint32 providerId,
        uint32 nonce,
        uint96 amount
    ) external returns (uint112 shares) {
        require(amount != 0, IStakeManager.StakeManager_ZeroAmount());
        PoolSlots storage pool = state.pools[providerId][nonce];
        if (!pool.running) {
            state.known(providerId);
            revert IDelegationPools.DelegationPools_NoPool(providerId, nonce);
        }
        (uint256 assets, uint256 total) = pool.amountsOf();
        require(
            !PoolShares.isSpent(assets, total, pool.floorBps),
            IDelegationPools.DelegationPools_Spent(providerId, nonce)
        );
        shares = PoolShares.toShares(amount, assets, total).toUint112();
        assets += amount;
        total += shares;
        pool.setAmounts(assets, total.toUint112()); // POL-1
        uint96 owed = _setShares(state, pool, providerId, nonce, shares, true);
        state.refreshPool(pool, providerId, assets, total, terms.minStake);
        emit IDelegationPools.Delegated(providerId, nonce, msg.sender, amount, shares);
        terms.lyn.safeTransferFrom(msg.sender, address(this), amount);
        _pay(terms, msg.sender, owed);
    }

    /// @notice `IDelegationPools.undelegate`.
    function undelegate(
        StakeState storage state,
        StakeTerms calldata terms,
        uint32 providerId,
        uint32 nonce,
        uint112 shares
    ) external returns (uint256 thawId) {
        require(shares != 0, IStakeManager.StakeManager_ZeroAmount());
        PoolSlots storage pool = state.pools[providerId][nonce];
        uint96 owed = _setShares(state, pool, providerId, nonce, shares, false);
        pool.thawingShares += shares; // POL-3: still in the pool
        bool running = pool.running;
        uint40 thawedAt = uint40(block.timestamp) + (running ? terms.thawPeriod : 0);
        thawId = ++state.thawCount;
        state.thaws[thawId] = IDelegationPools.Thaw(msg.sender, providerId, nonce, shares, thawedAt);
        emit IDelegationPools.Undelegated(providerId, nonce, msg.sender, thawId, shares, thawedAt);
        if (running) _refresh(state, pool, providerId, terms.minStake); // F2: backs no new lock
        _pay(terms, msg.sender, owed);
    }

    /// @notice `IDelegationPools.withdrawDelegation`.
    function withdraw(
        StakeState storage state,
        StakeTerms calldata terms,
        uint256 thawId,
        address to
    ) external returns (uint96 amount) {
        require(to != address(0), IStakeManager.StakeManager_ZeroAddress());
        IDelegationPools.Thaw memory thaw = state.thaws[thawId];
        require(
            thaw.member == msg.sender, IDelegationPools.DelegationPools_NotYours(thawId, msg.sender)
        );
        uint32 providerId = thaw.providerId;
        PoolSlots storage pool = state.pools[providerId][thaw.nonce];
        bool running = pool.running;
        // What is left of a pool that another has followed backs nothing.
        require(
            !running || block.timestamp >= thaw.thawedAt,
            IDelegationPools.DelegationPools_StillThawing(thawId, thaw.thawedAt)
        );
        delete state.thaws[thawId];
        (uint256 assets, uint256 shares) = pool.amountsOf();
        amount = uint96(PoolShares.toAssets(thaw.shares, assets, shares)); // SAFETY: at most `assets`
        pool.setAmounts(assets - amount, shares - thaw.shares);
        pool.thawingShares -= thaw.shares;
        if (running) {
            state.requireCovered(providerId); // F2, POL-4
            _refresh(state, pool, providerId, terms.minStake);
        }
        emit IDelegationPools.DelegationWithdrawn(thawId, msg.sender, to, amount);
        _pay(terms, to, amount);
    }

    // --- Rewards ---

    /// @notice `IDelegationPools.distribute`.
    function distribute(
        StakeState storage state,
        StakeTerms calldata terms,
        uint32 providerId,
        uint96 amount
    ) external {
        require(amount != 0, IStakeManager.StakeManager_ZeroAmount());
        StakeSlots storage provider = state.known(providerId);
        uint32 nonce = provider.nonce;
        uint96 toMembers;
        if (nonce != 0) {
            PoolSlots storage pool = state.pools[providerId][nonce];
            (uint256 assets, uint256 shares) = pool.amountsOf();
            uint256 earning = shares - pool.thawingShares;
            uint256 lent = PoolShares.toAssets(earning, assets, shares);
            // Shares of a pool that slashes have emptied earn nothing.
            if (earning >= MIN_EARNING_SHARES && lent != 0) {
                uint256 part = uint256(amount) * lent / (lent + provider.active);
                (uint16 commissionBps,,) = commissionOf(state, providerId);
                part -= Math.ceilDiv(part * commissionBps, BPS);
                uint256 step = (part << INDEX_BITS) / earning;
                // What the index rounds away is the owner's. SAFETY: at most `part`.
                toMembers = uint96(Math.ceilDiv(step * earning, 1 << INDEX_BITS)); // POL-5
                pool.index = (pool.index + step).toUint96();
                pool.unclaimed += toMembers;
            }
        }
        uint96 toOwner = amount - toMembers;
        emit IDelegationPools.Distributed(providerId, nonce, msg.sender, toOwner, toMembers);
        terms.lyn.safeTransferFrom(msg.sender, address(this), amount);
        if (toOwner != 0) terms.ledger.deposit(address(terms.lyn), provider.owner, toOwner);
    }

    /// @notice `IDelegationPools.claim`.
    function claim(
        StakeState storage state,
        StakeTerms calldata terms,
        uint32 providerId,
        uint32 nonce,
        address to
    ) external returns (uint96 amount) {
        require(to != address(0), IStakeManager.StakeManager_ZeroAddress());
        Checkpoints.Trace208 storage history = state.members[providerId][nonce][msg.sender];
        PoolSlots storage pool = state.pools[providerId][nonce];
        uint256 word = history.latest();
        amount = _owed(word, pool.index);
        require(
            amount != 0,
            IDelegationPools.DelegationPools_NothingToClaim(providerId, nonce, msg.sender)
        );
        // The newest checkpoint keeps its time and its shares: votes of the past do not change.
        history._checkpoints[history.length() - 1]._value = _memberWord(uint112(word), pool.index);
        pool.unclaimed -= amount;
        emit IDelegationPools.Claimed(providerId, nonce, msg.sender, to, amount);
        _pay(terms, to, amount);
    }

    // --- Views ---

    /// @notice `IDelegationPools.poolOf`.
    function poolOf(StakeState storage state, uint32 providerId, uint32 nonce)
        external
        view
        returns (IDelegationPools.Pool memory result)
    {
        PoolSlots storage pool = state.pools[providerId][nonce];
        require(
            nonce != 0 && nonce <= state.known(providerId).nonce,
            IDelegationPools.DelegationPools_NoPool(providerId, nonce)
        );
        (uint256 assets, uint256 shares) = pool.amountsOf();
        result.assets = uint96(assets); // SAFETY: as stored
        result.shares = uint112(shares);
        result.thawingShares = pool.thawingShares;
        result.index = pool.index;
        result.floorBps = pool.floorBps;
        result.unclaimed = pool.unclaimed;
        result.spent = !pool.running || PoolShares.isSpent(assets, shares, pool.floorBps);
        if (pool.running) {
            result.slashable = uint96(PoolShares.slashableOf(assets, shares, pool.floorBps));
        }
    }

    /// @notice `IDelegationPools.memberOf`.
    function memberOf(StakeState storage state, uint32 providerId, uint32 nonce, address member)
        external
        view
        returns (uint112 shares, uint96 amount, uint96 rewards)
    {
        uint256 word = state.members[providerId][nonce][member].latest();
        PoolSlots storage pool = state.pools[providerId][nonce];
        shares = uint112(word); // SAFETY: the lowest field
        amount = _worth(pool, shares);
        rewards = _owed(word, pool.index);
    }

    /// @notice `IDelegationPools.thawOf`.
    function thawOf(StakeState storage state, uint256 thawId)
        external
        view
        returns (IDelegationPools.Thaw memory thaw, uint96 amount)
    {
        thaw = state.thaws[thawId];
        amount = _worth(state.pools[thaw.providerId][thaw.nonce], thaw.shares);
    }

    /// @notice `IDelegationPools.commissionOf`.
    function commissionOf(StakeState storage state, uint32 providerId)
        public
        view
        returns (uint16 current, uint16 next, uint40 at)
    {
        StakeSlots storage provider = state.providers[providerId];
        next = provider.nextCommissionBps;
        at = provider.commissionAt;
        current = block.timestamp < at ? provider.commissionBps : next;
    }

    /// @notice `IDelegationPools.votesAt`.
    function votesAt(
        StakeState storage state,
        uint32 providerId,
        uint32 nonce,
        address member,
        uint40 time
    ) external view returns (uint96) {
        if (nonce == 0) {
            bool own = state.known(providerId).owner == member;
            return own ? uint96(state.histories[providerId].at(time)) : 0; // SAFETY: the lowest field
        }
        // SAFETY: the lowest field.
        uint112 shares = uint112(state.members[providerId][nonce][member].at(time));
        uint256 word = state.pools[providerId][nonce].history.at(time);
        // POL-6. SAFETY: at most the assets.
        return uint96(PoolShares.toAssets(shares, uint96(word), word >> 96));
    }

    /// @notice `IDelegationPools.poolVotesAt`.
    function poolVotesAt(StakeState storage state, uint32 providerId, uint32 nonce, uint40 time)
        external
        view
        returns (uint96)
    {
        Checkpoints.Trace208 storage history =
            nonce == 0 ? state.histories[providerId] : state.pools[providerId][nonce].history;
        return uint96(history.at(time)); // SAFETY: the lowest field
    }

    // --- Internals ---

    /// @dev Adds or takes shares of the caller, and settles what it is owed until now.
    function _setShares(
        StakeState storage state,
        PoolSlots storage pool,
        uint32 providerId,
        uint32 nonce,
        uint112 change,
        bool adds
    ) private returns (uint96 owed) {
        Checkpoints.Trace208 storage history = state.members[providerId][nonce][msg.sender];
        uint256 word = history.latest();
        uint112 held = uint112(word); // SAFETY: the lowest field
        require(
            adds || change <= held,
            IDelegationPools.DelegationPools_InsufficientShares(change, held)
        );
        uint96 index = pool.index;
        owed = _owed(word, index);
        if (owed != 0) {
            pool.unclaimed -= owed;
            emit IDelegationPools.Claimed(providerId, nonce, msg.sender, msg.sender, owed);
        }
        history.push(
            uint48(block.timestamp), _memberWord(adds ? held + change : held - change, index)
        );
    }

    function _refresh(
        StakeState storage state,
        PoolSlots storage pool,
        uint32 providerId,
        uint96 minStake
    ) private {
        (uint256 assets, uint256 shares) = pool.amountsOf();
        state.refreshPool(pool, providerId, assets, shares, minStake);
    }

    function _pay(StakeTerms calldata terms, address to, uint96 amount) private {
        if (amount != 0) terms.lyn.safeTransfer(to, amount);
    }

    function _memberWord(uint112 shares, uint96 index) private pure returns (uint208) {
        return uint208(index) << 112 | shares;
    }

    /// @dev Rounded down; what that leaves stays in the pool's `unclaimed`.
    function _owed(uint256 word, uint96 index) private pure returns (uint96) {
        uint256 earned = uint256(index) - (word >> 112);
        // SAFETY: the lower part are the shares; the result is a part of what was distributed.
        return uint96(uint112(word) * earned >> INDEX_BITS);
    }

    function _worth(PoolSlots storage pool, uint112 shares) private view returns (uint96) {
        (uint256 assets, uint256 total) = pool.amountsOf();
        return uint96(PoolShares.toAssets(shares, assets, total)); // SAFETY: at most `assets`
    }

    function _atMost(uint256 bps, uint256 maximum) private pure {
        require(bps <= maximum, IDelegationPools.DelegationPools_AboveMaximum(bps, maximum));
    }
}

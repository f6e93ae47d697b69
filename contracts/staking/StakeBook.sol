// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IDelegationPools} from "../interfaces/IDelegationPools.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {Role} from "../types/Role.sol";
import {PoolShares} from "./PoolShares.sol";
import {SlashSplit} from "./SlashSplit.sol";
import {PoolSlots, StakeSlots, StakeState} from "./StakeState.sol";
import {StandingSlot} from "./StandingSlot.sol";

/// @title StakeBook
/// @notice What StakeManager and DelegationPools read and write alike: pools, capacity and the past.
/// @dev SAFETY of the casts: assets and stake are LYN, below 2^90; shares are checked when they are made.
library StakeBook {
    using Checkpoints for Checkpoints.Trace160;
    using Checkpoints for Checkpoints.Trace208;
    using StandingSlot for uint256;
    using StandingSlot for StandingSlot.Standing;

    /// @notice The provider, which must exist.
    function known(StakeState storage state, uint32 providerId)
        internal
        view
        returns (StakeSlots storage provider)
    {
        provider = state.providers[providerId];
        require(provider.owner != address(0), IStakeManager.StakeManager_Unknown(providerId));
    }

    /// @notice The provider, of which the caller must be the owner.
    function owned(StakeState storage state, uint32 providerId)
        internal
        view
        returns (StakeSlots storage provider)
    {
        provider = known(state, providerId);
        require(
            provider.owner == msg.sender,
            IStakeManager.StakeManager_NotOwner(providerId, msg.sender)
        );
    }

    // --- Pools ---

    /// @notice All LYN and all shares of a pool.
    function amountsOf(PoolSlots storage pool)
        internal
        view
        returns (uint256 assets, uint256 shares)
    {
        uint256 word = pool.history.latest();
        return (uint96(word), word >> 96);
    }

    /// @notice Writes both, as the newest checkpoint.
    function setAmounts(PoolSlots storage pool, uint256 assets, uint256 shares) internal {
        // SAFETY: 96 and 112 bits.
        pool.history.push(uint48(block.timestamp), uint208(shares << 96 | assets));
    }

    /// @notice What a slash may take of the running pool, thawing shares included.
    function delegatedOf(StakeState storage state, uint32 providerId, uint32 nonce)
        internal
        view
        returns (uint256)
    {
        if (nonce == 0) return 0;
        PoolSlots storage pool = state.pools[providerId][nonce];
        (uint256 assets, uint256 shares) = amountsOf(pool);
        return PoolShares.slashableOf(assets, shares, pool.floorBps);
    }

    /// @notice Takes a part of a slash out of the running pool: every share loses alike.
    function slashPool(StakeState storage state, uint32 providerId, uint32 nonce, uint256 amount)
        internal
    {
        PoolSlots storage pool = state.pools[providerId][nonce];
        (uint256 assets, uint256 shares) = amountsOf(pool);
        assets -= amount; // POL-1, POL-3
        setAmounts(pool, assets, shares);
        // SAFETY: below 2^96.
        emit IDelegationPools.PoolSlashed(providerId, nonce, uint96(amount), uint96(assets));
    }

    // --- Capacity ---

    /// @notice Recomputes what new locks may reserve after the self-stake changed, and keeps the past (E1, F1).
    function refresh(StakeState storage state, uint32 providerId, uint96 minStake) internal {
        StakeSlots storage provider = state.providers[providerId];
        uint32 nonce = provider.nonce;
        uint256 delegated;
        if (nonce != 0) {
            PoolSlots storage pool = state.pools[providerId][nonce];
            (uint256 assets, uint256 shares) = amountsOf(pool);
            delegated = _activeOf(pool, assets, shares);
        }
        bool drawn = provider.standing.roleOf() == Role.Verifier;
        uint208 past = _setCapacity(state, provider, drawn, delegated, minStake);
        _record(state.histories[providerId], past);
    }

    /// @notice As `refresh`, after the running pool alone changed: nothing new is remembered of a provider.
    /// @param assets What is in the pool now, and `shares`.
    function refreshPool(
        StakeState storage state,
        PoolSlots storage pool,
        uint32 providerId,
        uint256 assets,
        uint256 shares,
        uint96 minStake
    ) internal {
        bool drawn = pool.drawn;
        uint256 delegated = _activeOf(pool, assets, shares);
        StakeSlots storage provider = state.providers[providerId];
        uint208 past = _setCapacity(state, provider, drawn, delegated, minStake);
        if (drawn) _record(state.histories[providerId], past);
    }

    /// @notice Reverts unless what is left covers what running jobs may take (F2, STK-2, POL-4).
    function requireCovered(StakeState storage state, uint32 providerId) internal view {
        StakeSlots storage provider = state.providers[providerId];
        uint256 reserved = provider.standing.unpack().reserved;
        uint256 left = uint256(provider.active) + provider.thawing
            + delegatedOf(state, providerId, provider.nonce);
        require(
            left >= reserved, IDelegationPools.DelegationPools_Reserved(providerId, left, reserved)
        );
    }

    // --- The past ---

    /// @notice The value of a history at a time, which must have passed.
    function at(Checkpoints.Trace208 storage history, uint40 time) internal view returns (uint208) {
        requirePast(time);
        return history.upperLookupRecent(time);
    }

    /// @notice Reverts unless the time has passed: the present may still change.
    function requirePast(uint40 time) internal view {
        uint40 current = uint40(block.timestamp);
        require(time < current, IStakeManager.StakeManager_FutureLookup(time, current));
    }

    /// @return past What the history keeps: the capacity only of those who are drawn.
    function _setCapacity(
        StakeState storage state,
        StakeSlots storage provider,
        bool drawn,
        uint256 delegated,
        uint96 minStake
    ) private returns (uint208 past) {
        past = provider.active;
        uint256 capacity = SlashSplit.capacityOf(past, delegated, minStake);
        if (drawn) past |= uint208(capacity << 96);
        uint256 slot = provider.standing;
        uint96 before = uint96(slot); // SAFETY: the lowest field
        if (capacity == before) return past;
        provider.standing = slot.withCapacity(uint96(capacity));
        if (drawn) {
            uint160 total = state.total.latest() + uint96(capacity) - before;
            state.total.push(uint48(block.timestamp), total);
        }
    }

    /// @dev What backs new locks of a pool that holds so much.
    function _activeOf(PoolSlots storage pool, uint256 assets, uint256 shares)
        private
        view
        returns (uint256)
    {
        uint256 slashable = PoolShares.slashableOf(assets, shares, pool.floorBps);
        return PoolShares.activeOf(slashable, shares, pool.thawingShares);
    }

    function _record(Checkpoints.Trace208 storage history, uint208 word) private {
        if (word != history.latest()) history.push(uint48(block.timestamp), word);
    }
}

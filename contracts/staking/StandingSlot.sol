// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Role} from "../types/Role.sol";

/// @title StandingSlot
/// @notice All that a lock reads and writes of a provider, in one slot, from the lowest bit:
/// {capacity 96, reserved 96, jailedUntil 39, role 1, reputation 24}.
/// @dev By hand, because the compiler reads and writes the slot once for every field.
library StandingSlot {
    /// @param capacity What backs new locks, in LYN wei.
    /// @param reserved What running jobs may take.
    /// @param jailedUntil No new locks until the owner unjails, which it may from then on; 0 if not jailed.
    /// @param role Never changes.
    /// @param reputation Of 2^24 - 1 (D11).
    struct Standing {
        uint96 capacity;
        uint96 reserved;
        uint40 jailedUntil;
        Role role;
        uint24 reputation;
    }

    uint256 private constant ROLE_SHIFT = 231;

    /// @notice The slot of a standing.
    /// @dev SAFETY: 2^39 seconds are 17,000 years.
    function pack(Standing memory standing) internal pure returns (uint256 slot) {
        slot = uint256(standing.capacity) | uint256(standing.reserved) << 96
            | uint256(standing.jailedUntil) << 192 | ofRole(standing.role)
            | uint256(standing.reputation) << 232;
    }

    /// @notice The standing in a slot.
    function unpack(uint256 slot) internal pure returns (Standing memory standing) {
        // SAFETY: each cast keeps exactly the bits of its field.
        standing.capacity = uint96(slot);
        standing.reserved = uint96(slot >> 96);
        standing.jailedUntil = jailedUntilOf(slot);
        standing.role = roleOf(slot);
        standing.reputation = reputationOf(slot);
    }

    /// @notice One field of a slot, for a lock, which wants no copy in memory.
    function capacityOf(uint256 slot) internal pure returns (uint96) {
        return uint96(slot); // SAFETY: the lowest field
    }

    /// @notice As `capacityOf`.
    function reservedOf(uint256 slot) internal pure returns (uint96) {
        return uint96(slot >> 96); // SAFETY: keeps exactly the field
    }

    /// @notice As `capacityOf`.
    function jailedUntilOf(uint256 slot) internal pure returns (uint40) {
        return uint40(slot >> 192 & (1 << 39) - 1); // SAFETY: keeps exactly the field
    }

    /// @notice As `capacityOf`.
    function roleOf(uint256 slot) internal pure returns (Role) {
        return Role(uint8(slot >> ROLE_SHIFT & 1)); // SAFETY: keeps exactly the field
    }

    /// @notice As `capacityOf`.
    function reputationOf(uint256 slot) internal pure returns (uint24) {
        return uint24(slot >> 232); // SAFETY: the highest field
    }

    /// @notice The slot of who has registered and not staked yet.
    function ofRole(Role role) internal pure returns (uint256) {
        return uint256(role) << ROLE_SHIFT;
    }

    /// @notice The slot after `amount` is not reserved any more. Reverts if less was.
    function subReserved(uint256 slot, uint96 amount) internal pure returns (uint256) {
        uint96 reserved = reservedOf(slot) - amount;
        return slot & ~(uint256(type(uint96).max) << 96) | uint256(reserved) << 96;
    }

    /// @notice The slot with another reputation.
    function withReputation(uint256 slot, uint24 reputation) internal pure returns (uint256) {
        return slot << 24 >> 24 | uint256(reputation) << 232;
    }

    /// @notice The slot with another capacity.
    function withCapacity(uint256 slot, uint96 capacity) internal pure returns (uint256) {
        return slot >> 96 << 96 | capacity;
    }

    /// @notice The slot after `amount` more is reserved. The caller has checked that it fits the capacity.
    function addReserved(uint256 slot, uint96 amount) internal pure returns (uint256) {
        unchecked {
            return slot + (uint256(amount) << 96); // SAFETY: reserved + amount <= capacity < 2^96
        }
    }
}

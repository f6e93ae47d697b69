// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What a provider says it can do, and what an order asks for: 96 bits.
/// @dev Bits 0..63 are flags: each flag that is asked for must be there. Bits 64..95 are four levels of 8 bits: each must
/// be at least the level asked for. So 0 asks for nothing, and every set contains itself (CAP-1).
/// Names of flags and levels: docs/staking.md and `capabilitySet` of the sdk.
type CapabilitySet is uint96;

using {contains} for CapabilitySet global;

/// @notice Whether `own` has all that `asked` names. Whatever is above bit 95 is contained in nothing.
function contains(CapabilitySet own, bytes32 asked) pure returns (bool) {
    uint256 mine = CapabilitySet.unwrap(own);
    uint256 want = uint256(asked);
    if (want >> 96 != 0) return false;
    if (uint64(want & ~mine) != 0) return false;
    for (uint256 shift = 64; shift < 96; shift += 8) {
        if (uint8(want >> shift) > uint8(mine >> shift)) return false;
    }
    return true;
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IDelegationPools} from "../interfaces/IDelegationPools.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {CapabilitySet} from "../types/CapabilitySet.sol";

// A provider or verifier. Slots 0 and 1 are all that a lock reads.
struct StakeSlots {
    // slot 0
    address hotKey;
    CapabilitySet capabilities;
    uint256 standing; // slot 1: StandingSlot
    // slot 2: registration has written it before the first stake, and a settlement reads it
    address owner;
    uint96 active; // self-stake that does not thaw
    // slot 3
    uint96 thawing; // self-stake that does
    uint32 nonce; // of the running pool
    uint40 thawedAt;
    uint16 commissionBps; // until `commissionAt`
    uint16 nextCommissionBps; // from then on
    uint40 commissionAt;
    // slot 4
    uint96 epochSlashed;
    uint40 epoch; // of the liveness cap
}

// A pool. Its checkpoints are its storage: {assets 96, shares 112} from the lowest bit.
struct PoolSlots {
    Checkpoints.Trace208 history;
    // slot 1: all else that a delegation reads of the pool
    uint112 thawingShares;
    uint96 index; // rewards per share, times 2^64
    uint16 floorBps;
    bool running; // its nonce is the provider's
    bool drawn; // its provider is a verifier
    // slot 2
    uint96 unclaimed; // distributed and not yet claimed
}

// The storage of StakeManager, which DelegationPools works on too.
struct StakeState {
    mapping(uint32 providerId => StakeSlots) providers;
    mapping(uint32 providerId => mapping(uint32 nonce => PoolSlots)) pools;
    // Checkpoints are the storage: {shares that do not thaw 112, index that they are paid up to 96}.
    mapping(
        uint32 providerId
            => mapping(uint32 nonce => mapping(address member => Checkpoints.Trace208))
    ) members;
    mapping(uint256 thawId => IDelegationPools.Thaw) thaws;
    uint256 thawCount;
    // {active self-stake 96, capacity 96 as far as the role is drawn}.
    mapping(uint32 providerId => Checkpoints.Trace208) histories;
    // Sum of the capacities of verifiers.
    Checkpoints.Trace160 total;
}

// What a deployment fixed.
struct StakeTerms {
    IERC20 lyn;
    ILedger ledger;
    uint96 minStake;
    uint40 thawPeriod;
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What the market keeps of a job.
/// @param head JobHead: slot 0.
struct Record {
    uint256 head;
    bytes32 resultRoot;
}

/// @notice What a lock reads of a parameter snapshot: one slot.
struct Terms {
    bool enabled;
    uint16 feeBps;
    uint24 window;
    uint96 minCollateral;
    uint96 minVerificationFee;
}

/// @notice A parameter snapshot of a version, class and pay token.
struct Snapshot {
    Terms terms;
    uint96 lynPerGas;
}

/// @notice The seed of an epoch (E1): one slot, 0 while there is none.
struct EpochSeed {
    uint160 seed;
    uint32 ratePpm;
}

/// @notice All storage of JobMarket, which it hands to JobClosing.
/// @param qEffPpm How likely a cheat is caught, in millionths (D2); beside the version, so that a lock reads one slot for both.
/// @param pausedUntil PAR-6: no locks before; in the same slot.
/// @param posted D8: orders that their requester posted.
/// @param entrances Contracts that may find providers and prices.
struct MarketState {
    uint32 currentVersion;
    uint32 qEffPpm;
    uint40 pausedUntil;
    mapping(bytes32 jobId => Record) jobs;
    mapping(address requester => mapping(uint256 word => uint256)) nonces;
    mapping(uint32 version => mapping(uint8 class => mapping(address token => Snapshot))) snapshots;
    mapping(uint40 epoch => EpochSeed) seeds;
    mapping(bytes32 jobId => bool) posted;
    mapping(address entrance => bool) entrances;
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What a requester signs (EIP-712). Amounts in wei of `payToken` unless a line says LYN; times in unix seconds, durations in seconds.
/// @param class 1 exact, 2 float, 3 zk.
/// @param rampStart Until then the price is `minPrice`; then it rises to `maxPrice` over `rampDuration` and stays there.
/// @param lockDuration From `rampStart` (or from a re-opening) to the last moment of a lock.
/// @param deliverDuration From the lock to the last moment of the delivery.
/// @param expiry Nothing is locked at or after this time.
/// @param maxAttempts Locks that may fail for liveness before the requester is refunded.
/// @param collateral LYN of the provider's stake reserved by the lock, taken by a conviction.
/// @param valueAtRisk What a wrong result could cost the requester (D2).
/// @param maxTotal Most that the lock may debit: price, fees and tip.
/// @param allowedRoot Merkle root of allowed provider ids (docs/protocol.md section 4), 0 for anybody.
/// @param callback Contract that gets the output once the job is settled (D9), or zero; `callbackGas` for it, `callbackFee` to whoever calls.
/// @param capabilities Least capability set, 0 for any.
/// @param currency Of `minPrice`, `maxPrice` and `valueAtRisk`: 0 wei of `payToken`, 1 US dollars with 18 decimals, converted at the lock. All else stays in wei.
/// @param paramsVersion Parameter snapshot that governs the job: the current or the previous one (F2).
struct Order {
    address requester;
    bytes32 modelId;
    uint8 class;
    uint32 steps;
    bytes32 inputRoot;
    address payToken;
    uint128 minPrice;
    uint128 maxPrice;
    uint40 rampStart;
    uint32 rampDuration;
    uint32 lockDuration;
    uint32 deliverDuration;
    uint40 expiry;
    uint8 maxAttempts;
    uint96 collateral;
    uint128 valueAtRisk;
    uint128 verificationFee;
    uint128 tip;
    address callback;
    uint32 callbackGas;
    uint128 callbackFee;
    uint256 maxTotal;
    bytes32 allowedRoot;
    bytes32 capabilities;
    uint32 paramsVersion;
    uint8 currency;
    uint256 nonce;
}

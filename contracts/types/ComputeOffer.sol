// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What a provider signs with its hot key (EIP-712): it takes jobs at a fixed price. Times in unix seconds, durations in seconds.
/// @param models A model id, or the Merkle root of a set of them (docs/protocol.md section 4).
/// @param currency Of the price, as in an order: 0 wei of `payToken`, 1 US dollars with 18 decimals.
/// @param class 1 exact, 2 float.
/// @param capacity Steps that all fills together may take.
/// @param maxCollateral Most LYN of the provider's stake that one fill may reserve.
/// @param minDeliver Least time from lock to delivery that a fill must leave, and `millisPerStep` more for every step.
/// @param requester Who may fill it, 0 for anybody.
/// @param inputRoot The input that the provider has seen; 0: the provider may decline a fill within the market's accept delay (D6).
/// @param expiry Nothing is filled at or after this time.
struct ComputeOffer {
    uint32 providerId;
    bytes32 models;
    address payToken;
    uint8 currency;
    uint128 pricePerStep;
    uint8 class;
    uint64 capacity;
    uint96 maxCollateral;
    uint32 minDeliver;
    uint32 millisPerStep;
    address requester;
    bytes32 inputRoot;
    uint40 expiry;
    uint256 nonce;
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ComputeOffer} from "../types/ComputeOffer.sol";

/// @title OfferHash
/// @notice The EIP-712 struct hash of an offer.
library OfferHash {
    /// @notice keccak256 of the type as a wallet writes it.
    bytes32 internal constant TYPEHASH = keccak256(
        "ComputeOffer(uint32 providerId,bytes32 models,address payToken,uint8 currency,uint128 pricePerStep,uint8 class,uint64 capacity,uint96 maxCollateral,uint32 minDeliver,uint32 millisPerStep,address requester,bytes32 inputRoot,uint40 expiry,uint256 nonce)"
    );

    /// @notice `keccak256(abi.encode(TYPEHASH, offer))`.
    /// @dev As OrderHash: the calldata is that encoding already, and a dirty field hashes to what nobody signed.
    function structHash(ComputeOffer calldata offer) internal pure returns (bytes32 hash) {
        bytes32 typehash = TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            calldatacopy(add(free, 32), offer, 448) // 14 words
            hash := keccak256(free, 480)
        }
    }
}

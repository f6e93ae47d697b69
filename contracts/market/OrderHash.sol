// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Order} from "../types/Order.sol";

/// @title OrderHash
/// @notice The EIP-712 struct hash of an order.
library OrderHash {
    /// @notice keccak256 of the type as a wallet writes it.
    bytes32 internal constant TYPEHASH = keccak256(
        "Order(address requester,bytes32 modelId,uint8 class,uint32 steps,bytes32 inputRoot,address payToken,uint128 minPrice,uint128 maxPrice,uint40 rampStart,uint32 rampDuration,uint32 lockDuration,uint32 deliverDuration,uint40 expiry,uint8 maxAttempts,uint96 collateral,uint128 valueAtRisk,uint128 verificationFee,uint128 tip,address callback,uint32 callbackGas,uint128 callbackFee,uint256 maxTotal,bytes32 allowedRoot,bytes32 capabilities,uint32 paramsVersion,uint8 currency,uint256 nonce)"
    );

    /// @notice Of a batch: one signature for many orders.
    bytes32 internal constant BATCH_TYPEHASH = keccak256("OrderBatch(bytes32 root,uint32 count)");

    /// @notice The EIP-712 struct hash of a batch.
    function batchHash(bytes32 root, uint32 count) internal pure returns (bytes32) {
        return keccak256(abi.encode(BATCH_TYPEHASH, root, count));
    }

    /// @notice `keccak256(abi.encode(TYPEHASH, order))`.
    /// @dev Every field is one word, so the calldata is that encoding already. A field with dirty upper bits hashes to
    /// another id, which nobody has signed, and reverts where it is read. Twin: test/unit/OrderHash.
    function structHash(Order calldata order) internal pure returns (bytes32 hash) {
        bytes32 typehash = TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            calldatacopy(add(free, 32), order, 864) // 27 words
            hash := keccak256(free, 896)
        }
    }
}

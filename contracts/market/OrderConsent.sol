// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {OrderHash} from "./OrderHash.sol";

/// @title OrderConsent
/// @notice Whether a signature says that a requester wants an order: its own signature, or that of a batch (D8).
/// @dev A batch is a Merkle tree of job ids (sorted pairs, keccak256). A job id is the hash of 66 bytes and an inner node that of 64, so that neither passes for the other (class 22).
library OrderConsent {
    /// @notice Ends a signature that is an `IJobMarket.Shard`.
    bytes32 internal constant SHARD = keccak256("Lynode OrderBatch shard");

    /// @notice Whether `signature` is the requester's for this job.
    function isSigned(
        address requester,
        bytes32 jobId,
        bytes calldata signature,
        bytes32 domainSeparator
    ) internal view returns (bool) {
        uint256 length = signature.length;
        if (length > 160 && bytes32(signature[length - 32:]) == SHARD) {
            IJobMarket.Shard calldata shard = _shard(signature);
            bytes32 root = MerkleProof.processProofCalldata(shard.path, jobId);
            jobId = MessageHashUtils.toTypedDataHash(
                domainSeparator, OrderHash.batchHash(root, shard.count)
            );
            signature = shard.signature;
        }
        return Signatures.isValid(requester, jobId, signature);
    }

    /// @dev SAFETY: the compiler checks each offset and length against the calldata when a member is read; what is read counts only if it is signed.
    function _shard(bytes calldata encoded) private pure returns (IJobMarket.Shard calldata shard) {
        assembly ("memory-safe") {
            shard := encoded.offset
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @title SetProof
/// @notice Membership in the sets that signatures name by a root: allowed providers, models of an offer. OpenZeppelin's tree (sorted pairs, keccak256, leaves hashed twice), so that any library
/// of that tree makes the proofs (docs/protocol.md section 4). A set of one has its leaf as root and an empty proof.
library SetProof {
    /// @notice Whether `member` is in the set.
    function contains(bytes32 root, bytes32 member, bytes32[] calldata proof)
        internal
        pure
        returns (bool)
    {
        return MerkleProof.verifyCalldata(proof, root, leafOf(member));
    }

    /// @notice keccak256 of keccak256 of the member's word: no inner node has 32 bytes to hash.
    function leafOf(bytes32 member) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(member))));
    }
}

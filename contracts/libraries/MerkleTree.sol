// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title MerkleTree
/// @notice The one hash tree of the protocol: RFC 9162 section 2.1 with SHA-256 (docs/protocol.md section 1).
/// @dev Works level by level: joining neighbours and promoting an odd last node gives the same root as the RFC's recursive split (test/reference/RecursiveTree.sol is
/// the plain twin). Sizes always come from the caller, never from a proof. `view` and not `pure` only because the precompile is called in assembly.
library MerkleTree {
    /// @notice Indices and hashes do not pair up, or there are none.
    error MerkleTree_LengthMismatch(uint256 indices, uint256 hashes);
    /// @notice Indices must be strictly ascending.
    error MerkleTree_NotAscending(uint256 index);
    error MerkleTree_OutOfRange(uint256 index, uint256 size);
    /// @notice The proof has fewer or more hashes than the tree asks for.
    error MerkleTree_ProofLength(uint256 used, uint256 length);

    uint256 internal constant CHUNK = 1024;

    // ---- hashes ----

    /// @notice `H(0x00 | root)`: a 32-byte root as a leaf.
    function leafHash(bytes32 root) internal view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 0)
            mstore(add(free, 1), root)
            // Arguments run right to left: the call, then the size of its answer.
            if iszero(and(eq(returndatasize(), 32), staticcall(gas(), 2, free, 33, 0, 32))) {
                revert(0, 0)
            }
            hash := mload(0)
        }
    }

    /// @notice `H(0x00 | data)`.
    function leafHash(bytes calldata data) internal view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 0)
            calldatacopy(add(free, 1), data.offset, data.length)
            if iszero(
                and(
                    eq(returndatasize(), 32),
                    staticcall(gas(), 2, free, add(data.length, 1), 0, 32)
                )
            ) {
                revert(0, 0)
            }
            hash := mload(0)
        }
    }

    /// @notice `H(0x01 | left | right)`.
    function join(bytes32 left, bytes32 right) internal view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 1)
            mstore(add(free, 1), left)
            mstore(add(free, 33), right)
            if iszero(and(eq(returndatasize(), 32), staticcall(gas(), 2, free, 65, 0, 32))) {
                revert(0, 0)
            }
            hash := mload(0)
        }
    }

    /// @notice `H(0x03 | carriedRoot | outputsRoot)`: what `resultRoot` says of a segment (B8).
    function segmentLeaf(bytes32 carriedRoot, bytes32 outputsRoot) internal pure returns (bytes32) {
        return sha256(bytes.concat(hex"03", carriedRoot, outputsRoot));
    }

    // ---- roots ----

    /// @notice Root over leaf hashes. Overwrites `hashes`.
    function rootOf(bytes32[] memory hashes) internal view returns (bytes32) {
        uint256 size = hashes.length;
        if (size == 0) return sha256("");
        // SAFETY: positions stay below the length of `hashes`.
        unchecked {
            while (size > 1) {
                uint256 next;
                for (uint256 i; i + 1 < size; i += 2) {
                    hashes[next++] = join(hashes[i], hashes[i + 1]);
                }
                if (size & 1 == 1) hashes[next++] = hashes[size - 1]; // odd: promoted
                size = next;
            }
        }
        return hashes[0];
    }

    /// @notice Root over 32-byte leaves that are roots themselves (traces, bundles). Overwrites `roots`.
    function rootOfRoots(bytes32[] memory roots) internal view returns (bytes32) {
        // SAFETY: bounded by the length.
        unchecked {
            for (uint256 i; i < roots.length; ++i) {
                roots[i] = leafHash(roots[i]);
            }
        }
        return rootOf(roots);
    }

    /// @notice Root over the 1,024-byte chunks of some bytes: a tensor's `dataRoot`, or a blob's root.
    function dataRootOf(bytes calldata data) internal view returns (bytes32) {
        uint256 count = (data.length + CHUNK - 1) / CHUNK;
        bytes32[] memory hashes = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            uint256 end = i + 1 == count ? data.length : (i + 1) * CHUNK;
            hashes[i] = leafHash(data[i * CHUNK:end]);
        }
        return rootOf(hashes);
    }

    /// @notice `dataRootOf` of bytes that were made here.
    function dataRootOfMemory(bytes memory data) internal view returns (bytes32) {
        uint256 count = (data.length + CHUNK - 1) / CHUNK;
        bytes32[] memory hashes = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            uint256 size = i + 1 == count ? data.length - i * CHUNK : CHUNK;
            bytes32 hash;
            assembly ("memory-safe") {
                let free := mload(0x40)
                mstore8(free, 0)
                mcopy(add(free, 1), add(add(data, 32), mul(i, CHUNK)), size)
                if iszero(
                    and(eq(returndatasize(), 32), staticcall(gas(), 2, free, add(size, 1), 0, 32))
                ) { revert(0, 0) }
                hash := mload(0)
            }
            hashes[i] = hash;
        }
        return rootOf(hashes);
    }

    // ---- proofs ----

    /// @notice The root that a multiproof leads to. The caller compares it.
    /// @param size Number of leaves of the tree.
    /// @param positions Strictly ascending leaf indices. Overwritten.
    /// @param hashes Their leaf hashes. Overwritten.
    /// @param proof The missing siblings, level by level, left to right; every one must be used.
    function multiproofRoot(
        uint256 size,
        uint256[] memory positions,
        bytes32[] memory hashes,
        bytes32[] calldata proof
    ) internal view returns (bytes32) {
        uint256 known = positions.length;
        require(
            known == hashes.length && known != 0, MerkleTree_LengthMismatch(known, hashes.length)
        );
        for (uint256 i = 1; i < known; ++i) {
            require(positions[i - 1] < positions[i], MerkleTree_NotAscending(positions[i]));
        }
        require(positions[known - 1] < size, MerkleTree_OutOfRange(positions[known - 1], size));

        uint256 first;
        assembly ("memory-safe") {
            first := proof.offset
        }
        uint256 next = first;
        // SAFETY: every counter is bounded by `known` and `size`.
        unchecked {
            while (size > 1) {
                (known, next) = _level(size, known, positions, hashes, next);
                size = (size + 1) >> 1;
            }
            uint256 used = (next - first) / 32;
            require(used == proof.length, MerkleTree_ProofLength(used, proof.length));
        }
        return hashes[0];
    }

    /// @dev Goes from the known nodes of a level to those of the next: joins each with its neighbour, which is known too or the next sibling of the proof, or promotes it.
    /// @param sibling Place in calldata of the next sibling; behind the proof's end it may be anything, since the caller compares how many were used.
    /// @return kept Known nodes of the next level.
    /// @return next Place of the next sibling.
    function _level(
        uint256 size,
        uint256 known,
        uint256[] memory positions,
        bytes32[] memory hashes,
        uint256 sibling
    ) private view returns (uint256 kept, uint256 next) {
        next = sibling;
        assembly ("memory-safe") {
            mstore8(mload(0x40), 1)
            let toHash := sub(hashes, positions)
            let to := add(positions, 32)
            let end := add(to, shl(5, known))
            for { let at := to } lt(at, end) { at := add(at, 32) } {
                let position := mload(at)
                // 32 for a right node.
                let right := shl(5, and(position, 1))
                switch or(right, lt(add(position, 1), size))
                case 0 {
                    // The last node of an odd level is promoted.
                    mstore(add(to, toHash), mload(add(at, toHash)))
                }
                default {
                    let left := add(mload(0x40), 1)
                    mstore(add(left, right), mload(add(at, toHash)))
                    let other := add(at, 32)
                    // The left neighbour of a right node is unknown, or it would have been joined already.
                    switch and(
                        and(iszero(right), lt(other, end)),
                        eq(mload(other), add(position, 1))
                    )
                    case 0 {
                        mstore(add(left, xor(right, 32)), calldataload(next))
                        next := add(next, 32)
                    }
                    default {
                        mstore(add(left, 32), mload(add(other, toHash)))
                        at := other
                    }
                    if iszero(
                        and(eq(returndatasize(), 32), staticcall(gas(), 2, sub(left, 1), 65, 0, 32))
                    ) { revert(0, 0) }
                    mstore(add(to, toHash), mload(0))
                }
                mstore(to, shr(1, position))
                to := add(to, 32)
            }
            kept := sub(shr(5, sub(to, positions)), 1)
        }
    }

    /// @notice The root that one leaf leads to, with siblings taken from `path` at `used` on.
    /// @param hash Leaf hash.
    /// @return root The root; the caller compares it.
    /// @return end Position in `path` after the last sibling used.
    function climb(uint256 size, uint256 index, bytes32 hash, bytes32[] memory path, uint256 used)
        internal
        view
        returns (bytes32 root, uint256 end)
    {
        require(index < size, MerkleTree_OutOfRange(index, size));
        root = hash;
        // SAFETY: `used` is bounded by the length of the path.
        unchecked {
            while (size > 1) {
                if (index & 1 == 1 || index + 1 < size) {
                    require(used < path.length, MerkleTree_ProofLength(used + 1, path.length));
                    bytes32 sibling = path[used++];
                    root = index & 1 == 1 ? join(sibling, root) : join(root, sibling);
                }
                index >>= 1;
                size = (size + 1) >> 1;
            }
        }
        end = used;
    }
}

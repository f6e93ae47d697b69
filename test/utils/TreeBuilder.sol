// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title TreeBuilder
/// @notice Builds roots, multiproofs and paths for tests, out of leaf hashes, with Solidity's own sha256.
library TreeBuilder {
    function leafHash(bytes memory data) internal pure returns (bytes32) {
        return sha256(bytes.concat(hex"00", data));
    }

    function leafHash(bytes32 root_) internal pure returns (bytes32) {
        return sha256(bytes.concat(hex"00", root_));
    }

    /// @notice Leaf hashes of 32-byte roots.
    function leaves(bytes32[] memory roots) internal pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](roots.length);
        for (uint256 i; i < roots.length; ++i) {
            hashes[i] = leafHash(roots[i]);
        }
    }

    /// @notice Leaf hashes of the chunks of some bytes.
    function chunks(bytes memory data) internal pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[]((data.length + 1023) / 1024);
        for (uint256 i; i < hashes.length; ++i) {
            hashes[i] = leafHash(slice(data, i));
        }
    }

    /// @notice Chunk `i` of some bytes.
    function slice(bytes memory data, uint256 i) internal pure returns (bytes memory part) {
        uint256 start = i * 1024;
        uint256 size = data.length - start < 1024 ? data.length - start : 1024;
        part = new bytes(size);
        for (uint256 j; j < size; ++j) {
            part[j] = data[start + j];
        }
    }

    function root(bytes32[] memory hashes) internal pure returns (bytes32) {
        if (hashes.length == 0) return sha256("");
        bytes32[] memory level = copy(hashes);
        uint256 size = level.length;
        while (size > 1) size = _up(level, size);
        return level[0];
    }

    /// @notice Multiproof of ascending indices, as docs/protocol.md section 1 orders it.
    function multiproof(bytes32[] memory hashes, uint256[] memory indices)
        internal
        pure
        returns (bytes32[] memory proof)
    {
        bytes32[] memory level = copy(hashes);
        bool[] memory known = new bool[](hashes.length);
        for (uint256 i; i < indices.length; ++i) {
            known[indices[i]] = true;
        }
        bytes32[] memory found = new bytes32[](hashes.length);
        uint256 used;
        uint256 size = level.length;
        while (size > 1) {
            for (uint256 i; i < size; i += 2) {
                if (i + 1 < size && known[i] != known[i + 1]) {
                    found[used++] = known[i] ? level[i + 1] : level[i];
                }
                known[i / 2] = known[i] || (i + 1 < size && known[i + 1]);
            }
            size = _up(level, size);
        }
        proof = new bytes32[](used);
        for (uint256 i; i < used; ++i) {
            proof[i] = found[i];
        }
    }

    /// @notice Multiproof of one index.
    function path(bytes32[] memory hashes, uint256 index) internal pure returns (bytes32[] memory) {
        uint256[] memory one = new uint256[](1);
        one[0] = index;
        return multiproof(hashes, one);
    }

    function copy(bytes32[] memory hashes) internal pure returns (bytes32[] memory out) {
        out = new bytes32[](hashes.length);
        for (uint256 i; i < hashes.length; ++i) {
            out[i] = hashes[i];
        }
    }

    function concat(bytes32[] memory a, bytes32[] memory b)
        internal
        pure
        returns (bytes32[] memory out)
    {
        out = new bytes32[](a.length + b.length);
        for (uint256 i; i < a.length; ++i) {
            out[i] = a[i];
        }
        for (uint256 i; i < b.length; ++i) {
            out[a.length + i] = b[i];
        }
    }

    function _up(bytes32[] memory level, uint256 size) private pure returns (uint256 next) {
        for (uint256 i; i < size; i += 2) {
            level[next++] =
                i + 1 < size ? sha256(bytes.concat(hex"01", level[i], level[i + 1])) : level[i];
        }
    }
}

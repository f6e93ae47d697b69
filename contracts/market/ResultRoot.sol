// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {MerkleTree} from "../libraries/MerkleTree.sol";

/// @title ResultRoot
/// @notice The result root of a one-step job from its outputs (A12): docs/protocol.md section 4.
library ResultRoot {
    /// @notice The root over the one segment that a one-step job has. Linked, not inlined: the market has no room for it.
    /// @param outputs In graph order; the carried ones make up the carried tree (B8).
    function ofOneStep(IJobMarket.SmallOutput[] calldata outputs) external view returns (bytes32) {
        uint256 carried;
        for (uint256 i = 0; i < outputs.length; ++i) {
            if (outputs[i].carried) ++carried;
        }
        bytes32 carriedRoot = _treeOf(outputs, true, carried);
        bytes32 stepOutputs = _treeOf(outputs, false, outputs.length - carried);
        bytes32 outputsRoot = MerkleTree.leafHash(stepOutputs); // a tree of one step
        bytes32 segment = sha256(abi.encodePacked(hex"03", carriedRoot, outputsRoot));
        return MerkleTree.leafHash(segment); // a tree of one segment
    }

    /// @notice The root over the segments of a job of `steps` steps whose last one has these outputs.
    /// @param outputs Not carried, in graph order. One that is marked as carried leads to another root.
    /// @param path Siblings of the last segment.
    function ofLastStep(
        IJobMarket.SmallOutput[] calldata outputs,
        bytes32 carriedRoot,
        uint32 steps,
        bytes32[] memory path
    ) internal view returns (bytes32 root) {
        bytes32 outputsRoot = MerkleTree.leafHash(_treeOf(outputs, false, outputs.length));
        bytes32 leaf = MerkleTree.leafHash(MerkleTree.segmentLeaf(carriedRoot, outputsRoot));
        uint256 used;
        (root, used) = MerkleTree.climb(steps, steps - 1, leaf, path, 0);
        require(used == path.length, MerkleTree.MerkleTree_ProofLength(used, path.length));
    }

    function _treeOf(IJobMarket.SmallOutput[] calldata outputs, bool carried, uint256 count)
        private
        view
        returns (bytes32)
    {
        bytes32[] memory roots = new bytes32[](count);
        uint256 next;
        for (uint256 i = 0; i < outputs.length; ++i) {
            IJobMarket.SmallOutput calldata output = outputs[i];
            if (output.carried != carried) continue;
            bytes32 dataRoot = MerkleTree.dataRootOf(output.data);
            roots[next++] = sha256(abi.encodePacked(hex"02", output.header, dataRoot));
        }
        return MerkleTree.rootOfRoots(roots);
    }
}

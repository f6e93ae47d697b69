// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";
import {MerkleTree} from "../../../contracts/libraries/MerkleTree.sol";
import {RecursiveTree} from "../../reference/RecursiveTree.sol";
import {TreeBuilder} from "../../utils/TreeBuilder.sol";

/// @notice Gives the library calldata and an address to revert from.
contract MerkleTreeHarness {
    function leafHash(bytes calldata data) external view returns (bytes32) {
        return MerkleTree.leafHash(data);
    }

    function rootOf(bytes32[] memory hashes) external view returns (bytes32) {
        return MerkleTree.rootOf(hashes);
    }

    function rootOfRoots(bytes32[] memory roots) external view returns (bytes32) {
        return MerkleTree.rootOfRoots(roots);
    }

    function dataRootOf(bytes calldata data) external view returns (bytes32) {
        return MerkleTree.dataRootOf(data);
    }

    function multiproofRoot(
        uint256 size,
        uint256[] memory positions,
        bytes32[] memory hashes,
        bytes32[] calldata proof
    ) external view returns (bytes32) {
        return MerkleTree.multiproofRoot(size, positions, hashes, proof);
    }

    function climb(uint256 size, uint256 index, bytes32 hash, bytes32[] memory path, uint256 used)
        external
        view
        returns (bytes32, uint256)
    {
        return MerkleTree.climb(size, index, hash, path, used);
    }
}

contract MerkleTreeTest is Test {
    MerkleTreeHarness internal tree = new MerkleTreeHarness();

    /// Leaves and roots of the Certificate Transparency reference tree.
    function _vectors() internal pure returns (bytes[] memory data) {
        data = new bytes[](8);
        data[0] = "";
        data[1] = hex"00";
        data[2] = hex"10";
        data[3] = hex"2021";
        data[4] = hex"3031";
        data[5] = hex"40414243";
        data[6] = hex"5051525354555657";
        data[7] = hex"606162636465666768696a6b6c6d6e6f";
    }

    function test_KnownRoots() public view {
        bytes32[9] memory roots = [
            bytes32(0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855),
            0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d,
            0xfac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125,
            0xaeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77,
            0xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7,
            0x4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4,
            0x76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef,
            0xddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c,
            0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
        ];
        bytes[] memory data = _vectors();
        for (uint256 size; size <= 8; ++size) {
            assertEq(tree.rootOf(_hashes(data, size)), roots[size]);
        }
    }

    function test_RootsMatchTheRecursiveDefinition() public view {
        for (uint256 size = 0; size <= 40; ++size) {
            bytes[] memory data = new bytes[](size);
            for (uint256 i; i < size; ++i) {
                data[i] = abi.encodePacked(uint16(i), size);
            }
            assertEq(tree.rootOf(_hashes(data, size)), RecursiveTree.root(data));
        }
    }

    function testFuzz_Multiproof(uint256 size, uint256 marks) public view {
        size = bound(size, 1, 33);
        marks = bound(marks, 1, (1 << size) - 1);
        bytes[] memory data = new bytes[](size);
        bool[] memory marked = new bool[](size);
        uint256 count;
        for (uint256 i; i < size; ++i) {
            data[i] = abi.encodePacked(uint16(i));
            marked[i] = (marks >> i) & 1 == 1;
            if (marked[i]) ++count;
        }
        bytes32[] memory all = _hashes(data, size);
        uint256[] memory positions = new uint256[](count);
        bytes32[] memory leaves = new bytes32[](count);
        uint256 at;
        for (uint256 i; i < size; ++i) {
            if (!marked[i]) continue;
            positions[at] = i;
            leaves[at++] = all[i];
        }
        bytes32[] memory proof = TreeBuilder.multiproof(all, positions);
        assertEq(proof.length, RecursiveTree.siblings(data, marked));
        assertEq(tree.multiproofRoot(size, positions, leaves, proof), RecursiveTree.root(data));
    }

    function test_EveryFlippedBitOfAMultiproofChangesTheRoot() public view {
        bytes32[] memory all = _hashes(_vectors(), 7);
        uint256[] memory positions = new uint256[](2);
        positions[0] = 1;
        positions[1] = 6;
        bytes32[] memory leaves = new bytes32[](2);
        leaves[0] = all[1];
        leaves[1] = all[6];
        bytes32[] memory proof = TreeBuilder.multiproof(all, positions);
        bytes32 root = tree.multiproofRoot(7, positions, leaves, proof);
        for (uint256 i; i < proof.length; ++i) {
            for (uint256 bit; bit < 256; bit += 8) {
                proof[i] ^= bytes32(1 << bit);
                assertNotEq(tree.multiproofRoot(7, positions, leaves, proof), root);
                proof[i] ^= bytes32(1 << bit);
            }
        }
    }

    function test_RevertWhen_TheProofHasAnotherLength() public {
        bytes32[] memory all = _hashes(_vectors(), 5);
        uint256[] memory positions = new uint256[](1);
        positions[0] = 4;
        bytes32[] memory leaves = new bytes32[](1);
        leaves[0] = all[4];
        // The last leaf of five is promoted twice and has one sibling.
        vm.expectRevert(abi.encodeWithSelector(MerkleTree.MerkleTree_ProofLength.selector, 1, 0));
        tree.multiproofRoot(5, positions, leaves, new bytes32[](0));
        vm.expectRevert(abi.encodeWithSelector(MerkleTree.MerkleTree_ProofLength.selector, 1, 2));
        tree.multiproofRoot(5, positions, leaves, new bytes32[](2));
        // The second has one on each level.
        positions[0] = 1;
        vm.expectRevert(abi.encodeWithSelector(MerkleTree.MerkleTree_ProofLength.selector, 3, 0));
        tree.multiproofRoot(5, positions, leaves, new bytes32[](0));
        vm.expectRevert(abi.encodeWithSelector(MerkleTree.MerkleTree_ProofLength.selector, 1, 0));
        tree.climb(5, 4, all[4], new bytes32[](0), 0);
    }

    function test_RevertWhen_IndicesAreNotAscendingOrOutOfRange() public {
        uint256[] memory positions = new uint256[](2);
        positions[0] = 1;
        positions[1] = 1;
        vm.expectRevert(abi.encodeWithSelector(MerkleTree.MerkleTree_NotAscending.selector, 1));
        tree.multiproofRoot(5, positions, new bytes32[](2), new bytes32[](0));
        positions[1] = 5;
        vm.expectRevert(abi.encodeWithSelector(MerkleTree.MerkleTree_OutOfRange.selector, 5, 5));
        tree.multiproofRoot(5, positions, new bytes32[](2), new bytes32[](0));
        vm.expectRevert(abi.encodeWithSelector(MerkleTree.MerkleTree_LengthMismatch.selector, 2, 1));
        tree.multiproofRoot(5, positions, new bytes32[](1), new bytes32[](0));
        vm.expectRevert(abi.encodeWithSelector(MerkleTree.MerkleTree_LengthMismatch.selector, 0, 0));
        tree.multiproofRoot(5, new uint256[](0), new bytes32[](0), new bytes32[](0));
        vm.expectRevert(abi.encodeWithSelector(MerkleTree.MerkleTree_OutOfRange.selector, 5, 5));
        tree.climb(5, 5, 0, new bytes32[](0), 0);
    }

    function testFuzz_Climb(uint256 size, uint256 index, uint8 before, uint8 behind) public view {
        size = bound(size, 1, 40);
        index = bound(index, 0, size - 1);
        bytes32[] memory roots = new bytes32[](size);
        for (uint256 i; i < size; ++i) {
            roots[i] = keccak256(abi.encode(i));
        }
        bytes32[] memory all = TreeBuilder.leaves(roots);
        bytes32[] memory siblings = TreeBuilder.path(all, index);
        bytes32[] memory path = TreeBuilder.concat(
            TreeBuilder.concat(new bytes32[](before), siblings), new bytes32[](behind)
        );
        (bytes32 root, uint256 end) = tree.climb(size, index, all[index], path, before);
        assertEq(root, tree.rootOfRoots(roots));
        assertEq(end, before + siblings.length);
    }

    function testFuzz_DataRoot(uint256 size) public view {
        size = bound(size, 0, 5000);
        bytes memory data = new bytes(size);
        for (uint256 i; i < size; i += 7) {
            data[i] = bytes1(uint8(i));
        }
        assertEq(tree.dataRootOf(data), TreeBuilder.root(TreeBuilder.chunks(data)));
    }

    function test_GivenAnInnerNodeAsALeaf_TheRootDiffers() public view {
        // Class 22: leaf and node hashes carry different prefixes.
        bytes32[] memory all = _hashes(_vectors(), 2);
        bytes memory inner = abi.encodePacked(all[0], all[1]);
        assertNotEq(tree.leafHash(inner), tree.rootOf(all));
    }

    function _hashes(bytes[] memory data, uint256 size)
        internal
        pure
        returns (bytes32[] memory hashes)
    {
        hashes = new bytes32[](size);
        for (uint256 i; i < size; ++i) {
            hashes[i] = TreeBuilder.leafHash(data[i]);
        }
    }
}

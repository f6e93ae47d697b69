// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";
import {IChecker} from "../../contracts/interfaces/IChecker.sol";
import {ManifestCodec} from "../../contracts/libraries/ManifestCodec.sol";
import {MerkleTree} from "../../contracts/libraries/MerkleTree.sol";
import {ExecutionRoots, FraudProof} from "../../contracts/types/FraudProof.sol";
import {Interval} from "../../contracts/types/Interval.sol";
import {ManifestNode, ManifestValue, ValueKind} from "../../contracts/types/ManifestEntry.sol";
import {ModelHeader} from "../../contracts/types/ModelHeader.sol";
import {TensorType} from "../../contracts/types/TensorType.sol";
import {CheckerRegistry} from "../../contracts/verification/CheckerRegistry.sol";
import {FraudVerifier} from "../../contracts/verification/FraudVerifier.sol";
import {Checkers} from "../../script/deploy/Checkers.sol";
import {TreeBuilder} from "../utils/TreeBuilder.sol";

/// @notice Gives the libraries calldata.
contract Codec {
    function dataRootOf(bytes calldata data) external view returns (bytes32) {
        return MerkleTree.dataRootOf(data);
    }

    function leafHash(bytes calldata data) external view returns (bytes32) {
        return MerkleTree.leafHash(data);
    }

    function multiproofRoot(
        uint256 size,
        uint256[] memory positions,
        bytes32[] memory hashes,
        bytes32[] calldata proof
    ) external view returns (bytes32) {
        return MerkleTree.multiproofRoot(size, positions, hashes, proof);
    }

    function decodeHeader(bytes calldata header) external pure returns (TensorType memory, uint32) {
        return ManifestCodec.decodeHeader(header);
    }

    function decodeValue(bytes calldata entry) external pure returns (ManifestValue memory) {
        return ManifestCodec.decodeValue(entry);
    }

    function decodeNode(bytes calldata entry) external pure returns (ManifestNode memory) {
        return ManifestCodec.decodeNode(entry);
    }

    function tensorRoot(bytes calldata header, bytes32 dataRoot) external pure returns (bytes32) {
        return ManifestCodec.tensorRoot(header, dataRoot);
    }

    function committedIndex(TensorType memory tensor, uint256 logical)
        external
        pure
        returns (uint256)
    {
        return ManifestCodec.committedIndex(tensor, logical);
    }

    function logicalIndex(TensorType memory tensor, uint256 committed)
        external
        pure
        returns (uint256)
    {
        return ManifestCodec.logicalIndex(tensor, committed);
    }
}

/// @title CommitmentsTest
/// @notice Trees, tensors, manifests and fraud proofs of the TypeScript sdk (sdk/src/vectors), bit for bit.
contract CommitmentsTest is Test {
    Codec internal codec = new Codec();

    function test_TreesAreThoseOfTheSdk() public view {
        string memory json = vm.readFile("sdk/src/vectors/trees.json");
        uint256 count;
        for (; vm.keyExistsJson(json, _at(".trees", count)); ++count) {
            string memory at = _at(".trees", count);
            bytes[] memory data = vm.parseJsonBytesArray(json, string.concat(at, ".leaves"));
            bytes32[] memory hashes = new bytes32[](data.length);
            for (uint256 i; i < data.length; ++i) {
                hashes[i] = codec.leafHash(data[i]);
            }
            bytes32 root = vm.parseJsonBytes32(json, string.concat(at, ".root"));
            assertEq(MerkleTree.rootOf(TreeBuilder.copy(hashes)), root);
            _checkProofs(json, string.concat(at, ".proofs"), hashes, root);
        }
        assertGt(count, 0);
    }

    function _checkProofs(
        string memory json,
        string memory path,
        bytes32[] memory hashes,
        bytes32 root
    ) private view {
        uint256 count;
        for (; vm.keyExistsJson(json, _at(path, count)); ++count) {
            string memory at = _at(path, count);
            uint256[] memory indices = vm.parseJsonUintArray(json, string.concat(at, ".indices"));
            bytes32[] memory proof = vm.parseJsonBytes32Array(json, string.concat(at, ".proof"));
            bytes32[] memory leaves = new bytes32[](indices.length);
            for (uint256 i; i < indices.length; ++i) {
                leaves[i] = hashes[indices[i]];
            }
            assertEq(TreeBuilder.multiproof(hashes, indices), proof);
            assertEq(codec.multiproofRoot(hashes.length, indices, leaves, proof), root);
        }
        assertGt(count, 0);
    }

    function test_TensorsAreThoseOfTheSdk() public view {
        string memory json = vm.readFile("sdk/src/vectors/tensors.json");
        uint256 count;
        for (; vm.keyExistsJson(json, _at(".tensors", count)); ++count) {
            string memory at = _at(".tensors", count);
            bytes memory header = vm.parseJsonBytes(json, string.concat(at, ".header"));
            bytes memory committed = vm.parseJsonBytes(json, string.concat(at, ".committed"));
            (TensorType memory tensor, uint32 elements) = codec.decodeHeader(header);
            assertEq(tensor.dtype, vm.parseJsonUint(json, string.concat(at, ".type.dtype")));
            assertEq(elements * ManifestCodec.elementBytes(tensor.dtype), committed.length);
            bytes32 dataRoot = codec.dataRootOf(committed);
            assertEq(dataRoot, vm.parseJsonBytes32(json, string.concat(at, ".dataRoot")));
            assertEq(
                codec.tensorRoot(header, dataRoot),
                vm.parseJsonBytes32(json, string.concat(at, ".tensorRoot"))
            );
            _checkIndices(json, string.concat(at, ".indices"), tensor);
        }
        assertGt(count, 0);
    }

    function _checkIndices(string memory json, string memory path, TensorType memory tensor)
        private
        view
    {
        for (uint256 i; vm.keyExistsJson(json, _at(path, i)); ++i) {
            string memory at = _at(path, i);
            uint256 logical = vm.parseJsonUint(json, string.concat(at, ".logical"));
            uint256 committed = vm.parseJsonUint(json, string.concat(at, ".committed"));
            assertEq(codec.committedIndex(tensor, logical), committed);
            assertEq(codec.logicalIndex(tensor, committed), logical);
        }
    }

    function test_TheManifestIsThatOfTheSdk() public view {
        string memory json = vm.readFile("sdk/src/vectors/manifest.json");
        bytes[] memory entries = vm.parseJsonBytesArray(json, ".entries");
        ModelHeader memory header = ModelHeader({
            manifestRoot: vm.parseJsonBytes32(json, ".header.manifestRoot"),
            fileRoot: vm.parseJsonBytes32(json, ".header.fileRoot"),
            fileBytes: uint64(_number(json, ".header.fileBytes")),
            values: uint32(_number(json, ".header.values")),
            nodes: uint32(_number(json, ".header.nodes")),
            inputs: uint32(_number(json, ".header.inputs")),
            outputs: uint32(_number(json, ".header.outputs")),
            carried: uint32(_number(json, ".header.carried")),
            activations: uint32(_number(json, ".header.activations")),
            segment: uint32(_number(json, ".header.segment")),
            profile: uint32(_number(json, ".header.profile"))
        });
        assertEq(keccak256(abi.encode(header)), vm.parseJsonBytes32(json, ".modelId"));
        bytes memory file = vm.parseJsonBytes(json, ".file");
        assertEq(file.length, header.fileBytes);
        assertEq(codec.dataRootOf(file), header.fileRoot);

        assertEq(entries.length, uint256(header.values) + header.nodes);
        bytes32[] memory hashes = new bytes32[](entries.length);
        uint256 inputs;
        uint256 activations;
        uint256 outputs;
        for (uint256 i; i < entries.length; ++i) {
            hashes[i] = codec.leafHash(entries[i]);
            if (i >= header.values) {
                codec.decodeNode(entries[i]);
                continue;
            }
            ManifestValue memory value = codec.decodeValue(entries[i]);
            if (value.kind == ValueKind.Input) ++inputs;
            if (value.kind == ValueKind.Activation) assertEq(value.slot, activations++);
            if (value.kind == ValueKind.Output) ++outputs;
        }
        assertEq(MerkleTree.rootOf(hashes), header.manifestRoot);
        assertEq(inputs, header.inputs);
        assertEq(activations, header.activations);
        assertEq(outputs, header.outputs);
    }

    function test_FraudProofsOfTheSdkAreJudgedAsTheSdkJudges() public {
        string memory json = vm.readFile("sdk/src/vectors/fraudProofs.json");
        CheckerRegistry registry = new CheckerRegistry(address(this));
        (uint16[] memory opcodes, IChecker[] memory checkers) = Checkers.deploy();
        registry.add(opcodes, checkers);
        FraudVerifier verifier = new FraudVerifier(registry);
        uint256 count;
        uint256 frauds;
        for (; vm.keyExistsJson(json, _at(".proofs", count)); ++count) {
            if (_checkProof(verifier, json, _at(".proofs", count))) ++frauds;
        }
        assertGt(frauds, 0);
        assertGt(count, frauds);
    }

    function _checkProof(FraudVerifier verifier, string memory json, string memory at)
        private
        view
        returns (bool fraud)
    {
        string memory name = vm.parseJsonString(json, string.concat(at, ".name"));
        (ExecutionRoots memory roots, FraudProof memory proof) = abi.decode(
            vm.parseJsonBytes(json, string.concat(at, ".encoded")), (ExecutionRoots, FraudProof)
        );
        uint64 claimed;
        Interval memory honest;
        (claimed, honest, fraud) = verifier.judge(roots, 1, proof);
        assertEq(claimed, _number(json, string.concat(at, ".claimed")), name);
        assertEq(uint8(honest.kind), _number(json, string.concat(at, ".kind")), name);
        assertEq(honest.low, vm.parseJsonInt(json, string.concat(at, ".low")), name);
        assertEq(honest.high, vm.parseJsonInt(json, string.concat(at, ".high")), name);
        assertEq(fraud, vm.parseJsonBool(json, string.concat(at, ".fraud")), name);
    }

    function _number(string memory json, string memory key) private pure returns (uint256) {
        return vm.parseJsonUint(json, key);
    }

    function _at(string memory list, uint256 index) private pure returns (string memory) {
        return string.concat(list, "[", vm.toString(index), "]");
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IFraudVerifier} from "../interfaces/IFraudVerifier.sol";
import {ExecutionRoots, Opening} from "../types/FraudProof.sol";
import {ManifestValue, NONE, ValueKind} from "../types/ManifestEntry.sol";
import {ModelHeader} from "../types/ModelHeader.sol";
import {CalldataStruct} from "../libraries/CalldataStruct.sol";
import {ManifestCodec} from "../libraries/ManifestCodec.sol";
import {MerkleTree} from "../libraries/MerkleTree.sol";

/// @title OpeningReader
/// @notice Checks entries of a manifest and openings of values against the roots of an execution (docs/protocol.md sections 3 and 5). Errors are those of IFraudVerifier.
/// @dev FV-2: no byte is believed that does not hash to a committed root.
abstract contract OpeningReader {
    uint256 internal constant CHUNK = 1024;

    function _checkModel(bytes32 modelId, ModelHeader calldata model) internal pure {
        bytes32 actual = keccak256(CalldataStruct.bytesOf(model));
        require(actual == modelId, IFraudVerifier.FraudVerifier_WrongModel(modelId, actual));
    }

    /// @dev One value entry with a proof of its own.
    function _valueEntry(
        bytes32 modelId,
        ModelHeader calldata model,
        uint32 value,
        bytes calldata entry,
        bytes32[] calldata entryProof
    ) internal view returns (ManifestValue memory) {
        _checkModel(modelId, model);
        require(value < model.values, IFraudVerifier.FraudVerifier_MissingEntry(value));
        uint256[] memory positions = new uint256[](1);
        bytes32[] memory hashes = new bytes32[](1);
        positions[0] = value;
        hashes[0] = MerkleTree.leafHash(entry);
        _checkEntries(model, positions, hashes, entryProof);
        return ManifestCodec.decodeValue(entry);
    }

    function _checkEntries(
        ModelHeader calldata model,
        uint256[] memory positions,
        bytes32[] memory hashes,
        bytes32[] calldata proof
    ) internal view {
        uint256 size = uint256(model.values) + model.nodes;
        bytes32 actual = MerkleTree.multiproofRoot(size, positions, hashes, proof);
        require(
            actual == model.manifestRoot,
            IFraudVerifier.FraudVerifier_WrongManifest(model.manifestRoot, actual)
        );
    }

    function _checkTrace(
        ExecutionRoots calldata roots,
        ModelHeader calldata model,
        uint256[] memory positions,
        bytes32[] memory hashes,
        bytes32[] calldata proof
    ) internal view {
        bytes32 actual = MerkleTree.multiproofRoot(model.activations, positions, hashes, proof);
        // Before the trace is posted its root is 0, which nothing hashes to.
        require(
            actual == roots.traceRoot,
            IFraudVerifier.FraudVerifier_WrongTrace(roots.traceRoot, actual)
        );
    }

    /// @dev B1: the header comes out of the manifest, only the data root out of the proof.
    function _tensorRoot(ManifestValue memory value, bytes calldata entry, Opening calldata opening)
        internal
        view
        returns (bytes32)
    {
        require(
            _dataRoot(value, opening) == opening.dataRoot,
            IFraudVerifier.FraudVerifier_WrongOpening(opening.value)
        );
        uint256 start = ManifestCodec.HEADER_AT;
        return ManifestCodec.tensorRoot(entry[start:start + value.headerBytes], opening.dataRoot);
    }

    /// @dev The root that the opened chunks lead to. B2: chunk i has exactly min(1024, bytes - 1024 i) bytes.
    function _dataRoot(ManifestValue memory value, Opening calldata opening)
        internal
        view
        returns (bytes32)
    {
        uint256 total = _bytesOf(value);
        uint256 chunks = ManifestCodec.chunksOf(total);
        uint32[] calldata opened = opening.chunks;
        bytes calldata data = opening.data;
        uint256[] memory positions = new uint256[](opened.length);
        bytes32[] memory hashes = new bytes32[](opened.length);
        uint256 at;
        // SAFETY: a tensor has fewer than 2^35 bytes.
        unchecked {
            for (uint256 i; i < opened.length; ++i) {
                uint256 chunk = opened[i];
                require(chunk < chunks, IFraudVerifier.FraudVerifier_WrongOpening(opening.value));
                uint256 end = at + (chunk + 1 == chunks ? total - CHUNK * chunk : CHUNK);
                require(
                    end <= data.length, IFraudVerifier.FraudVerifier_WrongOpening(opening.value)
                );
                positions[i] = chunk;
                hashes[i] = MerkleTree.leafHash(data[at:end]);
                at = end;
            }
        }
        require(at == data.length, IFraudVerifier.FraudVerifier_WrongOpening(opening.value));
        return MerkleTree.multiproofRoot(chunks, positions, hashes, opening.proof);
    }

    /// @dev docs/protocol.md section 5, but for activations.
    function _checkPath(
        ExecutionRoots calldata roots,
        ModelHeader calldata model,
        uint32 step,
        ManifestValue memory value,
        bytes32 root,
        Opening calldata opening
    ) internal view {
        bytes32 expected = roots.resultRoot;
        bytes32[] memory path = opening.path;
        uint256 used;
        if (value.kind == ValueKind.Weight) {
            expected = value.tensorRoot;
        } else if (value.kind == ValueKind.Output) {
            (root, used) =
                _climbResult(roots, model, step, value.slot, value.laterSlot == 1, root, path);
        } else if (value.kind == ValueKind.Input) {
            if (step == 0 || value.carriedSlot == NONE) {
                expected = roots.inputRoot;
                (root, used) = _climbInput(roots, model, step, value, root, path);
            } else {
                // B4: a carried input is the output of the step before.
                (root, used) =
                    _climbResult(roots, model, step - 1, value.carriedSlot, true, root, path);
            }
        } else {
            revert IFraudVerifier.FraudVerifier_NotCommitted(opening.value); // derived
        }
        if (_isInside(value, model, roots.steps, step)) expected = roots.statesRoot;
        require(
            used == path.length && root == expected,
            IFraudVerifier.FraudVerifier_WrongOpening(opening.value)
        );
    }

    function _climbInput(
        ExecutionRoots calldata roots,
        ModelHeader calldata model,
        uint32 step,
        ManifestValue memory value,
        bytes32 root,
        bytes32[] memory path
    ) internal view returns (bytes32 hash, uint256 used) {
        uint256 size = step == 0 ? model.inputs : model.inputs - model.carried;
        uint256 slot = step == 0 ? value.slot : value.laterSlot;
        (hash, used) = MerkleTree.climb(size, slot, MerkleTree.leafHash(root), path, 0);
        return MerkleTree.climb(roots.steps, step, MerkleTree.leafHash(hash), path, used);
    }

    /// @dev B8: a leaf of `resultRoot` is `H(0x03 | carriedRoot | outputsRoot)` of a segment.
    function _climbResult(
        ExecutionRoots calldata roots,
        ModelHeader calldata model,
        uint32 step,
        uint32 slot,
        bool carried,
        bytes32 root,
        bytes32[] memory path
    ) internal view returns (bytes32 hash, uint256 used) {
        (uint256 first, uint256 length) = _segment(model, roots.steps, step);
        hash = MerkleTree.leafHash(root);
        if (carried) {
            (hash, used) = MerkleTree.climb(model.carried, slot, hash, path, 0);
            // Only the last step of a segment commits its state: the answer to a step demand posts the others.
            if (step + 1 != first + length) {
                return MerkleTree.climb(length, step - first, MerkleTree.leafHash(hash), path, used);
            }
            hash = MerkleTree.segmentLeaf(hash, _next(path, used++));
        } else {
            (hash, used) = MerkleTree.climb(model.outputs - model.carried, slot, hash, path, 0);
            (hash, used) =
                MerkleTree.climb(length, step - first, MerkleTree.leafHash(hash), path, used);
            hash = MerkleTree.segmentLeaf(_next(path, used++), hash);
        }
        uint256 segments = Math.ceilDiv(roots.steps, model.segment);
        return
            MerkleTree.climb(segments, step / model.segment, MerkleTree.leafHash(hash), path, used);
    }

    /// @dev B8: whether nobody commits to a value before a step demand is answered.
    function _isInside(
        ManifestValue memory value,
        ModelHeader calldata model,
        uint32 steps,
        uint32 step
    ) internal pure returns (bool) {
        if (value.kind == ValueKind.Input) {
            if (step == 0 || value.carriedSlot == NONE) return false;
            --step; // B4
        } else if (value.kind != ValueKind.Output || value.laterSlot != 1) {
            return false;
        }
        (uint256 first, uint256 length) = _segment(model, steps, step);
        return step + 1 != first + length;
    }

    /// @dev First step and number of steps of the segment of a step: the last one may be shorter.
    function _segment(ModelHeader calldata model, uint32 steps, uint32 step)
        internal
        pure
        returns (uint256 first, uint256 length)
    {
        first = uint256(step / model.segment) * model.segment;
        length = Math.min(model.segment, steps - first);
    }

    function _next(bytes32[] memory path, uint256 used) internal pure returns (bytes32) {
        require(used < path.length, MerkleTree.MerkleTree_ProofLength(used + 1, path.length));
        return path[used];
    }

    function _bytesOf(ManifestValue memory value) internal pure returns (uint256) {
        return value.elements * ManifestCodec.elementBytes(value.tensor.dtype);
    }
}

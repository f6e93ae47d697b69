// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IAnswerVerifier} from "../interfaces/IAnswerVerifier.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IFraudVerifier} from "../interfaces/IFraudVerifier.sol";
import {
    ChunkAnswer,
    ExecutionRoots,
    Opening,
    OutputAnswer,
    StepAnswer
} from "../types/FraudProof.sol";
import {INSIDE, ManifestValue, ValueKind} from "../types/ManifestEntry.sol";
import {ModelHeader} from "../types/ModelHeader.sol";
import {CalldataStruct} from "../libraries/CalldataStruct.sol";
import {ManifestCodec} from "../libraries/ManifestCodec.sol";
import {MerkleTree} from "../libraries/MerkleTree.sol";
import {OpeningReader} from "./OpeningReader.sol";

/// @title AnswerVerifier
/// @dev TRUST: nobody. TOKENS: none. CLOCKS: none. Stateless. Whatever is malformed reverts.
contract AnswerVerifier is IAnswerVerifier, OpeningReader {
    /// @dev A4: most chunks of a chunk demand.
    uint32 internal constant MAX_CHUNKS = 32;

    /// @inheritdoc IAnswerVerifier
    function checkRequest(
        bytes32 modelId,
        uint32 steps,
        ModelHeader calldata model,
        IDisputes.Request calldata request,
        bytes calldata entry,
        bytes32[] calldata entryProof
    ) external view returns (uint8) {
        require(request.step < steps, IDisputes.Disputes_OutOfRange(request.step, steps));
        IDisputes.Kind kind = request.kind;
        if (
            kind == IDisputes.Kind.Chunk || kind == IDisputes.Kind.Tensor
                || kind == IDisputes.Kind.Witness
        ) {
            ManifestValue memory value =
                _valueEntry(modelId, model, request.value, entry, entryProof);
            if (kind == IDisputes.Kind.Witness) _checkWitness(value, request);
            else _checkChunks(value, request);
            return uint8(value.kind) | (_isInside(value, model, steps, request.step) ? INSIDE : 0);
        }
        require(
            kind == IDisputes.Kind.Trace || kind == IDisputes.Kind.Output
                || kind == IDisputes.Kind.Step,
            IDisputes.Disputes_KindNotServed(kind)
        );
        require(
            request.value == 0 && request.chunk == 0 && request.count == 0,
            IDisputes.Disputes_UnusedField(kind)
        );
        _checkModel(modelId, model);
        if (kind == IDisputes.Kind.Step) {
            // One demand a segment: that of its first step.
            (uint256 first, uint256 length) = _segment(model, steps, request.step);
            require(request.step == first && length > 1, IDisputes.Disputes_NoSegment(request.step));
        }
        return 0;
    }

    /// @dev A4: nobody has to open what the manifest names or what nobody commits to.
    function _checkChunks(ManifestValue memory value, IDisputes.Request calldata request)
        private
        pure
    {
        require(
            value.kind != ValueKind.Weight && value.kind != ValueKind.Derived,
            IFraudVerifier.FraudVerifier_NotCommitted(request.value)
        );
        // SAFETY: fewer than 2^32 elements of at most 8 bytes are fewer than 2^25 chunks.
        uint32 chunks = uint32(ManifestCodec.chunksOf(_bytesOf(value)));
        if (request.kind == IDisputes.Kind.Tensor) {
            // A7: whole tensors only where the manifest says that they are few.
            require(value.boundary, IFraudVerifier.FraudVerifier_NotABoundary(request.value));
            require(request.chunk == 0, IDisputes.Disputes_UnusedField(request.kind));
            require(request.count == chunks, IDisputes.Disputes_OutOfRange(request.count, chunks));
            return;
        }
        require(
            request.count != 0 && request.count <= MAX_CHUNKS,
            IDisputes.Disputes_OutOfRange(request.count, MAX_CHUNKS)
        );
        require(
            uint256(request.chunk) + request.count <= chunks,
            IDisputes.Disputes_OutOfRange(request.chunk, chunks)
        );
    }

    /// @dev A8: of what a node has made. Any positions answer it, so an honest provider always can.
    function _checkWitness(ManifestValue memory value, IDisputes.Request calldata request)
        private
        pure
    {
        require(
            value.kind == ValueKind.Activation || value.kind == ValueKind.Output,
            IFraudVerifier.FraudVerifier_NotCommitted(request.value)
        );
        require(
            request.chunk < value.elements,
            IDisputes.Disputes_OutOfRange(request.chunk, value.elements)
        );
        require(request.count == 0, IDisputes.Disputes_UnusedField(request.kind));
    }

    /// @inheritdoc IAnswerVerifier
    function checkOpening(
        ExecutionRoots calldata roots,
        ModelHeader calldata model,
        IDisputes.Request calldata request,
        bytes calldata answer
    ) external view {
        uint32 step = request.step;
        require(step < roots.steps, IFraudVerifier.FraudVerifier_NoSuchStep(step, roots.steps));
        _checkWords(answer);
        ChunkAnswer calldata opened = CalldataStruct.chunkAnswer(answer);
        Opening calldata opening = opened.opening;
        require(
            opening.value == request.value && opening.chunks.length == request.count,
            IFraudVerifier.FraudVerifier_WrongAnswer()
        );
        for (uint256 i; i < request.count; ++i) {
            require(
                opening.chunks[i] == request.chunk + i, IFraudVerifier.FraudVerifier_WrongAnswer()
            );
        }
        ManifestValue memory value =
            _valueEntry(roots.modelId, model, opening.value, opened.entry, opened.entryProof);
        bytes32 root = _tensorRoot(value, opened.entry, opening);
        if (value.kind == ValueKind.Activation) {
            uint256[] memory positions = new uint256[](1);
            bytes32[] memory hashes = new bytes32[](1);
            positions[0] = value.slot;
            hashes[0] = MerkleTree.leafHash(root);
            _checkTrace(roots, model, positions, hashes, opened.traceProof);
            require(
                opening.path.length == 0, IFraudVerifier.FraudVerifier_WrongOpening(opening.value)
            );
        } else {
            require(
                opened.traceProof.length == 0,
                IFraudVerifier.FraudVerifier_WrongOpening(opening.value)
            );
            _checkPath(roots, model, step, value, root, opening);
        }
    }

    /// @inheritdoc IAnswerVerifier
    function checkOutput(
        ExecutionRoots calldata roots,
        ModelHeader calldata model,
        uint32 step,
        bytes calldata answer
    ) external view {
        require(step < roots.steps, IFraudVerifier.FraudVerifier_NoSuchStep(step, roots.steps));
        _checkModel(roots.modelId, model);
        _checkWords(answer);
        OutputAnswer calldata opened = CalldataStruct.outputAnswer(answer);
        _checkSegment(roots, model, step, opened.carriedRoot, opened.outputsRoot, opened.path);
    }

    /// @inheritdoc IAnswerVerifier
    function statesRoot(
        ExecutionRoots calldata roots,
        ModelHeader calldata model,
        uint32 step,
        bytes calldata answer
    ) external view returns (bytes32) {
        _checkModel(roots.modelId, model);
        _checkWords(answer);
        StepAnswer calldata posted = CalldataStruct.stepAnswer(answer);
        bytes32[] calldata carriedRoots = posted.carriedRoots;
        (, uint256 length) = _segment(model, roots.steps, step);
        require(carriedRoots.length == length, IFraudVerifier.FraudVerifier_WrongAnswer());
        _checkSegment(roots, model, step, carriedRoots[length - 1], posted.outputsRoot, posted.path);
        return MerkleTree.rootOfRoots(carriedRoots);
    }

    /// @dev Both roots are those of the step's segment in `resultRoot`.
    function _checkSegment(
        ExecutionRoots calldata roots,
        ModelHeader calldata model,
        uint32 step,
        bytes32 carriedRoot,
        bytes32 outputsRoot,
        bytes32[] memory path
    ) private view {
        (bytes32 root, uint256 used) = MerkleTree.climb(
            Math.ceilDiv(roots.steps, model.segment),
            step / model.segment,
            MerkleTree.leafHash(MerkleTree.segmentLeaf(carriedRoot, outputsRoot)),
            path,
            0
        );
        require(
            root == roots.resultRoot && used == path.length,
            IFraudVerifier.FraudVerifier_WrongAnswer()
        );
    }

    /// @inheritdoc IAnswerVerifier
    function traceRoot(bytes32 modelId, ModelHeader calldata model, bytes32[] calldata tensorRoots)
        external
        view
        returns (bytes32)
    {
        _checkModel(modelId, model);
        require(tensorRoots.length == model.activations, IFraudVerifier.FraudVerifier_WrongAnswer());
        return MerkleTree.rootOfRoots(tensorRoots);
    }

    /// @dev An encoding is whole words. So nothing stands behind it in this call, and what it says is the same wherever it is read in place.
    function _checkWords(bytes calldata answer) private pure {
        require(answer.length % 32 == 0, IFraudVerifier.FraudVerifier_WrongAnswer());
    }
}

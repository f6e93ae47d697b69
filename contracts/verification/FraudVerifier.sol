// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IChecker, IDependentChecker} from "../interfaces/IChecker.sol";
import {ICheckerRegistry} from "../interfaces/ICheckerRegistry.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IFraudVerifier} from "../interfaces/IFraudVerifier.sol";
import {DEPENDENT, ElementQuery, Operand, Range} from "../types/Element.sol";
import {
    ChunkAnswer,
    ExecutionRoots,
    FraudProof,
    ManifestLeaf,
    Opening,
    OutputAnswer,
    StepAnswer
} from "../types/FraudProof.sol";
import {Interval} from "../types/Interval.sol";
import {INSIDE, ManifestNode, ManifestValue, NONE, ValueKind} from "../types/ManifestEntry.sol";
import {ModelHeader} from "../types/ModelHeader.sol";
import {TensorType} from "../types/TensorType.sol";
import {CalldataStruct} from "../libraries/CalldataStruct.sol";
import {HonestSet} from "../libraries/HonestSet.sol";
import {ManifestCodec} from "../libraries/ManifestCodec.sol";
import {MerkleTree} from "../libraries/MerkleTree.sol";

/// @title FraudVerifier
/// @dev TRUST: the checkers of the version that a model pinned, and nobody else. TOKENS: none. CLOCKS: none. Stateless.
/// Whatever is malformed reverts; only a well-formed proof of a wrong element returns `fraud`.
contract FraudVerifier is IFraudVerifier {
    /// @dev What a proof says, once its bytes are checked. The arrays run parallel to the proof's entries.
    struct Context {
        uint16 version;
        uint32 valueCount;
        uint256[] leaves;
        ManifestValue[] values; // empty at nodes
        uint256[] openings; // 1 + index of the value's opening, 0 if none
    }

    uint256 internal constant CHUNK = 1024;
    /// @dev A4: most chunks of a demand.
    uint32 internal constant MAX_CHUNKS = 32;
    /// @dev B5: longest chain of derived values.
    uint256 internal constant MAX_DEPTH = 8;

    ICheckerRegistry public immutable CHECKERS;

    constructor(ICheckerRegistry checkers) {
        CHECKERS = checkers;
    }

    // ---- proofs and openings ----

    /// @inheritdoc IFraudVerifier
    function judge(ExecutionRoots calldata roots, uint16 checkerVersion, FraudProof calldata proof)
        external
        view
        returns (uint64 claimed, Interval memory honest, bool fraud)
    {
        _checkModel(roots.modelId, proof.model);
        require(proof.step < roots.steps, FraudVerifier_NoSuchStep(proof.step, roots.steps));
        Context memory context = _readManifest(proof);
        context.version = checkerVersion; // A10: the version that the model pinned
        _checkOpenings(context, roots, proof);

        uint8 dtype;
        (claimed, dtype) = _claimed(context, proof);
        honest = _honest(context, proof, proof.node, proof.output, proof.element, 0);
        fraud = !HonestSet.contains(honest, claimed, dtype);
    }

    /// @inheritdoc IFraudVerifier
    function checkRequest(
        bytes32 modelId,
        uint32 steps,
        ModelHeader calldata model,
        IDisputes.Request calldata request,
        bytes calldata entry,
        bytes32[] calldata entryProof
    ) external view returns (uint8) {
        require(request.step < steps, IDisputes.Disputes_OutOfRange(request.step, steps));
        if (request.kind == IDisputes.Kind.Chunk) {
            return _checkChunks(modelId, steps, model, request, entry, entryProof);
        }
        require(
            request.kind == IDisputes.Kind.Trace || request.kind == IDisputes.Kind.Output
                || request.kind == IDisputes.Kind.Step,
            IDisputes.Disputes_KindNotServed(request.kind)
        );
        require(
            request.value == 0 && request.chunk == 0 && request.count == 0,
            IDisputes.Disputes_UnusedField(request.kind)
        );
        _checkModel(modelId, model);
        if (request.kind == IDisputes.Kind.Step) {
            // One demand a segment: that of its first step.
            (uint256 first, uint256 length) = _segment(model, steps, request.step);
            require(request.step == first && length > 1, IDisputes.Disputes_NoSegment(request.step));
        }
        return 0;
    }

    function _checkChunks(
        bytes32 modelId,
        uint32 steps,
        ModelHeader calldata model,
        IDisputes.Request calldata request,
        bytes calldata entry,
        bytes32[] calldata entryProof
    ) private view returns (uint8) {
        ManifestValue memory value = _valueEntry(modelId, model, request.value, entry, entryProof);
        // A4: nobody has to open what the manifest names or what nobody commits to.
        require(
            value.kind != ValueKind.Weight && value.kind != ValueKind.Derived,
            FraudVerifier_NotCommitted(request.value)
        );
        require(
            request.count != 0 && request.count <= MAX_CHUNKS,
            IDisputes.Disputes_OutOfRange(request.count, MAX_CHUNKS)
        );
        // SAFETY: fewer than 2^32 elements of at most 8 bytes are fewer than 2^25 chunks.
        uint32 chunks = uint32(ManifestCodec.chunksOf(_bytesOf(value)));
        require(
            uint256(request.chunk) + request.count <= chunks,
            IDisputes.Disputes_OutOfRange(request.chunk, chunks)
        );
        return uint8(value.kind) | (_isInside(value, model, steps, request.step) ? INSIDE : 0);
    }

    /// @dev B8: whether nobody commits to a value before a step demand is answered.
    function _isInside(
        ManifestValue memory value,
        ModelHeader calldata model,
        uint32 steps,
        uint32 step
    ) private pure returns (bool) {
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
        private
        pure
        returns (uint256 first, uint256 length)
    {
        first = uint256(step / model.segment) * model.segment;
        length = Math.min(model.segment, steps - first);
    }

    /// @inheritdoc IFraudVerifier
    function checkOpening(
        ExecutionRoots calldata roots,
        ModelHeader calldata model,
        IDisputes.Request calldata request,
        bytes calldata answer
    ) external view {
        uint32 step = request.step;
        require(step < roots.steps, FraudVerifier_NoSuchStep(step, roots.steps));
        _checkWords(answer);
        ChunkAnswer calldata opened = CalldataStruct.chunkAnswer(answer);
        Opening calldata opening = opened.opening;
        require(
            opening.value == request.value && opening.chunks.length == request.count,
            FraudVerifier_WrongAnswer()
        );
        for (uint256 i; i < request.count; ++i) {
            require(opening.chunks[i] == request.chunk + i, FraudVerifier_WrongAnswer());
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
            require(opening.path.length == 0, FraudVerifier_WrongOpening(opening.value));
        } else {
            require(opened.traceProof.length == 0, FraudVerifier_WrongOpening(opening.value));
            _checkPath(roots, model, step, value, root, opening);
        }
    }

    /// @inheritdoc IFraudVerifier
    function checkOutput(
        ExecutionRoots calldata roots,
        ModelHeader calldata model,
        uint32 step,
        bytes calldata answer
    ) external view {
        require(step < roots.steps, FraudVerifier_NoSuchStep(step, roots.steps));
        _checkModel(roots.modelId, model);
        _checkWords(answer);
        OutputAnswer calldata opened = CalldataStruct.outputAnswer(answer);
        _checkSegment(roots, model, step, opened.carriedRoot, opened.outputsRoot, opened.path);
    }

    /// @inheritdoc IFraudVerifier
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
        require(carriedRoots.length == length, FraudVerifier_WrongAnswer());
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
        require(root == roots.resultRoot && used == path.length, FraudVerifier_WrongAnswer());
    }

    /// @inheritdoc IFraudVerifier
    function traceRoot(bytes32 modelId, ModelHeader calldata model, bytes32[] calldata tensorRoots)
        external
        view
        returns (bytes32)
    {
        _checkModel(modelId, model);
        require(tensorRoots.length == model.activations, FraudVerifier_WrongAnswer());
        return MerkleTree.rootOfRoots(tensorRoots);
    }

    /// @dev An encoding is whole words. So nothing stands behind it in this call, and what it says is the same wherever it is read in place.
    function _checkWords(bytes calldata answer) private pure {
        require(answer.length % 32 == 0, FraudVerifier_WrongAnswer());
    }

    // ---- manifest ----

    function _checkModel(bytes32 modelId, ModelHeader calldata model) private pure {
        bytes32 actual = keccak256(abi.encode(model));
        require(actual == modelId, FraudVerifier_WrongModel(modelId, actual));
    }

    /// @dev One value entry with a proof of its own.
    function _valueEntry(
        bytes32 modelId,
        ModelHeader calldata model,
        uint32 value,
        bytes calldata entry,
        bytes32[] calldata entryProof
    ) private view returns (ManifestValue memory) {
        _checkModel(modelId, model);
        require(value < model.values, FraudVerifier_MissingEntry(value));
        uint256[] memory positions = new uint256[](1);
        bytes32[] memory hashes = new bytes32[](1);
        positions[0] = value;
        hashes[0] = MerkleTree.leafHash(entry);
        _checkEntries(model, positions, hashes, entryProof);
        return ManifestCodec.decodeValue(entry);
    }

    function _readManifest(FraudProof calldata proof)
        private
        view
        returns (Context memory context)
    {
        uint256 count = proof.entries.length;
        context.valueCount = proof.model.values;
        context.leaves = new uint256[](count);
        context.values = new ManifestValue[](count);
        context.openings = new uint256[](count);
        uint256[] memory positions = new uint256[](count);
        bytes32[] memory hashes = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            ManifestLeaf calldata leaf = proof.entries[i];
            context.leaves[i] = leaf.leaf;
            positions[i] = leaf.leaf;
            hashes[i] = MerkleTree.leafHash(leaf.entry);
            if (leaf.leaf < context.valueCount) {
                context.values[i] = ManifestCodec.decodeValue(leaf.entry);
            }
        }
        _checkEntries(proof.model, positions, hashes, proof.entriesProof);
    }

    function _checkEntries(
        ModelHeader calldata model,
        uint256[] memory positions,
        bytes32[] memory hashes,
        bytes32[] calldata proof
    ) private view {
        uint256 size = uint256(model.values) + model.nodes;
        bytes32 actual = MerkleTree.multiproofRoot(size, positions, hashes, proof);
        require(
            actual == model.manifestRoot, FraudVerifier_WrongManifest(model.manifestRoot, actual)
        );
    }

    /// @dev Place of a leaf among the proof's entries, which ascend.
    function _find(Context memory context, uint256 leaf) private pure returns (uint256) {
        uint256 low;
        uint256 high = context.leaves.length;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (context.leaves[middle] < leaf) low = middle + 1;
            else high = middle;
        }
        require(
            low < context.leaves.length && context.leaves[low] == leaf,
            // SAFETY: leaves are 32-bit numbers, or the sum of two, only shown here.
            FraudVerifier_MissingEntry(uint32(leaf))
        );
        return low;
    }

    // ---- openings ----

    /// @dev FV-2: every opening leads to a root that the execution or the manifest names.
    function _checkOpenings(
        Context memory context,
        ExecutionRoots calldata roots,
        FraudProof calldata proof
    ) private view {
        uint256 count = proof.openings.length;
        uint256[] memory positions = new uint256[](count);
        bytes32[] memory hashes = new bytes32[](count);
        uint256 traced;
        for (uint256 i; i < count; ++i) {
            Opening calldata opening = proof.openings[i];
            require(
                i == 0 || proof.openings[i - 1].value < opening.value,
                FraudVerifier_NotAscending(opening.value)
            );
            require(opening.value < context.valueCount, FraudVerifier_MissingEntry(opening.value));
            uint256 at = _find(context, opening.value);
            context.openings[at] = i + 1;
            ManifestValue memory value = context.values[at];
            bytes32 root = _tensorRoot(value, proof.entries[at].entry, opening);
            if (value.kind == ValueKind.Activation) {
                require(opening.path.length == 0, FraudVerifier_WrongOpening(opening.value));
                positions[traced] = value.slot;
                hashes[traced++] = MerkleTree.leafHash(root);
            } else {
                _checkPath(roots, proof.model, proof.step, value, root, opening);
            }
        }
        if (traced == 0) {
            require(
                proof.traceProof.length == 0, FraudVerifier_WrongTrace(roots.traceRoot, bytes32(0))
            );
            return;
        }
        assembly ("memory-safe") {
            // Cut both arrays to the activations.
            mstore(positions, traced)
            mstore(hashes, traced)
        }
        _checkTrace(roots, proof.model, positions, hashes, proof.traceProof);
    }

    function _checkTrace(
        ExecutionRoots calldata roots,
        ModelHeader calldata model,
        uint256[] memory positions,
        bytes32[] memory hashes,
        bytes32[] calldata proof
    ) private view {
        bytes32 actual = MerkleTree.multiproofRoot(model.activations, positions, hashes, proof);
        // Before the trace is posted its root is 0, which nothing hashes to.
        require(actual == roots.traceRoot, FraudVerifier_WrongTrace(roots.traceRoot, actual));
    }

    /// @dev B1: the header comes out of the manifest, only the data root out of the proof.
    function _tensorRoot(ManifestValue memory value, bytes calldata entry, Opening calldata opening)
        private
        view
        returns (bytes32)
    {
        require(
            _dataRoot(value, opening) == opening.dataRoot, FraudVerifier_WrongOpening(opening.value)
        );
        uint256 start = ManifestCodec.HEADER_AT;
        return ManifestCodec.tensorRoot(entry[start:start + value.headerBytes], opening.dataRoot);
    }

    /// @dev The root that the opened chunks lead to. B2: chunk i has exactly min(1024, bytes - 1024 i) bytes.
    function _dataRoot(ManifestValue memory value, Opening calldata opening)
        private
        view
        returns (bytes32)
    {
        uint256 total = _bytesOf(value);
        uint256 chunks = ManifestCodec.chunksOf(total);
        uint256 count = opening.chunks.length;
        uint256[] memory positions = new uint256[](count);
        bytes32[] memory hashes = new bytes32[](count);
        uint256 at;
        for (uint256 i; i < count; ++i) {
            uint256 chunk = opening.chunks[i];
            require(chunk < chunks, FraudVerifier_WrongOpening(opening.value));
            uint256 end = at + (chunk + 1 == chunks ? total - CHUNK * chunk : CHUNK);
            require(end <= opening.data.length, FraudVerifier_WrongOpening(opening.value));
            positions[i] = chunk;
            hashes[i] = MerkleTree.leafHash(opening.data[at:end]);
            at = end;
        }
        require(at == opening.data.length, FraudVerifier_WrongOpening(opening.value));
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
    ) private view {
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
            revert FraudVerifier_NotCommitted(opening.value); // derived
        }
        if (_isInside(value, model, roots.steps, step)) expected = roots.statesRoot;
        require(used == path.length && root == expected, FraudVerifier_WrongOpening(opening.value));
    }

    function _climbInput(
        ExecutionRoots calldata roots,
        ModelHeader calldata model,
        uint32 step,
        ManifestValue memory value,
        bytes32 root,
        bytes32[] memory path
    ) private view returns (bytes32 hash, uint256 used) {
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
    ) private view returns (bytes32 hash, uint256 used) {
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

    function _next(bytes32[] memory path, uint256 used) private pure returns (bytes32) {
        require(used < path.length, MerkleTree.MerkleTree_ProofLength(used + 1, path.length));
        return path[used];
    }

    // ---- elements ----

    /// @dev The element that the execution committed to.
    function _claimed(Context memory context, FraudProof calldata proof)
        private
        pure
        returns (uint64 bits, uint8 dtype)
    {
        ManifestNode memory node = _node(context, proof, proof.node);
        require(
            proof.output < node.outputs.length,
            FraudVerifier_NoSuchElement(proof.output, proof.element)
        );
        uint32 index = node.outputs[proof.output];
        uint256 at = _find(context, index);
        ManifestValue memory value = context.values[at];
        require(
            proof.element < value.elements, FraudVerifier_NoSuchElement(proof.output, proof.element)
        );
        dtype = value.tensor.dtype;
        uint256 width = ManifestCodec.elementBytes(dtype);
        uint256 committed = ManifestCodec.committedIndex(value.tensor, proof.element);
        // SAFETY: an index of an element is below 2^32.
        Range memory one = Range({operand: 0, first: uint32(committed), count: 1, stride: 1});
        bytes memory data = new bytes(width);
        require(
            context.openings[at] != 0, FraudVerifier_MissingOpening(index, _chunkOf(one, width))
        );
        _copy(proof.openings[context.openings[at] - 1], width, one, data, 0);
        for (uint256 i; i < width; ++i) {
            bits |= uint64(uint8(data[i])) << uint64(8 * i);
        }
    }

    /// @dev What an honest machine can have produced for an element, from the execution's own operands (FV-1).
    function _honest(
        Context memory context,
        FraudProof calldata proof,
        uint32 nodeIndex,
        uint32 output,
        uint32 element,
        uint256 depth
    ) private view returns (Interval memory) {
        require(depth <= MAX_DEPTH, FraudVerifier_TooDeep(nodeIndex)); // B5
        ManifestNode memory node = _node(context, proof, nodeIndex);
        ElementQuery memory query;
        query.opcode = node.opcode;
        query.attributes = node.attributes;
        query.inputs = _types(context, node.inputs);
        query.outputs = _types(context, node.outputs);
        query.output = output;
        query.element = element;
        IChecker checker = CHECKERS.checkerOf(context.version, node.opcode);
        require(
            address(checker) != address(0), FraudVerifier_NoChecker(context.version, node.opcode)
        );
        // FV-3, A10: none of these calls is caught.
        Operand[] memory operands = new Operand[](node.inputs.length);
        _read(context, proof, node, checker.ranges(query), operands, depth);
        if (node.opcode >= DEPENDENT) {
            Range[] memory more =
                IDependentChecker(address(checker)).dependentRanges(query, operands);
            _read(context, proof, node, more, operands, depth);
        }
        return checker.evaluate(query, operands);
    }

    function _node(Context memory context, FraudProof calldata proof, uint32 index)
        private
        pure
        returns (ManifestNode memory)
    {
        uint256 at = _find(context, uint256(context.valueCount) + index);
        return ManifestCodec.decodeNode(proof.entries[at].entry);
    }

    /// @dev An absent input has dtype 0.
    function _types(Context memory context, uint32[] memory indices)
        private
        pure
        returns (TensorType[] memory types)
    {
        types = new TensorType[](indices.length);
        for (uint256 i; i < indices.length; ++i) {
            if (indices[i] != NONE) types[i] = context.values[_find(context, indices[i])].tensor;
        }
    }

    /// @dev Fills in the operand elements that the ranges name. Ranges are grouped by ascending operand.
    function _read(
        Context memory context,
        FraudProof calldata proof,
        ManifestNode memory node,
        Range[] memory ranges,
        Operand[] memory operands,
        uint256 depth
    ) private view {
        uint256 from;
        while (from < ranges.length) {
            uint8 operand = ranges[from].operand;
            require(
                operand < node.inputs.length && node.inputs[operand] != NONE
                    && (from == 0 || ranges[from - 1].operand < operand),
                FraudVerifier_BadRange(node.opcode, operand)
            );
            uint256 at = _find(context, node.inputs[operand]);
            uint256 elements = context.values[at].elements;
            uint256 count;
            uint256 to = from;
            for (; to < ranges.length && ranges[to].operand == operand; ++to) {
                Range memory range = ranges[to];
                if (range.count == 0) continue;
                require(
                    range.first + (uint256(range.count) - 1) * range.stride < elements,
                    FraudVerifier_BadRange(node.opcode, operand)
                );
                count += range.count;
            }
            if (context.values[at].kind == ValueKind.Derived) {
                operands[operand].derived =
                    _derived(context, proof, at, _slice(ranges, from, to), count, depth);
            } else {
                operands[operand].data = _data(context, proof, at, _slice(ranges, from, to), count);
            }
            from = to;
        }
    }

    function _slice(Range[] memory ranges, uint256 from, uint256 to)
        private
        pure
        returns (Range[] memory part)
    {
        part = new Range[](to - from);
        for (uint256 i; i < part.length; ++i) {
            part[i] = ranges[from + i];
        }
    }

    /// @dev B5: a derived value is what its own checker says, element by element.
    function _derived(
        Context memory context,
        FraudProof calldata proof,
        uint256 at,
        Range[] memory ranges,
        uint256 count,
        uint256 depth
    ) private view returns (Interval[] memory intervals) {
        intervals = new Interval[](count);
        ManifestValue memory value = context.values[at];
        uint32 output = _outputOf(context, proof, value.slot, context.leaves[at]);
        uint256 next;
        for (uint256 r; r < ranges.length; ++r) {
            for (uint256 i; i < ranges[r].count; ++i) {
                uint256 committed = ranges[r].first + i * ranges[r].stride;
                // SAFETY: an index of an element is below 2^32.
                uint32 element = uint32(ManifestCodec.logicalIndex(value.tensor, committed));
                intervals[next++] = _honest(context, proof, value.slot, output, element, depth + 1);
            }
        }
    }

    /// @dev Which output of a node a value is.
    function _outputOf(
        Context memory context,
        FraudProof calldata proof,
        uint32 nodeIndex,
        uint256 value
    ) private pure returns (uint32) {
        uint32[] memory outputs = _node(context, proof, nodeIndex).outputs;
        for (uint32 i; i < outputs.length; ++i) {
            if (outputs[i] == value) return i;
        }
        // SAFETY: a value index.
        revert FraudVerifier_MissingEntry(uint32(value));
    }

    /// @dev Bytes of a committed operand.
    function _data(
        Context memory context,
        FraudProof calldata proof,
        uint256 at,
        Range[] memory ranges,
        uint256 count
    ) private pure returns (bytes memory data) {
        if (count == 0) return data;
        uint256 width = ManifestCodec.elementBytes(context.values[at].tensor.dtype);
        require(
            context.openings[at] != 0,
            // SAFETY: a value index.
            FraudVerifier_MissingOpening(uint32(context.leaves[at]), _chunkOf(ranges[0], width))
        );
        Opening calldata opening = proof.openings[context.openings[at] - 1];
        data = new bytes(count * width);
        uint256 end;
        for (uint256 r; r < ranges.length; ++r) {
            end = _copy(opening, width, ranges[r], data, end);
        }
    }

    /// @dev Copies the elements of one range out of the opened chunks, a run within a chunk at a time. No element crosses a chunk's end.
    function _copy(
        Opening calldata opening,
        uint256 width,
        Range memory range,
        bytes memory out,
        uint256 end
    ) private pure returns (uint256) {
        uint256 place; // of the chunk in the opening
        // SAFETY: the range lies in the tensor, whose bytes are fewer than 2^35.
        unchecked {
            for (uint256 done; done < range.count;) {
                uint256 offset = (range.first + done * range.stride) * width;
                place = _placeOf(opening, offset / CHUNK, place);
                uint256 inside = offset % CHUNK;
                uint256 run =
                    range.stride == 1 ? Math.min(range.count - done, (CHUNK - inside) / width) : 1;
                // All chunks before the last of a tensor are full, and chunks ascend.
                bytes calldata part =
                    opening.data[place * CHUNK + inside:place * CHUNK + inside + run * width];
                assembly ("memory-safe") {
                    // SAFETY: `out` was made for all ranges.
                    calldatacopy(add(add(out, 32), end), part.offset, part.length)
                }
                end += run * width;
                done += run;
            }
        }
        return end;
    }

    /// @dev Place of a chunk among the opened ones, looked for at `hint` and behind it first.
    function _placeOf(Opening calldata opening, uint256 chunk, uint256 hint)
        private
        pure
        returns (uint256)
    {
        uint32[] calldata chunks = opening.chunks;
        if (hint < chunks.length && chunks[hint] == chunk) return hint;
        if (hint + 1 < chunks.length && chunks[hint + 1] == chunk) return hint + 1;
        uint256 low;
        uint256 high = chunks.length;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (chunks[middle] < chunk) low = middle + 1;
            else high = middle;
        }
        require(
            low < chunks.length && chunks[low] == chunk,
            // SAFETY: chunks of a tensor are fewer than 2^25.
            FraudVerifier_MissingOpening(opening.value, uint32(chunk))
        );
        return low;
    }

    function _chunkOf(Range memory range, uint256 width) private pure returns (uint32) {
        // SAFETY: chunks of a tensor are fewer than 2^25.
        return uint32(range.first * width / CHUNK);
    }

    function _bytesOf(ManifestValue memory value) private pure returns (uint256) {
        return value.elements * ManifestCodec.elementBytes(value.tensor.dtype);
    }
}

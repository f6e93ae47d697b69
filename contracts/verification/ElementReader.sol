// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IChecker, IDependentChecker} from "../interfaces/IChecker.sol";
import {ICheckerRegistry} from "../interfaces/ICheckerRegistry.sol";
import {IFraudVerifier} from "../interfaces/IFraudVerifier.sol";
import {Arithmetic, DEPENDENT, ElementQuery, Operand, Range} from "../types/Element.sol";
import {ExecutionRoots, FraudProof, ManifestLeaf, Opening} from "../types/FraudProof.sol";
import {Interval} from "../types/Interval.sol";
import {ManifestNode, ManifestValue, NONE, ValueKind} from "../types/ManifestEntry.sol";
import {TensorType} from "../types/TensorType.sol";
import {CheckerCall} from "../libraries/CheckerCall.sol";
import {ManifestCodec} from "../libraries/ManifestCodec.sol";
import {MerkleTree} from "../libraries/MerkleTree.sol";
import {SumRules} from "../libraries/SumRules.sol";
import {Unmade} from "../libraries/Unmade.sol";
import {OpeningReader} from "./OpeningReader.sol";

/// @title ElementReader
/// @notice Reads the elements that a fraud proof opens, and asks the checker what an honest machine can have made of them (docs/protocol.md section 6).
/// @dev TRUST: the checkers of the version that a model pinned, and nobody else.
abstract contract ElementReader is OpeningReader {
    /// @dev What a proof says, once its bytes are checked. The arrays run parallel to the proof's entries.
    struct Context {
        uint16 version;
        Arithmetic arithmetic; // by the model's profile
        uint32 valueCount;
        uint256[] leaves;
        ManifestValue[] values; // empty at nodes
        uint256[] openings; // 1 + index of the value's opening, 0 if none
    }

    /// @dev A node, and what its checker is asked about an element of one of its outputs.
    struct Subject {
        ManifestNode node;
        IChecker checker;
        Arithmetic arithmetic; // as in `ElementQuery`
        bytes query; // as `CheckerCall` takes it
    }

    /// @dev B5: longest chain of derived values.
    uint256 internal constant MAX_DEPTH = 8;

    ICheckerRegistry public immutable CHECKERS;

    constructor(ICheckerRegistry checkers) {
        CHECKERS = checkers;
    }

    /// @dev The proof's bytes, checked against the model and the execution.
    function _open(ExecutionRoots calldata roots, uint16 checkerVersion, FraudProof calldata proof)
        internal
        view
        returns (Context memory context)
    {
        _checkModel(roots.modelId, proof.model);
        require(
            proof.step < roots.steps,
            IFraudVerifier.FraudVerifier_NoSuchStep(proof.step, roots.steps)
        );
        context = _readManifest(proof);
        context.version = checkerVersion; // A10: the version that the model pinned
        context.arithmetic = SumRules.arithmeticOf(proof.model.profile);
        _checkOpenings(context, roots, proof);
    }

    // ---- manifest ----

    function _readManifest(FraudProof calldata proof)
        internal
        view
        returns (Context memory context)
    {
        uint256 count = proof.entries.length;
        context.valueCount = proof.model.values;
        context.leaves = new uint256[](count);
        context.values = Unmade.values(count);
        context.openings = new uint256[](count);
        uint256[] memory positions = new uint256[](count);
        bytes32[] memory hashes = new bytes32[](count);
        ManifestValue memory none;
        for (uint256 i; i < count; ++i) {
            ManifestLeaf calldata leaf = proof.entries[i];
            uint256 index = leaf.leaf;
            bytes calldata entry = leaf.entry;
            context.leaves[i] = index;
            positions[i] = index;
            hashes[i] = MerkleTree.leafHash(entry);
            context.values[i] = index < context.valueCount ? ManifestCodec.decodeValue(entry) : none;
        }
        _checkEntries(proof.model, positions, hashes, proof.entriesProof);
    }

    /// @dev Place of a leaf among the proof's entries, which ascend.
    function _find(Context memory context, uint256 leaf) internal pure returns (uint256) {
        uint256[] memory leaves = context.leaves;
        uint256 low;
        assembly ("memory-safe") {
            let first := add(leaves, 32)
            for { let high := mload(leaves) } lt(low, high) {} {
                let middle := shr(1, add(low, high))
                switch lt(mload(add(first, shl(5, middle))), leaf)
                case 0 { high := middle }
                default { low := add(middle, 1) }
            }
        }
        require(
            low < leaves.length && leaves[low] == leaf,
            // SAFETY: leaves are 32-bit numbers, or the sum of two, only shown here.
            IFraudVerifier.FraudVerifier_MissingEntry(uint32(leaf))
        );
        return low;
    }

    // ---- openings ----

    /// @dev FV-2: every opening leads to a root that the execution or the manifest names.
    function _checkOpenings(
        Context memory context,
        ExecutionRoots calldata roots,
        FraudProof calldata proof
    ) internal view {
        uint256 count = proof.openings.length;
        uint256[] memory positions = new uint256[](count);
        bytes32[] memory hashes = new bytes32[](count);
        uint256 traced;
        uint32 before;
        for (uint256 i; i < count; ++i) {
            Opening calldata opening = proof.openings[i];
            uint32 index = opening.value;
            require(i == 0 || before < index, IFraudVerifier.FraudVerifier_NotAscending(index));
            before = index;
            require(index < context.valueCount, IFraudVerifier.FraudVerifier_MissingEntry(index));
            uint256 at = _find(context, index);
            context.openings[at] = i + 1;
            ManifestValue memory value = context.values[at];
            bytes32 root = _tensorRoot(value, proof.entries[at].entry, opening);
            if (value.kind == ValueKind.Activation) {
                require(
                    opening.path.length == 0,
                    IFraudVerifier.FraudVerifier_WrongOpening(opening.value)
                );
                positions[traced] = value.slot;
                hashes[traced++] = MerkleTree.leafHash(root);
            } else {
                _checkPath(roots, proof.model, proof.step, value, root, opening);
            }
        }
        if (traced == 0) {
            require(
                proof.traceProof.length == 0,
                IFraudVerifier.FraudVerifier_WrongTrace(roots.traceRoot, bytes32(0))
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

    // ---- elements ----

    /// @dev The element that the execution committed to.
    /// @param node The proof's.
    function _claimed(Context memory context, FraudProof calldata proof, ManifestNode memory node)
        internal
        pure
        returns (uint64 bits, uint8 dtype)
    {
        require(
            proof.output < node.outputs.length,
            IFraudVerifier.FraudVerifier_NoSuchElement(proof.output, proof.element)
        );
        uint32 index = node.outputs[proof.output];
        uint256 at = _find(context, index);
        ManifestValue memory value = context.values[at];
        require(
            proof.element < value.elements,
            IFraudVerifier.FraudVerifier_NoSuchElement(proof.output, proof.element)
        );
        dtype = value.tensor.dtype;
        uint256 width = ManifestCodec.elementBytes(dtype);
        uint256 committed = ManifestCodec.committedIndex(value.tensor, proof.element);
        require(
            context.openings[at] != 0,
            // SAFETY: chunks of a tensor are fewer than 2^25.
            IFraudVerifier.FraudVerifier_MissingOpening(index, uint32(committed * width / CHUNK))
        );
        bits = _bitsAt(proof.openings[context.openings[at] - 1], committed * width, width);
    }

    /// @dev Bit pattern of the element at a byte of a tensor, zero-extended from its little-endian bytes.
    function _bitsAt(Opening calldata opening, uint256 offset, uint256 width)
        private
        pure
        returns (uint64 bits)
    {
        uint256 start = _placeOf(opening, offset / CHUNK, 0) * CHUNK + offset % CHUNK;
        bytes calldata data = opening.data[start:start + width];
        // SAFETY: an element has at most 8 bytes.
        unchecked {
            for (uint256 i; i < width; ++i) {
                bits |= uint64(uint8(data[i])) << uint64(8 * i);
            }
        }
    }

    /// @dev What an honest machine can have produced for an element of a node, from the execution's own operands (FV-1).
    /// @return set The accepted values.
    /// @return terms Of the sum that a machine may go on adding to, if the element is derived (SumRules).
    function _honest(
        Context memory context,
        FraudProof calldata proof,
        Subject memory subject,
        uint256 depth
    ) internal view returns (Interval memory set, uint32 terms) {
        ManifestNode memory node = subject.node;
        Operand[] memory operands = new Operand[](node.inputs.length);
        CheckerCall.setFused(subject.query, 0);
        // FV-3, A10: none of these calls is caught.
        Range[] memory ranges = _ranges(subject);
        uint32 fused = _read(context, proof, node, ranges, operands, depth);
        if (fused != 0) CheckerCall.setFused(subject.query, fused);
        if (node.opcode >= DEPENDENT) {
            uint32 more =
                _read(context, proof, node, _dependentRanges(subject, operands), operands, depth);
            if (more > fused) {
                fused = more;
                CheckerCall.setFused(subject.query, fused);
            }
        }
        set = _evaluate(subject, operands);
        // At depth 0 nothing is added to it any more.
        if (depth != 0) {
            terms = SumRules.termsBehind(node.opcode, ranges, fused, subject.arithmetic);
        }
    }

    function _ranges(Subject memory subject) internal view returns (Range[] memory) {
        bytes memory question = abi.encodeWithSelector(IChecker.ranges.selector, uint256(0));
        return abi.decode(CheckerCall.ask(subject.checker, question, subject.query), (Range[]));
    }

    function _dependentRanges(Subject memory subject, Operand[] memory operands)
        private
        view
        returns (Range[] memory)
    {
        bytes memory question = abi.encodeWithSelector(
            IDependentChecker.dependentRanges.selector, uint256(0), operands
        );
        return abi.decode(CheckerCall.ask(subject.checker, question, subject.query), (Range[]));
    }

    function _evaluate(Subject memory subject, Operand[] memory operands)
        internal
        view
        returns (Interval memory)
    {
        bytes memory question =
            abi.encodeWithSelector(IChecker.evaluate.selector, uint256(0), operands);
        return abi.decode(CheckerCall.ask(subject.checker, question, subject.query), (Interval));
    }

    /// @dev A node, and the question about an element of one of its outputs.
    function _subjectOf(
        Context memory context,
        ManifestNode memory node,
        uint32 output,
        uint32 element
    ) internal view returns (Subject memory) {
        return _subject(context, node, _query(context, node, output, element));
    }

    /// @dev A node with its checker and what that is asked.
    function _subject(Context memory context, ManifestNode memory node, ElementQuery memory query)
        internal
        view
        returns (Subject memory)
    {
        IChecker checker = CHECKERS.checkerOf(context.version, node.opcode);
        require(
            address(checker) != address(0),
            IFraudVerifier.FraudVerifier_NoChecker(context.version, node.opcode)
        );
        return Subject(node, checker, query.arithmetic, CheckerCall.encode(query));
    }

    function _query(Context memory context, ManifestNode memory node, uint32 output, uint32 element)
        internal
        pure
        returns (ElementQuery memory)
    {
        return ElementQuery({
            opcode: node.opcode,
            attributes: node.attributes,
            inputs: _types(context, node.inputs),
            outputs: _types(context, node.outputs),
            output: output,
            element: element,
            arithmetic: _arithmeticOf(context, node),
            fused: 0
        });
    }

    /// @dev What the model's profile says of a node: blocked are only products by a matrix of weights (SumRules).
    function _arithmeticOf(Context memory context, ManifestNode memory node)
        private
        pure
        returns (Arithmetic)
    {
        if (context.arithmetic != Arithmetic.Blocked) return context.arithmetic;
        if (!SumRules.isProduct(node.opcode)) return Arithmetic.Plain;
        ManifestValue memory factor = context.values[_find(context, node.inputs[1])];
        bool packed = factor.kind == ValueKind.Weight && factor.tensor.dims.length == 2;
        return packed ? Arithmetic.Blocked : Arithmetic.Plain;
    }

    function _node(Context memory context, FraudProof calldata proof, uint32 index)
        internal
        pure
        returns (ManifestNode memory)
    {
        uint256 at = _find(context, uint256(context.valueCount) + index);
        return ManifestCodec.decodeNode(proof.entries[at].entry);
    }

    /// @dev An absent input has dtype 0.
    function _types(Context memory context, uint32[] memory indices)
        internal
        pure
        returns (TensorType[] memory types)
    {
        types = Unmade.types(indices.length);
        for (uint256 i; i < indices.length; ++i) {
            if (indices[i] != NONE) {
                types[i] = context.values[_find(context, indices[i])].tensor;
            } else {
                TensorType memory absent;
                types[i] = absent;
            }
        }
    }

    /// @dev Fills in the operand elements that the ranges name. Ranges are grouped by ascending operand.
    /// @return fused Most terms of a sum behind a derived operand, 0 without one.
    function _read(
        Context memory context,
        FraudProof calldata proof,
        ManifestNode memory node,
        Range[] memory ranges,
        Operand[] memory operands,
        uint256 depth
    ) internal view returns (uint32 fused) {
        uint256 from;
        while (from < ranges.length) {
            uint8 operand = ranges[from].operand;
            require(
                operand < node.inputs.length && node.inputs[operand] != NONE
                    && (from == 0 || ranges[from - 1].operand < operand),
                IFraudVerifier.FraudVerifier_BadRange(node.opcode, operand)
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
                    IFraudVerifier.FraudVerifier_BadRange(node.opcode, operand)
                );
                count += range.count;
            }
            if (context.values[at].kind == ValueKind.Derived) {
                uint32 terms;
                (operands[operand].derived, terms) =
                    _derived(context, proof, at, Unmade.slice(ranges, from, to), count, depth);
                if (terms > fused) fused = terms;
            } else {
                operands[operand].data =
                    _data(context, proof, at, Unmade.slice(ranges, from, to), count);
            }
            from = to;
        }
    }

    /// @dev B5: a derived value is what its own checker says, element by element.
    /// @return intervals One an element.
    /// @return most Most terms of a sum behind one of them.
    function _derived(
        Context memory context,
        FraudProof calldata proof,
        uint256 at,
        Range[] memory ranges,
        uint256 count,
        uint256 depth
    ) internal view returns (Interval[] memory intervals, uint32 most) {
        uint32 slot = context.values[at].slot;
        require(depth < MAX_DEPTH, IFraudVerifier.FraudVerifier_TooDeep(slot)); // B5
        ManifestNode memory node = _node(context, proof, slot);
        uint32 output = _outputOf(node.outputs, context.leaves[at]);
        uint32[] memory elements = _elementsOf(context.values[at].tensor, ranges, count);
        Subject memory subject = _subjectOf(context, node, output, 0);
        intervals = Unmade.intervals(count);
        for (uint256 i; i < count; ++i) {
            uint32 terms;
            CheckerCall.setElement(subject.query, elements[i]);
            (intervals[i], terms) = _honest(context, proof, subject, depth + 1);
            if (terms > most) most = terms;
        }
    }

    /// @dev Logical indices of the elements that the ranges name, `count` in all.
    function _elementsOf(TensorType memory tensor, Range[] memory ranges, uint256 count)
        private
        pure
        returns (uint32[] memory elements)
    {
        elements = new uint32[](count);
        uint256 next;
        for (uint256 r; r < ranges.length; ++r) {
            for (uint256 i; i < ranges[r].count; ++i) {
                uint256 committed = ranges[r].first + i * ranges[r].stride;
                // SAFETY: an index of an element is below 2^32.
                elements[next++] = uint32(ManifestCodec.logicalIndex(tensor, committed));
            }
        }
    }

    /// @dev Which output of a node a value is.
    function _outputOf(uint32[] memory outputs, uint256 value) internal pure returns (uint32) {
        for (uint32 i; i < outputs.length; ++i) {
            if (outputs[i] == value) return i;
        }
        // SAFETY: a value index.
        revert IFraudVerifier.FraudVerifier_MissingEntry(uint32(value));
    }

    /// @dev Bytes of a committed operand.
    function _data(
        Context memory context,
        FraudProof calldata proof,
        uint256 at,
        Range[] memory ranges,
        uint256 count
    ) internal pure returns (bytes memory data) {
        if (count == 0) return data;
        uint256 width = ManifestCodec.elementBytes(context.values[at].tensor.dtype);
        require(
            context.openings[at] != 0,
            // SAFETY: a value index.
            IFraudVerifier.FraudVerifier_MissingOpening(
                uint32(context.leaves[at]), _chunkOf(ranges[0], width)
            )
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
    ) internal pure returns (uint256) {
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
        internal
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
            IFraudVerifier.FraudVerifier_MissingOpening(opening.value, uint32(chunk))
        );
        return low;
    }

    function _chunkOf(Range memory range, uint256 width) internal pure returns (uint32) {
        // SAFETY: chunks of a tensor are fewer than 2^25.
        return uint32(range.first * width / CHUNK);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDisputes} from "../../contracts/interfaces/IDisputes.sol";
import {FraudProof, ManifestLeaf, Opening} from "../../contracts/types/FraudProof.sol";
import {ModelHeader} from "../../contracts/types/ModelHeader.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Base} from "./Base.t.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

/// @title CarriedJob
/// @notice A job of three steps of a small graph with a carried state, committed to and proved as docs/protocol.md says, on the real contracts:
/// `h = state + x; state' = h * w; y = h + w`, float32 tensors of 300 elements (two chunks), w = 2.
abstract contract CarriedJob is Base {
    uint32 internal constant STEPS = 3;
    uint32 internal constant ELEMENTS = 300;

    // Values.
    uint32 internal constant STATE = 0;
    uint32 internal constant X = 1;
    uint32 internal constant W = 2;
    uint32 internal constant H = 3;
    uint32 internal constant NEXT = 4;
    uint32 internal constant Y = 5;
    uint32 internal constant VALUES = 6;

    // Nodes.
    uint32 internal constant ADD = 0;
    uint32 internal constant MUL = 1;
    uint32 internal constant LAST = 2;
    uint32 internal constant NODES = 3;

    bytes internal constant TENSOR = hex"01012c01000000"; // float32, rank 1, 300 elements, identity

    bytes[] internal entries;
    bytes32[] internal entryHashes;
    /// @dev Committed bytes of a value at a step: what the provider claims.
    mapping(uint256 step => mapping(uint32 value => bytes)) internal data;

    function setUp() public virtual override {
        super.setUp();
        _buildModel();
        _compute();
        _fund(stranger.addr, FUNDS);
        vm.prank(stranger.addr);
        c.ledger.deposit(lyn, stranger.addr, 10_000e18);
        vm.prank(requester.addr);
        c.jobMarket.DOMAIN_SEPARATOR();
    }

    /// @dev Steps that a leaf of `resultRoot` covers (B8).
    function _segmentSteps() internal pure virtual returns (uint32) {
        return 1;
    }

    // ---- the model ----

    function _buildModel() internal {
        // Input: slot, laterSlot, carriedSlot.
        entries.push(bytes.concat(hex"100000", TENSOR, _u32(0), _u32(type(uint32).max), _u32(0)));
        entries.push(bytes.concat(hex"100000", TENSOR, _u32(1), _u32(0), _u32(type(uint32).max)));
        entries.push(bytes.concat(hex"100100", TENSOR, _tensorRoot(_filled(2))));
        entries.push(bytes.concat(hex"100200", TENSOR, _u32(0)));
        entries.push(bytes.concat(hex"100400", TENSOR, _u32(1), _u32(0)));
        entries.push(bytes.concat(hex"100400", TENSOR, _u32(0), _u32(0)));
        entries.push(_node(20, STATE, X, H));
        entries.push(_node(22, H, W, NEXT));
        entries.push(_node(20, H, W, Y));
        for (uint256 i; i < entries.length; ++i) {
            entryHashes.push(TreeBuilder.leafHash(entries[i]));
        }
        model = ModelHeader({
            manifestRoot: TreeBuilder.root(entryHashes),
            fileRoot: keccak256("file"),
            fileBytes: 1_000,
            values: VALUES,
            nodes: NODES,
            inputs: 2,
            outputs: 2,
            carried: 1,
            activations: 1,
            segment: _segmentSteps(),
            profile: 1
        });
        vm.prank(publisher.addr);
        modelId = c.modelRegistry.register(model, 500, 3);
    }

    function _node(uint16 opcode, uint32 a, uint32 b, uint32 out)
        internal
        pure
        returns (bytes memory)
    {
        return bytes.concat(
            hex"20",
            bytes1(uint8(opcode)),
            hex"00",
            hex"02",
            _u32(a),
            _u32(b),
            hex"01",
            _u32(out),
            hex"0000"
        );
    }

    /// @dev An honest run.
    function _compute() internal {
        uint256 state = 1;
        for (uint256 t; t < STEPS; ++t) {
            uint256 x = 10 + t;
            data[t][STATE] = _filled(state);
            data[t][X] = _filled(x);
            data[t][W] = _filled(2);
            data[t][H] = _filled(state + x);
            data[t][NEXT] = _filled((state + x) * 2);
            data[t][Y] = _filled(state + x + 2);
            state = (state + x) * 2;
        }
    }

    // ---- commitments ----

    function _inputRoot() internal view returns (bytes32) {
        return TreeBuilder.root(TreeBuilder.leaves(_bundles()));
    }

    function _bundles() internal view returns (bytes32[] memory roots) {
        roots = new bytes32[](STEPS);
        for (uint256 t; t < STEPS; ++t) {
            roots[t] = TreeBuilder.root(_bundleLeaves(t));
        }
    }

    function _bundleLeaves(uint256 t) internal view returns (bytes32[] memory) {
        bytes32[] memory roots = new bytes32[](t == 0 ? 2 : 1);
        if (t == 0) roots[0] = _tensorRoot(data[0][STATE]);
        roots[roots.length - 1] = _tensorRoot(data[t][X]);
        return TreeBuilder.leaves(roots);
    }

    function _resultRoot() internal view returns (bytes32) {
        return TreeBuilder.root(_segments());
    }

    /// @dev Leaf hashes of `resultRoot`.
    function _segments() internal view returns (bytes32[] memory) {
        uint256 count = (STEPS + _segmentSteps() - 1) / _segmentSteps();
        bytes32[] memory leaves = new bytes32[](count);
        for (uint256 s; s < count; ++s) {
            uint256 t = s * _segmentSteps();
            leaves[s] = sha256(bytes.concat(hex"03", _carriedRoot(_lastOf(t)), _outputsRoot(t)));
        }
        return TreeBuilder.leaves(leaves);
    }

    function _firstOf(uint256 t) internal pure returns (uint256) {
        return t / _segmentSteps() * _segmentSteps();
    }

    /// @dev Last step of the segment of a step.
    function _lastOf(uint256 t) internal pure returns (uint256) {
        uint256 end = _firstOf(t) + _segmentSteps();
        return (end < STEPS ? end : STEPS) - 1;
    }

    /// @dev What each step of a segment carried.
    function _carriedRoots(uint256 t) internal view returns (bytes32[] memory roots) {
        uint256 first = _firstOf(t);
        roots = new bytes32[](_lastOf(t) + 1 - first);
        for (uint256 i; i < roots.length; ++i) {
            roots[i] = _carriedRoot(first + i);
        }
    }

    /// @dev `stepOutputs` of each step of a segment.
    function _stepOutputs(uint256 t) internal view returns (bytes32[] memory roots) {
        uint256 first = _firstOf(t);
        roots = new bytes32[](_lastOf(t) + 1 - first);
        for (uint256 i; i < roots.length; ++i) {
            roots[i] = TreeBuilder.leafHash(_tensorRoot(data[first + i][Y]));
        }
    }

    function _carriedRoot(uint256 t) internal view returns (bytes32) {
        return TreeBuilder.leafHash(_tensorRoot(data[t][NEXT]));
    }

    function _outputsRoot(uint256 t) internal view returns (bytes32) {
        return TreeBuilder.root(TreeBuilder.leaves(_stepOutputs(t)));
    }

    function _tensorRoots(uint256 t) internal view returns (bytes32[] memory roots) {
        roots = new bytes32[](1);
        roots[0] = _tensorRoot(data[t][H]);
    }

    // ---- openings ----

    function _opening(uint32 step, uint32 value, uint32 first, uint32 count)
        internal
        view
        returns (Opening memory opening)
    {
        bytes memory committed = data[step][value];
        bytes32[] memory hashes = TreeBuilder.chunks(committed);
        uint256[] memory indices = new uint256[](count);
        opening.value = value;
        opening.chunks = new uint32[](count);
        for (uint32 i; i < count; ++i) {
            opening.chunks[i] = first + i;
            indices[i] = first + i;
            opening.data = bytes.concat(opening.data, TreeBuilder.slice(committed, first + i));
        }
        opening.dataRoot = TreeBuilder.root(hashes);
        opening.proof = TreeBuilder.multiproof(hashes, indices);
        opening.path = _path(step, value);
    }

    function _path(uint32 step, uint32 value) internal view returns (bytes32[] memory path) {
        bytes32[] memory one = new bytes32[](1);
        if (value == W || value == H) return path;
        if (value == X || (value == STATE && step == 0)) {
            return TreeBuilder.concat(
                TreeBuilder.path(_bundleLeaves(step), value == X && step == 0 ? 1 : 0),
                TreeBuilder.path(TreeBuilder.leaves(_bundles()), step)
            );
        }
        uint256 at = value == STATE ? step - 1 : step;
        uint256 inside = at - _firstOf(at);
        if (value != Y && at != _lastOf(at)) {
            return TreeBuilder.path(TreeBuilder.leaves(_carriedRoots(at)), inside);
        }
        one[0] = value == Y ? _carriedRoot(_lastOf(at)) : _outputsRoot(at);
        path = TreeBuilder.concat(one, TreeBuilder.path(_segments(), at / _segmentSteps()));
        if (value != Y) return path;
        return
            TreeBuilder.concat(TreeBuilder.path(TreeBuilder.leaves(_stepOutputs(at)), inside), path);
    }

    // ---- proofs ----

    /// @dev The proof that names an element, opening its node's operands and output.
    function _proof(uint32 step, uint32 node, uint32 element)
        internal
        view
        returns (FraudProof memory proof)
    {
        (uint32 a, uint32 b, uint32 out) =
            node == ADD ? (STATE, X, H) : (W, H, node == MUL ? NEXT : Y);
        proof.model = model;
        proof.step = step;
        proof.node = node;
        proof.element = element;
        uint256[] memory leaves = new uint256[](4);
        (leaves[0], leaves[1], leaves[2], leaves[3]) = (a, b, out, VALUES + node);
        proof.entries = new ManifestLeaf[](4);
        for (uint256 i; i < 4; ++i) {
            // SAFETY: a small index.
            proof.entries[i] = ManifestLeaf(uint32(leaves[i]), entries[leaves[i]]);
        }
        proof.entriesProof = TreeBuilder.multiproof(entryHashes, leaves);
        uint32 chunk = element / 256;
        proof.openings = new Opening[](3);
        proof.openings[0] = _opening(step, a, chunk, 1);
        proof.openings[1] = _opening(step, b, chunk, 1);
        proof.openings[2] = _opening(step, out, chunk, 1);
    }

    // ---- the job ----

    function _order() internal override returns (Order memory order) {
        order = super._order();
        order.steps = STEPS;
        order.inputRoot = _inputRoot();
    }

    /// @dev Delivers what `data` holds.
    function _deliver(bytes32 jobId) internal virtual override {
        bytes32 root = _resultRoot();
        vm.prank(hot.addr);
        c.jobMarket.deliver(jobId, root);
    }

    function _execId(bytes32 jobId) internal view returns (bytes32) {
        return c.disputes.execIdOf(jobId, 0, providerId);
    }

    function _traceRequest(uint32 step) internal pure returns (IDisputes.Request memory) {
        return IDisputes.Request(IDisputes.Kind.Trace, step, 0, 0, 0);
    }

    function _outputRequest(uint32 step) internal pure returns (IDisputes.Request memory) {
        return IDisputes.Request(IDisputes.Kind.Output, step, 0, 0, 0);
    }

    function _chunkRequest(uint32 step, uint32 value, uint32 chunk, uint32 count)
        internal
        pure
        returns (IDisputes.Request memory)
    {
        return IDisputes.Request(IDisputes.Kind.Chunk, step, value, chunk, count);
    }

    function _entryProof(uint32 leaf) internal view returns (bytes32[] memory) {
        return TreeBuilder.path(entryHashes, leaf);
    }

    function _demand(Order memory order, IDisputes.Request memory request)
        internal
        returns (bytes32)
    {
        return _demandAs(stranger.addr, order, request);
    }

    function _demandAs(address asker, Order memory order, IDisputes.Request memory request)
        internal
        returns (bytes32)
    {
        bool chunk = request.kind == IDisputes.Kind.Chunk;
        bytes memory entry = chunk ? entries[request.value] : bytes("");
        bytes32[] memory proof = chunk ? _entryProof(request.value) : new bytes32[](0);
        vm.prank(asker);
        return c.demands.demand(order, model, request, entry, proof);
    }

    function _answerTrace(Order memory order, bytes32 demandId, uint32 step) internal {
        bytes memory payload = abi.encode(_tensorRoots(step));
        vm.prank(hot.addr);
        c.demands.answer(order, model, demandId, payload);
    }

    function _outputPayload(uint32 step) internal view returns (bytes memory) {
        return abi.encode(
            _carriedRoot(_lastOf(step)),
            _outputsRoot(step),
            TreeBuilder.path(_segments(), step / _segmentSteps())
        );
    }

    function _stepRequest(uint32 step) internal pure returns (IDisputes.Request memory) {
        return IDisputes.Request(IDisputes.Kind.Step, step, 0, 0, 0);
    }

    function _stepPayload(uint32 step) internal view returns (bytes memory) {
        return abi.encode(
            _carriedRoots(step),
            _outputsRoot(step),
            TreeBuilder.path(_segments(), step / _segmentSteps())
        );
    }

    function _chunkPayload(uint32 step, uint32 value, uint32 chunk, uint32 count)
        internal
        view
        returns (bytes memory)
    {
        return abi.encode(
            entries[value],
            _entryProof(value),
            _opening(step, value, chunk, count),
            new bytes32[](0)
        );
    }

    function _answer(Order memory order, bytes32 demandId, bytes memory payload) internal {
        vm.prank(hot.addr);
        c.demands.answer(order, model, demandId, payload);
    }

    /// @dev Demands and answers the trace of a step.
    function _traced(Order memory order, uint32 step) internal returns (bytes32 demandId) {
        demandId = _demand(order, _traceRequest(step));
        _answerTrace(order, demandId, step);
    }

    function _hash(address prover, bytes32 execId, FraudProof memory proof, bytes32 salt)
        internal
        view
        returns (bytes32)
    {
        return keccak256(
            abi.encode(block.chainid, execId, prover, keccak256(abi.encode(proof)), salt)
        );
    }

    function _commitProof(address prover, Order memory order, FraudProof memory proof)
        internal
        returns (bytes32 commitId)
    {
        bytes32 execId = _execId(c.jobMarket.jobIdOf(order));
        bytes32 hash = _hash(prover, execId, proof, "salt");
        vm.prank(prover);
        return c.disputes.commitProof(order, hash);
    }

    function _prove(address prover, Order memory order, FraudProof memory proof) internal {
        vm.prank(prover);
        c.disputes.proveFraud(order, proof, "salt");
    }

    function _nextBlock() internal {
        vm.roll(block.number + 1);
        skip(1);
    }

    // ---- bytes ----

    /// @dev All elements of a tensor the same small integer.
    function _filled(uint256 value) internal pure returns (bytes memory out) {
        bytes4 word = _float(value);
        out = new bytes(4 * ELEMENTS);
        for (uint256 i; i < out.length; ++i) {
            out[i] = word[i % 4];
        }
    }

    function _set(uint256 step, uint32 value, uint256 element, bytes4 word) internal {
        bytes memory bytes_ = data[step][value];
        for (uint256 i; i < 4; ++i) {
            bytes_[4 * element + i] = word[i];
        }
        data[step][value] = bytes_;
    }

    /// @dev Little-endian float32 of an integer below 2^24.
    function _float(uint256 value) internal pure returns (bytes4) {
        if (value == 0) return 0;
        uint256 exponent;
        while (value >> (exponent + 1) != 0) ++exponent;
        // SAFETY: a float32's pattern.
        return
            bytes4(_u32(uint32(((exponent + 127) << 23) | ((value << (23 - exponent)) & 0x7fffff))));
    }

    function _u32(uint32 value) internal pure returns (bytes memory) {
        return
            abi.encodePacked(
                uint8(value), uint8(value >> 8), uint8(value >> 16), uint8(value >> 24)
            );
    }

    function _tensorRoot(bytes memory bytes_) internal pure returns (bytes32) {
        return sha256(bytes.concat(hex"02", TENSOR, TreeBuilder.root(TreeBuilder.chunks(bytes_))));
    }
}

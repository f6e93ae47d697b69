// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDisputes} from "../../contracts/interfaces/IDisputes.sol";
import {FraudProof, ManifestLeaf, Opening, Place} from "../../contracts/types/FraudProof.sol";
import {ModelHeader} from "../../contracts/types/ModelHeader.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Base} from "./Base.t.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

/// @title LongRows
/// @notice A job of one step whose nodes reduce rows of 40,000 elements, more than one transaction proves: `y = x w`, `s = softmax(x)` (the one activation, a boundary), and over a short row
/// `a = argmax(r)`, `(v, i) = topk(r, 3)`. x and w are ones, r counts up to its middle and down again.
abstract contract LongRows is Base {
    uint32 internal constant N = 40_000;
    uint32 internal constant SHORT = 600;

    // Values.
    uint32 internal constant X = 0;
    uint32 internal constant R = 1;
    uint32 internal constant W = 2;
    uint32 internal constant Y = 3;
    uint32 internal constant S = 4;
    uint32 internal constant A = 5;
    uint32 internal constant V = 6;
    uint32 internal constant I = 7;
    uint32 internal constant VALUES = 8;

    // Nodes.
    uint32 internal constant PRODUCT = 0;
    uint32 internal constant SOFTMAX = 1;
    uint32 internal constant ARG_MAX = 2;
    uint32 internal constant TOP_K = 3;

    bytes4 internal constant ONE = hex"0000803f";
    /// @dev 1 / 40,000, rounded.
    bytes4 internal constant SHARE = hex"17b7d137";
    /// @dev 127 + 16, the highest order of products of ones.
    uint256 internal constant TOP = 254;

    bytes[] internal headers;
    bytes[] internal entries;
    bytes32[] internal entryHashes;
    /// @dev Committed bytes of short values.
    mapping(uint32 value => bytes) internal data;
    /// @dev Long rows repeat one word, but for one element.
    mapping(uint32 value => bytes4) internal filled;
    mapping(uint32 value => uint256) internal oddAt; // 1 + its index
    mapping(uint32 value => bytes4) internal odd;
    mapping(uint32 node => uint32[]) internal nodeValues;

    Order internal order;
    bytes32 internal jobId;
    bytes32 internal execId;

    function setUp() public virtual override {
        super.setUp();
        _fillIn();
        _buildModel();
        _fund(stranger.addr, FUNDS);
        vm.prank(stranger.addr);
        c.ledger.deposit(lyn, stranger.addr, 10_000e18);
    }

    // ---- the model ----

    function _fillIn() internal {
        (filled[X], filled[W], filled[S]) = (ONE, ONE, SHARE);
        bytes memory row = new bytes(4 * SHORT);
        for (uint256 k; k < SHORT; ++k) {
            _put(row, 4 * k, _float(k < SHORT / 2 ? k : SHORT - k));
        }
        data[R] = row;
        data[Y] = bytes.concat(_float(N));
        data[A] = _i64(SHORT / 2);
        data[V] = bytes.concat(_float(300), _float(299), _float(299));
        data[I] = bytes.concat(_i64(300), _i64(299), _i64(301));
    }

    function _buildModel() internal {
        headers.push(bytes.concat(hex"0102", _u32(1), _u32(N), hex"0001"));
        headers.push(bytes.concat(hex"0101", _u32(SHORT), hex"00"));
        headers.push(bytes.concat(hex"0102", _u32(N), _u32(1), hex"0001"));
        headers.push(bytes.concat(hex"0102", _u32(1), _u32(1), hex"0001"));
        headers.push(headers[X]);
        headers.push(bytes.concat(hex"0701", _u32(1), hex"00"));
        headers.push(bytes.concat(hex"0101", _u32(3), hex"00"));
        headers.push(bytes.concat(hex"0701", _u32(3), hex"00"));

        bytes memory absent = _u32(type(uint32).max);
        entries.push(bytes.concat(hex"100000", headers[X], _u32(0), _u32(0), absent));
        entries.push(bytes.concat(hex"100000", headers[R], _u32(1), _u32(1), absent));
        entries.push(bytes.concat(hex"100100", headers[W], _tensorRoot(W)));
        entries.push(bytes.concat(hex"100400", headers[Y], _u32(0), _u32(0)));
        entries.push(bytes.concat(hex"100201", headers[S], _u32(0)));
        entries.push(bytes.concat(hex"100400", headers[A], _u32(0), _u32(1)));
        entries.push(bytes.concat(hex"100400", headers[V], _u32(0), _u32(2)));
        entries.push(bytes.concat(hex"100400", headers[I], _u32(0), _u32(3)));
        entries.push(bytes.concat(hex"203c0002", _u32(X), _u32(W), hex"01", _u32(Y), hex"0000"));
        entries.push(bytes.concat(hex"205a0001", _u32(X), hex"01", _u32(S), hex"0100", _u32(1)));
        entries.push(
            bytes.concat(hex"206f0001", _u32(R), hex"01", _u32(A), hex"0200", _u32(0), _u32(0))
        );
        entries.push(
            bytes.concat(
                hex"20710001", _u32(R), hex"02", _u32(V), _u32(I), hex"0200", _u32(0), _u32(1)
            )
        );
        nodeValues[PRODUCT] = [X, W, Y];
        nodeValues[SOFTMAX] = [X, S];
        nodeValues[ARG_MAX] = [R, A];
        nodeValues[TOP_K] = [R, V, I];
        for (uint256 k; k < entries.length; ++k) {
            entryHashes.push(TreeBuilder.leafHash(entries[k]));
        }
        model = ModelHeader({
            manifestRoot: TreeBuilder.root(entryHashes),
            fileRoot: keccak256("file"),
            fileBytes: 1_000,
            values: VALUES,
            nodes: 4,
            inputs: 2,
            outputs: 4,
            carried: 0,
            activations: 1,
            segment: 1,
            profile: 1
        });
        vm.prank(publisher.addr);
        modelId = c.modelRegistry.register(model, 500, 3);
    }

    // ---- commitments ----

    function _tensorRoot(uint32 value) internal view returns (bytes32) {
        return sha256(bytes.concat(hex"02", headers[value], TreeBuilder.root(_chunks(value))));
    }

    /// @dev Leaf hashes of a value's chunks.
    function _chunks(uint32 value) internal view returns (bytes32[] memory hashes) {
        if (filled[value] == 0) return TreeBuilder.chunks(data[value]);
        hashes = new bytes32[]((4 * N + 1023) / 1024);
        bytes32 whole = TreeBuilder.leafHash(_repeated(filled[value], 256));
        for (uint256 k; k < hashes.length; ++k) {
            hashes[k] = whole;
        }
        hashes[hashes.length - 1] = TreeBuilder.leafHash(_chunk(value, hashes.length - 1));
        if (oddAt[value] != 0) {
            uint256 k = (oddAt[value] - 1) / 256;
            hashes[k] = TreeBuilder.leafHash(_chunk(value, k));
        }
    }

    function _chunk(uint32 value, uint256 k) internal view returns (bytes memory chunk) {
        if (filled[value] == 0) return TreeBuilder.slice(data[value], k);
        chunk = _repeated(filled[value], N - 256 * k < 256 ? N - 256 * k : 256);
        if (oddAt[value] != 0 && (oddAt[value] - 1) / 256 == k) {
            _put(chunk, 4 * ((oddAt[value] - 1) % 256), odd[value]);
        }
    }

    function _leaves(uint32[] memory values) internal view returns (bytes32[] memory) {
        bytes32[] memory roots = new bytes32[](values.length);
        for (uint256 k; k < values.length; ++k) {
            roots[k] = _tensorRoot(values[k]);
        }
        return TreeBuilder.leaves(roots);
    }

    function _inputs() internal pure returns (uint32[] memory values) {
        values = new uint32[](2);
        (values[0], values[1]) = (X, R);
    }

    function _outputs() internal pure returns (uint32[] memory values) {
        values = new uint32[](4);
        (values[0], values[1], values[2], values[3]) = (Y, A, V, I);
    }

    function _resultRoot() internal view returns (bytes32) {
        bytes32 outputs = TreeBuilder.leafHash(TreeBuilder.root(_leaves(_outputs())));
        return TreeBuilder.leafHash(sha256(bytes.concat(hex"03", sha256(""), outputs)));
    }

    function _traceRoots() internal view returns (bytes32[] memory roots) {
        roots = new bytes32[](1);
        roots[0] = _tensorRoot(S);
    }

    // ---- the job ----

    function _order() internal override returns (Order memory order_) {
        order_ = super._order();
        order_.inputRoot = TreeBuilder.leafHash(TreeBuilder.root(_leaves(_inputs())));
    }

    /// @dev Delivers what `data` holds, and posts the trace.
    function _run() internal {
        order = _order();
        jobId = _lock(order);
        execId = c.disputes.execIdOf(jobId, 0, providerId);
        bytes32 root = _resultRoot();
        vm.prank(hot.addr);
        c.jobMarket.deliver(jobId, root);
        bytes32 demandId = _ask(IDisputes.Request(IDisputes.Kind.Trace, 0, 0, 0, 0));
        bytes memory payload = abi.encode(_traceRoots());
        vm.prank(hot.addr);
        c.demands.answer(order, model, demandId, payload);
    }

    function _ask(IDisputes.Request memory request) internal returns (bytes32) {
        bool named = request.kind != IDisputes.Kind.Trace && request.kind != IDisputes.Kind.Output;
        bytes memory entry = named ? entries[request.value] : bytes("");
        bytes32[] memory path =
            named ? TreeBuilder.path(entryHashes, request.value) : new bytes32[](0);
        vm.prank(stranger.addr);
        return c.demands.demand(order, model, request, entry, path);
    }

    // ---- proofs ----

    /// @dev Chunks `first` to `last` of a value.
    function _opening(uint32 value, uint32 first, uint32 last)
        internal
        view
        returns (Opening memory opening)
    {
        bytes32[] memory hashes = _chunks(value);
        uint256 count = last - first + 1;
        uint256[] memory indices = new uint256[](count);
        opening.value = value;
        opening.chunks = new uint32[](count);
        for (uint32 k; k < count; ++k) {
            opening.chunks[k] = first + k;
            indices[k] = first + k;
            opening.data = bytes.concat(opening.data, _chunk(value, first + k));
        }
        opening.dataRoot = TreeBuilder.root(hashes);
        opening.proof = TreeBuilder.multiproof(hashes, indices);
        if (value == X || value == R) {
            opening.path = TreeBuilder.path(_leaves(_inputs()), value);
        } else if (value != W && value != S) {
            uint256 slot = value == Y ? 0 : value - 4;
            bytes32[] memory carried = new bytes32[](1);
            carried[0] = sha256("");
            opening.path = TreeBuilder.concat(TreeBuilder.path(_leaves(_outputs()), slot), carried);
        }
    }

    /// @dev A proof of a node's element with these openings, ascending by value.
    function _proofOf(uint32 node, uint32 output, uint32 element, Opening[] memory openings)
        internal
        view
        returns (FraudProof memory proof)
    {
        proof.model = model;
        proof.node = node;
        proof.output = output;
        proof.element = element;
        uint32[] memory values = nodeValues[node];
        uint256[] memory leaves = new uint256[](values.length + 1);
        proof.entries = new ManifestLeaf[](leaves.length);
        for (uint256 k; k < leaves.length; ++k) {
            leaves[k] = k < values.length ? values[k] : VALUES + node;
            // SAFETY: a small index.
            proof.entries[k] = ManifestLeaf(uint32(leaves[k]), entries[leaves[k]]);
        }
        proof.entriesProof = TreeBuilder.multiproof(entryHashes, leaves);
        proof.openings = openings;
    }

    function _place(uint32 node, uint32 element, uint256 hint)
        internal
        pure
        returns (Place memory)
    {
        return Place({step: 0, node: node, output: 0, element: element, hint: hint});
    }

    // ---- bytes ----

    /// @dev Of at most a chunk.
    function _repeated(bytes4 word, uint256 count) internal pure returns (bytes memory out) {
        out = new bytes(4 * count);
        uint256 words = uint256(bytes32(word)) >> 224;
        for (uint256 k; k < 3; ++k) {
            words |= words << (32 << k);
        }
        for (uint256 at; at < 4 * count; at += 32) {
            assembly ("memory-safe") {
                // SAFETY: memory is allocated in whole words.
                mstore(add(add(out, 32), at), words)
            }
        }
    }

    function _put(bytes memory out, uint256 at, bytes4 word) internal pure {
        for (uint256 k; k < 4; ++k) {
            out[at + k] = word[k];
        }
    }

    function _set(uint32 value, uint256 element, bytes4 word) internal {
        if (filled[value] != 0) {
            (oddAt[value], odd[value]) = (element + 1, word);
            return;
        }
        bytes memory committed = data[value];
        _put(committed, 4 * element, word);
        data[value] = committed;
    }

    function _float(uint256 value) internal pure returns (bytes4) {
        if (value == 0) return 0;
        uint256 exponent;
        while (value >> (exponent + 1) != 0) ++exponent;
        // SAFETY: a float32's pattern.
        return
            bytes4(_u32(uint32(((exponent + 127) << 23) | ((value << (23 - exponent)) & 0x7fffff))));
    }

    function _i64(uint32 value) internal pure returns (bytes memory) {
        return bytes.concat(_u32(value), bytes4(0));
    }

    function _u32(uint32 value) internal pure returns (bytes memory) {
        return
            abi.encodePacked(
                uint8(value), uint8(value >> 8), uint8(value >> 16), uint8(value >> 24)
            );
    }
}

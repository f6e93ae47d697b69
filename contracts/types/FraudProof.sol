// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ModelHeader} from "./ModelHeader.sol";

/// @notice An entry of the manifest. Leaf index: the value's index, or `header.values` + the node's index.
struct ManifestLeaf {
    uint32 leaf;
    bytes entry;
}

/// @notice Chunks of one committed value, and where its root is found (docs/protocol.md section 5).
/// @param value Value index.
/// @param dataRoot Root of the value's chunks.
/// @param chunks Ascending chunk indices.
/// @param data The chunks, concatenated.
/// @param proof Multiproof of the chunks in `dataRoot`.
/// @param path Siblings from the tensor root to `inputRoot` or `resultRoot`; empty for weights and activations.
struct Opening {
    uint32 value;
    bytes32 dataRoot;
    uint32[] chunks;
    bytes data;
    bytes32[] proof;
    bytes32[] path;
}

/// @notice Shows that one number inside a computation is wrong: docs/protocol.md section 6.
/// @param node Node index; `output` which of its outputs; `element` logical index in that output.
/// @param entries Manifest leaves used, ascending, with one multiproof.
/// @param openings Ascending by value index.
/// @param traceProof Multiproof of all opened activations in the step's trace.
struct FraudProof {
    ModelHeader model;
    uint32 step;
    uint32 node;
    uint32 output;
    uint32 element;
    ManifestLeaf[] entries;
    bytes32[] entriesProof;
    Opening[] openings;
    bytes32[] traceProof;
}

/// @notice What a proof by witness adds to a fraud proof (A8). Positions count the elements of the row that the node's element comes from, in the order of the checker's ranges.
/// @param value The element's value, as the witness was demanded for.
/// @param positions What the provider answered.
/// @param rival One more position of the row; one of `positions` if none is needed.
struct WitnessClaim {
    uint32 value;
    uint32[] positions;
    uint32 rival;
}

/// @notice The element that an accumulation judges (A9).
/// @param hint What the node's checker wants to be told beforehand: docs/operators.md, "In parts".
struct Place {
    uint32 step;
    uint32 node;
    uint32 output;
    uint32 element;
    uint256 hint;
}

/// @notice The payload of an answer to a chunk demand, as `abi.encode(entry, entryProof, opening, traceProof)`.
/// @param entry Manifest entry of the value; `entryProof` its proof.
/// @param traceProof Proof of the activation in the trace; empty for inputs and outputs.
struct ChunkAnswer {
    bytes entry;
    bytes32[] entryProof;
    Opening opening;
    bytes32[] traceProof;
}

/// @notice The payload of an answer to an output demand, as `abi.encode(carriedRoot, outputsRoot, path)`.
/// @param path Siblings of the segment in `resultRoot`.
struct OutputAnswer {
    bytes32 carriedRoot;
    bytes32 outputsRoot;
    bytes32[] path;
}

/// @notice The payload of an answer to a step demand, as `abi.encode(carriedRoots, outputsRoot, path)`.
/// @param carriedRoots Of each step of the segment; the last one is committed with `outputsRoot` (B8).
struct StepAnswer {
    bytes32[] carriedRoots;
    bytes32 outputsRoot;
    bytes32[] path;
}

/// @notice The payload of an answer to a trace demand, as `abi.encode(tensorRoots)`.
struct TraceAnswer {
    bytes32[] tensorRoots;
}

/// @notice The payload of an answer to a witness demand, as `abi.encode(positions)`.
struct WitnessAnswer {
    uint32[] positions;
}

/// @notice The roots of one execution that a proof resolves against.
/// @param traceRoot Of the proof's step; 0 while it has not been posted.
/// @param statesRoot Of what the steps of its segment carried; 0 while no step demand was answered (B8).
struct ExecutionRoots {
    bytes32 modelId;
    uint32 steps;
    bytes32 inputRoot;
    bytes32 resultRoot;
    bytes32 traceRoot;
    bytes32 statesRoot;
}

/// @notice Where an accumulation stands, and what its next step does.
/// @param from Terms that are absorbed; `count` to be absorbed next.
/// @param state That they led to; empty at first.
struct Absorption {
    ExecutionRoots roots;
    uint16 checkerVersion;
    Place place;
    uint32 from;
    uint32 count;
    bytes state;
}

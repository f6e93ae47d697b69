// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What a model id hashes: docs/protocol.md section 3.
/// @param manifestRoot Tree over the entries of all values, then of all nodes.
/// @param fileRoot Blob root of the canonical ONNX file.
/// @param activations Committed values of a trace.
/// @param segment Steps a leaf of `resultRoot` covers.
/// @param profile Numeric profile.
struct ModelHeader {
    bytes32 manifestRoot;
    bytes32 fileRoot;
    uint64 fileBytes;
    uint32 values;
    uint32 nodes;
    uint32 inputs;
    uint32 outputs;
    uint32 carried;
    uint32 activations;
    uint32 segment;
    uint32 profile;
}

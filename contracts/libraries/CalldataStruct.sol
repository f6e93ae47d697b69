// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ModelHeader} from "../types/ModelHeader.sol";
import {Order} from "../types/Order.sol";
import {
    ChunkAnswer,
    FraudProof,
    OutputAnswer,
    StepAnswer,
    TraceAnswer,
    WitnessAnswer
} from "../types/FraudProof.sol";

/// @title CalldataStruct
/// @notice Reads ABI-encoded bytes in place, and finds the bytes of a struct in place, instead of copying up to 100 kB to and fro.
/// @dev SAFETY: the compiler checks each offset and length against the calldata when a member is read. What is read is believed only after it hashed to a committed root, so
/// that bytes outside of the given ones change nothing.
library CalldataStruct {
    /// @notice The members of `abi.encode(entry, entryProof, opening, traceProof)`.
    function chunkAnswer(bytes calldata encoded)
        internal
        pure
        returns (ChunkAnswer calldata answer)
    {
        assembly ("memory-safe") {
            answer := encoded.offset
        }
    }

    /// @notice The members of `abi.encode(carriedRoot, outputsRoot, path)`.
    function outputAnswer(bytes calldata encoded)
        internal
        pure
        returns (OutputAnswer calldata answer)
    {
        assembly ("memory-safe") {
            answer := encoded.offset
        }
    }

    /// @notice The members of `abi.encode(carriedRoots, outputsRoot, path)`.
    function stepAnswer(bytes calldata encoded) internal pure returns (StepAnswer calldata answer) {
        assembly ("memory-safe") {
            answer := encoded.offset
        }
    }

    /// @notice The member of `abi.encode(tensorRoots)`.
    function traceAnswer(bytes calldata encoded)
        internal
        pure
        returns (TraceAnswer calldata answer)
    {
        assembly ("memory-safe") {
            answer := encoded.offset
        }
    }

    /// @notice The member of `abi.encode(positions)`.
    function witnessAnswer(bytes calldata encoded)
        internal
        pure
        returns (WitnessAnswer calldata answer)
    {
        assembly ("memory-safe") {
            answer := encoded.offset
        }
    }

    /// @notice The 27 words of an order. Whoever reads them checks their ranges.
    function bytesOf(Order calldata order) internal pure returns (bytes calldata encoded) {
        assembly ("memory-safe") {
            encoded.offset := order
            encoded.length := 864
        }
    }

    /// @notice The 11 words of a model header, which are what `modelId` hashes.
    function bytesOf(ModelHeader calldata model) internal pure returns (bytes calldata encoded) {
        assembly ("memory-safe") {
            encoded.offset := model
            encoded.length := 352
        }
    }

    /// @notice The calldata from the start of the proof on: its encoding, if it is the last argument and canonical.
    function bytesOf(FraudProof calldata proof) internal pure returns (bytes calldata encoded) {
        assembly ("memory-safe") {
            encoded.offset := proof
            encoded.length := sub(calldatasize(), proof)
        }
    }
}

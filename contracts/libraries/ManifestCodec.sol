// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ManifestNode, ManifestValue, NONE, ValueKind} from "../types/ManifestEntry.sol";
import {TensorType} from "../types/TensorType.sol";

/// @title ManifestCodec
/// @notice Reads the entries of a manifest (docs/protocol.md section 3) and the tensor header in them (section 2). Only canonical bytes are accepted.
library ManifestCodec {
    /// @notice The bytes are not a canonical header or entry.
    error ManifestCodec_Malformed();
    error ManifestCodec_OutOfRange(uint256 index);

    uint256 internal constant CHUNK = 1024;
    /// @dev Tag, kind and flags precede the header in a value entry.
    uint256 internal constant HEADER_AT = 3;

    // ---- entries ----

    /// @notice Reads a value entry.
    function decodeValue(bytes calldata entry) internal pure returns (ManifestValue memory value) {
        // The shortest one: tag, kind, flags, a scalar's header, one word.
        require(entry.length >= HEADER_AT + 2, ManifestCodec_Malformed());
        require(_u8(entry, 0) == 0x10, ManifestCodec_Malformed());
        uint8 kind = _u8(entry, 1);
        uint8 flags = _u8(entry, 2);
        require(kind <= uint8(type(ValueKind).max) && flags <= 1, ManifestCodec_Malformed());
        value.kind = ValueKind(kind);
        value.boundary = flags == 1;

        value.headerBytes = 2 + 5 * uint256(_u8(entry, HEADER_AT + 1));
        uint256 at = HEADER_AT + value.headerBytes;
        require(entry.length >= at, ManifestCodec_Malformed());
        (value.tensor, value.elements) = decodeHeader(entry[HEADER_AT:at]);

        if (value.kind == ValueKind.Weight) {
            require(entry.length == at + 32, ManifestCodec_Malformed());
            value.tensorRoot = bytes32(entry[at:]);
        } else if (value.kind == ValueKind.Input) {
            require(entry.length == at + 12, ManifestCodec_Malformed());
            value.slot = _u32(entry, at);
            value.laterSlot = _u32(entry, at + 4);
            value.carriedSlot = _u32(entry, at + 8);
            // B4: either in the later bundles, or carried, never both.
            require(
                (value.laterSlot == NONE) != (value.carriedSlot == NONE), ManifestCodec_Malformed()
            );
        } else if (value.kind == ValueKind.Output) {
            require(entry.length == at + 8, ManifestCodec_Malformed());
            value.laterSlot = _u32(entry, at);
            value.slot = _u32(entry, at + 4);
            require(value.laterSlot <= 1, ManifestCodec_Malformed());
        } else {
            require(entry.length == at + 4, ManifestCodec_Malformed());
            value.slot = _u32(entry, at);
        }
    }

    /// @notice Reads a node entry.
    function decodeNode(bytes calldata entry) internal pure returns (ManifestNode memory node) {
        require(entry.length >= 7 && _u8(entry, 0) == 0x20, ManifestCodec_Malformed());
        node.opcode = _u16(entry, 1);
        uint256 at = 3;
        (node.inputs, at) = _indices(entry, at);
        (node.outputs, at) = _indices(entry, at);
        require(entry.length >= at + 2, ManifestCodec_Malformed());
        uint256 count = _u16(entry, at);
        at += 2;
        require(entry.length == at + 4 * count, ManifestCodec_Malformed());
        int32[] memory attributes = new int32[](count);
        // SAFETY: the entry is that long; an attribute is the same 32 bits, signed.
        unchecked {
            for (uint256 i; i < count; ++i) {
                attributes[i] = int32(_u32(entry, at + 4 * i));
            }
        }
        node.attributes = attributes;
    }

    // ---- tensors ----

    /// @notice Reads `u8 dtype | u8 rank | u32 dims[rank] | u8 perm[rank]` (B2): a known dtype, no zero dimension, a true permutation, fewer than 2^32 elements.
    function decodeHeader(bytes calldata header)
        internal
        pure
        returns (TensorType memory tensor, uint32 elements)
    {
        require(header.length >= 2, ManifestCodec_Malformed());
        tensor.dtype = _u8(header, 0);
        require(elementBytes(tensor.dtype) != 0, ManifestCodec_Malformed());
        uint256 rank = _u8(header, 1);
        require(header.length == 2 + 5 * rank, ManifestCodec_Malformed());
        uint32[] memory dims = new uint32[](rank);
        uint8[] memory perm = new uint8[](rank);

        uint256 total = 1;
        uint256 seen;
        // SAFETY: both factors are below 2^32, so the product cannot wrap; the rest counts bytes of the header.
        unchecked {
            for (uint256 i; i < rank; ++i) {
                uint32 dim = _u32(header, 2 + 4 * i);
                dims[i] = dim;
                total *= dim;
                require(total != 0 && total <= type(uint32).max, ManifestCodec_Malformed());
                uint8 axis = _u8(header, 2 + 4 * rank + i);
                require(axis < rank && (seen >> axis) & 1 == 0, ManifestCodec_Malformed());
                seen |= 1 << axis;
                perm[i] = axis;
            }
        }
        (tensor.dims, tensor.perm) = (dims, perm);
        // SAFETY: checked above.
        elements = uint32(total);
    }

    /// @notice `H(0x02 | header | dataRoot)` (B1).
    function tensorRoot(bytes calldata header, bytes32 dataRoot) internal pure returns (bytes32) {
        return sha256(bytes.concat(hex"02", header, dataRoot));
    }

    /// @notice Bytes of one element; 0 for a dtype that no manifest may hold.
    function elementBytes(uint8 dtype) internal pure returns (uint256) {
        if (dtype == 1 || dtype == 6) return 4; // float32, int32
        if (dtype == 2 || dtype == 3 || dtype == 9) return 1; // uint8, int8, bool
        if (dtype == 7 || dtype == 11) return 8; // int64, float64
        if (dtype == 10) return 2; // float16
        return 0;
    }

    /// @notice Chunks of a tensor of so many bytes.
    function chunksOf(uint256 bytes_) internal pure returns (uint256) {
        return (bytes_ + CHUNK - 1) / CHUNK;
    }

    /// @notice Where the element of a logical index stands in the committed bytes.
    function committedIndex(TensorType memory tensor, uint256 logical)
        internal
        pure
        returns (uint256 committed)
    {
        uint256 rank = tensor.dims.length;
        uint256[] memory coordinates = new uint256[](rank);
        uint256 rest = logical;
        for (uint256 axis = rank; axis > 0; --axis) {
            uint256 dim = tensor.dims[axis - 1];
            coordinates[axis - 1] = rest % dim;
            rest /= dim;
        }
        require(rest == 0, ManifestCodec_OutOfRange(logical));
        for (uint256 i; i < rank; ++i) {
            uint256 axis = tensor.perm[i];
            committed = committed * tensor.dims[axis] + coordinates[axis];
        }
    }

    /// @notice The logical index of the element at a place in the committed bytes.
    function logicalIndex(TensorType memory tensor, uint256 committed)
        internal
        pure
        returns (uint256 logical)
    {
        uint256 rank = tensor.dims.length;
        uint256[] memory coordinates = new uint256[](rank);
        uint256 rest = committed;
        for (uint256 i = rank; i > 0; --i) {
            uint256 axis = tensor.perm[i - 1];
            uint256 dim = tensor.dims[axis];
            coordinates[axis] = rest % dim;
            rest /= dim;
        }
        require(rest == 0, ManifestCodec_OutOfRange(committed));
        for (uint256 axis; axis < rank; ++axis) {
            logical = logical * tensor.dims[axis] + coordinates[axis];
        }
    }

    // ---- internals ----

    /// @dev `u8 n | u32 indices[n]`.
    function _indices(bytes calldata entry, uint256 at)
        private
        pure
        returns (uint32[] memory indices, uint256 end)
    {
        require(entry.length > at, ManifestCodec_Malformed());
        uint256 count = _u8(entry, at);
        end = at + 1 + 4 * count;
        require(entry.length >= end, ManifestCodec_Malformed());
        indices = new uint32[](count);
        // SAFETY: below `end`.
        unchecked {
            for (uint256 i; i < count; ++i) {
                indices[i] = _u32(entry, at + 1 + 4 * i);
            }
        }
    }

    // Numbers at a place. SAFETY: callers have checked that the bytes are there.

    function _u8(bytes calldata data, uint256 at) private pure returns (uint8 value) {
        assembly ("memory-safe") {
            value := byte(0, calldataload(add(data.offset, at)))
        }
    }

    function _u16(bytes calldata data, uint256 at) private pure returns (uint16) {
        return uint16(_u8(data, at)) | (uint16(_u8(data, at + 1)) << 8);
    }

    function _u32(bytes calldata data, uint256 at) private pure returns (uint32) {
        uint256 big;
        assembly ("memory-safe") {
            big := shr(224, calldataload(add(data.offset, at)))
        }
        big = ((big & 0x00ff00ff) << 8) | ((big >> 8) & 0x00ff00ff);
        // SAFETY: the low 32 bits are the number.
        return uint32((big << 16) | (big >> 16));
    }
}

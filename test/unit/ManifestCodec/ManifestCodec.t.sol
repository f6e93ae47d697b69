// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";
import {
    ManifestNode,
    ManifestValue,
    NONE,
    ValueKind
} from "../../../contracts/types/ManifestEntry.sol";
import {TensorType} from "../../../contracts/types/TensorType.sol";
import {ManifestCodec} from "../../../contracts/libraries/ManifestCodec.sol";

contract ManifestCodecHarness {
    function decodeValue(bytes calldata entry) external pure returns (ManifestValue memory) {
        return ManifestCodec.decodeValue(entry);
    }

    function decodeNode(bytes calldata entry) external pure returns (ManifestNode memory) {
        return ManifestCodec.decodeNode(entry);
    }

    function decodeHeader(bytes calldata header) external pure returns (TensorType memory, uint32) {
        return ManifestCodec.decodeHeader(header);
    }

    function committedIndex(TensorType memory tensor, uint256 logical)
        external
        pure
        returns (uint256)
    {
        return ManifestCodec.committedIndex(tensor, logical);
    }

    function logicalIndex(TensorType memory tensor, uint256 committed)
        external
        pure
        returns (uint256)
    {
        return ManifestCodec.logicalIndex(tensor, committed);
    }
}

contract ManifestCodecTest is Test {
    ManifestCodecHarness internal codec = new ManifestCodecHarness();

    // float32, 2 x 3, committed transposed
    bytes internal constant HEADER = hex"01020200000003000000" hex"0100";

    function test_DecodesAHeader() public view {
        (TensorType memory tensor, uint32 elements) = codec.decodeHeader(HEADER);
        assertEq(tensor.dtype, 1);
        assertEq(tensor.dims[0], 2);
        assertEq(tensor.dims[1], 3);
        assertEq(tensor.perm[0], 1);
        assertEq(tensor.perm[1], 0);
        assertEq(elements, 6);
        (tensor, elements) = codec.decodeHeader(hex"0700");
        assertEq(tensor.dims.length, 0);
        assertEq(elements, 1); // B2: a scalar has one element
    }

    function test_RevertWhen_AHeaderIsNotCanonical() public {
        bytes[10] memory bad = [
            bytes(hex""),
            hex"01",
            hex"0400", // dtype 4 is no element type of a manifest
            hex"000101000000" // dtype 0 marks an absent input, never an entry
            hex"00",
            hex"010100000000" // a zero dimension
            hex"00",
            hex"010101000000" // axis out of range
            hex"01",
            hex"01020200000003000000" // an axis twice
            hex"0000",
            hex"01020200000003000000" // short
            hex"01",
            hex"01020200000003000000" // long
            hex"010000",
            hex"01020000010000000100" // 65,536 x 65,536 = 2^32 elements
            hex"0001"
        ];
        for (uint256 i; i < bad.length; ++i) {
            vm.expectRevert(ManifestCodec.ManifestCodec_Malformed.selector);
            codec.decodeHeader(bad[i]);
        }
        codec.decodeHeader(
            hex"010200000100ffff0000" // 65,536 x 65,535 fits
            hex"0001"
        );
    }

    function test_DecodesEveryKindOfValue() public view {
        ManifestValue memory value = codec.decodeValue(
            bytes.concat(hex"100001", HEADER, hex"05000000", hex"04000000", hex"ffffffff")
        );
        assertTrue(value.kind == ValueKind.Input && value.boundary);
        assertEq(value.slot, 5);
        assertEq(value.laterSlot, 4);
        assertEq(value.carriedSlot, NONE);
        assertEq(value.headerBytes, HEADER.length);

        value = codec.decodeValue(bytes.concat(hex"100100", HEADER, keccak256("w")));
        assertTrue(value.kind == ValueKind.Weight && !value.boundary);
        assertEq(value.tensorRoot, keccak256("w"));

        value = codec.decodeValue(bytes.concat(hex"100200", HEADER, hex"01020304"));
        assertTrue(value.kind == ValueKind.Activation);
        assertEq(value.slot, 0x04030201);

        value = codec.decodeValue(bytes.concat(hex"100300", HEADER, hex"07000000"));
        assertTrue(value.kind == ValueKind.Derived);
        assertEq(value.slot, 7);

        value = codec.decodeValue(bytes.concat(hex"100400", HEADER, hex"01000000", hex"02000000"));
        assertTrue(value.kind == ValueKind.Output);
        assertEq(value.laterSlot, 1);
        assertEq(value.slot, 2);
    }

    function test_RevertWhen_AValueIsNotCanonical() public {
        bytes memory slot = hex"01000000";
        bytes[10] memory bad = [
            bytes(""),
            bytes.concat(hex"200200", HEADER, slot), // a node's tag
            bytes.concat(hex"100500", HEADER, slot), // an unknown kind
            bytes.concat(hex"100202", HEADER, slot), // an unknown flag
            bytes.concat(hex"100200", HEADER, slot, hex"00"), // long
            bytes.concat(hex"100200", HEADER, hex"010000"), // short
            bytes.concat(hex"100400", HEADER, hex"02000000", slot), // carried is 0 or 1
            bytes.concat(hex"100000", HEADER, slot, slot, slot), // B4: carried and in later bundles
            bytes.concat(hex"100000", HEADER, slot, hex"ffffffffffffffff"), // B4: neither
            bytes.concat(hex"100100", HEADER, slot) // a weight without a root
        ];
        for (uint256 i; i < bad.length; ++i) {
            vm.expectRevert(ManifestCodec.ManifestCodec_Malformed.selector);
            codec.decodeValue(bad[i]);
        }
    }

    function test_DecodesANode() public view {
        ManifestNode memory node = codec.decodeNode(
            bytes.concat(
                hex"20",
                hex"3e00", // opcode 62
                hex"02",
                hex"01000000",
                hex"ffffffff",
                hex"01",
                hex"03000000",
                hex"0200",
                hex"ffffffff",
                hex"00010000"
            )
        );
        assertEq(node.opcode, 62);
        assertEq(node.inputs[0], 1);
        assertEq(node.inputs[1], NONE);
        assertEq(node.outputs[0], 3);
        assertEq(node.attributes[0], -1);
        assertEq(node.attributes[1], 256);
    }

    function test_RevertWhen_ANodeIsCutOrPadded() public {
        bytes memory entry = hex"203e000201000000ffffffff01030000000200ffffffff00010000";
        codec.decodeNode(entry);
        for (uint256 size; size < entry.length; ++size) {
            bytes memory cut = new bytes(size);
            for (uint256 i; i < size; ++i) {
                cut[i] = entry[i];
            }
            vm.expectRevert(ManifestCodec.ManifestCodec_Malformed.selector);
            codec.decodeNode(cut);
        }
        vm.expectRevert(ManifestCodec.ManifestCodec_Malformed.selector);
        codec.decodeNode(bytes.concat(entry, hex"00"));
    }

    function testFuzz_IndicesAreInverse(uint8 a, uint8 b, uint8 c, uint8 order, uint256 at)
        public
        view
    {
        TensorType memory tensor;
        tensor.dims = new uint32[](3);
        tensor.dims[0] = uint32(bound(a, 1, 20));
        tensor.dims[1] = uint32(bound(b, 1, 20));
        tensor.dims[2] = uint32(bound(c, 1, 20));
        uint8[3][6] memory perms =
            [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        tensor.perm = new uint8[](3);
        for (uint256 i; i < 3; ++i) {
            tensor.perm[i] = perms[order % 6][i];
        }
        at = bound(at, 0, tensor.dims[0] * tensor.dims[1] * tensor.dims[2] - 1);
        assertEq(codec.logicalIndex(tensor, codec.committedIndex(tensor, at)), at);
    }

    function test_CommittedIndexOfATranspose() public {
        TensorType memory tensor;
        (tensor,) = codec.decodeHeader(HEADER);
        // Element (1, 2) of a 2 x 3 tensor is (2, 1) of its 3 x 2 transpose.
        assertEq(codec.committedIndex(tensor, 5), 5);
        assertEq(codec.committedIndex(tensor, 1), 2);
        assertEq(codec.committedIndex(tensor, 3), 1);
        vm.expectRevert(abi.encodeWithSelector(ManifestCodec.ManifestCodec_OutOfRange.selector, 6));
        codec.committedIndex(tensor, 6);
        vm.expectRevert(abi.encodeWithSelector(ManifestCodec.ManifestCodec_OutOfRange.selector, 6));
        codec.logicalIndex(tensor, 6);
    }
}

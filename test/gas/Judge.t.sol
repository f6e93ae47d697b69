// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";
import {IChecker} from "../../contracts/interfaces/IChecker.sol";
import {IFraudVerifier} from "../../contracts/interfaces/IFraudVerifier.sol";
import {
    ExecutionRoots,
    FraudProof,
    ManifestLeaf,
    Opening
} from "../../contracts/types/FraudProof.sol";
import {ModelHeader} from "../../contracts/types/ModelHeader.sol";
import {CheckerRegistry} from "../../contracts/verification/CheckerRegistry.sol";
import {FraudVerifier} from "../../contracts/verification/FraudVerifier.sol";
import {Checkers} from "../../script/deploy/Checkers.sol";
import {TreeBuilder} from "../utils/TreeBuilder.sol";

/// @notice Gas of judging one element of a matrix product, `y = x w` with x 1 x n and w n x 4 (the reduced axis last in its commitment), openings and checker included.
/// The whole transaction adds 21,000, calldata, and what a conviction moves (test/gas/Disputes.t.sol).
contract JudgeGasTest is Test {
    FraudVerifier internal verifier;

    function setUp() public {
        CheckerRegistry registry = new CheckerRegistry(address(this));
        (uint16[] memory opcodes, IChecker[] memory checkers) = Checkers.deploy();
        registry.add(opcodes, checkers);
        verifier = new FraudVerifier(registry);
    }

    function test_Reduction512() public {
        _measure(512, 350_000);
    }

    function test_Reduction4096() public {
        _measure(4_096, 1_600_000);
    }

    function _measure(uint32 n, uint256 target) private {
        (ExecutionRoots memory roots, FraudProof memory proof) = _case(n);
        bytes memory call_ = abi.encodeCall(IFraudVerifier.judge, (roots, 1, proof));
        (bool ok,) = address(verifier).staticcall(call_);
        assertTrue(ok);
        uint256 used = vm.lastCallGas().gasTotalUsed;
        vm.snapshotValue("Judge", string.concat("judge a reduction of ", vm.toString(n)), used);
        vm.snapshotValue("Judge", string.concat("calldata bytes, ", vm.toString(n)), call_.length);
        assertLe(used, target);
    }

    function _case(uint32 n)
        private
        pure
        returns (ExecutionRoots memory roots, FraudProof memory proof)
    {
        bytes[] memory data = new bytes[](3);
        data[0] = _floats(n, 1);
        data[1] = _floats(4 * n, 2);
        data[2] = _floats(4, 3);
        bytes[] memory headers = new bytes[](3);
        headers[0] = bytes.concat(hex"0102", _u32(1), _u32(n), hex"0001");
        headers[1] = bytes.concat(hex"0102", _u32(n), _u32(4), hex"0100");
        headers[2] = bytes.concat(hex"0102", _u32(1), _u32(4), hex"0001");
        bytes32[] memory tensors = new bytes32[](3);
        for (uint256 i; i < 3; ++i) {
            tensors[i] = sha256(
                bytes.concat(hex"02", headers[i], TreeBuilder.root(TreeBuilder.chunks(data[i])))
            );
        }
        proof.entries = new ManifestLeaf[](4);
        proof.entries[0].entry =
            bytes.concat(hex"100000", headers[0], _u32(0), _u32(0), _u32(type(uint32).max));
        proof.entries[1].entry = bytes.concat(hex"100100", headers[1], tensors[1]);
        proof.entries[2].entry = bytes.concat(hex"100400", headers[2], _u32(0), _u32(0));
        proof.entries[3].entry =
            bytes.concat(hex"203c00", hex"02", _u32(0), _u32(1), hex"01", _u32(2), hex"0000");
        bytes32[] memory hashes = new bytes32[](4);
        for (uint32 i; i < 4; ++i) {
            proof.entries[i].leaf = i;
            hashes[i] = TreeBuilder.leafHash(proof.entries[i].entry);
        }
        proof.model = ModelHeader(TreeBuilder.root(hashes), 0, 0, 3, 1, 1, 1, 0, 0, 1, 1);
        proof.element = 2;
        proof.openings = new Opening[](3);
        uint32 chunks = n * 4 / 1024;
        proof.openings[0] = _opening(0, data[0], 0, chunks);
        proof.openings[1] = _opening(1, data[1], 2 * chunks, chunks);
        proof.openings[2] = _opening(2, data[2], 0, 1);
        proof.openings[2].path = new bytes32[](1);
        proof.openings[2].path[0] = sha256("");
        bytes32 outputs = TreeBuilder.leafHash(TreeBuilder.leafHash(tensors[2]));
        roots = ExecutionRoots({
            modelId: keccak256(abi.encode(proof.model)),
            steps: 1,
            inputRoot: TreeBuilder.leafHash(TreeBuilder.leafHash(tensors[0])),
            resultRoot: TreeBuilder.leafHash(sha256(bytes.concat(hex"03", sha256(""), outputs))),
            traceRoot: 0
        });
    }

    function _opening(uint32 value, bytes memory data, uint32 first, uint32 count)
        private
        pure
        returns (Opening memory opening)
    {
        bytes32[] memory hashes = TreeBuilder.chunks(data);
        uint256[] memory indices = new uint256[](count);
        opening.value = value;
        opening.chunks = new uint32[](count);
        for (uint32 i; i < count; ++i) {
            (indices[i], opening.chunks[i]) = (first + i, first + i);
            opening.data = bytes.concat(opening.data, TreeBuilder.slice(data, first + i));
        }
        opening.dataRoot = TreeBuilder.root(hashes);
        opening.proof = TreeBuilder.multiproof(hashes, indices);
    }

    /// @dev Floats of magnitudes 2^-3 to 2, both signs.
    function _floats(uint256 n, uint256 seed) private pure returns (bytes memory data) {
        data = new bytes(4 * n);
        for (uint256 i; i < n; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            data[4 * i] = bytes1(uint8(random));
            data[4 * i + 1] = bytes1(uint8(random >> 8));
            data[4 * i + 2] = bytes1(uint8(random >> 16));
            data[4 * i + 3] =
                bytes1(uint8(0x3e + (random >> 24) % 2) | uint8((random >> 31) & 0x80));
        }
    }

    function _u32(uint32 value) private pure returns (bytes memory) {
        return
            abi.encodePacked(
                uint8(value), uint8(value >> 8), uint8(value >> 16), uint8(value >> 24)
            );
    }
}

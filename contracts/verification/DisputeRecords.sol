// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IDisputes} from "../interfaces/IDisputes.sol";

/// @title DisputeRecords
/// @notice How Disputes keeps its records in words.
/// @dev By hand, because the compiler reads and writes a slot once for every field. Fields stand from the lowest bit on, in the order written here.
/// SAFETY: each cast keeps exactly the bits of its field.
library DisputeRecords {
    struct Words3 {
        uint256 a;
        uint256 b;
        uint256 c;
    }

    struct Words4 {
        uint256 a;
        uint256 b;
        uint256 c;
        uint256 d;
    }

    /// @dev outcome 8, finalAt 40, queueEnd 40, chunksClose 40, convictedAt 40, liveDemands 16, lastCommitLive 40, providerId 32.
    function pack(IDisputes.Execution memory record) internal pure returns (uint256) {
        return uint256(uint8(record.outcome)) | uint256(record.finalAt) << 8
            | uint256(record.queueEnd) << 48 | uint256(record.chunksClose) << 88
            | uint256(record.convictedAt) << 128 | uint256(record.liveDemands) << 168
            | uint256(record.lastCommitLive) << 184 | uint256(record.providerId) << 224;
    }

    function execution(uint256 word) internal pure returns (IDisputes.Execution memory record) {
        record.outcome = IDisputes.Outcome(uint8(word));
        record.finalAt = uint40(word >> 8);
        record.queueEnd = uint40(word >> 48);
        record.chunksClose = uint40(word >> 88);
        record.convictedAt = uint40(word >> 128);
        record.liveDemands = uint16(word >> 168);
        record.lastCommitLive = uint40(word >> 184);
        record.providerId = uint32(word >> 224);
    }

    /// @dev a: execId. b: asker 160, kind 8, status 8, madeAt 40, deadline 40. c: step 32, value 32, chunk 32, count 32, burnBps 16, bond 96. d: askerGas 96, answerGas 96, ofOutput 8.
    function store(Words4 storage words, IDisputes.Demand memory record) internal {
        words.a = uint256(record.execId);
        words.b = uint256(uint160(record.asker)) | uint256(uint8(record.kind)) << 160
            | uint256(uint8(record.status)) << 168 | uint256(record.madeAt) << 176
            | uint256(record.deadline) << 216;
        words.c = uint256(record.step) | uint256(record.value) << 32 | uint256(record.chunk) << 64
            | uint256(record.count) << 96 | uint256(record.burnBps) << 128 | uint256(record.bond)
            << 144;
        words.d = uint256(record.askerGas) | uint256(record.answerGas) << 96
            | (record.ofOutput ? 1 << 192 : 0);
    }

    function load(Words4 storage words) internal view returns (IDisputes.Demand memory record) {
        record.execId = bytes32(words.a);
        uint256 word = words.b;
        record.asker = address(uint160(word));
        record.kind = IDisputes.Kind(uint8(word >> 160));
        record.status = IDisputes.DemandStatus(uint8(word >> 168));
        record.madeAt = uint40(word >> 176);
        record.deadline = uint40(word >> 216);
        word = words.c;
        record.step = uint32(word);
        record.value = uint32(word >> 32);
        record.chunk = uint32(word >> 64);
        record.count = uint32(word >> 96);
        record.burnBps = uint16(word >> 128);
        record.bond = uint96(word >> 144);
        word = words.d;
        record.askerGas = uint96(word);
        record.answerGas = uint96(word >> 96);
        record.ofOutput = word >> 192 != 0;
    }

    /// @dev a: execId. b: prover 160, madeAt 40, block_ 40. c: revealBy 40, bond 96, gas 96.
    function store(Words3 storage words, IDisputes.Commit memory record) internal {
        words.a = uint256(record.execId);
        words.b = uint256(uint160(record.prover)) | uint256(record.madeAt) << 160
            | uint256(record.block_) << 200;
        words.c = uint256(record.revealBy) | uint256(record.bond) << 40 | uint256(record.gas) << 136;
    }

    function loadCommit(Words3 storage words)
        internal
        view
        returns (IDisputes.Commit memory record)
    {
        record.execId = bytes32(words.a);
        uint256 word = words.b;
        record.prover = address(uint160(word));
        record.madeAt = uint40(word >> 160);
        record.block_ = uint40(word >> 200);
        word = words.c;
        record.revealBy = uint40(word);
        record.bond = uint96(word >> 40);
        record.gas = uint96(word >> 136);
    }

    /// @dev a: the windows 24 each, openDemands 8, the shares 16 each. b: bond 96, commitBond 96. c: lynPerGas 96.
    function store(Words3 storage words, IDisputes.DisputeSnapshot memory record) internal {
        words.a = uint256(record.chunkWindow) | uint256(record.proofWindow) << 24
            | uint256(record.grace) << 48 | uint256(record.reveal) << 72 | uint256(record.perChunk)
            << 96 | uint256(record.openDemands) << 120 | uint256(record.burnBps) << 128
            | uint256(record.bountyBps) << 144 | uint256(record.reserveBps) << 160;
        words.b = uint256(record.bond) | uint256(record.commitBond) << 96;
        words.c = record.lynPerGas;
    }

    function loadSnapshot(Words3 storage words)
        internal
        view
        returns (IDisputes.DisputeSnapshot memory record)
    {
        uint256 word = words.a;
        record.chunkWindow = uint24(word);
        record.proofWindow = uint24(word >> 24);
        record.grace = uint24(word >> 48);
        record.reveal = uint24(word >> 72);
        record.perChunk = uint24(word >> 96);
        record.openDemands = uint8(word >> 120);
        record.burnBps = uint16(word >> 128);
        record.bountyBps = uint16(word >> 144);
        record.reserveBps = uint16(word >> 160);
        word = words.b;
        record.bond = uint96(word);
        record.commitBond = uint96(word >> 96);
        record.lynPerGas = uint96(words.c);
    }
}

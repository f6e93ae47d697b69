// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAuditManager} from "../interfaces/IAuditManager.sol";

/// @title AuditRecords
/// @notice How AuditManager keeps its records, from the lowest bit.
/// @dev By hand, because the compiler reads and writes the slot once for every field. SAFETY: each cast keeps exactly the bits of its field.
library AuditRecords {
    struct Words2 {
        uint256 a;
        uint256 b;
    }

    /// @param time Of the commit; after the reveal: until when its stake is reserved.
    /// @param version Whose `faultSlash` is reserved; 0 if nothing is.
    /// @param hash The upper 176 bits of what was committed to, and after the reveal of what was revealed.
    struct Seat {
        IAuditManager.Attestation status;
        bool agrees;
        uint40 time;
        uint24 version;
        uint176 hash;
    }

    /// @dev a: seed 160, seedAt 40, version 32. b: closedAt 40, requestedAt 40, fallbackBlock 64, totalStake 96.
    function store(Words2 storage words, IAuditManager.Epoch memory record) internal {
        words.a =
            uint256(record.seed) | uint256(record.seedAt) << 160 | uint256(record.version) << 200;
        words.b = uint256(record.closedAt) | uint256(record.requestedAt) << 40
            | uint256(record.fallbackBlock) << 80 | uint256(record.totalStake) << 144;
    }

    function loadEpoch(Words2 storage words)
        internal
        view
        returns (IAuditManager.Epoch memory record)
    {
        uint256 word = words.a;
        record.seed = uint160(word);
        record.seedAt = uint40(word >> 160);
        record.version = uint32(word >> 200);
        word = words.b;
        record.closedAt = uint40(word);
        record.requestedAt = uint40(word >> 40);
        record.fallbackBlock = uint64(word >> 80);
        record.totalStake = uint96(word >> 144);
    }

    /// @dev a: ratePpm 32, detectionPpm 32, seats 16, commitWindow 24, revealWindow 24, reportWindow 24, payBps 16, minDue 16. b: absentSlash 96, faultSlash 96.
    function store(Words2 storage words, IAuditManager.AuditSnapshot calldata record) internal {
        words.a = uint256(record.ratePpm) | uint256(record.detectionPpm) << 32
            | uint256(record.seats) << 64 | uint256(record.commitWindow) << 80
            | uint256(record.revealWindow) << 104 | uint256(record.reportWindow) << 128
            | uint256(record.payBps) << 152 | uint256(record.minDue) << 168;
        words.b = uint256(record.absentSlash) | uint256(record.faultSlash) << 96;
    }

    function loadSnapshot(Words2 storage words)
        internal
        view
        returns (IAuditManager.AuditSnapshot memory record)
    {
        uint256 word = words.a;
        record.ratePpm = uint32(word);
        record.detectionPpm = uint32(word >> 32);
        record.seats = uint16(word >> 64);
        record.commitWindow = uint24(word >> 80);
        record.revealWindow = uint24(word >> 104);
        record.reportWindow = uint24(word >> 128);
        record.payBps = uint16(word >> 152);
        record.minDue = uint16(word >> 168);
        word = words.b;
        record.absentSlash = uint96(word);
        record.faultSlash = uint96(word >> 96);
    }

    /// @dev agreeing 16, differing 16, withheld 16, round 8, demanded 8, counted 8.
    function pack(IAuditManager.Audit memory audit) internal pure returns (uint256 word) {
        word = uint256(audit.agreeing) | uint256(audit.differing) << 16 | uint256(audit.withheld)
            << 32 | uint256(audit.round) << 48 | (audit.demanded ? 1 << 56 : 0)
            | (audit.counted ? 1 << 64 : 0);
    }

    function unpackAudit(uint256 word) internal pure returns (IAuditManager.Audit memory audit) {
        audit.agreeing = uint16(word);
        audit.differing = uint16(word >> 16);
        audit.withheld = uint16(word >> 32);
        audit.round = uint8(word >> 48);
        audit.demanded = uint8(word >> 56) != 0;
        audit.counted = uint8(word >> 64) != 0;
    }

    /// @dev status 8, agrees 8, time 40, version 24, hash 176.
    function pack(Seat memory seat) internal pure returns (uint256 word) {
        word = uint256(seat.status) | (seat.agrees ? 1 << 8 : 0) | uint256(seat.time) << 16
            | uint256(seat.version) << 56 | uint256(seat.hash) << 80;
    }

    function unpackSeat(uint256 word) internal pure returns (Seat memory seat) {
        seat.status = IAuditManager.Attestation(uint8(word));
        seat.agrees = uint8(word >> 8) != 0;
        seat.time = uint40(word >> 16);
        seat.version = uint24(word >> 56);
        seat.hash = uint176(word >> 80);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IAuditManager} from "../interfaces/IAuditManager.sol";

// How many words executions share.
uint256 constant PLACES = 4_096;

/// @title AuditRecords
/// @notice How AuditManager keeps its records: words that a reveal reads as they are, each field from the lowest bit.
/// @dev By hand, because the compiler reads and writes the slot once for every field. SAFETY: each cast keeps exactly the bits of its field.
library AuditRecords {
    /// @param a seed 160, seedAt 40, version 24, total stake in LYN 32, rounded up.
    /// @param b closedAt 40, requestedAt 40, fallbackBlock 64.
    struct EpochWords {
        uint256 a;
        uint256 b;
    }

    uint256 private constant LYN = 1e18;
    /// @dev Slashes are kept in millionths of a LYN.
    uint256 private constant MICRO = 1e12;

    // --- Epochs ---

    function store(EpochWords storage words, IAuditManager.Epoch memory record) internal {
        words.a = uint256(record.seed) | uint256(record.seedAt) << 160 | uint256(record.version)
            << 200 | Math.ceilDiv(record.totalStake, LYN) << 224;
        words.b = uint256(record.closedAt) | uint256(record.requestedAt) << 40
            | uint256(record.fallbackBlock) << 80;
    }

    function load(EpochWords storage words)
        internal
        view
        returns (IAuditManager.Epoch memory record)
    {
        uint256 word = words.a;
        record.seed = seedOf(word);
        record.seedAt = seedAtOf(word);
        record.version = versionOf(word);
        record.totalStake = totalStakeOf(word);
        word = words.b;
        record.closedAt = uint40(word);
        record.requestedAt = uint40(word >> 40);
        record.fallbackBlock = uint64(word >> 80);
    }

    function seedOf(uint256 epoch) internal pure returns (uint160) {
        return uint160(epoch);
    }

    function seedAtOf(uint256 epoch) internal pure returns (uint40) {
        return uint40(epoch >> 160);
    }

    function versionOf(uint256 epoch) internal pure returns (uint24) {
        return uint24(epoch >> 200);
    }

    function totalStakeOf(uint256 epoch) internal pure returns (uint96) {
        return uint96((epoch >> 224) * LYN);
    }

    // --- Snapshots ---

    /// @notice ratePpm 20, detectionPpm 20, seats 16, commitWindow 24, revealWindow 24, reportWindow 24, payBps 14, minDue 16, absentSlash 44, faultSlash 44.
    function pack(IAuditManager.AuditSnapshot calldata record)
        internal
        pure
        returns (uint256 word)
    {
        word = uint256(record.ratePpm) | uint256(record.detectionPpm) << 20 | uint256(record.seats)
            << 40 | uint256(record.commitWindow) << 56 | uint256(record.revealWindow) << 80
            | uint256(record.reportWindow) << 104 | uint256(record.payBps) << 128
            | uint256(record.minDue) << 142 | record.absentSlash / MICRO << 158
            | record.faultSlash / MICRO << 202;
    }

    function unpackSnapshot(uint256 word)
        internal
        pure
        returns (IAuditManager.AuditSnapshot memory record)
    {
        record.ratePpm = ratePpmOf(word);
        record.detectionPpm = uint32(word >> 20 & 0xfffff);
        record.seats = seatsOf(word);
        record.commitWindow = uint24(commitWindowOf(word));
        record.revealWindow = uint24(word >> 80);
        record.reportWindow = uint24(reportWindowOf(word));
        record.payBps = payBpsOf(word);
        record.minDue = uint16(word >> 142);
        record.absentSlash = uint96((word >> 158 & 0xfffffffffff) * MICRO);
        record.faultSlash = faultSlashOf(word);
    }

    function ratePpmOf(uint256 snapshot) internal pure returns (uint32) {
        return uint32(snapshot & 0xfffff);
    }

    function seatsOf(uint256 snapshot) internal pure returns (uint16) {
        return uint16(snapshot >> 40);
    }

    function commitWindowOf(uint256 snapshot) internal pure returns (uint40) {
        return uint24(snapshot >> 56);
    }

    /// @notice Commits and reveals together.
    function roundOf(uint256 snapshot) internal pure returns (uint40) {
        return uint40(uint24(snapshot >> 56)) + uint24(snapshot >> 80);
    }

    function reportWindowOf(uint256 snapshot) internal pure returns (uint40) {
        return uint24(snapshot >> 104);
    }

    function payBpsOf(uint256 snapshot) internal pure returns (uint16) {
        return uint16(snapshot >> 128 & 0x3fff);
    }

    function faultSlashOf(uint256 snapshot) internal pure returns (uint96) {
        return uint96((snapshot >> 202) * MICRO);
    }

    // --- Audits: agreeing 16, differing 16, withheld 16, round 1, demanded 1, counted 1, 5 free, until 40, execution 160 ---

    uint256 internal constant DEMANDED = 1 << 49;
    uint256 internal constant COUNTED = 1 << 50;

    /// @notice Which of the places an execution shares with others, that come after it.
    function placeOf(bytes32 execId) internal pure returns (uint256) {
        return uint256(execId) % PLACES;
    }

    /// @notice The first word of an execution that has its place.
    /// @param until From when on it may be another's.
    function claim(bytes32 execId, uint40 until) internal pure returns (uint256) {
        return uint256(execId) >> 96 << 96 | uint256(until) << 56;
    }

    /// @notice Whether a word in a place is an execution's: 160 bits of its id say so, and its place 12 more.
    function isAuditOf(uint256 audit, bytes32 execId) internal pure returns (bool) {
        return (audit ^ uint256(execId)) >> 96 == 0;
    }

    function untilOf(uint256 audit) internal pure returns (uint40) {
        return uint40(audit >> 56);
    }

    /// @notice The audit, done: counted, and of no use from `until` on.
    function close(uint256 audit, uint40 until) internal pure returns (uint256) {
        return audit & ~(uint256(type(uint40).max) << 56) | uint256(until) << 56 | COUNTED;
    }

    function unpackAudit(uint256 word) internal pure returns (IAuditManager.Audit memory audit) {
        audit.agreeing = uint16(word);
        audit.differing = uint16(word >> 16);
        audit.withheld = uint16(word >> 32);
        audit.round = roundRevealedOf(word);
        audit.demanded = word & DEMANDED != 0;
        audit.counted = word & COUNTED != 0;
    }

    /// @notice Seats that were revealed, whatever they found.
    function revealedOf(uint256 audit) internal pure returns (uint256) {
        return uint256(uint16(audit)) + uint16(audit >> 16);
    }

    function roundRevealedOf(uint256 audit) internal pure returns (uint8) {
        return uint8(audit >> 48 & 1);
    }

    /// @notice The audit with more seats. @param place 0 agreeing, 16 differing, 32 withheld.
    function add(uint256 audit, uint256 seats, uint256 place) internal pure returns (uint256) {
        // More seats than 16 bits hold would need thousands of verifiers of one draw.
        require((audit >> place & 0xffff) + seats <= 0xffff);
        return audit + (seats << place);
    }

    // --- Seats: status 8, agrees 8, time 40, version 24, hash 176 ---

    uint256 private constant VERSION = 0xffffff << 56;

    /// @param time Of the commit; after the reveal: until when its stake is reserved.
    /// @param version Whose `faultSlash` is reserved; 0 if nothing is.
    /// @param hash The upper 176 bits of what was committed to, and after the reveal of what was revealed.
    function packSeat(
        IAuditManager.Attestation status,
        bool agrees,
        uint40 time,
        uint24 version,
        bytes32 hash
    ) internal pure returns (uint256) {
        return uint256(status) | (agrees ? 1 << 8 : 0) | uint256(time) << 16 | uint256(version)
            << 56 | uint256(hash) >> 80 << 80;
    }

    function statusOf(uint256 seat) internal pure returns (IAuditManager.Attestation) {
        return IAuditManager.Attestation(uint8(seat));
    }

    function agreesOf(uint256 seat) internal pure returns (bool) {
        return uint8(seat >> 8) != 0;
    }

    function timeOf(uint256 seat) internal pure returns (uint40) {
        return uint40(seat >> 16);
    }

    function reservedBy(uint256 seat) internal pure returns (uint24) {
        return uint24(seat >> 56);
    }

    function unreserved(uint256 seat) internal pure returns (uint256) {
        return seat & ~VERSION;
    }

    function isOf(uint256 seat, bytes32 hash) internal pure returns (bool) {
        return seat >> 80 == uint256(hash) >> 80;
    }
}

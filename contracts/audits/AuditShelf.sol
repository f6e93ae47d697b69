// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AuditRecords} from "./AuditRecords.sol";

/// @title AuditShelf
/// @notice The words of audits, kept in places that are used again: what an audit counts is of no use any more once its job is settled and nobody can be reported, and a word that was written before costs 17,100 less.
/// @dev A word, from the lowest bit: audit 71 (AuditRecords), crowded 1, forgottenAt 40, tag 144. Tag and place are 154 bits of the execution's id: who wants two of one place and tag hashes 2^77 orders,
/// and has then two audits of its own that count as one. Where a place is taken the audit has a slot of its own, so that nobody waits for another and none is lost. PROPERTIES: AUD-7.
library AuditShelf {
    struct Shelf {
        mapping(uint256 place => uint256) words;
        mapping(bytes32 execId => uint256) rest;
    }

    uint256 private constant PLACES = 1 << 10;
    uint256 private constant CROWDED = 1 << 71;
    uint256 private constant AUDIT = CROWDED - 1;
    uint256 private constant TIME = 72;
    uint256 private constant TAG = 112;

    /// @notice The audit of an execution; 0 before anything is known of it, and after it is forgotten.
    function load(Shelf storage shelf, bytes32 execId) internal view returns (uint256) {
        uint256 word = shelf.words[uint256(execId) % PLACES];
        if (word >> TAG == uint256(execId) >> TAG) return word & AUDIT;
        return word & CROWDED == 0 ? 0 : shelf.rest[execId];
    }

    /// @notice Keeps the audit of an execution, which is not 0.
    /// @param forgottenAt From when on its place may be another's, if it is counted by then.
    function store(Shelf storage shelf, bytes32 execId, uint256 audit, uint40 forgottenAt)
        internal
    {
        uint256 place = uint256(execId) % PLACES;
        uint256 word = shelf.words[place];
        uint256 crowded = word & CROWDED;
        bool free = word & AUDIT == 0
            // SAFETY: keeps exactly the field.
            || (word & AuditRecords.COUNTED != 0 && block.timestamp >= uint40(word >> TIME));
        bool own = word >> TAG == uint256(execId) >> TAG;
        if (own || (free && (crowded == 0 || shelf.rest[execId] == 0))) {
            shelf.words[place] =
                uint256(execId) >> TAG << TAG | uint256(forgottenAt) << TIME | crowded | audit;
        } else {
            if (crowded == 0) shelf.words[place] = word | CROWDED;
            shelf.rest[execId] = audit;
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {AuditRecords} from "../../../contracts/audits/AuditRecords.sol";
import {AuditShelf} from "../../../contracts/audits/AuditShelf.sol";

/// @notice AUD-7, beside a shelf without end.
contract AuditShelfTest is Test {
    using AuditShelf for AuditShelf.Shelf;

    AuditShelf.Shelf private _shelf;
    mapping(bytes32 execId => uint256) private _plain;
    mapping(bytes32 execId => uint40) private _until;

    /// @dev Executions of three places, four of each.
    function _idOf(uint256 seed) private pure returns (bytes32) {
        uint256 which = seed % 12;
        return bytes32(uint256(keccak256(abi.encode(which))) >> 10 << 10 | which % 3);
    }

    function _put(bytes32 execId, uint256 audit, uint40 until) private {
        _shelf.store(execId, audit, until);
        (_plain[execId], _until[execId]) = (audit, until);
    }

    function _check(bytes32 execId) private view {
        uint256 audit = _shelf.load(execId);
        bool mayBeForgotten =
            _plain[execId] & AuditRecords.COUNTED != 0 && block.timestamp >= _until[execId];
        if (audit != 0 || !mayBeForgotten) assertEq(audit, _plain[execId]);
    }

    function testFuzz_AUD7_NothingIsLostBeforeItIsOver(uint256[40] calldata moves) external {
        for (uint256 i = 0; i < moves.length; ++i) {
            uint256 move = moves[i];
            bytes32 execId = _idOf(move);
            // What is forgotten does not come back: its job is settled.
            if (_shelf.load(execId) == _plain[execId]) {
                uint256 audit = _plain[execId];
                if (audit & AuditRecords.COUNTED == 0) {
                    audit = AuditRecords.add(audit, 1 + (move >> 8) % 9, (move >> 16) % 3 * 16);
                    if ((move >> 24) % 3 == 0) audit |= AuditRecords.COUNTED;
                    _put(execId, audit, uint40(block.timestamp + (move >> 32) % 100));
                }
            }
            for (uint256 id = 0; id < 12; ++id) {
                _check(_idOf(id));
            }
            skip((move >> 48) % 40);
        }
    }

    function test_APlaceIsUsedAgain() external {
        (bytes32 first, bytes32 second) = (_idOf(0), _idOf(3));
        _shelf.store(first, 7 | AuditRecords.COUNTED, uint40(block.timestamp) + 10);
        skip(9);
        _shelf.store(second, 5, uint40(block.timestamp) + 10);
        assertEq(_shelf.load(first), 7 | AuditRecords.COUNTED, "not yet");
        assertEq(_shelf.rest[second], 5, "a slot of its own");
        skip(1);
        bytes32 third = _idOf(6);
        _shelf.store(third, 3, uint40(block.timestamp) + 10);
        assertEq(_shelf.load(first), 0, "forgotten");
        assertEq(_shelf.load(second), 5);
        assertEq(_shelf.load(third), 3);
        assertEq(_shelf.rest[third], 0, "in the place of the first");
        _shelf.store(second, 6, uint40(block.timestamp) + 10);
        assertEq(_shelf.load(second), 6, "stays where it is");
        assertEq(_shelf.load(third), 3);
    }

    /// @dev Who is not counted is never forgotten, however long it takes.
    function test_WhatIsNotCountedStays() external {
        _shelf.store(_idOf(0), 7, uint40(block.timestamp));
        skip(365 days);
        _shelf.store(_idOf(3), 5, uint40(block.timestamp));
        assertEq(_shelf.load(_idOf(0)), 7);
        assertEq(_shelf.load(_idOf(3)), 5);
    }
}

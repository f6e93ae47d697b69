// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {IAuditManager} from "../../contracts/interfaces/IAuditManager.sol";
import {AuditHandler} from "./handlers/AuditHandler.sol";

/// @title AuditInvariants
/// @notice What holds of audits after any sequence of calls: test/invariant/README.md.
contract AuditInvariantsTest is Test {
    uint256 private constant MOST = 4e18; // 0.8 x 0.5 LYN / 10%
    uint96 private constant STAKE = 100_000e18;
    uint256 private constant RATE = 100_000;

    AuditHandler private h;

    bytes4[] private _selectors = [
        AuditHandler.job.selector,
        AuditHandler.job.selector,
        AuditHandler.close.selector,
        AuditHandler.close.selector,
        AuditHandler.fulfil.selector,
        AuditHandler.fulfil.selector,
        AuditHandler.commit.selector,
        AuditHandler.commit.selector,
        AuditHandler.commit.selector,
        AuditHandler.reveal.selector,
        AuditHandler.reveal.selector,
        AuditHandler.reveal.selector,
        AuditHandler.attestWithheld.selector,
        AuditHandler.demandTrace.selector,
        AuditHandler.report.selector,
        AuditHandler.settle.selector,
        AuditHandler.settle.selector,
        AuditHandler.release.selector,
        AuditHandler.unjail.selector,
        AuditHandler.pass.selector,
        AuditHandler.pass.selector,
        AuditHandler.pass.selector
    ];

    function setUp() public {
        h = new AuditHandler();
        h.begin();
        targetContract(address(h));
        targetSelector(FuzzSelector(address(h), _selectors));
    }

    /// @dev AUD-1, AUD-3 and AUD-4 are watched at every step.
    function invariant_AUD1_AUD3_AUD4_NothingIsEarlyOrChanges() public view {
        assertFalse(h.broken());
        for (uint256 i; i < h.trackedCount(); ++i) {
            uint40 epoch = h.epochAt(i);
            IAuditManager.Epoch memory record = h.audited().epochOf(epoch);
            if (record.seed == 0) continue;
            assertGe(record.closedAt, (epoch + 1) * 2, "closed after its end");
            assertGe(record.seedAt, record.closedAt, "seeded after that");
        }
    }

    function invariant_AUD2_PaidOnceAndWithinTheFees() public view {
        for (uint256 i; i < h.trackedCount(); ++i) {
            assertLe(h.paidFor(i), MOST);
            for (uint256 v; v < h.VERIFIERS(); ++v) {
                assertLe(h.reveals(i, h.ids(v)), 1);
                assertLe(h.reports(i, h.ids(v)) + h.reveals(i, h.ids(v)), 1, "AUD-4");
            }
        }
    }

    function invariant_AUD4_StakeIsLostForAbsenceOnly() public view {
        for (uint256 v; v < h.VERIFIERS(); ++v) {
            assertEq(h.stakeNow(h.ids(v)), STAKE - h.lost(h.ids(v)));
            assertEq(h.reservedNow(h.ids(v)), h.reserved(h.ids(v)));
        }
    }

    function invariant_AUD5_QEffIsWhatAuditsDid() public view {
        uint256 q = h.audited().qEffPpm();
        assertLe(q, RATE * 95 / 100);
        if (h.due() >= 2) assertLe(q, RATE * h.completed() / h.due());
    }

    function invariant_AUD7_NoWordCountsForTwo() public view {
        for (uint256 i; i < h.trackedCount(); ++i) {
            (bytes32 execId, bool ended) = h.execIdAt(i);
            if (ended) continue;
            IAuditManager.Audit memory audit = h.audited().auditOf(execId);
            assertEq(audit.agreeing, h.seatsThat(i, IAuditManager.Finding.Agrees));
            assertEq(audit.differing, h.seatsThat(i, IAuditManager.Finding.Differs));
            assertEq(audit.withheld, h.seatsWithheld(i));
        }
    }

    function invariant_AUD6_ThePoolIsWhatIsLeft() public view {
        assertEq(h.poolNow(), h.pool());
    }

    /// @dev A fixed walk, so that it cannot fail by chance: each handler gets through at least this often.
    function test_EveryHandlerRuns() public {
        uint256 random = 1;
        for (uint256 i = 0; i < 3_000; ++i) {
            random = uint256(keccak256(abi.encode(random)));
            (bool ok, bytes memory reason) = address(h)
                .call(
                    abi.encodePacked(
                        _selectors[random % _selectors.length],
                        random >> 8,
                        keccak256(abi.encode(random, 1)),
                        keccak256(abi.encode(random, 2))
                    )
                );
            assertTrue(ok, vm.toString(reason));
        }
        bytes32[12] memory names = [
            bytes32("job"),
            "close",
            "fulfil",
            "commit",
            "reveal",
            "attestWithheld",
            "void",
            "report",
            "settle",
            "release",
            "unjail",
            "pass"
        ];
        for (uint256 i = 0; i < names.length; ++i) {
            assertGe(h.calls(names[i]), 1, string(abi.encodePacked(names[i])));
        }
        invariant_AUD1_AUD3_AUD4_NothingIsEarlyOrChanges();
        invariant_AUD2_PaidOnceAndWithinTheFees();
        invariant_AUD4_StakeIsLostForAbsenceOnly();
        invariant_AUD5_QEffIsWhatAuditsDid();
        invariant_AUD6_ThePoolIsWhatIsLeft();
        invariant_AUD7_NoWordCountsForTwo();
    }
}

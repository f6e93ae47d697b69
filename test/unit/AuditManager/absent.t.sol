// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {MockV3Aggregator} from "@chainlink/contracts/src/v0.8/shared/mocks/MockV3Aggregator.sol";

import {IAuditManager} from "../../../contracts/interfaces/IAuditManager.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Role} from "../../../contracts/types/Role.sol";
import {Settings} from "../../../script/deploy/Settings.sol";
import {Actor} from "../../utils/Base.t.sol";
import {Audited} from "../../utils/Audited.t.sol";

/// @notice E4: who was drawn and stayed away loses a little, and whoever says so gets a part of it.
contract AuditAbsentTest is Audited {
    uint40 private constant REPORTS = 10 minutes;

    MockV3Aggregator private feed;
    Order private order;
    bytes32 private jobId;
    bytes32 private execId;
    uint40 private seedAt;
    uint40 private end; // of the reveals, if nobody comes

    function _settings() internal view override returns (Settings memory settings) {
        settings = super._settings();
        settings.feed = AggregatorV3Interface(address(feed));
    }

    function setUp() public override {
        feed = new MockV3Aggregator(0, 0);
        feed.updateRoundData(1, 0, 1, 1);
        super.setUp();
        (order, jobId, execId) = _sampledJob();
        seedAt = uint40(block.timestamp);
        end = seedAt + 2 * (C + R);
    }

    function _report() private {
        vm.prank(stranger.addr);
        audits.reportAbsent(jobId, verifierId);
    }

    function _expectTime() private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuditManager.AuditManager_WrongTime.selector, execId, end, end + REPORTS
            )
        );
    }

    function test_WhenAnAbsentVerifierIsReported() external {
        uint256 before = _free(stranger.addr);
        vm.warp(end);
        vm.expectEmit(address(audits));
        emit IAuditManager.AbsentReported(execId, verifierId, stranger.addr, ABSENT);
        _report();
        assertEq(_stakeOf(verifierId), STAKE - ABSENT);
        assertEq(_free(stranger.addr) - before, ABSENT * 4 / 10, "D1");
        // AUD-4: not twice.
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuditManager.AuditManager_AlreadyAttested.selector, execId, verifierId
            )
        );
        _report();
    }

    function test_ACommitAloneDoesNotHelp() external {
        _commitAs(verifierHot, verifierId, execId, "root", AGREES);
        vm.warp(end);
        _report();
        assertEq(
            uint8(audits.attestationOf(execId, verifierId)), uint8(IAuditManager.Attestation.Absent)
        );
    }

    function test_ReportsAreOpenFor() external {
        vm.warp(end - 1);
        _expectTime();
        _report();
        vm.warp(end + REPORTS);
        _expectTime();
        _report();
        vm.warp(end + REPORTS - 1);
        _report();
    }

    function test_SettlementIsNoExcuse() external {
        vm.warp(end + WINDOW);
        c.jobMarket.settle(order);
        _report();
    }

    /// @dev AUD-4.
    function test_RevertWhen_ItRevealed() external {
        _audit(order, execId, AGREES);
        vm.warp(end);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuditManager.AuditManager_AlreadyAttested.selector, execId, verifierId
            )
        );
        _report();
    }

    /// @dev A reveal in round 0 ends the reveals: others can be reported from then on.
    function test_GivenSomebodyRevealedInRoundZero() external {
        Actor memory second = _actor("second");
        uint32 id = _enrol(Role.Verifier, verifierOwner, second);
        skip(4);
        (order, jobId) = _delivered();
        execId = _execId(jobId);
        _seed(execId, true);
        _audit(order, execId, AGREES);
        vm.warp(audits.epochOf(_deliveryEpoch).seedAt + C + R);
        audits.reportAbsent(jobId, id);
        assertEq(_stakeOf(id), STAKE - ABSENT);
    }

    function test_RevertWhen_ItWasNotDrawn() external {
        uint32 late = _enrol(Role.Verifier, verifierOwner, _actor("late"));
        vm.warp(end);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NotDrawn.selector, execId, late)
        );
        audits.reportAbsent(jobId, late);
    }

    /// @dev A provider has no seat.
    function test_RevertWhen_AProviderIsReported() external {
        vm.warp(end);
        vm.expectRevert();
        audits.reportAbsent(jobId, providerId);
    }

    function test_RevertGiven_TheJobIsNotDelivered() external {
        bytes32 unknown = "unknown";
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NotDelivered.selector, unknown)
        );
        audits.reportAbsent(unknown, verifierId);
    }

    /// @dev A3: who could not send transactions was not absent.
    function test_RevertGiven_TheSequencerWasDown() external {
        uint40 up = seedAt + 1;
        feed.updateRoundData(2, 0, up, up);
        vm.warp(end);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_SequencerWasDown.selector, up)
        );
        _report();
        feed.updateRoundData(3, 0, seedAt, seedAt);
        _report();
    }

    /// @dev Absences are capped like missed deliveries, and jail as long.
    function test_AbsenceIsALivenessSlash() external {
        vm.warp(end);
        _report();
        assertEq(
            c.stakeManager.providerOf(verifierId).jailedUntil, block.timestamp + 30, "livenessJail"
        );
        _assertStatus(jobId, IJobMarket.Status.Delivered);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAuditManager} from "../../../contracts/interfaces/IAuditManager.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Role} from "../../../contracts/types/Role.sol";
import {Actor} from "../../utils/Base.t.sol";
import {Audited} from "../../utils/Audited.t.sol";

/// @notice AUD-7: executions whose audits share a word, one after the other or at once.
contract AuditPlacesTest is Audited {
    Order private order;
    bytes32 private execId;

    function setUp() public override {
        super.setUp();
        (order,, execId) = _sampledJob();
        _audit(order, execId, AGREES);
    }

    function _assertCounted(bytes32 id, uint256 agreeing, uint256 differing) private view {
        IAuditManager.Audit memory audit = audits.auditOf(id);
        assertEq(audit.agreeing, agreeing, "agreeing");
        assertEq(audit.differing, differing, "differing");
    }

    function _settle() private {
        vm.expectEmit(address(audits));
        emit IAuditManager.AuditClosed(execId, true);
        c.jobMarket.settle(order);
    }

    function test_GivenAnotherAuditRuns_ThenBothAreCounted() external {
        (Order memory other,, bytes32 otherId) = _sampledJobBeside(execId);
        _assertCounted(otherId, 0, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NoMismatch.selector, otherId)
        );
        audits.demandTrace(other, model);
        _audit(other, otherId, DIFFERS);
        _assertCounted(execId, 3, 0);
        _assertCounted(otherId, 0, 3);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NoMismatch.selector, execId)
        );
        audits.demandTrace(order, model);
        audits.demandTrace(other, model);
        assertTrue(audits.auditOf(otherId).demanded);
        assertFalse(audits.auditOf(execId).demanded);
        skip(WINDOW + R);
        _settle();
        assertTrue(audits.auditOf(execId).counted);
        assertFalse(audits.auditOf(otherId).counted);
    }

    /// @dev What has once been counted elsewhere stays there, though the place is free meanwhile.
    function test_WhenTheOtherEndsInBetween_ThenTheCountGoesOn() external {
        Actor memory second = _actor("second");
        uint32 secondId = _enrol(Role.Verifier, verifierOwner, second);
        skip(1);
        (Order memory first,, bytes32 firstId) = _sampledJob();
        uint40 until = uint40(block.timestamp) + C + R + WINDOW;
        _audit(first, firstId, AGREES);
        uint256 ofFirst = audits.auditOf(firstId).agreeing;
        skip(2); // so that it ends between the others' reveals
        (Order memory other,, bytes32 otherId) = _sampledJobBeside(firstId);
        bytes32 root = _root(_stepOf(otherId));
        _commitAs(verifierHot, verifierId, otherId, root, AGREES);
        _commitAs(second, secondId, otherId, root, AGREES);
        uint256 mine = audits.seatsOf(_deliveryEpoch, otherId, verifierId, 0);
        uint256 others = audits.seatsOf(_deliveryEpoch, otherId, secondId, 0);
        assertGe(mine, 1);
        assertGe(others, 1);
        skip(C);
        _revealAs(verifierHot, other, root, AGREES);
        if (block.timestamp < until) vm.warp(until);
        c.jobMarket.settle(first);
        _revealAs(second, other, root, AGREES);
        _assertCounted(otherId, mine + others, 0);
        _assertCounted(firstId, ofFirst, 0);
        skip(1 hours);
        vm.expectEmit(address(audits));
        emit IAuditManager.AuditClosed(otherId, true);
        c.jobMarket.settle(other);
        assertTrue(audits.auditOf(otherId).counted);
        _assertCounted(otherId, mine + others, 0);
    }

    /// @dev Reports of absence read what a settled execution counted.
    function test_GivenReportsAreOpen_ThenTheWordIsKept() external {
        skip(WINDOW + R);
        _settle();
        (Order memory other,, bytes32 otherId) = _sampledJobBeside(execId);
        _audit(other, otherId, DIFFERS);
        _assertCounted(execId, 3, 0);
        _assertCounted(otherId, 0, 3);
    }

    function test_GivenTheOtherIsOver_ThenItsWordIsTaken() external {
        skip(WINDOW + R);
        _settle();
        skip(1 hours);
        (Order memory other,, bytes32 otherId) = _sampledJobBeside(execId);
        _assertCounted(otherId, 0, 0);
        _assertCounted(execId, 3, 0);
        _audit(other, otherId, DIFFERS);
        _assertCounted(otherId, 0, 3);
        _assertCounted(execId, 0, 0);
        assertFalse(audits.auditOf(otherId).counted);
        skip(1 hours);
        vm.expectEmit(address(audits));
        emit IAuditManager.AuditClosed(otherId, true);
        c.jobMarket.settle(other);
    }

    function test_GivenTheOtherIsSettledLate_ThenTheNextSecondMayTakeItsWord() external {
        skip(1 hours);
        _settle();
        (Order memory other,, bytes32 otherId) = _sampledJobBeside(execId);
        _audit(other, otherId, DIFFERS);
        _assertCounted(otherId, 0, 3);
        _assertCounted(execId, 0, 0);
    }

    /// @dev Against who leaves it so long: it counts as not completed, which lowers qEff (AUD-5).
    function test_GivenNobodySettlesForNinetyDays_ThenTheWordIsTaken() external {
        uint256 written = block.timestamp;
        vm.warp(written + 90 days - 4);
        (Order memory early,, bytes32 earlyId) = _sampledJobBeside(execId);
        if (block.timestamp < written + 90 days) {
            _audit(early, earlyId, DIFFERS);
            _assertCounted(execId, 3, 0);
        }
        skip(4);
        (Order memory other,, bytes32 otherId) = _sampledJobBeside(execId);
        _audit(other, otherId, DIFFERS);
        _assertCounted(otherId, 0, 3);
        _assertCounted(earlyId, 0, 3);
        _assertCounted(execId, 0, 0);
        vm.expectEmit(address(audits));
        emit IAuditManager.AuditClosed(execId, false);
        c.jobMarket.settle(order);
        _assertCounted(otherId, 0, 3);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAttestations} from "../../../contracts/interfaces/IAttestations.sol";
import {IAuditManager} from "../../../contracts/interfaces/IAuditManager.sol";
import {IDemands} from "../../../contracts/interfaces/IDemands.sol";
import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {IStakeManager} from "../../../contracts/interfaces/IStakeManager.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Role} from "../../../contracts/types/Role.sol";
import {Actor} from "../../utils/Base.t.sol";
import {Audited} from "../../utils/Audited.t.sol";

/// @notice What a drawn verifier does, when, and what it is paid; what becomes of its stake.
contract AuditRevealTest is Audited {
    /// @dev 0.8 x 0.5 LYN / 10% for three seats: what an execution costs the pool at most.
    uint256 private constant PAY = 4e18;

    Order private order;
    bytes32 private jobId;
    bytes32 private execId;
    bytes32 private root;
    uint40 private seedAt;

    function setUp() public override {
        super.setUp();
        (order, jobId, execId) = _sampledJob();
        root = _root(_stepOf(execId));
        seedAt = uint40(block.timestamp);
    }

    function _commit() private {
        _commitAs(verifierHot, verifierId, execId, root, AGREES);
    }

    function _reveal() private returns (uint256) {
        return _revealAs(verifierHot, order, root, AGREES);
    }

    function _expect(bytes4 selector) private {
        vm.expectRevert(abi.encodeWithSelector(selector, execId, verifierId));
    }

    function _expectTime(uint40 start, uint40 end) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuditManager.AuditManager_WrongTime.selector, execId, start, end
            )
        );
    }

    // --- Paid work ---

    function test_WhenADrawnVerifierReveals() external {
        vm.expectEmit(address(audits));
        emit IAuditManager.Committed(execId, verifierId);
        _commit();
        assertEq(_reserved(verifierId), 0);
        skip(C);
        vm.expectEmit(address(audits));
        emit IAuditManager.Revealed(execId, verifierId, _stepOf(execId), 3, AGREES, root, PAY);
        assertEq(_reveal(), PAY);
        assertEq(_free(verifierOwner.addr), PAY, "into the owner's account");
        assertEq(_pool(), POOL - PAY);
        assertEq(_reserved(verifierId), FAULT);
        assertEq(audits.faultReserveOf(execId, verifierId), FAULT);
        IAuditManager.Audit memory audit = audits.auditOf(execId);
        assertEq(audit.agreeing, 3);
        assertEq(audit.round, 0);
        assertTrue(audits.isAttested(execId, verifierId, root, AGREES));
        assertFalse(audits.isAttested(execId, verifierId, root, DIFFERS));
        assertFalse(audits.isAttested(execId, verifierId, "other", AGREES));
        assertEq(
            uint8(audits.attestationOf(execId, verifierId)),
            uint8(IAuditManager.Attestation.Revealed)
        );
        // AUD-3: the window reaches to the reveal's end + W.
        uint40 end = seedAt + C + R;
        assertEq(audits.revealEndOf(_deliveryEpoch, execId), end);
        vm.warp(end + WINDOW - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_Held.selector, execId, end + WINDOW)
        );
        c.jobMarket.settle(order);
        vm.warp(end + WINDOW);
        vm.expectEmit(address(audits));
        emit IAuditManager.AuditClosed(execId, true);
        c.jobMarket.settle(order);
        assertEq(_pool(), POOL - PAY + 0.5e18, "the fee");
        assertTrue(audits.auditOf(execId).counted);
    }

    /// @dev AUD-2: once an execution.
    function test_RevertWhen_ItRevealsOrCommitsAgain() external {
        _commit();
        skip(C);
        _reveal();
        _expect(IAuditManager.AuditManager_AlreadyAttested.selector);
        _reveal();
        _expect(IAuditManager.AuditManager_AlreadyAttested.selector);
        _commit();
        _expect(IAuditManager.AuditManager_AlreadyAttested.selector);
        vm.prank(verifierHot.addr);
        audits.attestWithheld(order);
    }

    function test_ACommitCanBeReplacedWhileCommitsAreOpen() external {
        _commitAs(verifierHot, verifierId, execId, "other", AGREES);
        _commit();
        skip(C);
        _reveal();
    }

    /// @dev AUD-6: the pool pays no more than it has, and who worked is not punished for that.
    function test_GivenThePoolIsNearlyEmpty() external {
        audits.payOracle(lyn, stranger.addr, POOL - 1e18);
        _commit();
        skip(C);
        assertEq(_reveal(), 1e18);
        assertEq(_pool(), 0);
    }

    function test_GivenThePoolIsEmpty() external {
        audits.payOracle(lyn, stranger.addr, POOL);
        _commit();
        skip(C);
        assertEq(_reveal(), 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILedger.Ledger_InsufficientFree.selector, lyn, address(audits), 1, 0
            )
        );
        audits.payOracle(lyn, stranger.addr, 1);
    }

    function test_WhenTheOracleIsPaid() external {
        uint256 before = c.lynToken.balanceOf(stranger.addr);
        vm.expectEmit(address(audits));
        emit IAuditManager.OraclePaid(lyn, stranger.addr, 5e18);
        audits.payOracle(lyn, stranger.addr, 5e18);
        assertEq(c.lynToken.balanceOf(stranger.addr) - before, 5e18);
        vm.expectRevert("Only callable by owner");
        vm.prank(stranger.addr);
        audits.payOracle(lyn, stranger.addr, 5e18);
    }

    // --- Windows: [start, end) ---

    function testFuzz_CommitsAreOpenFor(uint256 late) external {
        late = bound(late, 0, C + 2);
        skip(late);
        _commit();
        vm.warp(seedAt + C);
        if (late < C) {
            _reveal();
        } else if (late == C) {
            _expectTime(seedAt, seedAt + C);
            _reveal();
        }
    }

    function test_ACommitInTheLastSecond() external {
        skip(C - 1);
        _commit();
        skip(1);
        _reveal();
    }

    function test_RevertWhen_TheCommitIsLate() external {
        skip(C);
        _commit();
        _expectTime(seedAt, seedAt + C);
        _reveal();
    }

    function test_RevertWhen_TheRevealIsEarly() external {
        _commit();
        skip(C - 1);
        _expectTime(seedAt + C, seedAt + C + R);
        _reveal();
        skip(1);
        _reveal();
    }

    function test_ARevealInTheLastSecond() external {
        _commit();
        skip(C + R - 1);
        _reveal();
    }

    function test_RevertWhen_TheRevealIsLate() external {
        _commit();
        skip(C + R);
        // Round 1 has begun, and the commit is older.
        _expectTime(seedAt + C + R, seedAt + C + R + C);
        _reveal();
    }

    /// @dev E1: nobody came, so twice as many are drawn, at half the pay for a seat.
    function test_GivenNobodyRevealed_ThenRoundOne() external {
        uint40 round = seedAt + C + R;
        vm.warp(round - 1);
        assertEq(audits.revealEndOf(_deliveryEpoch, execId), round);
        vm.warp(round);
        assertEq(audits.revealEndOf(_deliveryEpoch, execId), round + C + R);
        assertEq(audits.seatsOf(_deliveryEpoch, execId, verifierId, 0), 3);
        assertEq(audits.seatsOf(_deliveryEpoch, execId, verifierId, 1), 6);
        _commit();
        skip(C);
        assertEq(_reveal(), PAY);
        assertEq(audits.auditOf(execId).round, 1);
        assertEq(audits.auditOf(execId).agreeing, 6);
        assertEq(audits.heldUntil(execId, 0, 0), type(uint40).max, "of another epoch");
        vm.warp(round + C + R + WINDOW);
        c.jobMarket.settle(order);
    }

    function test_GivenNobodyEverRevealed() external {
        uint40 end = seedAt + 2 * (C + R) + WINDOW;
        vm.warp(end - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_Held.selector, execId, end)
        );
        c.jobMarket.settle(order);
        vm.warp(end);
        vm.expectEmit(address(audits));
        emit IAuditManager.AuditClosed(execId, false);
        c.jobMarket.settle(order);
        _assertStatus(jobId, IJobMarket.Status.Settled);
    }

    // --- Who may not ---

    function test_RevertWhen_AStrangerCommits() external {
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NotAVerifier.selector, stranger.addr)
        );
        vm.prank(stranger.addr);
        audits.commit(execId, "hash");
        // Not even a provider.
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NotAVerifier.selector, hot.addr)
        );
        vm.prank(hot.addr);
        audits.commit(execId, "hash");
    }

    function test_RevertWhen_AStrangerReveals() external {
        vm.expectRevert(
            abi.encodeWithSelector(IStakeManager.StakeManager_NotAHotKey.selector, stranger.addr)
        );
        _revealAs(stranger, order, root, AGREES);
    }

    function test_RevertWhen_NothingWasCommitted() external {
        skip(C);
        _expect(IAuditManager.AuditManager_NoCommit.selector);
        _reveal();
        vm.warp(seedAt);
        _commit();
        skip(C);
        _expect(IAuditManager.AuditManager_NoCommit.selector);
        _revealAs(verifierHot, order, "another root", AGREES);
        _expect(IAuditManager.AuditManager_NoCommit.selector);
        _revealAs(verifierHot, order, root, DIFFERS);
        vm.expectRevert(IAuditManager.AuditManager_BadFinding.selector);
        _revealAs(verifierHot, order, root, IAuditManager.Finding.None);
    }

    /// @dev A verifier without stake at the end of the epoch has no seat.
    function test_RevertWhen_ItIsNotDrawn() external {
        Actor memory late = _actor("late");
        uint32 id = _enrol(Role.Verifier, verifierOwner, late);
        _commitAs(late, id, execId, root, AGREES);
        skip(C);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NotDrawn.selector, execId, id)
        );
        _revealAs(late, order, root, AGREES);
        assertEq(audits.seatsOf(_deliveryEpoch, execId, id, 0), 0);
    }

    function test_RevertGiven_TheExecutionIsNotSampled() external {
        (Order memory other, bytes32 otherId) = _delivered();
        bytes32 otherExec = _execId(otherId);
        bytes memory none =
            abi.encodeWithSelector(IAuditManager.AuditManager_NoSeed.selector, _deliveryEpoch);
        vm.expectRevert(none);
        _revealAs(verifierHot, other, root, AGREES);
        _seed(otherExec, false);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NotSampled.selector, otherExec)
        );
        _revealAs(verifierHot, other, root, AGREES);
        assertFalse(audits.isSampled(_deliveryEpoch, otherExec));
        assertEq(audits.seatsOf(_deliveryEpoch, otherExec, verifierId, 0), 0);
    }

    function test_RevertGiven_NothingIsDelivered() external {
        (Order memory other, bytes32 otherId) = _locked();
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NotDelivered.selector, otherId)
        );
        _revealAs(verifierHot, other, root, AGREES);
    }

    /// @dev A fork with another chain id has other job ids, here as in the market.
    function test_OnAnotherChainTheOrderIsAnother() external {
        vm.chainId(99);
        bytes32 other = c.jobMarket.jobIdOf(order);
        assertTrue(other != jobId);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NotDelivered.selector, other)
        );
        audits.demandTrace(order, model);
    }

    function test_RevertGiven_ItsStakeIsTaken() external {
        c.stakeManager.authorise(address(this), Role.Verifier);
        c.stakeManager.reserveVerifier(verifierHot.addr, STAKE, uint40(block.timestamp) - 1);
        _commit();
        skip(C);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector, verifierId, FAULT, 0
            )
        );
        _reveal();
    }

    // --- Reservations ---

    function test_WhenTheReserveIsReleased() external {
        _expect(IAuditManager.AuditManager_NothingReserved.selector);
        audits.release(execId, verifierId);
        _commit();
        skip(C);
        _reveal();
        uint40 until = seedAt + C + R + WINDOW;
        vm.warp(until - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_Held.selector, execId, until)
        );
        audits.release(execId, verifierId);
        vm.warp(until);
        assertEq(audits.faultReserveOf(execId, verifierId), 0);
        vm.expectEmit(address(audits));
        emit IAuditManager.ReserveReleased(execId, verifierId, FAULT);
        vm.prank(stranger.addr);
        audits.release(execId, verifierId);
        assertEq(_reserved(verifierId), 0);
        _expect(IAuditManager.AuditManager_NothingReserved.selector);
        audits.release(execId, verifierId);
    }

    /// @dev ATT-1, ATT-3: a case keeps the reservation, and a withheld trace convicts, once.
    function test_AFaultIsSlashedOnce() external {
        _commit();
        skip(C);
        _reveal();
        Order memory own = c.attestations.orderOf(order, execId, verifierId);
        assertEq(own.collateral, FAULT);
        bytes32 caseId = c.attestations.open(order, 0, providerId, verifierId, root, AGREES);
        bytes32 demandId = _demand(own, _traceRequest(_stepOf(execId)));
        vm.warp(seedAt + C + R + WINDOW + 1);
        assertEq(audits.faultReserveOf(execId, verifierId), FAULT, "as long as the case is open");
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuditManager.AuditManager_Held.selector, execId, type(uint40).max
            )
        );
        audits.release(execId, verifierId);
        vm.warp(c.demands.deadlineOf(demandId));
        vm.prank(stranger.addr);
        c.demands.expireDemand(own, demandId);
        assertEq(_stakeOf(verifierId), STAKE - FAULT);
        assertEq(_reserved(verifierId), 0);
        assertEq(uint8(c.attestations.caseOf(caseId).status), uint8(IJobMarket.Status.Convicted));
        _expect(IAuditManager.AuditManager_NothingReserved.selector);
        vm.prank(address(c.attestations));
        audits.slashFault(execId, verifierId, 0, stranger.addr);
        _expect(IAuditManager.AuditManager_NothingReserved.selector);
        audits.release(execId, verifierId);
    }

    function test_RevertWhen_AStrangerSlashes() external {
        vm.startPrank(stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuditManager.AuditManager_NotAttestations.selector, stranger.addr
            )
        );
        audits.slashFault(execId, verifierId, 0, stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NotCanaries.selector, stranger.addr)
        );
        audits.slashCanary(execId, verifierId);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NotCanaries.selector, stranger.addr)
        );
        audits.voidCanary(order);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NotMarket.selector, stranger.addr)
        );
        audits.finalise(execId, 0, 0);
    }

    // --- Mismatch: E4 ---

    function test_WhenAnAuditDiffers_ThenThePoolDemandsTheTrace() external {
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NoMismatch.selector, execId)
        );
        audits.demandTrace(order, model);
        _audit(order, execId, DIFFERS);
        uint32 step = _stepOf(execId);
        bytes32 demandId = c.demands.demandIdOf(execId, _traceRequest(step));
        uint96 bond = c.demands.bondOf(order, _traceRequest(step), model.activations);
        uint256 before = _pool();
        vm.expectEmit(address(audits));
        emit IAuditManager.MismatchDemanded(execId, demandId, step);
        vm.prank(stranger.addr);
        assertEq(audits.demandTrace(order, model), demandId);
        assertEq(_pool(), before - bond);
        assertEq(c.demands.demandOf(demandId).asker, address(audits));
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_AlreadyDemanded.selector, execId)
        );
        audits.demandTrace(order, model);

        // D5: the provider answers and gets its gas, nothing more; the pool the rest that is not burnt.
        uint256 ofOwner = _free(owner.addr);
        _answerTrace(order, demandId, step);
        IDisputes.Demand memory asked = c.demands.demandOf(demandId);
        assertTrue(asked.ofOutput);
        skip(1 hours);
        c.jobMarket.settle(order);
        uint256 settled = _free(owner.addr);
        uint256 pool = _pool();
        c.demands.claimBond(demandId);
        assertEq(_free(owner.addr) - settled, asked.answerGas);
        uint256 rest = bond - asked.answerGas;
        assertEq(_pool() - pool, rest - rest / 2);
        assertGt(settled, ofOwner);
    }

    /// @dev AUD-6.
    function test_RevertWhen_ThePoolCannotBond() external {
        audits.payOracle(lyn, stranger.addr, POOL);
        _audit(order, execId, DIFFERS);
        vm.expectPartialRevert(ILedger.Ledger_InsufficientFree.selector);
        audits.demandTrace(order, model);
        assertFalse(audits.auditOf(execId).demanded);
    }

    /// @dev A demand that is not answered convicts, as everybody's does.
    function test_AWithheldTraceConvicts() external {
        _audit(order, execId, DIFFERS);
        bytes32 demandId = audits.demandTrace(order, model);
        vm.warp(c.demands.deadlineOf(demandId));
        c.demands.expireDemand(order, demandId);
        _assertStatus(jobId, IJobMarket.Status.Convicted);
        uint256 pool = _pool();
        c.demands.claimBond(demandId);
        assertGt(_pool(), pool);
    }

    // --- Withheld bytes: A7 ---

    function test_WhenAQuorumGetsNoBytes_ThenTheExecutionIsVoid() external {
        vm.expectEmit(address(audits));
        emit IAuditManager.WithheldAttested(execId, verifierId, 3);
        vm.expectEmit(address(audits));
        emit IAuditManager.AuditVoided(execId);
        vm.prank(verifierHot.addr);
        audits.attestWithheld(order);
        _assertStatus(jobId, IJobMarket.Status.Reopened);
        assertEq(_stakeOf(providerId), STAKE, "no slash");
        assertEq(uint8(c.disputes.executionOf(execId).outcome), uint8(IDisputes.Outcome.Void));
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NotDelivered.selector, jobId)
        );
        vm.prank(verifierHot.addr);
        audits.attestWithheld(order);
    }

    function test_AttestingIsOpenUntilTheEnd() external {
        uint40 end = seedAt + 2 * (C + R) + WINDOW;
        vm.warp(end);
        _expectTime(seedAt, end);
        vm.prank(verifierHot.addr);
        audits.attestWithheld(order);
        vm.warp(end - 1);
        vm.prank(verifierHot.addr);
        audits.attestWithheld(order);
        _assertStatus(jobId, IJobMarket.Status.Reopened);
    }

    /// @dev An equal verifier that agrees outvotes one that got no bytes.
    function test_GivenOthersAgree_ThenNothingIsVoid() external {
        Actor memory second = _actor("second");
        uint32 id = _enrol(Role.Verifier, verifierOwner, second);
        skip(4);
        (order, jobId) = _delivered();
        execId = _execId(jobId);
        _seed(execId, true);
        root = _root(_stepOf(execId));
        uint16 mine = audits.seatsOf(_deliveryEpoch, execId, verifierId, 0);
        uint16 others = audits.seatsOf(_deliveryEpoch, execId, id, 0);
        assertGe(mine, 1);
        assertGe(others, 1);
        _commit();
        skip(C);
        _reveal();
        vm.prank(second.addr);
        audits.attestWithheld(order);
        assertEq(audits.auditOf(execId).withheld, others);
        if (others < 2 * mine) _assertStatus(jobId, IJobMarket.Status.Delivered);
    }

    // --- What audits really did: AUD-5 ---

    function test_QEffFollowsWhatWasCompleted() external {
        // One is enough to count.
        IAuditManager.AuditSnapshot memory snapshot = audits.snapshotOf(1);
        snapshot.minDue = 1;
        vm.prank(address(c.parameters));
        audits.pushSnapshot(2, snapshot);
        assertEq(audits.qEffPpm(), 95_000);
        vm.warp(seedAt + 2 * (C + R) + WINDOW);
        c.jobMarket.settle(order);
        assertEq(audits.qEffPpm(), 0, "one due, none completed");
    }

    /// @dev A market that nobody audited opens again by itself, after as long as there was much to forget.
    function test_WhatWasCountedIsForgotten() external {
        IAuditManager.AuditSnapshot memory snapshot = audits.snapshotOf(1);
        snapshot.minDue = 2;
        vm.prank(address(c.parameters));
        audits.pushSnapshot(2, snapshot);
        vm.warp(seedAt + 2 * (C + R) + WINDOW);
        c.jobMarket.settle(order);
        (Order memory next,,) = _sampledJob();
        skip(2 * (C + R) + WINDOW);
        c.jobMarket.settle(next);
        assertEq(audits.qEffPpm(), 0, "two due, none completed");
        uint256 week = (block.timestamp / 7 days + 1) * 7 days;
        vm.warp(week - 1);
        assertEq(audits.qEffPpm(), 0);
        vm.warp(week);
        assertEq(audits.qEffPpm(), 95_000, "one is too few to count");
        skip(100 * 365 days);
        assertEq(audits.qEffPpm(), 95_000);
    }

    function test_RevertWhen_AnExecutionIsCountedTwice() external {
        vm.warp(seedAt + 2 * (C + R) + WINDOW);
        IJobMarket.Job memory job = c.jobMarket.jobOf(jobId);
        c.jobMarket.settle(order);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_AlreadyCounted.selector, execId)
        );
        vm.prank(address(c.jobMarket));
        audits.finalise(execId, job.time, job.window);
    }
}

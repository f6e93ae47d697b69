// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAttestations} from "../../../contracts/interfaces/IAttestations.sol";
import {IAuditManager} from "../../../contracts/interfaces/IAuditManager.sol";
import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {IFraudVerifier} from "../../../contracts/interfaces/IFraudVerifier.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {FraudProof} from "../../../contracts/types/FraudProof.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {AttestedJob} from "../../utils/AttestedJob.t.sol";
import {TreeBuilder} from "../../utils/TreeBuilder.sol";

/// @notice E2, E3: what a verifier attested is open to the demands and proofs of an execution, and convicts the verifier. Step 1 is audited.
contract AttestationsTest is AttestedJob {
    function _attest() private {
        _attest(1);
    }

    // ---- cases ----

    function test_ACaseIsAnExecutionOfItsOwn() public {
        _attest();
        IAttestations.Case memory opened = c.attestations.caseOf(caseId);
        assertEq(opened.execId, execId);
        assertEq(opened.step, 1);
        assertEq(opened.resultRoot, _resultRoot());
        assertEq(opened.closesAt, block.timestamp + HELD);
        assertEq(c.attestations.caseIdOf(execId, verifierId), caseId);
        assertTrue(c.attestations.isOpen(execId, verifierId));
        assertEq(own.collateral, FAULT);
        assertEq(own.modelId, modelId);
        IJobMarket.Job memory job = c.attestations.jobOf(caseId);
        assertEq(job.providerId, verifierId);
        assertEq(job.window, HELD);
    }

    function test_RevertWhen_TheCaseIsOfNothingRevealed() public {
        _attest();
        bytes32 root = TreeBuilder.leafHash(_tensorRoots(1)[0]);
        vm.expectRevert(
            abi.encodeWithSelector(IAttestations.Attestations_CaseExists.selector, caseId)
        );
        c.attestations.open(order, 0, providerId, verifierId, root, IAuditManager.Finding.Agrees);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAttestations.Attestations_NotAttested.selector, execId, verifierId
            )
        );
        c.attestations.open(order, 0, providerId, verifierId, root, IAuditManager.Finding.Differs);
        vm.expectPartialRevert(IAttestations.Attestations_NotDelivered.selector);
        c.attestations.open(order, 1, providerId, verifierId, root, IAuditManager.Finding.Agrees);
    }

    function test_RevertWhen_TheTimeIsOver() public {
        bytes32 root = TreeBuilder.leafHash(_tensorRoots(1)[0]);
        uint40 end = uint40(block.timestamp) + 5;
        audits.reveal(execId, verifierId, root, IAuditManager.Finding.Agrees, end, 1);
        vm.warp(end);
        vm.expectPartialRevert(IAttestations.Attestations_Closed.selector);
        c.attestations.open(order, 0, providerId, verifierId, root, IAuditManager.Finding.Agrees);
    }

    // ---- convictions ----

    /// E3: a fault in its own trace.
    function test_AFaultyTraceConvictsTheVerifier() public {
        _set(1, H, 7, _float(99));
        _attest();
        bytes32 demandId = _demand(own, _traceRequest(1));
        _answerAs(verifierHot.addr, demandId, abi.encode(_tensorRoots(1)));
        uint256 before = _free(stranger.addr);
        _proveCase(_proof(1, ADD, 7));
        assertEq(_stakeOf(verifierId), STAKE - FAULT);
        assertEq(_stakeOf(providerId), STAKE, "the provider's is another matter");
        assertGt(_free(stranger.addr), before + FAULT / 5, "the bounty");
        assertFalse(c.attestations.isOpen(execId, verifierId));
        assertEq(
            uint8(c.disputes.executionOf(caseExecId).outcome), uint8(IDisputes.Outcome.Convicted)
        );
        c.demands.claimBond(demandId);
        _assertStatus(jobId, IJobMarket.Status.Delivered);
    }

    /// E3: a withheld opening.
    function test_SilenceConvictsTheVerifier() public {
        _attest();
        bytes32 demandId = _demand(own, _traceRequest(1));
        skip(20);
        c.demands.expireDemand(own, demandId);
        assertEq(_stakeOf(verifierId), STAKE - FAULT);
        c.demands.claimBond(demandId);
    }

    // ---- what never convicts ----

    /// ATT-2: the provider's cheat is not the verifier's.
    function test_TheProvidersOutputNeverConvictsTheVerifier() public {
        // The provider's y of step 1 is wrong; the verifier's trace is honest.
        _set(1, Y, 3, _float(99));
        order = _order();
        jobId = _lock(order);
        _deliver(jobId);
        execId = _execId(jobId);
        _attest();
        bytes32 demandId = _demand(own, _traceRequest(1));
        _answerAs(verifierHot.addr, demandId, abi.encode(_tensorRoots(1)));
        FraudProof memory proof = _proof(1, LAST, 3);
        bytes32 hash = _hash(stranger.addr, caseExecId, proof, "salt");
        vm.prank(stranger.addr);
        c.disputes.commitProof(own, hash);
        _nextBlock();
        vm.prank(stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(IAttestations.Attestations_NotItsOwn.selector, caseId)
        );
        c.disputes.proveFraud(own, proof, "salt");
    }

    function test_AnHonestTraceIsAcquitted() public {
        _attest();
        bytes32 demandId = _demand(own, _traceRequest(1));
        _answerAs(verifierHot.addr, demandId, abi.encode(_tensorRoots(1)));
        FraudProof memory proof = _proof(1, ADD, 7);
        bytes32 hash = _hash(stranger.addr, caseExecId, proof, "salt");
        vm.prank(stranger.addr);
        c.disputes.commitProof(own, hash);
        _nextBlock();
        vm.prank(stranger.addr);
        vm.expectPartialRevert(IDisputes.Disputes_NotFraud.selector);
        c.disputes.proveFraud(own, proof, "salt");
        skip(HELD);
        c.attestations.settle(caseId);
        c.demands.claimBond(demandId);
        assertFalse(c.attestations.isOpen(execId, verifierId));
        vm.expectRevert(
            abi.encodeWithSelector(IAttestations.Attestations_UnknownCase.selector, caseId)
        );
        c.attestations.settle(caseId);
    }

    function test_RevertWhen_ItDoesNotAnswerForThat() public {
        _attest();
        IDisputes.Request[3] memory requests =
            [_traceRequest(0), _outputRequest(1), _chunkRequest(1, X, 0, 1)];
        for (uint256 i; i < 3; ++i) {
            bool chunk = requests[i].kind == IDisputes.Kind.Chunk;
            bytes memory entry = chunk ? entries[X] : bytes("");
            bytes32[] memory path = chunk ? _entryProof(X) : new bytes32[](0);
            vm.prank(stranger.addr);
            vm.expectRevert(
                abi.encodeWithSelector(IAttestations.Attestations_NotItsOwn.selector, caseId)
            );
            c.demands.demand(own, model, requests[i], entry, path);
        }
    }

    /// ATT-1: what is posted is what was revealed.
    function test_RevertWhen_AnotherTraceIsPosted() public {
        _attest();
        bytes32 demandId = _demand(own, _traceRequest(1));
        _set(1, H, 7, _float(99));
        bytes memory payload = abi.encode(_tensorRoots(1));
        vm.prank(verifierHot.addr);
        vm.expectPartialRevert(IFraudVerifier.FraudVerifier_WrongTrace.selector);
        c.demands.answer(own, model, demandId, payload);
    }

    function test_RevertWhen_ItIsSettledTooEarlyOrByOthers() public {
        _attest();
        vm.expectRevert(
            abi.encodeWithSelector(
                IAttestations.Attestations_NotFinal.selector, caseId, block.timestamp + HELD
            )
        );
        c.attestations.settle(caseId);
        bytes memory error_ =
            abi.encodeWithSelector(IAttestations.Attestations_NotDisputes.selector, address(this));
        vm.expectRevert(error_);
        c.attestations.freeze(caseId);
        vm.expectRevert(error_);
        c.attestations.convict(own, 0, address(this));
    }
}

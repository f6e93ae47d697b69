// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAttestations} from "../../../contracts/interfaces/IAttestations.sol";
import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {FraudProof} from "../../../contracts/types/FraudProof.sol";
import {AttestedJob} from "../../utils/AttestedJob.t.sol";

/// @notice E2, E3, B8: a verifier of a step in the middle of a segment answers for the state that it began with, and for the steps that led there. Segments {0, 1} and {2}.
contract SegmentedAttestationsTest is AttestedJob {
    function _segmentSteps() internal pure override returns (uint32) {
        return 2;
    }

    function _ask(IDisputes.Request memory request, bytes memory payload) private {
        _answerAs(verifierHot.addr, _demand(own, request), payload);
    }

    function _posts(uint32 step) private {
        _ask(_traceRequest(step), abi.encode(_tensorRoots(step)));
    }

    function _postsStates() private {
        _ask(_stepRequest(0), _stepPayload(0));
    }

    /// @dev Another state after step 0, and step 1 rightly computed from it.
    function _makeUpAState() private {
        _set(0, NEXT, 5, _float(7));
        _set(1, STATE, 5, _float(7));
        _set(1, H, 5, _float(18));
    }

    function _expectAcquitted(FraudProof memory proof, bytes4 reason) private {
        bytes32 hash = _hash(stranger.addr, caseExecId, proof, "salt");
        vm.prank(stranger.addr);
        c.disputes.commitProof(own, hash);
        _nextBlock();
        vm.prank(stranger.addr);
        vm.expectPartialRevert(reason);
        c.disputes.proveFraud(own, proof, "salt");
    }

    function _assertConvicted() private view {
        assertEq(_stakeOf(verifierId), STAKE - FAULT);
        assertEq(_stakeOf(providerId), STAKE, "the provider's is another matter");
        assertFalse(c.attestations.isOpen(execId, verifierId));
    }

    // ---- convictions ----

    function test_WhenANodeReadsTheStateInside() external {
        _set(1, H, 7, _float(99));
        _attest(1);
        _posts(1);
        _postsStates();
        _proveCase(_proof(1, ADD, 7));
        _assertConvicted();
    }

    /// Its step is right, from a state that it made up: the step before is where that shows.
    function test_WhenTheStateIsMadeUp() external {
        _makeUpAState();
        _attest(1);
        _posts(1);
        _postsStates();
        _expectAcquitted(_proof(1, ADD, 5), IDisputes.Disputes_NotFraud.selector);
        _posts(0);
        _proveCase(_proof(0, MUL, 5));
        _assertConvicted();
    }

    /// And so is what that state was made of.
    function test_WhenTheStepsBeforeAreMadeUpAsWell() external {
        _makeUpAState();
        _set(0, H, 5, bytes4(0x00006040)); // 3.5, of which 7 is the double
        _attest(1);
        _posts(1);
        _postsStates();
        _posts(0);
        _expectAcquitted(_proof(0, MUL, 5), IDisputes.Disputes_NotFraud.selector);
        _proveCase(_proof(0, ADD, 5));
        _assertConvicted();
    }

    function test_WhenTheStatesAreWithheld() external {
        _attest(1);
        bytes32 demandId = _demand(own, _stepRequest(0));
        vm.warp(c.demands.deadlineOf(demandId));
        c.demands.expireDemand(own, demandId);
        _assertConvicted();
    }

    function test_WhenTheTraceOfAStepBeforeIsWithheld() external {
        _attest(1);
        bytes32 demandId = _demand(own, _traceRequest(0));
        vm.warp(c.demands.deadlineOf(demandId));
        c.demands.expireDemand(own, demandId);
        _assertConvicted();
    }

    // ---- what never convicts ----

    function test_GivenAnHonestRun() external {
        _attest(1);
        _posts(1);
        _postsStates();
        _posts(0);
        _ask(_chunkRequest(0, NEXT, 0, 2), _chunkPayload(0, NEXT, 0, 2));
        _ask(_chunkRequest(1, STATE, 1, 1), _chunkPayload(1, STATE, 1, 1));
        bytes4 right = IDisputes.Disputes_NotFraud.selector;
        _expectAcquitted(_proof(0, ADD, 1), right);
        _expectAcquitted(_proof(0, MUL, 2), right);
        _expectAcquitted(_proof(1, ADD, 3), right);
        skip(HELD);
        c.attestations.settle(caseId);
        assertEq(_stakeOf(verifierId), STAKE);
    }

    /// ATT-2: what the audited step makes of it is the provider's, as is every output.
    function test_GivenTheProvidersOutputs() external {
        _set(0, Y, 3, _float(99));
        _set(1, NEXT, 4, _float(99));
        order = _order();
        jobId = _lock(order);
        _deliver(jobId);
        execId = _execId(jobId);
        _attest(1);
        _posts(1);
        _postsStates();
        _posts(0);
        bytes4 others = IAttestations.Attestations_NotItsOwn.selector;
        _expectAcquitted(_proof(0, LAST, 3), others);
        _expectAcquitted(_proof(1, MUL, 4), others);
    }

    function _expectNotItsOwn(IDisputes.Request memory request) private {
        bool chunk = request.kind == IDisputes.Kind.Chunk;
        bytes memory entry = chunk ? entries[request.value] : bytes("");
        bytes32[] memory path = chunk ? _entryProof(request.value) : new bytes32[](0);
        vm.prank(stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(IAttestations.Attestations_NotItsOwn.selector, caseId)
        );
        c.demands.demand(own, model, request, entry, path);
    }

    function test_RevertWhen_ItDoesNotAnswerForThat() external {
        _attest(1);
        _expectNotItsOwn(_traceRequest(2)); // after it
        _expectNotItsOwn(_outputRequest(0));
        _expectNotItsOwn(_chunkRequest(1, NEXT, 0, 1)); // committed in the result
        _expectNotItsOwn(_chunkRequest(0, Y, 0, 1));
        _expectNotItsOwn(_chunkRequest(0, STATE, 0, 1)); // of the inputs
        _expectNotItsOwn(_chunkRequest(2, STATE, 0, 1)); // of the result
    }

    function test_RevertGiven_ItsStepBeginsTheSegment() external {
        _attest(0);
        _expectNotItsOwn(_stepRequest(0));
        _expectNotItsOwn(_traceRequest(1));
        _expectNotItsOwn(_chunkRequest(0, NEXT, 0, 1)); // what it carries on is the provider's
        _expectNotItsOwn(_chunkRequest(1, STATE, 0, 1));
        _posts(0);
        _proveNothing();
    }

    function _proveNothing() private {
        _expectAcquitted(_proof(0, ADD, 1), IDisputes.Disputes_NotFraud.selector);
    }
}

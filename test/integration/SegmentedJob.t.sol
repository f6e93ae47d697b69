// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDemands} from "../../contracts/interfaces/IDemands.sol";
import {IDisputes} from "../../contracts/interfaces/IDisputes.sol";
import {IFraudVerifier} from "../../contracts/interfaces/IFraudVerifier.sol";
import {IJobMarket} from "../../contracts/interfaces/IJobMarket.sol";
import {FraudProof} from "../../contracts/types/FraudProof.sol";
import {Order} from "../../contracts/types/Order.sol";
import {CarriedJob} from "../utils/CarriedJob.t.sol";
import {TreeBuilder} from "../utils/TreeBuilder.sol";

/// @notice The carried job of three steps in segments of two: {0, 1} and {2} (B8). Disputes at the first, a middle and the last step, on the real contracts.
contract SegmentedJobTest is CarriedJob {
    function _segmentSteps() internal pure override returns (uint32) {
        return 2;
    }

    // ---- a cheat at each step ----

    /// The first step of a segment: its state is inside, so the step demand comes first.
    function test_WhenTheFirstStepOfASegmentIsWrong() public {
        _set(0, NEXT, 260, _float(7));
        (Order memory order, bytes32 jobId) = _delivered();
        _posted(order, 0);
        _traced(order, 0);
        _assertNotFraud(order, _proof(0, MUL, 259));
        _convict(order, jobId, _proof(0, MUL, 260));
    }

    /// The last step: it begins with a state inside the segment, and its own is committed.
    function test_WhenTheLastStepOfASegmentIsWrong() public {
        _set(1, NEXT, 0, _float(7));
        (Order memory order, bytes32 jobId) = _delivered();
        _posted(order, 0);
        _traced(order, 1);
        _convict(order, jobId, _proof(1, MUL, 0));
    }

    /// A node that reads the state inside the segment.
    function test_WhenANodeReadsTheStateInside() public {
        _set(1, H, 3, _float(7));
        (Order memory order, bytes32 jobId) = _delivered();
        _posted(order, 0);
        _traced(order, 1);
        _convict(order, jobId, _proof(1, ADD, 3));
    }

    /// A segment of one step is disputed as ever.
    function test_WhenTheLastSegmentIsWrong() public {
        _set(2, NEXT, 0, _float(7));
        (Order memory order, bytes32 jobId) = _delivered();
        _traced(order, 2);
        _convict(order, jobId, _proof(2, MUL, 0));
    }

    /// An output in the middle of a segment is committed in the result: it takes no step demand.
    function test_WhenOnlyAnOutputIsWrong() public {
        _set(0, Y, 299, _float(7));
        (Order memory order, bytes32 jobId) = _delivered();
        _traced(order, 0);
        _convict(order, jobId, _proof(0, LAST, 299));
    }

    /// Stale state: the second step begins with what the first one began with.
    function test_WhenAStepBeginsWithStaleState() public {
        data[1][H] = data[0][H];
        (Order memory order, bytes32 jobId) = _delivered();
        _posted(order, 0);
        _traced(order, 1);
        _convict(order, jobId, _proof(1, ADD, 0));
    }

    function test_WhenTheRunIsHonest() public {
        (Order memory order, bytes32 jobId) = _delivered();
        _posted(order, 0);
        for (uint32 t; t < STEPS; ++t) {
            _traced(order, t);
        }
        for (uint32 i; i < STEPS * NODES; ++i) {
            _commitProof(stranger.addr, order, _proof(i / NODES, i % NODES, i * 30));
        }
        _nextBlock();
        for (uint32 i; i < STEPS * NODES; ++i) {
            FraudProof memory proof = _proof(i / NODES, i % NODES, i * 30);
            vm.prank(stranger.addr);
            vm.expectPartialRevert(IDisputes.Disputes_NotFraud.selector);
            c.disputes.proveFraud(order, proof, "salt");
        }
        skip(1_000);
        c.jobMarket.settle(order);
        _assertStatus(jobId, IJobMarket.Status.Settled);
    }

    // ---- the step demand ----

    function test_PostsTheStatesOfASegment() public {
        (Order memory order, bytes32 jobId) = _delivered();
        bytes32 demandId = _demand(order, _stepRequest(0));
        bytes32 root = TreeBuilder.root(TreeBuilder.leaves(_carriedRoots(0)));
        vm.expectEmit();
        emit IDemands.StatesPosted(_execId(jobId), demandId, 0, root, _carriedRoots(0));
        _answer(order, demandId, _stepPayload(0));
        assertEq(c.demands.statesRootOf(_execId(jobId), 0), root);
    }

    /// The replay must end in the committed state: another end is no answer, and silence convicts.
    function test_RevertWhen_TheStatesEndElsewhere() public {
        (Order memory order, bytes32 jobId) = _delivered();
        bytes32 demandId = _demand(order, _stepRequest(0));
        bytes32[] memory roots = _carriedRoots(0);
        roots[1] = roots[0];
        bytes memory payload = abi.encode(roots, _outputsRoot(0), TreeBuilder.path(_segments(), 0));
        vm.prank(hot.addr);
        vm.expectRevert(IFraudVerifier.FraudVerifier_WrongAnswer.selector);
        c.demands.answer(order, model, demandId, payload);

        skip(1_000);
        vm.prank(stranger.addr);
        c.demands.expireDemand(order, demandId);
        _assertStatus(jobId, IJobMarket.Status.Convicted);
    }

    function test_RevertWhen_TheAnswerHasAnotherNumberOfSteps() public {
        (Order memory order,) = _delivered();
        bytes32 demandId = _demand(order, _stepRequest(0));
        bytes32[] memory roots = new bytes32[](1);
        roots[0] = _carriedRoot(1);
        bytes memory payload = abi.encode(roots, _outputsRoot(0), TreeBuilder.path(_segments(), 0));
        vm.prank(hot.addr);
        vm.expectRevert(IFraudVerifier.FraudVerifier_WrongAnswer.selector);
        c.demands.answer(order, model, demandId, payload);
    }

    function test_RevertWhen_AStrangerPosts() public {
        (Order memory order,) = _delivered();
        bytes32 demandId = _demand(order, _stepRequest(0));
        bytes memory payload = _stepPayload(0);
        vm.prank(stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_NotProvider.selector, stranger.addr)
        );
        c.demands.answer(order, model, demandId, payload);
    }

    /// One demand a segment, and none for a segment of one step.
    function test_RevertWhen_NoSegmentBeginsWithTheStep() public {
        (Order memory order,) = _delivered();
        for (uint32 step = 1; step < STEPS; ++step) {
            vm.prank(stranger.addr);
            vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_NoSegment.selector, step));
            c.demands.demand(order, model, _stepRequest(step), "", new bytes32[](0));
        }
    }

    /// A4: nobody can be asked for what nothing can be held against.
    function test_RevertGiven_TheStatesAreNotPosted() public {
        (Order memory order, bytes32 jobId) = _delivered();
        IDisputes.Request memory request = _chunkRequest(0, NEXT, 0, 1);
        bytes32[] memory proof = _entryProof(NEXT);
        vm.prank(stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_NoStates.selector, _execId(jobId), uint32(0))
        );
        c.demands.demand(order, model, request, entries[NEXT], proof);

        request = _chunkRequest(1, STATE, 0, 1);
        proof = _entryProof(STATE);
        vm.prank(stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_NoStates.selector, _execId(jobId), uint32(1))
        );
        c.demands.demand(order, model, request, entries[STATE], proof);
    }

    function test_OpensAStateInsideASegment() public {
        (Order memory order,) = _delivered();
        _posted(order, 0);
        bytes32 demandId = _demand(order, _chunkRequest(0, NEXT, 0, 2));
        _answer(order, demandId, _chunkPayload(0, NEXT, 0, 2));
        assertEq(uint8(c.demands.demandOf(demandId).status), uint8(IDisputes.DemandStatus.Answered));
        demandId = _demand(order, _chunkRequest(1, STATE, 1, 1));
        _answer(order, demandId, _chunkPayload(1, STATE, 1, 1));
    }

    /// A proof that opens a state inside a segment resolves against what was posted, and against nothing before.
    function test_RevertGiven_AProofBeforeTheStates() public {
        _set(1, H, 3, _float(7));
        (Order memory order,) = _delivered();
        _traced(order, 1);
        FraudProof memory proof = _proof(1, ADD, 3);
        _commitProof(stranger.addr, order, proof);
        _nextBlock();
        vm.prank(stranger.addr);
        vm.expectPartialRevert(IFraudVerifier.FraudVerifier_WrongOpening.selector);
        c.disputes.proveFraud(order, proof, "salt");
    }

    /// A3: a trace can be asked for after the window, once the states say which.
    function test_TracesAfterTheWindowOnceTheStatesArePosted() public {
        (Order memory order, bytes32 jobId) = _delivered();
        IJobMarket.Job memory job = c.jobMarket.jobOf(jobId);
        vm.warp(job.time + job.window - 1);
        bytes32 demandId = _demand(order, _stepRequest(0));
        skip(1);
        IDisputes.Request memory request = _traceRequest(1);
        vm.prank(stranger.addr);
        vm.expectPartialRevert(IDisputes.Disputes_Closed.selector);
        c.demands.demand(order, model, request, "", new bytes32[](0));
        _answer(order, demandId, _stepPayload(0));
        _traced(order, 1);
    }

    // ---- helpers ----

    /// @dev Demands and answers the states of a segment.
    function _posted(Order memory order, uint32 step) internal {
        _answer(order, _demand(order, _stepRequest(step)), _stepPayload(step));
    }

    function _assertNotFraud(Order memory order, FraudProof memory proof) internal {
        _commitProof(stranger.addr, order, proof);
        _nextBlock();
        vm.prank(stranger.addr);
        vm.expectPartialRevert(IDisputes.Disputes_NotFraud.selector);
        c.disputes.proveFraud(order, proof, "salt");
    }

    function _convict(Order memory order, bytes32 jobId, FraudProof memory proof) internal {
        uint256 before = _free(stranger.addr);
        uint256 funds = _free(requester.addr) + _committed(requester.addr);
        _commitProof(stranger.addr, order, proof);
        _nextBlock();
        _prove(stranger.addr, order, proof);
        _assertStatus(jobId, IJobMarket.Status.Convicted);
        assertEq(_stakeOf(providerId), STAKE - COLLATERAL, "D1: exactly the collateral");
        assertEq(_free(requester.addr) + _committed(requester.addr), funds + 5.7e18, "A2: refunded");
        assertGt(_free(stranger.addr), before + 250e18, "bounty, bond and gas");
    }
}

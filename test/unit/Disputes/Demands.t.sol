// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {IFraudVerifier} from "../../../contracts/interfaces/IFraudVerifier.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {ModelHeader} from "../../../contracts/types/ModelHeader.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {CarriedJob} from "../../utils/CarriedJob.t.sol";

/// @notice `demand`: what may be asked for, until when, at what price, and by when it must be answered. The local profile: W, W2, P 6 s; g, R 10 s; delivery 6 s.
contract DemandsTest is CarriedJob {
    Order internal order;
    bytes32 internal jobId;
    bytes32 internal execId;
    uint40 internal deliveredAt;

    function setUp() public override {
        super.setUp();
        (order, jobId) = _delivered();
        execId = _execId(jobId);
        deliveredAt = uint40(block.timestamp);
    }

    function _expectDemand(bytes memory error_, IDisputes.Request memory request) internal {
        bytes memory entry = request.value < VALUES ? entries[request.value] : bytes("");
        bytes32[] memory proof = _entryProof(request.value < VALUES ? request.value : 0);
        if (request.kind != IDisputes.Kind.Chunk) (entry, proof) = ("", new bytes32[](0));
        vm.prank(stranger.addr);
        vm.expectRevert(error_);
        c.demands.demand(order, model, request, entry, proof);
    }

    // ---- what is recorded ----

    function test_WhenATraceIsDemanded() public {
        uint256 before = _free(stranger.addr);
        uint96 bond = c.demands.bondOf(order, _traceRequest(1), model.activations);
        bytes32 demandId = _demand(order, _traceRequest(1));

        IDisputes.Demand memory asked = c.demands.demandOf(demandId);
        assertEq(asked.execId, execId);
        assertEq(asked.asker, stranger.addr);
        assertEq(uint8(asked.status), uint8(IDisputes.DemandStatus.Open));
        assertEq(asked.step, 1);
        assertEq(asked.madeAt, block.timestamp);
        assertEq(asked.deadline, block.timestamp + 10, "A3: now + g, later than the queue");
        assertEq(asked.burnBps, 5_000);
        assertEq(asked.bond, bond);
        assertEq(_free(stranger.addr), before - bond, "A5");
        assertGt(asked.askerGas, 0);

        IDisputes.Execution memory execution = c.disputes.executionOf(execId);
        assertEq(execution.finalAt, deliveredAt + 6);
        assertEq(execution.liveDemands, 1);
        assertEq(execution.queueEnd, block.timestamp + 2, "one re-run: ceil(6 / 3) s");
        assertEq(execution.providerId, providerId);
        assertEq(c.jobMarket.jobOf(jobId).flags & 1, 1, "frozen");
        assertEq(c.demands.openDemandsOf(execId, stranger.addr), 1);
    }

    function test_BondsGrowWithTheAnswer() public view {
        uint96 trace = c.demands.bondOf(order, _traceRequest(0), 1);
        assertEq(trace, 5e18 + (250_000 + 2_600) * 1e12);
        assertEq(
            c.demands.bondOf(order, _traceRequest(0), 3_072),
            5e18 + (250_000 + 2_600 * 3_072) * 1e12
        );
        assertEq(c.demands.bondOf(order, _outputRequest(0), 1), 5e18 + 250_000 * 1e12);
        assertEq(
            c.demands.bondOf(order, _chunkRequest(0, X, 0, 32), 1),
            5e18 + (250_000 + 32 * 60_000) * 1e12
        );
    }

    /// A3: each trace queues one re-run, so that no number of demands convicts an honest provider.
    function test_ReRunsAreQueued() public {
        order = _order();
        order.steps = STEPS;
        order.deliverDuration = 46; // 16 s a re-run
        jobId = _lock(order);
        _deliver(jobId);
        uint256 start = block.timestamp;
        for (uint32 t; t < STEPS; ++t) {
            bytes32 demandId = _demand(order, _traceRequest(t));
            assertEq(c.demands.demandOf(demandId).deadline, start + 16 * (t + 1));
        }
        // Another asker's demands stand behind them too; bytes get time by their number.
        _fundAsker();
        bytes32 chunk = _demandAs(publisher.addr, order, _chunkRequest(0, X, 0, 2));
        assertEq(c.demands.demandOf(chunk).deadline, start + 48);
    }

    function test_ChunksGetTimeByTheirNumber() public {
        bytes32 demandId = _demand(order, _chunkRequest(0, X, 0, 2));
        // 2 x 50 ms, rounded up to a second.
        assertEq(c.demands.demandOf(demandId).deadline, block.timestamp + 11);
    }

    // ---- what may be asked for ----

    function test_RevertWhen_AnEqualDemandIsOpenOrAnswered() public {
        bytes32 demandId = _demand(order, _traceRequest(1));
        bytes memory error_ =
            abi.encodeWithSelector(IDisputes.Disputes_DemandExists.selector, demandId);
        _expectDemand(error_, _traceRequest(1));
        _answerTrace(order, demandId, 1);
        _expectDemand(error_, _traceRequest(1)); // A4: a trace once an execution and step
        // Fields that a kind does not use cannot make it another demand.
        for (uint32 i; i < 3; ++i) {
            IDisputes.Request memory request = _traceRequest(1);
            if (i == 0) request.value = 1;
            if (i == 1) request.chunk = 1;
            if (i == 2) request.count = 1;
            _expectDemand(
                abi.encodeWithSelector(
                    IDisputes.Disputes_UnusedField.selector, IDisputes.Kind.Trace
                ),
                request
            );
        }
    }

    function test_RevertWhen_AnAskerHasTooManyOpen() public {
        for (uint32 t; t < 3; ++t) {
            _demand(order, _traceRequest(t));
        }
        _expectDemand(
            abi.encodeWithSelector(IDisputes.Disputes_TooManyOpen.selector, stranger.addr, 3),
            _outputRequest(0)
        );
        // A3: no cap for the execution: another asker is not shut out.
        _fundAsker();
        _demandAs(publisher.addr, order, _outputRequest(0));
        // An answered one makes room.
        _answerTrace(order, c.demands.demandIdOf(execId, _traceRequest(0)), 0);
        _demand(order, _outputRequest(1));
    }

    function test_RevertWhen_AnIndexIsOutOfRange() public {
        _expectDemand(
            abi.encodeWithSelector(IDisputes.Disputes_OutOfRange.selector, STEPS, STEPS),
            _traceRequest(STEPS)
        );
        _expectDemand(
            abi.encodeWithSelector(IDisputes.Disputes_OutOfRange.selector, 0, 32),
            _chunkRequest(0, X, 0, 0)
        );
        _expectDemand(
            abi.encodeWithSelector(IDisputes.Disputes_OutOfRange.selector, 33, 32),
            _chunkRequest(0, X, 0, 33)
        );
        _expectDemand(
            abi.encodeWithSelector(IDisputes.Disputes_OutOfRange.selector, 1, 2),
            _chunkRequest(0, X, 1, 2)
        );
        _expectDemand(
            abi.encodeWithSelector(IDisputes.Disputes_OutOfRange.selector, type(uint32).max, 2),
            _chunkRequest(0, X, type(uint32).max, 2)
        );
    }

    function test_RevertWhen_TheValueIsNotCommitted() public {
        _expectDemand(
            abi.encodeWithSelector(IFraudVerifier.FraudVerifier_NotCommitted.selector, W),
            _chunkRequest(0, W, 0, 1)
        );
        // A node's entry is no value's.
        bytes32[] memory proof = _entryProof(VALUES);
        vm.prank(stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(IFraudVerifier.FraudVerifier_MissingEntry.selector, VALUES)
        );
        c.demands.demand(order, model, _chunkRequest(0, VALUES, 0, 1), entries[VALUES], proof);
    }

    function test_RevertWhen_TheEntryIsNotThatOfTheValue() public {
        bytes32[] memory proof = _entryProof(X);
        vm.prank(stranger.addr);
        vm.expectPartialRevert(IFraudVerifier.FraudVerifier_WrongManifest.selector);
        c.demands.demand(order, model, _chunkRequest(0, X, 0, 1), entries[STATE], proof);
    }

    function test_RevertGiven_NoTrace() public {
        _expectDemand(
            abi.encodeWithSelector(IDisputes.Disputes_NoTrace.selector, execId, 1),
            _chunkRequest(1, H, 0, 1)
        );
        _traced(order, 1);
        _demand(order, _chunkRequest(1, H, 0, 1));
        _expectDemand(
            abi.encodeWithSelector(IDisputes.Disputes_NoTrace.selector, execId, 2),
            _chunkRequest(2, H, 0, 1)
        );
    }

    function test_RevertWhen_TheModelIsAnother() public {
        ModelHeader memory other = model;
        other.activations = 7;
        vm.prank(stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(
                IFraudVerifier.FraudVerifier_WrongModel.selector,
                modelId,
                keccak256(abi.encode(other))
            )
        );
        c.demands.demand(order, other, _traceRequest(0), "", new bytes32[](0));
    }

    function test_RevertGiven_AnEmptyTrace() public {
        model.activations = 0;
        vm.prank(publisher.addr);
        modelId = c.modelRegistry.register(model, 0, 3);
        order = _order();
        order.modelId = modelId;
        bytes32 other = _lock(order);
        _deliver(other);
        _expectDemand(
            abi.encodeWithSelector(
                IDisputes.Disputes_EmptyTrace.selector, c.disputes.execIdOf(other, 0, providerId)
            ),
            _traceRequest(0)
        );
    }

    function test_RevertWhen_TheAskerHasNoBond() public {
        uint96 bond = c.demands.bondOf(order, _traceRequest(0), model.activations);
        vm.prank(publisher.addr);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILedger.Ledger_InsufficientFree.selector, lyn, publisher.addr, bond, 0
            )
        );
        c.demands.demand(order, model, _traceRequest(0), "", new bytes32[](0));
    }

    // ---- until when ----

    function test_TraceAndOutputDemandsCloseWithTheWindow() public {
        vm.warp(deliveredAt + 5);
        _demand(order, _traceRequest(0)); // keeps the execution open
        vm.warp(deliveredAt + 6);
        bytes memory error_ =
            abi.encodeWithSelector(IDisputes.Disputes_Closed.selector, execId, deliveredAt + 6);
        _expectDemand(error_, _traceRequest(1));
        _expectDemand(error_, _outputRequest(1));
        _expectDemand(error_, _chunkRequest(0, X, 0, 1));
        vm.warp(deliveredAt + 7);
        _expectDemand(error_, _traceRequest(1));
    }

    function test_RevertGiven_TheWindowIsOver() public {
        vm.warp(deliveredAt + 6);
        _expectDemand(
            abi.encodeWithSelector(IDisputes.Disputes_Closed.selector, execId, deliveredAt + 6),
            _traceRequest(1)
        );
    }

    /// A3: chunk demands close W2 after the last trace or output answer.
    function test_ChunkDemandsCloseAfterTheAnswer() public {
        bytes32 demandId = _demand(order, _traceRequest(0));
        vm.warp(deliveredAt + 8);
        _answerTrace(order, demandId, 0);
        vm.warp(deliveredAt + 13);
        _demand(order, _chunkRequest(0, H, 0, 1));
        vm.warp(deliveredAt + 14);
        _expectDemand(
            abi.encodeWithSelector(IDisputes.Disputes_Closed.selector, execId, deliveredAt + 14),
            _chunkRequest(0, H, 1, 1)
        );
    }

    function test_RevertGiven_NothingIsDelivered() public {
        order = _order();
        bytes32 other = _lock(order);
        _expectDemand(
            abi.encodeWithSelector(IDisputes.Disputes_NotDisputable.selector, _execId(other)),
            _traceRequest(0)
        );
    }

    function test_RevertGiven_TheJobIsSettled() public {
        _passWindow();
        c.jobMarket.settle(order);
        _expectDemand(
            abi.encodeWithSelector(IDisputes.Disputes_NotDisputable.selector, execId),
            _traceRequest(0)
        );
    }

    /// DIS-3: nothing is paid while a demand is live, and afterwards not before P.
    function test_SettlementWaitsForTheDemand() public {
        bytes32 demandId = _demand(order, _traceRequest(0));
        _passWindow();
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_NotFinal.selector, execId, type(uint40).max)
        );
        c.jobMarket.settle(order);
        _answerTrace(order, demandId, 0);
        uint40 finalAt = uint40(block.timestamp) + 6;
        assertEq(c.disputes.executionOf(execId).finalAt, finalAt);
        vm.warp(finalAt - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_NotFinal.selector, execId, finalAt)
        );
        c.jobMarket.settle(order);
        vm.warp(finalAt);
        c.jobMarket.settle(order);
        _assertStatus(jobId, IJobMarket.Status.Settled);
        assertEq(uint8(c.disputes.executionOf(execId).outcome), uint8(IDisputes.Outcome.Settled));
    }

    function test_RevertWhen_AnybodyElseFinalises() public {
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_NotMarket.selector, address(this))
        );
        c.disputes.finalise(jobId, 0, providerId);
    }

    function test_RevertWhen_AnybodyElsePushesASnapshot() public {
        IDisputes.DisputeSnapshot memory snapshot = c.disputes.snapshotOf(1);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_NotParameters.selector, address(this))
        );
        c.disputes.pushSnapshot(2, snapshot);
        vm.prank(address(c.parameters));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_SnapshotExists.selector, 1));
        c.disputes.pushSnapshot(1, snapshot);
    }

    /// Only Demands says what is open, what was withheld, and what an asker is owed.
    function test_RevertWhen_AnybodyElseKeepsTheRecord() public {
        IDisputes.Execution memory execution;
        bytes memory notDemands =
            abi.encodeWithSelector(IDisputes.Disputes_NotAPart.selector, address(this));
        vm.expectRevert(notDemands);
        c.disputes.record(jobId, execId, execution, 0);
        vm.expectRevert(notDemands);
        c.disputes.convict(order, address(this), 0, 1);
        vm.expectRevert(notDemands);
        c.disputes.repay(execId, 1);
    }

    function test_TheSnapshotIsWhatWasPushed() public view {
        IDisputes.DisputeSnapshot memory snapshot = c.disputes.snapshotOf(1);
        assertEq(snapshot.chunkWindow, c.parameters.valueOf("chunkWindow"));
        assertEq(snapshot.proofWindow, c.parameters.valueOf("proofWindow"));
        assertEq(snapshot.grace, c.parameters.valueOf("grace"));
        assertEq(snapshot.reveal, c.parameters.valueOf("reveal"));
        assertEq(snapshot.perChunk, c.parameters.valueOf("perChunk"));
        assertEq(snapshot.openDemands, c.parameters.valueOf("openDemands"));
        assertEq(snapshot.burnBps, c.parameters.valueOf("burnBps"));
        assertEq(snapshot.bountyBps, c.parameters.valueOf("bountyBps"));
        assertEq(snapshot.reserveBps, c.parameters.valueOf("reserveBps"));
        assertEq(snapshot.bond, c.parameters.valueOf("bond"));
        assertEq(snapshot.commitBond, c.parameters.valueOf("commitBond"));
        assertEq(snapshot.lynPerGas, c.parameters.valueOf("lynPerGas"));
    }

    function _fundAsker() internal {
        _fund(publisher.addr, FUNDS);
        vm.prank(publisher.addr);
        c.ledger.deposit(lyn, publisher.addr, 1_000e18);
    }
}

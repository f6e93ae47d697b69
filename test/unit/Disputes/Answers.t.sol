// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDemands} from "../../../contracts/interfaces/IDemands.sol";
import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {IFraudVerifier} from "../../../contracts/interfaces/IFraudVerifier.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {MerkleTree} from "../../../contracts/libraries/MerkleTree.sol";
import {Opening} from "../../../contracts/types/FraudProof.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {TreeBuilder} from "../../utils/TreeBuilder.sol";
import {CarriedJob} from "../../utils/CarriedJob.t.sol";

/// @notice `answer` and `expireDemand`: only the committed bytes answer, in time or not at all.
contract AnswersTest is CarriedJob {
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

    // ---- answers ----

    function test_WhenTheTraceIsPosted() public {
        bytes32 demandId = _traced(order, 1);
        assertEq(c.demands.traceRootOf(execId, 1), TreeBuilder.leafHash(_tensorRoots(1)[0]));
        assertEq(c.demands.traceRootOf(execId, 0), 0);
        IDisputes.Demand memory asked = c.demands.demandOf(demandId);
        assertEq(uint8(asked.status), uint8(IDisputes.DemandStatus.Answered));
        assertGt(asked.answerGas, 0);
        assertLe(asked.answerGas, asked.bond - 5e18, "A5");
        IDisputes.Execution memory execution = c.disputes.executionOf(execId);
        assertEq(execution.liveDemands, 0);
        assertEq(execution.chunksClose, block.timestamp + 6);
        assertEq(execution.finalAt, block.timestamp + 6);
        assertEq(c.demands.openDemandsOf(execId, stranger.addr), 0);
    }

    function test_AnAnswerIsInTimeUntilTheDeadline() public {
        bytes32 first = _demand(order, _traceRequest(0));
        bytes32 second = _demand(order, _traceRequest(1));
        uint40 deadline = c.demands.deadlineOf(first);
        vm.warp(deadline - 1);
        _answerTrace(order, first, 0);
        for (uint40 late; late < 2; ++late) {
            vm.warp(deadline + late);
            bytes memory payload = abi.encode(_tensorRoots(1));
            vm.prank(hot.addr);
            vm.expectRevert(
                abi.encodeWithSelector(IDisputes.Disputes_DeadlinePassed.selector, second, deadline)
            );
            c.demands.answer(order, model, second, payload);
        }
    }

    /// Nothing binds a trace before it is posted: a stranger's garbage must not count as the provider's.
    function test_RevertWhen_AStrangerPostsTheTrace() public {
        bytes32 demandId = _demand(order, _traceRequest(1));
        bytes memory payload = abi.encode(_tensorRoots(1));
        vm.prank(stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_NotProvider.selector, stranger.addr)
        );
        c.demands.answer(order, model, demandId, payload);
        vm.prank(owner.addr);
        c.demands.answer(order, model, demandId, payload);
    }

    function test_RevertWhen_TheTraceHasAnotherSize() public {
        bytes32 demandId = _demand(order, _traceRequest(1));
        for (uint256 size; size < 3; size += 2) {
            vm.prank(hot.addr);
            vm.expectRevert(IFraudVerifier.FraudVerifier_WrongAnswer.selector);
            c.demands.answer(order, model, demandId, abi.encode(new bytes32[](size)));
        }
    }

    function test_AnybodyMayOpenAnOutput() public {
        bytes32 demandId = _demand(order, _outputRequest(1));
        bytes memory payload = _outputPayload(1);
        vm.prank(stranger.addr);
        vm.expectEmit();
        emit IDemands.OutputOpened(execId, demandId, 1, _carriedRoot(1), _outputsRoot(1));
        c.demands.answer(order, model, demandId, payload);
    }

    function test_RevertWhen_TheOutputIsNotTheCommittedOne() public {
        bytes32 demandId = _demand(order, _outputRequest(1));
        bytes[3] memory wrong = [
            _outputPayload(2), // of another step
            abi.encode(_outputsRoot(1), _carriedRoot(1), TreeBuilder.path(_segments(), 1)),
            abi.encode(
                _carriedRoot(1),
                _outputsRoot(1),
                TreeBuilder.concat(TreeBuilder.path(_segments(), 1), new bytes32[](1))
            )
        ];
        for (uint256 i; i < wrong.length; ++i) {
            vm.prank(hot.addr);
            // The third step of three is promoted, so its path is shorter.
            if (i == 0) vm.expectPartialRevert(MerkleTree.MerkleTree_ProofLength.selector);
            else vm.expectRevert(IFraudVerifier.FraudVerifier_WrongAnswer.selector);
            c.demands.answer(order, model, demandId, wrong[i]);
        }
    }

    /// Every committed value at every step can be opened, whoever committed it and wherever it is found.
    function test_EveryCommittedValueCanBeOpened() public {
        uint32[5] memory values = [STATE, X, H, NEXT, Y];
        for (uint32 t; t < STEPS; ++t) {
            _traced(order, t);
            for (uint256 i; i < values.length; ++i) {
                bytes32 demandId = _demand(order, _chunkRequest(t, values[i], 0, 2));
                bytes memory payload = _chunkPayload(t, values[i], 0, 2);
                vm.expectEmit();
                emit IDemands.ChunksOpened(
                    execId,
                    demandId,
                    t,
                    values[i],
                    0,
                    TreeBuilder.root(TreeBuilder.chunks(data[t][values[i]])),
                    data[t][values[i]]
                );
                _answer(order, demandId, payload);
            }
        }
        assertEq(c.disputes.executionOf(execId).liveDemands, 0);
    }

    function test_RevertWhen_OtherChunksAreOpened() public {
        bytes32 demandId = _demand(order, _chunkRequest(0, X, 1, 1));
        bytes[3] memory wrong =
            [_chunkPayload(0, X, 0, 1), _chunkPayload(0, X, 0, 2), _chunkPayload(0, STATE, 1, 1)];
        for (uint256 i; i < wrong.length; ++i) {
            vm.prank(hot.addr);
            vm.expectRevert(IFraudVerifier.FraudVerifier_WrongAnswer.selector);
            c.demands.answer(order, model, demandId, wrong[i]);
        }
    }

    function test_RevertWhen_TheBytesAreNotTheCommittedOnes() public {
        bytes32 demandId = _demand(order, _chunkRequest(2, STATE, 1, 1));
        // Of another step; of another tensor with the same header; with a bit flipped.
        Opening memory opening = _opening(1, STATE, 1, 1);
        _expectWrongOpening(demandId, opening);
        opening = _opening(2, X, 1, 1);
        opening.value = STATE;
        opening.path = _path(2, STATE);
        _expectWrongOpening(demandId, opening);
        opening = _opening(2, STATE, 1, 1);
        opening.data[7] ^= 0x01;
        _expectWrongOpening(demandId, opening);
        opening = _opening(2, STATE, 1, 1);
        opening.data = bytes.concat(opening.data, hex"00"); // B2
        _expectWrongOpening(demandId, opening);
    }

    function _expectWrongOpening(bytes32 demandId, Opening memory opening) internal {
        bytes memory payload =
            abi.encode(entries[STATE], _entryProof(STATE), opening, new bytes32[](0));
        vm.prank(hot.addr);
        vm.expectRevert(
            abi.encodeWithSelector(IFraudVerifier.FraudVerifier_WrongOpening.selector, STATE)
        );
        c.demands.answer(order, model, demandId, payload);
    }

    function test_RevertWhen_TheDemandIsUnknownOrAnswered() public {
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_UnknownDemand.selector, bytes32("no"))
        );
        c.demands.answer(order, model, "no", "");
        bytes32 demandId = _traced(order, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputes.Disputes_DemandNotOpen.selector, demandId, IDisputes.DemandStatus.Answered
            )
        );
        c.demands.answer(order, model, demandId, "");
        // Of another execution.
        Order memory other = _order();
        _deliver(_lock(other));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_UnknownDemand.selector, demandId));
        c.demands.answer(other, model, demandId, "");
    }

    // ---- silence ----

    function test_WithholdingATraceConvicts() public {
        _assertSilenceConvicts(_traceRequest(2));
    }

    function test_WithholdingAnOutputConvicts() public {
        _assertSilenceConvicts(_outputRequest(1));
    }

    function test_WithholdingAChunkConvicts() public {
        _traced(order, 0);
        _assertSilenceConvicts(_chunkRequest(0, H, 1, 1));
    }

    function _assertSilenceConvicts(IDisputes.Request memory request) internal {
        uint256 funds = _free(requester.addr) + _committed(requester.addr);
        bytes32 demandId = _demand(order, request);
        IDisputes.Demand memory asked = c.demands.demandOf(demandId);
        vm.warp(asked.deadline - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputes.Disputes_DeadlineRunning.selector, demandId, asked.deadline
            )
        );
        c.demands.expireDemand(order, demandId);
        vm.warp(asked.deadline);
        uint256 supply = c.lynToken.totalSupply();
        uint256 before = _free(publisher.addr);
        vm.prank(publisher.addr);
        c.demands.expireDemand(order, demandId);

        _assertStatus(jobId, IJobMarket.Status.Convicted);
        assertEq(_stakeOf(providerId), STAKE - COLLATERAL, "A2: S");
        assertEq(_free(requester.addr) + _committed(requester.addr), funds + 5.7e18, "A2: refund");
        uint256 paid = _free(publisher.addr) - before;
        assertGt(paid, 10 * 5e18, "A2: gas and ten bonds");
        assertLt(paid, 11 * uint256(asked.bond));
        assertGe(supply - c.lynToken.totalSupply(), COLLATERAL * 6 / 10, "D1: the rest is burnt");

        before = _free(stranger.addr);
        c.demands.claimBond(demandId);
        assertEq(_free(stranger.addr) - before, asked.bond + asked.askerGas, "A5: bond and gas");
        // DIS-1
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_NotDisputable.selector, execId));
        c.demands.expireDemand(order, demandId);
    }

    /// DIS-4: an answered demand never convicts.
    function test_RevertWhen_AnAnsweredDemandExpires() public {
        bytes32 demandId = _traced(order, 0);
        skip(100);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputes.Disputes_DemandNotOpen.selector, demandId, IDisputes.DemandStatus.Answered
            )
        );
        c.demands.expireDemand(order, demandId);
    }

    // ---- receipts ----

    function test_AReceiptWaivesOutputsAndNothingElse() public {
        vm.prank(requester.addr);
        c.receipts.waiveOutputs(order, "");
        bytes32[] memory proof = _entryProof(Y);
        vm.startPrank(stranger.addr);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_Waived.selector, execId));
        c.demands.demand(order, model, _outputRequest(0), "", new bytes32[](0));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_Waived.selector, execId));
        c.demands.demand(order, model, _chunkRequest(0, Y, 0, 1), entries[Y], proof);
        vm.stopPrank();
        _traced(order, 0);
        _demand(order, _chunkRequest(0, H, 0, 1));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDisputes} from "../../contracts/interfaces/IDisputes.sol";
import {Order} from "../../contracts/types/Order.sol";
import {CarriedJob} from "../utils/CarriedJob.t.sol";

/// @notice Class 7, A3: a slow answer leaves time for the next question, and questions end.
contract SlowAnswersAttackTest is CarriedJob {
    Order internal order;
    bytes32 internal jobId;
    bytes32 internal execId;

    function setUp() public override {
        super.setUp();
        (order, jobId) = _delivered();
        execId = _execId(jobId);
    }

    function _answerChunks(bytes32 demandId, uint32 value, uint32 chunk, uint32 count) internal {
        _answer(order, demandId, _chunkPayload(0, value, chunk, count));
    }

    function test_ASlowChunkAnswerDoesNotRunOutTheClock() public {
        bytes32 demandId = _demand(order, _chunkRequest(0, Y, 0, 1));
        vm.warp(c.demands.deadlineOf(demandId) - 1);
        assertGt(block.timestamp, c.jobMarket.jobOf(jobId).time + 6, "D + W is over");
        _answerChunks(demandId, Y, 0, 1);
        IDisputes.Execution memory execution = c.disputes.executionOf(execId);
        assertEq(execution.chunksClose, block.timestamp + 6);
        assertGe(execution.finalAt, execution.chunksClose);
        skip(5);
        _demand(order, _chunkRequest(0, Y, 1, 1));
    }

    /// Every demand for chunks opens a new one, so that there are at most as many as chunks: overlapping ranges delay nothing.
    function test_RevertWhen_EveryChunkAskedForWasOpened() public {
        _answerChunks(_demand(order, _chunkRequest(0, Y, 0, 1)), Y, 0, 1);
        // One of the two is news.
        _answerChunks(_demand(order, _chunkRequest(0, Y, 0, 2)), Y, 0, 2);
        IDisputes.Request memory request = _chunkRequest(0, Y, 1, 1);
        bytes32 demandId = c.demands.demandIdOf(execId, request);
        bytes32[] memory proof = _entryProof(Y);
        vm.prank(stranger.addr);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_DemandExists.selector, demandId));
        c.demands.demand(order, model, request, entries[Y], proof);
        // Another step and another value are other chunks.
        _demand(order, _chunkRequest(1, Y, 1, 1));
        _demand(order, _chunkRequest(0, NEXT, 1, 1));
    }

    /// A5: who delivers only a root and serves nothing must not earn from the requester who asks for the bytes.
    function test_OpeningAnOutputEarnsItsGasOnly() public {
        bytes32 ofOutput = _demand(order, _chunkRequest(0, Y, 0, 2));
        bytes32 ofInput = _demand(order, _chunkRequest(0, X, 0, 2));
        _answerChunks(ofOutput, Y, 0, 2);
        _answerChunks(ofInput, X, 0, 2);
        vm.warp(c.disputes.executionOf(execId).finalAt);
        c.jobMarket.settle(order);

        uint256 before = _free(owner.addr);
        c.demands.claimBond(ofOutput);
        assertEq(_free(owner.addr) - before, c.demands.demandOf(ofOutput).answerGas);
        before = _free(owner.addr);
        c.demands.claimBond(ofInput);
        assertGt(_free(owner.addr) - before, c.demands.demandOf(ofInput).answerGas);
    }
}

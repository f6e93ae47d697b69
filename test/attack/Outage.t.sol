// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {MockV3Aggregator} from "@chainlink/contracts/src/v0.8/shared/mocks/MockV3Aggregator.sol";

import {IDisputes} from "../../contracts/interfaces/IDisputes.sol";
import {IJobMarket} from "../../contracts/interfaces/IJobMarket.sol";
import {FraudProof} from "../../contracts/types/FraudProof.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Settings} from "../../script/deploy/Settings.sol";
import {CarriedJob} from "../utils/CarriedJob.t.sol";

/// @notice Class 18, A3: an outage of the sequencer neither lets a cheat out of its window nor costs an honest party its deadline.
contract OutageAttackTest is CarriedJob {
    uint40 internal constant GRACE = 20;

    MockV3Aggregator internal feed;

    function _settings() internal view override returns (Settings memory settings) {
        settings = super._settings();
        settings.feed = AggregatorV3Interface(address(feed));
        settings.grace = GRACE;
    }

    function setUp() public override {
        feed = new MockV3Aggregator(0, 0);
        feed.updateRoundData(1, 0, 1, 1);
        super.setUp();
    }

    /// @dev Down now, up an hour later.
    function _outage() internal {
        feed.updateRoundData(2, 1, block.timestamp, block.timestamp);
        skip(1 hours);
        feed.updateRoundData(3, 0, block.timestamp, block.timestamp);
    }

    function test_ACheatDoesNotSitOutItsWindow() public {
        _set(0, Y, 5, _float(999));
        (Order memory order, bytes32 jobId) = _delivered();
        _outage();
        vm.expectRevert(IJobMarket.JobMarket_SequencerDown.selector);
        c.jobMarket.settle(order);
        _answerTrace(order, _demand(order, _traceRequest(0)), 0);
        FraudProof memory proof = _proof(0, LAST, 5);
        proof.traceProof = new bytes32[](0);
        _commitProof(stranger.addr, order, proof);
        _nextBlock();
        _prove(stranger.addr, order, proof);
        _assertStatus(jobId, IJobMarket.Status.Convicted);
    }

    function test_AnHonestProverDoesNotLoseItsBond() public {
        _set(0, Y, 5, _float(999));
        (Order memory order, bytes32 jobId) = _delivered();
        _answerTrace(order, _demand(order, _traceRequest(0)), 0);
        FraudProof memory proof = _proof(0, LAST, 5);
        bytes32 commitId = _commitProof(stranger.addr, order, proof);
        vm.roll(block.number + 1);
        _outage();
        bytes32 execId = _execId(jobId);
        vm.expectPartialRevert(IDisputes.Disputes_RevealOpen.selector);
        c.disputes.forfeitCommit(execId, commitId);
        skip(GRACE - 1);
        _prove(stranger.addr, order, proof);
        _assertStatus(jobId, IJobMarket.Status.Convicted);
    }

    function test_WindowsCloseAfterTheGrace() public {
        (Order memory order,) = _delivered();
        _outage();
        skip(GRACE);
        vm.prank(stranger.addr);
        vm.expectPartialRevert(IDisputes.Disputes_Closed.selector);
        c.demands.demand(order, model, _traceRequest(0), "", new bytes32[](0));
        c.jobMarket.settle(order);
    }

    function test_AnHonestProviderStillDelivers() public {
        (Order memory order, bytes32 jobId) = _locked();
        skip(5);
        _outage();
        vm.expectRevert(IJobMarket.JobMarket_SequencerDown.selector);
        c.jobMarket.expireLock(order);
        skip(GRACE - 1);
        _deliver(jobId);
        _assertStatus(jobId, IJobMarket.Status.Delivered);
    }
}

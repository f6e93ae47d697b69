// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {MockV3Aggregator} from "@chainlink/contracts/src/v0.8/shared/mocks/MockV3Aggregator.sol";

import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Settings} from "../../../script/deploy/Settings.sol";
import {CarriedJob} from "../../utils/CarriedJob.t.sol";

/// @notice DIS-5: answer times do not run while the sequencer is down (class 18).
contract SequencerTest is CarriedJob {
    MockV3Aggregator internal feed;

    function _settings() internal view override returns (Settings memory settings) {
        settings = super._settings();
        settings.feed = AggregatorV3Interface(address(feed));
    }

    function setUp() public override {
        feed = new MockV3Aggregator(0, 0);
        feed.updateRoundData(1, 0, 1, 1);
        super.setUp();
    }

    function _report(int256 down) internal {
        feed.updateRoundData(uint80(block.number), down, block.timestamp, block.timestamp);
    }

    function test_AnOutageGivesTheWholeTimeAgain() public {
        (Order memory order,) = _delivered();
        bytes32 demandId = _demand(order, _traceRequest(0));
        uint40 deadline = c.demands.deadlineOf(demandId);
        vm.warp(deadline - 2);
        _report(1);
        vm.warp(deadline + 6 hours);
        vm.expectRevert(IDisputes.Disputes_SequencerDown.selector);
        c.demands.expireDemand(order, demandId);
        _report(0);
        uint40 later = uint40(block.timestamp) + 10;
        assertEq(c.demands.deadlineOf(demandId), later);
        vm.warp(later - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_DeadlineRunning.selector, demandId, later)
        );
        c.demands.expireDemand(order, demandId);
        _answerTrace(order, demandId, 0);
    }

    function test_AnOutageBeforeTheDemandChangesNothing() public {
        (Order memory order,) = _delivered();
        _report(1);
        skip(1);
        _report(0);
        bytes32 demandId = _demand(order, _traceRequest(0));
        assertEq(c.demands.deadlineOf(demandId), block.timestamp + 10);
        skip(10);
        c.demands.expireDemand(order, demandId);
    }
}

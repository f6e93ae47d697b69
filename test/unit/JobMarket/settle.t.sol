// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {MockV3Aggregator} from "@chainlink/contracts/src/v0.8/shared/mocks/MockV3Aggregator.sol";

import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Settings} from "../../../script/deploy/Settings.sol";
import {Base} from "../../utils/Base.t.sol";

contract SettleTest is Base {
    function test_WhenFinal() external {
        (Order memory order, bytes32 jobId) = _delivered();
        _passWindow();
        vm.expectEmit(address(c.jobMarket));
        emit IJobMarket.JobSettled(jobId, providerId, 4.675e18, 0.075e18, 0.25e18);
        c.jobMarket.settle(order);
        _assertStatus(jobId, IJobMarket.Status.Settled);
        assertEq(c.jobMarket.jobOf(jobId).resultRoot, RESULT, "D8: slots are never zeroed");
    }

    function test_RevertWhen_TheWindowRuns() external {
        (Order memory order, bytes32 jobId) = _delivered();
        uint40 finalAt = uint40(block.timestamp) + 6;
        vm.warp(finalAt - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_NotFinal.selector, jobId, finalAt)
        );
        c.jobMarket.settle(order);
        vm.warp(finalAt);
        c.jobMarket.settle(order);
    }

    function test_WhenLongAfter() external {
        (Order memory order,) = _delivered();
        skip(365 days);
        c.jobMarket.settle(order);
    }

    function test_RevertGiven_NotDelivered() external {
        (Order memory order, bytes32 jobId) = _locked();
        skip(1 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_WrongStatus.selector, jobId, IJobMarket.Status.Locked
            )
        );
        c.jobMarket.settle(order);
    }

    function test_RevertGiven_Settled() external {
        (Order memory order, bytes32 jobId) = _delivered();
        _passWindow();
        c.jobMarket.settle(order);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_WrongStatus.selector, jobId, IJobMarket.Status.Settled
            )
        );
        c.jobMarket.settle(order); // MKT-1
    }

    function test_WhenManyAreSettled() external {
        Order[] memory orders = new Order[](4);
        (orders[0],) = _delivered();
        bytes32 lockedId;
        (orders[1], lockedId) = _locked(); // left out
        (orders[2],) = _delivered();
        orders[3] = orders[0]; // twice: left out the second time
        _passWindow();
        bytes32 lateId;
        Order[] memory more = new Order[](1);
        (more[0], lateId) = _delivered();
        vm.prank(stranger.addr);
        c.jobMarket.settleMany(orders);
        vm.prank(stranger.addr);
        c.jobMarket.settleMany(more); // not final: left out
        _assertStatus(lockedId, IJobMarket.Status.Locked);
        _assertStatus(lateId, IJobMarket.Status.Delivered);
        assertEq(_free(owner.addr), 2 * 4.675e18);
        assertEq(_free(publisher.addr), 2 * 0.25e18);
        assertEq(_free(address(c.feeSink)), 2 * 0.075e18);
        assertEq(_free(address(c.auditManager)), 2 * 0.5e18);
        assertEq(_free(stranger.addr), 2 * 0.2e18);
    }

    function test_WhenNothingCanBeSettled() external {
        c.jobMarket.settleMany(new Order[](0));
        Order[] memory orders = new Order[](1);
        orders[0] = _order();
        c.jobMarket.settleMany(orders);
    }

    /// @dev Every wei of the debit arrives somewhere, for all prices.
    function testFuzz_WhenPriceAndRoyaltyVary(uint128 price, uint16 royaltyBps) external {
        price = uint128(bound(price, 0, FUNDS - 1e18));
        royaltyBps = uint16(bound(royaltyBps, 0, 2_000));
        Order memory order = _order();
        order.modelId = c.modelRegistry.register(_header("fuzz"), royaltyBps, 2);
        order.minPrice = price;
        order.maxPrice = price;
        order.maxTotal = FUNDS;
        order.collateral = STAKE;
        _setQEff(1e6); // any price is solvent
        _deliver(_lock(order));
        _passWindow();
        vm.prank(stranger.addr);
        c.jobMarket.settle(order);
        assertEq(
            _free(owner.addr) + _free(address(this)) + _free(address(c.feeSink))
                + _free(address(c.auditManager)) + _free(stranger.addr)
                + _committed(requester.addr),
            FUNDS
        );
        assertEq(_free(address(c.feeSink)), uint256(price) * 150 / 10_000);
        assertEq(_free(address(this)), uint256(price) * royaltyBps / 10_000);
    }

    // --- Only Disputes ---

    function test_RevertWhen_AStrangerFreezesOrConvicts() external {
        (Order memory order, bytes32 jobId) = _delivered();
        bytes memory notDisputes =
            abi.encodeWithSelector(IJobMarket.JobMarket_NotDisputes.selector, stranger.addr);
        vm.startPrank(stranger.addr);
        vm.expectRevert(notDisputes);
        c.jobMarket.freeze(jobId);
        vm.expectRevert(notDisputes);
        c.jobMarket.convict(order, 0, stranger.addr);
    }

    function test_WhenConvicted() external {
        (Order memory order, bytes32 jobId) = _delivered();
        uint256 supply = c.lynToken.totalSupply();
        vm.prank(address(c.disputes));
        c.jobMarket.convict(order, 400e18, stranger.addr);
        _assertStatus(jobId, IJobMarket.Status.Convicted);
        assertEq(_free(requester.addr), 5.7e18, "the whole escrow");
        assertEq(_free(stranger.addr), 400e18, "D1: at most 0.4");
        assertEq(supply - c.lynToken.totalSupply(), 600e18, "the rest is burnt");
        assertEq(_stakeOf(providerId), STAKE - COLLATERAL, "STK-3: exactly S");
        assertEq(_reserved(providerId), 0);
        vm.prank(address(c.disputes));
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_WrongStatus.selector, jobId, IJobMarket.Status.Convicted
            )
        );
        c.jobMarket.convict(order, 0, stranger.addr); // MKT-1
    }

    function test_RevertWhen_FrozenBeforeDelivery() external {
        (, bytes32 jobId) = _locked();
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_WrongStatus.selector, jobId, IJobMarket.Status.Locked
            )
        );
        vm.prank(address(c.disputes));
        c.jobMarket.freeze(jobId);
    }
}

/// @notice A3: with a sequencer-uptime feed.
contract SettleWithFeedTest is Base {
    MockV3Aggregator private feed;

    function _settings() internal view override returns (Settings memory settings) {
        settings = super._settings();
        settings.feed = AggregatorV3Interface(address(feed));
        settings.grace = 100;
    }

    function setUp() public override {
        vm.warp(1_700_000_000);
        feed = new MockV3Aggregator(0, 0); // up
        super.setUp();
    }

    function test_RevertWhen_TheSequencerIsDown() external {
        (Order memory delivered,) = _delivered();
        (Order memory locked,) = _locked();
        skip(1 hours);
        feed.updateAnswer(1);
        _expectDown(delivered, locked);
        skip(1 hours);
        _expectDown(delivered, locked);
        feed.updateAnswer(0); // up again: the grace runs
        _expectDown(delivered, locked);
        skip(99);
        _expectDown(delivered, locked);
        skip(1);
        c.jobMarket.settle(delivered);
        c.jobMarket.expireLock(locked);
    }

    function test_WhenTheFeedIsSwitchedOff() external {
        (Order memory order,) = _delivered();
        skip(1 hours);
        vm.etch(address(feed), hex"fe"); // reverts on every call
        c.jobMarket.settle(order);
    }

    function _expectDown(Order memory delivered, Order memory locked) private {
        Order[] memory orders = new Order[](1);
        orders[0] = delivered;
        bytes4 down = IJobMarket.JobMarket_SequencerDown.selector;
        vm.expectRevert(down);
        c.jobMarket.settle(delivered);
        vm.expectRevert(down);
        c.jobMarket.settleMany(orders);
        vm.expectRevert(down);
        c.jobMarket.expireLock(locked);
    }
}

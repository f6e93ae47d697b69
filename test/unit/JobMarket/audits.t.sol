// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAuditManager} from "../../../contracts/interfaces/IAuditManager.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {JobMarket} from "../../../contracts/market/JobMarket.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Role} from "../../../contracts/types/Role.sol";
import {Base} from "../../utils/Base.t.sol";

/// @notice What the market asks of AuditManager, and what it lets AuditManager do.
contract MarketAuditsTest is Base {
    JobMarket private market;
    address private constant AUDITS = address(0xa0d175);

    /// @dev A second market beside the deployed one, with audits.
    function setUp() public override {
        super.setUp();
        market = new JobMarket(
            address(this),
            JobMarket.Config({
                lyn: lyn,
                ledger: c.ledger,
                stakeManager: c.stakeManager,
                modelRegistry: c.modelRegistry,
                disputes: c.disputes,
                audits: IAuditManager(AUDITS),
                prices: c.priceOracle,
                parameters: address(this),
                feeSink: address(c.feeSink),
                verificationFees: AUDITS,
                zkModels: c.zkModels,
                zkDeliveries: address(c.zkDeliveries),
                epoch: 2,
                qEffPpm: 100_000,
                acceptDelay: 3,
                feed: c.jobMarket.FEED(),
                grace: 0
            })
        );
        market.pushSnapshot(1, 2, lyn, c.jobMarket.snapshotOf(1, 2, lyn));
        c.ledger.authorise(address(market));
        c.stakeManager.authorise(address(market), Role.Provider);
        vm.etch(AUDITS, hex"00");
        vm.mockCallRevert(AUDITS, abi.encodeWithSelector(IAuditManager.finalise.selector), "held");
    }

    function _deliveredJob() private returns (Order memory order, bytes32 jobId) {
        order = _order();
        jobId = market.jobIdOf(order);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(requester.key, jobId);
        vm.startPrank(hot.addr);
        market.lock(order, abi.encodePacked(r, s, v));
        market.deliver(jobId, RESULT);
        vm.stopPrank();
    }

    function _seed(uint40 epoch, uint32 ratePpm) private {
        vm.prank(AUDITS);
        market.pushSeed(epoch, 7, ratePpm, 200_000);
    }

    function _assertJob(bytes32 jobId, IJobMarket.Status status) private view {
        assertEq(uint8(market.jobOf(jobId).status), uint8(status));
    }

    function _allow(Order memory order, bytes32 jobId) private {
        IJobMarket.Job memory job = market.jobOf(jobId);
        bytes32 execId = c.disputes.execIdOf(jobId, job.attempt, job.providerId);
        bytes memory call_ = abi.encodeCall(IAuditManager.finalise, (execId, job.time, job.window));
        vm.mockCall(AUDITS, call_, "");
        vm.expectCall(AUDITS, call_);
        order;
    }

    /// @dev E1, MKT-4: nothing passes unsampled because the seed is late.
    function test_RevertGiven_TheEpochHasNoSeed() external {
        (Order memory order, bytes32 jobId) = _deliveredJob();
        uint40 epoch = uint40(block.timestamp) / 2;
        _passWindow();
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_NotFinal.selector, jobId, (epoch + 1) * 2)
        );
        market.settle(order);
        Order[] memory orders = new Order[](1);
        orders[0] = order;
        market.settleMany(orders);
        _assertJob(jobId, IJobMarket.Status.Delivered);
        _seed(epoch, 0);
        market.settle(order);
        _assertJob(jobId, IJobMarket.Status.Settled);
        assertEq(_free(AUDITS), 0.5e18, "the fee");
    }

    function test_GivenTheJobIsSampled_ThenAuditsDecide() external {
        (Order memory order, bytes32 jobId) = _deliveredJob();
        _seed(uint40(block.timestamp) / 2, 1e6);
        _passWindow();
        vm.expectRevert(bytes("held"));
        market.settle(order);
        Order[] memory orders = new Order[](1);
        orders[0] = order;
        market.settleMany(orders);
        _assertJob(jobId, IJobMarket.Status.Delivered);
        _allow(order, jobId);
        market.settleMany(orders);
        _assertJob(jobId, IJobMarket.Status.Settled);
    }

    /// @dev Audits do not shorten the window.
    function test_RevertGiven_TheWindowRuns() external {
        (Order memory order, bytes32 jobId) = _deliveredJob();
        uint40 finalAt = uint40(block.timestamp) + 6;
        _seed(uint40(block.timestamp) / 2, 1e6);
        _allow(order, jobId);
        skip(5);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_NotFinal.selector, jobId, finalAt)
        );
        market.settle(order);
        skip(1);
        market.settle(order);
    }

    /// @dev E1: about as many as the rate says, and nobody chooses which.
    function test_TheRateIsTheRate() external pure {
        uint256 sampled;
        for (uint256 i = 0; i < 2_000; ++i) {
            bytes32 execId = keccak256(abi.encode(i));
            if (uint256(keccak256(abi.encode(uint160(7), execId))) % 1e6 < 100_000) ++sampled;
        }
        assertGt(sampled, 150);
        assertLt(sampled, 250);
    }

    function test_WhenASeedIsPushed() external {
        vm.expectEmit(address(market));
        emit IJobMarket.SeedPushed(9, 7, 50_000, 200_000);
        _seed(9, 50_000);
        (uint160 seed, uint32 ratePpm) = market.seedOf(9);
        assertEq(seed, 7);
        assertEq(ratePpm, 50_000);
        assertEq(market.qEffPpm(), 200_000);
        assertEq(market.maxExposureOf(1_000e18), 150e18);
        vm.expectRevert(abi.encodeWithSelector(IJobMarket.JobMarket_SeedExists.selector, 9));
        _seed(9, 0);
    }

    function test_RevertWhen_TheSeedMakesNoSense() external {
        bytes4 bad = IJobMarket.JobMarket_BadSeed.selector;
        vm.startPrank(AUDITS);
        vm.expectRevert(abi.encodeWithSelector(bad, 9, 0, 0));
        market.pushSeed(9, 0, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(bad, 9, 1e6 + 1, 0));
        market.pushSeed(9, 7, 1e6 + 1, 0);
        vm.expectRevert(abi.encodeWithSelector(bad, 9, 0, 1e6 + 1));
        market.pushSeed(9, 7, 0, 1e6 + 1);
    }

    function test_RevertWhen_AStrangerPushesOrFinalises() external {
        vm.startPrank(stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_NotAudits.selector, stranger.addr)
        );
        market.pushSeed(9, 7, 0, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_NotSelf.selector, stranger.addr)
        );
        market.finaliseSelf(0);
    }

    // --- Void executions (A7) ---

    function test_WhenAnExecutionIsVoided() external {
        (Order memory order, bytes32 jobId) = _delivered();
        vm.expectEmit(address(c.jobMarket));
        emit IJobMarket.ExecutionVoided(jobId, providerId);
        vm.prank(address(c.disputes));
        c.jobMarket.voidExecution(order);
        _assertStatus(jobId, IJobMarket.Status.Reopened);
        assertEq(c.jobMarket.jobOf(jobId).attempt, 1, "A1");
        assertEq(_stakeOf(providerId), STAKE, "no slash");
        assertEq(_reserved(providerId), 0);
        assertEq(_free(owner.addr), 0, "no pay");
        _relock(order, otherHot);
        vm.prank(otherHot.addr);
        c.jobMarket.deliver(jobId, RESULT);
        _passWindow();
        c.jobMarket.settle(order);
    }

    function test_WhenTheLastAttemptIsVoided() external {
        Order memory order = _order();
        order.maxAttempts = 1;
        bytes32 jobId = _lock(order);
        _deliver(jobId);
        vm.prank(address(c.disputes));
        c.jobMarket.voidExecution(order);
        _assertStatus(jobId, IJobMarket.Status.Refunded);
        assertEq(_committed(requester.addr) + _free(requester.addr), FUNDS);
    }

    function test_RevertWhen_AStrangerVoids() external {
        (Order memory order,) = _delivered();
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_NotDisputes.selector, stranger.addr)
        );
        vm.prank(stranger.addr);
        c.jobMarket.voidExecution(order);
    }

    function test_RevertGiven_NothingIsDelivered() external {
        (Order memory order, bytes32 jobId) = _locked();
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_WrongStatus.selector, jobId, IJobMarket.Status.Locked
            )
        );
        vm.prank(address(c.disputes));
        c.jobMarket.voidExecution(order);
    }
}

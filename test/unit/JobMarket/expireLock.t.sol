// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {IStakeManager} from "../../../contracts/interfaces/IStakeManager.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Actor, Base} from "../../utils/Base.t.sol";

/// @notice A2: liveness slash, then re-opening or refund.
contract ExpireLockTest is Base {
    function test_RevertWhen_TheDeliveryWindowRuns() external {
        (Order memory order, bytes32 jobId) = _locked();
        uint40 end = uint40(block.timestamp) + 6;
        vm.warp(end - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_DeliveryOpen.selector, jobId, end)
        );
        c.jobMarket.expireLock(order);
        vm.warp(end);
        c.jobMarket.expireLock(order);
    }

    function test_WhenAttemptsAreLeft() external {
        (Order memory order, bytes32 jobId) = _locked();
        skip(6);
        uint256 escrowed = _committed(requester.addr);
        uint256 supply = c.lynToken.totalSupply();
        vm.expectEmit(address(c.jobMarket));
        emit IJobMarket.JobReopened(jobId, 1, uint40(block.timestamp) + order.lockDuration);
        vm.prank(stranger.addr);
        c.jobMarket.expireLock(order);

        IJobMarket.Job memory job = c.jobMarket.jobOf(jobId);
        assertEq(uint8(job.status), uint8(IJobMarket.Status.Reopened));
        assertEq(job.attempt, 1);
        assertEq(job.providerId, 0);
        assertEq(job.price, 5e18, "the escrow stays with the job");
        assertEq(_committed(requester.addr), escrowed);
        assertEq(_free(requester.addr), 0, "a requester never profits");
        assertEq(_stakeOf(providerId), STAKE - 50e18, "5% of S, above the price");
        assertEq(_reserved(providerId), 0);
        uint256 paid = _free(stranger.addr);
        assertGt(paid, 0);
        assertLe(paid, 20e18, "D1");
        assertEq(supply - c.lynToken.totalSupply(), 50e18 - paid, "the rest is burnt");
    }

    function test_WhenThePriceIsAboveFivePercent() external {
        Order memory order = _order();
        order.minPrice = 60e18;
        order.maxPrice = 60e18;
        order.maxTotal = 100e18;
        _lock(order);
        skip(6);
        c.jobMarket.expireLock(order);
        assertEq(_stakeOf(providerId), STAKE - 60e18, "D1: max(price, 5% of S)");
    }

    function test_WhenThePriceIsAboveTheCollateral() external {
        Order memory order = _order();
        order.minPrice = 5_000e18;
        order.maxPrice = 5_000e18;
        order.maxTotal = 6_000e18;
        _setQEff(1e6); // any price is solvent
        _lock(order);
        skip(6);
        c.jobMarket.expireLock(order);
        assertEq(_stakeOf(providerId), STAKE - COLLATERAL, "D1: at most S");
    }

    function test_WhenTheLastAttemptFails() external {
        (Order memory order, bytes32 jobId) = _locked();
        for (uint256 i = 1; i < 3; ++i) {
            skip(31);
            c.jobMarket.expireLock(order);
            _assertStatus(jobId, IJobMarket.Status.Reopened);
            if (i == 2) {
                vm.prank(owner.addr);
                c.stakeManager.unjail(providerId);
            }
            _relock(order, i == 1 ? otherHot : hot);
        }
        skip(31);
        vm.expectEmit(address(c.jobMarket));
        emit IJobMarket.JobRefunded(jobId, requester.addr, 5.7e18);
        c.jobMarket.expireLock(order);
        _assertStatus(jobId, IJobMarket.Status.Refunded);
        assertEq(_free(requester.addr), 5.7e18);
        assertEq(_free(requester.addr) + _committed(requester.addr), FUNDS, "MKT-1");
    }

    function test_WhenTheOrderHasExpired() external {
        (Order memory order, bytes32 jobId) = _locked();
        vm.warp(order.expiry);
        c.jobMarket.expireLock(order);
        _assertStatus(jobId, IJobMarket.Status.Refunded);
        assertEq(_free(requester.addr), 5.7e18);
    }

    function test_WhenTheOrderExpiresInASecond() external {
        (Order memory order, bytes32 jobId) = _locked();
        vm.warp(order.expiry - 1);
        c.jobMarket.expireLock(order);
        _assertStatus(jobId, IJobMarket.Status.Reopened);
    }

    function test_RevertGiven_Delivered() external {
        (Order memory order, bytes32 jobId) = _delivered();
        skip(1 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_WrongStatus.selector, jobId, IJobMarket.Status.Delivered
            )
        );
        c.jobMarket.expireLock(order);
    }

    // --- Locking again ---

    function test_WhenLockedAgainForMore() external {
        (Order memory order, bytes32 jobId) = _locked();
        skip(6);
        c.jobMarket.expireLock(order);
        skip(2);
        _relock(order, otherHot);
        assertEq(c.jobMarket.jobOf(jobId).price, 10e18, "the ramp restarts at the re-opening");
        assertEq(_committed(requester.addr), FUNDS - 10.7e18, "the difference is debited");
    }

    function test_WhenLockedAgainForLess() external {
        Order memory order = _order();
        vm.warp(order.rampStart + 4);
        bytes32 jobId = _lock(order);
        skip(6);
        c.jobMarket.expireLock(order);
        _relock(order, otherHot);
        assertEq(c.jobMarket.jobOf(jobId).price, 5e18);
        assertEq(_free(requester.addr), 10e18, "the difference is credited");
        vm.prank(otherHot.addr);
        c.jobMarket.deliver(jobId, RESULT);
        _passWindow();
        c.jobMarket.settle(order);
        assertEq(_committed(requester.addr) + _free(requester.addr), FUNDS - 5.7e18);
    }

    function test_RevertWhen_TheNewLockWindowEnds() external {
        (Order memory order, bytes32 jobId) = _locked();
        skip(6);
        c.jobMarket.expireLock(order);
        uint40 end = uint40(block.timestamp) + order.lockDuration;
        vm.warp(end);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_LockClosed.selector, jobId, end)
        );
        _relock(order, otherHot);
        vm.warp(end - 1);
        _relock(order, otherHot);
    }

    function test_RevertWhen_TheSilentProviderLocksAgain() external {
        (Order memory order,) = _locked();
        skip(6);
        c.jobMarket.expireLock(order);
        uint40 until = uint40(block.timestamp) + 30;
        vm.expectRevert(
            abi.encodeWithSelector(IStakeManager.StakeManager_Jailed.selector, providerId, until)
        );
        _relock(order, hot); // STK-5
    }

    function test_WhenAnotherAttemptDeliversTheSlashedOneCannot() external {
        (Order memory order, bytes32 jobId) = _locked();
        skip(6);
        c.jobMarket.expireLock(order);
        _relock(order, otherHot);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_NotProvider.selector, jobId, hot.addr)
        );
        _deliver(jobId); // A1
    }

    // --- Refund ---

    function test_WhenNobodyLocksAgain() external {
        (Order memory order, bytes32 jobId) = _locked();
        skip(6);
        c.jobMarket.expireLock(order);
        uint40 end = uint40(block.timestamp) + order.lockDuration;
        vm.warp(end - 1);
        vm.expectRevert(abi.encodeWithSelector(IJobMarket.JobMarket_LockOpen.selector, jobId, end));
        c.jobMarket.refund(order);
        vm.warp(end);
        c.jobMarket.refund(order);
        _assertStatus(jobId, IJobMarket.Status.Refunded);
        assertEq(_free(requester.addr), 5.7e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_WrongStatus.selector, jobId, IJobMarket.Status.Refunded
            )
        );
        c.jobMarket.refund(order); // MKT-1
    }

    function test_RevertGiven_NotReopened() external {
        (Order memory order, bytes32 jobId) = _locked();
        skip(1 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_WrongStatus.selector, jobId, IJobMarket.Status.Locked
            )
        );
        c.jobMarket.refund(order);
    }
}

/// @notice What the caller of `expireLock` is paid covers the whole transaction, and not much more.
/// forge-config: default.isolate = true
contract ExpireLockGasTest is Base {
    uint256 private constant LYN_PER_GAS = 1e12;

    function _repaid(Order memory order) private returns (uint256 repaid, uint256 used) {
        vm.prank(stranger.addr);
        c.jobMarket.expireLock(order);
        used = vm.lastCallGas().gasTotalUsed;
        repaid = _free(stranger.addr) / LYN_PER_GAS;
    }

    function _check(Order memory order) private {
        (uint256 repaid, uint256 used) = _repaid(order);
        assertGe(repaid, used, "an honest caller never loses");
        assertLe(repaid, used + 100_000, "nor is there a living in it");
    }

    function test_WhenItReopens() external {
        (Order memory order,) = _locked();
        skip(6);
        _check(order);
    }

    function test_WhenItRefunds() external {
        Order memory order = _order();
        order.maxAttempts = 1;
        _lock(order);
        skip(6);
        _check(order);
    }
}

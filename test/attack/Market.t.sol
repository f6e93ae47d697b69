// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IJobMarket} from "../../contracts/interfaces/IJobMarket.sol";
import {IStakeManager} from "../../contracts/interfaces/IStakeManager.sol";
import {IParameters} from "../../contracts/interfaces/IParameters.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Base} from "../utils/Base.t.sol";

/// @notice Classes 4, 10, 11, 17 and 21 for the market and the stake behind it.
contract MarketAttacksTest is Base {
    /// @dev Class 4: at no offset does thawing or withdrawing save the collateral of a running job.
    function testFuzz_Class4_WithdrawalDoesNotEvadeTheSlash(uint256 thawAt, uint256 askAt)
        external
    {
        thawAt = bound(thawAt, 0, 3);
        askAt = bound(askAt, 0, 200);
        if (thawAt == 0) _thawAll();
        // A thaw before the lock leaves nothing to lock with.
        Order memory order = _order();
        if (thawAt == 0) {
            bytes memory signature = _sign(order);
            vm.expectPartialRevert(IStakeManager.StakeManager_InsufficientStake.selector);
            vm.prank(hot.addr);
            c.jobMarket.lock(order, signature);
            return;
        }
        bytes32 jobId = _lock(order);
        if (thawAt == 1) _thawAll();
        _deliver(jobId);
        if (thawAt == 2) _thawAll();
        skip(askAt);
        if (thawAt == 3) _thawAll();
        vm.prank(owner.addr);
        try c.stakeManager.withdraw(providerId, STAKE - COLLATERAL, owner.addr) {} catch {}
        vm.prank(owner.addr);
        try c.stakeManager.withdraw(providerId, 1, owner.addr) {} catch {}
        assertGe(_stakeOf(providerId), COLLATERAL);
        vm.prank(address(c.disputes));
        c.jobMarket.convict(order, 400e18, stranger.addr);
        assertEq(_free(stranger.addr), 400e18);
    }

    function _thawAll() private {
        vm.prank(owner.addr);
        c.stakeManager.requestThaw(providerId, STAKE);
    }

    /// @dev Class 11: a batch as large as a transaction takes stays linear.
    /// forge-config: default.isolate = true
    function test_Class11_BatchesGrowLinearly() external {
        uint256[2] memory used;
        for (uint256 i = 0; i < 2; ++i) {
            Order[] memory orders = new Order[](i == 0 ? 16 : 64);
            for (uint256 j = 0; j < orders.length; ++j) {
                orders[j] = _order();
                orders[j].collateral = 500e18;
                _deliver(_lock(orders[j]));
            }
            _passWindow();
            c.jobMarket.settleMany(orders);
            used[i] = vm.lastCallGas().gasTotalUsed / orders.length;
        }
        assertLe(used[1], used[0], "no dearer each");
        assertLe(used[1] * 300, 16_777_216, "300 fit a transaction");
    }

    /// @dev Class 17: nothing that governance can set lowers what anybody has.
    function testFuzz_Class17_GovernanceTakesNothing(uint256 name, uint256 value) external {
        (Order memory order,) = _delivered();
        bytes32[] memory names = c.parameters.names();
        bytes32 chosen = names[name % names.length];
        IParameters.Bounds memory bounds = c.parameters.boundsOf(chosen);
        value = bound(value, bounds.minimum, bounds.maximum);
        uint256 current = c.parameters.valueOf(chosen);
        uint256 down = current / 2 > bounds.step ? current / 2 : bounds.step;
        uint256 up = current > bounds.step ? current : bounds.step;
        if (value > current + up) value = current + up;
        if (value + down < current) value = current - down;
        uint256 committed = _committed(requester.addr);
        skip(c.parameters.schedule(chosen, value) - block.timestamp);
        c.parameters.publish();
        assertEq(c.parameters.parameterOf(chosen).value, value);
        c.parameters.publish();
        assertEq(_committed(requester.addr), committed);
        assertEq(_stakeOf(providerId), STAKE);
        if (block.timestamp < c.jobMarket.jobOf(c.jobMarket.jobIdOf(order)).time + 6) skip(6); // the window of the lock, not today's
        c.jobMarket.settle(order);
        assertEq(_free(owner.addr), 4.675e18, "the fee of the lock, not today's");
    }

    /// @dev Class 21, A2, D1: a provider that expires its own lock, in whatever roles, loses at least 0.6 of the slash;
    /// together with the requester too.
    function testFuzz_Class21_SelfExpiry(uint96 collateral, uint128 price) external {
        Order memory order = _order();
        order.collateral = uint96(bound(collateral, 500e18, STAKE));
        order.minPrice = uint128(bound(price, 0, 1_000e18));
        order.maxPrice = order.minPrice;
        order.maxTotal = 2_000e18;
        order.maxAttempts = 1;
        _setQEff(1e6); // any price is solvent
        uint256 before = _committed(requester.addr) + _stakeOf(providerId);
        _lock(order);
        skip(6);
        vm.prank(owner.addr);
        c.jobMarket.expireLock(order);
        uint256 slashed = STAKE - _stakeOf(providerId);
        uint256 wealth = _committed(requester.addr) + _free(requester.addr) + _stakeOf(providerId)
            + _free(owner.addr);
        assertGt(slashed, 0);
        assertGe(before - wealth, slashed * 6 / 10);
    }

    /// @dev Buying from oneself costs the fee and the verification fee: nothing comes back.
    function test_Class21_BuyingFromOneself() external {
        uint256 before = _committed(requester.addr);
        (Order memory order,) = _delivered();
        _passWindow();
        vm.prank(owner.addr);
        c.jobMarket.settle(order);
        uint256 wealth = _committed(requester.addr) + _free(requester.addr) + _free(owner.addr)
            + _free(publisher.addr);
        assertEq(before - wealth, 0.075e18 + 0.5e18);
    }

    /// @dev A2: whatever happens to a job, its requester never ends with more than it began with.
    function testFuzz_RequesterNeverProfits(uint8 path) external {
        (Order memory order, bytes32 jobId) = _locked();
        if (path % 3 == 0) {
            skip(6);
            c.jobMarket.expireLock(order);
            skip(30);
            c.jobMarket.refund(order);
        } else {
            _deliver(jobId);
            if (path % 3 == 1) {
                vm.prank(address(c.disputes));
                c.jobMarket.convict(order, 0, stranger.addr);
            } else {
                _passWindow();
                c.jobMarket.settle(order);
            }
        }
        uint256 wealth = _committed(requester.addr) + _free(requester.addr);
        assertLe(wealth, FUNDS);
        if (_status(jobId) != IJobMarket.Status.Settled) assertEq(wealth, FUNDS, "in full");
    }
}

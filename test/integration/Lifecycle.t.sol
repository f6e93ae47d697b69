// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IJobMarket} from "../../contracts/interfaces/IJobMarket.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Base} from "../utils/Base.t.sol";

/// @notice One job from order to payment, and one that nobody delivers, on the real contracts.
contract LifecycleTest is Base {
    function test_WhenAJobIsDelivered() external {
        (Order memory order, bytes32 jobId) = _delivered();
        assertEq(_committed(requester.addr), FUNDS - 5.7e18, "D3: price, verification fee, tip");
        assertEq(_reserved(providerId), COLLATERAL, "reserved");
        _passWindow();
        vm.prank(stranger.addr);
        c.jobMarket.settle(order);

        _assertStatus(jobId, IJobMarket.Status.Settled);
        assertEq(_reserved(providerId), 0, "released");
        assertEq(_free(address(c.feeSink)), 0.075e18, "1.5% of 5 LYN");
        assertEq(_free(publisher.addr), 0.25e18, "royalty of 5%");
        assertEq(_free(owner.addr), 4.675e18, "the rest of the price");
        assertEq(_free(address(c.auditManager)), 0.5e18, "verification fee");
        assertEq(_free(stranger.addr), 0.2e18, "tip");
    }

    function test_WhenNobodyDelivers() external {
        (Order memory order, bytes32 jobId) = _locked();
        skip(6);
        vm.prank(stranger.addr);
        c.jobMarket.expireLock(order);
        _assertStatus(jobId, IJobMarket.Status.Reopened);
        assertEq(_stakeOf(providerId), STAKE - 50e18, "5% of the collateral");
        assertGt(_free(stranger.addr), 0, "gas repaid");

        // The escrow of the first lock stays; the ramp restarts.
        skip(2);
        uint256 before = _committed(requester.addr);
        _relock(order, otherHot);
        assertEq(before - _committed(requester.addr), 5e18, "from 5 to 10 LYN");
        vm.prank(otherHot.addr);
        c.jobMarket.deliver(jobId, RESULT);
        _passWindow();
        c.jobMarket.settle(order);
        _assertStatus(jobId, IJobMarket.Status.Settled);
    }
}

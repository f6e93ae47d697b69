// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ICallbacks} from "../../../contracts/interfaces/ICallbacks.sol";
import {ComputeOffer} from "../../../contracts/types/ComputeOffer.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Consumer} from "../../utils/HostileConsumers.sol";
import {Trading} from "../../utils/Trading.t.sol";

/// @notice Class 5: every window of the market is [start, end): what may happen in it works at end - 1 and neither at end nor at end + 1; what may happen after it the other way round.
contract WindowsTest is Trading {
    /// @dev What is tried, a second before the end, at it and a second after.
    function _atTheEdge(uint256 end, address by, address target, bytes memory call_, bool inside)
        private
    {
        for (uint256 i = 0; i < 3; ++i) {
            uint256 state = vm.snapshotState();
            vm.warp(end - 1 + i);
            vm.prank(by);
            (bool ok,) = target.call(call_);
            assertEq(ok, inside == (i == 0), i == 0 ? "end - 1" : i == 1 ? "end" : "end + 1");
            vm.revertToState(state);
        }
    }

    function test_Lock() external {
        Order memory order = _order();
        bytes memory call_ = abi.encodeCall(c.jobMarket.lock, (order, _sign(order)));
        _atTheEdge(order.rampStart + 30, hot.addr, address(c.jobMarket), call_, true);
        order.lockDuration = 2 hours; // the order expires first
        call_ = abi.encodeCall(c.jobMarket.lock, (order, _sign(order)));
        _atTheEdge(order.expiry, hot.addr, address(c.jobMarket), call_, true);
    }

    function test_LockAgainAndRefund() external {
        (Order memory order,) = _locked();
        skip(order.deliverDuration);
        c.jobMarket.expireLock(order);
        uint256 end = block.timestamp + order.lockDuration;
        _atTheEdge(
            end,
            otherHot.addr,
            address(c.jobMarket),
            abi.encodeCall(c.jobMarket.lock, (order, "")),
            true
        );
        _atTheEdge(
            end,
            stranger.addr,
            address(c.jobMarket),
            abi.encodeCall(c.jobMarket.refund, (order)),
            false
        );
    }

    function test_DeliverAndExpire() external {
        (Order memory order, bytes32 jobId) = _locked();
        uint256 end = block.timestamp + order.deliverDuration;
        _atTheEdge(
            end,
            hot.addr,
            address(c.jobMarket),
            abi.encodeCall(c.jobMarket.deliver, (jobId, RESULT)),
            true
        );
        _atTheEdge(
            end,
            stranger.addr,
            address(c.jobMarket),
            abi.encodeCall(c.jobMarket.expireLock, (order)),
            false
        );
    }

    function test_Settle() external {
        (Order memory order, bytes32 jobId) = _delivered();
        uint256 end = block.timestamp + c.jobMarket.jobOf(jobId).window;
        _atTheEdge(
            end,
            stranger.addr,
            address(c.jobMarket),
            abi.encodeCall(c.jobMarket.settle, (order)),
            false
        );
    }

    function test_Decline() external {
        ComputeOffer memory offer = _offer();
        offer.inputRoot = 0;
        Order memory order = _order();
        _fill(offer, order);
        _atTheEdge(
            block.timestamp + c.jobMarket.ACCEPT_DELAY(),
            hot.addr,
            address(c.jobMarket),
            abi.encodeCall(c.jobMarket.decline, (order)),
            true
        );
    }

    function test_FillAnOffer() external {
        ComputeOffer memory offer = _offer();
        offer.expiry = uint40(block.timestamp) + 9;
        Order memory order = _order();
        bytes memory call_ = abi.encodeCall(
            c.jobMarket.lockFrom,
            (address(c.offers), order, "", new bytes32[](0), _fillData(hot, offer))
        );
        _atTheEdge(offer.expiry, requester.addr, address(c.jobMarket), call_, true);
    }

    function test_SealedAuction() external {
        for (uint256 i = 0; i < 3; ++i) {
            address account = i == 0 ? requester.addr : i == 1 ? hot.addr : otherHot.addr;
            _fund(account, 100e18);
            vm.prank(account);
            c.ledger.deposit(lyn, account, 100e18);
        }
        Order memory order = _sealedOrder();
        bytes memory signature = _sign(order);
        _openAuction(order);
        uint256 commitEnd = block.timestamp + 10;
        bytes32 other = _commitment(order, otherProviderId, 8e18, "salt");
        _atTheEdge(
            commitEnd,
            otherHot.addr,
            address(c.sealedAuctions),
            abi.encodeCall(c.sealedAuctions.bid, (order, other, new bytes32[](0))),
            true
        );
        _bid(order, hot, 9e18);
        bytes memory reveal =
            abi.encodeCall(c.sealedAuctions.reveal, (order, providerId, 9e18, "salt"));
        _atTheEdge(commitEnd, stranger.addr, address(c.sealedAuctions), reveal, false);
        _atTheEdge(commitEnd + 10, stranger.addr, address(c.sealedAuctions), reveal, true);
        // One that is not revealed is closed from the end on.
        _atTheEdge(
            commitEnd + 10,
            stranger.addr,
            address(c.sealedAuctions),
            abi.encodeCall(c.sealedAuctions.closeBid, (order, providerId)),
            false
        );
        vm.warp(commitEnd);
        _reveal(order, hot, 9e18);
        bytes memory win = abi.encodeCall(
            c.jobMarket.lockFrom,
            (address(c.sealedAuctions), order, signature, new bytes32[](0), "")
        );
        _atTheEdge(commitEnd + 10, stranger.addr, address(c.jobMarket), win, false);
        // The winner is bound until the end of the lock window.
        _atTheEdge(
            order.rampStart + order.lockDuration,
            stranger.addr,
            address(c.sealedAuctions),
            abi.encodeCall(c.sealedAuctions.closeBid, (order, providerId)),
            false
        );
    }

    function test_ReclaimACallbackFee() external {
        Order memory order = _order();
        order.callback = address(new Consumer());
        order.callbackGas = 100_000;
        order.callbackFee = 1e18;
        order.maxTotal = 20e18;
        bytes32 jobId = _lock(order);
        _deliver(jobId);
        uint256 end = block.timestamp + c.jobMarket.jobOf(jobId).window + 30 days;
        _passWindow();
        c.jobMarket.settle(order);
        _atTheEdge(
            end,
            stranger.addr,
            address(c.callbacks),
            abi.encodeCall(ICallbacks.reclaim, (order)),
            false
        );
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ICallbacks} from "../../../contracts/interfaces/ICallbacks.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {CarriedJob} from "../../utils/CarriedJob.t.sol";
import {Consumer, HostileConsumer} from "../../utils/HostileConsumers.sol";
import {TreeBuilder} from "../../utils/TreeBuilder.sol";

/// @notice D9, and class 12 against it, on a job of three steps with a carried state.
contract CallbacksTest is CarriedJob {
    uint32 private constant GAS = 200_000;
    uint128 private constant FEE = 1e18;

    function _orderFor(address consumer) private returns (Order memory order) {
        order = _order();
        order.callback = consumer;
        order.callbackGas = GAS;
        order.callbackFee = FEE;
        order.maxTotal = 20e18;
    }

    function _settled(address consumer) private returns (Order memory order, bytes32 jobId) {
        order = _orderFor(consumer);
        // A consumer of 1,200 bytes stores 38 words.
        order.callbackGas = 2_000_000;
        jobId = _settle(order);
    }

    function _settle(Order memory order) private returns (bytes32 jobId) {
        jobId = _lock(order);
        _deliver(jobId);
        _passWindow();
        c.jobMarket.settle(order);
    }

    function _outputs() private view returns (IJobMarket.SmallOutput[] memory outputs) {
        outputs = new IJobMarket.SmallOutput[](1);
        outputs[0] = IJobMarket.SmallOutput(TENSOR, data[STEPS - 1][Y], false);
    }

    function _path() private view returns (ICallbacks.Path memory) {
        return ICallbacks.Path(_carriedRoot(STEPS - 1), TreeBuilder.path(_segments(), STEPS - 1));
    }

    function _call(Order memory order) private returns (bool ok) {
        return _send(order, _outputs(), _path());
    }

    function _send(
        Order memory order,
        IJobMarket.SmallOutput[] memory outputs,
        ICallbacks.Path memory path
    ) private returns (bool ok) {
        vm.prank(stranger.addr);
        return c.callbacks.callback(order, outputs, path);
    }

    function _expect(Order memory order, bytes memory reason) private {
        (IJobMarket.SmallOutput[] memory outputs, ICallbacks.Path memory path) =
            (_outputs(), _path());
        vm.expectRevert(reason);
        _send(order, outputs, path);
    }

    function test_WhenCalledThenTheConsumerHasTheOutput() external {
        Consumer consumer = new Consumer();
        (Order memory order, bytes32 jobId) = _settled(address(consumer));
        uint256 before = _free(stranger.addr);
        (IJobMarket.SmallOutput[] memory outputs, ICallbacks.Path memory path) =
            (_outputs(), _path());
        vm.expectEmit(address(c.callbacks));
        emit ICallbacks.CalledBack(jobId, address(consumer), stranger.addr, true);
        assertTrue(_send(order, outputs, path));
        assertEq(consumer.jobId(), jobId);
        assertEq(consumer.output(), data[STEPS - 1][Y]);
        assertEq(consumer.calls(), 1);
        assertEq(_free(stranger.addr) - before, FEE);
        assertTrue(c.callbacks.isDone(jobId));
    }

    /// @dev Class 12: whatever a consumer does, the settlement is what it is, and the caller is paid.
    function test_Class12_HostileConsumersTouchNothing() external {
        uint256[4] memory expected;
        for (uint256 trouble = 0; trouble <= 5; ++trouble) {
            uint256 snapshot = vm.snapshotState();
            address consumer = trouble == 5
                ? address(new Consumer())
                : address(new HostileConsumer(HostileConsumer.Trouble(trouble), c.callbacks));
            Order memory order = _orderFor(consumer);
            bytes32 jobId = _settle(order);
            if (trouble < 5) HostileConsumer(consumer).arm(order, _outputs(), _path());
            (IJobMarket.SmallOutput[] memory outputs, ICallbacks.Path memory path) =
                (_outputs(), _path());
            uint256 before = gasleft();
            _send(order, outputs, path);
            assertLt(before - gasleft(), GAS + 300_000, "bounded");
            _assertStatus(jobId, IJobMarket.Status.Settled);
            uint256[4] memory balances = [
                _free(owner.addr),
                _free(stranger.addr),
                _free(publisher.addr),
                _committed(requester.addr)
            ];
            for (uint256 i = 0; i < 4; ++i) {
                if (trouble == 0) expected[i] = balances[i];
                assertEq(balances[i], expected[i]);
            }
            vm.revertToState(snapshot);
        }
    }

    /// @dev CAL-3, class 12: all the gas of the order, or nothing happens.
    function testFuzz_CAL3_TheConsumerGetsItsGas(uint256 limit) external {
        Consumer consumer = new Consumer();
        Order memory order = _orderFor(address(consumer));
        order.callbackGas = 2_000_000;
        bytes32 jobId = _settle(order);
        limit = bound(limit, 300_000, 5_000_000);
        bytes memory call_ = abi.encodeCall(ICallbacks.callback, (order, _outputs(), _path()));
        (bool ok,) = address(c.callbacks).call{gas: limit}(call_);
        assertEq(consumer.calls(), ok ? 1 : 0);
        assertEq(c.callbacks.isDone(jobId), ok);
        if (ok) assertGt(consumer.gas_(), order.callbackGas - 5_000);
    }

    // --- Once (CAL-1) ---

    function test_RevertWhen_CalledTwice() external {
        (Order memory order, bytes32 jobId) = _settled(address(new Consumer()));
        _call(order);
        _expect(order, abi.encodeWithSelector(ICallbacks.Callbacks_Done.selector, jobId));
        vm.expectRevert(abi.encodeWithSelector(ICallbacks.Callbacks_Done.selector, jobId));
        c.callbacks.reclaim(order);
    }

    /// @dev Class 5: from finality + 30 days on.
    function test_WhenNobodyCallsThenTheFeeReturns() external {
        (Order memory order, bytes32 jobId) = _settled(address(new Consumer()));
        uint40 until = uint40(block.timestamp) + 30 days;
        vm.warp(until - 1);
        vm.expectRevert(
            abi.encodeWithSelector(ICallbacks.Callbacks_ClaimOpen.selector, jobId, until)
        );
        c.callbacks.reclaim(order);
        vm.warp(until);
        vm.expectEmit(address(c.callbacks));
        emit ICallbacks.FeeReclaimed(jobId, requester.addr, FEE);
        c.callbacks.reclaim(order);
        assertEq(_free(requester.addr), FEE);
        _expect(order, abi.encodeWithSelector(ICallbacks.Callbacks_Done.selector, jobId));
    }

    // --- Only what is settled (CAL-2) ---

    function test_RevertGiven_TheJobIsNotSettled() external {
        Order memory order = _orderFor(address(new Consumer()));
        bytes32 jobId = _lock(order);
        _deliver(jobId);
        _expect(
            order,
            abi.encodeWithSelector(
                ICallbacks.Callbacks_NotSettled.selector, jobId, IJobMarket.Status.Delivered
            )
        );
        vm.prank(address(c.disputes));
        c.jobMarket.convict(order, 0, stranger.addr);
        _expect(
            order,
            abi.encodeWithSelector(
                ICallbacks.Callbacks_NotSettled.selector, jobId, IJobMarket.Status.Convicted
            )
        );
    }

    function test_RevertGiven_TheOrderHasNoCallback() external {
        Order memory order = _order();
        bytes32 jobId = _settle(order);
        _expect(order, abi.encodeWithSelector(ICallbacks.Callbacks_NoCallback.selector, jobId));
    }

    function _expectWrong(
        Order memory order,
        IJobMarket.SmallOutput[] memory outputs,
        ICallbacks.Path memory path
    ) private {
        bytes memory call_ = abi.encodeCall(ICallbacks.callback, (order, outputs, path));
        (bool ok,) = address(c.callbacks).call(call_);
        assertFalse(ok);
    }

    function test_RevertWhen_TheOutputIsAnother() external {
        (Order memory order,) = _settled(address(new Consumer()));
        IJobMarket.SmallOutput[] memory outputs = _outputs();
        outputs[0].data[7] ^= 0x01;
        _expectWrong(order, outputs, _path());
        outputs = _outputs();
        outputs[0].data = data[STEPS - 2][Y]; // of another step
        _expectWrong(order, outputs, _path());
        outputs = _outputs();
        outputs[0].carried = true;
        _expectWrong(order, outputs, _path());
        outputs = _outputs();
        outputs[0].header = hex"01013001000000";
        _expectWrong(order, outputs, _path());
        _expectWrong(order, new IJobMarket.SmallOutput[](0), _path());
        ICallbacks.Path memory path = _path();
        path.carriedRoot = 0;
        _expectWrong(order, _outputs(), path);
        path = _path();
        path.path = new bytes32[](3);
        _expectWrong(order, _outputs(), path);
        // What is right still goes through.
        assertTrue(_call(order));
    }

    function test_RevertWhen_TheOutputIsTooLarge() external {
        (Order memory order,) = _settled(address(new Consumer()));
        IJobMarket.SmallOutput[] memory outputs = _outputs();
        outputs[0].data = new bytes(8_193);
        ICallbacks.Path memory path = _path();
        vm.expectRevert(
            abi.encodeWithSelector(ICallbacks.Callbacks_OutputTooLarge.selector, 8_193, 8_192)
        );
        c.callbacks.callback(order, outputs, path);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ClassifiedEscrow} from "../../contracts/examples/ClassifiedEscrow.sol";
import {ICallbacks} from "../../contracts/interfaces/ICallbacks.sol";
import {IJobMarket} from "../../contracts/interfaces/IJobMarket.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Base} from "../utils/Base.t.sol";

/// @notice A contract that buys a classification and acts on it only when it is final.
contract ClassifiedEscrowTest is Base {
    uint128 private constant PRICE = 50e18;
    bytes private constant HEADER = hex"01020100000003000000" hex"0001";

    ClassifiedEscrow private deals;
    address private seller = address(0x5e11);

    function setUp() public override {
        super.setUp();
        deals =
            new ClassifiedEscrow(c.jobMarket, c.ledger, address(c.callbacks), IERC20(lyn), modelId);
        c.lynToken.transfer(stranger.addr, 1_000e18);
        vm.prank(stranger.addr);
        c.lynToken.approve(address(deals), type(uint256).max);
    }

    /// @dev The stranger buys; a picture of class 2 pays the seller.
    function _open() private returns (Order memory order, bytes32 jobId) {
        order = _order();
        order.requester = address(deals);
        order.callback = address(deals);
        order.callbackGas = 300_000;
        order.callbackFee = 1e18;
        order.maxTotal = 20e18;
        vm.prank(stranger.addr);
        jobId = deals.open(seller, PRICE, 2, order);
    }

    /// @dev Three scores: -1, 0.5 and `last`.
    function _outputs(bytes4 last) private pure returns (IJobMarket.SmallOutput[] memory outputs) {
        outputs = new IJobMarket.SmallOutput[](1);
        outputs[0] =
            IJobMarket.SmallOutput(HEADER, bytes.concat(hex"000080bf0000003f", last), false);
    }

    function _path() private pure returns (ICallbacks.Path memory) {
        return ICallbacks.Path(sha256(""), new bytes32[](0));
    }

    function _run(Order memory order, bytes32 jobId, bytes4 last) private {
        vm.startPrank(hot.addr);
        c.jobMarket.lock(order, "");
        c.jobMarket.deliverWithOutputs(jobId, _outputs(last));
        vm.stopPrank();
    }

    function _call(Order memory order, bytes4 last) private returns (bool) {
        return c.callbacks.callback(order, _outputs(last), _path());
    }

    function test_WhenTheClassIsAsAgreed() external {
        (Order memory order, bytes32 jobId) = _open();
        _run(order, jobId, hex"0000803f"); // 1
        // Delivered is not final: nothing happens yet, whoever asks.
        ICallbacks.Path memory path = _path();
        vm.expectRevert(
            abi.encodeWithSelector(
                ICallbacks.Callbacks_NotSettled.selector, jobId, IJobMarket.Status.Delivered
            )
        );
        c.callbacks.callback(order, _outputs(hex"0000803f"), path);
        _passWindow();
        c.jobMarket.settle(order);
        vm.expectEmit(address(deals));
        emit ClassifiedEscrow.Closed(jobId, seller, PRICE, 2);
        assertTrue(c.callbacks.callback(order, _outputs(hex"0000803f"), path));
        assertEq(c.lynToken.balanceOf(seller), PRICE);
    }

    function test_WhenTheClassIsAnother() external {
        (Order memory order, bytes32 jobId) = _open();
        _run(order, jobId, hex"0000c07f"); // NaN: the smallest
        _passWindow();
        c.jobMarket.settle(order);
        assertTrue(_call(order, hex"0000c07f"));
        assertEq(c.lynToken.balanceOf(seller), 0);
        assertEq(c.lynToken.balanceOf(stranger.addr), 1_000e18 - order.maxTotal);
    }

    function test_GivenAConviction_ThenTheBuyerHasEverything() external {
        (Order memory order, bytes32 jobId) = _open();
        _run(order, jobId, hex"0000803f");
        vm.expectRevert(
            abi.encodeWithSelector(ClassifiedEscrow.ClassifiedEscrow_StillRunning.selector, jobId)
        );
        deals.abandon(order);
        vm.prank(address(c.disputes));
        c.jobMarket.convict(order, 0, hot.addr);
        deals.abandon(order);
        uint256 used = c.marketLens.totalOf(order, c.jobMarket.jobOf(jobId).price);
        assertEq(c.lynToken.balanceOf(stranger.addr), 1_000e18 - order.maxTotal + used);
        vm.expectRevert(
            abi.encodeWithSelector(ClassifiedEscrow.ClassifiedEscrow_Unknown.selector, jobId)
        );
        deals.abandon(order);
    }

    function test_RevertWhen_SomebodyElseBringsAResult() external {
        (, bytes32 jobId) = _open();
        vm.expectRevert(
            abi.encodeWithSelector(ClassifiedEscrow.ClassifiedEscrow_NotCallbacks.selector, seller)
        );
        vm.prank(seller);
        deals.onResult(jobId, hex"0000803f0000803f0000004f");
    }

    function test_RevertWhen_TheOrderIsOfAnotherModel() external {
        Order memory order = _order();
        vm.expectRevert(ClassifiedEscrow.ClassifiedEscrow_BadOrder.selector);
        deals.open(seller, PRICE, 2, order);
    }
}

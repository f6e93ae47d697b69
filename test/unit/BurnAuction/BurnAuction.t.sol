// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IBurnAuction} from "../../../contracts/interfaces/IBurnAuction.sol";
import {Base} from "../../utils/Base.t.sol";
import {PlainToken} from "../../utils/HostileTokens.sol";

contract BurnAuctionTest is Base {
    PlainToken private dollar;
    address private token;
    uint256 private halving;

    function setUp() public override {
        super.setUp();
        dollar = new PlainToken(6);
        token = address(dollar);
        halving = c.burnAuction.HALVING();
        // A dollar of six decimals is 10 LYN: 1e18 wei of it are 1e12 dollars.
        c.burnAuction.setReference(token, 10e30);
        c.lynToken.approve(address(c.burnAuction), type(uint256).max);
    }

    function _started(uint256 amount) private {
        dollar.mint(address(c.burnAuction), amount);
        c.burnAuction.start(token);
    }

    function test_WhenStarted_ThenThePriceFallsFromTwice() external {
        dollar.mint(address(c.burnAuction), 7e6);
        vm.expectEmit(address(c.burnAuction));
        emit IBurnAuction.LotStarted(token, 7e6, 20e30);
        c.burnAuction.start(token);
        assertEq(c.burnAuction.costOf(token), 140e18);
        skip(halving);
        assertEq(c.burnAuction.costOf(token), 70e18);
        skip(halving);
        assertEq(c.burnAuction.costOf(token), 35e18);
        skip(10 * halving);
        assertEq(c.burnAuction.costOf(token), 8.75e18, "stops after four halvings");
    }

    function testFuzz_ThePriceNeverRises(uint32 first, uint32 second) external {
        _started(1e6);
        skip(bound(first, 0, 6 * halving));
        uint256 cost = c.burnAuction.costOf(token);
        skip(bound(second, 0, 6 * halving));
        assertLe(c.burnAuction.costOf(token), cost);
    }

    function test_AUC1_ALotIsSoldOnce() external {
        _started(7e6);
        skip(halving);
        uint256 supply = c.lynToken.totalSupply();
        uint256 stakers = c.lynToken.balanceOf(address(c.stakerFees));
        vm.expectRevert(
            abi.encodeWithSelector(IBurnAuction.BurnAuction_TooDear.selector, 70e18, 70e18 - 1)
        );
        c.burnAuction.buy(token, 70e18 - 1, stranger.addr);
        vm.expectEmit(address(c.burnAuction));
        emit IBurnAuction.LotSold(token, address(this), 7e6, 70e18, 40e18);
        c.burnAuction.buy(token, 70e18, stranger.addr);
        assertEq(dollar.balanceOf(stranger.addr), 7e6);
        assertEq(supply - c.lynToken.totalSupply(), 40e18, "AUC-2: burnt");
        assertEq(c.lynToken.balanceOf(address(c.stakerFees)) - stakers, 30e18, "AUC-2: stakers");
        assertEq(c.lynToken.balanceOf(address(c.burnAuction)), 0);
        bytes memory none = abi.encodeWithSelector(IBurnAuction.BurnAuction_NoLot.selector, token);
        vm.expectRevert(none);
        c.burnAuction.buy(token, 70e18, stranger.addr);
        vm.expectRevert(none);
        c.burnAuction.costOf(token);
        _started(1e6);
        assertEq(c.burnAuction.lotOf(token).startPrice, 20e30, "twice the last clearing");
    }

    function test_WhatNobodyWantsStartsAgainLower() external {
        _started(7e6);
        skip(4 * halving);
        uint40 until = uint40(block.timestamp + halving);
        vm.expectRevert(
            abi.encodeWithSelector(IBurnAuction.BurnAuction_LotRunning.selector, token, until)
        );
        c.burnAuction.start(token);
        skip(halving);
        dollar.mint(address(c.burnAuction), 1e6);
        c.burnAuction.start(token);
        assertEq(c.burnAuction.lotOf(token).amount, 8e6, "with what has come since");
        assertEq(c.burnAuction.lotOf(token).startPrice, 2.5e30);
    }

    /// @dev AUC-2, for every amount and moment: nothing of the LYN stays here.
    function testFuzz_AUC2_AllLynIsBurntOrTheStakers(uint64 amount, uint32 after_) external {
        _started(bound(amount, 1, 1e12));
        skip(bound(after_, 0, 6 * halving));
        uint256 supply = c.lynToken.totalSupply();
        uint256 stakers = c.lynToken.balanceOf(address(c.stakerFees));
        uint256 paid = c.burnAuction.buy(token, type(uint256).max, stranger.addr);
        uint256 burnt = supply - c.lynToken.totalSupply();
        assertEq(burnt + c.lynToken.balanceOf(address(c.stakerFees)) - stakers, paid);
        assertGe(burnt * 7, paid * 4);
        assertEq(c.lynToken.balanceOf(address(c.burnAuction)), 0);
    }

    function test_RevertWhen_ThereIsNothingOrNoReference() external {
        vm.expectRevert(
            abi.encodeWithSelector(IBurnAuction.BurnAuction_NothingToSell.selector, token)
        );
        c.burnAuction.start(token);
        vm.expectRevert(abi.encodeWithSelector(IBurnAuction.BurnAuction_NotForSale.selector, lyn));
        c.burnAuction.start(lyn);
        vm.expectRevert(
            abi.encodeWithSelector(IBurnAuction.BurnAuction_NoReference.selector, address(7))
        );
        c.burnAuction.start(address(7));
        vm.expectRevert(
            abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger.addr)
        );
        vm.prank(stranger.addr);
        c.burnAuction.setReference(token, 1);
        _started(1e6);
        vm.expectRevert(
            abi.encodeWithSelector(
                IBurnAuction.BurnAuction_LotRunning.selector, token, block.timestamp
            )
        );
        c.burnAuction.setReference(token, 1);
    }
}

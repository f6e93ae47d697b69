// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IRewards} from "../../../contracts/interfaces/IRewards.sol";
import {IStakeManager} from "../../../contracts/interfaces/IStakeManager.sol";
import {Rewards} from "../../../contracts/rewards/Rewards.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Actor, Base} from "../../utils/Base.t.sol";
import {StakeDouble} from "../../utils/StakeDouble.sol";

/// @notice Rewards of the real market's jobs. Stake at the end of an epoch is set by hand.
contract RewardsTest is Base {
    uint40 private constant EPOCH = 1 hours;
    uint40 private constant VESTING = 4 hours;
    uint256 private constant RESERVE = 1_000_000e18;

    StakeDouble private book;
    Rewards private rewards;

    function setUp() public override {
        super.setUp();
        book = new StakeDouble(c.lynToken);
        rewards = _rewards(2_455);
        c.lynToken.approve(address(book), type(uint256).max);
        for (uint32 id = providerId; id <= otherProviderId; ++id) {
            book.setOwner(id, owner.addr);
            book.put(id, 0, owner.addr, 1_000_000e18);
        }
        vm.warp((block.timestamp / EPOCH + 1) * EPOCH);
    }

    function _rewards(uint256 budgetPpm) private returns (Rewards made) {
        made = new Rewards(
            IERC20(lyn), c.jobMarket, IStakeManager(address(book)), EPOCH, VESTING, budgetPpm
        );
        c.lynToken.transfer(address(made), RESERVE);
    }

    function _settled(uint128 price, Actor memory by) private returns (Order memory order) {
        order = _order();
        order.minPrice = price;
        order.maxPrice = price;
        order.maxTotal = type(uint128).max;
        order.tip = 0;
        _setQEff(1e6);
        bytes memory signature = _sign(order);
        vm.prank(by.addr);
        bytes32 jobId = c.jobMarket.lock(order, signature);
        vm.prank(by.addr);
        c.jobMarket.deliver(jobId, RESULT);
        _passWindow();
        c.jobMarket.settle(order);
    }

    function _show(Order memory order) private {
        Order[] memory orders = new Order[](1);
        orders[0] = order;
        rewards.show(orders);
    }

    function _end(uint40 epoch) private {
        vm.warp(uint256(epoch + 1) * EPOCH);
    }

    // --- The reward: min(share, stake / 15, 0.45 x fees) ---

    function test_WhenTheFeesBind() external {
        Order memory order = _settled(1_000e18, hot);
        uint40 epoch = rewards.currentEpoch();
        vm.expectEmit(address(rewards));
        emit IRewards.EpochOpened(epoch, 2_455e18);
        vm.expectEmit(address(rewards));
        emit IRewards.WorkShown(epoch, providerId, c.jobMarket.jobIdOf(order), 15e18);
        _show(order);
        _end(epoch);
        (uint256 reward,) = rewards.rewardOf(epoch, providerId);
        assertEq(reward, 6.75e18, "0.45 of the fee");
    }

    function test_WhenTheBudgetBinds() external {
        rewards = _rewards(3);
        uint40 epoch = rewards.currentEpoch();
        _show(_settled(1_000e18, hot));
        _show(_settled(3_000e18, otherHot));
        _end(epoch);
        (uint256 reward,) = rewards.rewardOf(epoch, providerId);
        (uint256 other,) = rewards.rewardOf(epoch, otherProviderId);
        assertEq(reward, 0.75e18, "a quarter of 3");
        assertEq(other, 2.25e18);
    }

    function test_WhenTheStakeBinds_AndTheCapResumes() external {
        uint32 id = otherProviderId;
        StakeDouble poor = new StakeDouble(c.lynToken);
        poor.setOwner(id, owner.addr);
        c.lynToken.approve(address(poor), 75e18);
        poor.put(id, 0, owner.addr, 15e18);
        book = poor;
        rewards = _rewards(2_455);
        uint40 epoch = rewards.currentEpoch();
        _show(_settled(1_000e18, otherHot));
        _end(epoch);
        (uint256 reward,) = rewards.rewardOf(epoch, id);
        assertEq(reward, 1e18, "a fifteenth of the stake");
        poor.put(id, 1, owner.addr, 60e18);
        _show(_settled(1_000e18, otherHot));
        _end(epoch + 1);
        (reward,) = rewards.rewardOf(epoch + 1, id);
        assertEq(reward, 5e18, "nothing remembers the cap; pools count");
    }

    // --- RWD-1 ---

    function testFuzz_RWD1_AnEpochPaysNoMoreThanItsBudget(uint128 a, uint128 b, uint16 ppm)
        external
    {
        rewards = _rewards(bound(ppm, 1, 5_000));
        uint40 epoch = rewards.currentEpoch();
        _show(_settled(uint128(bound(a, 0, 100_000e18)), hot));
        _show(_settled(uint128(bound(b, 1e18, 100_000e18)), otherHot));
        _end(epoch);
        skip(VESTING);
        uint256 before = c.lynToken.balanceOf(address(rewards));
        for (uint32 id = providerId; id <= otherProviderId; ++id) {
            (, uint256 claimable) = rewards.rewardOf(epoch, id);
            if (claimable != 0) assertEq(rewards.claim(epoch, id), claimable);
        }
        uint256 paid = before - c.lynToken.balanceOf(address(rewards));
        assertLe(paid, rewards.epochOf(epoch).budget);
        assertLe(paid, uint256(rewards.epochOf(epoch).fees) * 45 / 100);
    }

    /// @dev About 12% a year, of what is left.
    function test_TheBudgetDecays() external pure {
        uint256 left = 1e27;
        for (uint256 week = 0; week < 52; ++week) {
            left -= left * 2_455 / 1e6;
        }
        assertApproxEqRel(1e27 - left, 0.12e27, 0.001e18);
    }

    // --- RWD-2 ---

    function test_RWD2_AJobCountsOnce() external {
        Order memory order = _settled(1_000e18, hot);
        _show(order);
        bytes32 jobId = c.jobMarket.jobIdOf(order);
        vm.expectRevert(abi.encodeWithSelector(IRewards.Rewards_AlreadyShown.selector, jobId));
        _show(order);
        (Order memory running, bytes32 runningId) = _locked();
        vm.expectRevert(abi.encodeWithSelector(IRewards.Rewards_NotSettled.selector, runningId));
        _show(running);
    }

    // --- RWD-3 ---

    /// @dev Somebody who is requester, publisher, every provider, every staker and every auditor, buys from itself in any split over its identities. Everything
    /// that flows back to any of them counts as its own: it still loses.
    function testFuzz_RWD3_BuyingFromOneselfLoses(
        uint128[4] memory prices,
        uint8 split,
        uint16 royaltyBps,
        uint16 ppm
    ) external {
        rewards = _rewards(bound(ppm, 1, 1_000_000));
        modelId = _ownModel(royaltyBps);
        uint256 before = _wealth();
        uint256 fees;
        uint40 epoch = rewards.currentEpoch();
        for (uint256 i = 0; i < 4; ++i) {
            uint128 price = uint128(bound(prices[i], 0, 100_000e18));
            fees += uint256(price) * 150 / 10_000;
            _show(_settled(price, split >> i & 1 == 0 ? hot : otherHot));
        }
        if (_free(address(c.feeSink)) != 0) c.feeSink.distribute(lyn);
        _end(epoch);
        skip(VESTING);
        for (uint32 id = providerId; id <= otherProviderId; ++id) {
            (, uint256 claimable) = rewards.rewardOf(epoch, id);
            if (claimable != 0) rewards.claim(epoch, id);
        }
        // Whoever else works only lowers the share of the budget.
        assertLe(_wealth(), before);
        if (fees > 1e6) assertLe(_wealth() + fees * 4 / 100, before, "a twentieth of the fee");
    }

    function _ownModel(uint16 royaltyBps) private returns (bytes32) {
        vm.prank(publisher.addr);
        return c.modelRegistry
            .register(_header(vm.toString(royaltyBps)), uint16(bound(royaltyBps, 0, 1_000)), 3);
    }

    /// @dev Of every role, and what stakers and auditors are owed.
    function _wealth() private view returns (uint256) {
        return _committed(requester.addr) + _free(requester.addr) + _free(owner.addr)
            + _free(publisher.addr) + _free(address(c.auditManager))
            + c.lynToken.balanceOf(address(c.stakerFees)) + c.lynToken.balanceOf(owner.addr);
    }

    // --- Vesting and RWD-4 ---

    function test_WhenVesting() external {
        _show(_settled(1_000e18, hot));
        uint40 epoch = rewards.currentEpoch();
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewards.Rewards_EpochRunning.selector, epoch, (epoch + 1) * EPOCH
            )
        );
        rewards.claim(epoch, providerId);
        _end(epoch);
        vm.expectRevert(
            abi.encodeWithSelector(IRewards.Rewards_NothingToClaim.selector, epoch, providerId)
        );
        rewards.claim(epoch, providerId);
        skip(VESTING / 4);
        uint256 before = c.lynToken.balanceOf(owner.addr);
        vm.prank(stranger.addr); // anyone
        assertEq(rewards.claim(epoch, providerId), 6.75e18 / 4);
        skip(VESTING / 4);
        rewards.claim(epoch, providerId);
        assertEq(c.lynToken.balanceOf(owner.addr) - before, 6.75e18 / 2);
        skip(VESTING);
        rewards.claim(epoch, providerId);
        assertEq(c.lynToken.balanceOf(owner.addr) - before, 6.75e18);
        vm.warp((epoch + 27) * EPOCH);
        vm.expectRevert(
            abi.encodeWithSelector(IRewards.Rewards_Lapsed.selector, epoch, (epoch + 27) * EPOCH)
        );
        rewards.claim(epoch, providerId);
    }

    function test_RWD4_AConvictionVoidsWhatIsUnclaimed() external {
        _show(_settled(1_000e18, hot));
        uint40 epoch = rewards.currentEpoch();
        _end(epoch);
        skip(VESTING / 2);
        rewards.claim(epoch, providerId);
        (Order memory order, bytes32 jobId) = _delivered();
        vm.expectRevert(abi.encodeWithSelector(IRewards.Rewards_NotConvicted.selector, jobId));
        rewards.showConviction(order);
        vm.prank(address(c.disputes));
        c.jobMarket.convict(order, 0, address(this));
        // In jail nothing is claimed, so that nobody is faster than who shows it.
        book.jail(providerId, uint40(block.timestamp) + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewards.Rewards_Jailed.selector, providerId, block.timestamp + 1
            )
        );
        rewards.claim(epoch, providerId);
        vm.expectEmit(address(rewards));
        emit IRewards.RewardsVoided(providerId, jobId, uint40(block.timestamp));
        vm.prank(stranger.addr); // anyone
        rewards.showConviction(order);
        skip(VESTING);
        (uint256 reward, uint256 claimable) = rewards.rewardOf(epoch, providerId);
        assertEq(reward + claimable, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewards.Rewards_Void.selector, epoch, providerId, rewards.voidUntilOf(providerId)
            )
        );
        rewards.claim(epoch, providerId);
        vm.expectRevert(abi.encodeWithSelector(IRewards.Rewards_AlreadyShown.selector, jobId));
        rewards.showConviction(order); // once
    }
}

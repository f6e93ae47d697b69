// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IStakeManager} from "../../../contracts/interfaces/IStakeManager.sol";
import {Base} from "../../utils/Base.t.sol";

contract StakeManagerTest is Base {
    // --- Registration and keys ---

    function test_WhenRegistered() external {
        vm.expectEmit(address(c.stakeManager));
        emit IStakeManager.ProviderRegistered(3, stranger.addr, address(7));
        vm.expectEmit(address(c.stakeManager));
        emit IStakeManager.EndpointSet(3, "https://example.org");
        vm.prank(stranger.addr);
        uint32 id = c.stakeManager.register(address(7), "https://example.org");
        assertEq(id, 3);
        assertEq(c.stakeManager.providers(), 3);
        assertEq(c.stakeManager.ownerOf(id), stranger.addr);
        assertEq(c.stakeManager.hotKeyOf(id), address(7));
        assertEq(c.stakeManager.providerIdOf(address(7)), id);
        assertEq(c.stakeManager.endpointOf(id), "https://example.org");
    }

    function test_RevertWhen_TheHotKeyIsTaken() external {
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_HotKeyTaken.selector, hot.addr, providerId
            )
        );
        c.stakeManager.register(hot.addr, "");
        vm.expectRevert(IStakeManager.StakeManager_ZeroAddress.selector);
        c.stakeManager.register(address(0), "");
    }

    function test_WhenTheHotKeyIsRotated() external {
        vm.startPrank(owner.addr);
        c.stakeManager.rotateHotKey(providerId, address(7));
        assertEq(c.stakeManager.providerIdOf(hot.addr), 0, "the old key is void");
        assertEq(c.stakeManager.providerIdOf(address(7)), providerId);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_HotKeyTaken.selector, otherHot.addr, otherProviderId
            )
        );
        c.stakeManager.rotateHotKey(providerId, otherHot.addr);
    }

    function test_RevertWhen_NotTheOwnerOfTheProvider() external {
        bytes memory notOwner = abi.encodeWithSelector(
            IStakeManager.StakeManager_NotOwner.selector, providerId, hot.addr
        );
        vm.startPrank(hot.addr); // the hot key is not the owner key
        vm.expectRevert(notOwner);
        c.stakeManager.rotateHotKey(providerId, address(7));
        vm.expectRevert(notOwner);
        c.stakeManager.setEndpoint(providerId, "");
        vm.expectRevert(notOwner);
        c.stakeManager.requestThaw(providerId, 1);
        vm.expectRevert(notOwner);
        c.stakeManager.withdraw(providerId, 1, hot.addr);
    }

    function test_RevertWhen_TheProviderIsUnknown() external {
        bytes memory unknown =
            abi.encodeWithSelector(IStakeManager.StakeManager_Unknown.selector, uint32(99));
        vm.expectRevert(unknown);
        c.stakeManager.providerOf(99);
        vm.expectRevert(unknown);
        c.stakeManager.ownerOf(99);
        vm.expectRevert(unknown);
        c.stakeManager.hotKeyOf(99);
        vm.expectRevert(unknown);
        c.stakeManager.stake(99, 1_000e18);
    }

    function test_WhenTheEndpointChanges() external {
        vm.prank(owner.addr);
        c.stakeManager.setEndpoint(providerId, "https://two.example.org");
        assertEq(c.stakeManager.endpointOf(providerId), "https://two.example.org");
    }

    // --- Stake ---

    function test_WhenAnybodyStakes() external {
        _fund(stranger.addr, 10e18);
        vm.prank(stranger.addr);
        c.stakeManager.stake(providerId, 10e18);
        assertEq(_stakeOf(providerId), STAKE + 10e18);
        assertEq(c.lynToken.balanceOf(address(c.stakeManager)), 2 * STAKE + 10e18, "STK-1");
    }

    function test_RevertWhen_TheStakeIsTooSmall() external {
        vm.startPrank(owner.addr);
        uint32 id = c.stakeManager.register(address(7), "");
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_BelowMinimum.selector, 1_000e18 - 1, 1_000e18
            )
        );
        c.stakeManager.stake(id, 1_000e18 - 1);
        vm.expectRevert(IStakeManager.StakeManager_ZeroAmount.selector);
        c.stakeManager.stake(id, 0);
        c.stakeManager.stake(id, 1_000e18);
    }

    // --- Thaw: withdrawals from thawedAt on ---

    function _thaw(uint96 amount) private returns (uint40 thawedAt) {
        vm.prank(owner.addr);
        c.stakeManager.requestThaw(providerId, amount);
        thawedAt = c.stakeManager.providerOf(providerId).thawedAt;
        assertEq(thawedAt, block.timestamp + 2 minutes);
    }

    function test_WhenThawed() external {
        uint40 thawedAt = _thaw(STAKE);
        assertEq(_stakeOf(providerId), STAKE, "F2: stays slashable");
        vm.startPrank(owner.addr);
        vm.warp(thawedAt - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_StillThawing.selector, providerId, thawedAt
            )
        );
        c.stakeManager.withdraw(providerId, STAKE, address(9));
        vm.warp(thawedAt);
        c.stakeManager.withdraw(providerId, STAKE, address(9));
        assertEq(c.lynToken.balanceOf(address(9)), STAKE);
        assertEq(_stakeOf(providerId), 0);
    }

    function test_WhenThawIsAskedForTwice() external {
        _thaw(1e18);
        skip(1 minutes);
        uint40 thawedAt = _thaw(2e18); // restarts, with the new total
        assertEq(c.stakeManager.providerOf(providerId).thawing, 3e18);
        vm.warp(thawedAt);
        vm.prank(owner.addr);
        c.stakeManager.withdraw(providerId, 3e18, owner.addr);
    }

    function test_RevertWhen_MoreThanThawed() external {
        vm.warp(_thaw(5e18));
        vm.startPrank(owner.addr);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector, providerId, 5e18 + 1, 5e18
            )
        );
        c.stakeManager.withdraw(providerId, 5e18 + 1, owner.addr);
        vm.expectRevert(IStakeManager.StakeManager_ZeroAmount.selector);
        c.stakeManager.withdraw(providerId, 0, owner.addr);
        vm.expectRevert(IStakeManager.StakeManager_ZeroAddress.selector);
        c.stakeManager.withdraw(providerId, 1, address(0));
        vm.expectRevert(IStakeManager.StakeManager_ZeroAmount.selector);
        c.stakeManager.requestThaw(providerId, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector,
                providerId,
                STAKE,
                STAKE - 5e18
            )
        );
        c.stakeManager.requestThaw(providerId, STAKE);
    }

    function test_GivenReservedStake_WhenThawed() external {
        _locked();
        vm.warp(_thaw(STAKE)); // allowed on reserved stake
        vm.startPrank(owner.addr);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector,
                providerId,
                STAKE,
                STAKE - COLLATERAL
            )
        );
        c.stakeManager.withdraw(providerId, STAKE, owner.addr);
        c.stakeManager.withdraw(providerId, STAKE - COLLATERAL, owner.addr);
        assertEq(_stakeOf(providerId), _reserved(providerId), "STK-2");
    }

    function test_RevertGiven_Thawing_WhenLocked() external {
        _thaw(STAKE - COLLATERAL + 1);
        vm.prank(address(c.jobMarket));
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector,
                providerId,
                COLLATERAL,
                COLLATERAL - 1
            )
        );
        c.stakeManager.reserve(hot.addr, COLLATERAL);
    }

    // --- Slashes ---

    function _reserve(uint96 amount) private {
        vm.prank(address(c.jobMarket));
        c.stakeManager.reserve(hot.addr, amount);
    }

    function testFuzz_WhenSlashed(uint96 reserved, uint96 amount, uint96 payout, uint96 thawing)
        external
    {
        reserved = uint96(bound(reserved, 1, STAKE));
        amount = uint96(bound(amount, 1, reserved));
        payout = uint96(bound(payout, 0, uint256(amount) * 4 / 10));
        _reserve(reserved);
        if (thawing % 3 != 0) _thaw(uint96(bound(thawing, 1, STAKE)));
        uint256 supply = c.lynToken.totalSupply();
        vm.prank(address(c.jobMarket));
        c.stakeManager.slash(providerId, reserved, amount, payout, stranger.addr);
        assertEq(_stakeOf(providerId), STAKE - amount, "STK-3");
        assertEq(_reserved(providerId), 0);
        assertEq(_free(stranger.addr), payout);
        assertEq(supply - c.lynToken.totalSupply(), amount - payout, "D1: the rest is burnt");
        assertEq(c.stakeManager.providerOf(providerId).jailedUntil, block.timestamp + 10 minutes);
    }

    function test_RevertWhen_ThePayoutIsAboveTwoFifths() external {
        _reserve(COLLATERAL);
        vm.startPrank(address(c.jobMarket));
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_PayoutTooHigh.selector, 400e18 + 1, 400e18
            )
        );
        c.stakeManager.slash(providerId, COLLATERAL, COLLATERAL, 400e18 + 1, stranger.addr); // STK-4
        c.stakeManager.slash(providerId, COLLATERAL, COLLATERAL, 400e18, stranger.addr);
    }

    function test_RevertWhen_MoreThanReservedIsSlashed() external {
        _reserve(COLLATERAL);
        vm.prank(address(c.jobMarket));
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector,
                providerId,
                COLLATERAL + 1,
                COLLATERAL
            )
        );
        c.stakeManager.slash(providerId, COLLATERAL, COLLATERAL + 1, 0, stranger.addr); // STK-3
    }

    function test_WhenJailed() external {
        _reserve(COLLATERAL);
        vm.startPrank(address(c.jobMarket));
        c.stakeManager.slash(providerId, COLLATERAL, COLLATERAL, 0, stranger.addr);
        uint40 until = uint40(block.timestamp) + 10 minutes;
        vm.warp(until - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IStakeManager.StakeManager_Jailed.selector, providerId, until)
        );
        c.stakeManager.reserve(hot.addr, COLLATERAL); // STK-5
        vm.warp(until);
        c.stakeManager.reserve(hot.addr, COLLATERAL);
    }

    function test_GivenALock_WhenJailed() external {
        (, bytes32 jobId) = _locked();
        _reserve(COLLATERAL);
        vm.prank(address(c.jobMarket));
        c.stakeManager.slash(providerId, COLLATERAL, COLLATERAL, 0, stranger.addr);
        _deliver(jobId); // D1: jail blocks new locks only
    }

    // --- The liveness cap: 10% of the stake in ten minutes ---

    function test_WhenTheLivenessCapIsReached() external {
        uint40 epochStart = uint40(block.timestamp) / 10 minutes * 10 minutes;
        _reserve(20_000e18);
        vm.startPrank(address(c.jobMarket));
        (uint96 taken, uint96 paid) =
            c.stakeManager.slashLiveness(providerId, 6_000e18, 6_000e18, 5_000e18, stranger.addr);
        assertEq(taken, 6_000e18);
        assertEq(paid, 2_400e18, "STK-4");
        (taken, paid) =
            c.stakeManager.slashLiveness(providerId, 6_000e18, 6_000e18, 1e18, stranger.addr);
        assertEq(taken, 4_000e18, "up to 10% of the stake that there was");
        assertEq(paid, 1e18);
        assertEq(
            c.stakeManager.providerOf(providerId).jailedUntil,
            epochStart + 10 minutes,
            "what cannot be slashed is kept from locking"
        );
        (taken, paid) =
            c.stakeManager.slashLiveness(providerId, 4_000e18, 4_000e18, 1e18, stranger.addr);
        assertEq(taken, 0);
        assertEq(paid, 0);
        vm.warp(epochStart + 10 minutes);
        (taken,) = c.stakeManager.slashLiveness(providerId, 4_000e18, 4_000e18, 0, stranger.addr);
        assertEq(taken, 4_000e18, "a new epoch");
        assertEq(_reserved(providerId), 0);
    }

    // --- Rights ---

    function test_RevertWhen_AStrangerPlaysACore() external {
        bytes memory notCore =
            abi.encodeWithSelector(IStakeManager.StakeManager_NotCore.selector, stranger.addr);
        vm.startPrank(stranger.addr);
        vm.expectRevert(notCore);
        c.stakeManager.reserve(hot.addr, 1);
        vm.expectRevert(notCore);
        c.stakeManager.release(providerId, 1);
        vm.expectRevert(notCore);
        c.stakeManager.slash(providerId, 1, 1, 0, stranger.addr);
        vm.expectRevert(notCore);
        c.stakeManager.slashLiveness(providerId, 1, 1, 0, stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger.addr)
        );
        c.stakeManager.authorise(stranger.addr);
        vm.stopPrank();
        vm.expectRevert(IStakeManager.StakeManager_ZeroAddress.selector);
        c.stakeManager.authorise(address(0));
    }
}

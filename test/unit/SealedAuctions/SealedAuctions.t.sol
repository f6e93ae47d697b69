// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {ISealedAuctions} from "../../../contracts/interfaces/ISealedAuctions.sol";
import {IStakeManager} from "../../../contracts/interfaces/IStakeManager.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Actor} from "../../utils/Base.t.sol";
import {Trading} from "../../utils/Trading.t.sol";

contract SealedAuctionsTest is Trading {
    uint96 private constant BOND = 3e18; // a fifth of 15
    Actor private thirdHot;
    uint32 private thirdId;

    function setUp() public override {
        super.setUp();
        thirdHot = _actor("thirdHot");
        thirdId = _provider(thirdHot);
        address[4] memory accounts = [requester.addr, hot.addr, otherHot.addr, thirdHot.addr];
        for (uint256 i = 0; i < 4; ++i) {
            _fund(accounts[i], 100e18);
            vm.prank(accounts[i]);
            c.ledger.deposit(lyn, accounts[i], 100e18);
        }
    }

    function _opened() private returns (Order memory order, bytes32 jobId) {
        order = _sealedOrder();
        jobId = _openAuction(order);
    }

    function _bidStatus(bytes32 jobId, uint32 id) private view returns (uint8) {
        return uint8(c.sealedAuctions.bidOf(jobId, id).status);
    }

    function _expect(bytes4 selector, bytes32 jobId, uint256 value) private {
        vm.expectRevert(abi.encodeWithSelector(selector, jobId, value));
    }

    // --- The price (SEA-3) ---

    function test_WhenTwoRevealThenTheLowestIsPaidTheSecond() external {
        (Order memory order, bytes32 jobId) = _opened();
        _bid(order, hot, 9e18);
        _bid(order, otherHot, 7e18);
        assertEq(_reserved(providerId), COLLATERAL, "SEA-2");
        assertEq(_free(hot.addr), 100e18 - BOND);
        skip(10);
        _reveal(order, hot, 9e18);
        _reveal(order, otherHot, 7e18);
        skip(10);
        vm.expectEmit(address(c.sealedAuctions));
        emit ISealedAuctions.AuctionWon(jobId, otherProviderId, 9e18);
        _lockWinner(order, _sign(order));
        IJobMarket.Job memory job = c.jobMarket.jobOf(jobId);
        assertEq(job.price, 9e18);
        assertEq(job.providerId, otherProviderId);
        assertEq(_reserved(otherProviderId), COLLATERAL, "once");
        assertEq(_free(otherHot.addr), 100e18, "its bond is back");
        c.sealedAuctions.closeBid(order, providerId);
        assertEq(_reserved(providerId), 0);
        assertEq(_free(hot.addr), 100e18);
        c.sealedAuctions.closeAuction(order);
        assertEq(_free(requester.addr), 100e18);
    }

    function test_WhenOneRevealsThenItIsPaidTheMaximum() external {
        (Order memory order, bytes32 jobId) = _opened();
        _bid(order, hot, 2e18);
        skip(10);
        _reveal(order, hot, 2e18);
        skip(10);
        _lockWinner(order, _sign(order));
        assertEq(c.jobMarket.jobOf(jobId).price, 15e18);
    }

    function test_WhenTwoTieThenTheEarlierCommitWins() external {
        (Order memory order, bytes32 jobId) = _opened();
        _bid(order, otherHot, 8e18);
        _bid(order, hot, 8e18);
        skip(10);
        _reveal(order, hot, 8e18); // the later commit reveals first
        _reveal(order, otherHot, 8e18);
        skip(10);
        _lockWinner(order, _sign(order));
        assertEq(c.jobMarket.jobOf(jobId).providerId, otherProviderId);
        assertEq(c.jobMarket.jobOf(jobId).price, 8e18);
    }

    /// @dev Three bids in any order of commits and reveals, against a sort.
    function testFuzz_SEA3_SecondPrice(uint8[3] calldata prices, uint8 order_) external {
        (Order memory order, bytes32 jobId) = _opened();
        Actor[3] memory bidders = [hot, otherHot, thirdHot];
        uint128[3] memory asked;
        for (uint256 i = 0; i < 3; ++i) {
            asked[i] = uint128(prices[i] % 16) * 1e18;
            if (asked[i] > 15e18) asked[i] = 15e18;
            _bid(order, bidders[i], asked[i]);
        }
        skip(10);
        for (uint256 i = 0; i < 3; ++i) {
            uint256 at = order_ % 2 == 0 ? (i + order_) % 3 : 2 - (i + order_) % 3;
            _reveal(order, bidders[at], asked[at]);
        }
        skip(10);
        _lockWinner(order, _sign(order));
        uint256 best = 0;
        if (asked[1] < asked[best]) best = 1;
        if (asked[2] < asked[best]) best = 2;
        uint128 second = 15e18;
        for (uint256 i = 0; i < 3; ++i) {
            if (i != best && asked[i] < second) second = asked[i];
        }
        IJobMarket.Job memory job = c.jobMarket.jobOf(jobId);
        assertEq(job.price, second);
        assertEq(job.providerId, c.stakeManager.providerIdOf(bidders[best].addr));
    }

    // --- Nobody wins ---

    function test_WhenNobodyBidsThenTheRampBegins() external {
        (Order memory order, bytes32 jobId) = _opened();
        skip(20);
        bytes memory signature = _sign(order);
        vm.expectRevert(
            abi.encodeWithSelector(ISealedAuctions.SealedAuctions_NoWinner.selector, jobId)
        );
        _lockWinner(order, signature);
        c.sealedAuctions.closeAuction(order);
        assertEq(_free(requester.addr), 100e18);
        skip(2);
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
        assertEq(c.jobMarket.jobOf(jobId).price, 7.5e18);
    }

    /// @dev D7: forfeits are burnt, and nobody is paid for somebody else's.
    function test_WhenAllForfeit() external {
        (Order memory order, bytes32 jobId) = _opened();
        _bid(order, hot, 9e18);
        _bid(order, otherHot, 7e18);
        skip(20);
        uint256 supply = c.lynToken.totalSupply();
        c.sealedAuctions.closeBid(order, providerId);
        c.sealedAuctions.closeBid(order, otherProviderId);
        assertEq(supply - c.lynToken.totalSupply(), 2 * uint256(BOND));
        assertEq(_reserved(providerId) + _reserved(otherProviderId), 0);
        assertEq(_free(hot.addr), 100e18 - BOND);
        bytes memory signature = _sign(order);
        vm.expectRevert(
            abi.encodeWithSelector(ISealedAuctions.SealedAuctions_NoWinner.selector, jobId)
        );
        _lockWinner(order, signature);
        c.sealedAuctions.closeAuction(order);
        assertEq(_free(requester.addr), 100e18);
    }

    /// @dev A bid that was not revealed does not set the price.
    function test_WhenTheSecondForfeits() external {
        (Order memory order, bytes32 jobId) = _opened();
        _bid(order, hot, 5e18);
        _bid(order, otherHot, 4e18);
        skip(10);
        _reveal(order, hot, 5e18);
        skip(10);
        _lockWinner(order, _sign(order));
        assertEq(c.jobMarket.jobOf(jobId).price, 15e18);
        c.sealedAuctions.closeBid(order, otherProviderId);
        assertEq(_free(otherHot.addr), 100e18 - BOND);
    }

    function test_GivenTheJobIsTakenEarly_ThenEverybodyIsFreed() external {
        (Order memory order, bytes32 jobId) = _opened();
        _bid(order, hot, 9e18);
        bytes memory signature = _sign(order);
        vm.prank(thirdHot.addr);
        c.jobMarket.lock(order, signature); // for nothing, before the ramp
        skip(10);
        _reveal(order, hot, 9e18);
        c.sealedAuctions.closeBid(order, providerId); // the best one, at once
        assertEq(_free(hot.addr), 100e18);
        skip(10);
        vm.expectRevert(
            abi.encodeWithSelector(ISealedAuctions.SealedAuctions_NoBid.selector, jobId, providerId)
        );
        c.sealedAuctions.closeBid(order, providerId); // SEA-1
        c.sealedAuctions.closeAuction(order);
        assertEq(_free(requester.addr), 100e18);
    }

    /// @dev Class 8, and a requester that plays: it cannot hold bidders for nothing.
    function test_GivenTheRequesterCannotPay_ThenItsBondBurns() external {
        (Order memory order, bytes32 jobId) = _opened();
        _bid(order, hot, 9e18);
        skip(10);
        _reveal(order, hot, 9e18);
        vm.prank(requester.addr);
        c.jobMarket.cancel(order.nonce >> 8, 1 << (order.nonce & 255));
        skip(10);
        bytes memory signature = _sign(order);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_NonceUsed.selector, requester.addr, order.nonce
            )
        );
        _lockWinner(order, signature);
        uint40 lockBy = order.rampStart + order.lockDuration;
        _expect(ISealedAuctions.SealedAuctions_StillWinning.selector, jobId, lockBy);
        c.sealedAuctions.closeBid(order, providerId);
        _expect(ISealedAuctions.SealedAuctions_StillWinning.selector, jobId, lockBy);
        c.sealedAuctions.closeAuction(order);
        vm.warp(lockBy);
        c.sealedAuctions.closeBid(order, providerId);
        assertEq(_free(hot.addr), 100e18);
        uint256 supply = c.lynToken.totalSupply();
        c.sealedAuctions.closeAuction(order);
        assertEq(supply - c.lynToken.totalSupply(), BOND);
        assertEq(_free(requester.addr), 100e18 - BOND);
        vm.expectRevert(
            abi.encodeWithSelector(ISealedAuctions.SealedAuctions_Closed.selector, jobId)
        );
        c.sealedAuctions.closeAuction(order); // SEA-1
    }

    /// @dev A winner in jail, a market that got less solvent, retired parameters: not the requester's fault.
    function test_GivenTheLockFailsForOtherReasons_ThenTheBondReturns() external {
        for (uint256 reason = 0; reason < 4; ++reason) {
            (Order memory order,) = _opened();
            uint256 snapshot = vm.snapshotState();
            _bid(order, hot, 9e18);
            skip(10);
            _reveal(order, hot, 9e18);
            if (reason == 1) _setQEff(1);
            if (reason == 2) {
                c.parameters.publish();
                c.parameters.publish();
            }
            skip(10);
            if (reason == 3) c.parameters.setIntakePause(uint40(block.timestamp) + 1 hours);
            if (reason == 0) {
                vm.prank(address(c.jobMarket));
                c.stakeManager.slash(providerId, 1, 1, 0, address(1));
            }
            bytes memory signature = _sign(order);
            vm.expectRevert();
            _lockWinner(order, signature);
            vm.warp(order.rampStart + order.lockDuration);
            uint256 before = _free(requester.addr);
            c.sealedAuctions.closeAuction(order);
            assertEq(_free(requester.addr) - before, BOND);
            vm.revertToState(snapshot);
        }
    }

    // --- Windows (class 5): commits [open, +10), reveals [+10, +20) ---

    function test_RevertWhen_BidAtTheEnd() external {
        (Order memory order, bytes32 jobId) = _opened();
        uint40 commitEnd = uint40(block.timestamp) + 10;
        skip(9);
        _bid(order, hot, 1e18);
        skip(1);
        _expect(ISealedAuctions.SealedAuctions_CommitsClosed.selector, jobId, commitEnd);
        vm.prank(otherHot.addr);
        c.sealedAuctions.bid(order, 0, new bytes32[](0));
    }

    function test_RevertWhen_RevealedOutsideTheWindow() external {
        (Order memory order, bytes32 jobId) = _opened();
        uint40 commitEnd = uint40(block.timestamp) + 10;
        _bid(order, hot, 1e18);
        _bid(order, otherHot, 1e18);
        skip(9);
        _expect(ISealedAuctions.SealedAuctions_RevealsOpen.selector, jobId, commitEnd);
        c.sealedAuctions.reveal(order, providerId, 1e18, "salt");
        skip(10);
        _reveal(order, hot, 1e18);
        bytes memory signature = _sign(order);
        _expect(ISealedAuctions.SealedAuctions_RevealsOpen.selector, jobId, commitEnd + 10);
        _lockWinner(order, signature);
        _expect(ISealedAuctions.SealedAuctions_RevealsOpen.selector, jobId, commitEnd + 10);
        c.sealedAuctions.closeBid(order, otherProviderId);
        _expect(ISealedAuctions.SealedAuctions_RevealsOpen.selector, jobId, commitEnd + 10);
        c.sealedAuctions.closeAuction(order);
        skip(1);
        _expect(ISealedAuctions.SealedAuctions_RevealsClosed.selector, jobId, commitEnd + 10);
        c.sealedAuctions.reveal(order, otherProviderId, 1e18, "salt");
        _lockWinner(order, signature);
    }

    function test_RevertWhen_TheScheduleMakesNoSense() external {
        Order memory order = _sealedOrder();
        uint40 now_ = uint40(block.timestamp);
        uint40[2][4] memory schedules = [
            [now_, now_ + 10],
            [now_ + 10, now_ + 10],
            [now_ + 10, now_ + 21],
            [now_ + 10, now_ + 60 days]
        ];
        for (uint256 i = 0; i < 4; ++i) {
            if (i == 3) {
                order.rampStart = now_ + 61 days;
                order.expiry = now_ + 90 days;
            }
            vm.expectRevert(
                abi.encodeWithSelector(
                    ISealedAuctions.SealedAuctions_BadSchedule.selector,
                    schedules[i][0],
                    schedules[i][1]
                )
            );
            vm.prank(requester.addr);
            c.sealedAuctions.open(order, schedules[i][0], schedules[i][1]);
        }
    }

    // --- Who may ---

    function test_RevertWhen_OpenedByAnother() external {
        Order memory order = _sealedOrder();
        vm.expectRevert(
            abi.encodeWithSelector(
                ISealedAuctions.SealedAuctions_NotRequester.selector, stranger.addr, requester.addr
            )
        );
        vm.prank(stranger.addr);
        c.sealedAuctions.open(order, 0, 0);
    }

    function test_RevertWhen_OpenedTwice() external {
        (Order memory order, bytes32 jobId) = _opened();
        vm.expectRevert(
            abi.encodeWithSelector(ISealedAuctions.SealedAuctions_Exists.selector, jobId)
        );
        _openAuction(order);
    }

    function test_RevertGiven_TheJobIsLocked() external {
        Order memory order = _sealedOrder();
        bytes32 jobId = _lock(order);
        vm.expectRevert(
            abi.encodeWithSelector(ISealedAuctions.SealedAuctions_AlreadyLocked.selector, jobId)
        );
        _openAuction(order);
    }

    function test_RevertWhen_TheMaximumIsInsolvent() external {
        Order memory order = _sealedOrder();
        order.maxPrice = 67e18;
        vm.expectRevert(
            abi.encodeWithSelector(
                ISealedAuctions.SealedAuctions_Insolvent.selector,
                67e18,
                c.jobMarket.maxExposureOf(COLLATERAL)
            )
        );
        _openAuction(order);
    }

    function test_RevertGiven_NoAuction() external {
        Order memory order = _sealedOrder();
        bytes memory unknown = abi.encodeWithSelector(
            ISealedAuctions.SealedAuctions_Unknown.selector, c.jobMarket.jobIdOf(order)
        );
        vm.expectRevert(unknown);
        c.sealedAuctions.bid(order, 0, new bytes32[](0));
        bytes memory signature = _sign(order);
        vm.expectRevert(unknown);
        _lockWinner(order, signature);
    }

    function test_RevertWhen_BidTwice() external {
        (Order memory order, bytes32 jobId) = _opened();
        _bid(order, hot, 9e18);
        _expect(ISealedAuctions.SealedAuctions_AlreadyBid.selector, jobId, providerId);
        vm.prank(hot.addr);
        c.sealedAuctions.bid(order, 0, new bytes32[](0));
    }

    /// @dev D7: the full collateral; class 10: and a bond.
    function test_RevertGiven_TheBidderIsShort() external {
        Order memory order = _sealedOrder();
        order.collateral = STAKE + 1;
        _openAuction(order);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector, providerId, STAKE + 1, STAKE
            )
        );
        vm.prank(hot.addr);
        c.sealedAuctions.bid(order, 0, new bytes32[](0));

        (order,) = _opened();
        vm.prank(hot.addr);
        c.ledger.withdraw(lyn, 98e18, hot.addr);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILedger.Ledger_InsufficientFree.selector, lyn, hot.addr, BOND, 2e18
            )
        );
        vm.prank(hot.addr);
        c.sealedAuctions.bid(order, 0, new bytes32[](0));
    }

    function test_RevertWhen_TheBidderIsNotAllowed() external {
        Order memory order = _sealedOrder();
        order.allowedRoot = _providerLeaf(providerId);
        bytes32 jobId = _openAuction(order);
        _expect(ISealedAuctions.SealedAuctions_NotAllowed.selector, jobId, otherProviderId);
        vm.prank(otherHot.addr);
        c.sealedAuctions.bid(order, 0, new bytes32[](0));
        _bid(order, hot, 9e18);
    }

    /// @dev Class 8: a copied commitment names its author.
    function test_RevertWhen_TheRevealIsNotTheBid() external {
        (Order memory order, bytes32 jobId) = _opened();
        bytes32 commitment = _commitment(order, providerId, 9e18, "salt");
        _bid(order, hot, 9e18);
        vm.prank(otherHot.addr);
        c.sealedAuctions.bid(order, commitment, new bytes32[](0)); // a copy
        skip(10);
        bytes4 wrong = ISealedAuctions.SealedAuctions_WrongReveal.selector;
        _expect(wrong, jobId, otherProviderId);
        c.sealedAuctions.reveal(order, otherProviderId, 9e18, "salt");
        _expect(wrong, jobId, providerId);
        c.sealedAuctions.reveal(order, providerId, 9e18 - 1, "salt");
        _expect(wrong, jobId, providerId);
        c.sealedAuctions.reveal(order, providerId, 9e18, "pepper");
        _reveal(order, hot, 9e18);
        _expect(ISealedAuctions.SealedAuctions_NoBid.selector, jobId, providerId);
        c.sealedAuctions.reveal(order, providerId, 9e18, "salt");
        _expect(ISealedAuctions.SealedAuctions_NoBid.selector, jobId, thirdId);
        c.sealedAuctions.reveal(order, thirdId, 9e18, "salt");
    }

    function test_RevertWhen_TheBidIsAboveTheMaximum() external {
        (Order memory order,) = _opened();
        _bid(order, hot, 15e18 + 1);
        skip(10);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISealedAuctions.SealedAuctions_OverMaximum.selector, 15e18 + 1, 15e18
            )
        );
        c.sealedAuctions.reveal(order, providerId, 15e18 + 1, "salt");
    }

    function test_RevertWhen_AStrangerTakes() external {
        (Order memory order, bytes32 jobId) = _opened();
        vm.expectRevert(
            abi.encodeWithSelector(ISealedAuctions.SealedAuctions_NotMarket.selector, stranger.addr)
        );
        vm.prank(stranger.addr);
        c.sealedAuctions.take(jobId, order, "");
    }

    function test_RevertWhen_TheWinnerIsLockedAgain() external {
        (Order memory order, bytes32 jobId) = _opened();
        _bid(order, hot, 9e18);
        skip(10);
        _reveal(order, hot, 9e18);
        skip(10);
        bytes memory signature = _sign(order);
        _lockWinner(order, signature);
        skip(6);
        c.jobMarket.expireLock(order);
        vm.expectRevert(
            abi.encodeWithSelector(ISealedAuctions.SealedAuctions_NoWinner.selector, jobId)
        );
        _lockWinner(order, signature);
        _relock(order, otherHot); // the ramp
        assertEq(_bidStatus(jobId, providerId), uint8(ISealedAuctions.BidStatus.Closed));
    }
}

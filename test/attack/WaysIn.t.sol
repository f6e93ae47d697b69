// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ICallbacks} from "../../contracts/interfaces/ICallbacks.sol";
import {IJobMarket} from "../../contracts/interfaces/IJobMarket.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {IOffers} from "../../contracts/interfaces/IOffers.sol";
import {ISealedAuctions} from "../../contracts/interfaces/ISealedAuctions.sol";
import {Offers} from "../../contracts/market/Offers.sol";
import {ComputeOffer} from "../../contracts/types/ComputeOffer.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Actor} from "../utils/Base.t.sol";
import {Reenterer} from "../utils/HostileConsumers.sol";
import {RebasingToken} from "../utils/HostileTokens.sol";
import {Trading} from "../utils/Trading.t.sol";

/// @notice Classes 1, 2, 6, 7, 8, 10, 11, 14 and 21 against offers, auctions, callbacks and pay tokens. Classes 5: test/unit/JobMarket/windows; 9, 22: test/unit/JobMarket/consent; 12: test/unit/Callbacks; 13:
/// HostileTokens; 17: Market; 18: Outage; 19: test/unit/JobMarket/solvency, PriceOracle; 24: Signatures. 3, 4, 15, 16, 20 and 23 are not the market's.
contract WaysInAttacksTest is Trading {
    uint256 private constant CURVE_ORDER =
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    function setUp() public override {
        super.setUp();
        _giveFree(requester.addr);
        _giveFree(hot.addr);
        _giveFree(otherHot.addr);
    }

    function _giveFree(address account) private {
        _fund(account, 1_000e18);
        vm.prank(account);
        c.ledger.deposit(lyn, account, 1_000e18);
    }

    // --- Class 1 ---

    /// @dev A consumer calls back into every door that leads to its job's money; all are shut.
    function test_Class1_AConsumerReentersEverything() external {
        Reenterer consumer = new Reenterer();
        Order memory order = _order();
        order.callback = address(consumer);
        order.callbackGas = 3_000_000;
        order.callbackFee = 1e18;
        order.maxTotal = 20e18;
        IJobMarket.SmallOutput[] memory outputs = new IJobMarket.SmallOutput[](1);
        outputs[0] = IJobMarket.SmallOutput(hex"01010100000000", hex"0000803f", false);
        bytes memory signature = _sign(order);
        vm.prank(hot.addr);
        bytes32 jobId = c.jobMarket.lock(order, signature);
        vm.prank(hot.addr);
        c.jobMarket.deliverWithOutputs(jobId, outputs);
        _passWindow();
        c.jobMarket.settle(order);

        ICallbacks.Path memory path = ICallbacks.Path(sha256(""), new bytes32[](0));
        address market = address(c.jobMarket);
        address callbacks = address(c.callbacks);
        consumer.arm(callbacks, abi.encodeCall(ICallbacks.callback, (order, outputs, path)));
        consumer.arm(callbacks, abi.encodeCall(ICallbacks.reclaim, (order)));
        consumer.arm(market, abi.encodeCall(IJobMarket.settle, (order)));
        consumer.arm(market, abi.encodeCall(IJobMarket.refund, (order)));
        consumer.arm(market, abi.encodeCall(IJobMarket.expireLock, (order)));
        consumer.arm(market, abi.encodeCall(IJobMarket.decline, (order)));
        consumer.arm(market, abi.encodeCall(IJobMarket.lock, (order, signature)));
        consumer.arm(market, abi.encodeCall(IJobMarket.deliver, (jobId, RESULT)));
        consumer.arm(address(c.ledger), abi.encodeCall(ILedger.credit, (lyn, address(consumer), 1)));
        consumer.arm(
            address(c.ledger), abi.encodeCall(ILedger.withdraw, (lyn, 1, address(consumer)))
        );
        uint256 held = c.lynToken.balanceOf(address(c.ledger));
        assertTrue(c.callbacks.callback(order, outputs, path));
        assertEq(consumer.tried(), 10);
        assertEq(consumer.entered(), 0, "some door was open");
        assertEq(c.lynToken.balanceOf(address(c.ledger)), held);
        assertEq(_free(address(this)), 1e18 + order.tip, "the fee, once");
    }

    // --- Class 2 ---

    /// @dev A token whose balances change by themselves: a surplus is nobody's, and a loss stays with those who hold that token.
    function test_Class2_Rebasing() external {
        RebasingToken token = new RebasingToken();
        c.ledger.allowToken(address(token));
        token.mint(address(this), 200e18);
        token.approve(address(c.ledger), 200e18);
        c.ledger.deposit(address(token), address(this), 100e18);
        token.rebase(2e18); // twice as much
        (uint128 free,) = c.ledger.accountOf(address(token), address(this));
        assertEq(free, 100e18, "a surplus is credited to nobody");
        token.rebase(0.5e18); // half of the start
        vm.expectRevert();
        c.ledger.withdraw(address(token), 100e18, address(this));
        c.ledger.withdraw(address(token), 50e18, address(this));
        // Jobs in LYN notice nothing.
        (Order memory order, bytes32 jobId) = _delivered();
        _passWindow();
        c.jobMarket.settle(order);
        _assertStatus(jobId, IJobMarket.Status.Settled);
    }

    // --- Classes 6 and 7 ---

    function test_Class6_AnOfferOnAnotherInstance() external {
        Offers other = new Offers(address(this), c.stakeManager);
        ComputeOffer memory offer = _offer();
        bytes memory data = _fillData(hot, offer); // signed for the other one
        bytes32 offerId = other.offerIdOf(offer);
        assertNotEq(offerId, c.offers.offerIdOf(offer));
        Order memory order = _order();
        vm.expectRevert(
            abi.encodeWithSelector(IOffers.Offers_BadSignature.selector, offerId, hot.addr)
        );
        other.take(bytes32(0), order, data);
    }

    function test_Class7_MalleableOffers() external {
        ComputeOffer memory offer = _offer();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(hot.key, c.offers.offerIdOf(offer));
        bytes32 high = bytes32(CURVE_ORDER - uint256(s));
        bytes[4] memory bad = [
            abi.encodePacked(r, high, v == 27 ? uint8(28) : uint8(27)),
            abi.encodePacked(r, s, v - 27),
            abi.encodePacked(r, s),
            bytes("")
        ];
        Order memory order = _order();
        for (uint256 i = 0; i < bad.length; ++i) {
            bytes memory data = abi.encode(offer, new bytes32[](0), bad[i]);
            vm.expectPartialRevert(IOffers.Offers_BadSignature.selector);
            vm.prank(requester.addr);
            c.jobMarket.lockFrom(address(c.offers), order, "", new bytes32[](0), data);
        }
    }

    // --- Class 8 ---

    /// @dev Whoever copies a commitment can never open it, and loses the bond.
    function test_Class8_ACopiedBid() external {
        Order memory order = _sealedOrder();
        _openAuction(order);
        _bid(order, hot, 7e18);
        bytes32 copied = _commitment(order, providerId, 7e18, "salt");
        vm.prank(otherHot.addr);
        c.sealedAuctions.bid(order, copied, new bytes32[](0));
        // Nor is anything opened while bids are taken.
        vm.expectPartialRevert(ISealedAuctions.SealedAuctions_RevealsOpen.selector);
        c.sealedAuctions.reveal(order, providerId, 7e18, "salt");
        skip(10);
        vm.expectPartialRevert(ISealedAuctions.SealedAuctions_WrongReveal.selector);
        c.sealedAuctions.reveal(order, otherProviderId, 7e18, "salt");
        _reveal(order, hot, 7e18);
        skip(10);
        uint256 before = _free(otherHot.addr);
        c.sealedAuctions.closeBid(order, otherProviderId);
        assertEq(_free(otherHot.addr), before, "burnt");
    }

    // --- Classes 10 and 11 ---

    /// @dev An offer is exhausted by paying for jobs only: dust fills move money to the provider, never from it.
    function test_Class10_ExhaustingAnOffer() external {
        ComputeOffer memory offer = _offer();
        offer.capacity = 3;
        uint256 paid = _committed(requester.addr);
        for (uint256 i = 0; i < 3; ++i) {
            _fill(offer, _order());
        }
        assertEq(paid - _committed(requester.addr), 3 * (6e18 + 0.5e18 + 0.2e18));
        Order memory order = _order();
        bytes memory data = _fillData(hot, offer);
        vm.expectPartialRevert(IOffers.Offers_CapacityExceeded.selector);
        vm.prank(requester.addr);
        c.jobMarket.lockFrom(address(c.offers), order, "", new bytes32[](0), data);
    }

    /// @dev No number of bids makes anybody else's call dearer.
    /// forge-config: default.isolate = true
    function test_Class11_BidsOfStrangersCostNobody() external {
        c.lynToken.transfer(owner.addr, 3_000_000e18);
        _lock(_order()); // the nonce word is a used one in both rounds
        uint256[2] memory reveals;
        uint256[2] memory wins;
        uint256[2] memory closes;
        for (uint256 round = 0; round < 2; ++round) {
            Order memory order = _sealedOrder();
            bytes memory signature = _sign(order);
            _openAuction(order);
            _bid(order, hot, 9e18);
            _bid(order, otherHot, 8e18);
            for (uint256 i = 0; round == 1 && i < 24; ++i) {
                Actor memory another = _actor(string.concat("bidder ", vm.toString(i)));
                _provider(another);
                _giveFree(another.addr);
                _bid(order, another, 10e18);
            }
            skip(10);
            _reveal(order, hot, 9e18);
            _reveal(order, otherHot, 8e18);
            reveals[round] = vm.lastCallGas().gasTotalUsed;
            for (uint256 i = 0; round == 1 && i < 24; ++i) {
                _reveal(order, _actor(string.concat("bidder ", vm.toString(i))), 10e18);
            }
            skip(10);
            _lockWinner(order, signature);
            wins[round] = vm.lastCallGas().gasTotalUsed;
            c.sealedAuctions.closeBid(order, providerId);
            closes[round] = vm.lastCallGas().gasTotalUsed;
        }
        // Calldata differs by some bytes from order to order.
        assertApproxEqAbs(reveals[1], reveals[0], 600, "reveal");
        assertApproxEqAbs(wins[1], wins[0], 600, "lock the winner");
        assertApproxEqAbs(closes[1], closes[0], 600, "close a bid");
    }

    /// @dev Nor does any number of open jobs.
    /// forge-config: default.isolate = true
    function test_Class11_OpenJobsOfStrangersCostNobody() external {
        uint256[2][3] memory used;
        for (uint256 round = 0; round < 2; ++round) {
            for (uint256 i = 0; round == 1 && i < 150; ++i) {
                Order memory more = _order();
                more.collateral = 500e18;
                _lock(more);
            }
            Order memory order = _order();
            order.nonce = (1 << 30) + round; // one word for both
            if (round == 0) {
                order.nonce += 7;
                _deliver(_lock(order)); // the word is there from here on
                order = _order();
                order.nonce = 1 << 30;
            }
            bytes32 jobId = _lock(order);
            used[0][round] = vm.lastCallGas().gasTotalUsed;
            _deliver(jobId);
            used[1][round] = vm.lastCallGas().gasTotalUsed;
            _passWindow();
            vm.prank(stranger.addr);
            c.jobMarket.settle(order);
            if (round == 0) {
                // Accounts that are paid for the first time are dearer once.
                order = _order();
                jobId = _lock(order);
                _deliver(jobId);
                _passWindow();
                vm.prank(stranger.addr);
                c.jobMarket.settle(order);
            }
            used[2][round] = vm.lastCallGas().gasTotalUsed;
        }
        for (uint256 i = 0; i < 3; ++i) {
            assertApproxEqAbs(used[i][1], used[i][0], 600);
        }
    }

    // --- One way out for a bond (SEA-1) ---

    /// @dev Somebody else locks the job, the winner is let go, the job re-opens: the auction must not pay its bond, nor free its collateral, a second time.
    function test_Class21_AWinnerIsNotReleasedTwice() external {
        Order memory order = _sealedOrder();
        bytes memory signature = _sign(order);
        _openAuction(order);
        _bid(order, otherHot, 8e18);
        skip(10);
        _reveal(order, otherHot, 8e18);
        skip(10);
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
        c.sealedAuctions.closeBid(order, otherProviderId);
        skip(order.deliverDuration);
        c.jobMarket.expireLock(order);
        uint256 free = _free(otherHot.addr);
        vm.expectPartialRevert(ISealedAuctions.SealedAuctions_NoWinner.selector);
        _lockWinner(order, signature);
        assertEq(_free(otherHot.addr), free);
        // It can still take the job as anybody can.
        vm.prank(otherHot.addr);
        c.jobMarket.lock(order, "");
    }

    // --- Class 14 ---

    /// @dev Bonds return as balances: a bidder or requester that refuses to be paid holds nobody up.
    function test_Class14_NobodyCanBlockAnAuction() external {
        Order memory order = _sealedOrder();
        bytes memory signature = _sign(order);
        _openAuction(order);
        _bid(order, hot, 9e18);
        _bid(order, otherHot, 8e18);
        skip(10);
        _reveal(order, hot, 9e18);
        _reveal(order, otherHot, 8e18);
        skip(10);
        vm.etch(hot.addr, hex"fe");
        vm.etch(otherHot.addr, hex"fe");
        vm.etch(owner.addr, hex"fe");
        bytes32 jobId = _lockWinner(order, signature);
        c.sealedAuctions.closeBid(order, providerId);
        c.sealedAuctions.closeAuction(order);
        _assertStatus(jobId, IJobMarket.Status.Locked);
        assertEq(c.stakeManager.providerOf(providerId).reserved, 0);
    }

    // --- Class 21 ---

    /// @dev A requester that bids against itself, wins or loses, never ends with more than it began with: what a shill forfeits is burnt, and buying from oneself costs the fees.
    function testFuzz_Class21_Shills(uint8 first, uint8 second, bool reveals) external {
        uint256 before = _wealth();
        Order memory order = _sealedOrder();
        order.tip = 0;
        bytes memory signature = _sign(order);
        _openAuction(order);
        _bid(order, hot, uint128(first) * 15e18 / 255);
        _bid(order, otherHot, uint128(second) * 15e18 / 255);
        skip(10);
        _reveal(order, hot, uint128(first) * 15e18 / 255);
        if (reveals) _reveal(order, otherHot, uint128(second) * 15e18 / 255);
        skip(10);
        bytes32 jobId = _lockWinner(order, signature);
        address winner = c.stakeManager.hotKeyOf(c.jobMarket.jobOf(jobId).providerId);
        vm.prank(winner);
        c.jobMarket.deliver(jobId, RESULT);
        _passWindow();
        c.jobMarket.settle(order);
        for (uint32 id = providerId; id <= otherProviderId; ++id) {
            try c.sealedAuctions.closeBid(order, id) {} catch {}
        }
        c.sealedAuctions.closeAuction(order);
        uint256 fee = uint256(c.jobMarket.jobOf(jobId).price) * 150 / 10_000;
        uint256 lost = before - _wealth();
        assertGe(lost, fee + order.verificationFee);
        if (!reveals) assertGe(lost, 3e18, "the bond that was not revealed");
    }

    function _wealth() private view returns (uint256) {
        return _free(requester.addr) + _committed(requester.addr) + _free(hot.addr)
            + _free(otherHot.addr) + _free(owner.addr) + _free(publisher.addr);
    }
}

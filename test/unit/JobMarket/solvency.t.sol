// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {MockV3Aggregator} from "@chainlink/contracts/src/v0.8/shared/mocks/MockV3Aggregator.sol";

import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Trading} from "../../utils/Trading.t.sol";
import {PlainToken} from "../../utils/HostileTokens.sol";

/// @notice D2, and what dollars do to a lock.
contract SolvencyTest is Trading {
    PlainToken private token;
    MockV3Aggregator private feed;

    function setUp() public override {
        super.setUp();
        token = new PlainToken(6);
        feed = new MockV3Aggregator(8, 1e8);
        c.priceOracle
            .setFeeds(
                address(token),
                IPriceOracle.Feeds(
                    AggregatorV3Interface(address(feed)),
                    AggregatorV3Interface(address(new MockV3Aggregator(8, 1e8))),
                    1 hours,
                    100
                )
            );
        c.ledger.allowToken(address(token));
        c.parameters.listToken(address(token), 0);
        c.parameters.publish();
        token.mint(requester.addr, 1_000e6);
        vm.startPrank(requester.addr);
        token.approve(address(c.ledger), type(uint256).max);
        c.ledger.depositCommitted(address(token), 1_000e6);
        vm.stopPrank();
    }

    function _inTokens() private returns (Order memory order) {
        order = _order();
        order.payToken = address(token);
        order.minPrice = 2e6;
        order.maxPrice = 2e6;
        order.verificationFee = 0;
        order.tip = 0;
        order.maxTotal = 10e6;
    }

    function _expectLock(Order memory order, bytes memory reason) private {
        bytes memory signature = _sign(order);
        vm.expectRevert(reason);
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
    }

    // --- D2 ---

    /// @dev 10% x 600 LYN = 90% x 66.67 LYN.
    function test_WhenExposureIsAtTheLimit() external {
        uint256 maximum = c.jobMarket.maxExposureOf(COLLATERAL);
        assertEq(maximum, uint256(200e18) / 3);
        Order memory order = _order();
        order.valueAtRisk = uint128(maximum - order.minPrice);
        _lock(order);
        order = _order();
        order.valueAtRisk = uint128(maximum - order.minPrice + 1);
        _expectLock(
            order,
            abi.encodeWithSelector(IJobMarket.JobMarket_Insolvent.selector, maximum + 1, maximum)
        );
    }

    /// @dev A re-opened job is checked again at its new price.
    function test_WhenTheRampRisesAboveTheLimit() external {
        Order memory order = _order();
        order.minPrice = 66e18;
        order.maxPrice = 70e18;
        order.maxTotal = 80e18;
        _lock(order);
        skip(7);
        c.jobMarket.expireLock(order);
        skip(4);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_Insolvent.selector,
                70e18,
                c.jobMarket.maxExposureOf(COLLATERAL)
            )
        );
        vm.prank(otherHot.addr);
        c.jobMarket.lock(order, "");
    }

    /// @dev The property of D2: whatever lock passes, skipping the work has a negative expectation, for a provider that also owns prover, replacement and requester. It gains the price and what the wrong
    /// result is worth if nobody looks; if somebody does, everything that a slash pays flows back to it, and the burnt part does not.
    function testFuzz_D2_CheatingNeverPays(
        uint32 qEff,
        uint96 collateral,
        uint128 price,
        uint128 valueAtRisk,
        uint96 payout
    ) external {
        qEff = uint32(bound(qEff, 0, 1e6));
        _setQEff(qEff);
        Order memory order = _order();
        order.collateral = uint96(bound(collateral, 500e18, STAKE));
        order.minPrice = uint128(bound(price, 0, 100_000e18));
        order.maxPrice = order.minPrice;
        order.maxTotal = FUNDS;
        order.valueAtRisk = uint128(bound(valueAtRisk, 0, 100_000e18));
        bytes memory signature = _sign(order);
        uint256 before = c.lynToken.totalSupply();
        vm.prank(hot.addr);
        try c.jobMarket.lock(order, signature) returns (bytes32 jobId) {
            _deliver(jobId);
        } catch (bytes memory reason) {
            assertEq(bytes4(reason), IJobMarket.JobMarket_Insolvent.selector);
            return;
        }
        // Caught: the most that a slash can pay out goes to its own pockets.
        vm.prank(address(c.disputes));
        c.jobMarket
            .convict(
                order, uint96(bound(payout, 0, uint256(order.collateral) * 4 / 10)), owner.addr
            );
        uint256 lost = before - c.lynToken.totalSupply();
        assertGe(lost, uint256(order.collateral) * 6 / 10);
        // Not caught: the price, and what the lie is worth.
        uint256 won = uint256(order.minPrice) + order.valueAtRisk;
        assertGe(qEff * lost, (1e6 - uint256(qEff)) * won, "D2");
    }

    // --- Other tokens ---

    function test_RevertGiven_NoLynRate() external {
        _expectLock(
            _inTokens(),
            abi.encodeWithSelector(
                IPriceOracle.PriceOracle_LynRateStale.selector, address(token), 0
            )
        );
    }

    function test_WhenTheTokenHasALynRate() external {
        c.priceOracle.poke(address(token)); // 10 LYN
        _lock(_inTokens());
        Order memory order = _inTokens();
        order.minPrice = 6_666_667; // a bit more than 66.67 LYN
        order.maxPrice = 7e6;
        _expectLock(
            order,
            abi.encodeWithSelector(
                IJobMarket.JobMarket_Insolvent.selector,
                66.66667e18,
                c.jobMarket.maxExposureOf(COLLATERAL)
            )
        );
    }

    // --- Dollars ---

    function test_WhenPricedInDollars() external {
        c.priceOracle.poke(address(token));
        Order memory order = _inTokens();
        order.currency = 1;
        order.minPrice = 2.5e18;
        order.maxPrice = 5e18;
        feed.updateAnswer(1.25e8); // the cache still says one dollar
        bytes32 jobId = _lock(order);
        assertEq(c.jobMarket.jobOf(jobId).price, 2.5e6);
        assertEq(c.marketLens.priceOf(order, uint40(block.timestamp)), 2.5e6);
        // Re-locked at another rate: only the difference moves.
        skip(7);
        c.jobMarket.expireLock(order);
        feed.updateAnswer(1.25e8);
        MockV3Aggregator(address(c.priceOracle.feedsOf(address(token)).second)).updateAnswer(1.25e8);
        c.priceOracle.poke(address(token));
        _relock(order, otherHot);
        assertEq(c.jobMarket.jobOf(jobId).price, 2e6);
        (uint128 free, uint128 committed) = c.ledger.accountOf(address(token), requester.addr);
        assertEq(uint256(free) + committed, 998e6);
    }

    function test_WhenLynIsPricedInDollars() external {
        Order memory order = _order();
        order.currency = 1;
        order.minPrice = 0.5e18;
        order.maxPrice = 1e18;
        bytes32 jobId = _lock(order);
        assertEq(c.jobMarket.jobOf(jobId).price, 5e18);
    }

    function test_RevertWhen_DollarsExceedTheTotal() external {
        Order memory order = _order();
        order.currency = 1;
        order.minPrice = 2e18; // 20 LYN
        order.maxPrice = 2e18;
        _expectLock(
            order,
            abi.encodeWithSelector(IJobMarket.JobMarket_OverMaxTotal.selector, 20.7e18, 16e18)
        );
    }

    /// @dev ORA-1, class 19: a feed in ruins stops locks in dollars, and only those.
    function test_GivenAnUnhealthyFeed_ThenOnlyDollarLocksStop() external {
        c.priceOracle.poke(address(token));
        Order memory running = _inTokens();
        running.currency = 1;
        running.minPrice = 2e18;
        running.maxPrice = 2e18;
        bytes32 jobId = _lock(running);
        skip(60);
        feed.updateAnswer(0);
        Order memory order = _inTokens();
        order.currency = 1;
        order.minPrice = 2e18;
        order.maxPrice = 2e18;
        _expectLock(
            order,
            abi.encodeWithSelector(
                IPriceOracle.PriceOracle_Unhealthy.selector,
                address(token),
                IPriceOracle.Fault.NotPositive
            )
        );
        _lock(_inTokens()); // in wei of the token
        _lock(_order()); // in LYN
        // What runs goes on.
        c.jobMarket.expireLock(running);
        skip(30);
        c.jobMarket.refund(running);
        _assertStatus(jobId, IJobMarket.Status.Refunded);
    }
}

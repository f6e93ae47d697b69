// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {MockV3Aggregator} from "@chainlink/contracts/src/v0.8/shared/mocks/MockV3Aggregator.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {PriceOracle} from "../../../contracts/oracle/PriceOracle.sol";
import {Base} from "../../utils/Base.t.sol";
import {PlainToken} from "../../utils/HostileTokens.sol";

/// @notice A feed that reverts.
contract BrokenFeed {
    function decimals() external pure returns (uint8) {
        return 8;
    }

    function latestRoundData() external pure {
        revert("broken");
    }
}

contract PriceOracleTest is Base {
    PlainToken private token;
    MockV3Aggregator private first;
    MockV3Aggregator private second;
    MockV3Aggregator private lynFirst;

    function setUp() public override {
        super.setUp();
        token = new PlainToken(6);
        first = new MockV3Aggregator(8, 2e8);
        second = new MockV3Aggregator(18, 2.01e18);
        _setFeeds(address(first), address(second));
        lynFirst = MockV3Aggregator(address(c.priceOracle.feedsOf(lyn).primary));
    }

    function _setFeeds(address primary, address other) private {
        c.priceOracle
            .setFeeds(
                address(token),
                IPriceOracle.Feeds(
                    AggregatorV3Interface(primary), AggregatorV3Interface(other), 1 hours, 100
                )
            );
    }

    function _expectFault(IPriceOracle.Fault fault) private {
        assertEq(uint8(c.priceOracle.faultOf(address(token))), uint8(fault));
        bytes memory unhealthy = abi.encodeWithSelector(
            IPriceOracle.PriceOracle_Unhealthy.selector, address(token), fault
        );
        vm.expectRevert(unhealthy);
        c.priceOracle.usdRateOf(address(token));
        vm.expectRevert(unhealthy);
        c.priceOracle.poke(address(token));
    }

    // --- Dollars ---

    function test_WhenTheFeedsAgree() external view {
        assertEq(c.priceOracle.usdRateOf(address(token)), 2e18);
        assertEq(c.priceOracle.toToken(address(token), 10e18), 5e6);
        assertEq(c.priceOracle.usdRateOf(lyn), 0.1e18);
        assertEq(uint8(c.priceOracle.faultOf(address(token))), 0);
    }

    function test_RevertWhen_ThereIsNoFeed() external {
        token = new PlainToken(6);
        _expectFault(IPriceOracle.Fault.NoFeed);
    }

    function test_RevertWhen_AFeedReverts() external {
        _setFeeds(address(first), address(new BrokenFeed()));
        _expectFault(IPriceOracle.Fault.Reverted);
    }

    function test_RevertWhen_AnAnswerIsNotPositive() external {
        first.updateAnswer(0);
        _expectFault(IPriceOracle.Fault.NotPositive);
        first.updateAnswer(-1);
        _expectFault(IPriceOracle.Fault.NotPositive);
        first.updateAnswer(type(int256).max);
        _expectFault(IPriceOracle.Fault.NotPositive);
    }

    /// @dev Class 5, 19: the window of an answer is [updatedAt, updatedAt + maxAge), of either feed.
    function test_RevertWhen_AnAnswerIsStale() external {
        skip(1 hours - 1);
        assertEq(c.priceOracle.usdRateOf(address(token)), 2e18);
        skip(1);
        first.updateAnswer(2e8);
        _expectFault(IPriceOracle.Fault.Stale);
        second.updateAnswer(2e18);
        assertEq(c.priceOracle.usdRateOf(address(token)), 2e18);
        second.updateRoundData(9, 2e18, block.timestamp + 1, block.timestamp + 1);
        _expectFault(IPriceOracle.Fault.Stale);
    }

    function test_RevertWhen_TheFeedsDeviate() external {
        second.updateAnswer(2.02e18); // exactly 1%
        assertEq(c.priceOracle.usdRateOf(address(token)), 2e18);
        second.updateAnswer(2.0201e18);
        _expectFault(IPriceOracle.Fault.Deviates);
        second.updateAnswer(1.98e18);
        _expectFault(IPriceOracle.Fault.Deviates);
    }

    function test_RevertWhen_TheSequencerIsDown() external {
        MockV3Aggregator uptime = new MockV3Aggregator(0, 0);
        PriceOracle oracle = new PriceOracle(
            address(this),
            PriceOracle.Config(
                lyn, 60, 1 days, 1, 1_000, AggregatorV3Interface(address(uptime)), 10
            )
        );
        oracle.setFeeds(address(token), c.priceOracle.feedsOf(address(token)));
        skip(10);
        assertEq(oracle.usdRateOf(address(token)), 2e18);
        uptime.updateAnswer(1);
        assertEq(uint8(oracle.faultOf(address(token))), uint8(IPriceOracle.Fault.SequencerDown));
        uptime.updateAnswer(0);
        skip(9);
        assertEq(uint8(oracle.faultOf(address(token))), uint8(IPriceOracle.Fault.SequencerDown));
        skip(1);
        assertEq(uint8(oracle.faultOf(address(token))), 0);
    }

    /// @dev A poked rate serves for [poke, poke + 60).
    function test_WhenARateIsCached() external {
        c.priceOracle.poke(address(token));
        first.updateAnswer(4e8);
        second.updateAnswer(1); // the feeds are in ruins
        skip(59);
        assertEq(c.priceOracle.usdRateOf(address(token)), 2e18);
        skip(1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPriceOracle.PriceOracle_Unhealthy.selector,
                address(token),
                IPriceOracle.Fault.Deviates
            )
        );
        c.priceOracle.usdRateOf(address(token));
    }

    function test_WhenFeedsAreReplaced() external {
        c.priceOracle.poke(address(token));
        first = new MockV3Aggregator(8, 3e8);
        _setFeeds(address(first), address(new MockV3Aggregator(8, 3e8)));
        assertEq(c.priceOracle.usdRateOf(address(token)), 3e18, "the cache is void");
    }

    // --- LYN ---

    function test_WhenPokedThenTheLynRateFollows() external {
        c.priceOracle.poke(address(token));
        // 2 dollars at 10 cents a LYN.
        assertEq(c.priceOracle.ratesOf(address(token)).lynRate, 20e18);
        (uint128 price, uint256 exposure) =
            c.priceOracle.appraise(address(token), true, 10e18, 1e18);
        assertEq(price, 5e6);
        assertEq(exposure, 110e18);
        (price, exposure) = c.priceOracle.appraise(address(token), false, 5e6, 1);
        assertEq(price, 5e6);
        assertEq(exposure, 100e18 + 20e12);
    }

    /// @dev ORA-3: a tenth a second, whatever the feeds do.
    function test_WhenTheFeedsJump() external {
        c.priceOracle.poke(address(token));
        first.updateAnswer(4e8);
        second.updateAnswer(4e18);
        c.priceOracle.poke(address(token));
        assertEq(c.priceOracle.ratesOf(address(token)).lynRate, 20e18, "too soon");
        skip(1);
        c.priceOracle.poke(address(token));
        assertEq(c.priceOracle.ratesOf(address(token)).lynRate, 22e18);
        first.updateAnswer(0.1e8);
        second.updateAnswer(0.1e18);
        skip(1);
        c.priceOracle.poke(address(token));
        assertEq(c.priceOracle.ratesOf(address(token)).lynRate, 19.8e18);
    }

    function test_WhenLynHasNoHealthyFeed() external {
        lynFirst.updateAnswer(1e8);
        c.priceOracle.poke(address(token));
        assertEq(c.priceOracle.ratesOf(address(token)).lynRate, 0, "the dollar rate alone");
        assertEq(c.priceOracle.ratesOf(address(token)).usdRate, 2e18);
    }

    function test_WhenGovernanceSetsARate() external {
        c.priceOracle.setLynRate(address(token), 20e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPriceOracle.PriceOracle_TooSoon.selector, address(token), block.timestamp + 1
            )
        );
        c.priceOracle.setLynRate(address(token), 21e18);
        skip(1);
        bytes4 tooBig = IPriceOracle.PriceOracle_StepTooBig.selector;
        vm.expectRevert(abi.encodeWithSelector(tooBig, address(token), 22e18 + 1, 18e18, 22e18));
        c.priceOracle.setLynRate(address(token), 22e18 + 1);
        vm.expectRevert(abi.encodeWithSelector(tooBig, address(token), 18e18 - 1, 18e18, 22e18));
        c.priceOracle.setLynRate(address(token), 18e18 - 1);
        c.priceOracle.setLynRate(address(token), 22e18);
        skip(1 days);
        vm.expectRevert(abi.encodeWithSelector(tooBig, address(token), 0, 1, type(uint88).max));
        c.priceOracle.setLynRate(address(token), 0);
        c.priceOracle.setLynRate(address(token), 1e18); // it had lapsed
    }

    /// @dev ORA-2: a rate serves for [set, set + 1 day).
    function test_RevertWhen_TheLynRateHasLapsed() external {
        c.priceOracle.setLynRate(address(token), 20e18);
        uint40 staleAt = uint40(block.timestamp) + 1 days;
        assertEq(c.priceOracle.lynRateStaleAt(address(token)), staleAt);
        assertEq(c.priceOracle.lynRateStaleAt(lyn), type(uint40).max);
        skip(1 days - 1);
        c.priceOracle.appraise(address(token), false, 1, 0);
        skip(1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPriceOracle.PriceOracle_LynRateStale.selector, address(token), staleAt
            )
        );
        c.priceOracle.appraise(address(token), false, 1, 0);
    }

    // --- Governance ---

    function test_RevertWhen_AStrangerGoverns() external {
        bytes memory notOwner =
            abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger.addr);
        IPriceOracle.Feeds memory feeds = c.priceOracle.feedsOf(lyn);
        vm.startPrank(stranger.addr);
        vm.expectRevert(notOwner);
        c.priceOracle.setFeeds(address(token), feeds);
        vm.expectRevert(notOwner);
        c.priceOracle.setLynRate(address(token), 1);
    }

    function test_RevertWhen_FeedsAreBad() external {
        IPriceOracle.Feeds memory feeds = c.priceOracle.feedsOf(address(token));
        bytes memory bad =
            abi.encodeWithSelector(IPriceOracle.PriceOracle_BadFeed.selector, address(token));
        IPriceOracle.Feeds memory changed = _copy(feeds);
        changed.second = changed.primary;
        vm.expectRevert(bad);
        c.priceOracle.setFeeds(address(token), changed);
        changed = _copy(feeds);
        changed.primary = AggregatorV3Interface(address(0));
        vm.expectRevert(bad);
        c.priceOracle.setFeeds(address(token), changed);
        changed = _copy(feeds);
        changed.maxAge = 0;
        vm.expectRevert(bad);
        c.priceOracle.setFeeds(address(token), changed);
        changed = _copy(feeds);
        changed.maxDeviationBps = 10_000;
        vm.expectRevert(bad);
        c.priceOracle.setFeeds(address(token), changed);
    }

    function _copy(IPriceOracle.Feeds memory feeds)
        private
        pure
        returns (IPriceOracle.Feeds memory)
    {
        return IPriceOracle.Feeds(feeds.primary, feeds.second, feeds.maxAge, feeds.maxDeviationBps);
    }

    function test_RevertWhen_DecimalsAreOutOfRange() external {
        PlainToken wide = new PlainToken(25);
        vm.expectRevert(
            abi.encodeWithSelector(IPriceOracle.PriceOracle_BadDecimals.selector, address(wide), 25)
        );
        c.priceOracle.setLynRate(address(wide), 1);
        MockV3Aggregator fine = new MockV3Aggregator(19, 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPriceOracle.PriceOracle_BadDecimals.selector, address(token), 19
            )
        );
        _setFeeds(address(fine), address(second));
    }

    /// @dev Prices round down, exposure up, for every number of decimals.
    function testFuzz_Rounding(uint8 decimals, uint88 lynRate, uint64 answer, uint128 price)
        external
    {
        token = new PlainToken(uint8(bound(decimals, 0, 24)));
        uint256 unit = 10 ** token.decimals();
        int256 bounded = int256(bound(answer, 1, 1e14)); // to a million dollars
        price = uint128(bound(price, 0, 1e30));
        first = new MockV3Aggregator(8, bounded);
        _setFeeds(address(first), address(new MockV3Aggregator(8, bounded)));
        lynRate = uint88(bound(lynRate, 1, type(uint88).max));
        c.priceOracle.setLynRate(address(token), lynRate);
        uint256 rate = uint256(bounded) * 1e10;
        vm.assume(uint256(price) * unit / rate <= type(uint128).max);
        (uint128 amount, uint256 exposure) = c.priceOracle.appraise(address(token), true, price, 0);
        assertLe(uint256(amount) * rate, uint256(price) * unit);
        assertGt((uint256(amount) + 1) * rate, uint256(price) * unit);
        assertGe(exposure * unit, uint256(amount) * lynRate);
    }
}

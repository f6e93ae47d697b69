// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {MockV3Aggregator} from "@chainlink/contracts/src/v0.8/shared/mocks/MockV3Aggregator.sol";

import {IJobMarket} from "../../contracts/interfaces/IJobMarket.sol";
import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Actor} from "../utils/Base.t.sol";
import {PlainToken} from "../utils/HostileTokens.sol";
import {Trading} from "../utils/Trading.t.sol";

/// @notice Every price function against its TypeScript twin, both ways: sdk/src/vectors/prices.json is asked of the contracts, and what the contracts say to numbers of this file goes to snapshots/prices.json for
/// test/differential/prices.test.ts.
contract PricesTest is Trading {
    string private constant KEY = "prices";
    uint256 private _state = uint256(keccak256("prices of the contracts"));
    string private _json;

    function setUp() public override {
        super.setUp();
        _json = vm.readFile("sdk/src/vectors/prices.json");
    }

    function _table(string memory name) private view returns (uint256[] memory) {
        return vm.parseJsonUintArray(_json, string.concat(".", name));
    }

    function _random(uint256 limit) private returns (uint256) {
        _state = uint256(keccak256(abi.encode(_state)));
        return _state % limit;
    }

    // --- What TypeScript says ---

    function test_Ramps() external {
        uint256[] memory t = _table("ramps");
        assertGt(t.length, 300);
        for (uint256 i = 0; i < t.length; i += 6) {
            assertEq(_ramp(t[i], t[i + 1], t[i + 2], t[i + 3], t[i + 4]), t[i + 5]);
        }
    }

    function test_Appraisals() external {
        uint256[] memory t = _table("appraisals");
        assertGt(t.length, 300);
        for (uint256 i = 0; i < t.length; i += 8) {
            (uint256 wei_, uint256 exposure) = _appraise(
                t[i], t[i + 1], t[i + 2], t[i + 3] == 1, uint128(t[i + 4]), uint128(t[i + 5])
            );
            assertEq(wei_, t[i + 6], "wei");
            assertEq(exposure, t[i + 7], "exposure");
        }
    }

    function test_Exposures() external {
        uint256[] memory t = _table("exposures");
        assertGt(t.length, 60);
        for (uint256 i = 0; i < t.length; i += 3) {
            _setQEff(uint32(t[i + 1]));
            assertEq(c.jobMarket.maxExposureOf(uint96(t[i])), t[i + 2]);
        }
    }

    function test_Auctions() external {
        Actor[4] memory bidders = [hot, otherHot, _actor("third"), _actor("fourth")];
        _provider(bidders[2]);
        _provider(bidders[3]);
        _giveFree(requester.addr);
        for (uint256 i = 0; i < 4; ++i) {
            _giveFree(bidders[i].addr);
        }
        uint256[] memory t = _table("auctions");
        assertGt(t.length, 60);
        for (uint256 i = 0; i < t.length; i += 8) {
            Order memory order = _sealedOrder();
            order.maxPrice = uint128(t[i]);
            _openAuction(order);
            assertEq(c.sealedAuctions.bondOf(order), t[i + 5], "bond");
            for (uint256 j = 0; j < 4; ++j) {
                _bid(order, bidders[j], uint128(t[i + 1 + j]));
            }
            skip(10);
            // Revealed in another order than committed.
            for (uint256 j = 0; j < 4; ++j) {
                uint256 at = (j * 3 + i) % 4;
                _reveal(order, bidders[at], uint128(t[i + 1 + at]));
            }
            skip(10);
            bytes32 jobId = _lockWinner(order, _sign(order));
            IJobMarket.Job memory job = c.jobMarket.jobOf(jobId);
            assertEq(job.providerId, c.stakeManager.providerIdOf(bidders[t[i + 6]].addr), "winner");
            assertEq(job.price, t[i + 7], "price");
        }
    }

    function test_Splits() external {
        uint256[] memory t = _table("splits");
        assertGt(t.length, 80);
        for (uint256 i = 0; i < t.length; i += 6) {
            (uint256 paid, uint256 fee, uint256 royalty) = _split(t[i], t[i + 1], t[i + 2]);
            assertEq(paid, t[i + 3], "paid");
            assertEq(fee, t[i + 4], "fee");
            assertEq(royalty, t[i + 5], "royalty");
        }
    }

    // --- What the contracts say ---

    function test_WritesPrices() external {
        uint256[] memory ramps = new uint256[](48 * 6);
        for (uint256 i = 0; i < ramps.length; i += 6) {
            ramps[i] = _random(2 ** _random(128));
            ramps[i + 1] = ramps[i] + _random(2 ** 127);
            ramps[i + 2] = _random(2 ** 39);
            ramps[i + 3] = _random(2 ** _random(32));
            ramps[i + 4] = ramps[i + 2] + _random(2 * ramps[i + 3] + 2);
            ramps[i + 5] = _ramp(ramps[i], ramps[i + 1], ramps[i + 2], ramps[i + 3], ramps[i + 4]);
        }
        uint256[] memory appraisals = new uint256[](32 * 8);
        for (uint256 i = 0; i < appraisals.length; i += 8) {
            appraisals[i] = _random(25);
            appraisals[i + 1] = 1 + _random(2 ** 80);
            appraisals[i + 2] = 1e4 + _random(1e12);
            appraisals[i + 3] = _random(2);
            appraisals[i + 4] = _random(2 ** 84);
            appraisals[i + 5] = _random(2 ** 84);
            (appraisals[i + 6], appraisals[i + 7]) = _appraise(
                appraisals[i],
                appraisals[i + 1],
                appraisals[i + 2],
                appraisals[i + 3] == 1,
                uint128(appraisals[i + 4]),
                uint128(appraisals[i + 5])
            );
        }
        uint256[] memory exposures = new uint256[](24 * 3);
        for (uint256 i = 0; i < exposures.length; i += 3) {
            exposures[i] = _random(2 ** 96);
            exposures[i + 1] = _random(1_000_001);
            _setQEff(uint32(exposures[i + 1]));
            exposures[i + 2] = c.jobMarket.maxExposureOf(uint96(exposures[i]));
        }
        uint256[] memory totals = new uint256[](16 * 5);
        for (uint256 i = 0; i < totals.length; i += 5) {
            for (uint256 j = 0; j < 4; ++j) {
                totals[i + j] = _random(2 ** 128);
            }
            Order memory order = _order();
            order.verificationFee = uint128(totals[i + 1]);
            order.tip = uint128(totals[i + 2]);
            order.callbackFee = uint128(totals[i + 3]);
            totals[i + 4] = c.jobMarket.totalOf(order, uint128(totals[i]));
        }
        uint256[] memory splits = new uint256[](12 * 6);
        for (uint256 i = 0; i < splits.length; i += 6) {
            splits[i] = _random(15e18);
            splits[i + 1] = _random(1_001);
            splits[i + 2] = _random(1_001);
            (splits[i + 3], splits[i + 4], splits[i + 5]) =
                _split(splits[i], splits[i + 1], splits[i + 2]);
        }
        // As bytes: JSON has no numbers of 256 bits.
        vm.serializeBytes(KEY, "ramps", abi.encode(ramps));
        vm.serializeBytes(KEY, "appraisals", abi.encode(appraisals));
        vm.serializeBytes(KEY, "exposures", abi.encode(exposures));
        vm.serializeBytes(KEY, "totals", abi.encode(totals));
        vm.writeJson(vm.serializeBytes(KEY, "splits", abi.encode(splits)), "snapshots/prices.json");
    }

    // --- The contracts' functions ---

    function _ramp(uint256 low, uint256 high, uint256 start, uint256 duration, uint256 at)
        private
        returns (uint128)
    {
        Order memory order = _order();
        order.minPrice = uint128(low);
        order.maxPrice = uint128(high);
        order.rampStart = uint40(start);
        order.rampDuration = uint32(duration);
        return c.jobMarket.priceOf(order, uint40(at));
    }

    function _appraise(
        uint256 decimals,
        uint256 lynRate,
        uint256 answer,
        bool usd,
        uint128 price,
        uint128 valueAtRisk
    ) private returns (uint128, uint256) {
        address token = address(new PlainToken(uint8(decimals)));
        c.priceOracle.setLynRate(token, uint88(lynRate));
        c.priceOracle
            .setFeeds(
                token,
                IPriceOracle.Feeds(
                    AggregatorV3Interface(address(new MockV3Aggregator(8, int256(answer)))),
                    AggregatorV3Interface(address(new MockV3Aggregator(8, int256(answer)))),
                    1 hours,
                    100
                )
            );
        return c.priceOracle.appraise(token, usd, price, valueAtRisk);
    }

    /// @dev A whole job, with the fee of a snapshot of its own and a model of its own.
    function _split(uint256 price, uint256 feeBps, uint256 royaltyBps)
        private
        returns (uint256 paid, uint256 fee, uint256 royalty)
    {
        uint32 version = c.jobMarket.currentVersion();
        IJobMarket.MarketSnapshot memory snapshot = c.jobMarket.snapshotOf(version, 2, lyn);
        snapshot.feeBps = uint16(feeBps);
        snapshot.enabled = true;
        vm.prank(address(c.parameters));
        c.jobMarket.pushSnapshot(version + 1, 2, lyn, snapshot);
        _setQEff(1e6); // any price is solvent
        Order memory order = _order();
        order.paramsVersion = version + 1;
        order.minPrice = uint128(price);
        order.maxPrice = uint128(price);
        order.maxTotal = 20e18;
        vm.prank(publisher.addr);
        order.modelId =
            c.modelRegistry.register(_header(vm.toString(order.nonce)), uint16(royaltyBps), 3);
        uint256[3] memory before =
            [_free(owner.addr), _free(address(c.feeSink)), _free(publisher.addr)];
        _deliver(_lock(order));
        _passWindow();
        vm.prank(stranger.addr);
        c.jobMarket.settle(order);
        paid = _free(owner.addr) - before[0];
        fee = _free(address(c.feeSink)) - before[1];
        royalty = _free(publisher.addr) - before[2];
    }

    function _giveFree(address account) private {
        _fund(account, 100e18);
        vm.prank(account);
        c.ledger.deposit(lyn, account, 100e18);
    }
}

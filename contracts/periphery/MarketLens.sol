// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IMarketLens} from "../interfaces/IMarketLens.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {OrderHash} from "../market/OrderHash.sol";
import {OrderTerms} from "../market/OrderTerms.sol";
import {Ramp} from "../market/Ramp.sol";
import {Order} from "../types/Order.sol";

/// @title MarketLens
/// @dev TRUST: none asked for. TOKENS: none. LIVENESS: nothing depends on it. ROUNDING: as in JobMarket. CLOCKS: the caller's.
contract MarketLens is IMarketLens {
    using OrderTerms for Order;

    uint8 private constant CURRENCY_USD = 1;

    /// @notice What is looked at.
    IJobMarket public immutable MARKET;

    /// @notice What tokens are worth.
    IPriceOracle public immutable PRICES;

    constructor(IJobMarket market, IPriceOracle prices) {
        MARKET = market;
        PRICES = prices;
    }

    /// @inheritdoc IMarketLens
    function priceOf(Order calldata order, uint40 at) external view returns (uint128 price) {
        IJobMarket.Job memory job = MARKET.jobOf(MARKET.jobIdOf(order));
        // A2: the ramp restarts at a re-opening.
        uint40 start = job.status == IJobMarket.Status.Reopened ? job.time : order.rampStart;
        price = Ramp.priceAt(order.minPrice, order.maxPrice, start, order.rampDuration, at);
        if (order.currency == CURRENCY_USD) price = PRICES.toToken(order.payToken, price);
    }

    /// @inheritdoc IMarketLens
    function totalOf(Order calldata order, uint128 price) external pure returns (uint256) {
        return order.totalOf(price);
    }

    /// @inheritdoc IMarketLens
    function batchIdOf(bytes32 root, uint32 count) external view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(
            MARKET.DOMAIN_SEPARATOR(), OrderHash.batchHash(root, count)
        );
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

/// @title IPriceOracle
/// @notice What pay tokens are worth in US dollars (from Chainlink feeds) and in LYN (from the same feeds or governance, with bounded steps and a time to live).
/// @dev Properties: ORA-1 an unhealthy feed stops nothing but locks in dollars; ORA-2 a stale LYN rate stops nothing but locks in that token; ORA-3 a LYN rate moves by a bounded step at a time.
interface IPriceOracle {
    /// @param second Another source that must agree within `maxDeviationBps`.
    /// @param maxAge Seconds after which an answer of either is stale.
    struct Feeds {
        AggregatorV3Interface primary;
        AggregatorV3Interface second;
        uint24 maxAge;
        uint16 maxDeviationBps;
    }

    /// @param lynRate LYN wei of one whole token; `lynAt` when it was set, 0 for never.
    /// @param usdRate US dollars with 18 decimals of one whole token, as cached by `poke` at `usdAt`.
    struct Rates {
        uint88 lynRate;
        uint40 lynAt;
        uint80 usdRate;
        uint40 usdAt;
        uint8 decimals;
    }

    enum Fault {
        None,
        NoFeed,
        Reverted,
        NotPositive,
        Stale,
        Deviates,
        SequencerDown
    }

    error PriceOracle_Unhealthy(address token, Fault fault);
    error PriceOracle_LynRateStale(address token, uint40 staleAt);
    error PriceOracle_StepTooBig(address token, uint256 rate, uint256 minimum, uint256 maximum);
    error PriceOracle_TooSoon(address token, uint40 nextAt);
    error PriceOracle_BadFeed(address token);
    error PriceOracle_BadDecimals(address token, uint256 decimals);

    event FeedsSet(
        address indexed token,
        address primary,
        address second,
        uint24 maxAge,
        uint16 maxDeviationBps
    );
    event LynRateSet(address indexed token, uint88 rate);
    event UsdRateCached(address indexed token, uint80 rate);

    /// @notice Only the owner.
    function setFeeds(address token, Feeds calldata feeds) external;
    /// @notice Only the owner. At most one bounded step a period from the last rate, unless that is stale.
    /// @param rate LYN wei of one whole token.
    function setLynRate(address token, uint88 rate) external;
    /// @notice Caches the dollar rate of a token, and moves its LYN rate towards what the feeds of the token and of LYN say. Anyone may call; reverts if the token's feeds are unhealthy.
    function poke(address token) external;

    /// @notice What a price means in the pay token, and price and value at risk together in LYN (D2).
    /// @param usd Whether both amounts are US dollars with 18 decimals instead of wei of the token.
    /// @return wei_ The price in wei of the token, rounded down.
    /// @return exposure Price and value at risk in LYN wei, rounded up. Reverts if the LYN rate of the token is stale.
    function appraise(address token, bool usd, uint128 price, uint128 valueAtRisk)
        external
        view
        returns (uint128 wei_, uint256 exposure);
    /// @notice The price alone, without asking for a LYN rate.
    function toToken(address token, uint128 usd) external view returns (uint128 wei_);
    /// @notice US dollars with 18 decimals of one whole token: the cached rate while it is young, else the feeds'. Reverts if they are unhealthy.
    function usdRateOf(address token) external view returns (uint256);
    /// @notice What is wrong with the feeds of a token now.
    function faultOf(address token) external view returns (Fault);
    function ratesOf(address token) external view returns (Rates memory);
    function feedsOf(address token) external view returns (Feeds memory);
    /// @notice When the LYN rate of a token lapses; the end of time for LYN itself.
    function lynRateStaleAt(address token) external view returns (uint40);
}

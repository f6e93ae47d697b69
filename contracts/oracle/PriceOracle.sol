// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {SequencerUptime} from "./SequencerUptime.sol";

/// @title PriceOracle
/// @notice Dollars and LYN of pay tokens, for locks.
/// @dev TRUST: the owner, for feeds and first rates; the feeds, within deviation and step. TOKENS: none.
/// LIVENESS: an unhealthy feed stops locks in dollars (ORA-1), a lapsed rate locks in that token (ORA-2); nothing else asks.
/// ROUNDING: prices down, exposure up. CLOCKS: block time. PROPERTIES: ORA-1, ORA-2, ORA-3.
contract PriceOracle is IPriceOracle, Ownable {
    using SafeCast for uint256;

    /// @notice Clocks, in seconds, and the step; fixed for ever.
    /// @param cacheTime How long a poked dollar rate serves.
    /// @param rateTime How long a LYN rate serves.
    /// @param stepPeriod Least time between two steps of a LYN rate, of at most `stepBps` each.
    struct Config {
        address lyn;
        uint40 cacheTime;
        uint40 rateTime;
        uint40 stepPeriod;
        uint16 stepBps;
        AggregatorV3Interface feed;
        uint40 grace;
    }

    /// @dev Two slots. `shift` is what an answer lacks of 18 decimals.
    struct Source {
        AggregatorV3Interface primary;
        uint24 maxAge;
        uint16 maxDeviationBps;
        uint8 primaryShift;
        uint8 secondShift;
        AggregatorV3Interface second;
    }

    uint256 private constant BPS = 10_000;
    uint256 private constant ONE = 1e18;

    /// @notice Most decimals of a pay token.
    uint8 public constant MAX_DECIMALS = 24;

    /// @notice LYN: worth itself.
    address public immutable LYN;
    /// @notice Seconds that a poked dollar rate serves.
    uint40 public immutable CACHE_TIME;
    /// @notice Seconds that a LYN rate serves.
    uint40 public immutable RATE_TIME;
    /// @notice Least seconds between two steps of a LYN rate.
    uint40 public immutable STEP_PERIOD;
    /// @notice Most that a LYN rate moves at a time.
    uint16 public immutable STEP_BPS;
    /// @notice Sequencer-uptime feed, or zero.
    AggregatorV3Interface public immutable FEED;
    /// @notice Seconds that the sequencer must have been up for a price to count.
    uint40 public immutable GRACE;

    mapping(address token => Source) private _sources;
    mapping(address token => Rates) private _rates;

    constructor(address owner, Config memory config) Ownable(owner) {
        LYN = config.lyn;
        CACHE_TIME = config.cacheTime;
        RATE_TIME = config.rateTime;
        STEP_PERIOD = config.stepPeriod;
        STEP_BPS = config.stepBps;
        FEED = config.feed;
        GRACE = config.grace;
    }

    // --- Owner ---

    /// @inheritdoc IPriceOracle
    function setFeeds(address token, Feeds calldata feeds) external onlyOwner {
        bool sound = address(feeds.primary) != address(0) && address(feeds.second) != address(0)
            && feeds.primary != feeds.second && feeds.maxAge != 0 && feeds.maxDeviationBps != 0
            && feeds.maxDeviationBps < BPS;
        require(sound, PriceOracle_BadFeed(token));
        _learnDecimals(token);
        _sources[token] = Source({
            primary: feeds.primary,
            maxAge: feeds.maxAge,
            maxDeviationBps: feeds.maxDeviationBps,
            primaryShift: _shiftOf(token, feeds.primary),
            secondShift: _shiftOf(token, feeds.second),
            second: feeds.second
        });
        _rates[token].usdAt = 0; // what other feeds said is void
        emit FeedsSet(
            token,
            address(feeds.primary),
            address(feeds.second),
            feeds.maxAge,
            feeds.maxDeviationBps
        );
    }

    /// @inheritdoc IPriceOracle
    function setLynRate(address token, uint88 rate) external onlyOwner {
        _learnDecimals(token);
        Rates storage rates = _rates[token];
        if (!_isLapsed(rates.lynAt)) {
            uint40 nextAt = rates.lynAt + STEP_PERIOD;
            require(block.timestamp >= nextAt, PriceOracle_TooSoon(token, nextAt));
            (uint256 minimum, uint256 maximum) = _stepOf(rates.lynRate);
            require(
                rate >= minimum && rate <= maximum,
                PriceOracle_StepTooBig(token, rate, minimum, maximum)
            ); // ORA-3
        }
        require(rate != 0, PriceOracle_StepTooBig(token, rate, 1, type(uint88).max));
        _setLynRate(token, rate);
    }

    // --- Anyone ---

    /// @inheritdoc IPriceOracle
    function poke(address token) external {
        uint256 usd = _live(token);
        Rates storage rates = _rates[token];
        rates.usdRate = uint256(usd).toUint80();
        rates.usdAt = uint40(block.timestamp);
        emit UsdRateCached(token, rates.usdRate);
        if (token == LYN) return;
        (Fault fault, uint256 lynUsd) = _read(LYN);
        uint40 lynAt = rates.lynAt;
        bool lapsed = _isLapsed(lynAt);
        // Too soon for a step, or no price of LYN: the dollar rate stands alone.
        if (fault != Fault.None || (!lapsed && block.timestamp < lynAt + STEP_PERIOD)) return;
        uint256 rate = Math.mulDiv(usd, ONE, lynUsd);
        if (!lapsed) {
            (uint256 minimum, uint256 maximum) = _stepOf(rates.lynRate);
            rate = Math.min(Math.max(rate, minimum), maximum); // ORA-3
        }
        if (rate != 0) _setLynRate(token, rate.toUint88());
    }

    // --- Views ---

    /// @inheritdoc IPriceOracle
    function appraise(address token, bool usd, uint128 price, uint128 valueAtRisk)
        external
        view
        returns (uint128 wei_, uint256 exposure)
    {
        Rates memory rates = _rates[token];
        uint256 unit = 10 ** rates.decimals;
        wei_ = price;
        exposure = uint256(price) + valueAtRisk;
        if (usd) {
            uint256 rate = _usdRate(token, rates);
            wei_ = _toWei(price, unit, rate);
            exposure = Math.mulDiv(exposure, unit, rate, Math.Rounding.Ceil);
        }
        if (token == LYN) return (wei_, exposure);
        uint40 staleAt = _staleAt(rates.lynAt);
        require(block.timestamp < staleAt, PriceOracle_LynRateStale(token, staleAt)); // ORA-2
        exposure = Math.mulDiv(exposure, rates.lynRate, unit, Math.Rounding.Ceil);
    }

    /// @inheritdoc IPriceOracle
    function toToken(address token, uint128 usd) external view returns (uint128 wei_) {
        Rates memory rates = _rates[token];
        return _toWei(usd, 10 ** rates.decimals, _usdRate(token, rates));
    }

    /// @inheritdoc IPriceOracle
    function usdRateOf(address token) external view returns (uint256) {
        return _usdRate(token, _rates[token]);
    }

    /// @inheritdoc IPriceOracle
    function faultOf(address token) external view returns (Fault fault) {
        (fault,) = _read(token);
    }

    /// @inheritdoc IPriceOracle
    function ratesOf(address token) external view returns (Rates memory) {
        return _rates[token];
    }

    /// @inheritdoc IPriceOracle
    function feedsOf(address token) external view returns (Feeds memory) {
        Source memory source = _sources[token];
        return Feeds(source.primary, source.second, source.maxAge, source.maxDeviationBps);
    }

    /// @inheritdoc IPriceOracle
    function lynRateStaleAt(address token) external view returns (uint40) {
        return token == LYN ? type(uint40).max : _staleAt(_rates[token].lynAt);
    }

    // --- Internals ---

    function _usdRate(address token, Rates memory rates) private view returns (uint256) {
        bool young = rates.usdAt != 0 && block.timestamp < uint256(rates.usdAt) + CACHE_TIME;
        return young ? rates.usdRate : _live(token);
    }

    function _live(address token) private view returns (uint256 rate) {
        Fault fault;
        (fault, rate) = _read(token);
        require(fault == Fault.None, PriceOracle_Unhealthy(token, fault)); // ORA-1
    }

    /// @dev What two healthy sources agree on: the primary's answer, with 18 decimals.
    function _read(address token) private view returns (Fault, uint256) {
        Source memory source = _sources[token];
        if (address(source.primary) == address(0)) return (Fault.NoFeed, 0);
        if (!SequencerUptime.isUp(FEED, GRACE)) return (Fault.SequencerDown, 0);
        (Fault fault, uint256 first) = _ask(source.primary, source.maxAge, source.primaryShift);
        if (fault != Fault.None) return (fault, 0);
        uint256 second;
        (fault, second) = _ask(source.second, source.maxAge, source.secondShift);
        if (fault != Fault.None) return (fault, 0);
        (uint256 low, uint256 high) = first < second ? (first, second) : (second, first);
        if ((high - low) * BPS > low * source.maxDeviationBps) return (Fault.Deviates, 0);
        return (Fault.None, first);
    }

    function _ask(AggregatorV3Interface feed, uint24 maxAge, uint8 shift)
        private
        view
        returns (Fault, uint256)
    {
        try feed.latestRoundData() returns (
            uint80, int256 answer, uint256, uint256 updatedAt, uint80
        ) {
            // More than a dollar rate can hold counts as nonsense too.
            if (answer <= 0 || answer > type(int128).max) return (Fault.NotPositive, 0);
            // The window of an answer is [updatedAt, updatedAt + maxAge).
            if (updatedAt > block.timestamp || block.timestamp - updatedAt >= maxAge) {
                return (Fault.Stale, 0);
            }
            // SAFETY: positive.
            return (Fault.None, uint256(answer) * 10 ** shift);
        } catch {
            return (Fault.Reverted, 0);
        }
    }

    /// @dev Class 13: amounts of a token make sense with its own decimals only, read once.
    function _learnDecimals(address token) private {
        if (_sources[token].maxAge != 0 || _rates[token].lynAt != 0) return;
        uint8 decimals = IERC20Metadata(token).decimals();
        require(decimals <= MAX_DECIMALS, PriceOracle_BadDecimals(token, decimals));
        _rates[token].decimals = decimals;
    }

    function _shiftOf(address token, AggregatorV3Interface feed) private view returns (uint8) {
        uint8 decimals = feed.decimals();
        require(decimals <= 18, PriceOracle_BadDecimals(token, decimals));
        return 18 - decimals;
    }

    function _setLynRate(address token, uint88 rate) private {
        _rates[token].lynRate = rate;
        _rates[token].lynAt = uint40(block.timestamp);
        emit LynRateSet(token, rate);
    }

    function _stepOf(uint256 rate) private view returns (uint256 minimum, uint256 maximum) {
        uint256 step = rate * STEP_BPS / BPS;
        return (rate - step, rate + step);
    }

    function _staleAt(uint40 lynAt) private view returns (uint40) {
        return lynAt == 0 ? 0 : lynAt + RATE_TIME;
    }

    function _isLapsed(uint40 lynAt) private view returns (bool) {
        return block.timestamp >= _staleAt(lynAt);
    }

    function _toWei(uint128 usd, uint256 unit, uint256 rate) private pure returns (uint128) {
        return Math.mulDiv(usd, unit, rate).toUint128();
    }
}

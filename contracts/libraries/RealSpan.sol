// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Float32} from "./Float32.sol";

/// @notice The reals from `low * 2^exponent` to `high * 2^exponent`.
/// @dev |low|, |high| < 2^250.
struct Span {
    int256 low;
    int256 high;
    int256 exponent;
}

/// @title RealSpan
/// @notice Sums of real intervals of unlike scale, rounded outward. Twin of `sdk/src/operators/realSpan.ts`.
library RealSpan {
    /// @notice The reals within `radius` of `middle`, all times 2^exponent.
    function around(int256 middle, uint256 radius, int256 exponent)
        internal
        pure
        returns (Span memory)
    {
        return Span(middle - int256(radius), middle + int256(radius), exponent);
    }

    /// @notice The span times `factor`.
    function scale(Span memory span, int256 factor, int256 exponent)
        internal
        pure
        returns (Span memory)
    {
        (int256 low, int256 high) = factor < 0 ? (span.high, span.low) : (span.low, span.high);
        return Span(low * factor, high * factor, span.exponent + exponent);
    }

    /// @notice A span that holds every sum of one real of each; exact unless the scales are more than 240 bits apart.
    function add(Span memory a, Span memory b) internal pure returns (Span memory) {
        int256 exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
        int256 top = _top(a) > _top(b) ? _top(a) : _top(b);
        if (exponent < top - 240) exponent = top - 240;
        (int256 aLow, int256 aHigh) = _align(a, exponent);
        (int256 bLow, int256 bHigh) = _align(b, exponent);
        return Span(aLow + bLow, aHigh + bHigh, exponent);
    }

    function _top(Span memory span) private pure returns (int256) {
        uint256 low = uint256(span.low < 0 ? -span.low : span.low);
        uint256 high = uint256(span.high < 0 ? -span.high : span.high);
        return span.exponent + int256(Float32.log2(low | high)) + 1;
    }

    function _align(Span memory span, int256 exponent)
        private
        pure
        returns (int256 low, int256 high)
    {
        if (span.exponent >= exponent) {
            // SAFETY: both ends stay below 2^240 by the choice of `exponent`, unless they are 0.
            uint256 up = uint256(span.exponent - exponent);
            return (span.low << up, span.high << up);
        }
        uint256 down = uint256(exponent - span.exponent);
        return (span.low >> down, -(-span.high >> down));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Interval} from "../types/Interval.sol";
import {TensorType} from "../types/TensorType.sol";
import {Real, Reals, Rounding} from "./Reals.sol";
import {Shape} from "./Shape.sol";
import {Values} from "./Values.sol";

/// @title Quantization
/// @notice What quantised operators share: where a scale or zero point lies, and which integers a real may be rounded to.
/// Twin: `sdk/src/operators/quantization.ts`.
library Quantization {
    using Reals for Real;

    /// @notice Committed index, in a scale or zero point, of the entry for the coordinates `at`: one for all, one an index
    /// of `axis`, or (blocked) one a block of it.
    function parameterAt(
        TensorType memory parameter,
        uint256[] memory at,
        uint256 axis,
        uint256 block_
    ) internal pure returns (uint32) {
        if (Shape.count(parameter.dims) == 1) return 0;
        // SAFETY: coordinates have 32 bits.
        if (block_ == 0) return uint32(at[axis]);
        uint256 own = at[axis];
        at[axis] = own / block_;
        uint32 index = Shape.committedAt(parameter, at);
        at[axis] = own;
        return index;
    }

    /// @notice C4: every q with `|r - (q - zero)| <= 1/2 + 2^-20 (1 + |r|)` after saturation, for a real r from `low` to
    /// `high` and a zero point from `zeroLow` to `zeroHigh`; both reals are below 2^127.
    function quantized(
        Real memory low,
        Real memory high,
        int256 zeroLow,
        int256 zeroHigh,
        uint8 dtype
    ) internal pure returns (Interval memory) {
        (int256 least, int256 greatest) = Values.limits(dtype);
        int256 first = low.sub(leeway(low), Rounding.Down).toFixed(0, Rounding.Up) + zeroLow;
        int256 last = high.add(leeway(high), Rounding.Up).toFixed(0, Rounding.Down) + zeroHigh;
        return Values.integers(clamped(first, least, greatest), clamped(last, least, greatest));
    }

    /// @dev 1/2 + 2^-20 (1 + |r|)
    function leeway(Real memory r) private pure returns (Real memory) {
        return Real((1 << 19) + 1, -20).add(r.abs().scale(-20), Rounding.Up);
    }

    function clamped(int256 q, int256 least, int256 greatest) private pure returns (int256) {
        if (q < least) return least;
        return q > greatest ? greatest : q;
    }
}

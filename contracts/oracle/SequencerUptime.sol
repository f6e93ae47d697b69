// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

/// @title SequencerUptime
/// @notice Reads a Chainlink L2 sequencer-uptime feed: no deadline runs out while nobody could have sent a transaction (A3).
/// @dev TRUST: the feed may delay what it gates for as long as it says "down"; it can never take anything.
/// LIVENESS: without a feed, or with one that reverts, the sequencer counts as up, so that a feed that is switched off does
/// not hold money for ever. CLOCKS: block time against the feed's `startedAt`.
library SequencerUptime {
    /// @notice Whether the sequencer is up, and has been for at least `grace` seconds.
    /// @param feed The feed, or zero on a chain without one.
    function isUp(AggregatorV3Interface feed, uint40 grace) internal view returns (bool) {
        if (address(feed) == address(0)) return true;
        try feed.latestRoundData() returns (
            uint80, int256 answer, uint256 startedAt, uint256, uint80
        ) {
            // answer: 0 up, 1 down. startedAt 0: the feed has no round yet.
            return answer == 0 && startedAt != 0 && block.timestamp >= startedAt + grace;
        } catch {
            return true;
        }
    }

    /// @notice Since when the sequencer has been up; the end of time while it is down.
    /// @param feed The feed, or zero on a chain without one: up since the beginning.
    function upSince(AggregatorV3Interface feed) internal view returns (uint40) {
        if (address(feed) == address(0)) return 0;
        try feed.latestRoundData() returns (
            uint80, int256 answer, uint256 startedAt, uint256, uint80
        ) {
            if (answer != 0 || startedAt == 0 || startedAt > type(uint40).max) {
                return type(uint40).max;
            }
            // SAFETY: just compared.
            return uint40(startedAt);
        } catch {
            return 0;
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IParameters} from "../interfaces/IParameters.sol";

// How many parameters there are.
uint256 constant PARAMETERS = 27;

/// @title ParameterBounds
/// @notice What governance can never leave (F4), how far a change goes at once, and what each profile starts from: docs/parameters.md says why.
/// @dev Times in seconds (`perChunk` in milliseconds), amounts in LYN wei, rates in hundredths of a percent or millionths.
library ParameterBounds {
    /// @param value What it starts from.
    /// @param step Largest change at once, unless a doubling or a halving is more.
    struct Initial {
        bytes32 name;
        uint96 minimum;
        uint96 value;
        uint96 maximum;
        uint96 step;
    }

    /// @notice All parameters of a profile.
    function allOf(IParameters.Profile profile) internal pure returns (Initial[PARAMETERS] memory) {
        if (profile == IParameters.Profile.Local) {
            return local();
        }
        return profile == IParameters.Profile.Testnet ? testnet() : main();
    }

    /// @notice Which way a change hurts stakers (F2).
    function hurtsOf(bytes32 name) internal pure returns (IParameters.Hurts) {
        // Longer: stake and pay are held longer. Higher: slashing costs more, or fees take more.
        if (
            name == "window" || name == "chunkWindow" || name == "proofWindow"
                || name == "openDemands" || name == "burnBps" || name == "feeBps"
                || name == "feeBpsLyn" || name == "minCollateral" || name == "absentSlash"
                || name == "faultSlash" || name == "auditReport"
        ) return IParameters.Hurts.Up;
        // Shorter: less time to answer. Lower: less is repaid, or paid to verifiers.
        if (
            name == "grace" || name == "perChunk" || name == "lynPerGas" || name == "bountyBps"
                || name == "reserveBps" || name == "minVerificationFee" || name == "auditPay"
                || name == "auditDetection"
        ) return IParameters.Hurts.Down;
        if (name == "auditMinDue") return IParameters.Hurts.Never;
        // What one staker gains by it another loses.
        return IParameters.Hurts.Both;
    }

    /// @notice Seconds instead of days, for a chain of one's own.
    function local() internal pure returns (Initial[PARAMETERS] memory) {
        return [
            Initial("window", 1, 6, 1 hours, 60), // W
            Initial("chunkWindow", 1, 6, 1 hours, 60), // W2
            Initial("proofWindow", 1, 6, 1 hours, 60), // P
            Initial("grace", 1, 10, 1 hours, 60), // g
            Initial("reveal", 1, 10, 1 hours, 60), // R
            Initial("perChunk", 0, 50, 60_000, 1_000),
            Initial("openDemands", 1, 3, 32, 4),
            Initial("burnBps", 1_000, 5_000, 10_000, 1_000),
            Initial("bountyBps", 100, 2_500, 3_500, 500),
            Initial("reserveBps", 0, 500, 500, 100),
            Initial("bond", 0.1e18, 5e18, 10_000e18, 5e18),
            Initial("commitBond", 0.1e18, 5e18, 10_000e18, 5e18),
            Initial("lynPerGas", 0, 1e12, 1e15, 1e12),
            Initial("feeBps", 0, 250, 1_000, 100),
            Initial("feeBpsLyn", 0, 150, 1_000, 100),
            Initial("minCollateral", 1e18, 500e18, 1_000_000e18, 500e18),
            Initial("minVerificationFee", 0, 0.5e18, 1_000e18, 1e18),
            Initial("auditRate", 10_000, 100_000, 1_000_000, 50_000), // q
            Initial("auditDetection", 100_000, 950_000, 1_000_000, 100_000),
            Initial("auditSeats", 100, 300, 1_000, 100), // hundredths
            Initial("auditCommit", 1, 5, 1 hours, 60), // C
            Initial("auditReveal", 1, 4, 1 hours, 60), // R
            Initial("auditReport", 1, 10 minutes, 1 days, 10 minutes),
            Initial("auditPay", 1_000, 8_000, 9_000, 1_000),
            Initial("auditMinDue", 1, 1_000, 60_000, 100),
            Initial("absentSlash", 0, 10e18, 1_000e18, 10e18),
            Initial("faultSlash", 1e18, 1_000e18, 100_000e18, 1_000e18)
        ];
    }

    /// @notice Minutes instead of days.
    function testnet() internal pure returns (Initial[PARAMETERS] memory) {
        return [
            Initial("window", 5 minutes, 15 minutes, 1 days, 15 minutes), // W
            Initial("chunkWindow", 5 minutes, 15 minutes, 1 days, 15 minutes), // W2
            Initial("proofWindow", 5 minutes, 15 minutes, 1 days, 15 minutes), // P
            Initial("grace", 5 minutes, 10 minutes, 1 days, 15 minutes), // g
            Initial("reveal", 2 minutes, 10 minutes, 1 days, 15 minutes), // R
            Initial("perChunk", 10, 500, 60_000, 1_000),
            Initial("openDemands", 1, 3, 32, 4),
            Initial("burnBps", 1_000, 5_000, 10_000, 1_000),
            Initial("bountyBps", 100, 2_500, 3_500, 500),
            Initial("reserveBps", 0, 500, 500, 100),
            Initial("bond", 1e18, 20e18, 10_000e18, 10e18),
            Initial("commitBond", 1e18, 20e18, 10_000e18, 10e18),
            Initial("lynPerGas", 0, 1e12, 1e15, 1e12),
            Initial("feeBps", 0, 250, 500, 100),
            Initial("feeBpsLyn", 0, 150, 500, 100),
            Initial("minCollateral", 10e18, 500e18, 1_000_000e18, 500e18),
            Initial("minVerificationFee", 0.01e18, 0.5e18, 1_000e18, 1e18),
            Initial("auditRate", 20_000, 50_000, 200_000, 20_000), // q
            Initial("auditDetection", 100_000, 950_000, 990_000, 100_000),
            Initial("auditSeats", 100, 300, 1_000, 100), // hundredths
            Initial("auditCommit", 1 minutes, 5 minutes, 1 days, 15 minutes), // C
            Initial("auditReveal", 1 minutes, 5 minutes, 1 days, 15 minutes), // R
            Initial("auditReport", 1 hours, 1 days, 7 days, 1 days),
            Initial("auditPay", 1_000, 8_000, 8_000, 1_000),
            Initial("auditMinDue", 10, 20, 10_000, 100),
            Initial("absentSlash", 1e18, 10e18, 1_000e18, 10e18),
            Initial("faultSlash", 100e18, 1_000e18, 100_000e18, 1_000e18)
        ];
    }

    /// @notice Money at stake: answer times stay above twice a day of forced inclusion (A3).
    function main() internal pure returns (Initial[PARAMETERS] memory) {
        return [
            Initial("window", 6 hours, 1 days, 14 days, 1 days), // W
            Initial("chunkWindow", 6 hours, 1 days, 14 days, 1 days), // W2
            Initial("proofWindow", 6 hours, 1 days, 14 days, 1 days), // P
            Initial("grace", 2 days, 2 days, 14 days, 1 days), // g
            Initial("reveal", 1 hours, 6 hours, 7 days, 6 hours), // R
            Initial("perChunk", 100, 1_000, 60_000, 1_000),
            Initial("openDemands", 1, 3, 16, 2),
            Initial("burnBps", 2_500, 5_000, 10_000, 1_000),
            Initial("bountyBps", 500, 2_500, 3_500, 500),
            Initial("reserveBps", 100, 500, 500, 100),
            Initial("bond", 5e18, 50e18, 10_000e18, 25e18),
            Initial("commitBond", 5e18, 50e18, 10_000e18, 25e18),
            Initial("lynPerGas", 0, 1e12, 1e15, 1e12),
            Initial("feeBps", 0, 250, 500, 50),
            Initial("feeBpsLyn", 0, 150, 500, 50),
            Initial("minCollateral", 100e18, 1_000e18, 1_000_000e18, 500e18),
            Initial("minVerificationFee", 0.1e18, 0.5e18, 1_000e18, 0.5e18),
            Initial("auditRate", 20_000, 50_000, 200_000, 20_000), // q
            Initial("auditDetection", 100_000, 950_000, 990_000, 50_000),
            Initial("auditSeats", 100, 300, 1_000, 100), // hundredths
            Initial("auditCommit", 1 hours, 2 hours, 7 days, 1 hours), // C
            Initial("auditReveal", 1 hours, 2 hours, 7 days, 1 hours), // R
            Initial("auditReport", 1 days, 3 days, 14 days, 1 days),
            Initial("auditPay", 1_000, 8_000, 8_000, 1_000),
            Initial("auditMinDue", 10, 100, 10_000, 100),
            Initial("absentSlash", 1e18, 10e18, 1_000e18, 10e18),
            Initial("faultSlash", 1_000e18, 5_000e18, 100_000e18, 2_500e18)
        ];
    }
}

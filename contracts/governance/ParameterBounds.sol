// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IParameters} from "../interfaces/IParameters.sol";

// How many parameters there are.
uint256 constant PARAMETERS = 17;

/// @title ParameterBounds
/// @notice What governance can never leave (F4), and what each profile starts from.
/// @dev Times in seconds (`perChunk` in milliseconds), amounts in LYN wei.
library ParameterBounds {
    struct Parameter {
        bytes32 name;
        uint96 minimum;
        uint96 initial;
        uint96 maximum;
    }

    /// @notice All parameters of a profile.
    function allOf(IParameters.Profile profile)
        internal
        pure
        returns (Parameter[PARAMETERS] memory)
    {
        if (profile == IParameters.Profile.Local) {
            return local();
        }
        return profile == IParameters.Profile.Testnet ? testnet() : main();
    }

    /// @notice Seconds instead of days, for a chain of one's own.
    function local() internal pure returns (Parameter[PARAMETERS] memory) {
        return [
            Parameter("window", 1, 6, 1 hours), // W
            Parameter("chunkWindow", 1, 6, 1 hours), // W2
            Parameter("proofWindow", 1, 6, 1 hours), // P
            Parameter("grace", 1, 10, 1 hours), // g
            Parameter("reveal", 1, 10, 1 hours), // R
            Parameter("perChunk", 0, 50, 60_000),
            Parameter("openDemands", 1, 3, 32),
            Parameter("burnBps", 1_000, 5_000, 10_000),
            Parameter("bountyBps", 100, 2_500, 3_500),
            Parameter("reserveBps", 0, 500, 500),
            Parameter("bond", 0.1e18, 5e18, 10_000e18),
            Parameter("commitBond", 0.1e18, 5e18, 10_000e18),
            Parameter("lynPerGas", 0, 1e12, 1e15),
            Parameter("feeBps", 0, 250, 1_000),
            Parameter("feeBpsLyn", 0, 150, 1_000),
            Parameter("minCollateral", 1e18, 500e18, 1_000_000e18),
            Parameter("minVerificationFee", 0, 0.5e18, 1_000e18)
        ];
    }

    /// @notice Minutes instead of days.
    function testnet() internal pure returns (Parameter[PARAMETERS] memory) {
        return [
            Parameter("window", 5 minutes, 15 minutes, 1 days),
            Parameter("chunkWindow", 5 minutes, 15 minutes, 1 days),
            Parameter("proofWindow", 5 minutes, 15 minutes, 1 days),
            Parameter("grace", 5 minutes, 10 minutes, 1 days),
            Parameter("reveal", 2 minutes, 10 minutes, 1 days),
            Parameter("perChunk", 10, 500, 60_000),
            Parameter("openDemands", 1, 3, 32),
            Parameter("burnBps", 1_000, 5_000, 10_000),
            Parameter("bountyBps", 100, 2_500, 3_500),
            Parameter("reserveBps", 0, 500, 500),
            Parameter("bond", 1e18, 20e18, 10_000e18),
            Parameter("commitBond", 1e18, 20e18, 10_000e18),
            Parameter("lynPerGas", 0, 1e12, 1e15),
            Parameter("feeBps", 0, 250, 500),
            Parameter("feeBpsLyn", 0, 150, 500),
            Parameter("minCollateral", 10e18, 500e18, 1_000_000e18),
            Parameter("minVerificationFee", 0.01e18, 0.5e18, 1_000e18)
        ];
    }

    /// @notice Money at stake: answer times stay above twice a day of forced inclusion (A3).
    function main() internal pure returns (Parameter[PARAMETERS] memory) {
        return [
            Parameter("window", 6 hours, 1 days, 14 days),
            Parameter("chunkWindow", 6 hours, 1 days, 14 days),
            Parameter("proofWindow", 6 hours, 1 days, 14 days),
            Parameter("grace", 2 days, 2 days, 14 days),
            Parameter("reveal", 1 hours, 6 hours, 7 days),
            Parameter("perChunk", 100, 1_000, 60_000),
            Parameter("openDemands", 1, 3, 16),
            Parameter("burnBps", 2_500, 5_000, 10_000),
            Parameter("bountyBps", 500, 2_500, 3_500),
            Parameter("reserveBps", 100, 500, 500),
            Parameter("bond", 5e18, 50e18, 10_000e18),
            Parameter("commitBond", 5e18, 50e18, 10_000e18),
            Parameter("lynPerGas", 0, 1e12, 1e15),
            Parameter("feeBps", 0, 250, 500),
            Parameter("feeBpsLyn", 0, 150, 500),
            Parameter("minCollateral", 100e18, 1_000e18, 1_000_000e18),
            Parameter("minVerificationFee", 0.1e18, 0.5e18, 1_000e18)
        ];
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title AuditDraw
/// @notice What follows from an epoch's seed: which executions are sampled, who looks at them, and at which step (E1, E2).
library AuditDraw {
    uint256 private constant PPM = 1e6;

    /// @notice Seats are expected in hundredths.
    uint256 internal constant SEAT = 100;

    /// @notice Whether an execution is sampled: as JobMarket says.
    function isSampled(uint160 seed, uint32 ratePpm, bytes32 execId) internal pure returns (bool) {
        return uint256(keccak256(abi.encode(seed, execId))) % PPM < ratePpm;
    }

    /// @notice Expected seats of a round, in hundredths: twice as many when nobody came in round 0.
    function expectedOf(uint16 seats, uint8 round) internal pure returns (uint256) {
        return uint256(seats) << round;
    }

    /// @notice Seats of a verifier: `expected x stake / total`, the fraction rounded up with its own probability. So the expectation is linear in the stake, and splitting it gains nothing.
    /// @param expected In hundredths.
    function seatsOf(
        uint160 seed,
        bytes32 execId,
        uint32 verifierId,
        uint8 round,
        uint256 expected,
        uint96 stake,
        uint96 total
    ) internal pure returns (uint16) {
        if (stake == 0) return 0;
        uint256 word = uint256(keccak256(abi.encode(seed, execId, verifierId, round)));
        // SAFETY: expected seats are below 2^17, stakes below 2^96; a division by 0 reverts all the same.
        unchecked {
            uint256 share = expected * stake;
            uint256 whole = SEAT * total;
            uint256 seats = share / whole;
            if (word % whole < share % whole) ++seats;
            return uint16(seats); // SAFETY: at most 2 x 655 + 1, as stake <= total
        }
    }

    /// @notice The step that auditors attest.
    function stepOf(uint160 seed, bytes32 execId, uint32 steps) internal pure returns (uint32) {
        return uint32(uint256(keccak256(abi.encode(seed, execId, "step"))) % steps); // SAFETY: below `steps`
    }
}

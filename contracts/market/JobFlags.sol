// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title JobFlags
/// @notice Bits of a job's `flags`.
library JobFlags {
    /// @notice A dispute has touched this execution: its finality is asked of Disputes.
    uint16 internal constant DISPUTED = 1;

    /// @notice The model asks for a royalty.
    uint16 internal constant ROYALTY = 2;

    /// @notice The provider may give the lock back for a while (D6).
    uint16 internal constant DECLINABLE = 4;

    /// @notice Class zk: delivered by a proof, and by nothing else.
    uint16 internal constant PROVED = 8;

    /// @notice Where the protocol fee begins: 12 bits, in bps.
    uint256 internal constant FEE_SHIFT = 4;
}

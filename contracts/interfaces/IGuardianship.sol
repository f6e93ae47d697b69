// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IGuardianship
/// @notice Who the guardian is, and for how long: voted for, one term at a time (F3).
interface IGuardianship {
    /// @notice The guardian of the running term; zero when none runs.
    function guardian() external view returns (address);
    /// @notice How many terms have been voted so far: what a guardian may do once, it may do once a term.
    function guardianTerm() external view returns (uint32);
}

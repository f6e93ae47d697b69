// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IGuardianship} from "./IGuardianship.sol";

/// @title ILynodeGovernor
/// @notice What the governor adds to OpenZeppelin's: a guardian that cancels, for a term.
interface ILynodeGovernor is IGuardianship {
    error LynodeGovernor_TermTooLong(uint48 until, uint48 maximum);
    /// @notice A proposal about the guardian is about nothing else.
    error LynodeGovernor_MixedProposal();

    event GuardianSet(address indexed guardian, uint48 until, uint32 term);

    /// @notice Only a passed proposal. Starts a new term, of at most `MAX_TERM`; zero for no guardian.
    function setGuardian(address guardian, uint48 until) external;
    /// @notice End of the term.
    function guardianUntil() external view returns (uint48);
}

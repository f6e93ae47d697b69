// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {VestingGrant} from "../token/VestingGrant.sol";

/// @title IGrantFactory
/// @notice Makes vesting grants at addresses that are known before: a proposal makes one and pays into it.
/// @dev Properties: GRF-1 a grant is at the address that its terms say.
interface IGrantFactory {
    event GrantCreated(
        address indexed grant,
        address indexed beneficiary,
        uint64 start,
        uint64 duration,
        uint64 cliff
    );

    /// @notice Makes a grant, unless there is one on the same terms. Anyone may call; whoever pays into it gives.
    /// @param duration Seconds from `start` on. @param cliff Nothing before so many seconds after `start`.
    function create(address beneficiary, uint64 start, uint64 duration, uint64 cliff)
        external
        returns (VestingGrant grant);
    function grantOf(address beneficiary, uint64 start, uint64 duration, uint64 cliff)
        external
        view
        returns (address);
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {VestingWallet} from "@openzeppelin/contracts/finance/VestingWallet.sol";
import {VestingWalletCliff} from "@openzeppelin/contracts/finance/VestingWalletCliff.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

/// @title VestingGrant
/// @notice Tokens that become the beneficiary's over time: allocations at deployment, and the treasury's streaming grants.
/// @dev TRUST: nobody but the beneficiary, who owns it and may pass it on. TOKENS: any that OpenZeppelin's VestingWallet takes. LIVENESS: `release` is open to all and cannot be stopped; nobody takes a
/// grant back. ROUNDING: vested amounts down, all at the end. CLOCKS: block time.
/// PROPERTIES: VST-1 never more than vested leaves; VST-2 unvested LYN votes as its beneficiary says (F3).
contract VestingGrant is VestingWalletCliff {
    constructor(address beneficiary, uint64 start, uint64 duration, uint64 cliff)
        VestingWallet(beneficiary, start, duration)
        VestingWalletCliff(cliff)
    {}

    /// @notice Only the beneficiary. Gives the votes of all that is still here to `delegatee`.
    function delegate(IVotes token, address delegatee) external onlyOwner {
        token.delegate(delegatee); // VST-2; OpenZeppelin's schedule is VST-1
    }
}

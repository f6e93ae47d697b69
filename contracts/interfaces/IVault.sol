// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IVault
/// @notice Holds, as an account of the Ledger, the funds of a module: stakers, audits, treasury.
/// @dev Properties: VLT-1 nobody but the owner can pay out.
interface IVault {
    event Paid(address indexed token, address indexed to, uint256 amount);

    /// @notice Only the owner. Pays out of the vault's free balance in the Ledger to any address.
    function pay(address token, address to, uint256 amount) external;
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {ILedger} from "../interfaces/ILedger.sol";
import {IVault} from "../interfaces/IVault.sol";

/// @title Vault
/// @notice An account of the Ledger that holds the funds of a module.
/// @dev TRUST: the owner, with all of it. TOKENS: those of the Ledger. LIVENESS: as the Ledger's withdrawals.
/// ROUNDING: none. CLOCKS: none. PROPERTIES: VLT-1.
contract Vault is IVault, Ownable {
    /// @notice Where the funds are.
    ILedger public immutable LEDGER;

    constructor(address owner, ILedger ledger) Ownable(owner) {
        LEDGER = ledger;
    }

    /// @inheritdoc IVault
    function pay(address token, address to, uint256 amount) external onlyOwner {
        emit Paid(token, to, amount); // VLT-1
        LEDGER.withdraw(token, amount, to);
    }
}

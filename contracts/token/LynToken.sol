// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// @title LynToken
/// @notice LYN: what providers stake, and what the protocol's fees burn.
/// @dev TRUST: nobody; there is no owner and no mint after deployment (TOK-1: the supply never grows).
/// TOKENS: itself. LIVENESS: transfers cannot be paused. ROUNDING: none. CLOCKS: votes are counted by timestamp.
contract LynToken is ERC20, ERC20Burnable, ERC20Permit, ERC20Votes {
    /// @notice The whole supply, minted once.
    uint256 public constant SUPPLY = 1_000_000_000e18;

    /// @param recipient Receives the whole supply.
    constructor(address recipient) ERC20("Lynode", "LYN") ERC20Permit("Lynode") {
        _mint(recipient, SUPPLY); // TOK-1
    }

    /// @notice Votes are counted by timestamp.
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice The machine-readable name of that clock (ERC-6372).
    // forge-lint: disable-next-line(mixed-case-function)
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc ERC20Permit
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}

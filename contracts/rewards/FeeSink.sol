// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IFeeSink} from "../interfaces/IFeeSink.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IStakerFees} from "../interfaces/IStakerFees.sol";

/// @title FeeSink
/// @notice An account of the Ledger that splits what arrives in it.
/// @dev TRUST: nobody; the shares and their receivers are fixed. TOKENS: those of the Ledger. LIVENESS: as the Ledger's withdrawals.
/// ROUNDING: shares down, the remainder to the treasury. CLOCKS: none.
/// PROPERTIES: FEE-1.
contract FeeSink is IFeeSink {
    using SafeERC20 for IERC20;

    /// @notice D4: burnt, or sold for LYN to burn.
    uint256 public constant BURN_BPS = 4_000;

    /// @notice D4: stakers', in LYN only.
    uint256 public constant STAKERS_BPS = 3_000;

    uint256 private constant AUDITS_BPS = 2_000;

    /// @notice LYN.
    address public immutable LYN;

    /// @notice Where fees arrive.
    ILedger public immutable LEDGER;

    /// @notice Receives the stakers' share.
    IStakerFees public immutable STAKERS;

    /// @notice Sells other tokens for LYN.
    address public immutable AUCTION;

    /// @notice Receives the auditors' share.
    address public immutable AUDITS;

    /// @notice Receives the rest.
    address public immutable TREASURY;

    constructor(
        address lyn,
        ILedger ledger,
        IStakerFees stakers,
        address auction,
        address audits,
        address treasury
    ) {
        LYN = lyn;
        LEDGER = ledger;
        STAKERS = stakers;
        AUCTION = auction;
        AUDITS = audits;
        TREASURY = treasury;
        IERC20(lyn).forceApprove(address(ledger), type(uint256).max);
        IERC20(lyn).forceApprove(address(stakers), type(uint256).max);
    }

    /// @inheritdoc IFeeSink
    function distribute(address token) external {
        (uint128 amount,) = LEDGER.accountOf(token, address(this));
        require(amount != 0, FeeSink_NothingToDistribute(token));

        uint256 burnt = amount * BURN_BPS / 10_000;
        uint256 stakers = amount * STAKERS_BPS / 10_000;
        uint256 audits = amount * AUDITS_BPS / 10_000;
        uint256 treasury = amount - burnt - stakers - audits; // FEE-1
        emit Distributed(token, burnt, stakers, audits, treasury);

        LEDGER.withdraw(token, amount, address(this));
        if (token == LYN) {
            if (burnt != 0) ERC20Burnable(token).burn(burnt);
            if (stakers != 0) STAKERS.fund(stakers);
        } else {
            IERC20(token).forceApprove(address(LEDGER), audits + treasury);
            if (burnt + stakers != 0) IERC20(token).safeTransfer(AUCTION, burnt + stakers);
        }
        _deposit(token, AUDITS, audits);
        _deposit(token, TREASURY, treasury);
    }

    function _deposit(address token, address account, uint256 amount) private {
        if (amount != 0) LEDGER.deposit(token, account, amount);
    }
}

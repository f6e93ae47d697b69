// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IBurnAuction} from "../interfaces/IBurnAuction.sol";
import {IStakerFees} from "../interfaces/IStakerFees.sol";

/// @title BurnAuction
/// @notice Sells fees in other tokens for LYN.
/// @dev TRUST: the owner, for what a token's first lot is taken to be worth; it cannot take anything out. TOKENS: what the fee sink sends; a token that cannot be moved stops its own lots only.
/// LIVENESS: a lot that nobody wants starts again lower. ROUNDING: costs up, the burnt part up. CLOCKS: block time.
/// PROPERTIES: AUC-1, AUC-2.
contract BurnAuction is IBurnAuction, Ownable {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @notice After how many halvings the price stops.
    uint256 public constant HALVINGS = 4;

    // D4: 40 of 70 parts are burnt.
    uint256 private constant BURN_PARTS = 4;
    uint256 private constant PARTS = 7;
    uint256 private constant UNIT = 1e18;

    /// @notice LYN.
    IERC20 public immutable LYN;

    /// @notice Receives the stakers' part.
    IStakerFees public immutable STAKERS;

    /// @notice Seconds in which the price halves.
    uint40 public immutable HALVING;

    /// @inheritdoc IBurnAuction
    mapping(address token => uint128) public referenceOf;

    mapping(address token => Lot) private _lots;

    constructor(address owner, IERC20 lyn, IStakerFees stakers, uint40 halving) Ownable(owner) {
        LYN = lyn;
        STAKERS = stakers;
        HALVING = halving;
        lyn.forceApprove(address(stakers), type(uint256).max);
    }

    /// @inheritdoc IBurnAuction
    function start(address token) external {
        require(token != address(LYN), BurnAuction_NotForSale(token));
        Lot storage lot = _lots[token];
        uint40 startedAt = lot.startedAt;
        uint128 before = referenceOf[token];
        if (startedAt != 0) {
            uint40 until = startedAt + uint40(HALVINGS + 1) * HALVING;
            require(block.timestamp >= until, BurnAuction_LotRunning(token, until));
            before = uint128(_priceAt(lot.startPrice, startedAt)); // SAFETY: below its start
            referenceOf[token] = before;
        }
        require(before != 0, BurnAuction_NoReference(token));
        uint128 amount = IERC20(token).balanceOf(address(this)).toUint128();
        require(amount != 0, BurnAuction_NothingToSell(token));
        uint128 price = (uint256(before) * 2).toUint128();
        _lots[token] = Lot(amount, price, uint40(block.timestamp));
        emit LotStarted(token, amount, price);
    }

    /// @inheritdoc IBurnAuction
    function buy(address token, uint256 maxPaid, address to) external returns (uint256 paid) {
        Lot memory lot = _lots[token];
        require(lot.startedAt != 0, BurnAuction_NoLot(token));
        uint256 price = _priceAt(lot.startPrice, lot.startedAt);
        paid = Math.mulDiv(lot.amount, price, UNIT, Math.Rounding.Ceil);
        require(paid <= maxPaid, BurnAuction_TooDear(paid, maxPaid));
        delete _lots[token]; // AUC-1
        if (price != 0) referenceOf[token] = uint128(price); // SAFETY: below its start
        uint256 burnt = Math.mulDiv(paid, BURN_PARTS, PARTS, Math.Rounding.Ceil);
        emit LotSold(token, msg.sender, lot.amount, paid, burnt);
        LYN.safeTransferFrom(msg.sender, address(this), paid);
        // AUC-2
        ERC20Burnable(address(LYN)).burn(burnt);
        if (paid != burnt) STAKERS.fund(paid - burnt);
        IERC20(token).safeTransfer(to, lot.amount);
    }

    /// @inheritdoc IBurnAuction
    function setReference(address token, uint128 price) external onlyOwner {
        uint40 startedAt = _lots[token].startedAt;
        require(startedAt == 0, BurnAuction_LotRunning(token, startedAt));
        referenceOf[token] = price;
        emit ReferenceSet(token, price);
    }

    /// @inheritdoc IBurnAuction
    function lotOf(address token) external view returns (Lot memory) {
        return _lots[token];
    }

    /// @inheritdoc IBurnAuction
    function costOf(address token) external view returns (uint256) {
        Lot memory lot = _lots[token];
        require(lot.startedAt != 0, BurnAuction_NoLot(token));
        return
            Math.mulDiv(
                lot.amount, _priceAt(lot.startPrice, lot.startedAt), UNIT, Math.Rounding.Ceil
            );
    }

    /// @dev Halves with every HALVING, linear in between, and stays where the fourth ends.
    function _priceAt(uint256 startPrice, uint40 startedAt) private view returns (uint256) {
        uint256 elapsed = block.timestamp - startedAt;
        uint256 halvings = elapsed / HALVING;
        if (halvings >= HALVINGS) return startPrice >> HALVINGS;
        uint256 price = startPrice >> halvings;
        return price - price * (elapsed % HALVING) / (2 * HALVING);
    }
}

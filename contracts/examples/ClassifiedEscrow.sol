// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {ILynodeConsumer} from "../interfaces/ILynodeConsumer.sol";
import {OrderTerms} from "../market/OrderTerms.sol";
import {Order} from "../types/Order.sol";

/// @title ClassifiedEscrow
/// @notice An example of a contract that buys an inference: it holds a buyer's money until a classifier has looked at what the seller delivered, and pays the seller only if the classifier says what
/// the two agreed on. It acts in `onResult` alone, so only on a result that nobody can dispute any more.
/// @dev Model and class are the contract's; the deal's order is the buyer's otherwise. What an order does not use of its `maxTotal` stays in this contract's committed balance for later orders.
contract ClassifiedEscrow is ILynodeConsumer {
    using OrderTerms for Order;
    using SafeERC20 for IERC20;

    /// @notice A sale that waits for the classifier.
    struct Deal {
        address buyer;
        address seller;
        uint128 amount;
        uint32 expected; // class that pays the seller
    }

    error ClassifiedEscrow_BadOrder();
    error ClassifiedEscrow_NotCallbacks(address caller);
    error ClassifiedEscrow_Unknown(bytes32 jobId);
    error ClassifiedEscrow_StillRunning(bytes32 jobId);

    event Opened(bytes32 indexed jobId, address indexed buyer, address indexed seller);
    event Closed(bytes32 indexed jobId, address indexed paidTo, uint128 amount, uint32 class);

    /// @notice The class of a deal that no classifier decided.
    uint32 public constant UNDECIDED = type(uint32).max;

    /// @notice Takes the orders.
    IJobMarket public immutable MARKET;
    /// @notice Holds their escrow.
    ILedger public immutable LEDGER;
    /// @notice Brings the results.
    address public immutable CALLBACKS;
    /// @notice What deals and orders are paid in.
    IERC20 public immutable TOKEN;
    /// @notice The classifier: one float32 score a class is its only output.
    bytes32 public immutable MODEL;

    /// @notice Deals that wait.
    mapping(bytes32 jobId => Deal) public deals;

    constructor(
        IJobMarket market,
        ILedger ledger,
        address callbacks,
        IERC20 token,
        bytes32 modelId
    ) {
        MARKET = market;
        LEDGER = ledger;
        CALLBACKS = callbacks;
        TOKEN = token;
        MODEL = modelId;
        token.forceApprove(address(ledger), type(uint256).max);
    }

    /// @notice The caller buys, and orders the classification: this contract is the order's requester and consumer.
    /// @param order Its input is what the seller delivered, by root.
    function open(address seller, uint128 amount, uint32 expected, Order calldata order)
        external
        returns (bytes32 jobId)
    {
        require(
            order.requester == address(this) && order.callback == address(this)
                && order.modelId == MODEL && order.payToken == address(TOKEN) && order.steps == 1,
            ClassifiedEscrow_BadOrder()
        );
        jobId = MARKET.jobIdOf(order);
        deals[jobId] = Deal(msg.sender, seller, amount, expected);
        emit Opened(jobId, msg.sender, seller);
        TOKEN.safeTransferFrom(msg.sender, address(this), amount + order.maxTotal);
        LEDGER.depositCommitted(address(TOKEN), order.maxTotal);
        MARKET.post(order);
    }

    /// @inheritdoc ILynodeConsumer
    function onResult(bytes32 jobId, bytes calldata output) external {
        require(msg.sender == CALLBACKS, ClassifiedEscrow_NotCallbacks(msg.sender));
        Deal memory deal = _take(jobId);
        uint32 class = _argmax(output);
        _pay(jobId, deal, class == deal.expected ? deal.seller : deal.buyer, class);
    }

    /// @notice No result came: the provider was convicted, or nobody took the job. The buyer gets everything back.
    function abandon(Order calldata order) external {
        bytes32 jobId = MARKET.jobIdOf(order);
        IJobMarket.Status status = MARKET.jobOf(jobId).status;
        bool over = status == IJobMarket.Status.Convicted || status == IJobMarket.Status.Refunded;
        require(over, ClassifiedEscrow_StillRunning(jobId));
        Deal memory deal = _take(jobId);
        uint256 refund = order.totalOf(MARKET.jobOf(jobId).price);
        LEDGER.withdraw(address(TOKEN), refund, deal.buyer);
        _pay(jobId, deal, deal.buyer, UNDECIDED);
    }

    function _take(bytes32 jobId) private returns (Deal memory deal) {
        deal = deals[jobId];
        require(deal.buyer != address(0), ClassifiedEscrow_Unknown(jobId));
        delete deals[jobId];
    }

    function _pay(bytes32 jobId, Deal memory deal, address to, uint32 class) private {
        emit Closed(jobId, to, deal.amount, class);
        TOKEN.safeTransfer(to, deal.amount);
    }

    /// @dev Index of the largest little-endian float32; the first of equals. NaN counts as the smallest.
    function _argmax(bytes calldata scores) private pure returns (uint32 best) {
        uint256 highest;
        for (uint256 i = 0; i + 4 <= scores.length; i += 4) {
            uint256 key = _key(bytes4(scores[i:i + 4]));
            if (key > highest) {
                highest = key;
                best = uint32(i / 4); // SAFETY: outputs are 8 kB at most
            }
        }
    }

    /// @dev An integer that orders as the float does; 0 for NaN.
    function _key(bytes4 bytes_) private pure returns (uint256) {
        uint32 bits = uint32(bytes_);
        bits = (bits >> 24) | ((bits >> 8) & 0xff00) | ((bits & 0xff00) << 8) | (bits << 24);
        if (bits & 0x7fffffff > 0x7f800000) return 0;
        return bits >> 31 == 0 ? uint256(bits) + 0x80000001 : 0x80000000 - (bits & 0x7fffffff);
    }
}

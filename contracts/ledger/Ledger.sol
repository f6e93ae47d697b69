// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ILedger} from "../interfaces/ILedger.sol";

/// @title Ledger
/// @notice Holds the pay tokens of the market.
/// @dev TRUST: the cores (market, disputes) for their escrow, which is whatever the tokens held exceed the accounts by;
/// the owner can add tokens and cores and nothing else.
/// TOKENS: exact transfers only, measured at every deposit; a token that shrinks balances by itself harms its own accounts alone.
/// LIVENESS: nothing pauses withdrawals (LED-3). ROUNDING: none. CLOCKS: block time, for the notice period only.
/// PROPERTIES: LED-1, LED-2, LED-3.
contract Ledger is ILedger, Ownable {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    struct Account {
        uint128 free;
        uint128 committed;
    }

    struct Notice {
        uint128 amount;
        uint40 readyAt;
    }

    /// @notice How long a ripe notice stays good.
    uint40 public constant LEAVE_WINDOW = 1 days;

    /// @notice The token that cores may burn.
    address public immutable LYN;

    /// @notice Seconds between a notice and leaving the committed balance (D8).
    uint40 public immutable NOTICE_PERIOD;

    /// @notice The core of every job, known without reading storage.
    address public immutable MARKET;

    mapping(address token => mapping(address account => Account)) private _accounts;
    mapping(address token => mapping(address account => Notice)) private _notices;

    mapping(address core => bool) private _cores;

    /// @inheritdoc ILedger
    mapping(address token => bool) public isAllowed;

    modifier onlyCore() {
        require(msg.sender == MARKET || _cores[msg.sender], Ledger_NotCore(msg.sender)); // LED-2
        _;
    }

    constructor(address owner, address lyn, uint40 noticePeriod, address market) Ownable(owner) {
        require(lyn != address(0) && market != address(0), Ledger_ZeroAddress());
        LYN = lyn;
        NOTICE_PERIOD = noticePeriod;
        MARKET = market;
    }

    // --- Owners of accounts ---

    /// @inheritdoc ILedger
    function deposit(address token, address to, uint256 amount) external {
        require(to != address(0), Ledger_ZeroAddress());
        uint128 received = _take(token, msg.sender, to, amount);
        _accounts[token][to].free += received;
    }

    /// @inheritdoc ILedger
    function depositCommitted(address token, uint256 amount) external {
        _depositCommitted(token, msg.sender, amount);
    }

    /// @inheritdoc ILedger
    function depositCommittedWithPermit(
        address token,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        _tryPermit(token, msg.sender, Permit(amount, deadline, v, r, s));
        _depositCommitted(token, msg.sender, amount);
    }

    /// @inheritdoc ILedger
    function withdraw(address token, uint256 amount, address to) external {
        require(amount != 0, Ledger_ZeroAmount());
        require(to != address(0), Ledger_ZeroAddress());
        _lowerFree(token, msg.sender, amount); // LED-2
        emit Withdrawn(token, msg.sender, to, amount);
        IERC20(token).safeTransfer(to, amount);
    }

    /// @inheritdoc ILedger
    function pay(address token, address to, uint256 upTo) external returns (uint256 paid) {
        require(to != address(0), Ledger_ZeroAddress());
        Account storage entry = _accounts[token][msg.sender]; // LED-2: the caller's own
        uint128 free = entry.free;
        paid = upTo < free ? upTo : free;
        if (paid == 0) return 0;
        // SAFETY: paid <= free.
        entry.free = free - uint128(paid);
        _accounts[token][to].free += uint128(paid);
        emit Paid(token, msg.sender, to, paid);
    }

    /// @inheritdoc ILedger
    function commit(address token, uint256 amount) external {
        require(amount != 0, Ledger_ZeroAmount());
        _lowerFree(token, msg.sender, amount);
        _accounts[token][msg.sender].committed += uint128(amount); // SAFETY: at most `free`
        emit Committed(token, msg.sender, amount);
    }

    /// @inheritdoc ILedger
    function requestLeave(address token, uint256 amount) external {
        require(amount != 0, Ledger_ZeroAmount());
        uint128 committed = _accounts[token][msg.sender].committed;
        require(
            amount <= committed, Ledger_InsufficientCommitted(token, msg.sender, amount, committed)
        );
        uint40 readyAt = uint40(block.timestamp) + NOTICE_PERIOD;
        // SAFETY: amount <= committed
        _notices[token][msg.sender] = Notice(uint128(amount), readyAt);
        emit LeaveRequested(token, msg.sender, amount, readyAt);
    }

    /// @inheritdoc ILedger
    function leave(address token) external returns (uint256 amount) {
        Notice memory notice = _notices[token][msg.sender];
        require(notice.amount != 0, Ledger_NothingLeaving(token, msg.sender));
        // D8: the window of leaving is [readyAt, readyAt + LEAVE_WINDOW).
        require(block.timestamp >= notice.readyAt, Ledger_NoticeRunning(notice.readyAt));
        uint40 lapsedAt = notice.readyAt + LEAVE_WINDOW;
        require(block.timestamp < lapsedAt, Ledger_NoticeLapsed(lapsedAt));

        delete _notices[token][msg.sender];
        Account storage account = _accounts[token][msg.sender];
        uint128 moved = notice.amount < account.committed ? notice.amount : account.committed;
        account.committed -= moved;
        account.free += moved;
        amount = moved;
        emit Left(token, msg.sender, amount);
    }

    // --- Cores ---

    /// @inheritdoc ILedger
    function topUp(address token, address account, uint256 upTo, Permit calldata permit)
        external
        onlyCore
    {
        uint128 committed = _accounts[token][account].committed;
        if (committed >= upTo) return;
        _tryPermit(token, account, permit);
        _depositCommitted(token, account, upTo - committed);
    }

    /// @inheritdoc ILedger
    function spendCommitted(address token, address account, uint256 amount) external onlyCore {
        Account storage entry = _accounts[token][account];
        uint128 committed = entry.committed;
        require(
            amount <= committed, Ledger_InsufficientCommitted(token, account, amount, committed)
        );
        unchecked {
            entry.committed = committed - uint128(amount); // SAFETY: amount <= committed
        }
        emit Debited(msg.sender, token, account, amount, true);
    }

    /// @inheritdoc ILedger
    function spendFree(address token, address account, uint256 amount) external onlyCore {
        _lowerFree(token, account, amount);
        emit Debited(msg.sender, token, account, amount, false);
    }

    /// @inheritdoc ILedger
    function credit(address token, address account, uint256 amount) external onlyCore {
        _accounts[token][account].free += amount.toUint128();
        emit Credited(msg.sender, token, account, amount);
    }

    /// @inheritdoc ILedger
    function creditMany(address token, Payment[] calldata payments) external onlyCore {
        mapping(address account => Account) storage accounts = _accounts[token];
        for (uint256 i = 0; i < payments.length; ++i) {
            uint256 amount = payments[i].amount;
            accounts[payments[i].account].free += amount.toUint128();
        }
        emit CreditedMany(msg.sender, token, payments);
    }

    /// @inheritdoc ILedger
    function burn(uint256 amount) external onlyCore {
        ERC20Burnable(LYN).burn(amount);
    }

    // --- Owner ---

    /// @inheritdoc ILedger
    function allowToken(address token) external onlyOwner {
        require(token != address(0), Ledger_ZeroAddress());
        isAllowed[token] = true;
        emit TokenAllowed(token);
    }

    /// @inheritdoc ILedger
    function authorise(address core) external onlyOwner {
        require(core != address(0), Ledger_ZeroAddress());
        _cores[core] = true;
        emit CoreAuthorised(core);
    }

    // --- Views ---

    /// @inheritdoc ILedger
    function isCore(address core) external view returns (bool) {
        return core == MARKET || _cores[core];
    }

    /// @inheritdoc ILedger
    function accountOf(address token, address account)
        external
        view
        returns (uint128 free, uint128 committed)
    {
        Account memory entry = _accounts[token][account];
        return (entry.free, entry.committed);
    }

    /// @inheritdoc ILedger
    function leavingOf(address token, address account)
        external
        view
        returns (uint128 amount, uint40 readyAt)
    {
        Notice memory notice = _notices[token][account];
        return (notice.amount, notice.readyAt);
    }

    // --- Internals ---

    /// @dev A permit that somebody else submitted first has set the same allowance: go on either way (class 9).
    function _tryPermit(address token, address account, Permit memory permit) private {
        try IERC20Permit(token)
            .permit(
                account, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s
            ) {}
            catch {}
    }

    function _depositCommitted(address token, address account, uint256 amount) private {
        uint128 received = _take(token, account, account, amount);
        _accounts[token][account].committed += received;
        emit Committed(token, account, amount);
    }

    /// @dev The only place where tokens come in. The transfer precedes the entry because the entry depends on what has
    /// arrived; a token that calls back in between finds no balance that it could spend twice.
    function _take(address token, address from, address to, uint256 amount)
        private
        returns (uint128)
    {
        require(isAllowed[token], Ledger_TokenNotAllowed(token));
        require(amount != 0, Ledger_ZeroAmount());
        uint256 before = IERC20(token).balanceOf(address(this));
        // `from` is the caller, or has signed an order to a core that asks for no more than it.
        // slither-disable-next-line arbitrary-send-erc20
        IERC20(token).safeTransferFrom(from, address(this), amount);
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        require(received == amount, Ledger_InexactTransfer(token, amount, received)); // LED-1
        emit Deposited(token, from, to, amount);
        return amount.toUint128();
    }

    function _lowerFree(address token, address account, uint256 amount) private {
        Account storage entry = _accounts[token][account];
        uint128 free = entry.free;
        require(amount <= free, Ledger_InsufficientFree(token, account, amount, free));
        unchecked {
            entry.free = free - uint128(amount); // SAFETY: amount <= free
        }
    }
}

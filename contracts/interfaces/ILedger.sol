// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title ILedger
/// @notice Holds the pay tokens of the market. `free` can be withdrawn now; `committed` is what orders spend, and leaves after a notice period (D8, H).
/// @dev Properties: LED-1 tokens held = sum of accounts + escrow of the cores; LED-2 nobody but the owner of an account lowers it, except cores by their rules;
/// LED-3 withdrawals cannot be paused.
interface ILedger {
    /// @notice One part of a payment out of a core's escrow.
    struct Payment {
        address account;
        uint256 amount;
    }

    /// @notice An ERC-2612 permit of `value` to the Ledger.
    struct Permit {
        uint256 value;
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    error Ledger_InsufficientFree(address token, address account, uint256 asked, uint256 free);
    error Ledger_InsufficientCommitted(
        address token, address account, uint256 asked, uint256 committed
    );
    error Ledger_NotCore(address caller);
    error Ledger_TokenNotAllowed(address token);
    /// @notice The token moved another amount than asked for (fee on transfer, rebasing).
    error Ledger_InexactTransfer(address token, uint256 expected, uint256 received);
    error Ledger_NoticeRunning(uint40 readyAt);
    /// @notice A notice lapses a day after it ripened, so that nobody can hold a ripe one for the moment before a lock (D8).
    error Ledger_NoticeLapsed(uint40 lapsedAt);
    error Ledger_NothingLeaving(address token, address account);
    error Ledger_ZeroAmount();
    error Ledger_ZeroAddress();

    event TokenAllowed(address indexed token);
    event CoreAuthorised(address indexed core);
    event Deposited(
        address indexed token, address indexed from, address indexed to, uint256 amount
    );
    event Withdrawn(
        address indexed token, address indexed account, address indexed to, uint256 amount
    );
    event Committed(address indexed token, address indexed account, uint256 amount);
    event LeaveRequested(
        address indexed token, address indexed account, uint256 amount, uint40 readyAt
    );
    event Left(address indexed token, address indexed account, uint256 amount);
    event Debited(
        address core, address indexed token, address indexed account, uint256 amount, bool committed
    );
    event Credited(
        address indexed core, address indexed token, address indexed account, uint256 amount
    );
    /// @notice From one free balance into another.
    event Paid(address indexed token, address indexed from, address indexed to, uint256 amount);
    event CreditedMany(address indexed core, address indexed token, Payment[] payments);

    /// @notice Takes `amount` from the caller into the free balance of `to`.
    function deposit(address token, address to, uint256 amount) external;
    /// @notice As `deposit`, straight into the committed balance of the caller.
    function depositCommitted(address token, uint256 amount) external;
    /// @notice As `depositCommitted` with an ERC-2612 permit: tries the permit, then relies on the allowance.
    function depositCommittedWithPermit(
        address token,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;
    /// @notice Pays out of the caller's free balance to any address.
    function withdraw(address token, uint256 amount, address to) external;
    /// @notice Pays out of the caller's free balance into another's, as far as it reaches.
    /// @return paid At most `upTo`.
    function pay(address token, address to, uint256 upTo) external returns (uint256 paid);
    /// @notice Moves from free to committed.
    function commit(address token, uint256 amount) external;
    /// @notice Announces that `amount` shall leave the committed balance; replaces an earlier notice. Orders may spend it until then.
    function requestLeave(address token, uint256 amount) external;
    /// @notice Within a day after the notice period: moves what was announced, as far as it is still there, to free.
    function leave(address token) external returns (uint256 amount);

    /// @notice Only cores. Takes what the committed balance of `account` lacks of `upTo` from its wallet: tries the permit, then relies on the allowance.
    /// @dev The core has checked that the account consents to spending as much.
    function topUp(address token, address account, uint256 upTo, Permit calldata permit) external;
    /// @notice Only cores. Takes from a committed balance into the core's escrow.
    function spendCommitted(address token, address account, uint256 amount) external;
    /// @notice Only cores. Takes from a free balance into the core's escrow.
    function spendFree(address token, address account, uint256 amount) external;
    /// @notice Only cores. Pays from the core's escrow into a free balance.
    function credit(address token, address account, uint256 amount) external;
    /// @notice Only cores. As `credit`, to several accounts at once.
    function creditMany(address token, Payment[] calldata payments) external;
    /// @notice Only cores. Burns LYN out of the core's escrow.
    function burn(uint256 amount) external;

    /// @notice Only the owner. Add-only.
    function allowToken(address token) external;
    /// @notice Only the owner. Add-only.
    function authorise(address core) external;

    function accountOf(address token, address account)
        external
        view
        returns (uint128 free, uint128 committed);
    function leavingOf(address token, address account)
        external
        view
        returns (uint128 amount, uint40 readyAt);
    function isCore(address core) external view returns (bool);
    function isAllowed(address token) external view returns (bool);
}

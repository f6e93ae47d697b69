// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {ILedger} from "../../contracts/interfaces/ILedger.sol";

/// @notice A stablecoin as it should be, with any number of decimals.
contract PlainToken is ERC20 {
    uint8 private immutable DECIMALS;

    constructor(uint8 decimals_) ERC20("Plain", "PLAIN") {
        DECIMALS = decimals_;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }
}

/// @notice Takes one percent of every transfer.
contract FeeToken is PlainToken {
    constructor() PlainToken(18) {}

    function _update(address from, address to, uint256 value) internal override {
        if (from != address(0) && to != address(0)) {
            super._update(from, address(0xfee), value / 100);
            value -= value / 100;
        }
        super._update(from, to, value);
    }
}

/// @notice Returns nothing from its transfers, as the best-known stablecoin does.
contract SilentToken {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @notice Says that a transfer failed instead of reverting.
contract FalseToken is PlainToken {
    constructor() PlainToken(18) {}

    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return false;
    }
}

/// @notice Balances follow an index that somebody moves.
contract RebasingToken is PlainToken {
    uint256 private _index = 1e18;

    constructor() PlainToken(18) {}

    function rebase(uint256 index) external {
        _index = index;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return super.balanceOf(account) * _index / 1e18;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value * 1e18 / _index);
    }
}

/// @notice Calls back into the Ledger from its transfers.
contract HookToken is PlainToken {
    enum Hook {
        None,
        Deposit,
        Withdraw,
        Commit,
        RequestLeave
    }

    ILedger private immutable LEDGER;
    Hook public hook;
    bool public entered;

    constructor(ILedger ledger) PlainToken(18) {
        LEDGER = ledger;
        _approve(address(this), address(ledger), type(uint256).max);
    }

    function arm(Hook hook_) external {
        hook = hook_;
        entered = false;
    }

    /// @dev The token's own account plays the attacker.
    function attack(bool deposit, uint256 amount) external {
        if (deposit) LEDGER.deposit(address(this), address(this), amount);
        else LEDGER.withdraw(address(this), amount, address(this));
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (hook == Hook.None || entered) return;
        entered = true;
        if (hook == Hook.Deposit) LEDGER.deposit(address(this), address(this), value);
        if (hook == Hook.Withdraw) LEDGER.withdraw(address(this), value, address(this));
        if (hook == Hook.Commit) LEDGER.commit(address(this), value);
        if (hook == Hook.RequestLeave) LEDGER.requestLeave(address(this), value);
    }
}

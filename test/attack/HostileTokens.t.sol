// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {IJobMarket} from "../../contracts/interfaces/IJobMarket.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Base} from "../utils/Base.t.sol";
import {FalseToken, FeeToken, HookToken, PlainToken, SilentToken} from "../utils/HostileTokens.sol";

/// @notice Classes 1, 2, 13 and 14: what tokens can do to the Ledger.
contract HostileTokensTest is Base {
    function _allow(address token) private {
        c.ledger.allowToken(token);
    }

    function test_Class2_FeeOnTransfer() external {
        FeeToken token = new FeeToken();
        _allow(address(token));
        token.mint(address(this), 100e18);
        token.approve(address(c.ledger), 100e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILedger.Ledger_InexactTransfer.selector, address(token), 100e18, 99e18
            )
        );
        c.ledger.deposit(address(token), address(this), 100e18);
    }

    function test_Class2_MissingReturn() external {
        SilentToken token = new SilentToken();
        _allow(address(token));
        token.mint(address(this), 100e18);
        token.approve(address(c.ledger), 100e18);
        c.ledger.deposit(address(token), address(this), 100e18);
        c.ledger.withdraw(address(token), 40e18, stranger.addr);
        assertEq(token.balanceOf(stranger.addr), 40e18);
        (uint128 free,) = c.ledger.accountOf(address(token), address(this));
        assertEq(free, 60e18);
    }

    function test_Class2_FalseReturn() external {
        FalseToken token = new FalseToken();
        _allow(address(token));
        token.mint(address(this), 100e18);
        vm.expectRevert(
            abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(token))
        );
        c.ledger.deposit(address(token), address(this), 100e18);
    }

    /// @dev A whole job in tokens of 0, 6, 8, 18 and 24 decimals.
    function test_Class2_Decimals() external {
        uint8[5] memory decimals = [0, 6, 8, 18, 24];
        for (uint256 i = 0; i < 5; ++i) {
            PlainToken token = new PlainToken(decimals[i]);
            uint256 unit = 10 ** decimals[i];
            _allow(address(token));
            c.parameters.listToken(address(token), 0);
            c.parameters.publish();
            c.priceOracle.setLynRate(address(token), 0.1e18);
            token.mint(requester.addr, 1_000 * unit);
            vm.startPrank(requester.addr);
            token.approve(address(c.ledger), type(uint256).max);
            c.ledger.depositCommitted(address(token), 1_000 * unit);
            vm.stopPrank();
            Order memory order = _order();
            order.payToken = address(token);
            order.minPrice = uint128(500 * unit);
            order.maxPrice = uint128(500 * unit);
            order.verificationFee = 0;
            order.tip = 0;
            order.maxTotal = 500 * unit;
            _deliver(_lock(order));
            _passWindow();
            c.jobMarket.settle(order);
            (uint128 paid,) = c.ledger.accountOf(address(token), owner.addr);
            (uint128 fee,) = c.ledger.accountOf(address(token), address(c.feeSink));
            assertEq(fee, 500 * unit * 250 / 10_000);
            assertEq(uint256(paid) + fee + 500 * unit * 500 / 10_000, 500 * unit);
        }
    }

    /// @dev Every hook into every function of the Ledger: nothing is counted twice.
    function test_Class1_Reentrancy() external {
        HookToken token = new HookToken(c.ledger);
        _allow(address(token));
        token.mint(address(token), 1_000e18);
        token.attack(true, 300e18);
        for (uint8 hook = 1; hook <= 4; ++hook) {
            for (uint256 deposit = 0; deposit < 2; ++deposit) {
                token.arm(HookToken.Hook(hook));
                try token.attack(deposit == 1, 10e18) {} catch {}
                token.arm(HookToken.Hook.None);
                (uint128 free, uint128 committed) =
                    c.ledger.accountOf(address(token), address(token));
                assertEq(uint256(free) + committed, token.balanceOf(address(c.ledger)), "LED-1");
            }
        }
    }

    function test_Class13_StrayTokens() external {
        c.lynToken.transfer(address(c.ledger), 7e18);
        c.lynToken.transfer(address(c.stakeManager), 7e18);
        c.lynToken.transfer(address(c.feeSink), 7e18);
        (Order memory order,) = _delivered();
        _passWindow();
        c.jobMarket.settle(order);
        c.feeSink.distribute(lyn);
        assertEq(_stakeOf(providerId), STAKE);
        assertEq(_free(address(c.treasuryVault)), 0.0075e18, "a tenth of the fee");
    }

    /// @dev Class 14: whoever is paid is credited; no receiver can refuse.
    function test_Class14_NobodyCanBlockASettlement() external {
        (Order memory order, bytes32 jobId) = _delivered();
        vm.etch(owner.addr, hex"fe");
        vm.etch(publisher.addr, hex"fe");
        _passWindow();
        c.jobMarket.settle(order);
        _assertStatus(jobId, IJobMarket.Status.Settled);
    }
}

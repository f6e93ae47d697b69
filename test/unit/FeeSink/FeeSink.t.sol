// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IFeeSink} from "../../../contracts/interfaces/IFeeSink.sol";
import {IVault} from "../../../contracts/interfaces/IVault.sol";
import {Base} from "../../utils/Base.t.sol";
import {PlainToken} from "../../utils/HostileTokens.sol";

/// @notice The fee sink and the vaults behind it.
contract FeeSinkTest is Base {
    function _arrive(uint256 amount) private {
        c.lynToken.approve(address(c.ledger), amount);
        c.ledger.deposit(lyn, address(c.feeSink), amount);
    }

    /// @dev FEE-1
    function testFuzz_FEE1_WhenDistributed(uint96 amount) external {
        amount = uint96(bound(amount, 1, 1_000_000e18));
        _arrive(amount);
        uint256 supply = c.lynToken.totalSupply();
        uint256 burnt = uint256(amount) * 4 / 10;
        uint256 stakers = uint256(amount) * 3 / 10;
        uint256 audits = uint256(amount) * 2 / 10;
        vm.expectEmit(address(c.feeSink));
        emit IFeeSink.Distributed(lyn, burnt, stakers, audits, amount - burnt - stakers - audits);
        vm.prank(stranger.addr);
        c.feeSink.distribute(lyn);
        assertEq(supply - c.lynToken.totalSupply(), burnt);
        assertEq(c.lynToken.balanceOf(address(c.stakerFees)), stakers);
        assertEq(c.stakerFees.epochOf(c.stakerFees.currentEpoch()).pot, stakers);
        assertEq(_free(address(c.auditManager)), audits);
        assertEq(_free(address(c.treasuryVault)), amount - burnt - stakers - audits);
        assertEq(_free(address(c.feeSink)), 0);
        assertEq(c.lynToken.balanceOf(address(c.feeSink)), 0);
    }

    function test_RevertWhen_NothingHasArrived() external {
        vm.expectRevert(abi.encodeWithSelector(IFeeSink.FeeSink_NothingToDistribute.selector, lyn));
        c.feeSink.distribute(lyn);
    }

    /// @dev FEE-1 of another token: four and three tenths wait for the auction.
    function testFuzz_FEE1_WhenAnotherTokenIsDistributed(uint64 amount) external {
        amount = uint64(bound(amount, 1, 1e15));
        PlainToken dollar = new PlainToken(6);
        address token = address(dollar);
        c.ledger.allowToken(token);
        dollar.mint(address(this), amount);
        dollar.approve(address(c.ledger), amount);
        c.ledger.deposit(token, address(c.feeSink), amount);
        c.feeSink.distribute(token);
        uint256 sold = uint256(amount) * 4 / 10 + uint256(amount) * 3 / 10;
        uint256 audits = uint256(amount) * 2 / 10;
        assertEq(dollar.balanceOf(address(c.burnAuction)), sold);
        (uint128 free,) = c.ledger.accountOf(token, address(c.auditManager));
        assertEq(free, audits);
        (free,) = c.ledger.accountOf(token, address(c.treasuryVault));
        assertEq(free, amount - sold - audits);
        assertEq(dollar.balanceOf(address(c.feeSink)), 0);
    }

    /// @dev VLT-1
    function test_VLT1_OnlyTheOwnerPaysOut() external {
        c.lynToken.approve(address(c.ledger), 10e18);
        c.ledger.deposit(lyn, address(c.treasuryVault), 10e18);
        vm.expectRevert(
            abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger.addr)
        );
        vm.prank(stranger.addr);
        c.treasuryVault.pay(lyn, stranger.addr, 1e18);
        vm.expectEmit(address(c.treasuryVault));
        emit IVault.Paid(lyn, stranger.addr, 4e18);
        c.treasuryVault.pay(lyn, stranger.addr, 4e18);
        assertEq(c.lynToken.balanceOf(stranger.addr), 4e18);
        assertEq(_free(address(c.treasuryVault)), 6e18);
    }
}

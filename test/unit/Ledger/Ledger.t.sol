// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {Actor, Base} from "../../utils/Base.t.sol";

contract LedgerTest is Base {
    Actor private alice;

    function setUp() public override {
        super.setUp();
        alice = _actor("alice");
        _fund(alice.addr, 100e18);
    }

    // --- Deposits ---

    function test_WhenDepositedForAnother() external {
        vm.expectEmit(address(c.ledger));
        emit ILedger.Deposited(lyn, alice.addr, stranger.addr, 10e18);
        vm.prank(alice.addr);
        c.ledger.deposit(lyn, stranger.addr, 10e18);
        assertEq(_free(stranger.addr), 10e18);
        assertEq(_free(alice.addr), 0);
    }

    function test_WhenDepositedCommitted() external {
        vm.prank(alice.addr);
        c.ledger.depositCommitted(lyn, 10e18);
        assertEq(_committed(alice.addr), 10e18);
        assertEq(_free(alice.addr), 0);
    }

    function test_RevertWhen_DepositIsBad() external {
        vm.startPrank(alice.addr);
        vm.expectRevert(ILedger.Ledger_ZeroAmount.selector);
        c.ledger.deposit(lyn, alice.addr, 0);
        vm.expectRevert(ILedger.Ledger_ZeroAddress.selector);
        c.ledger.deposit(lyn, address(0), 1);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_TokenNotAllowed.selector, address(1)));
        c.ledger.deposit(address(1), alice.addr, 1);
    }

    // --- Permit (class 9) ---

    function _permit(uint256 amount)
        private
        view
        returns (uint256 deadline, uint8 v, bytes32 r, bytes32 s)
    {
        deadline = block.timestamp + 1;
        bytes32 permit = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                alice.addr,
                address(c.ledger),
                amount,
                c.lynToken.nonces(alice.addr),
                deadline
            )
        );
        bytes32 hash = keccak256(abi.encodePacked(hex"1901", c.lynToken.DOMAIN_SEPARATOR(), permit));
        (v, r, s) = vm.sign(alice.key, hash);
    }

    function test_WhenDepositedWithAPermit() external {
        vm.prank(alice.addr);
        c.lynToken.approve(address(c.ledger), 0);
        (uint256 deadline, uint8 v, bytes32 r, bytes32 s) = _permit(10e18);
        vm.prank(alice.addr);
        c.ledger.depositCommittedWithPermit(lyn, 10e18, deadline, v, r, s);
        assertEq(_committed(alice.addr), 10e18);
    }

    function test_WhenThePermitWasSubmittedBySomebodyElse() external {
        vm.prank(alice.addr);
        c.lynToken.approve(address(c.ledger), 0);
        (uint256 deadline, uint8 v, bytes32 r, bytes32 s) = _permit(10e18);
        vm.prank(stranger.addr);
        c.lynToken.permit(alice.addr, address(c.ledger), 10e18, deadline, v, r, s);
        vm.prank(alice.addr);
        c.ledger.depositCommittedWithPermit(lyn, 10e18, deadline, v, r, s);
        assertEq(_committed(alice.addr), 10e18);
    }

    // --- Withdrawals ---

    function test_WhenWithdrawnToAnother() external {
        vm.startPrank(alice.addr);
        c.ledger.deposit(lyn, alice.addr, 10e18);
        vm.expectEmit(address(c.ledger));
        emit ILedger.Withdrawn(lyn, alice.addr, address(9), 4e18);
        c.ledger.withdraw(lyn, 4e18, address(9));
        assertEq(_free(alice.addr), 6e18);
        assertEq(c.lynToken.balanceOf(address(9)), 4e18);
    }

    function test_RevertWhen_WithdrawalIsBad() external {
        vm.startPrank(alice.addr);
        c.ledger.deposit(lyn, alice.addr, 10e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILedger.Ledger_InsufficientFree.selector, lyn, alice.addr, 10e18 + 1, 10e18
            )
        );
        c.ledger.withdraw(lyn, 10e18 + 1, alice.addr);
        vm.expectRevert(ILedger.Ledger_ZeroAmount.selector);
        c.ledger.withdraw(lyn, 0, alice.addr);
        vm.expectRevert(ILedger.Ledger_ZeroAddress.selector);
        c.ledger.withdraw(lyn, 1, address(0));
    }

    // --- Committed funds and their notice (D8): the window of leaving is [readyAt, readyAt + 1 day) ---

    function _notice(uint256 amount) private returns (uint40 readyAt) {
        vm.startPrank(alice.addr);
        c.ledger.depositCommitted(lyn, 10e18);
        c.ledger.requestLeave(lyn, amount);
        vm.stopPrank();
        (, readyAt) = c.ledger.leavingOf(lyn, alice.addr);
        assertEq(readyAt, block.timestamp + 5);
    }

    function test_WhenCommittedFromFree() external {
        vm.startPrank(alice.addr);
        c.ledger.deposit(lyn, alice.addr, 10e18);
        c.ledger.commit(lyn, 4e18);
        assertEq(_free(alice.addr), 6e18);
        assertEq(_committed(alice.addr), 4e18);
        vm.expectRevert(ILedger.Ledger_ZeroAmount.selector);
        c.ledger.commit(lyn, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILedger.Ledger_InsufficientFree.selector, lyn, alice.addr, 7e18, 6e18
            )
        );
        c.ledger.commit(lyn, 7e18);
    }

    function test_WhenTheNoticeIsRipe() external {
        uint40 readyAt = _notice(6e18);
        vm.startPrank(alice.addr);
        vm.warp(readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_NoticeRunning.selector, readyAt));
        c.ledger.leave(lyn);
        vm.warp(readyAt);
        assertEq(c.ledger.leave(lyn), 6e18);
        assertEq(_free(alice.addr), 6e18);
        assertEq(_committed(alice.addr), 4e18);
        vm.expectRevert(
            abi.encodeWithSelector(ILedger.Ledger_NothingLeaving.selector, lyn, alice.addr)
        );
        c.ledger.leave(lyn);
    }

    function test_WhenTheNoticeLapses() external {
        uint40 readyAt = _notice(6e18);
        uint256 snapshot = vm.snapshotState();
        vm.warp(readyAt + 1 days - 1);
        vm.prank(alice.addr);
        c.ledger.leave(lyn);
        vm.revertToState(snapshot);
        for (uint40 late = 0; late < 2; ++late) {
            vm.warp(readyAt + 1 days + late);
            vm.expectRevert(
                abi.encodeWithSelector(ILedger.Ledger_NoticeLapsed.selector, readyAt + 1 days)
            );
            vm.prank(alice.addr);
            c.ledger.leave(lyn);
        }
    }

    function test_WhenOrdersSpendWhatIsLeaving() external {
        uint40 readyAt = _notice(6e18);
        vm.prank(address(c.jobMarket));
        c.ledger.spendCommitted(lyn, alice.addr, 8e18);
        vm.warp(readyAt);
        vm.prank(alice.addr);
        assertEq(c.ledger.leave(lyn), 2e18, "as far as it is still there");
    }

    function test_WhenANoticeReplacesAnother() external {
        _notice(6e18);
        skip(4);
        vm.startPrank(alice.addr);
        c.ledger.requestLeave(lyn, 1e18);
        skip(4);
        vm.expectPartialRevert(ILedger.Ledger_NoticeRunning.selector);
        c.ledger.leave(lyn);
        skip(1);
        assertEq(c.ledger.leave(lyn), 1e18);
    }

    function test_RevertWhen_TheNoticeIsBad() external {
        vm.startPrank(alice.addr);
        vm.expectRevert(ILedger.Ledger_ZeroAmount.selector);
        c.ledger.requestLeave(lyn, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILedger.Ledger_InsufficientCommitted.selector, lyn, alice.addr, 1, 0
            )
        );
        c.ledger.requestLeave(lyn, 1);
    }

    // --- Cores and owner (LED-2) ---

    function test_RevertWhen_AStrangerPlaysACore() external {
        vm.startPrank(stranger.addr);
        bytes memory notCore =
            abi.encodeWithSelector(ILedger.Ledger_NotCore.selector, stranger.addr);
        vm.expectRevert(notCore);
        c.ledger.spendCommitted(lyn, requester.addr, 1);
        vm.expectRevert(notCore);
        c.ledger.spendFree(lyn, requester.addr, 1);
        vm.expectRevert(notCore);
        c.ledger.credit(lyn, stranger.addr, 1);
        vm.expectRevert(notCore);
        c.ledger.creditMany(lyn, new ILedger.Payment[](0));
        vm.expectRevert(notCore);
        c.ledger.burn(1);
    }

    function test_WhenACoreSpendsCreditsAndBurns() external {
        vm.prank(alice.addr);
        c.ledger.deposit(lyn, alice.addr, 10e18);
        uint256 supply = c.lynToken.totalSupply();
        vm.startPrank(address(c.disputes));
        c.ledger.spendFree(lyn, alice.addr, 10e18);
        c.ledger.credit(lyn, stranger.addr, 4e18);
        ILedger.Payment[] memory payments = new ILedger.Payment[](2);
        payments[0] = ILedger.Payment(stranger.addr, 1e18);
        payments[1] = ILedger.Payment(alice.addr, 2e18);
        c.ledger.creditMany(lyn, payments);
        c.ledger.burn(3e18);
        assertEq(_free(stranger.addr), 5e18);
        assertEq(_free(alice.addr), 2e18);
        assertEq(supply - c.lynToken.totalSupply(), 3e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILedger.Ledger_InsufficientFree.selector, lyn, alice.addr, 2e18 + 1, 2e18
            )
        );
        c.ledger.spendFree(lyn, alice.addr, 2e18 + 1);
    }

    function test_RevertWhen_AStrangerPlaysTheOwner() external {
        vm.startPrank(stranger.addr);
        bytes memory notOwner =
            abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger.addr);
        vm.expectRevert(notOwner);
        c.ledger.allowToken(address(1));
        vm.expectRevert(notOwner);
        c.ledger.authorise(address(1));
    }

    function test_RevertWhen_TheOwnerAddsNothing() external {
        vm.expectRevert(ILedger.Ledger_ZeroAddress.selector);
        c.ledger.allowToken(address(0));
        vm.expectRevert(ILedger.Ledger_ZeroAddress.selector);
        c.ledger.authorise(address(0));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test, console} from "forge-std/Test.sol";

import {IStakeManager} from "../../contracts/interfaces/IStakeManager.sol";
import {Handler} from "./handlers/Handler.sol";

/// @title Invariants
/// @notice What holds after any sequence of calls: test/invariant/README.md.
contract InvariantsTest is Test {
    Handler private h;
    address private lyn;
    address private dollar;

    bytes4[] private _selectors = [
        Handler.lock.selector,
        Handler.lock.selector,
        Handler.relock.selector,
        Handler.deliver.selector,
        Handler.deliver.selector,
        Handler.settle.selector,
        Handler.settleMany.selector,
        Handler.expireLock.selector,
        Handler.refund.selector,
        Handler.demand.selector,
        Handler.demand.selector,
        Handler.answer.selector,
        Handler.answer.selector,
        Handler.expireDemand.selector,
        Handler.commitProof.selector,
        Handler.commitProof.selector,
        Handler.proveFraud.selector,
        Handler.proveFraud.selector,
        Handler.proveFraud.selector,
        Handler.forfeitCommit.selector,
        Handler.claimBond.selector,
        Handler.burnReserve.selector,
        Handler.accumulate.selector,
        Handler.claimAccumulation.selector,
        Handler.claimLate.selector,
        Handler.deposit.selector,
        Handler.withdraw.selector,
        Handler.requestLeave.selector,
        Handler.leave.selector,
        Handler.recommit.selector,
        Handler.stake.selector,
        Handler.thaw.selector,
        Handler.unstake.selector,
        Handler.unjail.selector,
        Handler.unjail.selector,
        Handler.distribute.selector,
        Handler.donate.selector,
        Handler.publish.selector,
        Handler.pause.selector,
        Handler.pass.selector,
        Handler.pass.selector
    ];

    function setUp() public {
        h = new Handler();
        h.start();
        lyn = h.lynOf();
        dollar = address(h.dollar());
        targetContract(address(h));
        targetSelector(FuzzSelector(address(h), _selectors));
    }

    // --- Ledger ---

    /// @dev Of LYN, Disputes holds bonds, and what convictions left it to repay gas with: exact at the end, `afterInvariant`.
    function invariant_LED1_TokensHeldAreAccountsAndEscrow() public view {
        assertEq(h.ledgerHolds(dollar), h.accounts(dollar) + h.escrow(dollar), "dollar");
        assertGe(
            h.ledgerHolds(lyn),
            h.accounts(lyn) + h.escrow(lyn) + h.bonds() + h.donatedToLedger(lyn),
            "LYN"
        );
    }

    // --- Stake ---

    function invariant_STK1_StakeIsHeld() public view {
        assertEq(h.stakeHeld(), h.stakes() + h.donatedToStake());
    }

    function invariant_STK2_ReservedIsWithinStake() public view {
        for (uint32 id = 1; id <= h.providers(); ++id) {
            IStakeManager.Provider memory provider = h.providerAt(id);
            assertLe(provider.reserved, provider.stake);
            assertLe(provider.thawing, provider.stake);
        }
    }

    /// @dev What is reserved is exactly the collateral of the jobs that run: each can still be slashed in full.
    function invariant_STK3_EachJobHasItsCollateral() public view {
        for (uint32 id = 1; id <= h.providers(); ++id) {
            IStakeManager.Provider memory provider = h.providerAt(id);
            assertEq(provider.reserved, h.collateralOf(id));
        }
    }

    // --- Market ---

    function invariant_MKT1_EscrowLeavesOnce() public view {
        for (uint256 i = 0; i < h.jobs(); ++i) {
            assertEq(h.exitsOf(i), h.isClosed(i) ? 1 : 0);
        }
    }

    function invariant_MKT2_NoForbiddenArrow() public view {
        assertFalse(h.arrowBroken());
    }

    function invariant_MKT5_NoncesAreSpent() public view {
        for (uint256 i = 0; i < h.jobs(); ++i) {
            assertTrue(h.isNonceSpent(i));
        }
    }

    // --- Disputes ---

    function invariant_DIS1_OutcomesAgree() public view {
        assertTrue(h.outcomesAgree());
    }

    function invariant_DIS4_NoProofConvictsTheHonest() public view {
        assertFalse(h.honestConvicted());
    }

    /// @dev After every clock has run out, nothing is left over anywhere (DIS-2, LED-1).
    function afterInvariant() public {
        h.resolve();
        _checkResolved();
    }

    function _checkResolved() private view {
        assertEq(h.escrow(lyn), 0);
        assertEq(h.bonds(), 0);
        assertEq(h.ledgerHolds(dollar), h.accounts(dollar), "dollar");
        assertEq(h.ledgerHolds(lyn), h.accounts(lyn) + h.donatedToLedger(lyn), "LYN");
        for (uint32 id = 1; id <= h.providers(); ++id) {
            IStakeManager.Provider memory provider = h.providerAt(id);
            assertEq(provider.reserved, 0);
        }
        for (uint256 i = 0; i < h.jobs(); ++i) {
            assertTrue(h.isClosed(i));
        }
        invariant_MKT1_EscrowLeavesOnce();
        invariant_MKT2_NoForbiddenArrow();
        invariant_STK1_StakeIsHeld();
    }

    // --- The handlers do something ---

    /// @dev A fixed walk, so that it cannot fail by chance: each handler gets through at least this often.
    function test_EveryHandlerRuns() public {
        uint256 random = 1;
        for (uint256 round = 0; round < 16; ++round) {
            uint256 state = vm.snapshotState();
            bytes32[] memory names = _names();
            uint256[] memory counts = new uint256[](names.length);
            for (uint256 i = 0; i < 400; ++i) {
                random = uint256(keccak256(abi.encode(random)));
                bytes4 selector = _selectors[random % _selectors.length];
                (bool ok, bytes memory reason) = address(h)
                    .call(
                        abi.encodePacked(
                            selector,
                            random >> 8,
                            keccak256(abi.encode(random, 1)),
                            keccak256(abi.encode(random, 2)),
                            keccak256(abi.encode(random, 3))
                        )
                    );
                assertTrue(ok, vm.toString(reason));
            }
            h.resolve();
            _checkResolved();
            for (uint256 i = 0; i < names.length; ++i) {
                counts[i] = h.calls(names[i]);
            }
            vm.revertToState(state);
            for (uint256 i = 0; i < names.length; ++i) {
                _total[names[i]] += counts[i];
            }
        }
        bytes32[] memory all = _names();
        for (uint256 i = 0; i < all.length; ++i) {
            console.log(string(abi.encodePacked(all[i])), _total[all[i]]);
            assertGe(_total[all[i]], 2, string(abi.encodePacked(all[i])));
        }
    }

    mapping(bytes32 name => uint256) private _total;

    function _names() private pure returns (bytes32[] memory names) {
        bytes32[33] memory all = [
            bytes32("lock"),
            "relock",
            "deliver",
            "settle",
            "settleMany",
            "expireLock",
            "refund",
            "demand",
            "answer",
            "expireDemand",
            "commitProof",
            "proveFraud",
            "proveFraud, refused",
            "forfeitCommit",
            "claimLate",
            "claimBond",
            "burnReserve",
            "accumulate",
            "claimAccumulation",
            "deposit",
            "withdraw",
            "requestLeave",
            "leave",
            "recommit",
            "stake",
            "thaw",
            "unstake",
            "unjail",
            "distribute",
            "donate",
            "publish",
            "pause",
            "pass"
        ];
        names = new bytes32[](all.length);
        for (uint256 i = 0; i < all.length; ++i) {
            names[i] = all[i];
        }
    }
}

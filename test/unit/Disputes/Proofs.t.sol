// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Vm} from "forge-std/Vm.sol";

import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {FraudProof} from "../../../contracts/types/FraudProof.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {CarriedJob} from "../../utils/CarriedJob.t.sol";

/// @notice Commit, reveal, late proofs, forfeits and the reserve (A6). R is 10 s, the window 6 s.
contract ProofsTest is CarriedJob {
    uint96 internal constant COMMIT_BOND = 5e18;

    Order internal order;
    bytes32 internal jobId;
    bytes32 internal execId;
    uint40 internal deliveredAt;
    FraudProof internal proof;
    address internal insider;

    function setUp() public override {
        super.setUp();
        _set(1, Y, 0, _float(1)); // wrong at the second step
        (order, jobId) = _delivered();
        execId = _execId(jobId);
        deliveredAt = uint40(block.timestamp);
        _traced(order, 1);
        _copy(_proof(1, LAST, 0));
        insider = publisher.addr;
        _fund(insider, FUNDS);
        vm.prank(insider);
        c.ledger.deposit(lyn, insider, 1_000e18);
    }

    /// @dev Storage cannot be assigned a struct with dynamic arrays of structs at once.
    function _copy(FraudProof memory from) internal {
        proof.model = from.model;
        proof.step = from.step;
        proof.node = from.node;
        proof.output = from.output;
        proof.element = from.element;
        proof.entriesProof = from.entriesProof;
        proof.traceProof = from.traceProof;
        for (uint256 i; i < from.entries.length; ++i) {
            proof.entries.push(from.entries[i]);
        }
        for (uint256 i; i < from.openings.length; ++i) {
            proof.openings.push(from.openings[i]);
        }
    }

    function _expectProve(address prover, bytes memory error_) internal {
        FraudProof memory copy = proof;
        vm.prank(prover);
        vm.expectRevert(error_);
        c.disputes.proveFraud(order, copy, "salt");
    }

    // ---- commit ----

    function test_WhenAProofIsCommitted() public {
        uint256 before = _free(stranger.addr);
        bytes32 commitId = _commitProof(stranger.addr, order, proof);
        IDisputes.Commit memory commit = c.disputes.commitOf(commitId);
        assertEq(commit.execId, execId);
        assertEq(commit.prover, stranger.addr);
        assertEq(commit.revealBy, block.timestamp + 10);
        assertEq(commit.bond, COMMIT_BOND);
        assertEq(_free(stranger.addr), before - COMMIT_BOND);
        assertEq(c.disputes.executionOf(execId).lastCommitLive, block.timestamp + 10);
    }

    function test_RevertWhen_TheSameCommitIsMadeTwice() public {
        bytes32 commitId = _commitProof(stranger.addr, order, proof);
        bytes32 hash = _hash(stranger.addr, execId, proof, "salt");
        vm.prank(stranger.addr);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_CommitExists.selector, commitId));
        c.disputes.commitProof(order, hash);
        // Class 8: somebody else's copy of the hash blocks nobody, and reveals nothing.
        vm.prank(insider);
        c.disputes.commitProof(order, hash);
    }

    function test_CommitsEndWithFinality() public {
        uint40 finalAt = c.disputes.executionOf(execId).finalAt;
        vm.warp(finalAt - 1);
        _commitProof(stranger.addr, order, proof);
        bytes32 hash = _hash(insider, execId, proof, "salt");
        for (uint40 late; late < 2; ++late) {
            vm.warp(finalAt + late);
            vm.prank(insider);
            vm.expectRevert(
                abi.encodeWithSelector(IDisputes.Disputes_Closed.selector, execId, finalAt)
            );
            c.disputes.commitProof(order, hash);
        }
        // A6: the commit is live, so its proof still convicts, and nothing settles.
        vm.roll(block.number + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_NotFinal.selector, execId, finalAt + 9)
        );
        c.jobMarket.settle(order);
        _prove(stranger.addr, order, proof);
        _assertStatus(jobId, IJobMarket.Status.Convicted);
    }

    // ---- reveal ----

    function test_RevertWhen_ItIsRevealedInTheSameBlock() public {
        bytes32 commitId = _commitProof(stranger.addr, order, proof);
        _expectProve(
            stranger.addr, abi.encodeWithSelector(IDisputes.Disputes_TooEarly.selector, commitId)
        );
    }

    function test_ARevealIsInTimeUntilR() public {
        bytes32 commitId = _commitProof(stranger.addr, order, proof);
        uint40 revealBy = uint40(block.timestamp) + 10;
        vm.roll(block.number + 1);
        for (uint40 late; late < 2; ++late) {
            vm.warp(revealBy + late);
            _expectProve(
                stranger.addr,
                abi.encodeWithSelector(IDisputes.Disputes_RevealClosed.selector, commitId, revealBy)
            );
        }
        vm.warp(revealBy - 1);
        _prove(stranger.addr, order, proof);
    }

    function test_RevertWhen_TheRevealIsOfAnotherCommit() public {
        _commitProof(stranger.addr, order, proof);
        _nextBlock();
        // Class 8: of another sender; with another salt; of another proof.
        bytes32 other =
            c.disputes.commitIdOf(execId, insider, _hash(insider, execId, proof, "salt"));
        _expectProve(insider, abi.encodeWithSelector(IDisputes.Disputes_NoCommit.selector, other));
        FraudProof memory copy = proof;
        vm.prank(stranger.addr);
        vm.expectPartialRevert(IDisputes.Disputes_NoCommit.selector);
        c.disputes.proveFraud(order, copy, "pepper");
        copy.element = 1;
        vm.prank(stranger.addr);
        vm.expectPartialRevert(IDisputes.Disputes_NoCommit.selector);
        c.disputes.proveFraud(order, copy, "salt");
    }

    function test_AConvictionPaysWithinD1() public {
        uint256 supply = c.lynToken.totalSupply();
        uint256 before = _free(stranger.addr);
        _commitProof(stranger.addr, order, proof);
        _nextBlock();
        _prove(stranger.addr, order, proof);
        uint256 earned = _free(stranger.addr) - before;
        assertGt(earned, 250e18, "bounty and gas");
        assertLt(earned, 252e18);
        assertEq(c.disputes.reserveOf(execId), 50e18);
        assertGe(supply - c.lynToken.totalSupply(), 600e18, "D1");
        // DIS-6: the rest of the 0.4 at most waits for askers and earlier commits.
        assertLe(COLLATERAL - (supply - c.lynToken.totalSupply()), 400e18);
    }

    // ---- late proofs ----

    /// A6: an insider that commits before the honest prover gains nothing over it: both get their gas, and the slash cost it more than the bounty.
    function test_AnEarlierCommitLosesNothing() public {
        uint256 before = _free(stranger.addr);
        _commitProof(stranger.addr, order, proof);
        _commitProof(insider, order, proof);
        _nextBlock();
        _prove(insider, order, proof); // faster
        uint40 convictedAt = uint40(block.timestamp);
        vm.warp(convictedAt + 9); // longer than R after the commit
        _prove(stranger.addr, order, proof);
        bytes32 commitId = c.disputes
        .commitIdOf(execId, stranger.addr, _hash(stranger.addr, execId, proof, "salt"));
        uint40 closedAt = c.disputes.executionOf(execId).finalAt;
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_RevealOpen.selector, execId, closedAt)
        );
        c.disputes.claimLate(execId, commitId);
        // Once.
        _expectProve(
            stranger.addr,
            abi.encodeWithSelector(
                IDisputes.Disputes_NoCommit.selector,
                c.disputes
                .commitIdOf(execId, stranger.addr, _hash(stranger.addr, execId, proof, "salt"))
            )
        );
        assertEq(_stakeOf(providerId), STAKE - COLLATERAL, "DIS-1");
        vm.warp(closedAt);
        c.disputes.claimLate(execId, commitId);
        assertGt(_free(stranger.addr), before, "gas, and the bond back");
        assertLt(c.disputes.reserveOf(execId), 50e18);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_NoLateProof.selector, commitId));
        c.disputes.claimLate(execId, commitId);
        c.disputes.burnReserve(execId);
        assertEq(c.disputes.reserveOf(execId), 0);
    }

    /// A6: an insider with many commits does not drain the reserve: whoever reveals late gets the same share of its gas, in whatever order they claim.
    function test_LateProofsShareTheReserve() public {
        uint256 crowd = 60;
        bytes32[] memory ids = new bytes32[](crowd + 1);
        for (uint256 k; k < crowd; ++k) {
            bytes32 hash = _hash(insider, execId, proof, bytes32(k));
            vm.prank(insider);
            ids[k] = c.disputes.commitProof(order, hash);
        }
        ids[crowd] = _commitProof(stranger.addr, order, proof);
        bytes32 first = _hash(insider, execId, proof, "first");
        vm.prank(insider);
        c.disputes.commitProof(order, first);
        _nextBlock();
        vm.prank(insider);
        c.disputes.proveFraud(order, proof, "first");
        for (uint256 k; k < crowd; ++k) {
            vm.prank(insider);
            c.disputes.proveFraud(order, proof, bytes32(k));
        }
        vm.recordLogs();
        _prove(stranger.addr, order, proof);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 gas;
        for (uint256 k; k < logs.length; ++k) {
            if (logs[k].topics[0] == IDisputes.LateProof.selector) {
                gas = abi.decode(logs[k].data, (uint96));
            }
        }
        vm.warp(c.disputes.executionOf(execId).finalAt);
        uint256 before = _free(stranger.addr);
        for (uint256 k; k <= crowd; ++k) {
            c.disputes.claimLate(execId, ids[k]);
        }
        uint256 share = _free(stranger.addr) - before;
        assertLt(c.disputes.reserveOf(execId), 100, "all of it, but for roundings");
        // 61 of them want more than 50 LYN: each gets nearly the same.
        assertGt(gas * (crowd + 1), 50e18);
        assertApproxEqRel(share, 50e18 / (crowd + 1), 0.05e18);
    }

    function test_RevertWhen_ALateProofIsTooLate() public {
        bytes32 commitId = _commitProof(stranger.addr, order, proof);
        _commitProof(insider, order, proof);
        _nextBlock();
        _prove(insider, order, proof);
        uint40 closedAt = uint40(block.timestamp) + 10;
        vm.warp(closedAt);
        _expectProve(
            stranger.addr,
            abi.encodeWithSelector(IDisputes.Disputes_RevealClosed.selector, commitId, closedAt)
        );
        // Its bond returns, because the execution was convicted while it was live.
        uint256 before = _free(stranger.addr);
        c.disputes.forfeitCommit(execId, commitId);
        assertEq(_free(stranger.addr), before + COMMIT_BOND);
    }

    function test_RevertWhen_TheLateProofShowsNoFraud() public {
        FraudProof memory honest = _proof(1, LAST, 1);
        _commitProof(stranger.addr, order, honest);
        _commitProof(insider, order, proof);
        _nextBlock();
        _prove(insider, order, proof);
        vm.prank(stranger.addr);
        vm.expectPartialRevert(IDisputes.Disputes_NotFraud.selector);
        c.disputes.proveFraud(order, honest, "salt");
    }

    /// A6: after a conviction nobody commits any more.
    function test_RevertWhen_ACommitFollowsTheConviction() public {
        _commitProof(insider, order, proof);
        _nextBlock();
        _prove(insider, order, proof);
        bytes32 hash = _hash(stranger.addr, execId, proof, "salt");
        vm.prank(stranger.addr);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_NotDisputable.selector, execId));
        c.disputes.commitProof(order, hash);
    }

    // ---- forfeits and the reserve ----

    function test_AnExpiredCommitGoesToTheProvider() public {
        bytes32 commitId = _commitProof(stranger.addr, order, proof);
        uint40 revealBy = uint40(block.timestamp) + 10;
        vm.warp(revealBy - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_RevealOpen.selector, commitId, revealBy)
        );
        c.disputes.forfeitCommit(execId, commitId);
        vm.warp(revealBy);
        uint256 before = _free(owner.addr);
        c.disputes.forfeitCommit(execId, commitId);
        assertEq(_free(owner.addr), before + COMMIT_BOND);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_NoCommit.selector, commitId));
        c.disputes.forfeitCommit(execId, commitId);
        c.jobMarket.settle(order);
    }

    function test_TheReserveIsBurntAfterR() public {
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_OutcomeOpen.selector, execId));
        c.disputes.burnReserve(execId);
        _commitProof(insider, order, proof);
        _nextBlock();
        _prove(insider, order, proof);
        uint40 closedAt = uint40(block.timestamp) + 10;
        vm.warp(closedAt - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_RevealOpen.selector, execId, closedAt)
        );
        c.disputes.burnReserve(execId);
        vm.warp(closedAt);
        uint256 supply = c.lynToken.totalSupply();
        c.disputes.burnReserve(execId);
        assertEq(c.lynToken.totalSupply(), supply - 50e18);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_NothingReserved.selector, execId));
        c.disputes.burnReserve(execId);
    }
}

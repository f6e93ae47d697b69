// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDisputes} from "../../contracts/interfaces/IDisputes.sol";
import {IFraudVerifier} from "../../contracts/interfaces/IFraudVerifier.sol";
import {IJobMarket} from "../../contracts/interfaces/IJobMarket.sol";
import {FraudProof} from "../../contracts/types/FraudProof.sol";
import {Order} from "../../contracts/types/Order.sol";
import {CarriedJob} from "../utils/CarriedJob.t.sol";

/// @notice A three-step carried job disputed at its second step, with every way to be wrong (B6), on the real contracts and the real checkers.
contract CarriedJobTest is CarriedJob {
    /// B6: a wrong activation, everything after it computed from it.
    function test_WhenAnActivationOfTheSecondStepIsWrong() public {
        _set(1, H, 260, _float(77));
        _set(1, NEXT, 260, _float(154));
        _set(1, Y, 260, _float(79));
        _set(2, STATE, 260, _float(154));
        _set(2, H, 260, _float(166));
        _set(2, NEXT, 260, _float(332));
        _set(2, Y, 260, _float(168));
        (Order memory order, bytes32 jobId) = _delivered();
        _traced(order, 1);
        _traced(order, 2);

        _assertNotFraud(order, _proof(2, ADD, 260)); // right given its own operands
        _assertNotFraud(order, _proof(1, MUL, 260));
        _assertNotFraud(order, _proof(1, ADD, 259));
        _convict(order, jobId, _proof(1, ADD, 260));
    }

    /// B6: the last node is right in the trace, but `resultRoot` says something else.
    function test_WhenTheOutputIsUnlikeTheLastNode() public {
        _set(1, Y, 3, _float(1));
        (Order memory order, bytes32 jobId) = _delivered();
        _traced(order, 1);
        _convict(order, jobId, _proof(1, LAST, 3));
    }

    /// B6: the carried state that a step starts from is what the step before committed.
    function test_WhenTheCarriedStateIsWrong() public {
        _set(1, NEXT, 0, _float(1));
        (Order memory order, bytes32 jobId) = _delivered();
        _traced(order, 1);
        _convict(order, jobId, _proof(1, MUL, 0));
    }

    /// B6: the trace of another step fails at the first node, whose operands are the step's inputs.
    function test_WhenTheTraceIsOfAnotherStep() public {
        (Order memory order, bytes32 jobId) = _delivered();
        data[1][H] = data[2][H];
        _traced(order, 1);
        _convict(order, jobId, _proof(1, ADD, 0));
    }

    function test_WhenTheFirstStepIsWrong() public {
        _set(0, H, 299, _float(5));
        (Order memory order, bytes32 jobId) = _delivered();
        _traced(order, 0);
        _convict(order, jobId, _proof(0, ADD, 299));
    }

    /// C1: NaN where a number is due is fraud.
    function test_WhenAnElementIsNaN() public {
        _set(2, Y, 299, hex"0000c07f");
        (Order memory order, bytes32 jobId) = _delivered();
        _traced(order, 2);
        _convict(order, jobId, _proof(2, LAST, 299));
    }

    /// An honest run is never convicted, whichever element is named.
    function test_WhenTheRunIsHonest() public {
        (Order memory order, bytes32 jobId) = _delivered();
        for (uint32 t; t < STEPS; ++t) {
            _traced(order, t);
        }
        for (uint32 i; i < STEPS * NODES; ++i) {
            _commitProof(stranger.addr, order, _proof(i / NODES, i % NODES, i * 30));
        }
        _nextBlock();
        for (uint32 i; i < STEPS * NODES; ++i) {
            FraudProof memory proof = _proof(i / NODES, i % NODES, i * 30);
            vm.prank(stranger.addr);
            vm.expectPartialRevert(IDisputes.Disputes_NotFraud.selector);
            c.disputes.proveFraud(order, proof, "salt");
        }
        skip(100);
        c.jobMarket.settle(order);
        _assertStatus(jobId, IJobMarket.Status.Settled);
    }

    /// Before the trace is posted nothing that reads an activation can be judged.
    function test_RevertGiven_TheTraceIsNotPosted() public {
        _set(1, H, 0, _float(77));
        (Order memory order,) = _delivered();
        FraudProof memory proof = _proof(1, ADD, 0);
        _commitProof(stranger.addr, order, proof);
        _nextBlock();
        vm.prank(stranger.addr);
        vm.expectPartialRevert(IFraudVerifier.FraudVerifier_WrongTrace.selector);
        c.disputes.proveFraud(order, proof, "salt");
    }

    function _assertNotFraud(Order memory order, FraudProof memory proof) internal {
        _commitProof(stranger.addr, order, proof);
        _nextBlock();
        vm.prank(stranger.addr);
        vm.expectPartialRevert(IDisputes.Disputes_NotFraud.selector);
        c.disputes.proveFraud(order, proof, "salt");
    }

    function _convict(Order memory order, bytes32 jobId, FraudProof memory proof) internal {
        uint256 before = _free(stranger.addr);
        uint256 funds = _free(requester.addr) + _committed(requester.addr);
        _commitProof(stranger.addr, order, proof);
        _nextBlock();
        _prove(stranger.addr, order, proof);

        _assertStatus(jobId, IJobMarket.Status.Convicted);
        assertEq(_stakeOf(providerId), STAKE - COLLATERAL, "D1: exactly the collateral");
        assertEq(_free(requester.addr) + _committed(requester.addr), funds + 5.7e18, "A2: refunded");
        assertGt(_free(stranger.addr), before + 250e18, "bounty, bond and gas");
        IDisputes.Execution memory execution =
            c.disputes.executionOf(c.disputes.execIdOf(jobId, 0, providerId));
        assertEq(uint8(execution.outcome), uint8(IDisputes.Outcome.Convicted));
    }
}

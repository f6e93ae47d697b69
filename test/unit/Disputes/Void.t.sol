// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAuditManager} from "../../../contracts/interfaces/IAuditManager.sol";
import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {DisputeBase} from "../../../contracts/verification/DisputeBase.sol";
import {Disputes} from "../../../contracts/verification/Disputes.sol";
import {FraudProof} from "../../../contracts/types/FraudProof.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {CarriedJob} from "../../utils/CarriedJob.t.sol";

/// @notice A7: an execution whose bytes are withheld is neither paid nor slashed.
contract VoidTest is CarriedJob {
    address private immutable AUDITS = makeAddr("audits");

    Order private order;
    bytes32 private jobId;
    bytes32 private execId;

    function setUp() public override {
        super.setUp();
        // The same Disputes, with somebody who may void.
        Disputes.Config memory config = Disputes.Config({
            common: DisputeBase.Common({
                lyn: lyn,
                ledger: c.ledger,
                stakeManager: c.stakeManager,
                market: c.jobMarket,
                audits: IAuditManager(AUDITS),
                attestations: c.attestations,
                feed: c.disputes.FEED(),
                grace: c.disputes.GRACE()
            }),
            modelRegistry: c.modelRegistry,
            verifier: c.fraudVerifier,
            witnesses: c.witnessVerifier,
            demands: c.demands,
            accumulations: address(c.accumulations),
            parameters: address(c.parameters)
        });
        // It holds nothing open.
        vm.mockCall(AUDITS, abi.encodeWithSelector(IAuditManager.heldUntil.selector), abi.encode(0));
        deployCodeTo("Disputes.sol:Disputes", abi.encode(config), address(c.disputes));
        (order, jobId) = _delivered();
        execId = _execId(jobId);
    }

    function test_EveryBondReturns() public {
        uint256 before = _free(stranger.addr);
        bytes32 answered = _traced(order, 0);
        bytes32 open = _demand(order, _outputRequest(1));
        bytes32 commitId = _commitProof(stranger.addr, order, _proof(0, ADD, 0));
        vm.expectCall(address(c.jobMarket), abi.encodeCall(IDisputes.voidExecution, (order)), 1);
        vm.expectEmit(address(c.disputes));
        emit IDisputes.Voided(execId, jobId);
        vm.prank(AUDITS);
        c.disputes.voidExecution(order);
        assertEq(uint8(c.disputes.executionOf(execId).outcome), uint8(IDisputes.Outcome.Void));
        // A2: neither paid nor slashed, and open to others.
        IJobMarket.Job memory job = c.jobMarket.jobOf(jobId);
        assertEq(uint8(job.status), uint8(IJobMarket.Status.Reopened));
        assertEq(job.attempt, 1);

        c.demands.claimBond(answered);
        c.demands.claimBond(open);
        c.disputes.forfeitCommit(execId, commitId); // at once: nothing can be revealed any more
        assertEq(_free(stranger.addr), before, "DIS-2");
    }

    /// A1, DIS-1: not even if the job still counted as delivered.
    function test_NothingConvictsAnyMore() public {
        vm.mockCall(
            address(c.jobMarket),
            abi.encodeWithSelector(IDisputes.voidExecution.selector),
            abi.encode()
        );
        bytes32 open = _demand(order, _outputRequest(1));
        data[0][H] = _filled(77);
        FraudProof memory proof = _proof(0, ADD, 0);
        _commitProof(stranger.addr, order, proof);
        vm.prank(AUDITS);
        c.disputes.voidExecution(order);
        vm.roll(block.number + 1);
        bytes memory over =
            abi.encodeWithSelector(IDisputes.Disputes_NotDisputable.selector, execId);
        vm.expectRevert(over);
        vm.prank(stranger.addr);
        c.disputes.proveFraud(order, proof, "salt");
        skip(1 hours);
        vm.expectRevert(over); // DIS-1
        c.demands.expireDemand(order, open);
        vm.expectRevert(over);
        vm.prank(AUDITS);
        c.disputes.voidExecution(order);
    }

    function test_RevertWhen_AnybodyElseVoids() public {
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_NotAuditManager.selector, requester.addr)
        );
        vm.prank(requester.addr);
        c.disputes.voidExecution(order);
    }

    function test_RevertGiven_AConviction() public {
        bytes32 open = _demand(order, _outputRequest(1));
        vm.warp(c.demands.deadlineOf(open));
        c.demands.expireDemand(order, open);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_NotDisputable.selector, execId));
        vm.prank(AUDITS);
        c.disputes.voidExecution(order);
    }
}

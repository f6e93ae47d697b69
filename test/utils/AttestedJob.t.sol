// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAuditManager} from "../../contracts/interfaces/IAuditManager.sol";
import {IDisputes} from "../../contracts/interfaces/IDisputes.sol";
import {FraudProof} from "../../contracts/types/FraudProof.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Role} from "../../contracts/types/Role.sol";
import {Attestations} from "../../contracts/verification/Attestations.sol";
import {AuditStub} from "./AuditStub.sol";
import {Actor} from "./Base.t.sol";
import {CarriedJob} from "./CarriedJob.t.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

/// @title AttestedJob
/// @notice A delivered job, a step of which a verifier attests as it stands in `data`, and the case of that.
abstract contract AttestedJob is CarriedJob {
    uint96 internal constant FAULT = 500e18;
    uint40 internal constant HELD = 40; // seconds after the delivery

    AuditStub internal audits;
    Actor internal verifierOwner;
    Actor internal verifierHot;
    uint32 internal verifierId;

    Order internal order;
    bytes32 internal jobId;
    bytes32 internal execId;
    Order internal own; // of the case
    bytes32 internal caseId;
    bytes32 internal caseExecId;

    function setUp() public override {
        super.setUp();
        audits = new AuditStub(c.stakeManager);
        Attestations attestations = new Attestations(
            c.jobMarket, c.disputes, IAuditManager(address(audits)), c.attestations.EPOCH()
        );
        vm.etch(address(c.attestations), address(attestations).code);
        c.stakeManager.authorise(address(audits), Role.Verifier);
        verifierOwner = _actor("verifier owner");
        verifierHot = _actor("verifier hot");
        _fund(verifierOwner.addr, FUNDS);
        verifierId = _enrol(Role.Verifier, verifierOwner, verifierHot);
        (order, jobId) = _delivered();
        execId = _execId(jobId);
    }

    /// @dev Reveals what `data` holds now for a step, and opens its case.
    function _attest(uint32 step) internal {
        bytes32 root = TreeBuilder.leafHash(_tensorRoots(step)[0]);
        audits.reveal(
            execId,
            verifierId,
            root,
            IAuditManager.Finding.Agrees,
            uint40(block.timestamp) + HELD,
            step
        );
        own = c.attestations.orderOf(order, execId, verifierId);
        caseId = c.attestations
            .open(order, 0, providerId, verifierId, root, IAuditManager.Finding.Agrees);
        caseExecId = c.disputes.execIdOf(caseId, 0, verifierId);
    }

    function _answerAs(address by, bytes32 demandId, bytes memory payload) internal {
        vm.prank(by);
        c.demands.answer(own, model, demandId, payload);
    }

    function _proveCase(FraudProof memory proof) internal {
        bytes32 hash = _hash(stranger.addr, caseExecId, proof, "salt");
        vm.prank(stranger.addr);
        c.disputes.commitProof(own, hash);
        _nextBlock();
        vm.prank(stranger.addr);
        c.disputes.proveFraud(own, proof, "salt");
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AuditDraw} from "../../contracts/audits/AuditDraw.sol";
import {AuditManager} from "../../contracts/audits/AuditManager.sol";
import {AuditRecords} from "../../contracts/audits/AuditRecords.sol";
import {IAuditManager} from "../../contracts/interfaces/IAuditManager.sol";
import {ExecutionId} from "../../contracts/libraries/ExecutionId.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Role} from "../../contracts/types/Role.sol";
import {LocalCoordinator} from "../../script/deploy/LocalCoordinator.sol";
import {Actor} from "./Base.t.sol";
import {CarriedJob} from "./CarriedJob.t.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

/// @title Audited
/// @notice Jobs whose epochs are closed and seeded as on a chain, with one verifier that has all the stake: it is drawn for exactly the seats that are expected.
abstract contract Audited is CarriedJob {
    uint40 internal constant C = 5; // commit window
    uint40 internal constant R = 4; // reveal window
    uint40 internal constant WINDOW = 6;
    uint40 internal constant DELAY = 4; // N
    uint96 internal constant FAULT = 1_000e18;
    uint96 internal constant ABSENT = 10e18;
    uint256 internal constant POOL = 1_000e18;
    IAuditManager.Finding internal constant AGREES = IAuditManager.Finding.Agrees;
    IAuditManager.Finding internal constant DIFFERS = IAuditManager.Finding.Differs;

    AuditManager internal audits;
    LocalCoordinator internal coordinator;
    Actor internal verifierOwner;
    Actor internal verifierHot;
    uint32 internal verifierId;
    uint256 internal requests; // of the coordinator

    function setUp() public virtual override {
        super.setUp();
        audits = c.auditManager;
        coordinator = LocalCoordinator(address(audits.s_vrfCoordinator()));
        verifierOwner = _actor("verifier owner");
        verifierHot = _actor("verifier hot");
        _fund(verifierOwner.addr, FUNDS);
        verifierId = _enrol(Role.Verifier, verifierOwner, verifierHot);
        _fund(address(this), 0);
        c.lynToken.approve(address(c.ledger), POOL);
        c.ledger.deposit(lyn, address(audits), POOL);
        skip(4);
    }

    /// @dev What this is about.
    function _seedEpochs() internal override {}

    function _epochNow() internal view returns (uint40) {
        return uint40(block.timestamp) / audits.EPOCH();
    }

    /// @dev Waits for the end of an epoch and closes it.
    function _close(uint40 epoch) internal {
        uint256 end = (epoch + 1) * uint256(audits.EPOCH());
        if (block.timestamp < end) vm.warp(end);
        audits.closeEpoch(epoch);
        ++requests;
    }

    function _fulfil(uint256 requestId, uint256 word) internal {
        uint256[] memory words = new uint256[](1);
        words[0] = word;
        coordinator.fulfillRandomWordsWithOverride(requestId, address(audits), words);
    }

    function _seedOf(uint40 epoch, uint256 word) internal pure returns (uint160) {
        return uint160(uint256(keccak256(abi.encode(epoch, word))));
    }

    /// @dev A word that samples an execution at 10%, or does not.
    function _wordFor(uint40 epoch, bytes32 execId, bool sampled)
        internal
        pure
        returns (uint256 word)
    {
        while (AuditDraw.isSampled(_seedOf(epoch, word), 100_000, execId) != sampled) ++word;
    }

    /// @dev Closes the epoch that runs and seeds it. The execution is sampled, or not.
    function _seed(bytes32 execId, bool sampled) internal returns (uint40 epoch) {
        epoch = _epochNow();
        _close(epoch);
        _fulfil(requests, _wordFor(epoch, execId, sampled));
    }

    /// @dev A delivered job that is sampled: round 0 begins now.
    function _sampledJob() internal returns (Order memory order, bytes32 jobId, bytes32 execId) {
        (order, jobId) = _delivered();
        execId = _execId(jobId);
        _seed(execId, true);
    }

    /// @dev Such a job that shares the place of its audit with another execution.
    function _sampledJobBeside(bytes32 other)
        internal
        returns (Order memory order, bytes32 jobId, bytes32 execId)
    {
        order = _orderBeside(other);
        jobId = _lock(order);
        _deliver(jobId);
        execId = _execId(jobId);
        _seed(execId, true);
    }

    /// @dev An order whose first execution by the provider has another's place.
    function _orderBeside(bytes32 other) internal returns (Order memory order) {
        order = _order();
        uint256 place = AuditRecords.placeOf(other);
        while (
            AuditRecords.placeOf(ExecutionId.derive(c.jobMarket.jobIdOf(order), 0, providerId))
                != place
        ) order.nonce = nextNonce++;
    }

    function _root(uint32 step) internal view returns (bytes32) {
        return TreeBuilder.leafHash(_tensorRoots(step)[0]);
    }

    function _hashOf(bytes32 execId, uint32 id, bytes32 traceRoot, IAuditManager.Finding finding)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(execId, id, traceRoot, finding, bytes32("salt")));
    }

    function _commitAs(
        Actor memory hotKey,
        uint32 id,
        bytes32 execId,
        bytes32 traceRoot,
        IAuditManager.Finding finding
    ) internal {
        vm.prank(hotKey.addr);
        audits.commit(execId, _hashOf(execId, id, traceRoot, finding));
    }

    function _revealAs(
        Actor memory hotKey,
        Order memory order,
        bytes32 traceRoot,
        IAuditManager.Finding finding
    ) internal returns (uint256) {
        vm.prank(hotKey.addr);
        return audits.reveal(order, traceRoot, finding, "salt");
    }

    /// @dev Commits now and reveals as soon as reveals are open.
    function _audit(Order memory order, bytes32 execId, IAuditManager.Finding finding)
        internal
        returns (uint256 paid)
    {
        bytes32 root = _root(_stepOf(execId));
        _commitAs(verifierHot, verifierId, execId, root, finding);
        skip(C);
        return _revealAs(verifierHot, order, root, finding);
    }

    function _stepOf(bytes32 execId) internal view returns (uint32) {
        return audits.stepOf(_deliveryEpoch, execId, STEPS);
    }

    uint40 internal _deliveryEpoch;

    function _deliver(bytes32 jobId) internal override {
        super._deliver(jobId);
        _deliveryEpoch = _epochNow();
    }

    function _pool() internal view returns (uint256) {
        return _free(address(audits));
    }
}

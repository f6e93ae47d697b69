// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAuditManager} from "../../contracts/interfaces/IAuditManager.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Role} from "../../contracts/types/Role.sol";
import {Actor} from "../utils/Base.t.sol";
import {Audited} from "../utils/Audited.t.sol";

/// @notice Gas of whole transactions of verifiers; as test/gas/Lifecycle.t.sol.
/// forge-config: default.isolate = true
contract AuditGasTest is Audited {
    Actor private second;
    uint32 private secondId;
    bytes32 private over; // an execution whose audit is

    function setUp() public override {
        super.setUp();
        second = _actor("second");
        secondId = _enrol(Role.Verifier, verifierOwner, second);
        skip(4);
        // The first audit of everybody: accounts and counts are there.
        Order memory order;
        (order,, over) = _sampledJob();
        _audit(order, over, AGREES);
        skip(1 hours);
        c.jobMarket.settle(order);
    }

    function _record(string memory name, uint256 target) private {
        assertLe(vm.snapshotGasLastCall("audits", name), target, name);
    }

    function _note(string memory name) private {
        vm.snapshotGasLastCall("audits", name);
    }

    function test_seeds() external {
        uint40 epoch = _epochNow();
        _close(epoch);
        _note("close an epoch");
        _fulfil(requests, 1);
        _note("fulfil, by Chainlink's mock");
    }

    function test_audit() external {
        (Order memory order,, bytes32 execId) = _sampledJobBeside(over);
        bytes32 root = _root(_stepOf(execId));
        _commitAs(verifierHot, verifierId, execId, root, AGREES);
        _record("commit", 55_000);
        _commitAs(second, secondId, execId, root, AGREES);
        skip(C);
        _revealAs(verifierHot, order, root, AGREES);
        _record("reveal and pay, first of an execution", 95_000);
        _revealAs(second, order, root, AGREES);
        _record("reveal and pay", 95_000);
        skip(1 hours);
        vm.prank(stranger.addr);
        c.jobMarket.settle(order);
        _note("settle, audited");
        audits.release(execId, verifierId);
        _note("release");
    }

    /// @dev One of the first few thousand audits of a network, or one whose place another holds.
    function test_auditInAFreshWord() external {
        (Order memory order,, bytes32 execId) = _sampledJob();
        _audit(order, execId, AGREES);
        _note("reveal and pay, first of an execution, in a fresh word");
    }

    function test_absent() external {
        (, bytes32 jobId,) = _sampledJob();
        skip(2 * (C + R));
        vm.prank(stranger.addr);
        audits.reportAbsent(jobId, verifierId);
        _note("report an absence");
    }

    function test_mismatch() external {
        (Order memory order,, bytes32 execId) = _sampledJob();
        _audit(order, execId, DIFFERS);
        audits.demandTrace(order, model);
        _note("demand the trace");
    }

    function test_withheld() external {
        (Order memory order,,) = _sampledJob();
        vm.prank(verifierHot.addr);
        audits.attestWithheld(order);
        _note("attest that bytes are withheld");
    }
}

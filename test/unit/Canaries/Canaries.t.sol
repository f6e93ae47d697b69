// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAuditManager} from "../../../contracts/interfaces/IAuditManager.sol";
import {ICanaries} from "../../../contracts/interfaces/ICanaries.sol";
import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {FraudProof} from "../../../contracts/types/FraudProof.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Actor} from "../../utils/Base.t.sol";
import {Audited} from "../../utils/Audited.t.sol";

/// @notice E5: jobs whose wrong result was known beforehand.
contract CanariesTest is Audited {
    uint256 private constant ESCROW = 500e18;

    Actor private curator;
    Order private order;
    bytes32 private jobId;
    bytes32 private execId;

    function setUp() public override {
        super.setUp();
        curator = _actor("curator");
        c.canaries.setCurator(curator.addr);
        c.lynToken.approve(address(c.ledger), ESCROW);
        c.ledger.deposit(lyn, address(c.canaries), ESCROW);
        // The result that the provider will deliver is wrong.
        _set(0, Y, 5, _float(999));
        order = _order();
        order.maxAttempts = 1;
        jobId = c.jobMarket.jobIdOf(order);
        execId = _execId(jobId);
    }

    function _commitment() private view returns (bytes32) {
        return c.canaries.hashOf(execId, providerId, _resultRoot(), "pepper");
    }

    /// @dev Before the lock, by more than the delivery is early.
    function _commit() private {
        bytes32 hash = _commitment();
        vm.prank(curator.addr);
        c.canaries.commit(hash);
        skip(2);
    }

    function _run() private {
        assertEq(_lock(order), jobId);
        skip(order.deliverDuration - 1);
        _deliver(jobId);
    }

    function _vouched(IAuditManager.Finding finding) private {
        _commit();
        _run();
        _seed(execId, true);
        _audit(order, execId, finding);
    }

    function test_WhoVouchesForACanaryLosesStake() external {
        vm.expectEmit(address(c.canaries));
        emit ICanaries.CanaryCommitted(_commitment());
        _vouched(AGREES);
        vm.expectRevert(abi.encodeWithSelector(ICanaries.Canaries_NotOpened.selector, execId));
        c.canaries.prove(execId, verifierId);
        vm.expectEmit(address(c.canaries));
        emit ICanaries.CanaryOpened(execId, jobId, providerId, _resultRoot());
        vm.prank(stranger.addr);
        c.canaries.open(order, "pepper");
        assertTrue(c.canaries.isOpened(execId));

        // CAN-4: out of the escrow, a tenth.
        uint256 before = _free(stranger.addr);
        uint256 supply = c.lynToken.totalSupply();
        vm.expectEmit(address(c.canaries));
        emit ICanaries.CanaryProved(execId, verifierId, stranger.addr, FAULT, FAULT / 10);
        vm.prank(stranger.addr);
        assertEq(c.canaries.prove(execId, verifierId), FAULT / 10);
        assertEq(_stakeOf(verifierId), STAKE - FAULT);
        assertEq(_reserved(verifierId), 0);
        assertEq(_free(stranger.addr) - before, FAULT / 10);
        assertEq(supply - c.lynToken.totalSupply(), FAULT, "all of it burnt");
        // CAN-3: once.
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuditManager.AuditManager_NothingReserved.selector, execId, verifierId
            )
        );
        c.canaries.prove(execId, verifierId);
    }

    /// @dev CAN-2: neither paid nor slashed, and the requester has its money back.
    function test_ACanaryIsVoid() external {
        _vouched(DIFFERS);
        c.canaries.open(order, "pepper");
        _assertStatus(jobId, IJobMarket.Status.Refunded);
        assertEq(_stakeOf(providerId), STAKE);
        assertEq(_free(owner.addr), 0);
        assertEq(_committed(requester.addr) + _free(requester.addr), FUNDS);
        assertEq(uint8(c.disputes.executionOf(execId).outcome), uint8(IDisputes.Outcome.Void));
        // Who looked loses nothing.
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuditManager.AuditManager_NothingReserved.selector, execId, verifierId
            )
        );
        c.canaries.prove(execId, verifierId);
        skip(1 hours);
        audits.release(execId, verifierId);
        assertEq(_reserved(verifierId), 0);
    }

    /// @dev The reservation of who vouched does not lapse once the canary is open.
    function test_TimeDoesNotHelpWhoVouched() external {
        _vouched(AGREES);
        c.canaries.open(order, "pepper");
        skip(30 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuditManager.AuditManager_Held.selector, execId, type(uint40).max
            )
        );
        audits.release(execId, verifierId);
        c.canaries.prove(execId, verifierId);
        assertEq(_stakeOf(verifierId), STAKE - FAULT);
    }

    /// @dev What a case may take waits for the case.
    function test_GivenTheAttestationIsDisputed() external {
        _vouched(AGREES);
        bytes32 root = _root(_stepOf(execId));
        bytes32 caseId = c.attestations.open(order, 0, providerId, verifierId, root, AGREES);
        c.canaries.open(order, "pepper");
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuditManager.AuditManager_Held.selector, execId, type(uint40).max
            )
        );
        c.canaries.prove(execId, verifierId);
        vm.warp(c.attestations.caseOf(caseId).closesAt);
        c.attestations.settle(caseId);
        c.canaries.prove(execId, verifierId);
        assertEq(_stakeOf(verifierId), STAKE - FAULT);
    }

    /// @dev What is committed to a canary's proof is returned: it is open before anything can be revealed.
    function test_ACommittedProofOpensIt() external {
        _commit();
        _run();
        _traced(order, 0);
        FraudProof memory proof = _proof(0, LAST, 5);
        bytes32 commitId = _commitProof(stranger.addr, order, proof);
        c.canaries.open(order, "pepper");
        _nextBlock();
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_NotDisputable.selector, execId));
        _prove(stranger.addr, order, proof);
        c.disputes.forfeitCommit(execId, commitId);
        assertEq(_stakeOf(providerId), STAKE);
    }

    // --- CAN-1 ---

    function test_RevertWhen_TheCommitIsNotOlderThanTheLock() external {
        bytes32 hash = _commitment();
        vm.prank(curator.addr);
        c.canaries.commit(hash);
        uint40 at = uint40(block.timestamp);
        assertEq(_lock(order), jobId);
        skip(order.deliverDuration - 1);
        _deliver(jobId);
        vm.expectRevert(abi.encodeWithSelector(ICanaries.Canaries_TooLate.selector, at, at - 1));
        c.canaries.open(order, "pepper");
    }

    function test_RevertWhen_NobodyCommittedToIt() external {
        _commit();
        _run();
        bytes32 hash = c.canaries.hashOf(execId, providerId, _resultRoot(), "salt");
        vm.expectRevert(abi.encodeWithSelector(ICanaries.Canaries_NoCommit.selector, hash));
        c.canaries.open(order, "salt");
    }

    /// @dev CAN-2: another result of the same provider is not exempt.
    function test_RevertWhen_TheResultIsAnother() external {
        _commit();
        _set(0, Y, 6, _float(999));
        _run();
        vm.expectPartialRevert(ICanaries.Canaries_NoCommit.selector);
        c.canaries.open(order, "pepper");
    }

    function test_RevertWhen_ItCallsAConsumerOrReopens() external {
        order.maxAttempts = 2;
        jobId = c.jobMarket.jobIdOf(order);
        execId = _execId(jobId);
        _commit();
        _run();
        vm.expectRevert(abi.encodeWithSelector(ICanaries.Canaries_NotACanary.selector, jobId));
        c.canaries.open(order, "pepper");

        order.maxAttempts = 1;
        order.callback = address(1);
        order.callbackGas = 1;
        order.nonce = nextNonce++;
        order.rampStart = uint40(block.timestamp);
        jobId = c.jobMarket.jobIdOf(order);
        execId = _execId(jobId);
        _commit();
        _run();
        vm.expectRevert(abi.encodeWithSelector(ICanaries.Canaries_NotACanary.selector, jobId));
        c.canaries.open(order, "pepper");
    }

    function test_RevertGiven_NothingIsDelivered() external {
        _commit();
        _lock(order);
        vm.expectRevert(abi.encodeWithSelector(ICanaries.Canaries_NotDelivered.selector, jobId));
        c.canaries.open(order, "pepper");
    }

    // --- Rights ---

    function test_RevertWhen_AStrangerCommits() external {
        vm.expectRevert(
            abi.encodeWithSelector(ICanaries.Canaries_NotCurator.selector, stranger.addr)
        );
        vm.prank(stranger.addr);
        c.canaries.commit("hash");
        vm.startPrank(curator.addr);
        c.canaries.commit("hash");
        assertEq(c.canaries.committedAt("hash"), block.timestamp);
        vm.expectRevert(
            abi.encodeWithSelector(ICanaries.Canaries_CommitExists.selector, bytes32("hash"))
        );
        c.canaries.commit("hash");
    }

    function test_OnlyTheOwnerDisposes() external {
        vm.expectEmit(address(c.canaries));
        emit ICanaries.EscrowWithdrawn(address(7), 1e18);
        c.canaries.withdraw(1e18, address(7));
        assertEq(c.lynToken.balanceOf(address(7)), 1e18);
        vm.expectEmit(address(c.canaries));
        emit ICanaries.CuratorSet(address(7));
        c.canaries.setCurator(address(7));
        vm.startPrank(stranger.addr);
        vm.expectRevert();
        c.canaries.withdraw(1e18, address(7));
        vm.expectRevert();
        c.canaries.setCurator(stranger.addr);
    }

    /// @dev CAN-4: an empty escrow pays nothing, and the verifier is slashed all the same.
    function test_GivenTheEscrowIsEmpty() external {
        c.canaries.withdraw(ESCROW, address(7));
        _vouched(AGREES);
        c.canaries.open(order, "pepper");
        assertEq(c.canaries.prove(execId, verifierId), 0);
        assertEq(_stakeOf(verifierId), STAKE - FAULT);
    }
}

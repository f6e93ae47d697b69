// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AuditDraw} from "../../contracts/audits/AuditDraw.sol";
import {IAuditManager} from "../../contracts/interfaces/IAuditManager.sol";
import {IJobMarket} from "../../contracts/interfaces/IJobMarket.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Audited} from "../utils/Audited.t.sol";

/// @notice Class 21 and RULES D1, D5, E: nobody lives on audits without auditing.
contract AuditAttackTest is Audited {
    /// @dev The result is public, so agreeing with it is no work; the root of a trace is not, and whoever invents one cannot open it.
    function test_ACopyingVerifierIsConvicted() external {
        (Order memory order,, bytes32 execId) = _sampledJob();
        uint32 step = _stepOf(execId);
        bytes32 copied = _resultRoot(); // all that there is to copy
        _commitAs(verifierHot, verifierId, execId, copied, AGREES);
        skip(C);
        uint256 paid = _revealAs(verifierHot, order, copied, AGREES);
        assertEq(paid, 4e18, "paid for now");

        Order memory own = c.attestations.orderOf(order, execId, verifierId);
        c.attestations.open(order, 0, providerId, verifierId, copied, AGREES);
        uint256 before = _free(stranger.addr);
        bytes32 demandId = _demand(own, _traceRequest(step));
        // It has no roots that hash to what it revealed.
        vm.expectRevert();
        this.answerAs(own, demandId, step);
        vm.warp(c.demands.deadlineOf(demandId));
        vm.prank(stranger.addr);
        c.demands.expireDemand(own, demandId);
        c.demands.claimBond(demandId);
        assertEq(_stakeOf(verifierId), STAKE - FAULT);
        assertGt(_free(stranger.addr), before, "who asked has gained");
        assertLt(paid, FAULT, "and copying has not");
    }

    function answerAs(Order memory own, bytes32 demandId, uint32 step) external {
        vm.prank(verifierHot.addr);
        c.demands.answer(own, model, demandId, abi.encode(_tensorRoots(step)));
    }

    /// @dev A root cannot be taken from who revealed first: commits are over by then, and bind the verifier.
    function test_RevertWhen_AnotherRevealIsCopied() external {
        (Order memory order,, bytes32 execId) = _sampledJob();
        bytes32 root = _root(_stepOf(execId));
        // Committed to somebody else's hash.
        bytes32 hash = _hashOf(execId, verifierId + 1, root, AGREES);
        vm.prank(verifierHot.addr);
        audits.commit(execId, hash);
        skip(C);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NoCommit.selector, execId, verifierId)
        );
        _revealAs(verifierHot, order, root, AGREES);
    }

    /// @dev D5: requester, provider and all verifiers are one. Whatever fee it names, however its draws fall and whichever round it waits for, the pool gives back less than the fees that it takes.
    function testFuzz_FarmingThePoolLoses(uint128 fee, uint16 first, uint16 second, uint16 split)
        external
        pure
    {
        fee = uint128(bound(fee, 1, 1e30));
        IAuditManager.AuditSnapshot memory terms;
        (terms.ratePpm, terms.seats, terms.payBps) = (50_000, 300, 8_000);
        uint256 best;
        for (uint8 round; round < 2; ++round) {
            // Any number of seats, revealed in two parts.
            uint256 seats = round == 0 ? first : second;
            uint256 part = seats == 0 ? 0 : split % (seats + 1);
            uint256 paid =
                _due(fee, terms, 0, part, round) + _due(fee, terms, part, seats - part, round);
            if (paid > best) best = paid;
        }
        // One of 20 executions is sampled: 20 fees for it.
        assertLe(best * terms.ratePpm, uint256(fee) * 1e6 * terms.payBps / 10_000);
        assertLt(best * terms.ratePpm, uint256(fee) * 1e6);
    }

    /// @dev As AuditManager pays: compared with it below.
    function _due(
        uint256 fee,
        IAuditManager.AuditSnapshot memory terms,
        uint256 before,
        uint256 seats,
        uint8 round
    ) private pure returns (uint256) {
        uint256 expected = AuditDraw.expectedOf(terms.seats, round);
        if (before * 100 >= expected) return 0;
        uint256 counted = seats * 100;
        if (counted > expected - before * 100) counted = expected - before * 100;
        return fee * terms.payBps * counted * 1e6 / (10_000 * uint256(terms.ratePpm) * expected);
    }

    /// @dev The same on the contracts: 40 jobs among friends, all audited by friends. What they took out of the pool is less than what they put in.
    function test_FriendsLoseTheirFees() external {
        uint256 pool = _pool();
        uint256 sampled;
        for (uint256 i; i < 40; ++i) {
            (Order memory order, bytes32 jobId) = _delivered();
            bytes32 execId = _execId(jobId);
            uint40 epoch = _epochNow();
            _close(epoch);
            _fulfil(requests, uint256(keccak256(abi.encode(i))));
            if (audits.isSampled(epoch, execId)) {
                ++sampled;
                assertEq(
                    _audit(order, execId, AGREES),
                    _due(0.5e18, audits.snapshotOf(1), 0, 3, 0),
                    "as computed above"
                );
            }
            skip(1 hours);
            c.jobMarket.settle(order);
            if (audits.isSampled(epoch, execId)) audits.release(execId, verifierId);
        }
        assertGt(sampled, 0);
        assertEq(_pool(), pool + 40 * 0.5e18 - sampled * 4e18);
        // One of ten is sampled, and gives back 8 fees.
        assertLt(uint256(4e18) * 100_000 / 1e6, uint256(0.5e18));
    }

    /// @dev D1: provider and verifier agree that the audit differs, to live on the pool's bond: the answer earns its gas.
    function test_AFalseMismatchEarnsNothing() external {
        (Order memory order,, bytes32 execId) = _sampledJob();
        uint256 coalition = _free(owner.addr) + _free(verifierOwner.addr);
        uint256 paid = _audit(order, execId, DIFFERS);
        bytes32 demandId = audits.demandTrace(order, model);
        _answerTrace(order, demandId, _stepOf(execId));
        uint96 gas = c.demands.demandOf(demandId).answerGas;
        skip(1 hours);
        c.jobMarket.settle(order);
        c.demands.claimBond(demandId);
        IJobMarket.Job memory job = c.jobMarket.jobOf(c.jobMarket.jobIdOf(order));
        uint256 price = uint256(job.price) * 9_850 / 10_000 - uint256(job.price) * 500 / 10_000;
        assertApproxEqAbs(
            _free(owner.addr) + _free(verifierOwner.addr) - coalition, paid + price + gas, 2
        );
    }

    /// @dev A verifier reports itself: it loses more than it gets back.
    function test_ReportingOneselfLoses() external {
        (, bytes32 jobId,) = _sampledJob();
        skip(2 * (C + R));
        uint256 before = _free(verifierOwner.addr);
        vm.prank(verifierOwner.addr);
        audits.reportAbsent(jobId, verifierId);
        uint256 gained = _free(verifierOwner.addr) - before;
        uint256 lost = STAKE - _stakeOf(verifierId);
        assertEq(gained, lost * 4 / 10);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDisputes} from "../../contracts/interfaces/IDisputes.sol";
import {FraudProof} from "../../contracts/types/FraudProof.sol";
import {Order} from "../../contracts/types/Order.sol";
import {CarriedJob} from "../utils/CarriedJob.t.sol";

/// @notice Gas of whole transactions of a dispute, and that what is repaid for it covers it: an honest challenger never loses money (DESIGN 6.4).
/// forge-config: default.isolate = true
contract DisputesGasTest is CarriedJob {
    uint256 internal constant LYN_PER_GAS = 1e12;

    /// @dev Repaid gas covers what was used, and not the double of it.
    function _assertCovered(uint256 repaid, uint256 used, string memory name) internal pure {
        assertGe(repaid, used * LYN_PER_GAS, name);
        assertLe(repaid, 2 * used * LYN_PER_GAS, name);
    }

    function test_Dispute() public {
        _set(1, Y, 0, _float(1));
        (Order memory order,) = _delivered();
        bytes32 demandId = _demand(order, _traceRequest(1));
        uint256 used = vm.snapshotGasLastCall("disputes", "demand a trace, first touch");
        _assertCovered(c.demands.demandOf(demandId).askerGas, used, "demand");

        _answerTrace(order, demandId, 1);
        used = vm.snapshotGasLastCall("disputes", "post a trace of 1");
        IDisputes.Demand memory asked = c.demands.demandOf(demandId);
        _assertCovered(asked.answerGas, used, "answer");

        demandId = _demand(order, _chunkRequest(1, H, 0, 2));
        used = vm.snapshotGasLastCall("disputes", "demand 2 chunks");
        _assertCovered(c.demands.demandOf(demandId).askerGas, used, "demand chunks");
        _answer(order, demandId, _chunkPayload(1, H, 0, 2));
        used = vm.snapshotGasLastCall("disputes", "open 2 chunks");
        _assertCovered(c.demands.demandOf(demandId).answerGas, used, "answer chunks");

        demandId = _demand(order, _outputRequest(1));
        _answer(order, demandId, _outputPayload(1));
        used = vm.snapshotGasLastCall("disputes", "open an output");
        _assertCovered(c.demands.demandOf(demandId).answerGas, used, "answer output");

        FraudProof memory proof = _proof(1, LAST, 0);
        bytes32 commitId = _commitProof(stranger.addr, order, proof);
        used = vm.snapshotGasLastCall("disputes", "commit a proof");
        _assertCovered(c.disputes.commitOf(commitId).gas, used, "commit");
        uint256 spent = used;
        uint96 committed = c.disputes.commitOf(commitId).gas;

        _fund(publisher.addr, FUNDS);
        vm.prank(publisher.addr);
        c.ledger.deposit(lyn, publisher.addr, 1_000e18);
        bytes32 lateId = _commitProof(publisher.addr, order, proof);
        _nextBlock();
        uint256 before = _free(stranger.addr);
        _prove(stranger.addr, order, proof);
        used = vm.snapshotGasLastCall("disputes", "prove fraud, Add of two chunks");
        before = _free(stranger.addr) - before - 250e18 - 5e18; // what was paid
        _assertCovered(before - committed, used, "prove");
        assertGe(before, (spent + used) * LYN_PER_GAS);

        before = _free(publisher.addr);
        _prove(publisher.addr, order, proof);
        used = vm.snapshotGasLastCall("disputes", "late proof");
        _claimLate(order, lateId);
        _assertCovered(_free(publisher.addr) - before - 5e18 - committed, used, "late");

        c.demands.claimBond(demandId);
        vm.snapshotGasLastCall("disputes", "claim a bond");
    }

    function _claimLate(Order memory order, bytes32 commitId) private {
        bytes32 execId = _execId(c.jobMarket.jobIdOf(order));
        vm.warp(c.disputes.executionOf(execId).finalAt);
        c.disputes.claimLate(execId, commitId);
    }

    function test_Expire() public {
        (Order memory order,) = _delivered();
        bytes32 demandId = _demand(order, _traceRequest(1));
        uint96 bond = c.demands.demandOf(demandId).bond;
        skip(20);
        uint256 before = _free(publisher.addr);
        vm.prank(publisher.addr);
        c.demands.expireDemand(order, demandId);
        uint256 used = vm.snapshotGasLastCall("disputes", "expire a demand");
        _assertCovered(_free(publisher.addr) - before - 10 * uint256(bond), used, "expire");
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {FraudProof, Opening, WitnessClaim} from "../../../contracts/types/FraudProof.sol";
import {LongRows} from "../../utils/LongRows.t.sol";
import {TreeBuilder} from "../../utils/TreeBuilder.sol";

/// @notice A7: a verifier that searches block by block asks for one value after the other. However slow the answers, every one opens the time for the next demand, and for the proof that follows from the last.
contract SlowSearchTest is LongRows {
    /// @dev Most blocks of a model are 64: log2 of them, the last boundary, and the values of a block one by one.
    uint32 internal constant ROUNDS = 20;

    function test_ASearchOutlastsAProviderThatTakesAllItsTime() public {
        data[A] = _i64(12);
        _run();
        for (uint32 k; k < ROUNDS; ++k) {
            // At the last moment that is open to the next demand.
            vm.warp(_closesAt() - 1);
            bytes32 demandId =
                k == 0 ? _askTensor() : _ask(IDisputes.Request(IDisputes.Kind.Chunk, 0, X, k, 1));
            uint40 deadline = c.demands.deadlineOf(demandId);
            if (k == 0) {
                _open(demandId, S, 0, 79);
                vm.warp(deadline - 1);
                _open(demandId, S, 80, 156);
            } else {
                vm.warp(deadline - 1);
                _open(demandId, X, k, k);
            }
        }
        // What it leads to is proved in the last second.
        bytes32 witness = _ask(IDisputes.Request(IDisputes.Kind.Witness, 0, A, 0, 0));
        uint32[] memory twelve = new uint32[](1);
        twelve[0] = 12;
        vm.warp(c.demands.deadlineOf(witness) - 1);
        vm.prank(hot.addr);
        c.demands.answer(order, model, witness, abi.encode(twelve));
        vm.warp(c.disputes.executionOf(execId).finalAt - 1);
        _convict(WitnessClaim(A, twelve, 300));
    }

    function test_RevertWhen_TheNextDemandComesALittleLater() public {
        _run();
        vm.warp(_closesAt());
        bytes memory entry = entries[X];
        bytes32[] memory path = TreeBuilder.path(entryHashes, X);
        vm.prank(stranger.addr);
        vm.expectPartialRevert(IDisputes.Disputes_Closed.selector);
        c.demands
            .demand(order, model, IDisputes.Request(IDisputes.Kind.Chunk, 0, X, 0, 1), entry, path);
    }

    /// @dev First moment at which no value can be demanded any more.
    function _closesAt() internal view returns (uint40) {
        return c.disputes.executionOf(execId).chunksClose;
    }

    function _askTensor() internal returns (bytes32) {
        return _ask(IDisputes.Request(IDisputes.Kind.Tensor, 0, S, 0, 157));
    }

    function _open(bytes32 demandId, uint32 value, uint32 first, uint32 last) internal {
        bytes memory payload = abi.encode(
            entries[value],
            TreeBuilder.path(entryHashes, value),
            _opening(value, first, last),
            new bytes32[](0)
        );
        c.demands.answer(order, model, demandId, payload);
    }

    function _convict(WitnessClaim memory claim) internal {
        Opening[] memory openings = new Opening[](2);
        openings[0] = _opening(R, 0, 2);
        openings[1] = _opening(A, 0, 0);
        FraudProof memory proof = _proofOf(ARG_MAX, 0, 0, openings);
        bytes32 hash = keccak256(
            abi.encode(
                block.chainid, execId, stranger.addr, keccak256(abi.encode(proof)), bytes32("salt")
            )
        );
        vm.prank(stranger.addr);
        c.disputes.commitProof(order, hash);
        vm.roll(block.number + 1);
        skip(1);
        vm.prank(stranger.addr);
        c.disputes.proveByWitness(order, claim, proof, "salt");
        _assertStatus(jobId, IJobMarket.Status.Convicted);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDisputes} from "../../contracts/interfaces/IDisputes.sol";
import {FraudProof} from "../../contracts/types/FraudProof.sol";
import {Order} from "../../contracts/types/Order.sol";
import {CarriedJob} from "../utils/CarriedJob.t.sol";

/// @notice Writes what the contracts call things, and the bytes of answers that they accepted, for the sdk to agree with: snapshots/identifiers.json, read by
/// test/differential/identifiers.test.ts.
contract IdentifiersTest is CarriedJob {
    string private constant KEY = "identifiers";

    function test_WritesIdentifiers() public {
        Order memory order = _order();
        order.callback = address(0xca11);
        order.callbackGas = 123;
        order.allowedRoot = keccak256("allowed");
        order.nonce = (7 << 8) + 3;
        bytes32 jobId = c.jobMarket.jobIdOf(order);
        bytes32 execId = c.disputes.execIdOf(jobId, 2, 77);
        vm.serializeUint(KEY, "chainId", block.chainid);
        vm.serializeAddress(KEY, "jobMarket", address(c.jobMarket));
        vm.serializeBytes(KEY, "order", abi.encode(order));
        vm.serializeBytes32(KEY, "jobId", jobId);
        vm.serializeBytes32(KEY, "execId", execId);

        FraudProof memory proof = _proof(1, ADD, 260);
        vm.serializeAddress(KEY, "prover", stranger.addr);
        vm.serializeBytes(KEY, "proof", abi.encode(proof));
        vm.serializeBytes32(KEY, "commitment", _hash(stranger.addr, execId, proof, "salt"));

        order = _order();
        jobId = _lock(order);
        _deliver(jobId);
        _accepted(order, "traceAnswer", _traceRequest(1), abi.encode(_tensorRoots(1)));
        _accepted(order, "outputAnswer", _outputRequest(1), _outputPayload(1));
        _accepted(
            order, "chunkAnswer", _chunkRequest(1, STATE, 1, 1), _chunkPayload(1, STATE, 1, 1)
        );
        vm.writeJson(vm.serializeUint(KEY, "steps", STEPS), "snapshots/identifiers.json");
    }

    function _accepted(
        Order memory order,
        string memory name,
        IDisputes.Request memory request,
        bytes memory payload
    ) private {
        _answer(order, _demand(order, request), payload);
        vm.serializeBytes(KEY, name, payload);
    }
}

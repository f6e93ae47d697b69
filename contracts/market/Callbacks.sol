// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ICallbacks} from "../interfaces/ICallbacks.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {ILynodeConsumer} from "../interfaces/ILynodeConsumer.sol";
import {Order} from "../types/Order.sol";
import {ResultRoot} from "./ResultRoot.sol";

/// @title Callbacks
/// @dev TRUST: JobMarket, for what is settled; consumers for nothing. No owner.
/// TOKENS: none held; fees wait in the escrow of the Ledger since the lock. LIVENESS: nothing pauses it; a consumer can only fail itself.
/// ROUNDING: none. CLOCKS: block time, for reclaims only. PROPERTIES: CAL-1, CAL-2, CAL-3.
contract Callbacks is ICallbacks {
    /// @notice Most bytes of outputs in a callback.
    uint256 public constant MAX_OUTPUT_BYTES = 8_192;

    /// @notice After finality, how long a callback can be made before its fee can be reclaimed.
    uint40 public constant CLAIM_PERIOD = 30 days;

    /// @dev Gas between the check and the call: the account access, and what the call's own opcodes take.
    uint256 private constant CALL_OVERHEAD = 10_000;

    /// @notice What is settled.
    IJobMarket public immutable MARKET;

    /// @notice Where the fees wait.
    ILedger public immutable LEDGER;

    /// @inheritdoc ICallbacks
    mapping(bytes32 jobId => bool) public isDone;

    constructor(IJobMarket market, ILedger ledger) {
        MARKET = market;
        LEDGER = ledger;
    }

    /// @inheritdoc ICallbacks
    function callback(
        Order calldata order,
        IJobMarket.SmallOutput[] calldata outputs,
        Path calldata proof
    ) external returns (bool ok) {
        (bytes32 jobId, IJobMarket.Job memory job) = _close(order);
        bytes memory output = _verified(order, outputs, proof, jobId, job.resultRoot);
        if (order.callbackFee != 0) {
            LEDGER.credit(order.payToken, msg.sender, order.callbackFee);
        }
        ok = _call(order, jobId, output);
        emit CalledBack(jobId, order.callback, msg.sender, ok);
    }

    /// @inheritdoc ICallbacks
    function reclaim(Order calldata order) external {
        (bytes32 jobId, IJobMarket.Job memory job) = _close(order);
        uint40 until = job.time + job.window + CLAIM_PERIOD;
        require(block.timestamp >= until, Callbacks_ClaimOpen(jobId, until));
        emit FeeReclaimed(jobId, order.requester, order.callbackFee);
        LEDGER.credit(order.payToken, order.requester, order.callbackFee);
    }

    /// @dev CAL-1: one way out a job, and only out of a settled one.
    function _close(Order calldata order)
        private
        returns (bytes32 jobId, IJobMarket.Job memory job)
    {
        jobId = MARKET.jobIdOf(order);
        require(order.callback != address(0), Callbacks_NoCallback(jobId));
        job = MARKET.jobOf(jobId);
        require(job.status == IJobMarket.Status.Settled, Callbacks_NotSettled(jobId, job.status));
        require(!isDone[jobId], Callbacks_Done(jobId));
        isDone[jobId] = true;
    }

    /// @dev CAL-2. The outputs, joined, if the last segment of the result root holds them.
    function _verified(
        Order calldata order,
        IJobMarket.SmallOutput[] calldata outputs,
        Path calldata proof,
        bytes32 jobId,
        bytes32 resultRoot
    ) private view returns (bytes memory output) {
        for (uint256 i = 0; i < outputs.length; ++i) {
            output = bytes.concat(output, outputs[i].data);
        }
        require(
            output.length <= MAX_OUTPUT_BYTES,
            Callbacks_OutputTooLarge(output.length, MAX_OUTPUT_BYTES)
        );
        bytes32 root = ResultRoot.ofLastStep(outputs, proof.carriedRoot, order.steps, proof.path);
        require(root == resultRoot, Callbacks_WrongOutput(jobId, resultRoot, root));
    }

    /// @dev CAL-3. All but a 64th of what is left goes along; nothing of what comes back is copied (class 12).
    function _call(Order calldata order, bytes32 jobId, bytes memory output)
        private
        returns (bool ok)
    {
        bytes memory data = abi.encodeCall(ILynodeConsumer.onResult, (jobId, output));
        uint256 callbackGas = order.callbackGas;
        address consumer = order.callback;
        uint256 needed = callbackGas * 64 / 63 + CALL_OVERHEAD;
        require(gasleft() >= needed, Callbacks_NotEnoughGas(gasleft(), needed));
        assembly ("memory-safe") {
            ok := call(callbackGas, consumer, 0, add(data, 32), mload(data), 0, 0)
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Order} from "../types/Order.sol";
import {IJobMarket} from "./IJobMarket.sol";

/// @title ICallbacks
/// @notice Brings verified outputs to contracts (D9), in a call of its own after settlement, so that nothing that a consumer does can touch a settlement.
/// @dev Properties: CAL-1 one call or one reclaim a job; CAL-2 a consumer gets only bytes that the settled result root commits to; CAL-3 a call gets all the gas that its order names, or reverts.
interface ICallbacks {
    /// @param carriedRoot Tree over the carried outputs of the last step; the SHA-256 of nothing for a model that carries nothing.
    /// @param path Of the last segment in `resultRoot`.
    struct Path {
        bytes32 carriedRoot;
        bytes32[] path;
    }

    error Callbacks_NotSettled(bytes32 jobId, IJobMarket.Status status);
    error Callbacks_NoCallback(bytes32 jobId);
    error Callbacks_Done(bytes32 jobId);
    error Callbacks_WrongOutput(bytes32 jobId, bytes32 expected, bytes32 actual);
    error Callbacks_OutputTooLarge(uint256 bytes_, uint256 maximum);
    error Callbacks_NotEnoughGas(uint256 left, uint256 needed);
    error Callbacks_ClaimOpen(bytes32 jobId, uint40 until);

    /// @param ok Whether the consumer returned; the fee is paid either way.
    event CalledBack(
        bytes32 indexed jobId, address indexed consumer, address indexed caller, bool ok
    );
    event FeeReclaimed(bytes32 indexed jobId, address indexed requester, uint128 fee);

    /// @notice Calls the order's consumer with the outputs of the last step and credits the order's `callbackFee` to the caller. Anyone may call.
    /// @param outputs Not carried, in graph order, 8 kB together at most.
    function callback(
        Order calldata order,
        IJobMarket.SmallOutput[] calldata outputs,
        Path calldata proof
    ) external returns (bool ok);
    /// @notice A month after finality without a call (its output is too large or nobody has it): returns the fee to the requester.
    function reclaim(Order calldata order) external;
    function isDone(bytes32 jobId) external view returns (bool);
}

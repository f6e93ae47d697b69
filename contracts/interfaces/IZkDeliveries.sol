// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Order} from "../types/Order.sol";
import {IZkModels} from "./IZkModels.sol";

/// @title IZkDeliveries
/// @notice Deliveries of class zk: a result that comes with its proof is final, and paid, in the same transaction.
/// @dev The public numbers of a proof are recomputed here, from the bytes that the order commits to and from the delivered numbers, so a valid proof of anything else fails. A proof of the same model, input and output
/// that somebody else made is as true as one's own: only the provider of the lock can deliver it.
/// Properties: ZKD-1 nothing is paid without an accepted proof for each step; ZKD-2 the delivered root is of the proved numbers.
interface IZkDeliveries {
    /// @notice One step.
    /// @param inputs Committed bytes of each input.
    /// @param outputs Numbers of each output as the circuit has them: whole, `2^scale` times the result.
    struct ProvedStep {
        bytes[] inputs;
        int256[][] outputs;
        bytes proof;
    }

    error ZkDeliveries_WrongShape(bytes32 modelId);
    error ZkDeliveries_WrongCount(bytes32 what, uint256 actual, uint256 expected);
    /// @notice The bytes are not those that the order names.
    error ZkDeliveries_WrongInput(bytes32 inputRoot, bytes32 expected);

    /// @param tensors For each step and output, in order: the float32 bytes.
    event ProvedDelivered(bytes32 indexed jobId, bytes32 resultRoot, bytes[] tensors);

    /// @notice Only the hot key that locked the job, before its deadline.
    /// @param shape As the model's binding hashes it.
    /// @param steps One proof for each step of the order.
    function deliverProved(
        Order calldata order,
        IZkModels.Shape calldata shape,
        ProvedStep[] calldata steps
    ) external;
}

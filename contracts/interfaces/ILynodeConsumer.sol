// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title ILynodeConsumer
/// @notice A contract that gets the outputs of its jobs. See contracts/examples.
interface ILynodeConsumer {
    /// @notice Called once by Callbacks, after the job is settled, with no more gas than the order's `callbackGas`. Check that `msg.sender` is Callbacks and that the job is one of yours.
    /// @param output Committed bytes (docs/protocol.md section 2) of the outputs of the last step that are not carried, one after the other in graph order.
    function onResult(bytes32 jobId, bytes calldata output) external;
}

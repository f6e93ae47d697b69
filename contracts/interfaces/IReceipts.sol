// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Order} from "../types/Order.sol";

/// @title IReceipts
/// @notice A requester's word that the outputs of an execution arrived (A12). It waives demands for outputs, never proofs.
/// @dev Properties: RCP-1 only the requester of the order, by call or by signature; RCP-2 a receipt is of one execution and cannot be taken back.
interface IReceipts {
    /// @notice Nothing was delivered under the order.
    error Receipts_NotDelivered(bytes32 jobId);
    /// @notice The signature is not the requester's receipt of this execution.
    error Receipts_BadReceipt(bytes32 execId);

    event OutputsWaived(bytes32 indexed execId, bytes32 indexed jobId);

    /// @notice Waives output demands of the order's delivered execution.
    /// @param signature EIP-712 `Receipt(bytes32 execId)` of the requester, domain `Lynode Receipts`, version `1`; ignored if the requester calls.
    function waiveOutputs(Order calldata order, bytes calldata signature) external;

    function isWaived(bytes32 execId) external view returns (bool);
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IReceipts} from "../interfaces/IReceipts.sol";
import {Order} from "../types/Order.sol";
import {ExecutionId} from "../libraries/ExecutionId.sol";

/// @title Receipts
/// @dev TRUST: JobMarket, to say what was delivered. TOKENS: none. CLOCKS: none. PROPERTIES: RCP-1, RCP-2.
contract Receipts is IReceipts, EIP712 {
    bytes32 private constant RECEIPT_TYPEHASH = keccak256("Receipt(bytes32 execId)");

    /// @notice Orders and deliveries.
    IJobMarket public immutable MARKET;

    /// @inheritdoc IReceipts
    mapping(bytes32 execId => bool) public isWaived;

    constructor(IJobMarket market) EIP712("Lynode Receipts", "1") {
        MARKET = market;
    }

    /// @inheritdoc IReceipts
    function waiveOutputs(Order calldata order, bytes calldata signature) external {
        bytes32 jobId = MARKET.jobIdOf(order);
        IJobMarket.Job memory job = MARKET.jobOf(jobId);
        require(job.status == IJobMarket.Status.Delivered, Receipts_NotDelivered(jobId));
        bytes32 execId = ExecutionId.derive(jobId, job.attempt, job.providerId);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(RECEIPT_TYPEHASH, execId)));
        require(
            msg.sender == order.requester
                || SignatureChecker.isValidSignatureNowCalldata(order.requester, digest, signature),
            Receipts_BadReceipt(execId)
        ); // RCP-1
        isWaived[execId] = true; // RCP-2
        emit OutputsWaived(execId, jobId);
    }
}

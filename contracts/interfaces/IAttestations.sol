// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {FraudProof} from "../types/FraudProof.sol";
import {Order} from "../types/Order.sol";
import {IAuditManager} from "./IAuditManager.sol";
import {IDisputes} from "./IDisputes.sol";
import {IJobMarket} from "./IJobMarket.sol";

/// @title IAttestations
/// @notice What a drawn verifier attested, its own trace root of one step, as a case that Demands and Disputes treat like an execution: with an order (`orderOf`) whose `jobId` is the case, the
/// verifier in place of the provider, and `faultSlash` in place of the collateral (E2, E3). All their moves are made with that order.
/// @dev A case answers for its own step and its own activations only: a graph output in it is the provider's. Within a segment of several steps nobody commits to the state that the step began with: the verifier answers
/// for the steps before it in the segment as well, their activations and what they carried, down to the state that the provider committed to (B8). Properties: ATT-1 a case is of exactly what the verifier revealed; ATT-2 nothing of
/// the provider's convicts a verifier (E3); ATT-3 a case convicts once, and takes what AuditManager keeps reserved for it.
interface IAttestations {
    /// @param closesAt Last second in which it can be disputed, plus one: the end of the reveals + W.
    struct Case {
        bytes32 execId; // that was audited
        uint32 verifierId;
        uint32 step;
        bytes32 traceRoot;
        uint40 openedAt;
        uint40 closesAt;
        IJobMarket.Status status; // Delivered, Settled or Convicted
        bytes32 resultRoot; // of the execution: the carried state that the step began with
    }

    /// @notice The verifier has not revealed exactly this.
    error Attestations_NotAttested(bytes32 execId, uint32 verifierId);
    /// @notice Nothing of the execution is delivered: it was voided, or the order is another one.
    error Attestations_NotDelivered(bytes32 execId);
    error Attestations_CaseExists(bytes32 caseId);
    error Attestations_UnknownCase(bytes32 caseId);
    error Attestations_Closed(bytes32 caseId, uint40 closedAt);
    error Attestations_NotFinal(bytes32 caseId, uint40 closesAt);
    error Attestations_NotDisputes(address caller);
    /// @notice The verifier does not answer for that: another step, or a value of the provider's.
    error Attestations_NotItsOwn(bytes32 caseId);

    /// @param order The case's: what every call to Demands and Disputes takes.
    event CaseOpened(
        bytes32 indexed execId,
        uint32 indexed verifierId,
        bytes32 indexed caseId,
        Order order,
        uint32 step,
        bytes32 traceRoot
    );
    event CaseConvicted(bytes32 indexed caseId, uint32 indexed verifierId, uint96 slashed);
    event CaseSettled(bytes32 indexed caseId);

    /// @notice Opens the case of an attestation, so that its verifier can be asked and convicted. Anyone may call, until the end of the reveals + W.
    /// @param order That was audited; `attempt` and `providerId` say which execution of it.
    function open(
        Order calldata order,
        uint8 attempt,
        uint32 providerId,
        uint32 verifierId,
        bytes32 traceRoot,
        IAuditManager.Finding finding
    ) external returns (bytes32 caseId);
    /// @notice After the case is final: bonds can be claimed. Anyone may call.
    function settle(bytes32 caseId) external;

    // --- For Demands and Disputes, as JobMarket has them ---

    /// @notice The case in the form of a job; `status` None if there is none.
    function jobOf(bytes32 caseId) external view returns (IJobMarket.Job memory);
    /// @notice Only Disputes: the first touch.
    function freeze(bytes32 caseId) external;
    /// @notice Only Disputes: slashes the verifier through AuditManager.
    function convict(Order calldata order, uint96 payout, address recipient) external;
    /// @notice Reverts unless the verifier answers for what is asked (ATT-2): of its step the trace, activations and the state that it began with within its segment; of the steps before it in the segment what they carried, too.
    /// @param valueKind Kind of the value of the request, 0 without one.
    /// @param inside Whether the value is a state within a segment.
    /// @param segment Steps of a segment of the model.
    function checkRequest(
        bytes32 caseId,
        IDisputes.Request calldata request,
        uint8 valueKind,
        bool inside,
        uint32 segment
    ) external view;
    /// @notice Reverts unless the element that a proof calls wrong is the verifier's own (ATT-2).
    function checkProof(bytes32 caseId, FraudProof calldata proof) external view;
    /// @notice Reverts if a posted trace of the audited step is not what was revealed (ATT-1).
    function checkTrace(bytes32 caseId, uint32 step, bytes32 root) external view;

    // --- Views ---

    /// @notice The order that stands for an attestation. Its model, steps, input and parameters are those of the audited order.
    function orderOf(Order calldata order, bytes32 execId, uint32 verifierId)
        external
        view
        returns (Order memory);
    function caseOf(bytes32 caseId) external view returns (Case memory);
    /// @notice The case of a verifier's attestation of an execution, 0 while nobody has opened it.
    function caseIdOf(bytes32 execId, uint32 verifierId) external view returns (bytes32);
    /// @notice Whether a case is open: AuditManager keeps what the verifier's commit reserved until it is not, and the time for opening one is over.
    function isOpen(bytes32 execId, uint32 verifierId) external view returns (bool);
}

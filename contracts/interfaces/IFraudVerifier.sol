// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IDisputes} from "./IDisputes.sol";
import {ExecutionRoots, FraudProof} from "../types/FraudProof.sol";
import {Interval} from "../types/Interval.sol";
import {ModelHeader} from "../types/ModelHeader.sol";

/// @title IFraudVerifier
/// @notice Judges fraud proofs and openings against the roots of an execution. Holds no money and no state.
/// @dev Properties: FV-1 an element is judged only against operands that the same execution committed to; FV-2 no byte of a proof is believed that does not hash to a
/// committed root; FV-3 a checker's revert is never an answer (A10).
interface IFraudVerifier {
    /// @notice The header does not hash to the model id.
    error FraudVerifier_WrongModel(bytes32 expected, bytes32 actual);
    /// @notice The step is not one of the job.
    error FraudVerifier_NoSuchStep(uint32 step, uint32 steps);
    /// @notice The entries do not hash to the manifest root.
    error FraudVerifier_WrongManifest(bytes32 expected, bytes32 actual);
    /// @notice An entry that the proof needs is not among its entries.
    error FraudVerifier_MissingEntry(uint32 leaf);
    /// @notice The value is a weight, derived, or inside a segment: the execution committed to none such at this step.
    error FraudVerifier_NotCommitted(uint32 value);
    /// @notice A chain of derived values is longer than 8 (B5).
    error FraudVerifier_TooDeep(uint32 node);
    /// @notice A checker asked for an operand or an element that the node does not have.
    error FraudVerifier_BadRange(uint16 opcode, uint8 operand);
    /// @notice Entries, openings or chunks are not in ascending order.
    error FraudVerifier_NotAscending(uint32 index);
    /// @notice The chunks do not hash to the data root, or the data root not to the committed one.
    error FraudVerifier_WrongOpening(uint32 value);
    /// @notice A value or chunk that the checker reads is not opened.
    error FraudVerifier_MissingOpening(uint32 value, uint32 chunk);
    /// @notice The opened activations do not hash to the trace root.
    error FraudVerifier_WrongTrace(bytes32 expected, bytes32 actual);
    /// @notice The answer opens something else than was asked for.
    error FraudVerifier_WrongAnswer();
    /// @notice No checker serves the opcode in the version that the model pinned.
    error FraudVerifier_NoChecker(uint16 version, uint16 opcode);
    /// @notice The node has no such output, or the output no such element.
    error FraudVerifier_NoSuchElement(uint32 output, uint32 element);

    /// @notice Evaluates one element.
    /// @return claimed Bit pattern that the execution committed to.
    /// @return honest The values an honest machine can have produced from the execution's own operands.
    /// @return fraud Whether `claimed` is not among them.
    function judge(ExecutionRoots calldata roots, uint16 checkerVersion, FraudProof calldata proof)
        external
        view
        returns (uint64 claimed, Interval memory honest, bool fraud);

    /// @notice Checks that a demand asks for something that an honest provider can open (A4): a step of the job, fields that its kind uses, and for chunks up to 32 chunks of a
    /// value that is committed (no weight, not derived). Reverts with the errors of IDisputes where it names one.
    /// @param entry Manifest entry of the value of a chunk demand; `entryProof` its proof; else empty.
    /// @return kind Kind of that value, plus `INSIDE` where it is a state within a segment; 0 for other demands.
    function checkRequest(
        bytes32 modelId,
        uint32 steps,
        ModelHeader calldata model,
        IDisputes.Request calldata request,
        bytes calldata entry,
        bytes32[] calldata entryProof
    ) external view returns (uint8 kind);

    /// @notice Reverts unless the answer opens exactly these chunks of that value as the execution committed to them at `step`.
    /// @param answer `ChunkAnswer`, ABI-encoded as four arguments.
    function checkOpening(
        ExecutionRoots calldata roots,
        ModelHeader calldata model,
        IDisputes.Request calldata request,
        bytes calldata answer
    ) external view;

    /// @notice Reverts unless the answer opens the outputs of that step's segment in `resultRoot` (B8).
    /// @param answer `OutputAnswer`, ABI-encoded as three arguments.
    function checkOutput(
        ExecutionRoots calldata roots,
        ModelHeader calldata model,
        uint32 step,
        bytes calldata answer
    ) external view;

    /// @notice Root of the tree over what the steps of a segment carried; reverts unless there is one root a step, and the last is the committed one (B8).
    /// @param answer `StepAnswer`, ABI-encoded as three arguments.
    function statesRoot(
        ExecutionRoots calldata roots,
        ModelHeader calldata model,
        uint32 step,
        bytes calldata answer
    ) external view returns (bytes32);

    /// @notice Root of the trace with these tensor roots; reverts unless there is one for each activation.
    function traceRoot(bytes32 modelId, ModelHeader calldata model, bytes32[] calldata tensorRoots)
        external
        view
        returns (bytes32);
}

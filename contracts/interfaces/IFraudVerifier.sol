// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ExecutionRoots, FraudProof} from "../types/FraudProof.sol";
import {Interval} from "../types/Interval.sol";

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
    /// @notice Only boundary values are opened whole (A7).
    error FraudVerifier_NotABoundary(uint32 value);
    /// @notice The witness is of another value than the proof's element, or the operator takes none.
    error FraudVerifier_NoWitness(uint16 opcode);
    /// @notice Not all terms are absorbed, or there are fewer.
    error FraudVerifier_WrongPart(uint32 term, uint32 terms);
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
}

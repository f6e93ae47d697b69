// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ExecutionRoots} from "../types/FraudProof.sol";
import {ModelHeader} from "../types/ModelHeader.sol";
import {IDisputes} from "./IDisputes.sol";

/// @title IAnswerVerifier
/// @notice Checks demands and their answers against the roots of an execution. Holds no money and no state; errors are those of IFraudVerifier and IDisputes.
/// @dev Properties: FV-2 of IFraudVerifier; AV-1 whatever passes as a request can be answered by whoever ran the model honestly (A4).
interface IAnswerVerifier {
    /// @notice Checks that a demand asks for something that an honest provider can open (A4): a step of the job (for the states of a segment its first one), fields that its kind uses, up to 32 chunks of a
    /// value that is committed (no weight, not derived), all chunks of such a value that is a boundary, or a witness for an element of an activation or output. Reverts with the errors of IDisputes where it names one.
    /// @param entry Manifest entry of the value of a chunk, tensor or witness demand; `entryProof` its proof; else empty.
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

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ModelHeader} from "../types/ModelHeader.sol";
import {Order} from "../types/Order.sol";
import {IDisputes} from "./IDisputes.sol";

/// @title IDemands
/// @notice Demands and their answers: what a provider must open, by when, and what its silence costs. Types and errors are those of IDisputes, which keeps the executions.
/// @dev Properties: DIS-2, DIS-4 and DIS-5 of IDisputes.
interface IDemands {
    event Demanded(
        bytes32 indexed execId,
        bytes32 indexed demandId,
        address indexed asker,
        bytes32 jobId,
        IDisputes.Request request,
        uint96 bond,
        uint40 deadline
    );
    event TracePosted(
        bytes32 indexed execId,
        bytes32 indexed demandId,
        uint32 step,
        bytes32 traceRoot,
        bytes32[] tensorRoots
    );
    /// @param step First of the segment. @param carriedRoots What each of its steps carried.
    event StatesPosted(
        bytes32 indexed execId,
        bytes32 indexed demandId,
        uint32 step,
        bytes32 statesRoot,
        bytes32[] carriedRoots
    );
    event OutputOpened(
        bytes32 indexed execId,
        bytes32 indexed demandId,
        uint32 step,
        bytes32 carriedRoot,
        bytes32 outputsRoot
    );
    event ChunksOpened(
        bytes32 indexed execId,
        bytes32 indexed demandId,
        uint32 step,
        uint32 value,
        uint32 chunk,
        bytes32 dataRoot,
        bytes data
    );
    /// @param element Logical index in the value. @param positions In the row that it comes from.
    event WitnessNamed(
        bytes32 indexed execId,
        bytes32 indexed demandId,
        uint32 step,
        uint32 value,
        uint32 element,
        uint32[] positions
    );
    event DemandExpired(bytes32 indexed execId, bytes32 indexed demandId, address indexed caller);
    event BondClaimed(
        bytes32 indexed demandId,
        address indexed asker,
        uint96 toAsker,
        uint96 toProvider,
        uint96 burnt
    );

    /// @notice Obliges the provider to open something by a deadline of its own (A3, A4, A11). Bond from the caller's free LYN.
    /// @param entry, entryProof Manifest entry of the value of a chunk, tensor or witness demand; else empty.
    function demand(
        Order calldata order,
        ModelHeader calldata model,
        IDisputes.Request calldata request,
        bytes calldata entry,
        bytes32[] calldata entryProof
    ) external returns (bytes32 demandId);

    /// @notice Answers a demand; anyone who has the bytes may. Reverts unless the answer is the committed one.
    /// @param payload Trace: `abi.encode(bytes32[] tensorRoots)`. Output: `abi.encode(bytes32 carriedRoot, bytes32 outputsRoot, bytes32[] path)`, path of the segment in `resultRoot`.
    /// Step: `abi.encode(bytes32[] carriedRoots, bytes32 outputsRoot, bytes32[] path)`, the last root being the committed one (B8).
    /// Chunk: `abi.encode(bytes entry, bytes32[] entryProof, Opening opening, bytes32[] traceProof)`. Tensor: the same, any number of chunks from the first one that is not opened yet, until all are.
    /// Witness: `abi.encode(uint32[] positions)`.
    function answer(
        Order calldata order,
        ModelHeader calldata model,
        bytes32 demandId,
        bytes calldata payload
    ) external;

    /// @notice The deadline of a demand passed: withholding is fraud (A2).
    function expireDemand(Order calldata order, bytes32 demandId) external;

    /// @notice After the outcome: pays out the bond of a demand. Anyone may call.
    function claimBond(bytes32 demandId) external;

    function demandIdOf(bytes32 execId, IDisputes.Request calldata request)
        external
        pure
        returns (bytes32);

    function demandOf(bytes32 demandId) external view returns (IDisputes.Demand memory);

    /// @notice When the demand can expire now: later than its first deadline if the sequencer was down meanwhile (A3).
    function deadlineOf(bytes32 demandId) external view returns (uint40);

    function openDemandsOf(bytes32 execId, address asker) external view returns (uint8);

    function traceRootOf(bytes32 execId, uint32 step) external view returns (bytes32);

    /// @notice Tree over what the steps of a segment carried, as the answer to its step demand said; 0 before (B8).
    function statesRootOf(bytes32 execId, uint32 segment) external view returns (bytes32);

    /// @notice keccak256 of the answer to a witness demand, `abi.encode(positions)`; 0 before.
    function witnessOf(bytes32 demandId) external view returns (bytes32);

    /// @notice Bond that a request costs now, in LYN wei.
    function bondOf(Order calldata order, IDisputes.Request calldata request, uint32 activations)
        external
        view
        returns (uint96);
}

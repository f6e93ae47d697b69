// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {FraudProof, Place} from "../types/FraudProof.sol";
import {Order} from "../types/Order.sol";

/// @title IAccumulations
/// @notice Fraud proofs of elements that one transaction cannot carry (A9): the terms of a reduction are absorbed part by part, by anybody, and the last call judges the element with the verdict that a proof in one
/// transaction would have. Property numbers are those of IDisputes; errors about executions too.
/// @dev Properties: ACC-1 an accumulation keeps an execution open for R after its last step and no longer, and every step absorbs a least number of terms, so it ends; ACC-2 one that does not convict
/// shields nothing and forfeits its bond; ACC-3 who absorbed gets its gas of a conviction, whoever convicted.
interface IAccumulations {
    enum Status {
        None,
        Open,
        Judged,
        Claimed
    }

    /// @param digest keccak256 of the state, which the events carry.
    struct Accumulation {
        bytes32 execId;
        address opener;
        Status status;
        uint40 liveUntil; // R after the last step
        uint32 absorbed; // terms
        uint96 bond;
        bytes32 digest;
    }

    error Accumulations_Exists(bytes32 accumulationId);
    error Accumulations_NotOpen(bytes32 accumulationId, Status status);
    /// @notice Nobody advanced it in time.
    error Accumulations_Lapsed(bytes32 accumulationId, uint40 liveUntil);
    error Accumulations_StillLive(bytes32 accumulationId, uint40 liveUntil);
    error Accumulations_WrongState(bytes32 accumulationId, bytes32 digest);
    /// @notice A step absorbs at least this many terms, or all that are left.
    error Accumulations_TooFewTerms(uint32 count, uint32 least);
    error Accumulations_NoGas(bytes32 accumulationId, address account);

    event AccumulationOpened(
        bytes32 indexed execId,
        bytes32 indexed accumulationId,
        address indexed opener,
        Place place,
        uint40 liveUntil
    );
    /// @param state What the next step takes.
    event Absorbed(
        bytes32 indexed execId,
        bytes32 indexed accumulationId,
        address indexed sender,
        uint32 absorbed,
        uint32 terms,
        uint40 liveUntil,
        bytes state
    );
    event Judged(
        bytes32 indexed execId,
        bytes32 indexed accumulationId,
        address indexed sender,
        uint64 claimed,
        int64 low,
        int64 high,
        bool fraud
    );
    event BondClaimed(bytes32 indexed accumulationId, uint96 bond, address indexed recipient);
    event GasClaimed(bytes32 indexed accumulationId, address indexed account, uint96 paid);

    /// @notice Begins to judge an element, before the execution is final. Bond from the caller's free LYN.
    function open(Order calldata order, Place calldata place)
        external
        returns (bytes32 accumulationId);
    /// @notice Absorbs the next `count` terms. Anyone may call.
    /// @param state As the last step left it; empty at first.
    /// @param proof Of the place, opening the operands' elements of these terms.
    function absorb(
        Order calldata order,
        Place calldata place,
        address opener,
        bytes calldata state,
        uint32 count,
        FraudProof calldata proof
    ) external;
    /// @notice Judges the element once all terms are absorbed: convicts, or closes the accumulation. Anyone may call; the bounty is the opener's.
    /// @param proof Of the place, opening the element, and what the checker reads besides the terms.
    function judge(
        Order calldata order,
        Place calldata place,
        address opener,
        bytes calldata state,
        FraudProof calldata proof
    ) external;
    /// @notice Sends the bond of one that lapsed, or was judged, to the provider; back to the opener if the execution was convicted or voided. Anyone may call.
    function claimBond(bytes32 accumulationId) external;
    /// @notice After a conviction: pays what an account spent on steps, as far as D1 left room for it. Anyone may call.
    function claimGas(bytes32 accumulationId, address account) external;

    function accumulationIdOf(bytes32 execId, address opener, Place calldata place)
        external
        pure
        returns (bytes32);
    function accumulationOf(bytes32 accumulationId) external view returns (Accumulation memory);
    function gasOf(bytes32 accumulationId, address account) external view returns (uint96);
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {FraudProof, WitnessClaim} from "../types/FraudProof.sol";
import {ModelHeader} from "../types/ModelHeader.sol";
import {Order} from "../types/Order.sol";

/// @title IDisputes
/// @notice Records, fraud proofs and finality of executions; types and errors of their demands (IDemands). Until an execution is final anyone may do any of this; a failed attempt shields nothing.
/// @dev Properties: DIS-1 an execution convicts at most once; DIS-2 after the outcome every bond is claimed exactly once and Disputes holds nothing of it; DIS-3 no settlement while a demand or commit is
/// live (A6); DIS-4 an answered demand never convicts; DIS-5 deadlines never run while the sequencer is down (A3); DIS-6 payouts out of a slash stay within D1.
interface IDisputes {
    /// @dev Step (B8): of the states within a segment.
    enum Kind {
        Trace,
        Output,
        Chunk,
        Tensor,
        Witness,
        Step
    }

    enum DemandStatus {
        None,
        Open,
        Answered,
        Expired,
        Claimed
    }

    /// @param value Of chunk, tensor and witness demands; else 0.
    /// @param chunk The first one of a chunk demand; of a witness demand the logical index of the element; else 0.
    /// @param count Chunks of a chunk demand; of a tensor demand all that the value has; else 0.
    struct Request {
        Kind kind;
        uint32 step;
        uint32 value;
        uint32 chunk;
        uint32 count;
    }

    /// @param chunk Of a tensor demand: the first chunk that no answer has opened yet.
    struct Demand {
        bytes32 execId;
        address asker;
        Kind kind;
        DemandStatus status;
        uint32 step;
        uint32 value;
        uint32 chunk;
        uint32 count;
        uint40 madeAt;
        uint40 deadline;
        uint16 burnBps; // of what the bond holds besides the answer's gas
        uint96 bond;
        uint96 askerGas; // LYN wei of the asker's metered gas, repaid on conviction
        uint96 answerGas; // LYN wei of the answer's metered gas
        bool ofOutput; // asks for a graph output, or is the audit pool's: an answer earns its gas only (A5, D5)
    }

    enum Outcome {
        Open,
        Settled,
        Convicted,
        Void
    }

    /// @param finalAt First moment of a settlement, if no demand or commit is live. After a conviction: end of the late proofs.
    /// @param chunksClose Chunk demands close here; 0 before the first answer.
    struct Execution {
        Outcome outcome;
        uint40 finalAt;
        uint40 queueEnd;
        uint40 chunksClose;
        uint40 convictedAt;
        uint16 liveDemands;
        uint40 lastCommitLive; // no settlement before this time
        uint32 providerId;
    }

    /// @param block_ Number of the block of the commit; a reveal needs a later one.
    struct Commit {
        bytes32 execId;
        address prover;
        uint40 madeAt;
        uint40 block_;
        uint40 revealBy;
        uint96 bond;
        uint96 gas; // LYN wei of the commit's metered gas
    }

    /// @notice Pushed by Parameters (F2). Times in seconds, amounts in LYN wei.
    struct DisputeSnapshot {
        uint24 chunkWindow; // W2
        uint24 proofWindow; // P
        uint24 grace; // g: least answer time
        uint24 reveal; // R
        uint24 perChunk; // extra answer time per chunk, in milliseconds
        uint8 openDemands; // open demands an asker and execution
        uint16 burnBps; // of an unsuccessful bond
        uint16 bountyBps; // of the slash, to the prover
        uint16 reserveBps; // of the slash, for earlier commits (A6)
        uint96 bond; // of a demand, besides gas
        uint96 commitBond;
        uint96 lynPerGas;
    }

    error Disputes_NotDisputable(bytes32 execId);
    error Disputes_NotFinal(bytes32 execId, uint40 finalAt);
    error Disputes_Closed(bytes32 execId, uint40 closedAt);
    error Disputes_DemandExists(bytes32 demandId);
    error Disputes_TooManyOpen(address asker, uint256 maximum);
    error Disputes_OutOfRange(uint32 index, uint32 limit);
    error Disputes_KindNotServed(Kind kind);
    error Disputes_NoTrace(bytes32 execId, uint32 step);
    error Disputes_EmptyTrace(bytes32 execId);
    error Disputes_UnknownDemand(bytes32 demandId);
    error Disputes_DemandNotOpen(bytes32 demandId, DemandStatus status);
    error Disputes_DeadlinePassed(bytes32 demandId, uint40 deadline);
    error Disputes_DeadlineRunning(bytes32 demandId, uint40 deadline);
    error Disputes_Waived(bytes32 execId);
    error Disputes_NotProvider(address caller);
    error Disputes_NoCommit(bytes32 commitId);
    error Disputes_CommitExists(bytes32 commitId);
    error Disputes_TooEarly(bytes32 commitId);
    error Disputes_RevealClosed(bytes32 commitId, uint40 closedAt);
    error Disputes_RevealOpen(bytes32 commitId, uint40 closedAt);
    error Disputes_NotFraud(bytes32 execId, uint64 claimed, int64 low, int64 high);
    error Disputes_OutcomeOpen(bytes32 execId);
    error Disputes_SequencerDown();
    error Disputes_NotMarket(address caller);
    error Disputes_NotParameters(address caller);
    error Disputes_SnapshotExists(uint32 version);
    /// @notice Fields that a kind does not use must be 0, so that equal demands have equal ids (A4).
    error Disputes_UnusedField(Kind kind);
    /// @notice No segment of several steps begins with this step (B8).
    error Disputes_NoSegment(uint32 step);
    /// @notice The value is a state within a segment, and the step demand for that segment has not been answered (B8).
    error Disputes_NoStates(bytes32 execId, uint32 step);
    error Disputes_NothingReserved(bytes32 execId);
    /// @notice The caller is none of the contracts that take part in disputes.
    error Disputes_NotAPart(address caller);
    /// @notice Shares of the reserve are paid once the last commit that may reveal has done so.
    error Disputes_NoLateProof(bytes32 commitId);
    error Disputes_NotAuditManager(address caller);

    event FinalityMoved(bytes32 indexed execId, uint40 finalAt);
    event ProofCommitted(
        bytes32 indexed execId, bytes32 indexed commitId, address indexed prover, uint40 revealBy
    );
    event CommitForfeited(bytes32 indexed execId, bytes32 indexed commitId, uint96 toProvider);
    event Convicted(
        bytes32 indexed execId,
        bytes32 indexed jobId,
        address indexed prover,
        uint96 slashed,
        uint96 paid
    );
    event FraudProved(
        bytes32 indexed execId,
        address indexed prover,
        uint32 step,
        uint32 node,
        uint32 output,
        uint32 element,
        uint64 claimed,
        int64 low,
        int64 high
    );
    /// @param gas LYN wei of gas that `claimLate` pays, pro rata if the reserve does not reach.
    event LateProof(
        bytes32 indexed execId, bytes32 indexed commitId, address indexed prover, uint96 gas
    );
    event LateClaimed(
        bytes32 indexed execId, bytes32 indexed commitId, address indexed prover, uint96 paid
    );
    event ReserveBurnt(bytes32 indexed execId, uint96 amount);
    event CommitReturned(bytes32 indexed execId, bytes32 indexed commitId, address indexed prover);
    event Finalised(bytes32 indexed execId, bytes32 indexed jobId);
    /// @notice Neither paid nor slashed: a quorum of auditors could not get its bytes (A7).
    event Voided(bytes32 indexed execId, bytes32 indexed jobId);
    event SnapshotPushed(uint32 indexed version, DisputeSnapshot snapshot);

    /// @notice Commits to a proof: `hash = keccak256(abi.encode(block.chainid, execId, msg.sender, keccak256(abi.encode(proof)), salt))` (A6). Bond from the caller's free LYN.
    function commitProof(Order calldata order, bytes32 hash) external returns (bytes32 commitId);
    /// @notice Reveals, a block or more after the commit. A valid proof convicts; after a conviction an earlier commit gets its gas from the reserve.
    function proveFraud(Order calldata order, FraudProof calldata proof, bytes32 salt) external;
    /// @notice As `proveFraud`, for an element that the provider's own witness decides (A8): it is judged by the elements at the witness's positions and one more.
    function proveByWitness(
        Order calldata order,
        WitnessClaim calldata claim,
        FraudProof calldata proof,
        bytes32 salt
    ) external;
    /// @notice R after a conviction: pays a late proof its gas, or its share of the reserve. Anyone may call.
    function claimLate(bytes32 execId, bytes32 commitId) external;
    /// @notice Sends the bond of an expired commit to the provider (or back to the prover if the execution was convicted before it expired).
    function forfeitCommit(bytes32 execId, bytes32 commitId) external;
    /// @notice R after a conviction: burns what late proofs have left of the reserve.
    function burnReserve(bytes32 execId) external;

    /// @notice Only JobMarket, and Attestations for its cases, at settlement of a frozen execution: reverts unless it is final (DIS-3).
    function finalise(bytes32 jobId, uint8 attempt, uint32 providerId) external;
    /// @notice Only AuditManager, before the outcome: no pay, no slash, the job opens again; every bond returns (A7).
    function voidExecution(Order calldata order) external;
    /// @notice Only Demands and Accumulations: what they made of the record. The first touch freezes the job.
    /// @param gasOwed LYN wei of an asker's gas, to be repaid on conviction.
    function record(bytes32 jobId, bytes32 execId, Execution calldata execution, uint96 gasOwed)
        external;
    /// @notice Only Demands, when a deadline passed (A2), and Accumulations, when an element was found wrong (A9).
    /// @param gas, bounty In LYN wei, for `caller`, as far as D1 has room.
    function convict(Order calldata order, address caller, uint256 gas, uint256 bounty) external;
    /// @notice Only Demands and Accumulations, after a conviction: takes an asker's share of the gas that is owed, in LYN wei.
    function repay(bytes32 execId, uint96 gas) external returns (uint96 share);
    /// @notice Only Parameters.
    function pushSnapshot(uint32 version, DisputeSnapshot calldata snapshot) external;

    function execIdOf(bytes32 jobId, uint8 attempt, uint32 providerId)
        external
        pure
        returns (bytes32);
    function executionOf(bytes32 execId) external view returns (Execution memory);
    function commitIdOf(bytes32 execId, address prover, bytes32 hash)
        external
        pure
        returns (bytes32);
    function commitOf(bytes32 commitId) external view returns (Commit memory);
    /// @notice What is left of the reserve for earlier commits, in LYN wei (A6).
    function reserveOf(bytes32 execId) external view returns (uint96);
    function snapshotOf(uint32 version) external view returns (DisputeSnapshot memory);
}

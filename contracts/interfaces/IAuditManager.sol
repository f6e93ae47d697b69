// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ModelHeader} from "../types/ModelHeader.sol";
import {Order} from "../types/Order.sol";

/// @title IAuditManager
/// @notice Paid watching (RULES E): after an epoch a seed that nobody knew at delivery samples executions and draws verifiers by stake; each commits to its own trace root of a seed-chosen
/// step, reveals it, and is paid out of the pool, which is this contract's account in the Ledger.
/// @dev The epoch of an execution is the time of its delivery / EPOCH. Sampled iff `uint256(keccak256(abi.encode(seed, execId))) % 1e6 < ratePpm`. Every window is [start, end):
/// round 0 commits in [seedAt, seedAt + C) and reveals in the R seconds after; if nobody revealed, round 1 draws at twice the rate and does the same once more.
/// A verifier that reveals has `faultSlash` of its stake reserved until `release`. Without any verifier's stake at the end of an epoch nobody is drawn, and nothing waits for reveals.
/// Properties: AUD-1 an epoch has one seed, and it is younger than everything it judges; AUD-2 a verifier is paid once an execution, only for seats that the draw gave it, and all of them together for no more seats than were expected;
/// AUD-3 a sampled execution is not final before reveal end + W; AUD-4 nobody who revealed in time is slashed for absence, and nobody twice, neither for absence nor for a fault; AUD-5 qEff is never above q x completed / due;
/// AUD-6 the pool pays no more than it has; AUD-7 executions share words, and no word counts for two of them: one is another's only after the audit that it holds is over.
interface IAuditManager {
    /// @notice What a verifier found: the delivered result is right (its own bits, or inside every bound), or it is not.
    enum Finding {
        None,
        Agrees,
        Differs
    }

    /// @notice What became of a seat.
    enum Attestation {
        None,
        Committed,
        Revealed,
        Absent, // reported and slashed
        Withheld // says that it could not get the bytes
    }

    /// @notice Pushed by Parameters; an epoch keeps the version that was current when it was closed. Times in seconds, amounts in LYN wei, kept to a millionth of a LYN, rounded down.
    struct AuditSnapshot {
        uint32 ratePpm; // q: how many executions are sampled
        uint32 detectionPpm; // P(draw not empty) x P(an audit finds a fraud)
        uint16 seats; // expected seats of a draw, in hundredths
        uint24 commitWindow; // C
        uint24 revealWindow; // R
        uint24 reportWindow; // after the reveals, for reports of absence
        uint16 payBps; // of the fees that arrive for a seat: verificationFee / (q x seats)
        uint16 minDue; // audits due before qEff follows what was completed
        uint96 absentSlash;
        uint96 faultSlash; // for a fault, a withheld opening or a canary
    }

    /// @param seed 0 while there is none.
    /// @param version Snapshot that governs the epoch.
    /// @param fallbackBlock Whose prevrandao replaces a seed that does not come.
    /// @param requestedAt When the oracle was asked last.
    /// @param totalStake Of all verifiers in the epoch's last second, in LYN wei, rounded up to whole LYN.
    struct Epoch {
        uint160 seed;
        uint40 seedAt;
        uint32 version;
        uint40 closedAt;
        uint40 requestedAt;
        uint64 fallbackBlock;
        uint96 totalStake;
    }

    /// @notice Seats, of a sampled execution.
    struct Audit {
        uint16 agreeing;
        uint16 differing;
        uint16 withheld;
        uint8 round; // of the first reveal
        bool demanded; // the pool has demanded the trace
        bool counted;
    }

    error AuditManager_NotMarket(address caller);
    error AuditManager_NotParameters(address caller);
    error AuditManager_NotAttestations(address caller);
    error AuditManager_NotCanaries(address caller);
    error AuditManager_EpochOpen(uint40 epoch, uint40 endsAt);
    error AuditManager_AlreadyClosed(uint40 epoch);
    error AuditManager_NotClosed(uint40 epoch);
    error AuditManager_SeedExists(uint40 epoch);
    error AuditManager_NoSeed(uint40 epoch);
    error AuditManager_TooEarly(uint40 epoch, uint40 at, uint64 atBlock);
    /// @notice The header is not that of the block, or the block is beyond reach.
    error AuditManager_WrongHeader(uint64 block_);
    error AuditManager_NotAVerifier(address caller);
    error AuditManager_NotSampled(bytes32 execId);
    error AuditManager_NotDrawn(bytes32 execId, uint32 verifierId);
    error AuditManager_NoCommit(bytes32 execId, uint32 verifierId);
    error AuditManager_AlreadyAttested(bytes32 execId, uint32 verifierId);
    error AuditManager_WrongTime(bytes32 execId, uint40 start, uint40 end);
    error AuditManager_BadFinding();
    /// @notice Nothing is reserved of the verifier for this execution: never revealed, released, or slashed.
    error AuditManager_NothingReserved(bytes32 execId, uint32 verifierId);
    /// @notice Who could not send transactions is not absent (A3).
    error AuditManager_SequencerWasDown(uint40 upSince);
    error AuditManager_NotDelivered(bytes32 jobId);
    error AuditManager_NoMismatch(bytes32 execId);
    error AuditManager_AlreadyDemanded(bytes32 execId);
    error AuditManager_Held(bytes32 execId, uint40 until);
    error AuditManager_AlreadyCounted(bytes32 execId);
    error AuditManager_SnapshotExists(uint32 version);
    error AuditManager_NoSnapshot();

    event EpochClosed(
        uint40 indexed epoch, uint32 version, uint256 requestId, uint64 fallbackBlock
    );
    /// @notice The oracle was asked again.
    event SeedRequested(uint40 indexed epoch, uint256 requestId);
    /// @notice For an alert: no request went out, so the epoch waits for its fallback, or for `requestSeed`.
    event OracleUnavailable(uint40 indexed epoch, bytes reason);
    /// @notice The fallback block was not read in time: a later one takes its place.
    event FallbackMoved(uint40 indexed epoch, uint64 fallbackBlock);
    /// @param fallback_ Whether it is a block's prevrandao, not Chainlink's.
    event SeedDrawn(
        uint40 indexed epoch, uint160 seed, uint32 ratePpm, uint32 qEffPpm, bool fallback_
    );
    /// @notice A word of the oracle that came after the fallback, and changes nothing.
    event SeedIgnored(uint40 indexed epoch, uint256 requestId);
    event Committed(bytes32 indexed execId, uint32 indexed verifierId);
    /// @param paid In wei of the order's pay token, into the Ledger account of the verifier's owner.
    event Revealed(
        bytes32 indexed execId,
        uint32 indexed verifierId,
        uint32 step,
        uint16 seats,
        Finding finding,
        bytes32 traceRoot,
        uint256 paid
    );
    event AbsentReported(
        bytes32 indexed execId, uint32 indexed verifierId, address indexed reporter, uint96 slashed
    );
    event FaultSlashed(
        bytes32 indexed execId, uint32 indexed verifierId, uint96 slashed, uint96 paid
    );
    /// @notice The verifier's stake is free again.
    event ReserveReleased(bytes32 indexed execId, uint32 indexed verifierId, uint96 amount);
    event WithheldAttested(bytes32 indexed execId, uint32 indexed verifierId, uint16 seats);
    event AuditVoided(bytes32 indexed execId);
    event MismatchDemanded(bytes32 indexed execId, bytes32 indexed demandId, uint32 step);
    event AuditClosed(bytes32 indexed execId, bool completed);
    event OraclePaid(address indexed token, address indexed to, uint256 amount);
    event SubscriptionSet(uint256 subscriptionId, bytes32 keyHash);
    event SnapshotPushed(uint32 indexed version, AuditSnapshot snapshot);

    // --- Seeds ---

    /// @notice Closes an epoch that has ended: fixes its stake snapshot (its last second), asks Chainlink VRF for a word, and fixes the block that will do if none comes (E1). Anyone may call.
    function closeEpoch(uint40 epoch) external;
    /// @notice N seconds after the last request, with no word: asks once more. Anyone may call.
    function requestSeed(uint40 epoch) external;
    /// @notice N seconds after the closing, with no word: takes the prevrandao of the fixed block out of its header. Anyone may call.
    /// @dev Weakness: the proposer of that block may withhold it (one bit for one block reward), and where a late word of the oracle is seen coming, whoever is faster chooses between the two. On chains without
    /// a beacon (a constant prevrandao) the oracle is required.
    /// @param header RLP of the block's header. A block out of reach is replaced by a later one.
    function fallbackSeed(uint40 epoch, bytes calldata header) external;

    // --- Verifiers ---

    /// @notice Commits the caller, a verifier's hot key: `hash = keccak256(abi.encode(execId, verifierId, traceRoot, finding, salt))`. Replaces an earlier commit. Who is not drawn, or commits outside the window, has only spent gas.
    function commit(bytes32 execId, bytes32 hash) external;
    /// @notice Reveals, checks the draw, reserves `faultSlash` of the verifier's stake and pays out of the pool, as far as it reaches (E2).
    /// @param traceRoot The verifier's own trace root of the step `stepOf`, from the inputs, and the carried state of the step before as it was delivered. Open to demands and proofs (IAttestations).
    /// @return paid In wei of the order's pay token.
    function reveal(Order calldata order, bytes32 traceRoot, Finding finding, bytes32 salt)
        external
        returns (uint256 paid);
    /// @notice A drawn verifier says that bytes which it needs are withheld off chain. Half of the expected seats, and twice those that agree, void the execution (A7). Until reveal end + W.
    function attestWithheld(Order calldata order) external;
    /// @notice After a reveal that differs: demands the trace of the audited step from the provider, bonded by the pool (E4). Anyone may call, once.
    function demandTrace(Order calldata order, ModelHeader calldata model)
        external
        returns (bytes32 demandId);
    /// @notice After the reveals: a small slash for a drawn verifier that did not attest. Recomputes the draw. Anyone may call (E4).
    function reportAbsent(bytes32 jobId, uint32 verifierId) external;

    /// @notice Frees what a reveal reserved, when nothing can be held against it any more (`faultReserveOf` says until when). Anyone may call.
    function release(bytes32 execId, uint32 verifierId) external;

    // --- Attestations and canaries ---

    /// @notice Only Attestations: slashes a verifier for a fault in what it attested, or for withholding it (E3), out of what its reveal reserved. Once an attestation.
    /// @param payout In LYN wei, of `faultReserveOf`, to `recipient` in the Ledger; at most 0.4 of it (D1).
    function slashFault(bytes32 execId, uint32 verifierId, uint96 payout, address recipient)
        external;
    /// @notice Only Canaries: slashes a verifier that vouched for a canary, once and all of it burnt.
    /// @return slashed In LYN wei.
    function slashCanary(bytes32 execId, uint32 verifierId) external returns (uint96 slashed);
    /// @notice Only Canaries: voids an execution whose wrong result was committed beforehand (E5).
    function voidCanary(Order calldata order) external;
    /// @notice LYN wei that `slashFault` takes: `faultSlash` of the epoch's snapshot, reserved by the reveal. Kept until the end of the reveals + W, as long as
    /// `IAttestations.isOpen`, and until somebody calls `release`; 0 afterwards.
    function faultReserveOf(bytes32 execId, uint32 verifierId) external view returns (uint96);

    // --- The market ---

    /// @notice Only JobMarket, when it settles a sampled execution: reverts before `heldUntil`, and counts the audit as due, and as completed if anybody revealed.
    function finalise(bytes32 execId, uint40 deliveredAt, uint24 window) external;
    /// @notice Until when audits keep an execution open: 0 if it is not sampled, the largest time while the seed is missing, else the end of the reveals + window. Grows when nobody
    /// revealed in round 0. Demands and proofs stay open at least so long.
    function heldUntil(bytes32 execId, uint40 deliveredAt, uint24 window)
        external
        view
        returns (uint40);

    // --- Money ---

    /// @notice Only the owner: pays for the oracle's subscription out of the pool. Into it pays whoever deposits for this contract in the Ledger.
    function payOracle(address token, address to, uint256 amount) external;
    /// @notice Only the owner.
    function setSubscription(uint256 subscriptionId, bytes32 keyHash) external;
    /// @notice Only Parameters.
    function pushSnapshot(uint32 version, AuditSnapshot calldata snapshot) external;

    // --- Views ---

    function epochOf(uint40 epoch) external view returns (Epoch memory);
    /// @notice What was counted: kept until the execution is settled and no absence can be reported any more, or for 90 days if nobody settles it. Afterwards a later execution may take its word.
    function auditOf(bytes32 execId) external view returns (Audit memory);
    /// @notice Whether a verifier revealed exactly this.
    function isAttested(bytes32 execId, uint32 verifierId, bytes32 traceRoot, Finding finding)
        external
        view
        returns (bool);
    function attestationOf(bytes32 execId, uint32 verifierId) external view returns (Attestation);
    function isSampled(uint40 epoch, bytes32 execId) external view returns (bool);
    /// @notice Seats that the draw gives a verifier: linear in its stake at the end of the epoch, the fraction decided by the seed.
    function seatsOf(uint40 epoch, bytes32 execId, uint32 verifierId, uint8 round)
        external
        view
        returns (uint16);
    /// @notice The step that the auditors of an execution attest.
    function stepOf(uint40 epoch, bytes32 execId, uint32 steps) external view returns (uint32);
    /// @notice End of the reveals of an execution, as far as it is known now.
    function revealEndOf(uint40 epoch, bytes32 execId) external view returns (uint40);
    /// @notice q x detection, never above q x completed / due lately.
    function qEffPpm() external view returns (uint32);
    function snapshotOf(uint32 version) external view returns (AuditSnapshot memory);
    function currentVersion() external view returns (uint32);
}

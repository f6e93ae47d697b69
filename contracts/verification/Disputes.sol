// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IDemands} from "../interfaces/IDemands.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IFraudVerifier} from "../interfaces/IFraudVerifier.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IWitnessVerifier} from "../interfaces/IWitnessVerifier.sol";
import {FraudProof, WitnessClaim} from "../types/FraudProof.sol";
import {Interval} from "../types/Interval.sol";
import {Order} from "../types/Order.sol";
import {CalldataStruct} from "../libraries/CalldataStruct.sol";
import {ExecutionId} from "../libraries/ExecutionId.sol";
import {DisputeBase} from "./DisputeBase.sol";
import {DisputeRecords} from "./DisputeRecords.sol";

/// @title Disputes
/// @dev TRUST: FraudVerifier and WitnessVerifier, to judge; Demands, to count what is open and to say what was withheld; Accumulations, to say what was proved in parts; Attestations, to say what a verifier attested; JobMarket, to say what was delivered and to slash; AuditManager, to void; Parameters, within its bounds, for later orders. No owner.
/// TOKENS: LYN only, as escrow in the Ledger: bonds of commits, and what a slash pays out.
/// LIVENESS: nothing pauses it; only a sequencer-uptime feed that says "down" holds expiries back. No loops over askers: everybody claims an own bond.
/// ROUNDING: payouts and shares down; what is over is burnt, or goes to the last claim.
/// CLOCKS: block time; every window is [start, end). PROPERTIES: DIS-1 to DIS-6.
contract Disputes is IDisputes, DisputeBase {
    using Address for address;
    using DisputeRecords for *;
    using SafeCast for uint256;

    /// @notice The other contracts, fixed for ever.
    struct Config {
        Common common;
        IModelRegistry modelRegistry;
        IFraudVerifier verifier;
        IWitnessVerifier witnesses;
        IDemands demands;
        address accumulations;
        address parameters;
    }

    /// @dev What a slash still has to pay, in LYN wei.
    struct Fund {
        uint96 reserve; // for earlier commits (A6)
        uint96 gasOwed; // to askers who have not claimed
        uint96 gasPaid; // what there is for them
        uint96 lateOwed; // to late proofs, out of the reserve
    }

    /// @dev A proof that came after the conviction, in LYN wei.
    struct Late {
        address prover;
        uint96 gas;
    }

    /// @notice D1: bounty, gas and reserve together, of the slash.
    uint256 public constant MAX_PAYOUT_BPS = 4_000;

    // Gas that a meter does not see, because it is spent after the reading.
    uint256 private constant COMMIT_TAIL = 100_000;
    uint256 private constant CONVICT_TAIL = 270_000;
    uint256 private constant LATE_TAIL = 80_000;

    /// @notice Models.
    IModelRegistry public immutable MODELS;
    /// @notice Judges proofs.
    IFraudVerifier public immutable VERIFIER;
    /// @notice Judges proofs by witness.
    IWitnessVerifier public immutable WITNESSES;
    /// @notice Keeps the demands of the executions.
    IDemands public immutable DEMANDS;
    /// @notice Keeps proofs that take several transactions (A9).
    address public immutable ACCUMULATIONS;
    /// @notice Pushes snapshots.
    address public immutable PARAMETERS;

    mapping(bytes32 execId => uint256) private _executions; // DisputeRecords
    mapping(bytes32 execId => Fund) private _funds;
    mapping(bytes32 commitId => DisputeRecords.Words3) private _commits;
    mapping(bytes32 execId => mapping(bytes32 commitId => Late)) private _late;
    mapping(uint32 version => DisputeRecords.Words3) private _snapshots;

    constructor(Config memory config) DisputeBase(config.common) {
        MODELS = config.modelRegistry;
        VERIFIER = config.verifier;
        WITNESSES = config.witnesses;
        DEMANDS = config.demands;
        ACCUMULATIONS = config.accumulations;
        PARAMETERS = config.parameters;
    }

    modifier onlyParts() {
        require(
            msg.sender == address(DEMANDS) || msg.sender == ACCUMULATIONS,
            Disputes_NotAPart(msg.sender)
        );
        _;
    }

    // ---- proofs ----

    /// @inheritdoc IDisputes
    function commitProof(Order calldata order, bytes32 hash) external returns (bytes32 commitId) {
        Subject memory subject = _subject(order);
        Execution memory execution = _begin(subject); // A6: before it is final
        commitId = commitIdOf(subject.execId, msg.sender, hash);
        require(_commits[commitId].a == 0, Disputes_CommitExists(commitId));

        uint40 revealBy = uint40(block.timestamp) + subject.snapshot.reveal;
        bool fresh = execution.queueEnd == 0;
        _markTouched(execution);
        execution.lastCommitLive = _max(execution.lastCommitLive, revealBy); // DIS-3
        _store(subject.execId, execution);
        uint96 bond = subject.snapshot.commitBond;
        Commit memory commit = Commit({
            execId: subject.execId,
            prover: msg.sender,
            madeAt: uint40(block.timestamp),
            block_: uint40(block.number),
            revealBy: revealBy,
            bond: bond,
            gas: _metered(subject, COMMIT_TAIL)
        });
        _commits[commitId].store(commit);
        emit ProofCommitted(subject.execId, commitId, msg.sender, revealBy);
        LEDGER.spendFree(LYN, msg.sender, bond);
        if (fresh) _docketOf(subject.attested).freeze(subject.jobId);
    }

    /// @inheritdoc IDisputes
    function proveFraud(Order calldata order, FraudProof calldata proof, bytes32 salt) external {
        Subject memory subject = _subject(order);
        // `VERIFIER.judge(roots, version, proof)`, the proof not decoded and encoded again but passed on as it came: six words of roots, the version, where the proof starts.
        bytes memory call = bytes.concat(
            abi.encodeWithSelector(
                IFraudVerifier.judge.selector,
                _roots(order, subject, proof.step, proof.model.segment),
                MODELS.modelOf(order.modelId).checkerVersion, // A10
                uint256(8 * 32)
            ),
            CalldataStruct.bytesOf(proof)
        );
        _prove(order, subject, proof, salt, address(VERIFIER), call);
    }

    /// @inheritdoc IDisputes
    function proveByWitness(
        Order calldata order,
        WitnessClaim calldata claim,
        FraudProof calldata proof,
        bytes32 salt
    ) external {
        Subject memory subject = _subject(order);
        bytes32 demandId = DEMANDS.demandIdOf(
            subject.execId, Request(Kind.Witness, proof.step, claim.value, proof.element, 0)
        );
        require(
            DEMANDS.witnessOf(demandId) == keccak256(abi.encode(claim.positions)),
            Disputes_UnknownDemand(demandId)
        );
        bytes memory call = _witnessCall(order, subject, claim, proof);
        _prove(order, subject, proof, salt, address(WITNESSES), call);
    }

    /// @inheritdoc IDisputes
    function forfeitCommit(bytes32 execId, bytes32 commitId) external {
        Commit memory commit = _commit(commitId);
        require(commit.prover != address(0) && commit.execId == execId, Disputes_NoCommit(commitId));
        Execution memory execution = _load(execId);
        uint40 closedAt = commit.revealBy;
        bool returned = _isLate(execution, commit);
        if (returned) closedAt = execution.convictedAt + commit.revealBy - commit.madeAt;
        if (execution.outcome == Outcome.Void) (returned, closedAt) = (true, 0); // A7
        require(_isOver(closedAt), Disputes_RevealOpen(commitId, closedAt));

        delete _commits[commitId];
        if (returned) {
            emit CommitReturned(execId, commitId, commit.prover);
            _credit(commit.prover, commit.bond);
        } else {
            emit CommitForfeited(execId, commitId, commit.bond);
            _credit(_ownerOf(execution.providerId), commit.bond);
        }
    }

    /// @inheritdoc IDisputes
    function claimLate(bytes32 execId, bytes32 commitId) external {
        Late memory late = _late[execId][commitId];
        require(late.prover != address(0), Disputes_NoLateProof(commitId));
        Execution memory execution = _load(execId);
        // Whoever else may still reveal shares in the reserve.
        require(_isOver(execution.finalAt), Disputes_RevealOpen(execId, execution.finalAt));
        delete _late[execId][commitId];
        Fund memory fund = _funds[execId];
        // SAFETY: at most the reserve.
        uint96 paid = uint96(
            fund.lateOwed > fund.reserve
                ? uint256(late.gas) * fund.reserve / fund.lateOwed
                : late.gas
        );
        fund.lateOwed -= late.gas;
        fund.reserve -= paid;
        _funds[execId] = fund;
        emit LateClaimed(execId, commitId, late.prover, paid);
        _credit(late.prover, paid);
    }

    /// @inheritdoc IDisputes
    function burnReserve(bytes32 execId) external {
        Execution memory execution = _load(execId);
        require(execution.outcome == Outcome.Convicted, Disputes_OutcomeOpen(execId));
        Fund memory fund = _funds[execId];
        uint96 kept = fund.lateOwed < fund.reserve ? fund.lateOwed : fund.reserve;
        uint96 burnt = fund.reserve - kept;
        require(burnt != 0, Disputes_NothingReserved(execId));
        // The last commit that may still reveal does so within R of the conviction.
        require(_isOver(execution.finalAt), Disputes_RevealOpen(execId, execution.finalAt));
        _funds[execId].reserve = kept;
        emit ReserveBurnt(execId, burnt);
        LEDGER.burn(burnt); // D1
    }

    // ---- what Demands and Accumulations tell ----

    /// @inheritdoc IDisputes
    function record(bytes32 jobId, bytes32 execId, Execution calldata execution, uint96 gasOwed)
        external
        onlyParts
    {
        Execution memory before = _load(execId);
        Execution memory after_ = execution;
        _store(execId, after_);
        if (gasOwed != 0) _funds[execId].gasOwed += gasOwed;
        if (before.queueEnd == 0) {
            bool attested = MARKET.jobOf(jobId).status == IJobMarket.Status.None;
            _docketOf(attested).freeze(jobId);
        } else if (before.finalAt != after_.finalAt) {
            emit FinalityMoved(execId, after_.finalAt);
        }
    }

    /// @inheritdoc IDisputes
    function convict(Order calldata order, address caller, uint256 gas, uint256 bounty)
        external
        onlyParts
    {
        Subject memory subject = _subject(order);
        _convict(order, subject, _load(subject.execId), caller, bounty, gas, 0);
    }

    /// @inheritdoc IDisputes
    function repay(bytes32 execId, uint96 gas) external onlyParts returns (uint96 share) {
        Fund memory fund = _funds[execId];
        // SAFETY: gas <= gasOwed, so the share is at most gasPaid.
        share = uint96(uint256(gas) * fund.gasPaid / fund.gasOwed);
        fund.gasOwed -= gas;
        fund.gasPaid -= share;
        _funds[execId] = fund;
    }

    // ---- finality ----

    /// @inheritdoc IDisputes
    function voidExecution(Order calldata order) external {
        require(msg.sender == address(AUDITS), Disputes_NotAuditManager(msg.sender));
        Subject memory subject = _subject(order);
        Execution memory execution = _load(subject.execId);
        require(
            subject.job.status == IJobMarket.Status.Delivered && execution.outcome == Outcome.Open,
            Disputes_NotDisputable(subject.execId)
        ); // DIS-1
        execution.outcome = Outcome.Void;
        execution.providerId = subject.job.providerId;
        _store(subject.execId, execution);
        emit Voided(subject.execId, subject.jobId);
        // A7: neither paid nor slashed; every bond returns. The market's function has this one's name and argument.
        address(MARKET).functionCall(msg.data);
    }

    /// @inheritdoc IDisputes
    function finalise(bytes32 jobId, uint8 attempt, uint32 providerId) external {
        require(
            msg.sender == address(MARKET) || msg.sender == address(ATTESTATIONS),
            Disputes_NotMarket(msg.sender)
        );
        bytes32 execId = execIdOf(jobId, attempt, providerId);
        Execution memory execution = _load(execId);
        require(execution.outcome == Outcome.Open, Disputes_NotDisputable(execId)); // DIS-1
        // DIS-3, A6
        uint40 finalAt = execution.liveDemands == 0
            ? _max(execution.finalAt, execution.lastCommitLive)
            : type(uint40).max;
        require(block.timestamp >= finalAt, Disputes_NotFinal(execId, finalAt));
        execution.outcome = Outcome.Settled;
        _store(execId, execution);
        emit Finalised(execId, jobId);
    }

    /// @inheritdoc IDisputes
    function pushSnapshot(uint32 version, DisputeSnapshot calldata snapshot) external {
        require(msg.sender == PARAMETERS, Disputes_NotParameters(msg.sender));
        require(_snapshots[version].a == 0, Disputes_SnapshotExists(version)); // F2: append-only
        DisputeSnapshot memory pushed = snapshot;
        _snapshots[version].store(pushed);
        emit SnapshotPushed(version, pushed);
    }

    // ---- views ----

    /// @inheritdoc IDisputes
    function execIdOf(bytes32 jobId, uint8 attempt, uint32 providerId)
        public
        pure
        returns (bytes32)
    {
        return ExecutionId.derive(jobId, attempt, providerId); // A1
    }

    /// @inheritdoc IDisputes
    function commitIdOf(bytes32 execId, address prover, bytes32 hash)
        public
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(execId, prover, hash));
    }

    /// @inheritdoc IDisputes
    function executionOf(bytes32 execId) external view returns (Execution memory) {
        return _load(execId);
    }

    /// @inheritdoc IDisputes
    function commitOf(bytes32 commitId) external view returns (Commit memory) {
        return _commit(commitId);
    }

    /// @inheritdoc IDisputes
    function reserveOf(bytes32 execId) external view returns (uint96) {
        return _funds[execId].reserve;
    }

    /// @inheritdoc IDisputes
    function snapshotOf(uint32 version) external view returns (DisputeSnapshot memory) {
        return _snapshot(version);
    }

    // ---- internals: proofs ----

    /// @dev The proof as it came, one word before it, is what `abi.encode(proof)` gives.
    function _commitOf(bytes32 execId, FraudProof calldata proof, bytes32 salt)
        private
        view
        returns (bytes32)
    {
        bytes32 proofHash =
            keccak256(bytes.concat(bytes32(uint256(32)), CalldataStruct.bytesOf(proof)));
        return commitIdOf(
            execId,
            msg.sender,
            keccak256(abi.encode(block.chainid, execId, msg.sender, proofHash, salt))
        );
    }

    /// @dev Whether the commit was live when the execution was convicted (A6).
    function _isLate(Execution memory execution, Commit memory commit) private pure returns (bool) {
        return execution.outcome == Outcome.Convicted && execution.convictedAt < commit.revealBy;
    }

    /// @dev A6: R after the commit, or R after the conviction if the commit was live then.
    function _revealBy(Execution memory execution, Commit memory commit, uint24 reveal)
        private
        pure
        returns (uint40)
    {
        return _isLate(execution, commit) ? execution.convictedAt + reveal : commit.revealBy;
    }

    /// @dev `WITNESSES.judgeWitness(roots, version, claim, proof)`, as in `proveFraud`; the encoding of the claim starts with a word of 32.
    function _witnessCall(
        Order calldata order,
        Subject memory subject,
        WitnessClaim calldata claim,
        FraudProof calldata proof
    ) private view returns (bytes memory) {
        bytes memory encoded = abi.encode(claim);
        bytes memory head = abi.encodeWithSelector(
            IWitnessVerifier.judgeWitness.selector,
            _roots(order, subject, proof.step, proof.model.segment),
            MODELS.modelOf(order.modelId).checkerVersion, // A10
            uint256(10 * 32),
            uint256(9 * 32) + encoded.length
        );
        return bytes.concat(head, encoded, CalldataStruct.bytesOf(proof));
    }

    /// @param verifier Judges the proof by `call`.
    function _prove(
        Order calldata order,
        Subject memory subject,
        FraudProof calldata proof,
        bytes32 salt,
        address verifier,
        bytes memory call
    ) private {
        Execution memory execution = _load(subject.execId);
        bytes32 commitId = _commitOf(subject.execId, proof, salt);
        Commit memory commit = _commit(commitId);
        require(commit.prover != address(0), Disputes_NoCommit(commitId));
        require(execution.outcome != Outcome.Void, Disputes_NotDisputable(subject.execId)); // DIS-1
        // Class 8: a copy of somebody's reveal comes too late, and under another sender.
        require(block.number > commit.block_, Disputes_TooEarly(commitId));
        uint40 revealBy = _revealBy(execution, commit, subject.snapshot.reveal);
        require(!_isOver(revealBy), Disputes_RevealClosed(commitId, revealBy));

        delete _commits[commitId];
        _judge(subject, proof, verifier.functionStaticCall(call));
        if (execution.outcome == Outcome.Open) {
            uint256 bounty = uint256(order.collateral) * subject.snapshot.bountyBps / BPS;
            _convict(order, subject, execution, msg.sender, bounty, commit.gas, commit.bond);
        } else {
            _recordLate(subject, commitId, commit);
        }
    }

    function _judge(Subject memory subject, FraudProof calldata proof, bytes memory verdict)
        private
    {
        (uint64 claimed, Interval memory honest, bool fraud) =
            abi.decode(verdict, (uint64, Interval, bool));
        require(fraud, Disputes_NotFraud(subject.execId, claimed, honest.low, honest.high));
        if (subject.attested) ATTESTATIONS.checkProof(subject.jobId, proof); // ATT-2
        emit FraudProved(
            subject.execId,
            msg.sender,
            proof.step,
            proof.node,
            proof.output,
            proof.element,
            claimed,
            honest.low,
            honest.high
        );
    }

    /// @dev DIS-1, DIS-6. What a slash pays, in this order, within 0.4 of it (D1): the caller's gas, its bounty, the reserve for earlier commits, the askers' gas.
    /// @param gas LYN wei of gas that the caller spent before this call.
    /// @param bond The caller's own bond, returned with it.
    function _convict(
        Order calldata order,
        Subject memory subject,
        Execution memory execution,
        address caller,
        uint256 bounty,
        uint256 gas,
        uint256 bond
    ) private {
        DisputeSnapshot memory snapshot = subject.snapshot;
        // D1: shares are of the self-stake that this slash takes.
        // An auditor has reserved nothing for its word.
        uint256 slashed = STAKE.selfPartOf(
            execution.providerId, subject.attested ? 0 : order.collateral, order.collateral
        );
        uint256 left = slashed * MAX_PAYOUT_BPS / BPS;
        gas = Math.min(gas + _metered(subject, CONVICT_TAIL), left);
        left -= gas;
        bounty = Math.min(Math.min(bounty, slashed * snapshot.bountyBps / BPS), left);
        left -= bounty;
        Fund memory fund = _funds[subject.execId];
        // SAFETY: each is at most the collateral, a uint96.
        fund.reserve = uint96(Math.min(slashed * snapshot.reserveBps / BPS, left));
        fund.gasPaid = uint96(Math.min(fund.gasOwed, left - fund.reserve));
        uint96 paid = uint96(gas + bounty) + fund.reserve + fund.gasPaid;
        _funds[subject.execId] = fund;

        execution.outcome = Outcome.Convicted;
        execution.convictedAt = uint40(block.timestamp);
        execution.finalAt = uint40(block.timestamp) + snapshot.reveal; // late proofs until then (A6)
        _store(subject.execId, execution);
        emit Convicted(subject.execId, subject.jobId, caller, order.collateral, paid);
        address(_docketOf(subject.attested))
            .functionCall(
                bytes.concat(
                    IJobMarket.convict.selector,
                    CalldataStruct.bytesOf(order),
                    abi.encode(paid, address(this))
                )
            );
        LEDGER.spendFree(LYN, address(this), paid);
        _credit(caller, gas + bounty + bond);
    }

    /// @dev A6: an earlier commit loses nothing because somebody else was faster. An insider with many of them gets a share as everybody does, instead of all.
    function _recordLate(Subject memory subject, bytes32 commitId, Commit memory commit) private {
        uint96 gas = commit.gas + _metered(subject, LATE_TAIL);
        _funds[subject.execId].lateOwed += gas;
        _late[subject.execId][commitId] = Late(msg.sender, gas);
        emit LateProof(subject.execId, commitId, msg.sender, gas);
        _credit(msg.sender, commit.bond);
    }

    /// @dev The posted trace's root, which Demands keeps.
    function _traceRoot(bytes32 execId, uint32 step) internal view override returns (bytes32) {
        return DEMANDS.traceRootOf(execId, step);
    }

    function _statesRoot(bytes32 execId, uint32 segment) internal view override returns (bytes32) {
        return DEMANDS.statesRootOf(execId, segment);
    }

    // ---- internals: storage, read and written in one place each to keep the code small ----

    function _load(bytes32 execId) internal view override returns (Execution memory) {
        return _executions[execId].execution();
    }

    function _store(bytes32 execId, Execution memory execution) private {
        _executions[execId] = execution.pack();
    }

    function _commit(bytes32 commitId) private view returns (Commit memory) {
        return _commits[commitId].loadCommit();
    }

    function _snapshot(uint32 version) internal view override returns (DisputeSnapshot memory) {
        return _snapshots[version].loadSnapshot();
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccumulations} from "../interfaces/IAccumulations.sol";
import {IDemands} from "../interfaces/IDemands.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IReductionVerifier} from "../interfaces/IReductionVerifier.sol";
import {Absorption, FraudProof, Place} from "../types/FraudProof.sol";
import {Interval} from "../types/Interval.sol";
import {Order} from "../types/Order.sol";
import {DisputeBase} from "./DisputeBase.sol";

/// @title Accumulations
/// @dev TRUST: ReductionVerifier, to judge; Disputes, to keep the record of executions and to convict; Attestations, to say what a verifier answers for. No owner.
/// TOKENS: LYN only, as escrow in the Ledger: bonds. LIVENESS: nothing pauses it. No loops over askers.
/// CLOCKS: block time; every window is [start, end). PROPERTIES: ACC-1 to ACC-3.
contract Accumulations is IAccumulations, DisputeBase {
    /// @notice The other contracts, fixed for ever.
    struct Config {
        Common common;
        IModelRegistry modelRegistry;
        IReductionVerifier verifier;
        IDisputes disputes;
        IDemands demands;
    }

    /// @notice ACC-1: least terms of a step that is not the last.
    uint32 public constant LEAST_TERMS = 1_024;

    // Gas that a meter does not see, because it is spent after the reading.
    uint256 private constant STEP_TAIL = 100_000;

    /// @notice Models.
    IModelRegistry public immutable MODELS;
    /// @notice Judges.
    IReductionVerifier public immutable VERIFIER;
    /// @notice Keeps the executions, and convicts.
    IDisputes public immutable DISPUTES;
    /// @notice Keeps the posted traces.
    IDemands public immutable DEMANDS;

    mapping(bytes32 accumulationId => Accumulation) private _accumulations;
    /// @inheritdoc IAccumulations
    mapping(bytes32 accumulationId => mapping(address account => uint96)) public gasOf;

    constructor(Config memory config) DisputeBase(config.common) {
        MODELS = config.modelRegistry;
        VERIFIER = config.verifier;
        DISPUTES = config.disputes;
        DEMANDS = config.demands;
    }

    /// @inheritdoc IAccumulations
    function open(Order calldata order, Place calldata place) external returns (bytes32 id) {
        Subject memory subject = _subject(order);
        IDisputes.Execution memory execution = _begin(subject); // A6: before it is final
        id = accumulationIdOf(subject.execId, msg.sender, place);
        Accumulation storage own = _accumulations[id];
        require(own.status == Status.None, Accumulations_Exists(id));
        own.execId = subject.execId;
        own.opener = msg.sender;
        own.status = Status.Open;
        own.bond = subject.snapshot.commitBond;
        own.digest = keccak256("");
        own.liveUntil = uint40(block.timestamp) + subject.snapshot.reveal;
        emit AccumulationOpened(subject.execId, id, msg.sender, place, own.liveUntil);
        LEDGER.spendFree(LYN, msg.sender, own.bond);
        _hold(subject, execution, id, own.liveUntil);
    }

    /// @inheritdoc IAccumulations
    function absorb(
        Order calldata order,
        Place calldata place,
        address opener,
        bytes calldata state,
        uint32 count,
        FraudProof calldata proof
    ) external {
        Subject memory subject = _subject(order);
        Absorption memory part = _live(order, subject, place, opener, state, proof.model.segment);
        part.count = count;
        _step(subject, accumulationIdOf(subject.execId, opener, place), part, proof);
    }

    /// @inheritdoc IAccumulations
    function judge(
        Order calldata order,
        Place calldata place,
        address opener,
        bytes calldata state,
        FraudProof calldata proof
    ) external {
        Subject memory subject = _subject(order);
        Absorption memory part = _live(order, subject, place, opener, state, proof.model.segment);
        if (!_isFraud(subject, accumulationIdOf(subject.execId, opener, place), part, proof)) {
            return; // ACC-2
        }
        if (subject.attested) ATTESTATIONS.checkProof(subject.jobId, proof); // ATT-2
        uint256 gas = (subject.gasBefore - gasleft()) * subject.snapshot.lynPerGas;
        // As much as a proof's bounty: the snapshot caps it.
        DISPUTES.convict(order, opener, gas, type(uint96).max);
    }

    /// @inheritdoc IAccumulations
    function claimBond(bytes32 id) external {
        Accumulation storage own = _accumulations[id];
        Status status = own.status;
        require(status == Status.Open || status == Status.Judged, Accumulations_NotOpen(id, status));
        IDisputes.Execution memory execution = _load(own.execId);
        bool returned = execution.outcome == IDisputes.Outcome.Convicted
            || execution.outcome == IDisputes.Outcome.Void;
        require(
            returned || status == Status.Judged || _isOver(own.liveUntil),
            Accumulations_StillLive(id, own.liveUntil)
        );
        own.status = Status.Claimed; // DIS-2
        uint96 bond = own.bond;
        address recipient = returned ? own.opener : _ownerOf(execution.providerId); // ACC-2
        emit BondClaimed(id, bond, recipient);
        _credit(recipient, bond);
    }

    /// @inheritdoc IAccumulations
    function claimGas(bytes32 id, address account) external {
        uint96 gas = gasOf[id][account];
        bytes32 execId = _accumulations[id].execId;
        require(
            gas != 0 && _load(execId).outcome == IDisputes.Outcome.Convicted,
            Accumulations_NoGas(id, account)
        );
        gasOf[id][account] = 0;
        uint96 paid = DISPUTES.repay(execId, gas); // ACC-3
        emit GasClaimed(id, account, paid);
        _credit(account, paid);
    }

    /// @inheritdoc IAccumulations
    function accumulationIdOf(bytes32 execId, address opener, Place calldata place)
        public
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(execId, opener, place));
    }

    /// @inheritdoc IAccumulations
    function accumulationOf(bytes32 id) external view returns (Accumulation memory) {
        return _accumulations[id];
    }

    // ---- internals ----

    /// @dev An accumulation that can go on, and where it stands.
    function _live(
        Order calldata order,
        Subject memory subject,
        Place calldata place,
        address opener,
        bytes calldata state,
        uint32 segment
    ) private view returns (Absorption memory part) {
        bytes32 id = accumulationIdOf(subject.execId, opener, place);
        Accumulation memory own = _accumulations[id];
        require(own.status == Status.Open, Accumulations_NotOpen(id, own.status));
        require(!_isOver(own.liveUntil), Accumulations_Lapsed(id, own.liveUntil));
        require(own.digest == keccak256(state), Accumulations_WrongState(id, own.digest));
        require(
            subject.job.status == IJobMarket.Status.Delivered
                && _load(subject.execId).outcome == IDisputes.Outcome.Open,
            IDisputes.Disputes_NotDisputable(subject.execId)
        ); // DIS-1
        part.roots = _roots(order, subject, place.step, segment);
        part.checkerVersion = MODELS.modelOf(order.modelId).checkerVersion; // A10
        part.place = place;
        part.from = own.absorbed;
        part.state = state;
    }

    function _step(
        Subject memory subject,
        bytes32 id,
        Absorption memory part,
        FraudProof calldata proof
    ) private {
        (bytes memory next, uint32 terms) = VERIFIER.absorb(part, proof);
        uint32 absorbed = part.from + part.count;
        require(
            part.count >= LEAST_TERMS || absorbed == terms,
            Accumulations_TooFewTerms(part.count, LEAST_TERMS)
        ); // ACC-1
        uint40 liveUntil = uint40(block.timestamp) + subject.snapshot.reveal;
        Accumulation storage own = _accumulations[id];
        own.absorbed = absorbed;
        own.digest = keccak256(next);
        own.liveUntil = liveUntil;
        emit Absorbed(subject.execId, id, msg.sender, absorbed, terms, liveUntil, next);
        _hold(subject, _load(subject.execId), id, liveUntil);
    }

    function _isFraud(
        Subject memory subject,
        bytes32 id,
        Absorption memory part,
        FraudProof calldata proof
    ) private returns (bool fraud) {
        uint64 claimed;
        Interval memory honest;
        (claimed, honest, fraud) = VERIFIER.judgeState(part, proof);
        _accumulations[id].status = Status.Judged;
        emit Judged(subject.execId, id, msg.sender, claimed, honest.low, honest.high, fraud);
    }

    /// @dev ACC-1: as a commit does, and no window that others have grows by it. ACC-3: the gas is owed of a conviction.
    function _hold(
        Subject memory subject,
        IDisputes.Execution memory execution,
        bytes32 id,
        uint40 liveUntil
    ) private {
        _markTouched(execution);
        execution.lastCommitLive = _max(execution.lastCommitLive, liveUntil);
        uint96 gas = _metered(subject, STEP_TAIL);
        gasOf[id][msg.sender] += gas;
        DISPUTES.record(subject.jobId, subject.execId, execution, gas);
    }

    function _load(bytes32 execId) internal view override returns (IDisputes.Execution memory) {
        return DISPUTES.executionOf(execId);
    }

    function _snapshot(uint32 version)
        internal
        view
        override
        returns (IDisputes.DisputeSnapshot memory)
    {
        return DISPUTES.snapshotOf(version);
    }

    function _traceRoot(bytes32 execId, uint32 step) internal view override returns (bytes32) {
        return DEMANDS.traceRootOf(execId, step);
    }

    function _statesRoot(bytes32 execId, uint32 segment) internal view override returns (bytes32) {
        return DEMANDS.statesRootOf(execId, segment);
    }
}

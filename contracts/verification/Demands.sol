// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IAnswerVerifier} from "../interfaces/IAnswerVerifier.sol";
import {IDemands} from "../interfaces/IDemands.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IFraudVerifier} from "../interfaces/IFraudVerifier.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IReceipts} from "../interfaces/IReceipts.sol";
import {Opening, OutputAnswer, StepAnswer} from "../types/FraudProof.sol";
import {INSIDE, ValueKind} from "../types/ManifestEntry.sol";
import {ModelHeader} from "../types/ModelHeader.sol";
import {Order} from "../types/Order.sol";
import {CalldataStruct} from "../libraries/CalldataStruct.sol";
import {SequencerUptime} from "../oracle/SequencerUptime.sol";
import {DisputeBase} from "./DisputeBase.sol";
import {DisputeRecords} from "./DisputeRecords.sol";

/// @title Demands
/// @dev TRUST: AnswerVerifier, to check requests and answers; Attestations, to say what a verifier answers for; Disputes, to keep the record of executions and to convict. No owner.
/// TOKENS: LYN only, as escrow in the Ledger: the bonds of demands.
/// LIVENESS: nothing pauses it; only a sequencer-uptime feed that says "down" holds expiries back. No loops over askers: everybody claims an own bond.
/// ROUNDING: shares down. CLOCKS: block time; every window is [start, end). PROPERTIES: DIS-2, DIS-4, DIS-5.
contract Demands is IDemands, DisputeBase {
    using DisputeRecords for *;
    using SafeCast for uint256;

    /// @notice A2: a withheld answer pays at most this many bonds to the caller.
    uint256 public constant BOUNTY_BONDS = 10;

    // Gas that a meter does not see, because it is spent after the reading.
    uint256 private constant DEMAND_TAIL = 150_000;
    uint256 private constant ANSWER_TAIL = 30_000;

    // Gas of an answer, for the bond (A5): the calldata floor of EIP-7623 binds, 40 a byte.
    uint256 private constant ANSWER_GAS = 250_000;
    uint256 private constant ANSWER_GAS_PER_ROOT = 2_600;
    uint256 private constant ANSWER_GAS_PER_CHUNK = 60_000;
    /// @dev B8: roots of a step answer, at most.
    uint256 private constant SEGMENT_STEPS = 128;

    /// @notice Keeps the executions, and convicts.
    IDisputes public immutable DISPUTES;
    /// @notice Checks requests and answers.
    IAnswerVerifier public immutable VERIFIER;
    /// @notice Executions whose outputs nobody can demand any more (A12).
    IReceipts public immutable RECEIPTS;

    mapping(bytes32 demandId => DisputeRecords.Words4) private _demands;
    /// @dev Chunks that answers opened, a bit each: place = step << 64 | value << 32 | chunk / 256.
    mapping(bytes32 execId => mapping(uint256 place => uint256)) private _opened;

    /// @inheritdoc IDemands
    mapping(bytes32 execId => mapping(uint32 step => bytes32)) public traceRootOf;
    /// @inheritdoc IDemands
    mapping(bytes32 execId => mapping(uint32 segment => bytes32)) public statesRootOf;
    /// @inheritdoc IDemands
    mapping(bytes32 execId => mapping(address asker => uint8)) public openDemandsOf;

    /// @inheritdoc IDemands
    mapping(bytes32 demandId => bytes32) public witnessOf;

    constructor(
        Common memory common,
        IDisputes disputes,
        IAnswerVerifier verifier,
        IReceipts receipts
    ) DisputeBase(common) {
        DISPUTES = disputes;
        VERIFIER = verifier;
        RECEIPTS = receipts;
    }

    // ---- moves ----

    /// @inheritdoc IDemands
    function demand(
        Order calldata order,
        ModelHeader calldata model,
        IDisputes.Request memory request,
        bytes calldata entry,
        bytes32[] calldata entryProof
    ) external returns (bytes32 demandId) {
        Subject memory subject = _subject(order);
        IDisputes.Execution memory execution = _begin(subject);
        demandId = demandIdOf(subject.execId, request);
        require(_demands[demandId].a == 0, IDisputes.Disputes_DemandExists(demandId)); // A4
        uint8 valueKind =
            VERIFIER.checkRequest(order.modelId, order.steps, model, request, entry, entryProof);
        _checkKind(subject, execution, request, model, valueKind);
        // A4: not even by overlapping ranges.
        require(
            request.kind != IDisputes.Kind.Chunk
                || _open(
                    subject.execId, request.step, request.value, request.chunk, request.count, false
                ),
            IDisputes.Disputes_DemandExists(demandId)
        );
        _record(order, subject, execution, request, demandId, model);
    }

    /// @inheritdoc IDemands
    function answer(
        Order calldata order,
        ModelHeader calldata model,
        bytes32 demandId,
        bytes calldata payload
    ) external {
        IDisputes.Demand memory asked = _asked(demandId);
        Subject memory subject = _subject(order);
        IDisputes.Execution memory execution = _load(subject.execId);
        _checkOpen(subject, execution, demandId, asked);
        uint40 deadline = _deadline(asked);
        require(block.timestamp < deadline, IDisputes.Disputes_DeadlinePassed(demandId, deadline)); // DIS-4

        if (asked.kind == IDisputes.Kind.Trace) {
            _postTrace(order.modelId, subject, model, demandId, asked.step, payload);
        } else if (asked.kind == IDisputes.Kind.Output) {
            _openOutput(order, subject, model, demandId, asked.step, payload);
        } else if (asked.kind == IDisputes.Kind.Step) {
            _postStates(order, subject, model, demandId, asked.step, payload);
        } else if (asked.kind == IDisputes.Kind.Witness) {
            _nameWitness(subject, demandId, asked, payload);
        } else if (!_openChunks(order, subject, model, demandId, asked, payload)) {
            return;
        }
        _close(subject, execution, demandId, asked);
    }

    /// @inheritdoc IDemands
    function expireDemand(Order calldata order, bytes32 demandId) external {
        require(
            SequencerUptime.upSince(FEED) != type(uint40).max, IDisputes.Disputes_SequencerDown()
        ); // DIS-5
        IDisputes.Demand memory asked = _asked(demandId);
        Subject memory subject = _subject(order);
        IDisputes.Execution memory execution = _load(subject.execId);
        _checkOpen(subject, execution, demandId, asked);
        uint40 deadline = _deadline(asked);
        require(block.timestamp >= deadline, IDisputes.Disputes_DeadlineRunning(demandId, deadline));

        asked.status = IDisputes.DemandStatus.Expired;
        _demands[demandId].store(asked);
        emit DemandExpired(subject.execId, demandId, msg.sender);
        // A2: withholding is fraud.
        uint256 gas = (subject.gasBefore - gasleft()) * subject.snapshot.lynPerGas;
        DISPUTES.convict(order, msg.sender, gas, asked.bond * BOUNTY_BONDS);
    }

    /// @inheritdoc IDemands
    function claimBond(bytes32 demandId) external {
        IDisputes.Demand memory asked = _asked(demandId);
        require(
            asked.status != IDisputes.DemandStatus.None, IDisputes.Disputes_UnknownDemand(demandId)
        );
        require(
            asked.status != IDisputes.DemandStatus.Claimed,
            IDisputes.Disputes_DemandNotOpen(demandId, IDisputes.DemandStatus.Claimed)
        ); // DIS-2
        IDisputes.Execution memory execution = _load(asked.execId);
        require(
            execution.outcome != IDisputes.Outcome.Open,
            IDisputes.Disputes_OutcomeOpen(asked.execId)
        );

        uint96 toAsker = asked.bond;
        uint96 toProvider;
        uint96 burnt;
        if (execution.outcome == IDisputes.Outcome.Settled) {
            (toAsker, toProvider, burnt) = _unsuccessful(asked);
        } else if (execution.outcome == IDisputes.Outcome.Convicted) {
            // A5: the bond returns, with gas, as far as D1 left room for it.
            if (asked.askerGas != 0) toAsker += DISPUTES.repay(asked.execId, asked.askerGas);
        }
        asked.status = IDisputes.DemandStatus.Claimed;
        _demands[demandId].store(asked);
        emit BondClaimed(demandId, asked.asker, toAsker, toProvider, burnt);
        _credit(asked.asker, toAsker);
        _credit(_ownerOf(execution.providerId), toProvider);
        if (burnt != 0) LEDGER.burn(burnt);
    }

    // ---- views ----

    /// @inheritdoc IDemands
    function demandIdOf(bytes32 execId, IDisputes.Request memory request)
        public
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(execId, request));
    }

    /// @inheritdoc IDemands
    function demandOf(bytes32 demandId) external view returns (IDisputes.Demand memory) {
        return _asked(demandId);
    }

    /// @inheritdoc IDemands
    function deadlineOf(bytes32 demandId) external view returns (uint40) {
        return _deadline(_asked(demandId));
    }

    /// @inheritdoc IDemands
    function bondOf(Order calldata order, IDisputes.Request memory request, uint32 activations)
        external
        view
        returns (uint96)
    {
        return _bond(_snapshot(order.paramsVersion), request, activations);
    }

    // ---- internals: demands ----

    /// @dev What kind of demand it is, whether what it asks for exists yet, and whether its time is over.
    function _checkKind(
        Subject memory subject,
        IDisputes.Execution memory execution,
        IDisputes.Request memory request,
        ModelHeader calldata model,
        uint8 valueKind
    ) private view {
        bytes32 execId = subject.execId;
        uint8 inside = valueKind & INSIDE;
        valueKind ^= inside;
        bool witness = request.kind == IDisputes.Kind.Witness;
        bool late = witness || request.kind == IDisputes.Kind.Chunk
            || request.kind == IDisputes.Kind.Tensor;
        if (subject.attested) {
            ATTESTATIONS.checkRequest(subject.jobId, request, valueKind, inside != 0, model.segment); // ATT-2
        }
        if (request.kind == IDisputes.Kind.Trace) {
            require(model.activations != 0, IDisputes.Disputes_EmptyTrace(execId)); // A4
        } else if (
            request.kind == IDisputes.Kind.Output
                || (valueKind == uint8(ValueKind.Output) && !witness && late)
        ) {
            subject.ofOutput = true;
            require(!RECEIPTS.isWaived(execId), IDisputes.Disputes_Waived(execId)); // A12
        } else if (valueKind == uint8(ValueKind.Activation) || (witness && model.activations != 0))
        {
            // A3: there is nothing yet to hold an answer against.
            require(
                traceRootOf[execId][request.step] != 0,
                IDisputes.Disputes_NoTrace(execId, request.step)
            );
        }
        // D5: nobody lives on demands of the audit pool, whoever said that an audit differs.
        if (msg.sender == address(AUDITS)) subject.ofOutput = true;
        bool posted;
        if (model.segment > 1) {
            posted = statesRootOf[execId][request.step / model.segment] != 0;
            // A3, B8: nothing yet to hold an answer against.
            require(inside == 0 || posted, IDisputes.Disputes_NoStates(execId, request.step));
        }
        // A3: demands for traces and outputs close at D + W, whatever else is still open. Which step of a segment is wrong shows only once its states are posted, and its trace can be asked for after that.
        uint40 closedAt = subject.job.time + subject.job.window;
        if (late || (posted && request.kind == IDisputes.Kind.Trace)) {
            closedAt = _max(closedAt, execution.chunksClose);
        }
        _requireOpen(subject, closedAt);
    }

    function _record(
        Order calldata order,
        Subject memory subject,
        IDisputes.Execution memory execution,
        IDisputes.Request memory request,
        bytes32 demandId,
        ModelHeader calldata model
    ) private {
        IDisputes.DisputeSnapshot memory snapshot = subject.snapshot;
        uint8 open = openDemandsOf[subject.execId][msg.sender];
        require(
            open < snapshot.openDemands,
            IDisputes.Disputes_TooManyOpen(msg.sender, snapshot.openDemands)
        );
        openDemandsOf[subject.execId][msg.sender] = open + 1;

        _markTouched(execution);
        execution.liveDemands += 1;
        IDisputes.Demand memory asked = IDisputes.Demand({
            execId: subject.execId,
            asker: msg.sender,
            kind: request.kind,
            status: IDisputes.DemandStatus.Open,
            step: request.step,
            value: request.value,
            chunk: request.chunk,
            count: request.count,
            madeAt: uint40(block.timestamp),
            deadline: _schedule(order, execution, snapshot, request, model.segment),
            burnBps: snapshot.burnBps,
            bond: _bond(snapshot, request, model.activations),
            askerGas: 0,
            answerGas: 0,
            ofOutput: subject.ofOutput
        });
        asked.askerGas = _metered(subject, DEMAND_TAIL);
        _demands[demandId].store(asked);
        emit Demanded(
            subject.execId, demandId, msg.sender, subject.jobId, request, asked.bond, asked.deadline
        );
        LEDGER.spendFree(LYN, msg.sender, asked.bond);
        DISPUTES.record(subject.jobId, subject.execId, execution, asked.askerGas);
    }

    /// @dev Whether some of the chunks were not opened yet; `mark` says that all are now.
    function _open(
        bytes32 execId,
        uint256 step,
        uint256 value,
        uint256 chunk,
        uint256 count,
        bool mark
    ) private returns (bool news) {
        mapping(uint256 place => uint256) storage words = _opened[execId];
        // SAFETY: chunks of a tensor are fewer than 2^25.
        unchecked {
            for (count += chunk; chunk < count; ++chunk) {
                uint256 place = step << 64 | value << 32 | chunk >> 8;
                uint256 word = words[place];
                uint256 bit = 1 << (chunk & 255);
                if (word & bit == 0) news = true;
                if (mark) words[place] = word | bit;
            }
        }
    }

    /// @dev A3: max(now + g, end of the queue of re-runs + work). A trace queues one re-run, so that asking for many cannot convict anybody; bytes get time by their number.
    function _schedule(
        Order calldata order,
        IDisputes.Execution memory execution,
        IDisputes.DisputeSnapshot memory snapshot,
        IDisputes.Request memory request,
        uint32 segment
    ) private view returns (uint40) {
        uint256 soonest = block.timestamp + snapshot.grace;
        if (request.kind == IDisputes.Kind.Trace || request.kind == IDisputes.Kind.Step) {
            // B8: a re-run begins at the checkpoint before the segment.
            uint256 replayed = request.kind == IDisputes.Kind.Trace
                ? request.step % segment + 1
                : Math.min(segment, order.steps - request.step);
            execution.queueEnd = (uint256(execution.queueEnd)
                    + Math.ceilDiv(order.deliverDuration * replayed, order.steps))
            .toUint40();
        } else {
            // Kinds that open no chunks have none.
            soonest += Math.ceilDiv(uint256(snapshot.perChunk) * request.count, 1_000);
        }
        return Math.max(soonest, execution.queueEnd).toUint40();
    }

    /// @dev A5: the gas of the answer, and an amount for the work.
    function _bond(
        IDisputes.DisputeSnapshot memory snapshot,
        IDisputes.Request memory request,
        uint32 activations
    ) private pure returns (uint96) {
        uint256 gas = ANSWER_GAS;
        if (request.kind == IDisputes.Kind.Trace) gas += ANSWER_GAS_PER_ROOT * activations;
        else if (request.kind == IDisputes.Kind.Step) gas += ANSWER_GAS_PER_ROOT * SEGMENT_STEPS;
        else gas += ANSWER_GAS_PER_CHUNK * request.count;
        return (snapshot.bond + gas * snapshot.lynPerGas).toUint96();
    }

    function _checkOpen(
        Subject memory subject,
        IDisputes.Execution memory execution,
        bytes32 demandId,
        IDisputes.Demand memory asked
    ) private pure {
        require(
            asked.status != IDisputes.DemandStatus.None && asked.execId == subject.execId,
            IDisputes.Disputes_UnknownDemand(demandId)
        );
        require(
            execution.outcome == IDisputes.Outcome.Open
                && subject.job.status == IJobMarket.Status.Delivered,
            IDisputes.Disputes_NotDisputable(subject.execId)
        ); // DIS-1
        require(
            asked.status == IDisputes.DemandStatus.Open,
            IDisputes.Disputes_DemandNotOpen(demandId, asked.status)
        );
    }

    /// @dev DIS-5: if the sequencer came up after the demand was made, the answer has its whole time again from there.
    function _deadline(IDisputes.Demand memory asked) private view returns (uint40) {
        uint40 since = SequencerUptime.upSince(FEED);
        if (since == type(uint40).max) return since;
        if (since <= asked.madeAt) return asked.deadline;
        return _max(asked.deadline, since + asked.deadline - asked.madeAt);
    }

    // ---- internals: answers ----

    function _postTrace(
        bytes32 modelId,
        Subject memory subject,
        ModelHeader calldata model,
        bytes32 demandId,
        uint32 step,
        bytes calldata payload
    ) private {
        _requireProvider(subject);
        bytes32[] calldata tensorRoots = CalldataStruct.traceAnswer(payload).tensorRoots;
        bytes32 root = VERIFIER.traceRoot(modelId, model, tensorRoots);
        // ATT-1: a verifier is bound by what it revealed.
        if (subject.attested) ATTESTATIONS.checkTrace(subject.jobId, step, root);
        // A4: once per execution and step, because the demand is answered once.
        traceRootOf[subject.execId][step] = root;
        emit TracePosted(subject.execId, demandId, step, root, tensorRoots);
    }

    /// @dev B8: the states within a segment, which end in the committed one.
    function _postStates(
        Order calldata order,
        Subject memory subject,
        ModelHeader calldata model,
        bytes32 demandId,
        uint32 step,
        bytes calldata payload
    ) private {
        _requireProvider(subject);
        bytes32 root =
            VERIFIER.statesRoot(_roots(order, subject, step, model.segment), model, step, payload);
        // A4: once per execution and segment, because the demand is answered once.
        statesRootOf[subject.execId][step / model.segment] = root;
        StepAnswer calldata posted = CalldataStruct.stepAnswer(payload);
        emit StatesPosted(subject.execId, demandId, step, root, posted.carriedRoots);
    }

    /// @dev Nothing binds a trace, or the states within a segment, before it is posted, so only the provider can post it.
    function _requireProvider(Subject memory subject) private view {
        uint32 providerId = subject.job.providerId;
        require(
            msg.sender == STAKE.hotKeyOf(providerId) || msg.sender == _ownerOf(providerId),
            IDisputes.Disputes_NotProvider(msg.sender)
        );
    }

    function _openOutput(
        Order calldata order,
        Subject memory subject,
        ModelHeader calldata model,
        bytes32 demandId,
        uint32 step,
        bytes calldata payload
    ) private {
        VERIFIER.checkOutput(_roots(order, subject, step, model.segment), model, step, payload);
        OutputAnswer calldata opened = CalldataStruct.outputAnswer(payload);
        emit OutputOpened(subject.execId, demandId, step, opened.carriedRoot, opened.outputsRoot);
    }

    /// @dev A8: nothing binds a witness before it is named.
    function _nameWitness(
        Subject memory subject,
        bytes32 demandId,
        IDisputes.Demand memory asked,
        bytes calldata payload
    ) private {
        _requireProvider(subject);
        uint32[] calldata positions = CalldataStruct.witnessAnswer(payload).positions;
        witnessOf[demandId] = keccak256(abi.encode(positions));
        emit WitnessNamed(subject.execId, demandId, asked.step, asked.value, asked.chunk, positions);
    }

    /// @dev All chunks of a chunk demand; of a tensor demand as many as the answer brings.
    /// @return done Whether nothing is left to be opened.
    function _openChunks(
        Order calldata order,
        Subject memory subject,
        ModelHeader calldata model,
        bytes32 demandId,
        IDisputes.Demand memory asked,
        bytes calldata payload
    ) private returns (bool done) {
        Opening calldata opening = CalldataStruct.chunkAnswer(payload).opening;
        uint32 first = asked.chunk;
        uint32 count = asked.count;
        if (asked.kind == IDisputes.Kind.Tensor) {
            uint256 brought = opening.chunks.length;
            require(
                brought != 0 && brought <= asked.count - first,
                IFraudVerifier.FraudVerifier_WrongAnswer()
            );
            // SAFETY: at most what is left.
            count = uint32(brought);
            asked.chunk = first + count;
        }
        VERIFIER.checkOpening(
            _roots(order, subject, asked.step, model.segment),
            model,
            IDisputes.Request(IDisputes.Kind.Chunk, asked.step, asked.value, first, count),
            payload
        );
        emit ChunksOpened(
            subject.execId, demandId, asked.step, asked.value, first, opening.dataRoot, opening.data
        );
        _open(subject.execId, asked.step, asked.value, first, count, true);
        done = asked.kind == IDisputes.Kind.Chunk || asked.chunk == asked.count;
        if (!done) {
            _meter(subject, asked);
            _demands[demandId].store(asked);
        }
    }

    /// @dev A5: never more than the bond has for gas.
    function _meter(Subject memory subject, IDisputes.Demand memory asked) private view {
        uint256 gas = uint256(asked.answerGas) + _metered(subject, ANSWER_TAIL);
        // SAFETY: at most the bond.
        asked.answerGas = uint96(Math.min(gas, asked.bond - subject.snapshot.bond));
    }

    /// @dev The demand is answered: whoever reads the answer gets time for what follows from it (A3).
    function _close(
        Subject memory subject,
        IDisputes.Execution memory execution,
        bytes32 demandId,
        IDisputes.Demand memory asked
    ) private {
        IDisputes.DisputeSnapshot memory snapshot = subject.snapshot;
        execution.liveDemands -= 1;
        // A3: W2 after the last answer, or a slow one would run out the clock of what is asked next. That ends, because every demand asks for something new and burns a bond.
        execution.chunksClose =
            _max(execution.chunksClose, uint40(block.timestamp) + snapshot.chunkWindow);
        uint40 finalAt = _max(execution.finalAt, uint40(block.timestamp) + snapshot.proofWindow);
        finalAt = _max(finalAt, execution.chunksClose);
        execution.finalAt = finalAt;
        DISPUTES.record(subject.jobId, subject.execId, execution, 0);
        openDemandsOf[subject.execId][asked.asker] -= 1;
        asked.status = IDisputes.DemandStatus.Answered;
        _meter(subject, asked);
        _demands[demandId].store(asked);
    }

    /// @dev A5: the provider's gas first; of the rest a part is burnt, so that asking oneself is never free, and the remainder pays for work that was done.
    function _unsuccessful(IDisputes.Demand memory asked)
        private
        pure
        returns (uint96 toAsker, uint96 toProvider, uint96 burnt)
    {
        uint96 rest = asked.bond - asked.answerGas;
        // SAFETY: at most `rest`, because burnBps is at most 10,000.
        burnt = uint96(uint256(rest) * asked.burnBps / BPS);
        rest -= burnt;
        toProvider = asked.answerGas;
        // Whatever asks for an output, or is asked by the audit pool, repays metered gas only: serving nothing must not earn.
        if (asked.ofOutput) toAsker = rest;
        else toProvider += rest;
    }

    // ---- internals: records ----

    function _asked(bytes32 demandId) private view returns (IDisputes.Demand memory) {
        return _demands[demandId].load();
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
        return traceRootOf[execId][step];
    }

    function _statesRoot(bytes32 execId, uint32 segment) internal view override returns (bytes32) {
        return statesRootOf[execId][segment];
    }
}

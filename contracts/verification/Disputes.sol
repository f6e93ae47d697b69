// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IDisputes} from "../interfaces/IDisputes.sol";
import {IFraudVerifier} from "../interfaces/IFraudVerifier.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IReceipts} from "../interfaces/IReceipts.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {ExecutionRoots, FraudProof, Opening, OutputAnswer} from "../types/FraudProof.sol";
import {Interval} from "../types/Interval.sol";
import {ValueKind} from "../types/ManifestEntry.sol";
import {ModelHeader} from "../types/ModelHeader.sol";
import {Order} from "../types/Order.sol";
import {CalldataStruct} from "../libraries/CalldataStruct.sol";
import {ExecutionId} from "../libraries/ExecutionId.sol";
import {SequencerUptime} from "../oracle/SequencerUptime.sol";
import {DisputeRecords} from "./DisputeRecords.sol";

/// @title Disputes
/// @dev TRUST: FraudVerifier, to judge; JobMarket, to say what was delivered and to slash; Parameters, within its bounds, for later orders. No owner.
/// TOKENS: LYN only, as escrow in the Ledger: bonds, and what a slash pays out.
/// LIVENESS: nothing pauses it; only a sequencer-uptime feed that says "down" holds expiries back. No loops over askers: everybody claims an own bond.
/// ROUNDING: payouts and shares down; what is over is burnt, or goes to the last claim.
/// CLOCKS: block time; every window is [start, end). PROPERTIES: DIS-1 to DIS-6.
contract Disputes is IDisputes {
    using Address for address;
    using DisputeRecords for *;
    using SafeCast for uint256;

    /// @notice The other contracts, fixed for ever.
    /// @param feed Sequencer-uptime feed, or zero, and `grace` seconds after it came up again: the market's (A3).
    struct Config {
        address lyn;
        ILedger ledger;
        IStakeManager stakeManager;
        IModelRegistry modelRegistry;
        IJobMarket market;
        IFraudVerifier verifier;
        IReceipts receipts;
        address parameters;
        AggregatorV3Interface feed;
        uint40 grace;
    }

    /// @dev What every call first finds out about an order.
    struct Subject {
        bytes32 jobId;
        bytes32 execId;
        IJobMarket.Job job;
        uint256 gasBefore; // where the meter starts
        DisputeSnapshot snapshot; // A1, F2: of the version that the order names
        bool ofOutput; // of a new demand
    }

    /// @dev What a slash still has to pay, in LYN wei.
    struct Fund {
        uint96 reserve; // for earlier commits (A6)
        uint96 gasOwed; // to askers who have not claimed
        uint96 gasPaid; // what there is for them
    }

    /// @notice D1: bounty, gas and reserve together, of the slash.
    uint256 public constant MAX_PAYOUT_BPS = 4_000;

    /// @notice A2: a withheld answer pays at most this many bonds to the caller.
    uint256 public constant BOUNTY_BONDS = 10;

    // Gas that a meter does not see, because it is spent after the reading.
    uint256 private constant DEMAND_TAIL = 140_000;
    uint256 private constant ANSWER_TAIL = 30_000;
    uint256 private constant COMMIT_TAIL = 100_000;
    uint256 private constant CONVICT_TAIL = 220_000;
    uint256 private constant LATE_TAIL = 80_000;

    // Gas of an answer, for the bond (A5): the calldata floor of EIP-7623 binds, 40 a byte.
    uint256 private constant ANSWER_GAS = 250_000;
    uint256 private constant ANSWER_GAS_PER_ROOT = 2_600;
    uint256 private constant ANSWER_GAS_PER_CHUNK = 60_000;

    uint256 private constant BPS = 10_000;

    /// @notice LYN.
    address public immutable LYN;
    /// @notice Accounts and escrow.
    ILedger public immutable LEDGER;
    /// @notice Providers.
    IStakeManager public immutable STAKE;
    /// @notice Models.
    IModelRegistry public immutable MODELS;
    /// @notice Orders and deliveries.
    IJobMarket public immutable MARKET;
    /// @notice Judges proofs and openings.
    IFraudVerifier public immutable VERIFIER;
    /// @notice Executions whose outputs nobody can demand any more (A12).
    IReceipts public immutable RECEIPTS;
    /// @notice Pushes snapshots.
    address public immutable PARAMETERS;
    /// @notice Sequencer-uptime feed, or zero.
    AggregatorV3Interface public immutable FEED;
    /// @notice Seconds after the sequencer came up in which no window closes.
    uint40 public immutable GRACE;

    mapping(bytes32 execId => uint256) private _executions; // DisputeRecords
    mapping(bytes32 execId => Fund) private _funds;
    mapping(bytes32 demandId => DisputeRecords.Words4) private _demands;
    mapping(bytes32 commitId => DisputeRecords.Words3) private _commits;
    mapping(uint32 version => DisputeRecords.Words3) private _snapshots;
    /// @dev Chunks that answers opened, a bit each: place = step << 64 | value << 32 | chunk / 256.
    mapping(bytes32 execId => mapping(uint256 place => uint256)) private _opened;

    /// @inheritdoc IDisputes
    mapping(bytes32 execId => mapping(uint32 step => bytes32)) public traceRootOf;
    /// @inheritdoc IDisputes
    mapping(bytes32 execId => mapping(address asker => uint8)) public openDemandsOf;

    constructor(Config memory config) {
        LYN = config.lyn;
        LEDGER = config.ledger;
        STAKE = config.stakeManager;
        MODELS = config.modelRegistry;
        MARKET = config.market;
        VERIFIER = config.verifier;
        RECEIPTS = config.receipts;
        PARAMETERS = config.parameters;
        FEED = config.feed;
        GRACE = config.grace;
    }

    // ---- demands ----

    /// @inheritdoc IDisputes
    function demand(
        Order calldata order,
        ModelHeader calldata model,
        Request memory request,
        bytes calldata entry,
        bytes32[] calldata entryProof
    ) external returns (bytes32 demandId) {
        Subject memory subject = _subject(order);
        Execution memory execution = _begin(subject);
        demandId = demandIdOf(subject.execId, request);
        require(_demands[demandId].a == 0, Disputes_DemandExists(demandId)); // A4
        uint8 valueKind =
            VERIFIER.checkRequest(order.modelId, order.steps, model, request, entry, entryProof);
        _checkKind(subject, execution, request, model.activations, valueKind);
        // A4: not even by overlapping ranges.
        require(
            request.kind != Kind.Chunk
                || _open(
                    subject.execId, request.step, request.value, request.chunk, request.count, false
                ),
            Disputes_DemandExists(demandId)
        );
        _record(order, subject, execution, request, demandId, model.activations);
    }

    /// @inheritdoc IDisputes
    function answer(
        Order calldata order,
        ModelHeader calldata model,
        bytes32 demandId,
        bytes calldata payload
    ) external {
        Demand memory asked = _asked(demandId);
        Subject memory subject = _subject(order);
        Execution memory execution = _load(subject.execId);
        _checkOpen(subject, execution, demandId, asked);
        uint40 deadline = _deadline(asked);
        require(block.timestamp < deadline, Disputes_DeadlinePassed(demandId, deadline)); // DIS-4

        if (asked.kind == Kind.Trace) {
            _postTrace(order.modelId, subject, model, demandId, asked.step, payload);
        } else if (asked.kind == Kind.Output) {
            _openOutput(order, subject, model, demandId, asked.step, payload);
        } else {
            _openChunks(order, subject, model, demandId, asked, payload);
            _open(subject.execId, asked.step, asked.value, asked.chunk, asked.count, true);
        }
        _close(subject, execution, demandId, asked);
    }

    /// @inheritdoc IDisputes
    function expireDemand(Order calldata order, bytes32 demandId) external {
        require(SequencerUptime.upSince(FEED) != type(uint40).max, Disputes_SequencerDown()); // DIS-5
        Demand memory asked = _asked(demandId);
        Subject memory subject = _subject(order);
        Execution memory execution = _load(subject.execId);
        _checkOpen(subject, execution, demandId, asked);
        uint40 deadline = _deadline(asked);
        require(block.timestamp >= deadline, Disputes_DeadlineRunning(demandId, deadline));

        asked.status = DemandStatus.Expired;
        _demands[demandId].store(asked);
        emit DemandExpired(subject.execId, demandId, msg.sender);
        // A2: withholding is fraud.
        _convict(order, subject, execution, asked.bond * BOUNTY_BONDS, 0, 0);
    }

    /// @inheritdoc IDisputes
    function claimBond(bytes32 demandId) external {
        Demand memory asked = _asked(demandId);
        require(asked.status != DemandStatus.None, Disputes_UnknownDemand(demandId));
        require(
            asked.status != DemandStatus.Claimed,
            Disputes_DemandNotOpen(demandId, DemandStatus.Claimed)
        ); // DIS-2
        Execution memory execution = _load(asked.execId);
        require(execution.outcome != Outcome.Open, Disputes_OutcomeOpen(asked.execId));

        uint96 toAsker = asked.bond;
        uint96 toProvider;
        uint96 burnt;
        if (execution.outcome == Outcome.Settled) {
            (toAsker, toProvider, burnt) = _unsuccessful(asked);
        } else if (execution.outcome == Outcome.Convicted) {
            // A5: the bond returns, with gas, as far as D1 left room for it.
            Fund memory fund = _funds[asked.execId];
            if (asked.askerGas != 0) {
                // SAFETY: askerGas <= gasOwed, so the share is at most gasPaid.
                uint96 share = uint96(uint256(asked.askerGas) * fund.gasPaid / fund.gasOwed);
                toAsker += share;
                fund.gasOwed -= asked.askerGas;
                fund.gasPaid -= share;
                _funds[asked.execId] = fund;
            }
        }
        asked.status = DemandStatus.Claimed;
        _demands[demandId].store(asked);
        emit BondClaimed(demandId, asked.asker, toAsker, toProvider, burnt);
        _credit(asked.asker, toAsker);
        _credit(_ownerOf(execution.providerId), toProvider);
        if (burnt != 0) LEDGER.burn(burnt);
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
        if (fresh) MARKET.freeze(subject.jobId);
    }

    /// @inheritdoc IDisputes
    function proveFraud(Order calldata order, FraudProof calldata proof, bytes32 salt) external {
        Subject memory subject = _subject(order);
        Execution memory execution = _load(subject.execId);
        bytes32 commitId = _commitOf(subject.execId, proof, salt);
        Commit memory commit = _commit(commitId);
        require(commit.prover != address(0), Disputes_NoCommit(commitId));
        // Class 8: a copy of somebody's reveal comes too late, and under another sender.
        require(block.number > commit.block_, Disputes_TooEarly(commitId));
        uint40 revealBy = _revealBy(execution, commit, subject.snapshot.reveal);
        require(!_isOver(revealBy), Disputes_RevealClosed(commitId, revealBy));

        delete _commits[commitId];
        _judge(order, subject, proof);
        if (execution.outcome == Outcome.Open) {
            uint256 bounty = uint256(order.collateral) * subject.snapshot.bountyBps / BPS;
            _convict(order, subject, execution, bounty, commit.gas, commit.bond);
        } else {
            _payLate(subject, commitId, commit);
        }
    }

    /// @inheritdoc IDisputes
    function forfeitCommit(bytes32 execId, bytes32 commitId) external {
        Commit memory commit = _commit(commitId);
        require(commit.prover != address(0) && commit.execId == execId, Disputes_NoCommit(commitId));
        Execution memory execution = _load(execId);
        uint40 closedAt = commit.revealBy;
        bool returned = _isLate(execution, commit);
        if (returned) closedAt = execution.convictedAt + commit.revealBy - commit.madeAt;
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
    function burnReserve(bytes32 execId) external {
        Execution memory execution = _load(execId);
        require(execution.outcome == Outcome.Convicted, Disputes_OutcomeOpen(execId));
        uint96 reserve = _funds[execId].reserve;
        require(reserve != 0, Disputes_NothingReserved(execId));
        // The last commit that may still reveal does so within R of the conviction.
        require(_isOver(execution.finalAt), Disputes_RevealOpen(execId, execution.finalAt));
        _funds[execId].reserve = 0;
        emit ReserveBurnt(execId, reserve);
        LEDGER.burn(reserve); // D1
    }

    // ---- finality ----

    /// @inheritdoc IDisputes
    function finalise(bytes32 jobId, uint8 attempt, uint32 providerId) external {
        require(msg.sender == address(MARKET), Disputes_NotMarket(msg.sender));
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
    function demandIdOf(bytes32 execId, Request memory request) public pure returns (bytes32) {
        return keccak256(abi.encode(execId, request));
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
    function demandOf(bytes32 demandId) external view returns (Demand memory) {
        return _asked(demandId);
    }

    /// @inheritdoc IDisputes
    function deadlineOf(bytes32 demandId) external view returns (uint40) {
        return _deadline(_asked(demandId));
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
    function bondOf(Order calldata order, Request memory request, uint32 activations)
        external
        view
        returns (uint96)
    {
        return _bond(_snapshot(order.paramsVersion), request, activations);
    }

    /// @inheritdoc IDisputes
    function snapshotOf(uint32 version) external view returns (DisputeSnapshot memory) {
        return _snapshot(version);
    }

    // ---- internals: the subject ----

    function _subject(Order calldata order) private view returns (Subject memory subject) {
        subject.gasBefore = gasleft();
        subject.jobId = abi.decode(
            address(MARKET)
                .functionStaticCall(
                    bytes.concat(IJobMarket.jobIdOf.selector, CalldataStruct.bytesOf(order))
                ),
            (bytes32)
        );
        subject.job = MARKET.jobOf(subject.jobId);
        subject.execId = execIdOf(subject.jobId, subject.job.attempt, subject.job.providerId);
        subject.snapshot = _snapshot(order.paramsVersion);
    }

    /// @dev DIS-5: no window closes while nobody could send a transaction, nor before the market settles again.
    function _isOver(uint40 end) private view returns (bool) {
        return
            block.timestamp >= end
                && block.timestamp >= uint256(SequencerUptime.upSince(FEED)) + GRACE;
    }

    /// @dev The execution if it can still be disputed; a new record, not stored yet, at the first touch.
    function _begin(Subject memory subject) private view returns (Execution memory execution) {
        execution = _load(subject.execId);
        require(
            subject.job.status == IJobMarket.Status.Delivered && execution.outcome == Outcome.Open
                && subject.snapshot.grace != 0,
            Disputes_NotDisputable(subject.execId)
        ); // DIS-1
        if (execution.finalAt == 0) {
            execution.finalAt = subject.job.time + subject.job.window;
            execution.providerId = subject.job.providerId;
        }
        // A6: whatever is open keeps it open.
        require(
            !_isOver(execution.finalAt) || execution.liveDemands != 0,
            Disputes_Closed(subject.execId, execution.finalAt)
        );
    }

    /// @dev A touched execution has a queue, even an empty one.
    function _markTouched(Execution memory execution) private view {
        execution.queueEnd = _max(execution.queueEnd, uint40(block.timestamp));
    }

    function _roots(Order calldata order, Subject memory subject, uint32 step)
        private
        view
        returns (ExecutionRoots memory)
    {
        return ExecutionRoots({
            modelId: order.modelId,
            steps: order.steps,
            inputRoot: order.inputRoot,
            resultRoot: subject.job.resultRoot,
            traceRoot: traceRootOf[subject.execId][step]
        });
    }

    // ---- internals: demands ----

    /// @dev What kind of demand it is, whether what it asks for exists yet, and whether its time is over.
    function _checkKind(
        Subject memory subject,
        Execution memory execution,
        Request memory request,
        uint32 activations,
        uint8 valueKind
    ) private view {
        bytes32 execId = subject.execId;
        bool chunk = request.kind == Kind.Chunk;
        if (request.kind == Kind.Trace) {
            require(activations != 0, Disputes_EmptyTrace(execId)); // A4
        } else if (!chunk || valueKind == uint8(ValueKind.Output)) {
            subject.ofOutput = true;
            require(!RECEIPTS.isWaived(execId), Disputes_Waived(execId)); // A12
        } else if (valueKind == uint8(ValueKind.Activation)) {
            // A3: there is nothing yet to hold an answer against.
            require(traceRootOf[execId][request.step] != 0, Disputes_NoTrace(execId, request.step));
        }
        // A3: demands for traces and outputs close at D + W, whatever else is still open.
        uint40 closedAt = subject.job.time + subject.job.window;
        if (chunk) closedAt = _max(closedAt, execution.chunksClose);
        require(!_isOver(closedAt), Disputes_Closed(execId, closedAt));
    }

    function _record(
        Order calldata order,
        Subject memory subject,
        Execution memory execution,
        Request memory request,
        bytes32 demandId,
        uint32 activations
    ) private {
        DisputeSnapshot memory snapshot = subject.snapshot;
        uint8 open = openDemandsOf[subject.execId][msg.sender];
        require(open < snapshot.openDemands, Disputes_TooManyOpen(msg.sender, snapshot.openDemands));
        openDemandsOf[subject.execId][msg.sender] = open + 1;

        bool fresh = execution.queueEnd == 0;
        _markTouched(execution);
        execution.liveDemands += 1;
        Demand memory asked = Demand({
            execId: subject.execId,
            asker: msg.sender,
            kind: request.kind,
            status: DemandStatus.Open,
            step: request.step,
            value: request.value,
            chunk: request.chunk,
            count: request.count,
            madeAt: uint40(block.timestamp),
            deadline: _schedule(order, execution, snapshot, request),
            burnBps: snapshot.burnBps,
            bond: _bond(snapshot, request, activations),
            askerGas: 0,
            answerGas: 0,
            ofOutput: subject.ofOutput
        });
        _store(subject.execId, execution);
        asked.askerGas = _metered(subject, DEMAND_TAIL);
        _funds[subject.execId].gasOwed += asked.askerGas;
        _demands[demandId].store(asked);
        emit Demanded(
            subject.execId, demandId, msg.sender, subject.jobId, request, asked.bond, asked.deadline
        );
        LEDGER.spendFree(LYN, msg.sender, asked.bond);
        if (fresh) MARKET.freeze(subject.jobId);
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
        Execution memory execution,
        DisputeSnapshot memory snapshot,
        Request memory request
    ) private view returns (uint40) {
        uint256 soonest = block.timestamp + snapshot.grace;
        if (request.kind == Kind.Trace) {
            execution.queueEnd = (uint256(execution.queueEnd)
                    + Math.ceilDiv(order.deliverDuration, order.steps))
            .toUint40();
        } else if (request.kind == Kind.Chunk) {
            soonest += Math.ceilDiv(uint256(snapshot.perChunk) * request.count, 1_000);
        }
        return Math.max(soonest, execution.queueEnd).toUint40();
    }

    /// @dev A5: the gas of the answer, and an amount for the work.
    function _bond(DisputeSnapshot memory snapshot, Request memory request, uint32 activations)
        private
        pure
        returns (uint96)
    {
        uint256 gas = ANSWER_GAS;
        if (request.kind == Kind.Trace) gas += ANSWER_GAS_PER_ROOT * activations;
        else if (request.kind == Kind.Chunk) gas += ANSWER_GAS_PER_CHUNK * request.count;
        return (snapshot.bond + gas * snapshot.lynPerGas).toUint96();
    }

    function _checkOpen(
        Subject memory subject,
        Execution memory execution,
        bytes32 demandId,
        Demand memory asked
    ) private pure {
        require(
            asked.status != DemandStatus.None && asked.execId == subject.execId,
            Disputes_UnknownDemand(demandId)
        );
        require(
            execution.outcome == Outcome.Open && subject.job.status == IJobMarket.Status.Delivered,
            Disputes_NotDisputable(subject.execId)
        ); // DIS-1
        require(asked.status == DemandStatus.Open, Disputes_DemandNotOpen(demandId, asked.status));
    }

    /// @dev DIS-5: if the sequencer came up after the demand was made, the answer has its whole time again from there.
    function _deadline(Demand memory asked) private view returns (uint40) {
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
        // Nothing binds a trace before it is posted, so only the provider can post it.
        uint32 providerId = subject.job.providerId;
        require(
            msg.sender == STAKE.hotKeyOf(providerId) || msg.sender == _ownerOf(providerId),
            Disputes_NotProvider(msg.sender)
        );
        bytes32[] calldata tensorRoots = CalldataStruct.traceAnswer(payload).tensorRoots;
        bytes32 root = VERIFIER.traceRoot(modelId, model, tensorRoots);
        // A4: once per execution and step, because the demand is answered once.
        traceRootOf[subject.execId][step] = root;
        emit TracePosted(subject.execId, demandId, step, root, tensorRoots);
    }

    function _openOutput(
        Order calldata order,
        Subject memory subject,
        ModelHeader calldata model,
        bytes32 demandId,
        uint32 step,
        bytes calldata payload
    ) private {
        VERIFIER.checkOutput(_roots(order, subject, step), model, step, payload);
        OutputAnswer calldata opened = CalldataStruct.outputAnswer(payload);
        emit OutputOpened(subject.execId, demandId, step, opened.carriedRoot, opened.outputsRoot);
    }

    function _openChunks(
        Order calldata order,
        Subject memory subject,
        ModelHeader calldata model,
        bytes32 demandId,
        Demand memory asked,
        bytes calldata payload
    ) private {
        VERIFIER.checkOpening(
            _roots(order, subject, asked.step),
            model,
            Request(asked.kind, asked.step, asked.value, asked.chunk, asked.count),
            payload
        );
        Opening calldata opening = CalldataStruct.chunkAnswer(payload).opening;
        emit ChunksOpened(
            subject.execId,
            demandId,
            asked.step,
            asked.value,
            asked.chunk,
            opening.dataRoot,
            opening.data
        );
    }

    /// @dev The demand is answered: whoever reads the answer gets time for what follows from it (A3).
    function _close(
        Subject memory subject,
        Execution memory execution,
        bytes32 demandId,
        Demand memory asked
    ) private {
        DisputeSnapshot memory snapshot = subject.snapshot;
        execution.liveDemands -= 1;
        // A3: W2 after the last answer, or a slow one would run out the clock of what is asked next. That ends, because every demand asks for something new and burns a bond.
        execution.chunksClose =
            _max(execution.chunksClose, uint40(block.timestamp) + snapshot.chunkWindow);
        uint40 finalAt = _max(execution.finalAt, uint40(block.timestamp) + snapshot.proofWindow);
        finalAt = _max(finalAt, execution.chunksClose);
        if (finalAt != execution.finalAt) {
            execution.finalAt = finalAt;
            emit FinalityMoved(subject.execId, finalAt);
        }
        _store(subject.execId, execution);
        openDemandsOf[subject.execId][asked.asker] -= 1;
        asked.status = DemandStatus.Answered;
        // A5: never more than the bond has for gas.
        uint96 forGas = asked.bond - snapshot.bond;
        uint96 gas = _metered(subject, ANSWER_TAIL);
        asked.answerGas = gas < forGas ? gas : forGas;
        _demands[demandId].store(asked);
    }

    /// @dev A5: the provider's gas first; of the rest a part is burnt, so that asking oneself is never free, and the remainder pays for work that was done.
    function _unsuccessful(Demand memory asked)
        private
        pure
        returns (uint96 toAsker, uint96 toProvider, uint96 burnt)
    {
        uint96 rest = asked.bond - asked.answerGas;
        // SAFETY: at most `rest`, because burnBps is at most 10,000.
        burnt = uint96(uint256(rest) * asked.burnBps / BPS);
        rest -= burnt;
        toProvider = asked.answerGas;
        // Whatever asks for an output repays metered gas only: serving nothing must not earn.
        if (asked.ofOutput) toAsker = rest;
        else toProvider += rest;
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

    function _judge(Order calldata order, Subject memory subject, FraudProof calldata proof)
        private
    {
        uint16 version = MODELS.modelOf(order.modelId).checkerVersion; // A10
        // `VERIFIER.judge(roots, version, proof)`, the proof not decoded and encoded again but passed on as it came: five words of roots, the version, where the proof starts.
        bytes memory call = bytes.concat(
            abi.encodeWithSelector(
                IFraudVerifier.judge.selector,
                _roots(order, subject, proof.step),
                version,
                uint256(7 * 32)
            ),
            CalldataStruct.bytesOf(proof)
        );
        (uint64 claimed, Interval memory honest, bool fraud) =
            abi.decode(address(VERIFIER).functionStaticCall(call), (uint64, Interval, bool));
        require(fraud, Disputes_NotFraud(subject.execId, claimed, honest.low, honest.high));
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
        uint256 bounty,
        uint256 gas,
        uint256 bond
    ) private {
        DisputeSnapshot memory snapshot = subject.snapshot;
        uint256 slashed = order.collateral;
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
        emit Convicted(subject.execId, subject.jobId, msg.sender, order.collateral, paid);
        address(MARKET)
            .functionCall(
                bytes.concat(
                    IJobMarket.convict.selector,
                    CalldataStruct.bytesOf(order),
                    abi.encode(paid, address(this))
                )
            );
        LEDGER.spendFree(LYN, address(this), paid);
        _credit(msg.sender, gas + bounty + bond);
    }

    /// @dev A6: an earlier commit loses nothing because somebody else was faster.
    function _payLate(Subject memory subject, bytes32 commitId, Commit memory commit) private {
        uint96 reserve = _funds[subject.execId].reserve;
        uint256 gas = commit.gas + _metered(subject, LATE_TAIL);
        // SAFETY: at most the reserve.
        uint96 paid = uint96(Math.min(gas, reserve));
        _funds[subject.execId].reserve = reserve - paid;
        emit LateProof(subject.execId, commitId, msg.sender, paid);
        _credit(msg.sender, uint256(paid) + commit.bond);
    }

    // ---- internals: money ----

    /// @dev LYN wei of (gas used + 21,000 + calldata), at least the floor of EIP-7623. Calldata counts as if no byte were zero.
    function _metered(Subject memory subject, uint256 tail) private view returns (uint96) {
        uint256 used = subject.gasBefore - gasleft() + tail + 16 * msg.data.length;
        uint256 gas = 21_000 + Math.max(used, 40 * msg.data.length);
        return (gas * subject.snapshot.lynPerGas).toUint96();
    }

    function _credit(address account, uint256 amount) private {
        if (amount != 0) LEDGER.credit(LYN, account, amount);
    }

    function _ownerOf(uint32 providerId) private view returns (address) {
        return STAKE.ownerOf(providerId);
    }

    // ---- internals: storage, read and written in one place each to keep the code small ----

    function _load(bytes32 execId) private view returns (Execution memory) {
        return _executions[execId].execution();
    }

    function _store(bytes32 execId, Execution memory execution) private {
        _executions[execId] = execution.pack();
    }

    function _asked(bytes32 demandId) private view returns (Demand memory) {
        return _demands[demandId].load();
    }

    function _commit(bytes32 commitId) private view returns (Commit memory) {
        return _commits[commitId].loadCommit();
    }

    function _snapshot(uint32 version) private view returns (DisputeSnapshot memory) {
        return _snapshots[version].loadSnapshot();
    }

    function _max(uint40 a, uint40 b) private pure returns (uint40) {
        return a > b ? a : b;
    }
}

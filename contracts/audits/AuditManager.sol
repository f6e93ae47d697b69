// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {IAttestations} from "../interfaces/IAttestations.sol";
import {IAuditManager} from "../interfaces/IAuditManager.sol";
import {ICanaries} from "../interfaces/ICanaries.sol";
import {IDemands} from "../interfaces/IDemands.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {CalldataStruct} from "../libraries/CalldataStruct.sol";
import {ExecutionId} from "../libraries/ExecutionId.sol";
import {JobFlags} from "../market/JobFlags.sol";
import {JobHead} from "../market/JobHead.sol";
import {OrderHash} from "../market/OrderHash.sol";
import {SequencerUptime} from "../oracle/SequencerUptime.sol";
import {ModelHeader} from "../types/ModelHeader.sol";
import {Order} from "../types/Order.sol";
import {AuditDraw} from "./AuditDraw.sol";
import {AuditRecords, PLACES} from "./AuditRecords.sol";
import {AuditSeeds} from "./AuditSeeds.sol";

/// @title AuditManager
/// @dev TRUST: the coordinator of Chainlink VRF, for seeds that nobody knows before; JobMarket, to say what was delivered; Attestations, to say what convicts a verifier; Canaries, to void and to slash by what was
/// committed beforehand; Parameters, within its bounds, for epochs not yet closed; the owner, with the pool and the oracle. TOKENS: none are held here: the pool is this contract's free balance in the Ledger.
/// LIVENESS: nothing pauses it. An oracle that is silent delays an epoch by N; on a chain without a beacon somebody has to ask it again. No loop over verifiers, seats or executions.
/// ROUNDING: pay down, and what is not paid stays in the pool. CLOCKS: block time; every window is [start, end). PROPERTIES: AUD-1 to AUD-7.
contract AuditManager is AuditSeeds {
    using Address for address;
    using AuditRecords for *;

    /// @notice The other contracts, fixed for ever.
    /// @param feed Sequencer-uptime feed, or zero (A3).
    struct Config {
        SeedConfig seeds;
        ILedger ledger;
        IDisputes disputes;
        IDemands demands;
        IAttestations attestations;
        ICanaries canaries;
        AggregatorV3Interface feed;
    }

    /// @dev A sampled execution, and what governs its audit.
    /// @param drawn Word a of its epoch, `terms` the snapshot's, `audit` its own: AuditRecords.
    struct Sampled {
        bytes32 execId;
        uint40 epoch;
        uint24 window;
        uint256 drawn;
        uint256 terms;
        uint256 audit;
    }

    /// @dev Who audits, in the round that runs.
    struct Verifier {
        uint32 id;
        address owner;
        uint8 round;
        uint16 seats;
    }

    uint256 private constant PPM = 1e6;
    uint256 private constant BPS = 10_000;
    /// @dev Places of AuditRecords.
    uint256 private constant DIFFERING = 16;
    uint256 private constant WITHHELD = 32;
    /// @dev D2 says lately: what was counted is halved so often.
    uint256 private constant HALF_LIFE = 7 days;
    /// @dev D1: most of a slash for absence that its reporter gets.
    uint256 private constant REPORT_BPS = 4_000;
    /// @dev How long an audit that nobody settles keeps its place: longer than both rounds and the reports at their bounds.
    uint40 private constant KEEP = 90 days;

    /// @notice Accounts: the pool is the one of this contract.
    ILedger public immutable LEDGER;
    /// @notice Voids.
    IDisputes public immutable DISPUTES;
    /// @notice Takes the pool's demands.
    IDemands public immutable DEMANDS;
    /// @notice What verifiers revealed, as cases.
    IAttestations public immutable ATTESTATIONS;
    /// @notice Results that were wrong by agreement.
    ICanaries public immutable CANARIES;
    /// @notice Sequencer-uptime feed, or zero.
    AggregatorV3Interface public immutable FEED;
    /// @dev The market's EIP-712 domain, as long as the chain keeps its id.
    bytes32 private immutable DOMAIN;
    uint256 private immutable CHAIN;

    uint32 private _due;
    uint32 private _completed;
    uint32 private _countedAt; // in half-lives
    mapping(bytes32 execId => mapping(uint32 verifierId => uint256)) private _seats; // AuditRecords
    /// @dev Audits, in words that executions leave to later ones: whoever reveals first need not pay for a fresh one.
    uint256[PLACES] private _places;
    /// @dev Audits of executions whose place another had.
    mapping(bytes32 execId => uint256) private _displaced;

    constructor(Config memory config) AuditSeeds(config.seeds) {
        LEDGER = config.ledger;
        DISPUTES = config.disputes;
        DEMANDS = config.demands;
        ATTESTATIONS = config.attestations;
        CANARIES = config.canaries;
        FEED = config.feed;
        DOMAIN = config.seeds.market.DOMAIN_SEPARATOR();
        CHAIN = block.chainid;
    }

    // --- Verifiers ---

    /// @inheritdoc IAuditManager
    function commit(bytes32 execId, bytes32 hash) external {
        uint32 verifierId = STAKE.verifierIdOf(msg.sender);
        require(verifierId != 0, AuditManager_NotAVerifier(msg.sender));
        mapping(uint32 id => uint256) storage seats = _seats[execId];
        _requireOpen(execId, verifierId, seats[verifierId].statusOf());
        seats[verifierId] =
            AuditRecords.packSeat(Attestation.Committed, false, uint40(block.timestamp), 0, hash);
        emit Committed(execId, verifierId);
    }

    /// @inheritdoc IAuditManager
    function reveal(Order calldata order, bytes32 traceRoot, Finding finding, bytes32 salt)
        external
        returns (uint256 paid)
    {
        require(finding != Finding.None, AuditManager_BadFinding());
        Sampled memory sampled;
        _sample(sampled, _jobIdOf(order), false);
        Verifier memory verifier;
        _draft(verifier, sampled, sampled.terms.faultSlashOf());
        mapping(uint32 id => uint256) storage seats = _seats[sampled.execId];
        _checkCommit(
            sampled,
            verifier,
            seats[verifier.id],
            keccak256(abi.encode(sampled.execId, verifier.id, traceRoot, finding, salt))
        );
        seats[verifier.id] = AuditRecords.packSeat(
            Attestation.Revealed, // AUD-2, AUD-4
            finding == Finding.Agrees,
            _startOf(sampled, verifier.round + 1) + sampled.window,
            sampled.drawn.versionOf(),
            keccak256(abi.encode(traceRoot, finding))
        );
        paid = _pay(order, sampled, verifier, finding);
        emit Revealed(
            sampled.execId,
            verifier.id,
            AuditDraw.stepOf(sampled.drawn.seedOf(), sampled.execId, order.steps),
            verifier.seats,
            finding,
            traceRoot,
            paid
        );
    }

    /// @inheritdoc IAuditManager
    function attestWithheld(Order calldata order) external {
        Sampled memory sampled;
        _sample(sampled, _jobIdOf(order), false);
        bytes32 execId = sampled.execId;
        Verifier memory verifier;
        _draft(verifier, sampled, 0);
        uint40 end = _startOf(sampled, verifier.round + 1) + sampled.window;
        require(
            block.timestamp < end, AuditManager_WrongTime(execId, sampled.drawn.seedAtOf(), end)
        );
        mapping(uint32 id => uint256) storage seats = _seats[execId];
        _requireOpen(execId, verifier.id, seats[verifier.id].statusOf());

        seats[verifier.id] = AuditRecords.packSeat(Attestation.Withheld, false, 0, 0, 0);
        uint256 word = sampled.audit.add(verifier.seats, WITHHELD);
        _keep(execId, word);
        emit WithheldAttested(execId, verifier.id, verifier.seats);
        // A7: half of the expected seats, and twice those that agree.
        Audit memory audit = word.unpackAudit();
        if (
            2 * AuditDraw.SEAT * audit.withheld
                    >= AuditDraw.expectedOf(sampled.terms.seatsOf(), verifier.round)
                && audit.withheld >= 2 * uint256(audit.agreeing)
        ) {
            emit AuditVoided(execId);
            _void(order);
        }
    }

    /// @inheritdoc IAuditManager
    function demandTrace(Order calldata order, ModelHeader calldata model)
        external
        returns (bytes32 demandId)
    {
        Sampled memory sampled;
        _sample(sampled, _jobIdOf(order), false);
        bytes32 execId = sampled.execId;
        Audit memory audit = sampled.audit.unpackAudit();
        require(audit.differing != 0, AuditManager_NoMismatch(execId));
        require(!audit.demanded, AuditManager_AlreadyDemanded(execId));
        _keep(execId, sampled.audit | AuditRecords.DEMANDED);
        uint32 step = AuditDraw.stepOf(sampled.drawn.seedOf(), execId, order.steps);
        demandId = _demand(order, model, step);
        emit MismatchDemanded(execId, demandId, step);
    }

    /// @inheritdoc IAuditManager
    function reportAbsent(bytes32 jobId, uint32 verifierId) external {
        Sampled memory sampled;
        _sample(sampled, jobId, true);
        bytes32 execId = sampled.execId;
        AuditSnapshot memory terms = sampled.terms.unpackSnapshot();
        uint8 last = sampled.audit.revealedOf() != 0 ? sampled.audit.roundRevealedOf() : 1;
        uint40 start = _startOf(sampled, last + 1);
        uint40 end = start + terms.reportWindow;
        require(
            block.timestamp >= start && block.timestamp < end,
            AuditManager_WrongTime(execId, start, end)
        );
        uint40 upSince = SequencerUptime.upSince(FEED);
        require(upSince <= sampled.drawn.seedAtOf(), AuditManager_SequencerWasDown(upSince));
        _requireOpen(execId, verifierId, _seats[execId][verifierId].statusOf()); // AUD-4
        uint96 stake = STAKE.stakeAt(verifierId, _snapshotTime(sampled.epoch));
        require(
            _draw(sampled, verifierId, stake, 0) != 0
                || (last != 0 && _draw(sampled, verifierId, stake, 1) != 0),
            AuditManager_NotDrawn(execId, verifierId)
        );
        _seats[execId][verifierId] = AuditRecords.packSeat(Attestation.Absent, false, 0, 0, 0);
        // SAFETY: a part of the amount.
        (uint96 slashed,) = STAKE.slashLiveness(
            verifierId,
            0,
            terms.absentSlash,
            uint96(uint256(terms.absentSlash) * REPORT_BPS / BPS),
            msg.sender
        );
        emit AbsentReported(execId, verifierId, msg.sender, slashed);
    }

    /// @inheritdoc IAuditManager
    function release(bytes32 execId, uint32 verifierId) external {
        uint40 until = _seats[execId][verifierId].timeOf();
        if (_isDisputed(execId, verifierId)) until = type(uint40).max;
        (uint96 amount, bool agrees) = _take(execId, verifierId);
        // Who vouched for a canary has something to lose still (CAN-3).
        if (agrees && CANARIES.isOpened(execId)) until = type(uint40).max;
        require(block.timestamp >= until, AuditManager_Held(execId, until));
        emit ReserveReleased(execId, verifierId, amount);
        STAKE.release(verifierId, amount, 0);
    }

    // --- Attestations and canaries ---

    /// @inheritdoc IAuditManager
    function slashFault(bytes32 execId, uint32 verifierId, uint96 payout, address recipient)
        external
    {
        require(msg.sender == address(ATTESTATIONS), AuditManager_NotAttestations(msg.sender));
        _slash(execId, verifierId, payout, recipient);
    }

    /// @inheritdoc IAuditManager
    function slashCanary(bytes32 execId, uint32 verifierId) external returns (uint96 slashed) {
        _onlyCanaries();
        require(
            _seats[execId][verifierId].agreesOf(), AuditManager_NothingReserved(execId, verifierId)
        );
        // What is disputed may be taken by that.
        require(!_isDisputed(execId, verifierId), AuditManager_Held(execId, type(uint40).max));
        return _slash(execId, verifierId, 0, address(0));
    }

    /// @inheritdoc IAuditManager
    function voidCanary(Order calldata order) external {
        _onlyCanaries();
        _void(order);
    }

    /// @inheritdoc IAuditManager
    function faultReserveOf(bytes32 execId, uint32 verifierId) external view returns (uint96) {
        uint256 seat = _seats[execId][verifierId];
        if (block.timestamp >= seat.timeOf() && !_isDisputed(execId, verifierId)) return 0;
        uint24 version = seat.reservedBy();
        return version == 0 ? 0 : _snapshots[version].faultSlashOf();
    }

    // --- The market ---

    /// @inheritdoc IAuditManager
    function finalise(bytes32 execId, uint40 deliveredAt, uint24 window) external {
        require(msg.sender == address(MARKET), AuditManager_NotMarket(msg.sender));
        Sampled memory sampled;
        _load(sampled, execId, deliveredAt / EPOCH);
        uint40 until = _heldUntil(sampled, window);
        require(block.timestamp >= until, AuditManager_Held(execId, until)); // AUD-3
        uint256 audit = sampled.audit;
        require(audit & AuditRecords.COUNTED == 0, AuditManager_AlreadyCounted(execId));
        // Reports of absence still read it. Later than now: AUD-7.
        until = _startOf(sampled, 2) + sampled.terms.reportWindowOf();
        if (until <= block.timestamp) until = uint40(block.timestamp) + 1;
        _keep(execId, audit.close(until));
        bool completed = audit.revealedOf() != 0;
        _count(completed);
        emit AuditClosed(execId, completed);
    }

    /// @inheritdoc IAuditManager
    function heldUntil(bytes32 execId, uint40 deliveredAt, uint24 window)
        external
        view
        returns (uint40)
    {
        Sampled memory sampled;
        _load(sampled, execId, deliveredAt / EPOCH);
        return _heldUntil(sampled, window);
    }

    // --- Money ---

    /// @inheritdoc IAuditManager
    function payOracle(address token, address to, uint256 amount) external onlyOwner {
        emit OraclePaid(token, to, amount);
        LEDGER.withdraw(token, amount, to); // AUD-6
    }

    // --- Views ---

    /// @inheritdoc IAuditManager
    function auditOf(bytes32 execId) external view returns (Audit memory) {
        uint256 audit = _places[execId.placeOf()];
        return (audit.isAuditOf(execId) ? audit : _displaced[execId]).unpackAudit();
    }

    /// @inheritdoc IAuditManager
    function isAttested(bytes32 execId, uint32 verifierId, bytes32 traceRoot, Finding finding)
        external
        view
        returns (bool)
    {
        uint256 seat = _seats[execId][verifierId];
        return seat.statusOf() == Attestation.Revealed
            && seat.isOf(keccak256(abi.encode(traceRoot, finding)));
    }

    /// @inheritdoc IAuditManager
    function attestationOf(bytes32 execId, uint32 verifierId) external view returns (Attestation) {
        return _seats[execId][verifierId].statusOf();
    }

    /// @inheritdoc IAuditManager
    function isSampled(uint40 epoch, bytes32 execId) external view returns (bool) {
        Sampled memory sampled;
        _load(sampled, execId, epoch);
        return _isSampled(sampled);
    }

    /// @inheritdoc IAuditManager
    function seatsOf(uint40 epoch, bytes32 execId, uint32 verifierId, uint8 round)
        external
        view
        returns (uint16)
    {
        Sampled memory sampled;
        _load(sampled, execId, epoch);
        if (!_isSampled(sampled)) return 0;
        return _draw(sampled, verifierId, STAKE.stakeAt(verifierId, _snapshotTime(epoch)), round);
    }

    /// @inheritdoc IAuditManager
    function stepOf(uint40 epoch, bytes32 execId, uint32 steps) external view returns (uint32) {
        return AuditDraw.stepOf(_epochs[epoch].a.seedOf(), execId, steps);
    }

    /// @inheritdoc IAuditManager
    function revealEndOf(uint40 epoch, bytes32 execId) external view returns (uint40) {
        Sampled memory sampled;
        _load(sampled, execId, epoch);
        require(sampled.drawn.seedOf() != 0, AuditManager_NoSeed(epoch));
        return _revealEnd(sampled);
    }

    /// @inheritdoc IAuditManager
    function qEffPpm() public view override returns (uint32) {
        AuditSnapshot memory terms = snapshotOf(currentVersion);
        uint256 q = uint256(terms.ratePpm) * terms.detectionPpm / PPM;
        (uint256 due, uint256 done,) = _counts();
        if (due >= terms.minDue) {
            uint256 completed = uint256(terms.ratePpm) * done / due;
            if (completed < q) q = completed; // AUD-5
        }
        return uint32(q); // SAFETY: at most 1e6
    }

    // --- Internals: executions ---

    /// @dev `MARKET.jobIdOf(order)`, without asking it.
    function _jobIdOf(Order calldata order) private view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(
            block.chainid == CHAIN ? DOMAIN : MARKET.DOMAIN_SEPARATOR(), OrderHash.structHash(order)
        );
    }

    /// @dev Fills in a delivered execution that is sampled. @param settled Whether it may have been settled since.
    function _sample(Sampled memory sampled, bytes32 jobId, bool settled) private view {
        uint256 head = MARKET.headOf(jobId);
        IJobMarket.Status status = JobHead.statusOf(head);
        require(
            status == IJobMarket.Status.Delivered
                || (settled && status == IJobMarket.Status.Settled),
            AuditManager_NotDelivered(jobId)
        );
        bytes32 execId =
            ExecutionId.derive(jobId, JobHead.attemptOf(head), JobHead.providerIdOf(head));
        _load(sampled, execId, JobHead.timeOf(head) / EPOCH);
        sampled.window = JobHead.windowOf(head);
        require(sampled.drawn.seedOf() != 0, AuditManager_NoSeed(sampled.epoch));
        // A proof leaves nothing to audit.
        require(
            JobHead.flagsOf(head) & JobFlags.PROVED == 0 && _isSampled(sampled),
            AuditManager_NotSampled(execId)
        );
    }

    function _load(Sampled memory sampled, bytes32 execId, uint40 epoch) private view {
        uint256 drawn = _epochs[epoch].a;
        sampled.execId = execId;
        sampled.epoch = epoch;
        sampled.drawn = drawn;
        sampled.terms = _snapshots[drawn.versionOf()];
        uint256 audit = _places[execId.placeOf()];
        if (!audit.isAuditOf(execId)) {
            // AUD-7: what was over before this execution could be audited at all gives way. So an execution whose place was taken finds it taken ever after.
            audit = audit.untilOf() <= drawn.seedAtOf()
                ? execId.claim(uint40(block.timestamp) + KEEP)
                : _displaced[execId];
        }
        sampled.audit = audit;
    }

    /// @dev Writes an audit where `_load` found it, or found a place for it.
    function _keep(bytes32 execId, uint256 audit) private {
        if (audit.isAuditOf(execId)) _places[execId.placeOf()] = audit;
        else _displaced[execId] = audit;
    }

    function _isSampled(Sampled memory sampled) private pure returns (bool) {
        uint160 seed = sampled.drawn.seedOf();
        return seed != 0 && AuditDraw.isSampled(seed, sampled.terms.ratePpmOf(), sampled.execId);
    }

    /// @dev `DISPUTES.voidExecution(order)`, passed on as it came.
    function _void(Order calldata order) private {
        address(DISPUTES)
            .functionCall(
                bytes.concat(IDisputes.voidExecution.selector, CalldataStruct.bytesOf(order))
            );
    }

    /// @dev `DEMANDS.demand(order, model, Request(Kind.Trace, step, 0, 0, 0), "", [])`, order and model passed on as they came: 45 words of head, and the two lengths.
    /// E4: the bond is the pool's, and the Ledger lets it pay no more than it has (AUD-6).
    function _demand(Order calldata order, ModelHeader calldata model, uint256 step)
        private
        returns (bytes32)
    {
        bytes memory request = abi.encode(
            IDisputes.Kind.Trace, step, 0, 0, 0, uint256(45 * 32), uint256(46 * 32), 0, 0
        );
        return abi.decode(
            address(DEMANDS)
                .functionCall(
                    bytes.concat(
                        IDemands.demand.selector,
                        CalldataStruct.bytesOf(order),
                        CalldataStruct.bytesOf(model),
                        request
                    )
                ),
            (bytes32)
        );
    }

    // --- Internals: windows ---

    /// @dev Start of a round, which is the end of the one before.
    function _startOf(Sampled memory sampled, uint8 round) private pure returns (uint40) {
        // SAFETY: two windows of 2^24 seconds a round, two rounds.
        unchecked {
            return sampled.drawn.seedAtOf() + uint40(round) * sampled.terms.roundOf();
        }
    }

    /// @dev E1: nobody revealed in round 0: once more.
    function _roundOf(Sampled memory sampled) private view returns (uint8) {
        if (sampled.audit.revealedOf() != 0) return sampled.audit.roundRevealedOf();
        return block.timestamp < _startOf(sampled, 1) ? 0 : 1;
    }

    function _revealEnd(Sampled memory sampled) private view returns (uint40) {
        // Nobody can be drawn: nothing to wait for.
        if (sampled.drawn.totalStakeOf() == 0) return sampled.drawn.seedAtOf();
        return _startOf(sampled, _roundOf(sampled) + 1);
    }

    function _heldUntil(Sampled memory sampled, uint24 window) private view returns (uint40) {
        if (sampled.drawn.seedOf() == 0) return type(uint40).max;
        return _isSampled(sampled) ? _revealEnd(sampled) + window : 0; // AUD-3
    }

    /// @dev The last second of an epoch.
    function _snapshotTime(uint40 epoch) private view returns (uint40) {
        return (epoch + 1) * EPOCH - 1;
    }

    // --- Internals: verifiers ---

    /// @dev Fills in the caller, if it is drawn. `amount` of its stake is reserved.
    function _draft(Verifier memory verifier, Sampled memory sampled, uint96 amount) private {
        uint96 stake;
        (verifier.id, stake, verifier.owner) =
            STAKE.reserveVerifier(msg.sender, amount, _snapshotTime(sampled.epoch));
        verifier.round = _roundOf(sampled);
        verifier.seats = _draw(sampled, verifier.id, stake, verifier.round);
        require(verifier.seats != 0, AuditManager_NotDrawn(sampled.execId, verifier.id)); // AUD-2
    }

    function _requireOpen(bytes32 execId, uint32 verifierId, Attestation status) private pure {
        require(
            status == Attestation.None || status == Attestation.Committed,
            AuditManager_AlreadyAttested(execId, verifierId)
        );
    }

    /// @dev The commit is the one that is revealed, and both are in time.
    function _checkCommit(
        Sampled memory sampled,
        Verifier memory verifier,
        uint256 seat,
        bytes32 committed
    ) private view {
        uint32 verifierId = verifier.id;
        uint40 start = _startOf(sampled, verifier.round);
        Attestation status = seat.statusOf();
        _requireOpen(sampled.execId, verifierId, status);
        require(
            status == Attestation.Committed && seat.isOf(committed),
            AuditManager_NoCommit(sampled.execId, verifierId)
        );
        uint40 reveals = start + sampled.terms.commitWindowOf();
        uint40 at = seat.timeOf();
        require(at >= start && at < reveals, AuditManager_WrongTime(sampled.execId, start, reveals));
        uint40 end = start + sampled.terms.roundOf();
        require(
            block.timestamp >= reveals && block.timestamp < end,
            AuditManager_WrongTime(sampled.execId, reveals, end)
        );
    }

    function _draw(Sampled memory sampled, uint32 verifierId, uint96 stake, uint8 round)
        private
        pure
        returns (uint16)
    {
        return AuditDraw.seatsOf(
            sampled.drawn.seedOf(),
            sampled.execId,
            verifierId,
            round,
            AuditDraw.expectedOf(sampled.terms.seatsOf(), round),
            stake,
            sampled.drawn.totalStakeOf()
        );
    }

    /// @dev Counts the seats, and pays for them.
    function _pay(
        Order calldata order,
        Sampled memory sampled,
        Verifier memory verifier,
        Finding finding
    ) private returns (uint256) {
        uint256 due = _dueFor(order.verificationFee, sampled, verifier);
        // Whoever reveals first says which round it is.
        uint256 word = sampled.audit | uint256(verifier.round) << 48;
        _keep(sampled.execId, word.add(verifier.seats, finding == Finding.Agrees ? 0 : DIFFERING));
        return LEDGER.pay(order.payToken, verifier.owner, due); // AUD-6
    }

    /// @dev The part of the fees that arrive for a seat; nothing for more seats than were expected, so that an execution never costs more than `payBps` of `fee / q` (AUD-2, D5).
    function _dueFor(uint256 fee, Sampled memory sampled, Verifier memory verifier)
        private
        pure
        returns (uint256)
    {
        uint256 terms = sampled.terms;
        // SAFETY: seats are 16 bits wide; the fee's product is below 2^128 x 2^14 x 2^17 x 2^20; the rate is not 0 where anything is sampled.
        unchecked {
            uint256 expected = AuditDraw.expectedOf(terms.seatsOf(), verifier.round);
            uint256 before = AuditDraw.SEAT * sampled.audit.revealedOf();
            if (before >= expected) return 0;
            uint256 counted = AuditDraw.SEAT * verifier.seats;
            if (counted > expected - before) counted = expected - before;
            return fee * terms.payBpsOf() * counted * PPM / (BPS * terms.ratePpmOf() * expected);
        }
    }

    // --- Internals: what is reserved ---

    /// @dev Takes what the seat reserves, which is there once (AUD-4).
    function _take(bytes32 execId, uint32 verifierId) private returns (uint96 amount, bool agrees) {
        uint256 seat = _seats[execId][verifierId];
        uint24 version = seat.reservedBy();
        require(version != 0, AuditManager_NothingReserved(execId, verifierId));
        (amount, agrees) = (_snapshots[version].faultSlashOf(), seat.agreesOf());
        _seats[execId][verifierId] = seat.unreserved();
    }

    function _slash(bytes32 execId, uint32 verifierId, uint96 payout, address recipient)
        private
        returns (uint96 amount)
    {
        (amount,) = _take(execId, verifierId);
        emit FaultSlashed(execId, verifierId, amount, payout);
        STAKE.slash(verifierId, amount, amount, payout, recipient);
    }

    function _isDisputed(bytes32 execId, uint32 verifierId) private view returns (bool) {
        return ATTESTATIONS.isOpen(execId, verifierId);
    }

    /// @dev AUD-5: what audits did lately: both counts are halved whenever twice the least number were due, too.
    function _count(bool completed) private {
        (uint256 due, uint256 done, uint32 at) = _counts();
        ++due;
        if (completed) ++done;
        if (due >= 2 * uint256(snapshotOf(currentVersion).minDue)) {
            due -= due / 2;
            done /= 2;
        }
        // SAFETY: below twice a uint16.
        (_due, _completed, _countedAt) = (uint32(due), uint32(done), at);
    }

    /// @dev What is left of the counts, so that a market which nobody audited opens again when there are few left. Rounded against who locks.
    function _counts() private view returns (uint256 due, uint256 done, uint32 at) {
        at = uint32(block.timestamp / HALF_LIFE); // SAFETY: weeks
        uint256 halvings = at - _countedAt;
        if (halvings < 32) {
            due = (_due + (uint256(1) << halvings) - 1) >> halvings;
            done = _completed >> halvings;
        }
    }

    // --- Internals: others ---

    function _onlyCanaries() private view {
        require(msg.sender == address(CANARIES), AuditManager_NotCanaries(msg.sender));
    }
}

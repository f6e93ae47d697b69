// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IAuditManager} from "../interfaces/IAuditManager.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IEntrance} from "../interfaces/IEntrance.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {IZkModels} from "../interfaces/IZkModels.sol";
import {ExecutionId} from "../libraries/ExecutionId.sol";
import {SetProof} from "../libraries/SetProof.sol";
import {SequencerUptime} from "../oracle/SequencerUptime.sol";
import {Order} from "../types/Order.sol";
import {JobClosing} from "./JobClosing.sol";
import {JobFlags} from "./JobFlags.sol";
import {JobHead} from "./JobHead.sol";
import {EpochSeed, MarketState, Record, Terms} from "./MarketState.sol";
import {OrderConsent} from "./OrderConsent.sol";
import {OrderHash} from "./OrderHash.sol";
import {OrderTerms} from "./OrderTerms.sol";
import {Ramp} from "./Ramp.sol";
import {ResultRoot} from "./ResultRoot.sol";

/// @title JobMarket
/// @notice Orders, locks, deliveries and settlement.
/// @dev TRUST: Disputes, to convict and to void; AuditManager, to seed, to hold and to say how likely a cheat is caught; PriceOracle, for what dollars and tokens are worth; Parameters, within its bounds, for jobs not
/// yet locked; the entrances, for the consent of the providers that they name. The owner adds entrances and nothing else.
/// TOKENS: none are held here: escrow is in the Ledger. A callback fee stays in escrow after settlement, for Callbacks to pay. All calls go to contracts of the protocol that call nobody else,
/// but for the static one to a wallet (ERC-1271) and the deposit of `lockWithPermit`, which precedes every effect.
/// LIVENESS: a pause of intake, by the guardian for 7 days or by governance, stops locks. Nothing pauses delivery, settlement, expiry or refunds, except a sequencer-uptime feed that says "down", and an epoch without a seed while audits run.
/// ROUNDING: fee and royalty down, the provider gets the remainder; the ramp down; dollars to tokens down, exposure up.
/// CLOCKS: block time; every window is [start, end).
/// PROPERTIES: MKT-1 to MKT-7.
contract JobMarket is IJobMarket, Ownable, EIP712 {
    using JobHead for uint256;
    using JobHead for Job;
    using OrderTerms for Order;

    /// @notice The other contracts, fixed for ever.
    /// @param audits AuditManager, or zero for a market without audits; `epoch` in seconds, of its seeds.
    /// @param verificationFees Receives verification fees: AuditManager, or a vault.
    /// @param qEffPpm D2, until AuditManager says better.
    /// @param acceptDelay Seconds in which a declinable lock can be given back (D6).
    /// @param feed Sequencer-uptime feed, or zero; `grace` seconds after it came up again (A3).
    struct Config {
        address lyn;
        ILedger ledger;
        IStakeManager stakeManager;
        IModelRegistry modelRegistry;
        IDisputes disputes;
        IAuditManager audits;
        IPriceOracle prices;
        address parameters;
        address feeSink;
        address verificationFees;
        IZkModels zkModels;
        address zkDeliveries;
        uint40 epoch;
        uint32 qEffPpm;
        uint40 acceptDelay;
        AggregatorV3Interface feed;
        uint40 grace;
    }

    /// @dev Payments of a settlement, in one token. Entries 0 and 1 are the fee sink's and the audits'.
    struct Till {
        address token;
        uint256 count;
        uint256 tips;
        ILedger.Payment[] payments;
    }

    /// @notice Most bytes of outputs in a delivery (A12).
    uint256 internal constant MAX_OUTPUT_BYTES = 8_192;

    /// @notice Most gas that an order can ask for its callback: such a call still fits a transaction.
    uint32 internal constant MAX_CALLBACK_GAS = 10_000_000;

    /// @notice D1: least part of a fraud slash that is burnt, whatever it pays to whom.
    uint256 public constant BURNT_BPS = 6_000;

    /// @notice D2: of class zk, most price for a collateral, both in LYN.
    uint256 internal constant LIVENESS_COVER = 5;

    /// @notice D11: the part of a fee in LYN that is burnt (D4).
    uint256 internal constant FEE_BURN_BPS = 4_000;

    uint256 private constant PPM = 1e6;
    uint256 private constant BPS = 10_000;
    uint8 private constant CLASS_ZK = 3;
    uint8 private constant CURRENCY_USD = 1;

    /// @notice LYN.
    address public immutable LYN;

    /// @notice Accounts and escrow.
    ILedger public immutable LEDGER;

    /// @notice Stake of providers.
    IStakeManager public immutable STAKE;

    /// @notice Models.
    IModelRegistry public immutable MODELS;

    /// @notice Judges executions.
    IDisputes public immutable DISPUTES;

    /// @notice Samples executions, or zero.
    IAuditManager public immutable AUDITS;

    /// @notice What tokens are worth.
    IPriceOracle public immutable PRICES;

    /// @notice Pushes snapshots.
    address public immutable PARAMETERS;

    /// @notice Receives protocol fees.
    address public immutable FEE_SINK;

    /// @notice Receives verification fees.
    address public immutable VERIFICATION_FEES;

    /// @notice Which models of class zk can be locked.
    IZkModels public immutable ZK_MODELS;

    /// @notice Delivers what is proved.
    address public immutable ZK_DELIVERIES;

    /// @notice Seconds of an epoch of seeds.
    uint40 public immutable EPOCH;

    /// @notice Seconds in which a declinable lock can be given back.
    uint40 public immutable ACCEPT_DELAY;

    /// @notice Sequencer-uptime feed, or zero.
    AggregatorV3Interface public immutable FEED;

    /// @notice Seconds that the sequencer must have been up for a deadline to count.
    uint40 public immutable GRACE;

    MarketState private _state;

    constructor(address owner, Config memory config)
        Ownable(owner)
        EIP712("Lynode JobMarket", "1")
    {
        LYN = config.lyn;
        LEDGER = config.ledger;
        STAKE = config.stakeManager;
        MODELS = config.modelRegistry;
        DISPUTES = config.disputes;
        AUDITS = config.audits;
        PRICES = config.prices;
        PARAMETERS = config.parameters;
        FEE_SINK = config.feeSink;
        VERIFICATION_FEES = config.verificationFees;
        ZK_MODELS = config.zkModels;
        ZK_DELIVERIES = config.zkDeliveries;
        EPOCH = config.epoch;
        ACCEPT_DELAY = config.acceptDelay;
        FEED = config.feed;
        GRACE = config.grace;
        _state.qEffPpm = config.qEffPpm;
    }

    // --- Orders ---

    /// @inheritdoc IJobMarket
    function announce(Order calldata order, bytes calldata signature) external {
        emit OrderPosted(jobIdOf(order), order.requester, order, signature);
    }

    /// @inheritdoc IJobMarket
    function post(Order calldata order) external returns (bytes32 jobId) {
        // D8: the caller is the signature.
        require(msg.sender == order.requester, JobMarket_NotRequester(msg.sender, order.requester));
        jobId = jobIdOf(order);
        _state.posted[jobId] = true;
        emit OrderPosted(jobId, msg.sender, order, "");
    }

    /// @inheritdoc IJobMarket
    function cancel(uint256 word, uint256 mask) external {
        _state.nonces[msg.sender][word] |= mask; // D8
        emit NoncesCancelled(msg.sender, word, mask);
    }

    // --- Locks ---

    /// @inheritdoc IJobMarket
    function lock(Order calldata order, bytes calldata signature) external returns (bytes32) {
        bytes32[] calldata none;
        assembly ("memory-safe") {
            none.offset := 0
            none.length := 0
        }
        return _lockRamp(order, signature, none);
    }

    /// @inheritdoc IJobMarket
    function lockAllowed(Order calldata order, bytes calldata signature, bytes32[] calldata allowed)
        external
        returns (bytes32)
    {
        return _lockRamp(order, signature, allowed);
    }

    /// @inheritdoc IJobMarket
    function lockWithPermit(
        Order calldata order,
        bytes calldata signature,
        bytes32[] calldata allowed,
        ILedger.Permit calldata permit
    ) external returns (bytes32) {
        // What follows reverts unless the requester signed this order, and so this much.
        LEDGER.topUp(order.payToken, order.requester, order.maxTotal, permit);
        return _lockRamp(order, signature, allowed);
    }

    /// @inheritdoc IJobMarket
    function lockFrom(
        address entrance,
        Order calldata order,
        bytes calldata signature,
        bytes32[] calldata allowed,
        bytes calldata data
    ) external returns (bytes32 jobId) {
        require(_state.entrances[entrance], JobMarket_NotEntrance(entrance));
        jobId = jobIdOf(order);
        (address hotKey, uint128 price, bool declinable) =
            IEntrance(entrance).take(jobId, order, data);
        require(price <= order.maxPrice, JobMarket_BadOrder(jobId, "maxPrice"));
        Job memory job = _state.jobs[jobId].head.unpack();
        if (declinable) job.flags |= JobFlags.DECLINABLE; // D6
        _lock(order, signature, allowed, jobId, job, hotKey, price);
    }

    /// @inheritdoc IJobMarket
    function decline(Order calldata order) external {
        JobClosing.decline(_state, _cores(), order, jobIdOf(order), ACCEPT_DELAY);
    }

    // --- Deliveries ---

    /// @inheritdoc IJobMarket
    function deliver(bytes32 jobId, bytes32 resultRoot) external {
        _deliver(jobId, resultRoot, msg.sender, 0);
    }

    /// @inheritdoc IJobMarket
    function deliverWithOutputs(bytes32 jobId, SmallOutput[] calldata outputs) external {
        uint256 size;
        for (uint256 i = 0; i < outputs.length; ++i) {
            size += outputs[i].header.length + outputs[i].data.length;
        }
        require(size <= MAX_OUTPUT_BYTES, JobMarket_OutputsTooLarge(size, MAX_OUTPUT_BYTES));
        _deliver(jobId, ResultRoot.ofOneStep(outputs), msg.sender, 0); // A12
        emit OutputsDelivered(jobId, outputs);
    }

    /// @inheritdoc IJobMarket
    function deliverProved(bytes32 jobId, bytes32 resultRoot, address hotKey) external {
        require(msg.sender == ZK_DELIVERIES, JobMarket_NotZkDeliveries(msg.sender));
        _deliver(jobId, resultRoot, hotKey, JobFlags.PROVED);
    }

    // --- Settlement ---

    /// @inheritdoc IJobMarket
    function settle(Order calldata order) external {
        _requireUp();
        bytes32 jobId = jobIdOf(order);
        Job memory job = _state.jobs[jobId].head.unpack();
        require(job.status == Status.Delivered, JobMarket_WrongStatus(jobId, job.status)); // MKT-1
        bool plain = _isPlain(jobId, job);
        uint40 finalAt = job.time + job.window;
        // MKT-4
        if (!plain) _finalise(jobId, job);
        else require(block.timestamp >= finalAt, JobMarket_NotFinal(jobId, finalAt));
        Till memory till = _openTill(order.payToken, 1);
        _pay(order, jobId, job, till);
        _payOut(till);
    }

    /// @inheritdoc IJobMarket
    function settleMany(Order[] calldata orders) external {
        _requireUp();
        Till memory till;
        for (uint256 i = 0; i < orders.length; ++i) {
            Order calldata order = orders[i];
            bytes32 jobId = jobIdOf(order);
            Job memory job = _state.jobs[jobId].head.unpack();
            // Somebody else's settlement or demand a moment ago must not undo the whole batch.
            if (job.status != Status.Delivered || !_isFinal(jobId, job)) continue;
            if (till.token != order.payToken) {
                _payOut(till);
                till = _openTill(order.payToken, orders.length - i);
            }
            _pay(order, jobId, job, till);
        }
        _payOut(till);
    }

    /// @inheritdoc IJobMarket
    function finaliseSelf(bytes32 jobId) external {
        require(msg.sender == address(this), JobMarket_NotSelf(msg.sender));
        _finalise(jobId, _state.jobs[jobId].head.unpack());
    }

    /// @inheritdoc IJobMarket
    function expireLock(Order calldata order) external {
        _requireUp();
        JobClosing.expireLock(_state, _cores(), order, jobIdOf(order));
    }

    /// @inheritdoc IJobMarket
    function refund(Order calldata order) external {
        JobClosing.refund(_state, _cores(), order, jobIdOf(order));
    }

    // --- Disputes ---

    /// @inheritdoc IJobMarket
    function freeze(bytes32 jobId) external {
        _onlyDisputes();
        Job memory job = _state.jobs[jobId].head.unpack();
        require(job.status == Status.Delivered, JobMarket_WrongStatus(jobId, job.status));
        job.flags |= JobFlags.DISPUTED;
        _state.jobs[jobId].head = job.pack();
    }

    /// @inheritdoc IJobMarket
    function voidExecution(Order calldata order) external {
        _onlyDisputes();
        JobClosing.voidExecution(_state, _cores(), order, jobIdOf(order));
    }

    /// @inheritdoc IJobMarket
    function convict(Order calldata order, uint96 payout, address recipient) external {
        _onlyDisputes();
        JobClosing.convict(_state, _cores(), order, jobIdOf(order), payout, recipient);
    }

    // --- Governance and audits ---

    /// @inheritdoc IJobMarket
    function pushSnapshot(
        uint32 version,
        uint8 class,
        address token,
        MarketSnapshot calldata snapshot
    ) external {
        require(msg.sender == PARAMETERS, JobMarket_NotParameters(msg.sender));
        JobClosing.pushSnapshot(_state, version, class, token, snapshot);
    }

    /// @inheritdoc IJobMarket
    function pauseIntake(uint40 until) external {
        require(msg.sender == PARAMETERS, JobMarket_NotParameters(msg.sender));
        _state.pausedUntil = until; // PAR-6
        emit IntakePaused(until);
    }

    /// @inheritdoc IJobMarket
    function pushSeed(uint40 epoch, uint160 seed, uint32 ratePpm, uint32 qEffPpm_) external {
        require(msg.sender == address(AUDITS), JobMarket_NotAudits(msg.sender));
        JobClosing.pushSeed(_state, epoch, seed, ratePpm, qEffPpm_);
    }

    /// @inheritdoc IJobMarket
    function authoriseEntrance(address entrance) external onlyOwner {
        _state.entrances[entrance] = true;
        emit EntranceAuthorised(entrance);
    }

    // --- Views ---

    /// @inheritdoc IJobMarket
    function jobIdOf(Order calldata order) public view returns (bytes32) {
        return _hashTypedDataV4(OrderHash.structHash(order));
    }

    /// @inheritdoc IJobMarket
    function jobOf(bytes32 jobId) external view returns (Job memory job) {
        job = _state.jobs[jobId].head.unpack();
        job.resultRoot = _state.jobs[jobId].resultRoot;
    }

    /// @inheritdoc IJobMarket
    function headOf(bytes32 jobId) external view returns (uint256) {
        return _state.jobs[jobId].head;
    }

    /// @inheritdoc IJobMarket
    function maxExposureOf(uint96 collateral) external view returns (uint256) {
        return _maxExposure(collateral, _state.qEffPpm);
    }

    /// @inheritdoc IJobMarket
    function qEffPpm() external view returns (uint32) {
        return _state.qEffPpm;
    }

    /// @inheritdoc IJobMarket
    function seedOf(uint40 epoch) external view returns (uint160 seed, uint32 ratePpm) {
        EpochSeed memory stored = _state.seeds[epoch];
        return (stored.seed, stored.ratePpm);
    }

    /// @inheritdoc IJobMarket
    function isNonceUsed(address requester, uint256 nonce) external view returns (bool) {
        return _state.nonces[requester][nonce >> 8] & (1 << (nonce & 255)) != 0;
    }

    /// @inheritdoc IJobMarket
    function isPosted(bytes32 jobId) external view returns (bool) {
        return _state.posted[jobId];
    }

    /// @inheritdoc IJobMarket
    function isEntrance(address entrance) external view returns (bool) {
        return _state.entrances[entrance];
    }

    /// @inheritdoc IJobMarket
    function pausedUntil() external view returns (uint40) {
        return _state.pausedUntil;
    }

    /// @inheritdoc IJobMarket
    function currentVersion() external view returns (uint32) {
        return _state.currentVersion;
    }

    /// @inheritdoc IJobMarket
    function snapshotOf(uint32 version, uint8 class, address token)
        external
        view
        returns (MarketSnapshot memory)
    {
        return JobClosing.snapshotOf(_state, version, class, token);
    }

    /// @inheritdoc IJobMarket
    // forge-lint: disable-next-line(mixed-case-function)
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    // --- Internals: locks ---

    function _lockRamp(Order calldata order, bytes calldata signature, bytes32[] calldata allowed)
        private
        returns (bytes32 jobId)
    {
        jobId = jobIdOf(order);
        Job memory job = _state.jobs[jobId].head.unpack();
        uint128 price = _priceAt(order, job, uint40(block.timestamp));
        _lock(order, signature, allowed, jobId, job, msg.sender, price);
    }

    /// @param price In the order's currency.
    function _lock(
        Order calldata order,
        bytes calldata signature,
        bytes32[] calldata allowed,
        bytes32 jobId,
        Job memory job,
        address hotKey,
        uint128 price
    ) private {
        bool first = job.status == Status.None;
        uint128 held = job.price;
        uint256 total = _checkLock(order, jobId, job, price);
        if (first) {
            job.window = _checkOrder(order, jobId, job);
            _checkRequester(order, signature, jobId);
        }
        job.providerId = _reserve(order, allowed, jobId, hotKey);
        job.time = uint40(block.timestamp) + order.deliverDuration;
        job.status = Status.Locked;
        _state.jobs[jobId].head = job.pack();
        _emitLocked(order, jobId, job);
        if (first) LEDGER.spendCommitted(order.payToken, order.requester, total);
        else _moveEscrow(order, held, job.price);
    }

    function _reserve(
        Order calldata order,
        bytes32[] calldata allowed,
        bytes32 jobId,
        address hotKey
    ) private returns (uint32 providerId) {
        providerId = STAKE.reserve(hotKey, order.collateral, order.capabilities);
        bytes32 root = order.allowedRoot;
        if (root == 0) return providerId;
        require(
            SetProof.contains(root, bytes32(uint256(providerId)), allowed),
            JobMarket_NotAllowed(jobId, providerId)
        );
    }

    /// @dev A2: the escrow of the first lock stays with the job; only the difference moves.
    function _moveEscrow(Order calldata order, uint128 held, uint128 price) private {
        if (price > held) {
            LEDGER.spendCommitted(order.payToken, order.requester, price - held);
        } else if (price < held) {
            LEDGER.credit(order.payToken, order.requester, held - price);
        }
    }

    /// @dev Sets the job's price, in wei of the pay token.
    /// @return total What the lock debits.
    function _checkLock(Order calldata order, bytes32 jobId, Job memory job, uint128 price)
        private
        view
        returns (uint256 total)
    {
        uint256 maximum = _intake(order.collateral);
        bool first = job.status == Status.None;
        require(first || job.status == Status.Reopened, JobMarket_WrongStatus(jobId, job.status)); // MKT-2
        uint40 lockBy = order.lockBy(first ? order.rampStart : job.time);
        require(block.timestamp < lockBy, JobMarket_LockClosed(jobId, lockBy));

        uint256 exposure;
        uint8 currency = order.currency;
        if (currency == 0 && order.payToken == LYN) {
            exposure = uint256(price) + order.valueAtRisk;
        } else {
            require(currency <= CURRENCY_USD, JobMarket_BadOrder(jobId, "currency"));
            (price, exposure) =
                PRICES.appraise(order.payToken, currency != 0, price, order.valueAtRisk);
        }
        job.price = price;
        // A proof leaves nothing to be caught: what class zk covers is liveness.
        if (exposure > maximum && order.class == CLASS_ZK) {
            maximum = uint256(order.collateral) * LIVENESS_COVER;
        }
        require(exposure <= maximum, JobMarket_Insolvent(exposure, maximum)); // MKT-6, D2
        total = order.totalOf(price);
        require(total <= order.maxTotal, JobMarket_OverMaxTotal(total, order.maxTotal)); // D3
    }

    /// @dev Both are in one slot, and read together. @return The most exposure that the collateral backs, while intake is open.
    function _intake(uint96 collateral) private view returns (uint256) {
        (uint40 paused, uint32 q) = (_state.pausedUntil, _state.qEffPpm);
        require(block.timestamp >= paused, JobMarket_IntakePaused(paused)); // PAR-6
        return _maxExposure(collateral, q);
    }

    /// @dev D2: `qEff x burnt(S) / (1 - qEff)`, rounded down.
    function _maxExposure(uint96 collateral, uint256 q) private pure returns (uint256) {
        if (q >= PPM) return type(uint256).max;
        // SAFETY: below 2^96 x 2^20 x 2^13; q < 1e6.
        unchecked {
            return q * (uint256(collateral) * BURNT_BPS) / ((PPM - q) * BPS);
        }
    }

    function _emitLocked(Order calldata order, bytes32 jobId, Job memory job) private {
        emit JobLocked(
            jobId,
            job.providerId,
            order.requester,
            job.price,
            job.attempt,
            job.time,
            order.collateral
        );
    }

    /// @dev Adds what settlement needs to know to the job's flags.
    /// @return window Seconds from delivery to finality, of the snapshot that the order signs.
    function _checkOrder(Order calldata order, bytes32 jobId, Job memory job)
        private
        view
        returns (uint24 window)
    {
        uint8 class = order.class;
        // SAFETY: 0 wraps to 255.
        unchecked {
            require(class - 1 < CLASS_ZK, JobMarket_BadOrder(jobId, "class"));
        }
        uint32 callbackGas = order.callbackGas;
        // D9: a consumer with gas, or neither, nor a fee.
        require(
            order.callback != address(0)
                ? callbackGas != 0 && callbackGas <= MAX_CALLBACK_GAS
                : callbackGas == 0 && order.callbackFee == 0,
            JobMarket_BadOrder(jobId, "callback")
        );
        require(order.steps != 0, JobMarket_BadOrder(jobId, "steps"));
        require(order.maxAttempts != 0, JobMarket_BadOrder(jobId, "maxAttempts"));
        require(order.deliverDuration != 0, JobMarket_BadOrder(jobId, "deliverDuration"));
        require(order.minPrice <= order.maxPrice, JobMarket_BadOrder(jobId, "minPrice"));

        Terms memory terms = _state.snapshots[order.paramsVersion][class][order.payToken].terms;
        window = terms.window;
        require(window != 0, JobMarket_BadOrder(jobId, "payToken"));
        // F2: the current version or the one before.
        if (!terms.enabled) {
            revert JobMarket_VersionRetired(order.paramsVersion, _state.currentVersion);
        }
        require(
            order.collateral >= terms.minCollateral,
            JobMarket_CollateralTooLow(order.collateral, terms.minCollateral)
        );
        // D3
        require(
            order.verificationFee >= terms.minVerificationFee,
            JobMarket_VerificationFeeTooLow(order.verificationFee, terms.minVerificationFee)
        );
        IModelRegistry.Model memory model = MODELS.modelOf(order.modelId);
        require(
            model.classes & (1 << (class - 1)) != 0, JobMarket_ClassNotOffered(order.modelId, class)
        );
        // What settlement needs to know, in the slot that it reads anyway. SAFETY: feeBps < 2^12, by pushSnapshot.
        uint16 flags = uint16(uint256(terms.feeBps) << JobFlags.FEE_SHIFT);
        if (model.royaltyBps != 0) flags |= JobFlags.ROYALTY;
        if (class == CLASS_ZK) {
            // A proof leaves nothing at risk, and whoever delivers settles.
            require(order.valueAtRisk == 0 && order.tip == 0, JobMarket_BadOrder(jobId, "class"));
            ZK_MODELS.requireLive(order.modelId);
            flags |= JobFlags.PROVED;
            window = 0;
        }
        job.flags |= flags;
    }

    /// @dev D8, MKT-7. Spends the nonce.
    function _checkRequester(Order calldata order, bytes calldata signature, bytes32 jobId)
        private
    {
        address requester = order.requester;
        bool consents = msg.sender == requester
            || (signature.length == 0
                    ? _state.posted[jobId]
                    : OrderConsent.isSigned(requester, jobId, signature, _domainSeparatorV4()));
        require(consents, JobMarket_BadSignature(jobId, requester));
        uint256 nonce = order.nonce;
        uint256 bit = 1 << (nonce & 255);
        mapping(uint256 word => uint256) storage words = _state.nonces[requester];
        uint256 used = words[nonce >> 8];
        require(used & bit == 0, JobMarket_NonceUsed(requester, nonce));
        words[nonce >> 8] = used | bit; // MKT-5
    }

    // --- Internals: deliveries ---

    /// @param proved JobFlags.PROVED if a proof comes with it: class zk is delivered so, and no other.
    function _deliver(bytes32 jobId, bytes32 resultRoot, address hotKey, uint16 proved) private {
        Record storage record = _state.jobs[jobId];
        Job memory job = record.head.unpack();
        require(job.status == Status.Locked, JobMarket_WrongStatus(jobId, job.status)); // MKT-2
        require(job.flags & JobFlags.PROVED == proved, JobMarket_WrongDelivery(jobId));
        // A3: as long as `expireLock` waits for the sequencer, so does the deadline.
        require(
            block.timestamp < job.time || !SequencerUptime.isUp(FEED, GRACE),
            JobMarket_DeliveryClosed(jobId, job.time)
        );
        require(STAKE.providerIdOf(hotKey) == job.providerId, JobMarket_NotProvider(jobId, hotKey));
        job.status = Status.Delivered;
        job.time = uint40(block.timestamp);
        record.head = job.pack();
        record.resultRoot = resultRoot;
        emit JobDelivered(jobId, job.providerId, resultRoot, job.time + job.window);
    }

    // --- Internals: settlement ---

    function _requireUp() private view {
        require(SequencerUptime.isUp(FEED, GRACE), JobMarket_SequencerDown()); // A3
    }

    /// @dev Whether the clock alone decides when the job is final. Reverts while its epoch has no seed (E1).
    function _isPlain(bytes32 jobId, Job memory job) private view returns (bool) {
        if (job.flags & JobFlags.DISPUTED != 0) return false;
        if (job.flags & JobFlags.PROVED != 0) return true;
        return address(AUDITS) == address(0) || !_isSampled(jobId, job, _seedOf(job));
    }

    function _seedOf(Job memory job) private view returns (EpochSeed memory) {
        return _state.seeds[job.time / EPOCH];
    }

    /// @dev E1. A job without a seed counts as sampled: AuditManager holds it.
    function _isSampled(bytes32 jobId, Job memory job, EpochSeed memory drawn)
        private
        pure
        returns (bool)
    {
        if (drawn.seed == 0) return true;
        bytes32 execId = ExecutionId.derive(jobId, job.attempt, job.providerId);
        return uint256(keccak256(abi.encode(drawn.seed, execId))) % PPM < drawn.ratePpm;
    }

    /// @dev MKT-4: audits and disputes must both be over. Reverts if not.
    function _finalise(bytes32 jobId, Job memory job) private {
        if (address(AUDITS) != address(0)) {
            EpochSeed memory drawn = _seedOf(job);
            // Not before the epoch has a seed.
            require(drawn.seed != 0, JobMarket_NotFinal(jobId, (job.time / EPOCH + 1) * EPOCH));
            if (_isSampled(jobId, job, drawn)) {
                AUDITS.finalise(
                    ExecutionId.derive(jobId, job.attempt, job.providerId), job.time, job.window
                );
            }
        }
        if (job.flags & JobFlags.DISPUTED != 0) {
            DISPUTES.finalise(jobId, job.attempt, job.providerId);
            return;
        }
        uint40 finalAt = job.time + job.window;
        require(block.timestamp >= finalAt, JobMarket_NotFinal(jobId, finalAt));
    }

    /// @dev MKT-4, without reverting. A call to itself, so that what one of the two accepted is undone if the other refuses.
    function _isFinal(bytes32 jobId, Job memory job) private returns (bool) {
        if (_isPlain(jobId, job)) return block.timestamp >= job.time + job.window;
        try this.finaliseSelf(jobId) {
            return true;
        } catch {
            return false;
        }
    }

    /// @dev Closes the job and puts its payments into the till.
    function _pay(Order calldata order, bytes32 jobId, Job memory job, Till memory till) private {
        job.status = Status.Settled; // MKT-1
        _state.jobs[jobId].head = job.pack();

        uint128 price = job.price;
        // D3: fee and royalty come out of the price. SAFETY: both shares are below 10,000 bps.
        uint128 fee = uint128(uint256(price) * (job.flags >> JobFlags.FEE_SHIFT) / BPS);
        uint128 royalty;
        address publisher;
        if (job.flags & JobFlags.ROYALTY != 0) {
            IModelRegistry.Model memory model = MODELS.modelOf(order.modelId);
            publisher = model.publisher;
            royalty = uint128(uint256(price) * model.royaltyBps / BPS);
        }
        uint128 paid = price - fee - royalty;
        emit JobSettled(jobId, job.providerId, paid, fee, royalty);

        till.payments[0].amount += fee;
        till.payments[1].amount += order.verificationFee;
        till.tips += order.tip;
        // D11. SAFETY: a part of the supply of LYN, which is below 2^96.
        uint96 burnt = order.payToken == LYN ? uint96(fee * FEE_BURN_BPS / BPS) : 0;
        _add(till, STAKE.release(job.providerId, order.collateral, burnt), paid);
        if (royalty != 0) _add(till, publisher, royalty);
    }

    function _openTill(address token, uint256 jobs) private view returns (Till memory till) {
        till.token = token;
        till.count = 2;
        till.payments = new ILedger.Payment[](3 + 2 * jobs);
        till.payments[0].account = FEE_SINK;
        till.payments[1].account = VERIFICATION_FEES;
    }

    /// @dev Jobs of a batch mostly share provider and publisher: add to one of the last two entries if it fits.
    function _add(Till memory till, address account, uint256 amount) private pure {
        ILedger.Payment[] memory payments = till.payments;
        uint256 count = till.count;
        for (uint256 i = count; i > 2 && i + 2 > count; --i) {
            if (payments[i - 1].account == account) {
                payments[i - 1].amount += amount;
                return;
            }
        }
        payments[count].account = account;
        payments[count].amount = amount;
        till.count = count + 1;
    }

    function _payOut(Till memory till) private {
        if (till.count == 0) return;
        if (till.tips != 0) _add(till, msg.sender, till.tips);
        ILedger.Payment[] memory payments = till.payments;
        uint256 count = till.count;
        assembly ("memory-safe") {
            mstore(payments, count) // only shrinks
        }
        LEDGER.creditMany(till.token, payments);
    }

    // --- Internals: who else ---

    function _onlyDisputes() private view {
        require(msg.sender == address(DISPUTES), JobMarket_NotDisputes(msg.sender));
    }

    function _cores() private view returns (JobClosing.Cores memory) {
        return JobClosing.Cores(LYN, LEDGER, STAKE);
    }

    // --- Internals: prices ---

    function _priceAt(Order calldata order, Job memory job, uint40 at)
        private
        pure
        returns (uint128)
    {
        // A2: the ramp restarts at a re-opening.
        uint40 start = job.status == Status.Reopened ? job.time : order.rampStart;
        return Ramp.priceAt(order.minPrice, order.maxPrice, start, order.rampDuration, at);
    }
}

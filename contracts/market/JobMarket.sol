// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IDisputes} from "../interfaces/IDisputes.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {SequencerUptime} from "../oracle/SequencerUptime.sol";
import {Order} from "../types/Order.sol";
import {JobHead} from "./JobHead.sol";
import {OrderHash} from "./OrderHash.sol";
import {Ramp} from "./Ramp.sol";
import {ResultRoot} from "./ResultRoot.sol";

/// @title JobMarket
/// @notice Orders, locks, deliveries and settlement.
/// @dev TRUST: Disputes, to convict; Parameters, within its bounds, for jobs not yet locked; the entrances, for prices under
/// the requester's own limits. The owner adds entrances and nothing else.
/// TOKENS: none are held here: escrow is in the Ledger. All calls go to contracts of the protocol that call nobody else,
/// so there is nothing to re-enter from.
/// LIVENESS: nothing pauses delivery, settlement, expiry or refunds, except a sequencer-uptime feed that says "down".
/// ROUNDING: fee and royalty down, the provider gets the remainder; the ramp down.
/// CLOCKS: block time; every window is [start, end).
/// PROPERTIES: MKT-1, MKT-2, MKT-3, MKT-4, MKT-5.
contract JobMarket is IJobMarket, Ownable, EIP712 {
    using JobHead for uint256;
    using JobHead for Job;

    /// @notice The other contracts, fixed for ever.
    /// @param feed Sequencer-uptime feed, or zero; `grace` seconds after it came up again (A3).
    struct Config {
        address lyn;
        ILedger ledger;
        IStakeManager stakeManager;
        IModelRegistry modelRegistry;
        IDisputes disputes;
        address parameters;
        address feeSink;
        address auditVault;
        AggregatorV3Interface feed;
        uint40 grace;
    }

    struct Record {
        uint256 head; // JobHead
        bytes32 resultRoot;
    }

    /// @dev What a lock reads of a snapshot: one slot.
    struct Terms {
        bool enabled;
        uint16 feeBps;
        uint24 window;
        uint96 minCollateral;
        uint96 minVerificationFee;
    }

    struct Snapshot {
        Terms terms;
        uint96 lynPerGas;
    }

    /// @dev Payments of a settlement, in one token. Entries 0 and 1 are the fee sink's and the audits'.
    struct Till {
        address token;
        uint256 count;
        uint256 tips;
        ILedger.Payment[] payments;
    }

    /// @notice Most bytes of outputs in a delivery (A12).
    uint256 public constant MAX_OUTPUT_BYTES = 8_192;

    /// @notice D1: least part of the collateral that a missed delivery costs.
    uint256 public constant LIVENESS_BPS = 500;

    /// @notice D4: what FeeSink burns of a fee.
    uint256 public constant BURN_BPS = 4_000;

    /// @notice Most that the protocol may take of a price, whatever Parameters say.
    uint256 public constant MAX_FEE_BPS = 1_000;

    /// @notice Gas of `expireLock` that its own meter does not see: the transaction, its calldata and the slash.
    uint256 public constant EXPIRE_OVERHEAD = 200_000;

    uint16 private constant DISPUTED = 1;
    uint16 private constant ROYALTY = 2;
    uint256 private constant FEE_SHIFT = 4; // the protocol fee in bps: 12 bits
    uint8 private constant CLASS_EXACT = 1;
    uint8 private constant CLASS_FLOAT = 2;

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

    /// @notice Pushes snapshots.
    address public immutable PARAMETERS;

    /// @notice Receives protocol fees.
    address public immutable FEE_SINK;

    /// @notice Receives verification fees.
    address public immutable AUDIT_VAULT;

    /// @notice Sequencer-uptime feed, or zero.
    AggregatorV3Interface public immutable FEED;

    /// @notice Seconds that the sequencer must have been up for a deadline to count.
    uint40 public immutable GRACE;

    /// @inheritdoc IJobMarket
    uint32 public currentVersion;

    mapping(bytes32 jobId => Record) private _jobs;
    mapping(address requester => mapping(uint256 word => uint256)) private _nonces;
    mapping(uint32 version => mapping(uint8 class => mapping(address token => Snapshot))) private
        _snapshots;

    /// @inheritdoc IJobMarket
    mapping(bytes32 jobId => bool) public isPosted;

    /// @notice Whether a contract may lock at prices of its own.
    mapping(address => bool) public isEntrance;

    constructor(address owner, Config memory config)
        Ownable(owner)
        EIP712("Lynode JobMarket", "1")
    {
        LYN = config.lyn;
        LEDGER = config.ledger;
        STAKE = config.stakeManager;
        MODELS = config.modelRegistry;
        DISPUTES = config.disputes;
        PARAMETERS = config.parameters;
        FEE_SINK = config.feeSink;
        AUDIT_VAULT = config.auditVault;
        FEED = config.feed;
        GRACE = config.grace;
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
        isPosted[jobId] = true;
        emit OrderPosted(jobId, msg.sender, order, "");
    }

    /// @inheritdoc IJobMarket
    function cancel(uint256 word, uint256 mask) external {
        _nonces[msg.sender][word] |= mask; // D8
        emit NoncesCancelled(msg.sender, word, mask);
    }

    // --- Locks ---

    /// @inheritdoc IJobMarket
    function lock(Order calldata order, bytes calldata signature) external returns (bytes32 jobId) {
        jobId = jobIdOf(order);
        Job memory job = _jobs[jobId].head.unpack();
        uint128 price = _priceAt(order, job, uint40(block.timestamp));
        _lock(order, signature, jobId, job, msg.sender, price);
    }

    /// @inheritdoc IJobMarket
    function lockFrom(Order calldata order, bytes calldata signature, address hotKey, uint128 price)
        external
        returns (bytes32 jobId)
    {
        require(isEntrance[msg.sender], JobMarket_NotEntrance(msg.sender));
        jobId = jobIdOf(order);
        require(price <= order.maxPrice, JobMarket_BadOrder(jobId, "maxPrice"));
        _lock(order, signature, jobId, _jobs[jobId].head.unpack(), hotKey, price);
    }

    // --- Deliveries ---

    /// @inheritdoc IJobMarket
    function deliver(bytes32 jobId, bytes32 resultRoot) external {
        _deliver(jobId, resultRoot);
    }

    /// @inheritdoc IJobMarket
    function deliverWithOutputs(bytes32 jobId, SmallOutput[] calldata outputs) external {
        uint256 size;
        for (uint256 i = 0; i < outputs.length; ++i) {
            size += outputs[i].header.length + outputs[i].data.length;
        }
        require(size <= MAX_OUTPUT_BYTES, JobMarket_OutputsTooLarge(size, MAX_OUTPUT_BYTES));
        _deliver(jobId, ResultRoot.ofOneStep(outputs)); // A12
        emit OutputsDelivered(jobId, outputs);
    }

    // --- Settlement ---

    /// @inheritdoc IJobMarket
    function settle(Order calldata order) external {
        require(SequencerUptime.isUp(FEED, GRACE), JobMarket_SequencerDown()); // A3
        bytes32 jobId = jobIdOf(order);
        Job memory job = _jobs[jobId].head.unpack();
        require(job.status == Status.Delivered, JobMarket_WrongStatus(jobId, job.status)); // MKT-1
        // MKT-4
        if (job.flags & DISPUTED != 0) {
            DISPUTES.finalise(jobId, job.attempt, job.providerId);
        } else {
            uint40 finalAt = job.time + job.window;
            require(block.timestamp >= finalAt, JobMarket_NotFinal(jobId, finalAt));
        }
        Till memory till = _openTill(order.payToken, 1);
        _pay(order, jobId, job, till);
        _payOut(till);
    }

    /// @inheritdoc IJobMarket
    function settleMany(Order[] calldata orders) external {
        require(SequencerUptime.isUp(FEED, GRACE), JobMarket_SequencerDown()); // A3
        Till memory till;
        for (uint256 i = 0; i < orders.length; ++i) {
            Order calldata order = orders[i];
            bytes32 jobId = jobIdOf(order);
            Job memory job = _jobs[jobId].head.unpack();
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
    function expireLock(Order calldata order) external {
        uint256 gasBefore = gasleft();
        require(SequencerUptime.isUp(FEED, GRACE), JobMarket_SequencerDown()); // A3
        bytes32 jobId = jobIdOf(order);
        Job memory job = _jobs[jobId].head.unpack();
        require(job.status == Status.Locked, JobMarket_WrongStatus(jobId, job.status)); // MKT-2
        require(block.timestamp >= job.time, JobMarket_DeliveryOpen(jobId, job.time));

        uint32 providerId = job.providerId;
        job.attempt += 1; // A1: nothing of this attempt applies to the next
        job.time = uint40(block.timestamp);
        job.providerId = 0;
        // A2, MKT-3: one or the other.
        bool reopen = job.attempt < order.maxAttempts && block.timestamp < order.expiry;
        job.status = reopen ? Status.Reopened : Status.Refunded;
        _jobs[jobId].head = job.pack();

        (uint96 taken, uint96 paid) = _slashLiveness(order, job.price, providerId, gasBefore);
        emit LockExpired(jobId, providerId, msg.sender, taken, paid);
        if (reopen) emit JobReopened(jobId, job.attempt, _lockBy(order, job.time));
        else _refund(order, jobId, job.price);
    }

    /// @inheritdoc IJobMarket
    function refund(Order calldata order) external {
        bytes32 jobId = jobIdOf(order);
        Job memory job = _jobs[jobId].head.unpack();
        require(job.status == Status.Reopened, JobMarket_WrongStatus(jobId, job.status)); // MKT-2
        uint40 lockBy = _lockBy(order, job.time);
        require(block.timestamp >= lockBy, JobMarket_LockOpen(jobId, lockBy));
        job.status = Status.Refunded; // MKT-1
        _jobs[jobId].head = job.pack();
        _refund(order, jobId, job.price);
    }

    // --- Disputes ---

    /// @inheritdoc IJobMarket
    function freeze(bytes32 jobId) external {
        require(msg.sender == address(DISPUTES), JobMarket_NotDisputes(msg.sender));
        Job memory job = _jobs[jobId].head.unpack();
        require(job.status == Status.Delivered, JobMarket_WrongStatus(jobId, job.status));
        job.flags |= DISPUTED;
        _jobs[jobId].head = job.pack();
    }

    /// @inheritdoc IJobMarket
    function convict(Order calldata order, uint96 payout, address recipient) external {
        require(msg.sender == address(DISPUTES), JobMarket_NotDisputes(msg.sender));
        bytes32 jobId = jobIdOf(order);
        Job memory job = _jobs[jobId].head.unpack();
        require(job.status == Status.Delivered, JobMarket_WrongStatus(jobId, job.status)); // MKT-1
        job.status = Status.Convicted; // A2: no re-opening
        _jobs[jobId].head = job.pack();
        uint256 total = totalOf(order, job.price);
        emit JobConvicted(jobId, job.providerId, order.collateral, total);
        // D1: exactly the collateral of this execution.
        STAKE.slash(job.providerId, order.collateral, order.collateral, payout, recipient);
        LEDGER.credit(order.payToken, order.requester, total);
    }

    // --- Governance ---

    /// @inheritdoc IJobMarket
    function pushSnapshot(
        uint32 version,
        uint8 class,
        address token,
        MarketSnapshot calldata snapshot
    ) external {
        require(msg.sender == PARAMETERS, JobMarket_NotParameters(msg.sender));
        require(snapshot.feeBps <= MAX_FEE_BPS, JobMarket_FeeTooHigh(snapshot.feeBps, MAX_FEE_BPS));
        // F2: append-only.
        require(version >= currentVersion, JobMarket_VersionRetired(version, currentVersion));
        require(
            _snapshots[version][class][token].terms.window == 0,
            JobMarket_SnapshotExists(version, class, token)
        );
        currentVersion = version;
        _snapshots[version][class][token] = Snapshot({
            terms: Terms({
                enabled: snapshot.enabled,
                feeBps: snapshot.feeBps,
                window: snapshot.window,
                minCollateral: snapshot.minCollateral,
                minVerificationFee: snapshot.minVerificationFee
            }),
            lynPerGas: snapshot.lynPerGas
        });
        if (version > 2) _snapshots[version - 2][class][token].terms.enabled = false;
        emit SnapshotPushed(version, class, token, snapshot);
    }

    /// @inheritdoc IJobMarket
    function authoriseEntrance(address entrance) external onlyOwner {
        isEntrance[entrance] = true;
        emit EntranceAuthorised(entrance);
    }

    // --- Views ---

    /// @inheritdoc IJobMarket
    function jobIdOf(Order calldata order) public view returns (bytes32) {
        return _hashTypedDataV4(OrderHash.structHash(order));
    }

    /// @inheritdoc IJobMarket
    function jobOf(bytes32 jobId) external view returns (Job memory job) {
        job = _jobs[jobId].head.unpack();
        job.resultRoot = _jobs[jobId].resultRoot;
    }

    /// @inheritdoc IJobMarket
    function priceOf(Order calldata order, uint40 at) external view returns (uint128) {
        return _priceAt(order, _jobs[jobIdOf(order)].head.unpack(), at);
    }

    /// @inheritdoc IJobMarket
    function totalOf(Order calldata order, uint128 price) public pure returns (uint256) {
        return uint256(price) + order.verificationFee + order.tip + order.callbackFee; // D3
    }

    /// @inheritdoc IJobMarket
    function isNonceUsed(address requester, uint256 nonce) external view returns (bool) {
        return _nonces[requester][nonce >> 8] & (1 << (nonce & 255)) != 0;
    }

    /// @inheritdoc IJobMarket
    function snapshotOf(uint32 version, uint8 class, address token)
        external
        view
        returns (MarketSnapshot memory)
    {
        Snapshot memory snapshot = _snapshots[version][class][token];
        Terms memory terms = snapshot.terms;
        return MarketSnapshot({
            enabled: terms.enabled,
            feeBps: terms.feeBps,
            window: terms.window,
            minCollateral: terms.minCollateral,
            minVerificationFee: terms.minVerificationFee,
            lynPerGas: snapshot.lynPerGas
        });
    }

    /// @inheritdoc IJobMarket
    // forge-lint: disable-next-line(mixed-case-function)
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    // --- Internals: locks ---

    function _lock(
        Order calldata order,
        bytes calldata signature,
        bytes32 jobId,
        Job memory job,
        address hotKey,
        uint128 price
    ) private {
        bool first = job.status == Status.None;
        uint256 total = _checkLock(order, jobId, job, price);
        uint128 held = job.price;
        if (first) {
            (job.window, job.flags) = _checkOrder(order, jobId);
            _checkRequester(order, signature, jobId);
        }
        job.providerId = STAKE.reserve(hotKey, order.collateral, order.capabilities);
        job.price = price;
        job.time = uint40(block.timestamp) + order.deliverDuration;
        job.status = Status.Locked;
        _jobs[jobId].head = job.pack();
        _emitLocked(order, jobId, job);

        if (first) {
            LEDGER.spendCommitted(order.payToken, order.requester, total);
        } else if (price > held) {
            // A2: the escrow of the first lock stays with the job; only the difference moves.
            LEDGER.spendCommitted(order.payToken, order.requester, price - held);
        } else if (price < held) {
            LEDGER.credit(order.payToken, order.requester, held - price);
        }
    }

    /// @return total What the lock debits.
    function _checkLock(Order calldata order, bytes32 jobId, Job memory job, uint128 price)
        private
        view
        returns (uint256 total)
    {
        bool first = job.status == Status.None;
        require(first || job.status == Status.Reopened, JobMarket_WrongStatus(jobId, job.status)); // MKT-2
        uint40 lockBy = _lockBy(order, first ? order.rampStart : job.time);
        require(block.timestamp < lockBy, JobMarket_LockClosed(jobId, lockBy));
        total = totalOf(order, price);
        if (total > order.maxTotal) {
            revert JobMarket_OverMaxTotal(total, order.maxTotal);
        } // D3
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

    /// @return window Seconds from delivery to finality, of the snapshot that the order signs.
    /// @return flags Of the job.
    function _checkOrder(Order calldata order, bytes32 jobId)
        private
        view
        returns (uint24 window, uint16 flags)
    {
        uint8 class = order.class;
        // zk is another issue's, and so is all else that must be zero here.
        require(class == CLASS_EXACT || class == CLASS_FLOAT, JobMarket_BadOrder(jobId, "class"));
        require(
            order.callback == address(0) && order.callbackGas == 0 && order.callbackFee == 0,
            JobMarket_BadOrder(jobId, "callback")
        );
        require(order.allowedRoot == 0, JobMarket_BadOrder(jobId, "allowedRoot"));
        require(order.valueAtRisk == 0, JobMarket_BadOrder(jobId, "valueAtRisk"));
        require(order.currency == 0, JobMarket_BadOrder(jobId, "currency"));
        require(order.steps != 0, JobMarket_BadOrder(jobId, "steps"));
        require(order.maxAttempts != 0, JobMarket_BadOrder(jobId, "maxAttempts"));
        require(order.deliverDuration != 0, JobMarket_BadOrder(jobId, "deliverDuration"));
        require(order.minPrice <= order.maxPrice, JobMarket_BadOrder(jobId, "minPrice"));

        Terms memory terms = _snapshots[order.paramsVersion][class][order.payToken].terms;
        window = terms.window;
        require(window != 0, JobMarket_BadOrder(jobId, "payToken"));
        // F2: the current version or the one before.
        if (!terms.enabled) {
            revert JobMarket_VersionRetired(order.paramsVersion, currentVersion);
        }
        if (order.collateral < terms.minCollateral) {
            revert JobMarket_CollateralTooLow(order.collateral, terms.minCollateral);
        }
        // D3
        if (order.verificationFee < terms.minVerificationFee) {
            revert JobMarket_VerificationFeeTooLow(order.verificationFee, terms.minVerificationFee);
        }
        IModelRegistry.Model memory model = MODELS.modelOf(order.modelId);
        if (model.classes & (1 << (class - 1)) == 0) {
            revert JobMarket_ClassNotOffered(order.modelId, class);
        }
        // What settlement needs to know, in the slot that it reads anyway. SAFETY: feeBps < 2^12, by pushSnapshot.
        flags = uint16(uint256(terms.feeBps) << FEE_SHIFT);
        if (model.royaltyBps != 0) flags |= ROYALTY;
    }

    /// @dev D8: a signature, or an order that its requester posted. Spends the nonce.
    function _checkRequester(Order calldata order, bytes calldata signature, bytes32 jobId)
        private
    {
        address requester = order.requester;
        if (signature.length == 0) {
            require(isPosted[jobId], JobMarket_BadSignature(jobId, requester));
        } else {
            (address signer, ECDSA.RecoverError problem,) =
                ECDSA.tryRecoverCalldata(jobId, signature);
            require(
                problem == ECDSA.RecoverError.NoError && signer == requester,
                JobMarket_BadSignature(jobId, requester)
            );
        }
        uint256 nonce = order.nonce;
        uint256 bit = 1 << (nonce & 255);
        mapping(uint256 word => uint256) storage words = _nonces[requester];
        uint256 used = words[nonce >> 8];
        require(used & bit == 0, JobMarket_NonceUsed(requester, nonce));
        words[nonce >> 8] = used | bit; // MKT-5
    }

    // --- Internals: deliveries ---

    function _deliver(bytes32 jobId, bytes32 resultRoot) private {
        Record storage record = _jobs[jobId];
        Job memory job = record.head.unpack();
        require(job.status == Status.Locked, JobMarket_WrongStatus(jobId, job.status)); // MKT-2
        // A3: as long as `expireLock` waits for the sequencer, so does the deadline.
        require(
            block.timestamp < job.time || !SequencerUptime.isUp(FEED, GRACE),
            JobMarket_DeliveryClosed(jobId, job.time)
        );
        require(
            STAKE.providerIdOf(msg.sender) == job.providerId,
            JobMarket_NotProvider(jobId, msg.sender)
        );
        job.status = Status.Delivered;
        job.time = uint40(block.timestamp);
        record.head = job.pack();
        record.resultRoot = resultRoot;
        emit JobDelivered(jobId, job.providerId, resultRoot, job.time + job.window);
    }

    // --- Internals: settlement ---

    /// @dev MKT-4, without reverting. A dispute that is not over reverts in Disputes.
    function _isFinal(bytes32 jobId, Job memory job) private returns (bool) {
        if (job.flags & DISPUTED == 0) return block.timestamp >= job.time + job.window;
        try DISPUTES.finalise(jobId, job.attempt, job.providerId) {
            return true;
        } catch {
            return false;
        }
    }

    /// @dev Closes the job and puts its payments into the till.
    function _pay(Order calldata order, bytes32 jobId, Job memory job, Till memory till) private {
        job.status = Status.Settled; // MKT-1
        _jobs[jobId].head = job.pack();

        uint128 price = job.price;
        // D3: fee and royalty come out of the price. SAFETY: both shares are below 10,000 bps.
        uint128 fee = uint128(uint256(price) * (job.flags >> FEE_SHIFT) / 10_000);
        uint128 royalty;
        address publisher;
        if (job.flags & ROYALTY != 0) {
            IModelRegistry.Model memory model = MODELS.modelOf(order.modelId);
            publisher = model.publisher;
            royalty = uint128(uint256(price) * model.royaltyBps / 10_000);
        }
        uint128 paid = price - fee - royalty;
        emit JobSettled(jobId, job.providerId, paid, fee, royalty);

        till.payments[0].amount += fee;
        till.payments[1].amount += order.verificationFee;
        till.tips += order.tip;
        // D11: fees in LYN count, by what FeeSink burns of them. SAFETY: a fee in LYN is below the supply.
        uint96 burnt = order.payToken == LYN ? uint96(uint256(fee) * BURN_BPS / 10_000) : 0;
        _add(till, STAKE.release(job.providerId, order.collateral, burnt), paid);
        if (royalty != 0) _add(till, publisher, royalty);
    }

    function _openTill(address token, uint256 jobs) private view returns (Till memory till) {
        till.token = token;
        till.count = 2;
        till.payments = new ILedger.Payment[](3 + 2 * jobs);
        till.payments[0].account = FEE_SINK;
        till.payments[1].account = AUDIT_VAULT;
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

    /// @dev D1: min(S, max(price if LYN, 5% of S)); the caller gets its metered gas out of it.
    function _slashLiveness(
        Order calldata order,
        uint128 price,
        uint32 providerId,
        uint256 gasBefore
    ) private returns (uint96 taken, uint96 paid) {
        uint96 collateral = order.collateral;
        uint256 amount = collateral * LIVENESS_BPS / 10_000;
        if (order.payToken == LYN && price > amount) amount = price;
        if (amount > collateral) amount = collateral;
        uint256 lynPerGas = _snapshots[order.paramsVersion][order.class][order.payToken].lynPerGas;
        uint256 payout = (gasBefore - gasleft() + EXPIRE_OVERHEAD) * lynPerGas;
        if (payout > amount) payout = amount;
        // SAFETY: payout <= amount <= collateral.
        return
            STAKE.slashLiveness(providerId, collateral, uint96(amount), uint96(payout), msg.sender);
    }

    function _refund(Order calldata order, bytes32 jobId, uint128 price) private {
        uint256 total = totalOf(order, price);
        emit JobRefunded(jobId, order.requester, total);
        LEDGER.credit(order.payToken, order.requester, total);
    }

    // --- Internals: clocks and prices ---

    /// @dev The first moment at which nothing is locked any more.
    /// @param start Of the ramp: the order's, or the re-opening.
    function _lockBy(Order calldata order, uint40 start) private pure returns (uint40) {
        uint256 end = uint256(start) + order.lockDuration;
        // SAFETY: at most `expiry`, or below 2^40.
        return end < order.expiry ? uint40(end) : order.expiry;
    }

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

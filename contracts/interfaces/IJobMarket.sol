// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Order} from "../types/Order.sol";
import {ILedger} from "./ILedger.sol";

/// @title IJobMarket
/// @notice Orders, locks, deliveries and settlement. All that is not in two slots a job is read from the order in calldata.
/// @dev Properties: MKT-1 a job leaves escrow once; MKT-2 only the arrows None>Locked>Delivered>Settled|Convicted, Locked|Delivered>Reopened>Locked|Refunded, Locked|Delivered>Refunded;
/// MKT-3 never both refund and re-open (A2); MKT-4 nothing is paid before finality, nor before the audits allow it; MKT-5 a nonce is spent once; MKT-6 every lock is solvent (D2); MKT-7 nothing but an order's
/// own requester, or its signature, debits it.
interface IJobMarket {
    enum Status {
        None,
        Locked,
        Delivered,
        Settled,
        Convicted,
        Refunded,
        Reopened
    }

    /// @param time Locked: end of the delivery window. Delivered: time of the delivery. Reopened: time of the re-opening.
    /// @param window Seconds from delivery to finality.
    /// @param flags Bit 0: a dispute has touched this execution, ask Disputes for its finality. Bit 1: the model asks for a
    /// royalty. Bit 2: the provider may decline. Bits 4 to 15: the protocol fee in bps.
    struct Job {
        uint32 providerId;
        uint128 price;
        uint40 time;
        uint24 window;
        Status status;
        uint8 attempt;
        uint16 flags;
        bytes32 resultRoot;
    }

    /// @notice Pushed by Parameters for a version, class and pay token (F2).
    /// @param enabled Whether orders that sign the version can be locked for the first time: it is the current one or the
    /// one before. The rest of a snapshot never changes.
    struct MarketSnapshot {
        bool enabled;
        uint16 feeBps; // protocol fee, out of the price
        uint24 window; // W
        uint96 minCollateral;
        uint96 minVerificationFee;
        uint96 lynPerGas; // LYN wei repaid per unit of gas
    }

    struct SmallOutput {
        bytes header; // docs/protocol.md section 2
        bytes data; // committed bytes
        bool carried;
    }

    /// @notice The last member of a signature that stands for a shard of a batch: `abi.encode(count, path, signature)` followed by the marker `SHARD`.
    /// @param count Orders of the batch, as signed.
    /// @param path Sorted-pair keccak256 siblings from the job id up to the root.
    /// @param signature Of `OrderBatch(bytes32 root,uint32 count)`.
    struct Shard {
        uint32 count;
        bytes32[] path;
        bytes signature;
    }

    error JobMarket_WrongStatus(bytes32 jobId, Status status);
    error JobMarket_BadSignature(bytes32 jobId, address requester);
    error JobMarket_NotRequester(address caller, address requester);
    error JobMarket_NonceUsed(address requester, uint256 nonce);
    error JobMarket_LockClosed(bytes32 jobId, uint40 deadline);
    error JobMarket_LockOpen(bytes32 jobId, uint40 deadline);
    error JobMarket_NotProvider(bytes32 jobId, address caller);
    error JobMarket_NotZkDeliveries(address caller);
    /// @notice Class zk is delivered by ZkDeliveries with a proof, every other class without one.
    error JobMarket_WrongDelivery(bytes32 jobId);
    error JobMarket_DeliveryClosed(bytes32 jobId, uint40 deadline);
    error JobMarket_DeliveryOpen(bytes32 jobId, uint40 deadline);
    error JobMarket_NotFinal(bytes32 jobId, uint40 finalAt);
    error JobMarket_OverMaxTotal(uint256 total, uint256 maxTotal);
    error JobMarket_BadOrder(bytes32 jobId, bytes32 field);
    error JobMarket_VersionRetired(uint32 version, uint32 current);
    error JobMarket_ClassNotOffered(bytes32 modelId, uint8 class);
    error JobMarket_CollateralTooLow(uint256 collateral, uint256 minimum);
    error JobMarket_VerificationFeeTooLow(uint256 fee, uint256 minimum);
    error JobMarket_OutputsTooLarge(uint256 bytes_, uint256 maximum);
    /// @notice No locks before `until`; all that is locked goes on.
    error JobMarket_IntakePaused(uint40 until);
    error JobMarket_NotEntrance(address caller);
    error JobMarket_NotDisputes(address caller);
    error JobMarket_NotParameters(address caller);
    error JobMarket_SnapshotExists(uint32 version, uint8 class, address token);
    error JobMarket_SequencerDown();
    error JobMarket_FeeTooHigh(uint256 feeBps, uint256 maximum);
    error JobMarket_NotAllowed(bytes32 jobId, uint32 providerId);
    /// @notice What cheating could gain is more than what it risks (D2). Both in LYN wei.
    error JobMarket_Insolvent(uint256 exposure, uint256 maximum);
    error JobMarket_NotDeclinable(bytes32 jobId);
    error JobMarket_DeclineClosed(bytes32 jobId, uint40 closedAt);
    error JobMarket_NotAudits(address caller);
    error JobMarket_NotSelf(address caller);
    error JobMarket_SeedExists(uint40 epoch);
    error JobMarket_BadSeed(uint40 epoch, uint32 ratePpm, uint32 qEffPpm);

    event OrderPosted(
        bytes32 indexed jobId, address indexed requester, Order order, bytes signature
    );
    event NoncesCancelled(address indexed requester, uint256 word, uint256 mask);
    event JobLocked(
        bytes32 indexed jobId,
        uint32 indexed providerId,
        address indexed requester,
        uint128 price,
        uint8 attempt,
        uint40 deliverBy,
        uint96 collateral
    );
    event JobDelivered(
        bytes32 indexed jobId, uint32 indexed providerId, bytes32 resultRoot, uint40 finalAt
    );
    event OutputsDelivered(bytes32 indexed jobId, SmallOutput[] outputs);
    event JobSettled(
        bytes32 indexed jobId, uint32 indexed providerId, uint128 paid, uint128 fee, uint128 royalty
    );
    event JobReopened(bytes32 indexed jobId, uint8 attempt, uint40 lockBy);
    /// @param caller Whose gas was repaid with `paid` LYN wei out of the slash.
    event LockExpired(
        bytes32 indexed jobId,
        uint32 indexed providerId,
        address indexed caller,
        uint96 slashed,
        uint96 paid
    );
    event JobRefunded(bytes32 indexed jobId, address indexed requester, uint256 amount);
    /// @notice The provider gave an unseen job back (D6); `JobReopened` or `JobRefunded` follows.
    event LockDeclined(bytes32 indexed jobId, uint32 indexed providerId);
    /// @notice Neither paid nor slashed (A7); `JobReopened` or `JobRefunded` follows.
    event ExecutionVoided(bytes32 indexed jobId, uint32 indexed providerId);
    event SeedPushed(uint40 indexed epoch, uint160 seed, uint32 ratePpm, uint32 qEffPpm);
    event JobConvicted(
        bytes32 indexed jobId, uint32 indexed providerId, uint96 slashed, uint256 refunded
    );
    event SnapshotPushed(
        uint32 indexed version, uint8 indexed class, address indexed token, MarketSnapshot snapshot
    );
    event IntakePaused(uint40 until);
    event EntranceAuthorised(address indexed entrance);

    /// @notice Announces a signed order on chain; an event only, nothing is stored or checked.
    function announce(Order calldata order, bytes calldata signature) external;
    /// @notice Posts an order of the caller without a signature (D8).
    function post(Order calldata order) external returns (bytes32 jobId);
    /// @notice Spends nonces of the caller that no lock has used yet: bits of `mask` in `word`.
    function cancel(uint256 word, uint256 mask) external;
    /// @notice The caller, a hot key, takes the job at the price of this moment.
    /// @param signature Of the requester: of its key, its contract (ERC-1271, 100,000 gas), or of a batch with a `Shard`. Empty if the order is posted, the job re-opened, or the caller the requester.
    function lock(Order calldata order, bytes calldata signature) external returns (bytes32 jobId);
    /// @notice As `lock`, of an order that names its providers.
    /// @param allowed Proof of the caller's provider id in `allowedRoot`; empty if it is the only one.
    function lockAllowed(Order calldata order, bytes calldata signature, bytes32[] calldata allowed)
        external
        returns (bytes32 jobId);
    /// @notice As `lockAllowed`, and first takes what the requester's committed balance lacks of `maxTotal` from its wallet, by its permit to the Ledger or an allowance.
    function lockWithPermit(
        Order calldata order,
        bytes calldata signature,
        bytes32[] calldata allowed,
        ILedger.Permit calldata permit
    ) external returns (bytes32 jobId);
    /// @notice Locks for the provider and at the price that an entrance names (offers, auctions). Anyone may call.
    /// @param data What the entrance wants to know.
    function lockFrom(
        address entrance,
        Order calldata order,
        bytes calldata signature,
        bytes32[] calldata allowed,
        bytes calldata data
    ) external returns (bytes32 jobId);
    /// @notice The provider of a lock that came from an offer without an input gives it back, within `ACCEPT_DELAY` of the lock, without a slash (D6).
    function decline(Order calldata order) external;
    /// @notice Commits the provider to a result.
    function deliver(bytes32 jobId, bytes32 resultRoot) external;
    /// @notice As `deliver` for a one-step job, with outputs up to 8 kB in calldata, from which the contract computes the result root (A12).
    function deliverWithOutputs(bytes32 jobId, SmallOutput[] calldata outputs) external;
    /// @notice Only ZkDeliveries, which has checked the proofs. Final at once: it settles in the same transaction.
    /// @param hotKey Who delivers.
    function deliverProved(bytes32 jobId, bytes32 resultRoot, address hotKey) external;
    /// @notice Pays a final job. Anyone may call; the order's tip goes to the caller.
    function settle(Order calldata order) external;
    /// @notice As `settle` for many; leaves out those that cannot be settled now.
    function settleMany(Order[] calldata orders) external;
    /// @notice Only the market itself, from `settleMany`: asks audits and disputes whether a job is final, all or nothing.
    function finaliseSelf(bytes32 jobId) external;
    /// @notice The delivery window passed without a delivery: liveness slash, then re-opening, or a refund after the last attempt or expiry (A2).
    function expireLock(Order calldata order) external;
    /// @notice A re-opened job found no provider in time: the escrow returns to the requester.
    function refund(Order calldata order) external;

    /// @notice Only Disputes. Marks the execution so that settlement asks Disputes.
    function freeze(bytes32 jobId) external;
    /// @notice Only Disputes. The execution is neither paid nor slashed: re-opening, or a refund after the last attempt or expiry (A7).
    function voidExecution(Order calldata order) external;
    /// @notice Only Disputes. Slashes exactly the collateral, refunds the requester, closes the job.
    /// @param payout Part of the slash credited to `recipient` in the Ledger; the rest is burnt.
    function convict(Order calldata order, uint96 payout, address recipient) external;

    /// @notice Only Parameters.
    function pushSnapshot(
        uint32 version,
        uint8 class,
        address token,
        MarketSnapshot calldata snapshot
    ) external;
    /// @notice Only Parameters: no locks before `until`, of new jobs or of re-opened ones. Nothing else asks for it.
    function pauseIntake(uint40 until) external;
    /// @notice Only AuditManager. The seed of an epoch, once (E1): jobs delivered in it can settle from now on, unless they are sampled.
    /// @param qEffPpm For every lock from now on (D2).
    function pushSeed(uint40 epoch, uint160 seed, uint32 ratePpm, uint32 qEffPpm) external;
    /// @notice Only the owner. Add-only.
    function authoriseEntrance(address entrance) external;

    function jobIdOf(Order calldata order) external view returns (bytes32);
    /// @notice Slot 0 of a job (RULES G): {provider id 32, price 128, time 40, window 24, status 8, attempt 8, flags 16} from the lowest bit, 0 for none.
    function headOf(bytes32 jobId) external view returns (uint256);
    function jobOf(bytes32 jobId) external view returns (Job memory);
    /// @notice Most LYN wei of price and value at risk that a collateral backs now (D2).
    function maxExposureOf(uint96 collateral) external view returns (uint256);
    /// @notice How likely a cheat is caught, in millionths.
    function qEffPpm() external view returns (uint32);
    /// @notice 0 while the epoch has no seed.
    function seedOf(uint40 epoch) external view returns (uint160 seed, uint32 ratePpm);
    function isEntrance(address entrance) external view returns (bool);
    function isNonceUsed(address requester, uint256 nonce) external view returns (bool);
    function isPosted(bytes32 jobId) external view returns (bool);
    function pausedUntil() external view returns (uint40);
    function currentVersion() external view returns (uint32);
    function snapshotOf(uint32 version, uint8 class, address token)
        external
        view
        returns (MarketSnapshot memory);
    function DOMAIN_SEPARATOR() external view returns (bytes32);
}

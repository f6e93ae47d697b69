// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {Order} from "../types/Order.sol";
import {JobFlags} from "./JobFlags.sol";
import {JobHead} from "./JobHead.sol";
import {EpochSeed, MarketState, Snapshot, Terms} from "./MarketState.sol";
import {OrderTerms} from "./OrderTerms.sol";

/// @title JobClosing
/// @notice The rare ways out of a lock, and what is pushed to the market: code of JobMarket at an address of its own, because one contract has no room for all of it.
/// @dev JobMarket has checked who calls, and derived `jobId` from the order. Storage is the market's; nothing here can be replaced: the address is linked into the market's code.
library JobClosing {
    using JobHead for uint256;
    using JobHead for IJobMarket.Job;
    using OrderTerms for Order;

    /// @notice Contracts that the market is bound to.
    struct Cores {
        address lyn;
        ILedger ledger;
        IStakeManager stake;
    }

    uint256 private constant BPS = 10_000;

    /// @notice D1: least part of the collateral that a missed delivery costs.
    uint256 internal constant LIVENESS_BPS = 500;

    /// @notice Most that the protocol may take of a price, whatever Parameters say.
    uint256 internal constant MAX_FEE_BPS = 1_000;

    /// @notice Gas of `expireLock` that its own meter does not see: the transaction, its calldata and the slash.
    uint256 internal constant EXPIRE_OVERHEAD = 280_000;

    // --- Ways out of a lock ---

    /// @notice `IJobMarket.expireLock`.
    function expireLock(
        MarketState storage state,
        Cores calldata cores,
        Order calldata order,
        bytes32 jobId
    ) external {
        uint256 gasBefore = gasleft();
        IJobMarket.Job memory job = _jobIn(state, jobId, IJobMarket.Status.Locked); // MKT-2
        require(block.timestamp >= job.time, IJobMarket.JobMarket_DeliveryOpen(jobId, job.time));
        uint32 providerId = job.providerId;
        bool reopens = _leave(state, order, jobId, job);
        (uint96 taken, uint96 paid) =
            _slashLiveness(state, cores, order, job.price, providerId, gasBefore);
        emit IJobMarket.LockExpired(jobId, providerId, msg.sender, taken, paid);
        _announce(cores, order, jobId, job, reopens);
    }

    /// @notice `IJobMarket.decline`: the provider gives back a lock that it never saw the input of (D6).
    function decline(
        MarketState storage state,
        Cores calldata cores,
        Order calldata order,
        bytes32 jobId,
        uint40 acceptDelay
    ) external {
        IJobMarket.Job memory job = _jobIn(state, jobId, IJobMarket.Status.Locked);
        require(job.flags & JobFlags.DECLINABLE != 0, IJobMarket.JobMarket_NotDeclinable(jobId));
        uint32 providerId = job.providerId;
        require(
            cores.stake.providerIdOf(msg.sender) == providerId,
            IJobMarket.JobMarket_NotProvider(jobId, msg.sender)
        );
        // The window is [lock, lock + acceptDelay).
        uint40 closedAt = job.time - order.deliverDuration + acceptDelay;
        require(block.timestamp < closedAt, IJobMarket.JobMarket_DeclineClosed(jobId, closedAt));
        bool reopens = _leave(state, order, jobId, job);
        emit IJobMarket.LockDeclined(jobId, providerId);
        _free(cores, order, providerId);
        _announce(cores, order, jobId, job, reopens);
    }

    /// @notice `IJobMarket.voidExecution`: neither paid nor slashed (A7).
    function voidExecution(
        MarketState storage state,
        Cores calldata cores,
        Order calldata order,
        bytes32 jobId
    ) external {
        IJobMarket.Job memory job = _jobIn(state, jobId, IJobMarket.Status.Delivered); // MKT-1
        uint32 providerId = job.providerId;
        bool reopens = _leave(state, order, jobId, job);
        emit IJobMarket.ExecutionVoided(jobId, providerId);
        _free(cores, order, providerId);
        _announce(cores, order, jobId, job, reopens);
    }

    /// @notice `IJobMarket.refund`.
    function refund(
        MarketState storage state,
        Cores calldata cores,
        Order calldata order,
        bytes32 jobId
    ) external {
        IJobMarket.Job memory job = _jobIn(state, jobId, IJobMarket.Status.Reopened); // MKT-2
        uint40 lockBy = order.lockBy(job.time);
        require(block.timestamp >= lockBy, IJobMarket.JobMarket_LockOpen(jobId, lockBy));
        job.status = IJobMarket.Status.Refunded; // MKT-1
        state.jobs[jobId].head = job.pack();
        _refund(cores, order, jobId, job.price);
    }

    // --- Disputes ---

    /// @notice `IJobMarket.convict`.
    function convict(
        MarketState storage state,
        Cores calldata cores,
        Order calldata order,
        bytes32 jobId,
        uint96 payout,
        address recipient
    ) external {
        IJobMarket.Job memory job = _jobIn(state, jobId, IJobMarket.Status.Delivered); // MKT-1
        job.status = IJobMarket.Status.Convicted; // A2: no re-opening
        state.jobs[jobId].head = job.pack();
        uint256 total = order.totalOf(job.price);
        emit IJobMarket.JobConvicted(jobId, job.providerId, order.collateral, total);
        // D1: exactly the collateral of this execution.
        cores.stake.slash(job.providerId, order.collateral, order.collateral, payout, recipient);
        cores.ledger.credit(order.payToken, order.requester, total);
    }

    // --- What is pushed ---

    /// @notice `IJobMarket.pushSnapshot`.
    function pushSnapshot(
        MarketState storage state,
        uint32 version,
        uint8 class,
        address token,
        IJobMarket.MarketSnapshot calldata snapshot
    ) external {
        require(
            snapshot.feeBps <= MAX_FEE_BPS,
            IJobMarket.JobMarket_FeeTooHigh(snapshot.feeBps, MAX_FEE_BPS)
        );
        // F2: append-only.
        uint32 current = state.currentVersion;
        require(version >= current, IJobMarket.JobMarket_VersionRetired(version, current));
        Snapshot storage stored = state.snapshots[version][class][token];
        require(
            stored.terms.window == 0, IJobMarket.JobMarket_SnapshotExists(version, class, token)
        );
        state.currentVersion = version;
        stored.terms = Terms({
            enabled: snapshot.enabled,
            feeBps: snapshot.feeBps,
            window: snapshot.window,
            minCollateral: snapshot.minCollateral,
            minVerificationFee: snapshot.minVerificationFee
        });
        stored.lynPerGas = snapshot.lynPerGas;
        if (version > 2) state.snapshots[version - 2][class][token].terms.enabled = false;
        emit IJobMarket.SnapshotPushed(version, class, token, snapshot);
    }

    /// @notice `IJobMarket.pushSeed`.
    function pushSeed(
        MarketState storage state,
        uint40 epoch,
        uint160 seed,
        uint32 ratePpm,
        uint32 qEffPpm
    ) external {
        require(
            seed != 0 && ratePpm <= 1e6 && qEffPpm <= 1e6,
            IJobMarket.JobMarket_BadSeed(epoch, ratePpm, qEffPpm)
        );
        require(state.seeds[epoch].seed == 0, IJobMarket.JobMarket_SeedExists(epoch)); // E1
        state.seeds[epoch] = EpochSeed(seed, ratePpm);
        state.qEffPpm = qEffPpm;
        emit IJobMarket.SeedPushed(epoch, seed, ratePpm, qEffPpm);
    }

    /// @notice `IJobMarket.snapshotOf`.
    function snapshotOf(MarketState storage state, uint32 version, uint8 class, address token)
        external
        view
        returns (IJobMarket.MarketSnapshot memory)
    {
        Snapshot memory snapshot = state.snapshots[version][class][token];
        return IJobMarket.MarketSnapshot({
            enabled: snapshot.terms.enabled,
            feeBps: snapshot.terms.feeBps,
            window: snapshot.terms.window,
            minCollateral: snapshot.terms.minCollateral,
            minVerificationFee: snapshot.terms.minVerificationFee,
            lynPerGas: snapshot.lynPerGas
        });
    }

    // --- Internals ---

    function _jobIn(MarketState storage state, bytes32 jobId, IJobMarket.Status status)
        private
        view
        returns (IJobMarket.Job memory job)
    {
        job = state.jobs[jobId].head.unpack();
        require(job.status == status, IJobMarket.JobMarket_WrongStatus(jobId, job.status));
    }

    /// @dev The attempt ends without pay: the next one, or a refund. MKT-3: one or the other (A2).
    function _leave(
        MarketState storage state,
        Order calldata order,
        bytes32 jobId,
        IJobMarket.Job memory job
    ) private returns (bool reopens) {
        job.attempt += 1; // A1: nothing of this attempt applies to the next
        job.time = uint40(block.timestamp);
        job.providerId = 0;
        job.flags &= ~(JobFlags.DISPUTED | JobFlags.DECLINABLE);
        reopens = job.attempt < order.maxAttempts && block.timestamp < order.expiry;
        job.status = reopens ? IJobMarket.Status.Reopened : IJobMarket.Status.Refunded;
        state.jobs[jobId].head = job.pack();
    }

    function _announce(
        Cores calldata cores,
        Order calldata order,
        bytes32 jobId,
        IJobMarket.Job memory job,
        bool reopens
    ) private {
        if (reopens) {
            emit IJobMarket.JobReopened(jobId, job.attempt, order.lockBy(job.time));
        } else {
            _refund(cores, order, jobId, job.price);
        }
    }

    function _free(Cores calldata cores, Order calldata order, uint32 providerId) private {
        cores.stake.release(providerId, order.collateral, 0);
    }

    function _refund(Cores calldata cores, Order calldata order, bytes32 jobId, uint128 price)
        private
    {
        uint256 total = order.totalOf(price);
        emit IJobMarket.JobRefunded(jobId, order.requester, total);
        cores.ledger.credit(order.payToken, order.requester, total);
    }

    /// @dev D1: min(S, max(price if LYN, 5% of S)); the caller gets its metered gas out of it.
    function _slashLiveness(
        MarketState storage state,
        Cores calldata cores,
        Order calldata order,
        uint128 price,
        uint32 providerId,
        uint256 gasBefore
    ) private returns (uint96 taken, uint96 paid) {
        uint96 collateral = order.collateral;
        uint256 amount = collateral * LIVENESS_BPS / BPS;
        if (order.payToken == cores.lyn && price > amount) amount = price;
        if (amount > collateral) amount = collateral;
        uint256 lynPerGas =
            state.snapshots[order.paramsVersion][order.class][order.payToken].lynPerGas;
        uint256 payout = (gasBefore - gasleft() + EXPIRE_OVERHEAD) * lynPerGas;
        if (payout > amount) payout = amount;
        // SAFETY: payout <= amount <= collateral.
        return cores.stake
            .slashLiveness(providerId, collateral, uint96(amount), uint96(payout), msg.sender);
    }
}

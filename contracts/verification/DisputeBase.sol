// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IAttestations} from "../interfaces/IAttestations.sol";
import {IAuditManager} from "../interfaces/IAuditManager.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {ExecutionRoots} from "../types/FraudProof.sol";
import {Order} from "../types/Order.sol";
import {CalldataStruct} from "../libraries/CalldataStruct.sol";
import {ExecutionId} from "../libraries/ExecutionId.sol";
import {SequencerUptime} from "../oracle/SequencerUptime.sol";

/// @title DisputeBase
/// @notice What Disputes and its parts share: whose execution an order is about, clocks that stop with the sequencer, metered gas, and LYN.
abstract contract DisputeBase {
    using Address for address;
    using SafeCast for uint256;

    /// @notice The contracts that all parts call, fixed for ever.
    /// @param audits Samples executions and may void them (A7), or zero.
    /// @param attestations Keeps what auditors attested, which is disputed as executions are (E2), or zero.
    /// @param feed Sequencer-uptime feed, or zero, and `grace` seconds after it came up again: the market's (A3).
    struct Common {
        address lyn;
        ILedger ledger;
        IStakeManager stakeManager;
        IJobMarket market;
        IAuditManager audits;
        IAttestations attestations;
        AggregatorV3Interface feed;
        uint40 grace;
    }

    /// @dev What every call first finds out about an order.
    struct Subject {
        bytes32 jobId;
        bytes32 execId;
        IJobMarket.Job job;
        uint256 gasBefore; // where the meter starts
        IDisputes.DisputeSnapshot snapshot; // A1, F2: of the version that the order names
        bool ofOutput; // of a new demand
        bool attested; // a case of Attestations, not a job of the market
    }

    uint256 internal constant BPS = 10_000;

    /// @notice LYN.
    address public immutable LYN;
    /// @notice Accounts and escrow.
    ILedger public immutable LEDGER;
    /// @notice Providers.
    IStakeManager public immutable STAKE;
    /// @notice Orders and deliveries.
    IJobMarket public immutable MARKET;
    /// @notice Samples executions and may void them, or zero.
    IAuditManager public immutable AUDITS;
    /// @notice Keeps what auditors attested, or zero.
    IAttestations public immutable ATTESTATIONS;
    /// @notice Sequencer-uptime feed, or zero.
    AggregatorV3Interface public immutable FEED;
    /// @notice Seconds after the sequencer came up in which no window closes.
    uint40 public immutable GRACE;

    constructor(Common memory common) {
        LYN = common.lyn;
        LEDGER = common.ledger;
        STAKE = common.stakeManager;
        MARKET = common.market;
        AUDITS = common.audits;
        ATTESTATIONS = common.attestations;
        FEED = common.feed;
        GRACE = common.grace;
    }

    // ---- the records, which Disputes keeps ----

    function _load(bytes32 execId) internal view virtual returns (IDisputes.Execution memory);

    function _snapshot(uint32 version)
        internal
        view
        virtual
        returns (IDisputes.DisputeSnapshot memory);

    /// @dev Root of the posted trace of a step, 0 while there is none.
    function _traceRoot(bytes32 execId, uint32 step) internal view virtual returns (bytes32);

    /// @dev Root of the posted states of a segment, 0 while there are none (B8).
    function _statesRoot(bytes32 execId, uint32 segment) internal view virtual returns (bytes32);

    // ---- the subject ----

    function _subject(Order calldata order) internal view returns (Subject memory subject) {
        subject.gasBefore = gasleft();
        subject.jobId = abi.decode(
            address(MARKET)
                .functionStaticCall(
                    bytes.concat(IJobMarket.jobIdOf.selector, CalldataStruct.bytesOf(order))
                ),
            (bytes32)
        );
        subject.job = MARKET.jobOf(subject.jobId);
        if (subject.job.status == IJobMarket.Status.None && address(ATTESTATIONS) != address(0)) {
            subject.job = ATTESTATIONS.jobOf(subject.jobId);
            subject.attested = true;
        }
        subject.execId =
            ExecutionId.derive(subject.jobId, subject.job.attempt, subject.job.providerId);
        subject.snapshot = _snapshot(order.paramsVersion);
    }

    /// @dev DIS-5: no window closes while nobody could send a transaction, nor before the market settles again.
    function _isOver(uint40 end) internal view returns (bool) {
        return
            block.timestamp >= end
                && block.timestamp >= uint256(SequencerUptime.upSince(FEED)) + GRACE;
    }

    /// @dev Whoever audits an execution may still dispute it: what its audit holds is open (E1, AUD-3).
    function _requireOpen(Subject memory subject, uint40 closedAt) internal view {
        if (!_isOver(closedAt)) return;
        require(
            address(AUDITS) != address(0) && !subject.attested
                && !_isOver(AUDITS.heldUntil(subject.execId, subject.job.time, subject.job.window)),
            IDisputes.Disputes_Closed(subject.execId, closedAt)
        );
    }

    /// @dev The contract that an execution is frozen and convicted at: it has the market's functions.
    function _docketOf(bool attested) internal view returns (IJobMarket) {
        return attested ? IJobMarket(address(ATTESTATIONS)) : MARKET;
    }

    /// @dev The execution if it can still be disputed; a new record, not stored yet, at the first touch.
    function _begin(Subject memory subject)
        internal
        view
        returns (IDisputes.Execution memory execution)
    {
        execution = _load(subject.execId);
        require(
            subject.job.status == IJobMarket.Status.Delivered
                && execution.outcome == IDisputes.Outcome.Open && subject.snapshot.grace != 0,
            IDisputes.Disputes_NotDisputable(subject.execId)
        ); // DIS-1
        if (execution.finalAt == 0) {
            execution.finalAt = subject.job.time + subject.job.window;
            execution.providerId = subject.job.providerId;
        }
        // A6: whatever is open keeps it open.
        if (execution.liveDemands == 0) _requireOpen(subject, execution.finalAt);
    }

    /// @dev A touched execution has a queue, even an empty one.
    function _markTouched(IDisputes.Execution memory execution) internal view {
        execution.queueEnd = _max(execution.queueEnd, uint40(block.timestamp));
    }

    /// @param segment Steps of a segment, by the model's header, which whoever reads the roots checks.
    function _roots(Order calldata order, Subject memory subject, uint32 step, uint32 segment)
        internal
        view
        returns (ExecutionRoots memory)
    {
        return ExecutionRoots({
            modelId: order.modelId,
            steps: order.steps,
            inputRoot: order.inputRoot,
            resultRoot: subject.job.resultRoot,
            traceRoot: _traceRoot(subject.execId, step),
            statesRoot: segment < 2 ? bytes32(0) : _statesRoot(subject.execId, step / segment)
        });
    }

    // ---- money ----

    /// @dev LYN wei of (gas used + 21,000 + calldata), at least the floor of EIP-7623. Calldata counts as if no byte were zero.
    function _metered(Subject memory subject, uint256 tail) internal view returns (uint96) {
        uint256 used = subject.gasBefore - gasleft() + tail + 16 * msg.data.length;
        uint256 gas = 21_000 + Math.max(used, 40 * msg.data.length);
        return (gas * subject.snapshot.lynPerGas).toUint96();
    }

    function _credit(address account, uint256 amount) internal {
        if (amount != 0) LEDGER.credit(LYN, account, amount);
    }

    function _ownerOf(uint32 providerId) internal view returns (address) {
        return STAKE.ownerOf(providerId);
    }

    function _max(uint40 a, uint40 b) internal pure returns (uint40) {
        return a > b ? a : b;
    }
}

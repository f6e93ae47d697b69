// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAttestations} from "../interfaces/IAttestations.sol";
import {IAuditManager} from "../interfaces/IAuditManager.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IFraudVerifier} from "../interfaces/IFraudVerifier.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {FraudProof} from "../types/FraudProof.sol";
import {ManifestValue, ValueKind} from "../types/ManifestEntry.sol";
import {Order} from "../types/Order.sol";
import {ExecutionId} from "../libraries/ExecutionId.sol";
import {ManifestCodec} from "../libraries/ManifestCodec.sol";

/// @title Attestations
/// @dev TRUST: AuditManager, to say what was revealed and to slash; JobMarket, to say what was delivered; Disputes, to convict. No owner. TOKENS: none.
/// LIVENESS: nothing pauses it. CLOCKS: block time; every window is [start, end). PROPERTIES: ATT-1 to ATT-3.
contract Attestations is IAttestations {
    /// @notice Orders and deliveries.
    IJobMarket public immutable MARKET;
    /// @notice Convicts.
    IDisputes public immutable DISPUTES;
    /// @notice Demands and their answers, which ask here what a verifier answers for.
    IAuditManager public immutable AUDITS;
    /// @notice Seconds of an epoch of audits.
    uint40 public immutable EPOCH;

    mapping(bytes32 caseId => Case) private _cases;
    mapping(bytes32 caseId => bool) private _disputed;

    /// @inheritdoc IAttestations
    mapping(bytes32 execId => mapping(uint32 verifierId => bytes32)) public caseIdOf;

    constructor(IJobMarket market, IDisputes disputes, IAuditManager audits, uint40 epoch) {
        MARKET = market;
        DISPUTES = disputes;
        AUDITS = audits;
        EPOCH = epoch;
    }

    modifier onlyDisputes() {
        require(msg.sender == address(DISPUTES), Attestations_NotDisputes(msg.sender));
        _;
    }

    /// @inheritdoc IAttestations
    function open(
        Order calldata order,
        uint8 attempt,
        uint32 providerId,
        uint32 verifierId,
        bytes32 traceRoot,
        IAuditManager.Finding finding
    ) external returns (bytes32 caseId) {
        Case memory own;
        IJobMarket.Job memory job;
        (own, job) = _delivered(order, attempt, providerId);
        require(
            AUDITS.isAttested(own.execId, verifierId, traceRoot, finding),
            Attestations_NotAttested(own.execId, verifierId)
        ); // ATT-1
        own.verifierId = verifierId;
        own.traceRoot = traceRoot;
        own.step = AUDITS.stepOf(job.time / EPOCH, own.execId, order.steps);
        own.closesAt = AUDITS.heldUntil(own.execId, job.time, job.window);
        return _add(own, orderOf(order, own.execId, verifierId));
    }

    /// @inheritdoc IAttestations
    function settle(bytes32 caseId) external {
        Case storage own = _open(caseId);
        require(block.timestamp >= own.closesAt, Attestations_NotFinal(caseId, own.closesAt));
        own.status = IJobMarket.Status.Settled;
        emit CaseSettled(caseId);
        if (_disputed[caseId]) DISPUTES.finalise(caseId, 0, own.verifierId);
    }

    // --- For Demands and Disputes ---

    /// @inheritdoc IAttestations
    function jobOf(bytes32 caseId) external view returns (IJobMarket.Job memory job) {
        Case memory own = _cases[caseId];
        job.providerId = own.verifierId;
        job.status = own.status;
        job.time = own.openedAt;
        // SAFETY: audits end within days.
        job.window = uint24(own.closesAt - own.openedAt);
        job.resultRoot = own.resultRoot;
    }

    /// @inheritdoc IAttestations
    function freeze(bytes32 caseId) external onlyDisputes {
        _disputed[caseId] = true;
    }

    /// @inheritdoc IAttestations
    function convict(Order calldata order, uint96 payout, address recipient) external onlyDisputes {
        bytes32 caseId = MARKET.jobIdOf(order);
        Case storage own = _open(caseId); // ATT-3
        own.status = IJobMarket.Status.Convicted;
        emit CaseConvicted(caseId, own.verifierId, order.collateral);
        AUDITS.slashFault(own.execId, own.verifierId, payout, recipient);
    }

    /// @inheritdoc IAttestations
    function checkRequest(
        bytes32 caseId,
        IDisputes.Request calldata request,
        uint8 valueKind,
        bool inside,
        uint32 segment
    ) external view {
        uint32 audited = _cases[caseId].step;
        bool before = request.step != audited;
        bool own = _leadsTo(request.step, audited, segment);
        if (request.kind == IDisputes.Kind.Step) {
            own = own && before; // else nothing was carried to it
        } else if (request.kind == IDisputes.Kind.Output) {
            own = false;
        } else if (request.kind != IDisputes.Kind.Trace && valueKind != uint8(ValueKind.Activation))
        {
            // What it carried to the audited step, and not what that step carries on.
            own = own && inside && (before || valueKind == uint8(ValueKind.Input));
        }
        require(own, Attestations_NotItsOwn(caseId)); // ATT-2
    }

    /// @inheritdoc IAttestations
    function checkProof(bytes32 caseId, FraudProof calldata proof) external view {
        uint32 audited = _cases[caseId].step;
        require(_leadsTo(proof.step, audited, proof.model.segment), Attestations_NotItsOwn(caseId));
        bytes calldata node = _entryOf(caseId, proof, uint256(proof.model.values) + proof.node);
        bytes calldata entry =
            _entryOf(caseId, proof, ManifestCodec.decodeNode(node).outputs[proof.output]);
        ManifestValue memory value = ManifestCodec.decodeValue(entry);
        bool carried = value.kind == ValueKind.Output && value.laterSlot == 1;
        require(
            value.kind == ValueKind.Activation || (carried && proof.step != audited),
            Attestations_NotItsOwn(caseId)
        ); // ATT-2
    }

    /// @inheritdoc IAttestations
    function checkTrace(bytes32 caseId, uint32 step, bytes32 root) external view {
        Case storage own = _cases[caseId];
        // Those of the steps before follow from it.
        require(
            step != own.step || root == own.traceRoot,
            IFraudVerifier.FraudVerifier_WrongTrace(own.traceRoot, root)
        );
    }

    // --- Views ---

    /// @inheritdoc IAttestations
    function orderOf(Order calldata order, bytes32 execId, uint32 verifierId)
        public
        view
        returns (Order memory own)
    {
        own.requester = address(this);
        own.modelId = order.modelId;
        own.class = order.class;
        own.steps = order.steps;
        own.inputRoot = order.inputRoot;
        own.deliverDuration = order.deliverDuration;
        own.collateral = AUDITS.faultReserveOf(execId, verifierId);
        own.paramsVersion = order.paramsVersion;
        own.nonce = uint256(keccak256(abi.encode(execId, verifierId)));
    }

    /// @inheritdoc IAttestations
    function caseOf(bytes32 caseId) external view returns (Case memory) {
        return _cases[caseId];
    }

    /// @inheritdoc IAttestations
    function isOpen(bytes32 execId, uint32 verifierId) external view returns (bool) {
        return _cases[caseIdOf[execId][verifierId]].status == IJobMarket.Status.Delivered;
    }

    // --- Internals ---

    /// @dev A case of an execution that was delivered, and the job.
    function _delivered(Order calldata order, uint8 attempt, uint32 providerId)
        private
        view
        returns (Case memory own, IJobMarket.Job memory job)
    {
        bytes32 jobId = MARKET.jobIdOf(order);
        own.execId = ExecutionId.derive(jobId, attempt, providerId);
        job = MARKET.jobOf(jobId);
        require(
            job.attempt == attempt && job.providerId == providerId && _isDelivered(job.status),
            Attestations_NotDelivered(own.execId)
        );
        own.openedAt = uint40(block.timestamp);
        own.status = IJobMarket.Status.Delivered;
        own.resultRoot = job.resultRoot;
    }

    function _add(Case memory own, Order memory order) private returns (bytes32 caseId) {
        caseId = MARKET.jobIdOf(order);
        require(caseIdOf[own.execId][own.verifierId] == 0, Attestations_CaseExists(caseId));
        // ATT-3: what is not reserved any more cannot be slashed.
        require(
            block.timestamp < own.closesAt && order.collateral != 0,
            Attestations_Closed(caseId, own.closesAt)
        );
        caseIdOf[own.execId][own.verifierId] = caseId;
        _cases[caseId] = own;
        emit CaseOpened(own.execId, own.verifierId, caseId, order, own.step, own.traceRoot);
    }

    function _open(bytes32 caseId) private view returns (Case storage own) {
        own = _cases[caseId];
        require(own.status == IJobMarket.Status.Delivered, Attestations_UnknownCase(caseId));
    }

    /// @dev The result root of a job stays where it was delivered, whatever became of the job, until it opens again.
    function _isDelivered(IJobMarket.Status status) private pure returns (bool) {
        return status == IJobMarket.Status.Delivered || status == IJobMarket.Status.Settled
            || status == IJobMarket.Status.Convicted;
    }

    /// @dev Whether a step is the audited one, or one before it in its segment: the verifier ran it to get there, from the state that the provider committed to (B8).
    function _leadsTo(uint32 step, uint32 audited, uint32 segment) private pure returns (bool) {
        return step <= audited && step / segment == audited / segment;
    }

    /// @dev FraudVerifier has checked the entries against the model.
    function _entryOf(bytes32 caseId, FraudProof calldata proof, uint256 leaf)
        private
        pure
        returns (bytes calldata)
    {
        for (uint256 i; i < proof.entries.length; ++i) {
            if (proof.entries[i].leaf == leaf) return proof.entries[i].entry;
        }
        revert Attestations_NotItsOwn(caseId);
    }
}

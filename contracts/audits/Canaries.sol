// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IAuditManager} from "../interfaces/IAuditManager.sol";
import {ICanaries} from "../interfaces/ICanaries.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {ExecutionId} from "../libraries/ExecutionId.sol";
import {Order} from "../types/Order.sol";

/// @title Canaries
/// @dev TRUST: the curator, not to commit to a right result: whoever vouches for that would lose its stake; the owner, with the escrow. Neither reaches anything of an execution that was not committed to before
/// its lock. TOKENS: LYN, as this contract's free balance in the Ledger. LIVENESS: nothing pauses it. ROUNDING: pay down. CLOCKS: block time. PROPERTIES: CAN-1 to CAN-4.
contract Canaries is ICanaries, Ownable {
    /// @notice CAN-4: what who proves gets of what the verifier loses.
    uint256 public constant REWARD_BPS = 1_000;

    /// @notice LYN.
    address public immutable LYN;
    /// @notice The escrow is the account of this contract.
    ILedger public immutable LEDGER;
    /// @notice Orders and deliveries.
    IJobMarket public immutable MARKET;
    /// @notice Voids and slashes.
    IAuditManager public immutable AUDITS;

    /// @inheritdoc ICanaries
    address public curator;
    /// @inheritdoc ICanaries
    mapping(bytes32 hash => uint40) public committedAt;
    /// @inheritdoc ICanaries
    mapping(bytes32 execId => bool) public isOpened;

    constructor(address owner, address lyn, ILedger ledger, IJobMarket market, IAuditManager audits)
        Ownable(owner)
    {
        LYN = lyn;
        LEDGER = ledger;
        MARKET = market;
        AUDITS = audits;
    }

    /// @inheritdoc ICanaries
    function setCurator(address newCurator) external onlyOwner {
        curator = newCurator;
        emit CuratorSet(newCurator);
    }

    /// @inheritdoc ICanaries
    function withdraw(uint256 amount, address to) external onlyOwner {
        emit EscrowWithdrawn(to, amount);
        LEDGER.withdraw(LYN, amount, to);
    }

    /// @inheritdoc ICanaries
    function commit(bytes32 hash) external {
        require(msg.sender == curator, Canaries_NotCurator(msg.sender));
        require(committedAt[hash] == 0, Canaries_CommitExists(hash));
        committedAt[hash] = uint40(block.timestamp);
        emit CanaryCommitted(hash);
    }

    /// @inheritdoc ICanaries
    function open(Order calldata order, bytes32 salt) external {
        bytes32 jobId = MARKET.jobIdOf(order);
        IJobMarket.Job memory job = MARKET.jobOf(jobId);
        require(job.status == IJobMarket.Status.Delivered, Canaries_NotDelivered(jobId));
        // E5: no consumer ever acts on it, and nobody computes it again.
        require(order.callback == address(0) && order.maxAttempts == 1, Canaries_NotACanary(jobId));
        bytes32 execId = ExecutionId.derive(jobId, job.attempt, job.providerId);
        bytes32 hash = hashOf(execId, job.providerId, job.resultRoot, salt); // CAN-1, CAN-2
        uint40 at = committedAt[hash];
        require(at != 0, Canaries_NoCommit(hash));
        // CAN-1: a lock is not older than its time for delivery, as long as the sequencer was up.
        uint40 lockedFrom = job.time - order.deliverDuration;
        require(at < lockedFrom, Canaries_TooLate(at, lockedFrom));
        isOpened[execId] = true;
        emit CanaryOpened(execId, jobId, job.providerId, job.resultRoot);
        AUDITS.voidCanary(order);
    }

    /// @inheritdoc ICanaries
    function prove(bytes32 execId, uint32 verifierId) external returns (uint256 paid) {
        require(isOpened[execId], Canaries_NotOpened(execId));
        uint96 slashed = AUDITS.slashCanary(execId, verifierId); // CAN-3
        paid = LEDGER.pay(LYN, msg.sender, slashed * REWARD_BPS / 10_000); // CAN-4
        emit CanaryProved(execId, verifierId, msg.sender, slashed, paid);
    }

    /// @inheritdoc ICanaries
    function hashOf(bytes32 execId, uint32 providerId, bytes32 resultRoot, bytes32 salt)
        public
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(execId, providerId, resultRoot, salt));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Order} from "../types/Order.sol";

/// @title ICanaries
/// @notice Jobs whose wrong result was known before they were locked (RULES E5): who vouches for it did not look. Governance funds them, and names the curator who commits to them.
/// @dev A canary looks like any other job: its requester is an ordinary account, its provider delivers what was committed to. Its pre-image ends it: neither paid nor slashed, and every verifier that vouched
/// for it can be slashed. Until then it is a job like any other, and its provider can be convicted: whoever keeps the pre-image opens it when a proof is committed.
/// Properties: CAN-1 a canary's hash is older than its lock, and binds execution, provider and result; CAN-2 it exempts that execution and nothing else; CAN-3 a verifier loses stake by a canary at most
/// once an execution, and only if it vouched; CAN-4 what provers are paid comes out of the escrow, and is less than what the verifier lost.
interface ICanaries {
    error Canaries_NotCurator(address caller);
    error Canaries_CommitExists(bytes32 hash);
    /// @notice Nobody has committed to this execution with this result.
    error Canaries_NoCommit(bytes32 hash);
    /// @notice The commit is not surely older than the lock.
    error Canaries_TooLate(uint40 committedAt, uint40 lockedFrom);
    /// @notice A canary has one attempt and no callback.
    error Canaries_NotACanary(bytes32 jobId);
    error Canaries_NotDelivered(bytes32 jobId);
    error Canaries_NotOpened(bytes32 execId);

    event CuratorSet(address indexed curator);
    event CanaryCommitted(bytes32 indexed hash);
    event CanaryOpened(
        bytes32 indexed execId, bytes32 indexed jobId, uint32 indexed providerId, bytes32 resultRoot
    );
    /// @param paid LYN wei out of the escrow, into the prover's account.
    event CanaryProved(
        bytes32 indexed execId,
        uint32 indexed verifierId,
        address indexed prover,
        uint96 slashed,
        uint256 paid
    );
    event EscrowWithdrawn(address indexed to, uint256 amount);

    /// @notice Only the owner.
    function setCurator(address curator) external;
    /// @notice Only the owner: takes LYN out of the escrow, which is this contract's free balance in the Ledger. Anyone may deposit there.
    function withdraw(uint256 amount, address to) external;
    /// @notice Only the curator, before the lock: `hash = keccak256(abi.encode(execId, providerId, resultRoot, salt))`.
    function commit(bytes32 hash) external;
    /// @notice Shows the pre-image of a delivered canary, whose execution is void from now on. Anyone may call.
    function open(Order calldata order, bytes32 salt) external;
    /// @notice After the opening: slashes a verifier that revealed that the result is right, and pays the caller. Anyone may call.
    /// @return paid LYN wei.
    function prove(bytes32 execId, uint32 verifierId) external returns (uint256 paid);

    function curator() external view returns (address);
    /// @notice When a hash was committed, 0 if never.
    function committedAt(bytes32 hash) external view returns (uint40);
    function isOpened(bytes32 execId) external view returns (bool);
    function hashOf(bytes32 execId, uint32 providerId, bytes32 resultRoot, bytes32 salt)
        external
        pure
        returns (bytes32);
}

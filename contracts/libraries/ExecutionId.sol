// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title ExecutionId
/// @notice Names one attempt of one provider at a job (A1).
library ExecutionId {
    function derive(bytes32 jobId, uint8 attempt, uint32 providerId)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(jobId, attempt, providerId));
    }
}

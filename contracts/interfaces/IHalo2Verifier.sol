// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IHalo2Verifier
/// @notice What ezkl 21.0.0 generates for a verification key. Reverts with empty data on a bad proof.
interface IHalo2Verifier {
    function verifyProof(bytes calldata proof, uint256[] calldata instances) external returns (bool);
}

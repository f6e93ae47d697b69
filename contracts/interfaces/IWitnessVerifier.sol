// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ExecutionRoots, FraudProof, WitnessClaim} from "../types/FraudProof.sol";
import {Interval} from "../types/Interval.sol";

/// @title IWitnessVerifier
/// @notice Judges elements by the witness that the provider named (A8). Holds no money and no state; errors are those of IFraudVerifier.
/// @dev Properties: FV-1 to FV-3 of IFraudVerifier; WV-1 a witness that honest machines name never convicts.
interface IWitnessVerifier {
    /// @notice Judges an element by the elements of its row at the positions that the provider named, and at one more.
    /// @dev Results as of IFraudVerifier.judge; `honest` is empty if the positions are not what the operator needs.
    function judgeWitness(
        ExecutionRoots calldata roots,
        uint16 checkerVersion,
        WitnessClaim calldata claim,
        FraudProof calldata proof
    ) external view returns (uint64 claimed, Interval memory honest, bool fraud);
}

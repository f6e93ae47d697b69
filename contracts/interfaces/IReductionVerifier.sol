// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Absorption, FraudProof} from "../types/FraudProof.sol";
import {Interval} from "../types/Interval.sol";

/// @title IReductionVerifier
/// @notice Judges elements of long rows part by part (A9). Holds no money and no state; errors are those of IFraudVerifier.
/// @dev Properties: FV-1 to FV-3 of IFraudVerifier; RV-1 in parts gives the verdict of the whole.
interface IReductionVerifier {
    /// @notice Adds the next terms of an element's reduction to a state.
    /// @param proof Of the place, opening the operands' elements of these terms.
    /// @return next The state with them. @return terms How many there are in all.
    function absorb(Absorption calldata part, FraudProof calldata proof)
        external
        view
        returns (bytes memory next, uint32 terms);

    /// @notice Judges an element by the state that all its terms led to.
    /// @param proof Of the place, opening the element itself and what the checker reads besides the terms.
    function judgeState(Absorption calldata part, FraudProof calldata proof)
        external
        view
        returns (uint64 claimed, Interval memory honest, bool fraud);
}

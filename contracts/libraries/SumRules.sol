// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ExactDot} from "./ExactDot.sol";
import {Arithmetic, Range} from "../types/Element.sol";

/// @title SumRules
/// @notice What numeric profiles and derived values say of sums (docs/protocol.md section 3; docs/operators.md, "Derived operands").
/// @dev Twin: `sdk/src/operators/sumRules.ts`.
library SumRules {
    /// @dev Profile `f32-plain`.
    uint32 private constant PLAIN = 1;
    /// @dev Profile `f32-blocked`.
    uint32 private constant BLOCKED = 2;
    /// @dev Profile `f32-wgsl`.
    uint32 private constant WGSL = 3;
    /// @dev Operators of one element of each operand have opcodes below.
    uint16 private constant REDUCTIONS = 60;

    /// @notice Whether it is the number of a numeric profile.
    function isProfile(uint32 profile) internal pure returns (bool) {
        return profile == PLAIN || profile == BLOCKED || profile == WGSL;
    }

    /// @notice Whether the profile's run holds for the sums of an operator, if its second operand is a matrix of weights: MatMul and Gemm, whose kernels
    /// pack such a matrix in blocks. Sums of other operators, and products of two activations, may have any order.
    function isProduct(uint16 opcode) internal pure returns (bool) {
        return opcode == 60 || opcode == 61;
    }

    /// @notice What a model's profile says of its nodes; `Blocked` holds only where `isProduct` does.
    function arithmeticOf(uint32 profile) internal pure returns (Arithmetic) {
        if (profile == WGSL) return Arithmetic.Wgsl;
        return profile == BLOCKED ? Arithmetic.Blocked : Arithmetic.Plain;
    }

    /// @notice Terms of the sum that a machine may go on adding to where a node's result is derived; 0 without one. Under
    /// other profiles than the first, roundings that a term of it goes through.
    /// @param ranges What the node's checker reads.
    /// @param fused The same of its derived operands.
    function termsBehind(uint16 opcode, Range[] memory ranges, uint32 fused, Arithmetic arithmetic)
        internal
        pure
        returns (uint32)
    {
        if (opcode < REDUCTIONS) return _carries(opcode) ? fused : 0;
        uint256 most;
        uint256 terms;
        for (uint256 i; i < ranges.length; ++i) {
            terms = i != 0 && ranges[i - 1].operand == ranges[i].operand ? terms : 0;
            terms += ranges[i].count;
            if (terms > most) most = terms;
        }
        // SAFETY: elements of one reduction, at most 2^20.
        return most > 1 ? uint32(ExactDot.roundingsOf(most, 0, arithmetic)) : 0;
    }

    /// @dev Movement, Add, Sub, Mul, Div, Neg, Sum, Mean: what a kernel could do to an accumulator before its last rounding.
    function _carries(uint16 opcode) private pure returns (bool) {
        return opcode <= 24 || opcode == 28 || opcode == 29;
    }
}

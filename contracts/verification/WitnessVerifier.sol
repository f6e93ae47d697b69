// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ICheckerRegistry} from "../interfaces/ICheckerRegistry.sol";
import {IFraudVerifier} from "../interfaces/IFraudVerifier.sol";
import {IWitnessVerifier} from "../interfaces/IWitnessVerifier.sol";
import {ElementQuery, Operand, Range} from "../types/Element.sol";
import {ExecutionRoots, FraudProof, WitnessClaim} from "../types/FraudProof.sol";
import {Interval, IntervalKind} from "../types/Interval.sol";
import {ManifestNode} from "../types/ManifestEntry.sol";
import {HonestSet} from "../libraries/HonestSet.sol";
import {Witness} from "../libraries/Witness.sol";
import {ElementReader} from "./ElementReader.sol";

/// @title WitnessVerifier
/// @dev TRUST: the checkers of the version that a model pinned, and nobody else. TOKENS: none. CLOCKS: none. Stateless.
contract WitnessVerifier is IWitnessVerifier, ElementReader {
    constructor(ICheckerRegistry checkers) ElementReader(checkers) {}

    /// @inheritdoc IWitnessVerifier
    function judgeWitness(
        ExecutionRoots calldata roots,
        uint16 checkerVersion,
        WitnessClaim calldata claim,
        FraudProof calldata proof
    ) external view returns (uint64 claimed, Interval memory honest, bool fraud) {
        Context memory context = _open(roots, checkerVersion, proof);
        ManifestNode memory node = _node(context, proof, proof.node);
        uint8 dtype;
        (claimed, dtype) = _claimed(context, proof, node);
        bool isPosition;
        uint32[] memory positions;
        (honest, isPosition, positions) = _shortRow(context, node, claim, proof);
        if (positions.length == 0) {
            fraud = true;
        } else if (isPosition && honest.kind == IntervalKind.Integer) {
            (honest, fraud) = _inRow(honest, positions, claimed);
        } else {
            fraud = !HonestSet.contains(honest, claimed, dtype);
        }
    }

    /// @dev What the checker says of the row of the named positions and the rival.
    /// No positions come back if what the provider named decides nothing.
    function _shortRow(
        Context memory context,
        ManifestNode memory node,
        WitnessClaim calldata claim,
        FraudProof calldata proof
    ) private view returns (Interval memory honest, bool isPosition, uint32[] memory positions) {
        require(
            node.outputs[proof.output] == claim.value,
            IFraudVerifier.FraudVerifier_NoWitness(node.opcode)
        );
        ElementQuery memory query = _query(context, node, proof.output, proof.element);
        Subject memory subject = _subject(context, node, query);
        Range[] memory row = _ranges(subject);
        (isPosition, positions) = _positions(query, claim, Witness.lengthOf(row));
        if (positions.length == 0) {
            return (Interval(IntervalKind.Integer, 1, 0), isPosition, positions);
        }
        Operand[] memory operands = new Operand[](node.inputs.length);
        row = Witness.elementsAt(row, positions);
        _read(context, proof, node, row, operands, 0);
        honest = _evaluate(subject, operands);
    }

    function _positions(ElementQuery memory query, WitnessClaim calldata claim, uint256 length)
        private
        pure
        returns (bool isPosition, uint32[] memory positions)
    {
        uint256 count;
        (count, isPosition) = Witness.ruleOf(query);
        // A rival outside the row is the prover's fault, other positions the provider's.
        require(claim.rival < length, IFraudVerifier.FraudVerifier_BadRange(query.opcode, 0));
        if (Witness.isWellFormed(claim.positions, count, length)) {
            positions = Witness.withRival(claim.positions, claim.rival);
        }
    }

    /// @dev The set of positions that a set of places in the short row stands for, and whether the claimed one is outside.
    function _inRow(Interval memory places, uint32[] memory positions, uint64 claimed)
        private
        pure
        returns (Interval memory honest, bool fraud)
    {
        // SAFETY: places in the short row, whose positions have 32 bits.
        uint256 low = uint256(int256(places.low));
        uint256 high = uint256(int256(places.high));
        fraud = true;
        for (uint256 i = low; i <= high && fraud; ++i) {
            fraud = positions[i] != claimed;
        }
        honest = Interval(
            IntervalKind.Integer, int64(uint64(positions[low])), int64(uint64(positions[high]))
        );
    }
}

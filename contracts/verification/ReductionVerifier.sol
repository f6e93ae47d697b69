// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPartialChecker} from "../interfaces/IChecker.sol";
import {ICheckerRegistry} from "../interfaces/ICheckerRegistry.sol";
import {IFraudVerifier} from "../interfaces/IFraudVerifier.sol";
import {IReductionVerifier} from "../interfaces/IReductionVerifier.sol";
import {Operand, Range} from "../types/Element.sol";
import {Absorption, FraudProof, Place} from "../types/FraudProof.sol";
import {Interval} from "../types/Interval.sol";
import {ManifestNode} from "../types/ManifestEntry.sol";
import {CheckerCall} from "../libraries/CheckerCall.sol";
import {HonestSet} from "../libraries/HonestSet.sol";
import {Unmade} from "../libraries/Unmade.sol";
import {ElementReader} from "./ElementReader.sol";

/// @title ReductionVerifier
/// @dev TRUST: the checkers of the version that a model pinned, and nobody else. TOKENS: none. CLOCKS: none. Stateless.
contract ReductionVerifier is IReductionVerifier, ElementReader {
    constructor(ICheckerRegistry checkers) ElementReader(checkers) {}

    /// @inheritdoc IReductionVerifier
    function absorb(Absorption calldata part, FraudProof calldata proof)
        external
        view
        returns (bytes memory next, uint32 terms)
    {
        _requirePlace(part.place, proof);
        Context memory context = _open(part.roots, part.checkerVersion, proof);
        ManifestNode memory node = _node(context, proof, proof.node);
        Subject memory subject = _subjectOf(context, node, proof.output, proof.element);
        Range[] memory row = _ranges(subject);
        // SAFETY: elements of tensors.
        terms = uint32(_termsOf(row, 0));
        require(
            part.count != 0 && uint256(part.from) + part.count <= terms,
            IFraudVerifier.FraudVerifier_WrongPart(part.from, terms)
        );
        (uint256 cut,) = _parts(subject);
        row = _part(row, cut, part.from, part.count);
        Operand[] memory operands = new Operand[](node.inputs.length);
        _read(context, proof, node, row, operands, 0);
        next = _absorb(subject, part, operands);
    }

    /// @inheritdoc IReductionVerifier
    function judgeState(Absorption calldata part, FraudProof calldata proof)
        external
        view
        returns (uint64 claimed, Interval memory honest, bool fraud)
    {
        _requirePlace(part.place, proof);
        Context memory context = _open(part.roots, part.checkerVersion, proof);
        ManifestNode memory node = _node(context, proof, proof.node);
        uint8 dtype;
        (claimed, dtype) = _claimed(context, proof, node);
        honest = _concluded(context, node, part, proof);
        fraud = !HonestSet.contains(honest, claimed, dtype);
    }

    function _concluded(
        Context memory context,
        ManifestNode memory node,
        Absorption calldata part,
        FraudProof calldata proof
    ) private view returns (Interval memory) {
        Subject memory subject = _subjectOf(context, node, proof.output, proof.element);
        uint256 terms = _termsOf(_ranges(subject), 0);
        // SAFETY: elements of a tensor.
        require(
            part.from == terms, IFraudVerifier.FraudVerifier_WrongPart(part.from, uint32(terms))
        );
        (, Range[] memory rest) = _parts(subject);
        Operand[] memory operands = new Operand[](node.inputs.length);
        _read(context, proof, node, rest, operands, 0);
        bytes memory question = abi.encodeWithSelector(
            IPartialChecker.conclude.selector, uint256(0), part.place.hint, part.state, operands
        );
        return abi.decode(CheckerCall.ask(subject.checker, question, subject.query), (Interval));
    }

    function _parts(Subject memory subject) private view returns (uint256 cut, Range[] memory) {
        bytes memory question = abi.encodeWithSelector(IPartialChecker.parts.selector, uint256(0));
        return
            abi.decode(
                CheckerCall.ask(subject.checker, question, subject.query), (uint256, Range[])
            );
    }

    function _absorb(Subject memory subject, Absorption calldata part, Operand[] memory operands)
        private
        view
        returns (bytes memory)
    {
        bytes memory question = abi.encodeWithSelector(
            IPartialChecker.absorb.selector, uint256(0), part.place.hint, part.state, operands
        );
        return abi.decode(CheckerCall.ask(subject.checker, question, subject.query), (bytes));
    }

    function _requirePlace(Place calldata place, FraudProof calldata proof) private pure {
        require(
            proof.step == place.step && proof.node == place.node && proof.output == place.output
                && proof.element == place.element,
            IFraudVerifier.FraudVerifier_NoSuchElement(place.output, place.element)
        );
    }

    /// @dev Elements that the ranges name of one operand.
    function _termsOf(Range[] memory row, uint8 operand) private pure returns (uint256 terms) {
        for (uint256 i; i < row.length; ++i) {
            if (row[i].operand == operand) terms += row[i].count;
        }
    }

    /// @dev Terms `from` to `from + count - 1` of each operand whose bit is set in `cut`.
    function _part(Range[] memory row, uint256 cut, uint256 from, uint256 count)
        private
        pure
        returns (Range[] memory part)
    {
        part = Unmade.ranges(row.length);
        uint256 used;
        uint256 start; // of the range among its operand's elements
        for (uint256 i; i < row.length; ++i) {
            Range memory range = row[i];
            if (i != 0 && row[i - 1].operand != range.operand) start = 0;
            uint256 end = start + range.count;
            uint256 low = start > from ? start : from;
            uint256 high = end < from + count ? end : from + count;
            if ((cut >> range.operand) & 1 != 0 && low < high) {
                // SAFETY: inside the range.
                part[used++] = Range(
                    range.operand,
                    uint32(range.first + (low - start) * range.stride),
                    uint32(high - low),
                    range.stride
                );
            }
            start = end;
        }
        assembly ("memory-safe") {
            mstore(part, used) // only shrinks
        }
    }
}

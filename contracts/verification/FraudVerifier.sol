// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ICheckerRegistry} from "../interfaces/ICheckerRegistry.sol";
import {IFraudVerifier} from "../interfaces/IFraudVerifier.sol";
import {ExecutionRoots, FraudProof} from "../types/FraudProof.sol";
import {Interval} from "../types/Interval.sol";
import {ManifestNode} from "../types/ManifestEntry.sol";
import {HonestSet} from "../libraries/HonestSet.sol";
import {ElementReader} from "./ElementReader.sol";

/// @title FraudVerifier
/// @dev TRUST: the checkers of the version that a model pinned, and nobody else. TOKENS: none. CLOCKS: none. Stateless.
/// Whatever is malformed reverts; only a well-formed proof of a wrong element returns `fraud`.
contract FraudVerifier is IFraudVerifier, ElementReader {
    constructor(ICheckerRegistry checkers) ElementReader(checkers) {}

    /// @inheritdoc IFraudVerifier
    function judge(ExecutionRoots calldata roots, uint16 checkerVersion, FraudProof calldata proof)
        external
        view
        returns (uint64 claimed, Interval memory honest, bool fraud)
    {
        Context memory context = _open(roots, checkerVersion, proof);
        ManifestNode memory node = _node(context, proof, proof.node);
        uint8 dtype;
        (claimed, dtype) = _claimed(context, proof, node);
        Subject memory subject = _subjectOf(context, node, proof.output, proof.element);
        (honest,) = _honest(context, proof, subject, 0);
        fraud = !HonestSet.contains(honest, claimed, dtype);
    }
}

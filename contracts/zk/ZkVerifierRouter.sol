// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IHalo2Verifier} from "../interfaces/IHalo2Verifier.sol";
import {IZkVerifierRouter} from "../interfaces/IZkVerifierRouter.sol";

/// @title ZkVerifierRouter
/// @notice Add-only: from the selector that a model is bound to, to the code that judges its proofs.
/// @dev TRUST: the owner, to retire a broken verifier for new jobs, and for nothing else; a verifier for nothing but the models that are bound to it, whose publisher chose it.
/// TOKENS: none. LIVENESS: verification cannot be paused. ROUNDING: none. CLOCKS: none. PROPERTIES: ZKR-1, ZKR-2, ZKR-3.
contract ZkVerifierRouter is IZkVerifierRouter, Ownable {
    /// @notice Gas of one verification. ezkl's verifiers take 0.5 to 0.8 million for models of this class.
    uint256 public constant GAS_CAP = 3_000_000;

    mapping(bytes4 selector => Verifier) private _verifiers;

    constructor(address owner) Ownable(owner) {}

    /// @inheritdoc IZkVerifierRouter
    function add(address verifier) external returns (bytes4 selector) {
        require(verifier.code.length != 0, ZkVerifierRouter_NoCode(verifier));
        bytes32 codeHash = verifier.codehash;
        selector = bytes4(codeHash);
        address known = _verifiers[selector].verifier;
        if (known != address(0)) {
            // ZKR-1
            require(known.codehash == codeHash, ZkVerifierRouter_SelectorTaken(selector, known));
            return selector;
        }
        _verifiers[selector].verifier = verifier;
        emit VerifierAdded(selector, verifier, codeHash);
    }

    /// @inheritdoc IZkVerifierRouter
    function retire(bytes4 selector) external onlyOwner {
        require(!verifierOf(selector).retired, ZkVerifierRouter_AlreadyRetired(selector));
        _verifiers[selector].retired = true;
        emit VerifierRetired(selector);
    }

    /// @inheritdoc IZkVerifierRouter
    function verify(bytes4 selector, bytes calldata proof, bytes calldata instances) external view {
        address verifier = verifierOf(selector).verifier; // ZKR-3: retired or not
        // ZKR-2: a call forwards at most 63/64 of what is left, and a verifier that starves says no.
        uint256 needed = GAS_CAP * 64 / 63 + 10_000;
        require(gasleft() >= needed, ZkVerifierRouter_TooLittleGas(gasleft(), needed));
        uint256[] calldata elements;
        assembly ("memory-safe") {
            elements.offset := instances.offset
            elements.length := shr(5, instances.length)
        }
        bytes memory data = abi.encodeCall(IHalo2Verifier.verifyProof, (proof, elements));
        uint256 cap = GAS_CAP;
        bool accepted;
        assembly ("memory-safe") {
            // One word of the answer, whatever comes: the code is a stranger's.
            accepted := staticcall(cap, verifier, add(data, 32), mload(data), 0, 32)
            accepted := and(accepted, and(eq(returndatasize(), 32), eq(mload(0), 1)))
        }
        require(accepted, ZkVerifierRouter_ProofRejected(selector));
    }

    /// @inheritdoc IZkVerifierRouter
    function verifierOf(bytes4 selector) public view returns (Verifier memory verifier) {
        verifier = _verifiers[selector];
        require(verifier.verifier != address(0), ZkVerifierRouter_Unknown(selector));
    }
}

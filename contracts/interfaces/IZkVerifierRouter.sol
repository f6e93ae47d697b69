// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IZkVerifierRouter
/// @notice The Halo2 verifier contracts that models of class zk are bound to. Anyone adds one; nobody changes one.
/// @dev Properties: ZKR-1 a selector names one code for ever; ZKR-2 a verifier gets the same gas in every call, or the call reverts; ZKR-3 a retired verifier still judges jobs that were locked before.
interface IZkVerifierRouter {
    struct Verifier {
        address verifier;
        bool retired;
    }

    error ZkVerifierRouter_NoCode(address verifier);
    /// @notice Four bytes of another verifier's code hash are the same: deploy the verifier with another comment or setting.
    error ZkVerifierRouter_SelectorTaken(bytes4 selector, address verifier);
    error ZkVerifierRouter_Unknown(bytes4 selector);
    error ZkVerifierRouter_AlreadyRetired(bytes4 selector);
    /// @notice The verifier said no, with empty revert data as ezkl's do, or ran out of its gas.
    error ZkVerifierRouter_ProofRejected(bytes4 selector);
    error ZkVerifierRouter_TooLittleGas(uint256 available, uint256 needed);

    event VerifierAdded(bytes4 indexed selector, address indexed verifier, bytes32 codeHash);
    /// @notice Found broken: no new job is locked for a model that it judges.
    event VerifierRetired(bytes4 indexed selector);

    /// @notice Adds a deployed verifier (ezkl's `verifyProof(bytes,uint256[])`). Code that is there already keeps its first address.
    /// @return selector The first four bytes of its code hash.
    function add(address verifier) external returns (bytes4 selector);
    /// @notice Only the owner, once. Jobs that are locked go on.
    function retire(bytes4 selector) external;
    /// @notice Reverts unless the verifier accepts the proof for exactly these instances.
    /// @param instances Field elements of 32 bytes: inputs, then outputs. What is left over is no element.
    function verify(bytes4 selector, bytes calldata proof, bytes calldata instances) external view;
    /// @notice Reverts on an unknown selector.
    function verifierOf(bytes4 selector) external view returns (Verifier memory);
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IParameters
/// @notice Every tunable of the protocol, each within bounds that the profile fixes in code (F4). Cores receive append-only snapshots; a job keeps the version it names (F2).
interface IParameters {
    enum Profile {
        Local, // seconds instead of days; reverts on any chain id but 31337
        Testnet,
        Main
    }

    error Parameters_WrongChain(uint256 chainId);
    error Parameters_OutOfBounds(bytes32 name, uint256 value, uint256 minimum, uint256 maximum);
    error Parameters_Unknown(bytes32 name);

    error Parameters_TooManyTokens(uint256 maximum);
    error Parameters_ZeroAddress();

    event TokenListed(address indexed token, uint96 minVerificationFee);
    event ParameterSet(bytes32 indexed name, uint256 value);
    event VersionPublished(uint32 indexed version);

    /// @notice Only the owner. Takes effect with the next `publish`.
    /// @param name Short ASCII name, such as "window" or "feeBps".
    function set(bytes32 name, uint256 value) external;
    /// @notice Only the owner. Jobs of versions published from now on may be paid in `token`; listing again changes the least verification fee.
    /// @param minVerificationFee In wei of the token (D3).
    function listToken(address token, uint96 minVerificationFee) external;
    /// @notice Only the owner. Pushes the values to the cores as a new version.
    function publish() external returns (uint32 version);
    function valueOf(bytes32 name) external view returns (uint256);
    function boundsOf(bytes32 name) external view returns (uint256 minimum, uint256 maximum);
    function names() external view returns (bytes32[] memory);
    function tokens() external view returns (address[] memory);
    function profile() external view returns (Profile);
    function version() external view returns (uint32);
}

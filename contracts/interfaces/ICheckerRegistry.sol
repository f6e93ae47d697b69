// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IChecker} from "./IChecker.sol";

/// @title ICheckerRegistry
/// @notice Add-only versions of the opcode -> checker map. A model pins the version it was registered under (A10).
interface ICheckerRegistry {
    /// @notice A checker contract has no code.
    error CheckerRegistry_NoCode(address checker);
    /// @notice The two lists have different lengths, or are empty.
    error CheckerRegistry_LengthMismatch(uint256 opcodes, uint256 checkers);

    /// @notice A new version was added. Opcodes that it does not name keep the checker of the version before.
    event CheckersAdded(uint16 indexed version, uint16[] opcodes, address[] checkers);

    /// @notice Adds a version. Only the owner.
    function add(uint16[] calldata opcodes, IChecker[] calldata checkers)
        external
        returns (uint16 version);

    /// @notice The newest version; 0 while there is none.
    function latest() external view returns (uint16);

    /// @notice The checker of an opcode in a version; the zero address if there is none.
    function checkerOf(uint16 version, uint16 opcode) external view returns (IChecker);
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IChecker} from "../interfaces/IChecker.sol";
import {ICheckerRegistry} from "../interfaces/ICheckerRegistry.sol";

/// @title CheckerRegistry
/// @dev TRUST: the owner (governance) adds versions and can never change one: a model keeps the checkers it was registered under (A10). TOKENS: none. CLOCKS: none.
contract CheckerRegistry is ICheckerRegistry, Ownable {
    /// @dev Versions in which an opcode got a checker, ascending, so that a new version writes only what it changes.
    struct Change {
        uint16 version;
        IChecker checker;
    }

    /// @inheritdoc ICheckerRegistry
    uint16 public latest;
    mapping(uint16 opcode => Change[] changes) private _changes;

    constructor(address owner) Ownable(owner) {}

    /// @inheritdoc ICheckerRegistry
    function add(uint16[] calldata opcodes, IChecker[] calldata checkers)
        external
        onlyOwner
        returns (uint16 version)
    {
        require(
            opcodes.length == checkers.length && opcodes.length != 0,
            CheckerRegistry_LengthMismatch(opcodes.length, checkers.length)
        );
        version = ++latest;
        address[] memory added = new address[](checkers.length);
        for (uint256 i; i < opcodes.length; ++i) {
            added[i] = address(checkers[i]);
            require(added[i].code.length != 0, CheckerRegistry_NoCode(added[i]));
            _changes[opcodes[i]].push(Change(version, checkers[i]));
        }
        emit CheckersAdded(version, opcodes, added);
    }

    /// @inheritdoc ICheckerRegistry
    function checkerOf(uint16 version, uint16 opcode) external view returns (IChecker) {
        Change[] storage changes = _changes[opcode];
        for (uint256 i = changes.length; i > 0; --i) {
            if (changes[i - 1].version <= version) return changes[i - 1].checker;
        }
        return IChecker(address(0));
    }
}

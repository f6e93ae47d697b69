// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title GovernorTimelock
/// @notice OpenZeppelin's GovernorTimelockControl with the same functions, event and effects, but that queueing computes the operation's id here:
/// asking the timelock for it means to encode, copy and decode the whole proposal once more.
/// @dev A test compares the id with the timelock's own (LynodeGovernor.t.sol).
abstract contract GovernorTimelock is Governor {
    TimelockController private _timelock;

    /// @dev Operations that were queued and neither executed nor cancelled here.
    mapping(uint256 proposalId => bytes32) private _operations;

    event TimelockChange(address oldTimelock, address newTimelock);

    constructor(TimelockController timelock_) {
        _setTimelock(timelock_);
    }

    /// @notice Only a passed proposal. Not while others are queued: they stay with the old one.
    function updateTimelock(TimelockController newTimelock) external onlyGovernance {
        _setTimelock(newTimelock);
    }

    /// @notice Who executes proposals, and owns everything.
    function timelock() external view returns (address) {
        return address(_timelock);
    }

    /// @inheritdoc Governor
    function state(uint256 proposalId) public view virtual override returns (ProposalState) {
        ProposalState current = super.state(proposalId);
        if (current != ProposalState.Queued) return current;
        bytes32 operation = _operations[proposalId];
        TimelockController timelock_ = _timelock;
        if (timelock_.isOperationPending(operation)) return ProposalState.Queued;
        // Anybody may execute what is due at the timelock itself, and a canceller cancel it.
        return
            timelock_.isOperationDone(operation) ? ProposalState.Executed : ProposalState.Canceled;
    }

    /// @inheritdoc Governor
    function proposalNeedsQueuing(uint256) public view virtual override returns (bool) {
        return true;
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal virtual override returns (uint48) {
        TimelockController timelock_ = _timelock;
        uint256 delay = timelock_.getMinDelay();
        bytes32 salt = _saltOf(descriptionHash);
        // `TimelockController.hashOperationBatch`.
        _operations[proposalId] =
            keccak256(abi.encode(targets, values, calldatas, bytes32(0), salt));
        timelock_.scheduleBatch(targets, values, calldatas, 0, salt, delay);
        return SafeCast.toUint48(block.timestamp + delay);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal virtual override {
        _timelock.executeBatch{value: msg.value}(
            targets, values, calldatas, 0, _saltOf(descriptionHash)
        );
        delete _operations[proposalId];
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal virtual override returns (uint256 proposalId) {
        proposalId = super._cancel(targets, values, calldatas, descriptionHash);
        bytes32 operation = _operations[proposalId];
        if (operation != 0) {
            _timelock.cancel(operation);
            delete _operations[proposalId];
        }
    }

    function _executor() internal view virtual override returns (address) {
        return address(_timelock);
    }

    function _setTimelock(TimelockController newTimelock) private {
        emit TimelockChange(address(_timelock), address(newTimelock));
        _timelock = newTimelock;
    }

    /// @dev This address is part of it, so that governors that share a timelock do not collide.
    function _saltOf(bytes32 descriptionHash) private view returns (bytes32) {
        return bytes20(address(this)) ^ descriptionHash;
    }
}

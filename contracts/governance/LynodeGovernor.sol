// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {
    GovernorCountingFractional
} from "@openzeppelin/contracts/governance/extensions/GovernorCountingFractional.sol";
import {
    GovernorPreventLateQuorum
} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {
    GovernorTimelockControl
} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {
    GovernorVotesQuorumFraction
} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

import {ILynodeGovernor} from "../interfaces/ILynodeGovernor.sol";
import {IGuardianship} from "../interfaces/IGuardianship.sol";

/// @title LynodeGovernor
/// @notice OpenZeppelin's Governor, with a guardian whose term ends and an extension when late votes turn the outcome.
/// @dev TRUST: the holders of votes; the guardian, to cancel, for a term, and never what decides about itself. TOKENS: none. LIVENESS: anyone queues and executes. ROUNDING: the quorum down.
/// CLOCKS: timestamps, as LYN's votes.
/// PROPERTIES: GOV-1 votes held for less than the snapshot count zero; GOV-2 a new quorum is for later proposals; GOV-3 who turns the outcome late leaves the others time to answer;
/// GOV-4 the guardian cancels only, within its term, and never a proposal about the guardian; GOV-5 such a proposal is about nothing else, so that it shields nothing else.
contract LynodeGovernor is
    ILynodeGovernor,
    Governor,
    GovernorSettings,
    GovernorCountingFractional,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorPreventLateQuorum,
    GovernorTimelockControl
{
    /// @param extension Seconds that late quorum and a late swing leave to the others.
    struct Config {
        IVotes token;
        TimelockController timelock;
        uint48 votingDelay;
        uint32 votingPeriod;
        uint48 extension;
        uint256 threshold;
        uint256 quorumPercent;
        address guardian;
        uint48 guardianUntil;
    }

    /// @notice Longest term of a guardian.
    uint48 public constant MAX_TERM = 365 days;

    /// @inheritdoc ILynodeGovernor
    uint48 public guardianUntil;

    /// @inheritdoc IGuardianship
    uint32 public guardianTerm;

    /// @notice Longest extension that governance can set, in seconds: twice the first one.
    uint48 public immutable MAX_EXTENSION;

    address private _guardian;

    /// @dev Of the vote that is being cast: nothing can extend the proposal yet, and nothing has.
    bool private transient _inTime;

    /// @dev Set by late swings of what is extended already.
    mapping(uint256 proposalId => uint48) private _swingDeadline;

    constructor(Config memory config)
        Governor("Lynode Governor")
        GovernorSettings(config.votingDelay, config.votingPeriod, config.threshold)
        GovernorVotes(config.token)
        GovernorVotesQuorumFraction(config.quorumPercent)
        GovernorPreventLateQuorum(config.extension)
        GovernorTimelockControl(config.timelock)
    {
        MAX_EXTENSION = 2 * config.extension;
        if (config.guardian != address(0)) _setGuardian(config.guardian, config.guardianUntil);
    }

    // --- The guardian ---

    /// @inheritdoc ILynodeGovernor
    function setGuardian(address guardian_, uint48 until) external onlyGovernance {
        _setGuardian(guardian_, until);
    }

    /// @inheritdoc IGuardianship
    function guardian() public view returns (address) {
        return clock() < guardianUntil ? _guardian : address(0);
    }

    /// @notice As OpenZeppelin's, and the guardian within its term, unless the proposal is about the guardian.
    function cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) public override returns (uint256) {
        // GOV-4
        if (_msgSender() == guardian() && _aboutGuardian(targets, calldatas) == 0) {
            return _cancel(targets, values, calldatas, descriptionHash);
        }
        return super.cancel(targets, values, calldatas, descriptionHash);
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override returns (uint256) {
        uint256 about = _aboutGuardian(targets, calldatas);
        require(about == 0 || about == targets.length, LynodeGovernor_MixedProposal()); // GOV-5
        return super._propose(targets, values, calldatas, description, proposer);
    }

    /// @dev How many actions decide about the guardian.
    function _aboutGuardian(address[] memory targets, bytes[] memory calldatas)
        private
        view
        returns (uint256 about)
    {
        for (uint256 i = 0; i < targets.length && i < calldatas.length; ++i) {
            if (
                targets[i] == address(this)
                    && bytes4(calldatas[i]) == ILynodeGovernor.setGuardian.selector
            ) ++about;
        }
    }

    function _setGuardian(address guardian_, uint48 until) private {
        uint48 maximum = clock() + MAX_TERM;
        require(until <= maximum, LynodeGovernor_TermTooLong(until, maximum)); // GOV-4
        _guardian = guardian_;
        guardianUntil = until;
        uint32 term = ++guardianTerm;
        emit GuardianSet(guardian_, until, term);
    }

    // --- Late swings ---

    /// @inheritdoc Governor
    function proposalDeadline(uint256 proposalId)
        public
        view
        override(Governor, GovernorPreventLateQuorum)
        returns (uint256)
    {
        uint256 planned = Governor.proposalDeadline(proposalId);
        if (_inTime) return planned;
        uint256 deadline = super.proposalDeadline(proposalId);
        if (deadline == planned) return deadline;
        uint256 swung = _swingDeadline[proposalId];
        return swung > deadline ? swung : deadline;
    }

    /// @dev GOV-3. Quorum reached late extends the vote, and so does every late swing; each swing takes votes that nobody has cast, so that they end.
    function _castVote(
        uint256 proposalId,
        address account,
        uint8 support,
        string memory reason,
        bytes memory params
    ) internal override returns (uint256 weight) {
        if (clock() + MAX_EXTENSION <= Governor.proposalDeadline(proposalId)) {
            _inTime = true;
            weight = super._castVote(proposalId, account, support, reason, params);
            _inTime = false;
            return weight;
        }
        uint48 extended = clock() + lateQuorumVoteExtension();
        if (extended <= proposalDeadline(proposalId)) {
            return super._castVote(proposalId, account, support, reason, params);
        }
        (bool before, bool quorate) = (_passes(proposalId), _quorumReached(proposalId));
        weight = super._castVote(proposalId, account, support, reason, params);
        if (_passes(proposalId) == before && _quorumReached(proposalId) == quorate) return weight;
        // OpenZeppelin's extends once.
        super._tallyUpdated(proposalId);
        if (proposalDeadline(proposalId) < extended) {
            _swingDeadline[proposalId] = extended;
            emit ProposalExtended(proposalId, extended);
        }
    }

    function _passes(uint256 proposalId) private view returns (bool) {
        return _voteSucceeded(proposalId) && _quorumReached(proposalId);
    }

    // --- The clock ---

    /// @notice Block time: the token's clock, without asking it again and again.
    function clock() public view override(Governor, GovernorVotes) returns (uint48) {
        return Time.timestamp();
    }

    // --- What Solidity wants said: which of OpenZeppelin's modules answers ---

    /// @inheritdoc Governor
    function state(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (ProposalState)
    {
        return super.state(proposalId);
    }

    /// @inheritdoc Governor
    function proposalThreshold()
        public
        view
        override(Governor, GovernorSettings)
        returns (uint256)
    {
        return super.proposalThreshold();
    }

    /// @inheritdoc Governor
    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    /// @dev What a vote changes is looked at by `_castVote`, and only where it may extend something.
    function _tallyUpdated(uint256) internal pure override(Governor, GovernorPreventLateQuorum) {}

    /// @dev While the constructor sets the first one the bound is OpenZeppelin's, the voting period.
    function _maxLateQuorumVoteExtension() internal view override returns (uint256) {
        return MAX_EXTENSION == 0 ? super._maxLateQuorumVoteExtension() : MAX_EXTENSION;
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor()
        internal
        view
        override(Governor, GovernorTimelockControl)
        returns (address)
    {
        return super._executor();
    }
}

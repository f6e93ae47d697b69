// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LynodeGovernor} from "../../contracts/governance/LynodeGovernor.sol";
import {ILynodeGovernor} from "../../contracts/interfaces/ILynodeGovernor.sol";
import {IParameters} from "../../contracts/interfaces/IParameters.sol";
import {Settings} from "../../script/deploy/Settings.sol";
import {Actor, Base} from "./Base.t.sol";

/// @notice The protocol in the hands of its timelock, with four holders of votes.
abstract contract Governed is Base {
    struct Proposal {
        address[] targets;
        uint256[] values;
        bytes[] calldatas;
        string description;
    }

    uint256 internal constant WHALE = 50_000_000e18; // above the quorum
    uint256 internal constant MINNOW = 1_000e18;

    LynodeGovernor internal governor;
    Actor internal whale;
    Actor internal rival;
    Actor internal second;
    Actor internal minnow;

    function setUp() public virtual override {
        super.setUp();
        governor = c.governor;
        whale = _voter("whale", WHALE);
        rival = _voter("rival", WHALE + 1e18);
        second = _voter("second", WHALE);
        minnow = _voter("minnow", MINNOW);
        skip(1);
    }

    function _settings() internal view virtual override returns (Settings memory settings) {
        settings = super._settings();
        settings.governance = address(0); // the timelock
    }

    function _voter(string memory name, uint256 votes) internal returns (Actor memory actor) {
        actor = _actor(name);
        _fund(actor.addr, votes);
        vm.prank(actor.addr);
        c.lynToken.delegate(actor.addr);
    }

    // --- Proposals ---

    function _proposal(address target, bytes memory data, string memory description)
        internal
        pure
        returns (Proposal memory proposal)
    {
        proposal.targets = new address[](1);
        proposal.values = new uint256[](1);
        proposal.calldatas = new bytes[](1);
        proposal.targets[0] = target;
        proposal.calldatas[0] = data;
        proposal.description = description;
    }

    function _scheduling(bytes32 name, uint256 value) internal view returns (Proposal memory) {
        return _proposal(
            address(c.parameters), abi.encodeCall(IParameters.schedule, (name, value)), "change"
        );
    }

    function _replacing(address guardian_, uint48 until) internal view returns (Proposal memory) {
        return _proposal(
            address(governor),
            abi.encodeCall(ILynodeGovernor.setGuardian, (guardian_, until)),
            "guardian"
        );
    }

    function _proposed() internal returns (uint256 id) {
        return _propose(_scheduling("window", 20));
    }

    function _propose(Proposal memory proposal) internal returns (uint256 id) {
        vm.prank(whale.addr);
        return governor.propose(
            proposal.targets, proposal.values, proposal.calldatas, proposal.description
        );
    }

    function _vote(Actor memory by, uint256 id, uint8 support) internal {
        vm.prank(by.addr);
        governor.castVote(id, support);
    }

    function _queue(Proposal memory proposal) internal {
        governor.queue(
            proposal.targets,
            proposal.values,
            proposal.calldatas,
            keccak256(bytes(proposal.description))
        );
    }

    function _execute(Proposal memory proposal) internal {
        governor.execute(
            proposal.targets,
            proposal.values,
            proposal.calldatas,
            keccak256(bytes(proposal.description))
        );
    }

    function _cancel(Proposal memory proposal) internal {
        governor.cancel(
            proposal.targets,
            proposal.values,
            proposal.calldatas,
            keccak256(bytes(proposal.description))
        );
    }

    function _passDelay() internal {
        skip(governor.votingDelay() + 1);
    }

    function _passPeriod() internal {
        skip(governor.votingPeriod() + 1);
    }

    /// @dev From proposal to execution.
    function _pass(Proposal memory proposal) internal {
        uint256 id = _propose(proposal);
        _passDelay();
        _vote(whale, id, 1);
        _passPeriod();
        _queue(proposal);
        skip(c.timelock.getMinDelay());
        _execute(proposal);
    }
}

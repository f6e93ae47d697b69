// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {
    GovernorCountingFractional
} from "@openzeppelin/contracts/governance/extensions/GovernorCountingFractional.sol";
import {
    GovernorPreventLateQuorum
} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {
    GovernorTimelockControl
} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";

import {LynodeGovernor} from "../../../contracts/governance/LynodeGovernor.sol";
import {ILynodeGovernor} from "../../../contracts/interfaces/ILynodeGovernor.sol";
import {Governed} from "../../utils/Governed.t.sol";

contract LynodeGovernorTest is Governed {
    // --- From proposal to effect ---

    function test_WhenAProposalPasses() external {
        Proposal memory proposal = _scheduling("window", 20);
        uint256 id = _propose(proposal);
        _passDelay();
        _vote(whale, id, 1);
        _passPeriod();
        assertEq(uint8(governor.state(id)), uint8(IGovernor.ProposalState.Succeeded));
        _queue(proposal);
        skip(c.timelock.getMinDelay());
        vm.prank(stranger.addr); // anyone
        _execute(proposal);
        assertEq(c.parameters.parameterOf("window").next, 20);
    }

    function test_TheTimelockKnowsWhatWasQueued() external {
        Proposal memory proposal = _scheduling("window", 20);
        (uint256 executed, bytes32 operation) = _queued(proposal);
        assertTrue(c.timelock.isOperationPending(operation));
        assertEq(uint8(governor.state(executed)), uint8(IGovernor.ProposalState.Queued));
        // Anybody executes it at the timelock, past the governor.
        skip(c.timelock.getMinDelay());
        bytes32 salt = bytes20(address(governor)) ^ keccak256(bytes(proposal.description));
        c.timelock.executeBatch(proposal.targets, proposal.values, proposal.calldatas, 0, salt);
        assertEq(uint8(governor.state(executed)), uint8(IGovernor.ProposalState.Executed));

        // What is cancelled at the governor is gone at the timelock.
        proposal = _scheduling("window", 21);
        uint256 cancelled;
        (cancelled, operation) = _queued(proposal);
        vm.prank(guardian.addr);
        _cancel(proposal);
        assertFalse(c.timelock.isOperation(operation));
        assertEq(uint8(governor.state(cancelled)), uint8(IGovernor.ProposalState.Canceled));
    }

    /// @dev Passed and queued. @return operation Its id, as the timelock computes it.
    function _queued(Proposal memory proposal) private returns (uint256 id, bytes32 operation) {
        id = _propose(proposal);
        _passDelay();
        _vote(whale, id, 1);
        _passPeriod();
        _queue(proposal);
        bytes32 salt = bytes20(address(governor)) ^ keccak256(bytes(proposal.description));
        operation = c.timelock
            .hashOperationBatch(proposal.targets, proposal.values, proposal.calldatas, 0, salt);
    }

    function test_UpdateTimelockIsVotedOn() external {
        TimelockController next =
            new TimelockController(5, new address[](0), new address[](0), address(this));
        vm.expectRevert();
        governor.updateTimelock(next);
        Proposal memory proposal = _proposal(
            address(governor), abi.encodeCall(governor.updateTimelock, (next)), "another timelock"
        );
        _queued(proposal);
        skip(c.timelock.getMinDelay());
        vm.expectEmit(address(governor));
        emit GovernorTimelockControl.TimelockChange(address(c.timelock), address(next));
        _execute(proposal);
        assertEq(governor.timelock(), address(next));
    }

    function test_RevertWhen_TheProposerHasTooFewVotes() external {
        Proposal memory proposal = _scheduling("window", 20);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector,
                stranger.addr,
                0,
                governor.proposalThreshold()
            )
        );
        vm.prank(stranger.addr);
        governor.propose(
            proposal.targets, proposal.values, proposal.calldatas, proposal.description
        );
    }

    function test_WhenVotesAreFractions() external {
        uint256 id = _proposed();
        _passDelay();
        vm.prank(whale.addr);
        governor.castVoteWithReasonAndParams(
            id, 255, "", abi.encodePacked(uint128(1e18), uint128(2e18), uint128(3e18))
        );
        (uint256 against, uint256 for_, uint256 abstain) = governor.proposalVotes(id);
        assertEq(against, 1e18);
        assertEq(for_, 2e18);
        assertEq(abstain, 3e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                GovernorCountingFractional.GovernorExceedRemainingWeight.selector,
                whale.addr,
                WHALE,
                WHALE - 6e18
            )
        );
        vm.prank(whale.addr);
        governor.castVoteWithReasonAndParams(
            id, 255, "", abi.encodePacked(uint128(WHALE), uint128(0), uint128(0))
        );
    }

    // --- GOV-1 ---

    /// @dev Borrow, delegate, vote and repay within a transaction, or after the snapshot: nothing.
    function testFuzz_GOV1_BorrowedVotesCountZero(uint256 amount, bool afterwards) external {
        amount = bound(amount, 1, 100_000_000e18);
        uint256 id = _proposed();
        if (afterwards) _passDelay();
        c.lynToken.transfer(stranger.addr, amount);
        vm.startPrank(stranger.addr);
        c.lynToken.delegate(stranger.addr);
        if (!afterwards) {
            c.lynToken.transfer(address(this), amount); // repaid in the same block
            vm.stopPrank();
            _passDelay();
            vm.startPrank(stranger.addr);
        }
        assertEq(governor.getVotes(stranger.addr, governor.proposalSnapshot(id)), 0);
        vm.expectRevert(
            abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, stranger.addr)
        );
        governor.castVote(id, 1);
    }

    // --- GOV-2 ---

    function test_GOV2_ANewQuorumIsForLaterProposals() external {
        uint256 id = _proposed();
        _passDelay();
        uint256 snapshot = governor.proposalSnapshot(id);
        uint256 before = governor.quorum(snapshot);
        skip(1);
        vm.prank(address(c.timelock));
        (bool direct,) =
            address(governor).call(abi.encodeCall(governor.updateQuorumNumerator, (50)));
        assertFalse(direct, "not even the timelock, but by a proposal");
        Proposal memory proposal = _proposal(
            address(governor), abi.encodeCall(governor.updateQuorumNumerator, (50)), "more"
        );
        _pass(proposal);
        assertEq(governor.quorum(snapshot), before, "a running proposal keeps its quorum");
        skip(1);
        assertEq(governor.quorum(block.timestamp - 1), c.lynToken.totalSupply() / 2);
    }

    // --- GOV-3 ---

    function test_GOV3_LateQuorumExtends() external {
        uint256 id = _proposed();
        _passDelay();
        uint256 deadline = governor.proposalDeadline(id);
        vm.warp(deadline);
        uint48 extended = uint48(block.timestamp) + governor.lateQuorumVoteExtension();
        vm.expectEmit(address(governor));
        emit GovernorPreventLateQuorum.ProposalExtended(id, extended);
        _vote(whale, id, 1);
        assertEq(governor.proposalDeadline(id), extended);
    }

    function test_GOV3_ALateSwingExtendsEachTime() external {
        uint256 id = _proposed();
        _passDelay();
        _vote(whale, id, 1); // quorum in time
        uint256 deadline = governor.proposalDeadline(id);
        vm.warp(deadline - 1);
        _vote(minnow, id, 0); // no swing
        assertEq(governor.proposalDeadline(id), deadline);
        _vote(rival, id, 0);
        uint256 extended = block.timestamp + governor.lateQuorumVoteExtension();
        assertEq(governor.proposalDeadline(id), extended, "turned down");
        vm.warp(extended);
        assertEq(uint8(governor.state(id)), uint8(IGovernor.ProposalState.Active));
        _vote(second, id, 1);
        assertEq(
            governor.proposalDeadline(id),
            block.timestamp + governor.lateQuorumVoteExtension(),
            "turned again"
        );
        vm.warp(governor.proposalDeadline(id) + 1);
        assertEq(uint8(governor.state(id)), uint8(IGovernor.ProposalState.Succeeded));
    }

    function test_GOV3_ASwingInTimeDoesNot() external {
        uint256 id = _proposed();
        _passDelay();
        uint256 deadline = governor.proposalDeadline(id);
        _vote(whale, id, 1);
        _vote(rival, id, 0);
        assertEq(governor.proposalDeadline(id), deadline);
    }

    // --- GOV-4, GOV-5 ---

    function test_GOV4_TheGuardianCancelsInEveryState() external {
        for (uint256 stage = 0; stage < 4; ++stage) {
            uint256 snapshot = vm.snapshotState();
            Proposal memory proposal = _scheduling("window", 20);
            uint256 id = _propose(proposal);
            if (stage > 0) {
                _passDelay();
                _vote(whale, id, 1);
            }
            if (stage > 1) _passPeriod();
            if (stage > 2) _queue(proposal);
            vm.prank(guardian.addr);
            _cancel(proposal);
            assertEq(uint8(governor.state(id)), uint8(IGovernor.ProposalState.Canceled));
            if (stage > 2) {
                skip(c.timelock.getMinDelay());
                vm.expectRevert();
                _execute(proposal);
            }
            vm.revertToState(snapshot);
        }
    }

    function test_GOV4_ItsTermEnds() external {
        vm.warp(governor.guardianUntil());
        c.lynToken.transfer(stranger.addr, 1); // a block with votes
        assertEq(governor.guardian(), address(0));
        Proposal memory proposal = _scheduling("window", 20);
        uint256 id = _propose(proposal);
        vm.expectRevert(
            abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, guardian.addr)
        );
        vm.prank(guardian.addr);
        _cancel(proposal);
    }

    function test_GOV4_ItCannotStopItsOwnRemoval() external {
        Proposal memory proposal = _replacing(address(0), 0);
        uint256 id = _propose(proposal);
        bytes memory unable =
            abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, guardian.addr);
        vm.expectRevert(unable);
        vm.prank(guardian.addr);
        _cancel(proposal);
        _passDelay();
        _vote(whale, id, 1);
        _passPeriod();
        _queue(proposal);
        vm.expectRevert(unable);
        vm.prank(guardian.addr);
        _cancel(proposal);
        skip(c.timelock.getMinDelay());
        vm.expectEmit(address(governor));
        emit ILynodeGovernor.GuardianSet(address(0), 0, 2);
        _execute(proposal);
        assertEq(governor.guardian(), address(0));
    }

    /// @dev A term is at most a year, and nobody starts one but a vote.
    function test_GOV4_TermsAreVotedAndBounded() external {
        vm.expectRevert();
        governor.setGuardian(stranger.addr, uint48(block.timestamp + 1));
        Proposal memory proposal =
            _replacing(stranger.addr, uint48(block.timestamp + 366 days + 1 hours));
        uint256 id = _propose(proposal);
        _passDelay();
        _vote(whale, id, 1);
        _passPeriod();
        _queue(proposal);
        skip(c.timelock.getMinDelay());
        vm.expectRevert(
            abi.encodeWithSelector(
                ILynodeGovernor.LynodeGovernor_TermTooLong.selector,
                uint48(1_800_000_001 + 366 days + 1 hours),
                uint48(block.timestamp) + 365 days
            )
        );
        _execute(proposal);
    }

    function test_GOV5_AProposalAboutTheGuardianIsAboutNothingElse() external {
        Proposal memory proposal = _replacing(address(0), 0);
        Proposal memory other = _scheduling("window", 20);
        address[] memory targets = new address[](2);
        uint256[] memory values = new uint256[](2);
        bytes[] memory calldatas = new bytes[](2);
        (targets[0], targets[1]) = (proposal.targets[0], other.targets[0]);
        (calldatas[0], calldatas[1]) = (proposal.calldatas[0], other.calldatas[0]);
        vm.expectRevert(ILynodeGovernor.LynodeGovernor_MixedProposal.selector);
        vm.prank(whale.addr);
        governor.propose(targets, values, calldatas, "both");
    }

    /// @dev The proposer alone, and only before the vote, besides the guardian.
    function test_RevertWhen_AStrangerCancels() external {
        Proposal memory proposal = _scheduling("window", 20);
        uint256 id = _propose(proposal);
        vm.expectRevert(
            abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, stranger.addr)
        );
        vm.prank(stranger.addr);
        _cancel(proposal);
        vm.prank(whale.addr);
        _cancel(proposal);
    }

    // --- Who owns what ---

    function test_NobodyIsAdmin() external view {
        TimelockController timelock = c.timelock;
        assertTrue(timelock.hasRole(timelock.PROPOSER_ROLE(), address(governor)));
        assertTrue(timelock.hasRole(timelock.EXECUTOR_ROLE(), address(0)));
        assertFalse(timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), address(this)));
        assertEq(c.parameters.owner(), address(timelock));
        assertEq(c.ledger.owner(), address(timelock));
        assertEq(c.treasuryVault.owner(), address(timelock));
    }

    function test_Metadata() external view {
        assertEq(governor.name(), "Lynode Governor");
        assertEq(governor.clock(), block.timestamp);
        assertEq(governor.CLOCK_MODE(), "mode=timestamp");
        assertEq(
            governor.COUNTING_MODE(),
            "support=bravo,fractional&quorum=for,abstain&params=fractional"
        );
        assertTrue(governor.proposalNeedsQueuing(0));
        assertEq(LynodeGovernor(payable(governor)).MAX_TERM(), 365 days);
    }
}

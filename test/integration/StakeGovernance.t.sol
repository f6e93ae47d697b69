// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDelegationPools} from "../../contracts/interfaces/IDelegationPools.sol";
import {IStakerFees} from "../../contracts/interfaces/IStakerFees.sol";
import {IStakeVoter} from "../../contracts/interfaces/IStakeVoter.sol";
import {Actor} from "../utils/Base.t.sol";
import {Governed} from "../utils/Governed.t.sol";

/// @notice Votes and fees of stake, with the real StakeManager and its pools.
contract StakeGovernanceTest is Governed {
    IDelegationPools private pools;
    uint32 private nonce;
    Actor private delegator;

    function setUp() public override {
        super.setUp();
        pools = IDelegationPools(address(c.stakeManager));
        delegator = _actor("delegator");
        _fund(delegator.addr, 300_000e18);
        vm.prank(owner.addr);
        nonce = pools.openPool(providerId, 0, 1_000);
        vm.prank(delegator.addr);
        pools.delegate(providerId, nonce, 300_000e18);
        skip(1);
    }

    function test_StakeVotesAndTheStanceTakesTheRest() external {
        uint256 id = _proposed();
        _passDelay();
        assertEq(
            c.lynToken.getPastVotes(address(c.stakeVoter), governor.proposalSnapshot(id)),
            c.lynToken.balanceOf(address(c.stakeManager)),
            "all stake is the voter's"
        );
        vm.prank(owner.addr);
        c.stakeVoter.vote(id, providerId, 0, 1);
        vm.prank(owner.addr);
        c.stakeVoter.takeStance(id, providerId, 1);
        vm.prank(delegator.addr);
        c.stakeVoter.vote(id, providerId, nonce, 0); // against its provider
        (uint256 against, uint256 for_,) = governor.proposalVotes(id);
        assertEq(for_, STAKE);
        assertEq(against, 300_000e18);
        vm.warp(governor.proposalDeadline(id));
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeVoter.StakeVoter_NoVotes.selector, id, providerId, nonce, address(0)
            )
        );
        c.stakeVoter.flush(id, providerId, nonce);
    }

    /// @dev A slash after the snapshot changes nothing, one before lowers everybody's votes alike; and stake that came later counts nothing.
    function test_VotesAreThoseOfTheSnapshot() external {
        uint256 id = _proposed();
        _passDelay();
        vm.prank(delegator.addr);
        pools.undelegate(providerId, nonce, 1_000 * 100_000e18);
        _fund(stranger.addr, 50_000e18);
        vm.prank(stranger.addr);
        pools.delegate(providerId, nonce, 50_000e18);
        vm.prank(stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeVoter.StakeVoter_NoVotes.selector, id, providerId, nonce, stranger.addr
            )
        );
        c.stakeVoter.vote(id, providerId, nonce, 1);
        vm.prank(delegator.addr);
        assertEq(c.stakeVoter.vote(id, providerId, nonce, 1), 300_000e18);
    }

    function test_SilentDelegatorsFollowTheStance() external {
        uint256 id = _proposed();
        _passDelay();
        vm.prank(owner.addr);
        c.stakeVoter.takeStance(id, providerId, 2);
        vm.warp(governor.proposalDeadline(id));
        assertEq(c.stakeVoter.flush(id, providerId, nonce), 300_000e18);
        (,, uint256 abstain) = governor.proposalVotes(id);
        assertEq(abstain, 300_000e18);
    }

    /// @dev SFE-1: an epoch's LYN by stake at its end; within a provider by StakeManager's accumulator. SFE-2: what nobody claims comes back.
    function test_SFE1_StakersShareTheFees() external {
        uint40 length = c.stakerFees.EPOCH();
        vm.warp((block.timestamp / length + 1) * length);
        uint40 epoch = c.stakerFees.currentEpoch();
        c.lynToken.approve(address(c.stakerFees), 50e18);
        c.stakerFees.fund(50e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakerFees.StakerFees_EpochRunning.selector, epoch, (epoch + 1) * length
            )
        );
        c.stakerFees.claim(epoch, providerId);
        vm.warp((epoch + 1) * length);
        // 400,000 of 500,000 are of the first provider.
        assertEq(c.stakerFees.claimableOf(epoch, providerId), 40e18);
        uint256 ownerBefore = _free(owner.addr);
        vm.prank(stranger.addr); // anyone
        assertEq(c.stakerFees.claim(epoch, providerId), 40e18);
        // A quarter is the owner's, and a tenth of the rest its commission.
        assertApproxEqAbs(_free(owner.addr) - ownerBefore, 13e18, 1e9);
        (,, uint96 rewards) = pools.memberOf(providerId, nonce, delegator.addr);
        assertApproxEqAbs(rewards, 27e18, 1e9);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakerFees.StakerFees_AlreadyClaimed.selector, epoch, providerId
            )
        );
        c.stakerFees.claim(epoch, providerId);

        uint40 lapsesAt = (epoch + 27) * length;
        vm.expectRevert(
            abi.encodeWithSelector(IStakerFees.StakerFees_NotLapsed.selector, epoch, lapsesAt)
        );
        c.stakerFees.recycle(epoch);
        vm.warp(lapsesAt);
        vm.expectRevert(
            abi.encodeWithSelector(IStakerFees.StakerFees_Lapsed.selector, epoch, lapsesAt)
        );
        c.stakerFees.claim(epoch, otherProviderId);
        assertEq(c.stakerFees.recycle(epoch), 10e18); // SFE-2
        assertEq(c.stakerFees.epochOf(c.stakerFees.currentEpoch()).pot, 10e18);
        vm.expectRevert(
            abi.encodeWithSelector(IStakerFees.StakerFees_NothingToClaim.selector, epoch, 0)
        );
        c.stakerFees.recycle(epoch);
    }
}

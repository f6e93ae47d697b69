// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";

import {StakeVoter} from "../../../contracts/governance/StakeVoter.sol";
import {IDelegationPools} from "../../../contracts/interfaces/IDelegationPools.sol";
import {IStakeVoter} from "../../../contracts/interfaces/IStakeVoter.sol";
import {Actor} from "../../utils/Base.t.sol";
import {Governed} from "../../utils/Governed.t.sol";
import {StakeDouble} from "../../utils/StakeDouble.sol";

contract StakeVoterTest is Governed {
    uint32 private constant PROVIDER = 1;
    uint32 private constant POOL = 1;
    uint48 private constant FLUSH = 20;

    StakeDouble private book;
    StakeVoter private voter;
    Actor private alice;
    Actor private bob;

    function setUp() public override {
        super.setUp();
        alice = _actor("alice");
        bob = _actor("bob");
        book = new StakeDouble(c.lynToken);
        voter = new StakeVoter(governor, IDelegationPools(address(book)), FLUSH);
        book.setVoter(address(voter));
        book.setOwner(PROVIDER, owner.addr);
        c.lynToken.approve(address(book), type(uint256).max);
        book.put(PROVIDER, 0, owner.addr, 10_000_000e18);
        book.put(PROVIDER, POOL, alice.addr, 20_000_000e18);
        book.put(PROVIDER, POOL, bob.addr, 30_000_000e18);
        skip(1);
    }

    function _voteStake(Actor memory by, uint256 id, uint32 nonce, uint8 support) private {
        vm.prank(by.addr);
        voter.vote(id, PROVIDER, nonce, support);
    }

    function _tally(uint256 id, uint256 against, uint256 for_, uint256 abstain) private view {
        (uint256 a, uint256 f, uint256 n) = governor.proposalVotes(id);
        assertEq(a, against, "against");
        assertEq(f, for_, "for");
        assertEq(n, abstain, "abstain");
    }

    function _open() private returns (uint256 id) {
        id = _proposed();
        _passDelay();
    }

    function test_WhenMembersVote_ThenItCountsAtOnce() external {
        uint256 id = _open();
        vm.expectEmit(address(voter));
        emit IStakeVoter.StakeVoted(id, PROVIDER, alice.addr, POOL, 1, 20_000_000e18);
        _voteStake(alice, id, POOL, 1);
        _tally(id, 0, 20_000_000e18, 0);
        _voteStake(owner, id, 0, 0);
        _tally(id, 10_000_000e18, 20_000_000e18, 0);
        _voteStake(bob, id, POOL, 2);
        _tally(id, 10_000_000e18, 20_000_000e18, 30_000_000e18);
        assertTrue(voter.hasVoted(id, PROVIDER, POOL, alice.addr));
        assertEq(voter.poolVoteOf(id, PROVIDER, POOL).cast, 50_000_000e18);
    }

    /// @dev SVT-1
    function test_SVT1_NobodyVotesTwiceOrForOthers() external {
        uint256 id = _open();
        _voteStake(alice, id, POOL, 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeVoter.StakeVoter_AlreadyVoted.selector, id, PROVIDER, POOL, alice.addr
            )
        );
        _voteStake(alice, id, POOL, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeVoter.StakeVoter_NoVotes.selector, id, PROVIDER, POOL, stranger.addr
            )
        );
        _voteStake(stranger, id, POOL, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeVoter.StakeVoter_NoVotes.selector, id, PROVIDER, 0, bob.addr
            )
        );
        _voteStake(bob, id, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakeVoter.StakeVoter_BadSupport.selector, 3));
        _voteStake(bob, id, POOL, 3);
    }

    /// @dev The delegator votes against its provider's stance; who is silent follows it.
    function test_SVT2_TheStanceTakesTheRest() external {
        uint256 id = _open();
        vm.expectEmit(address(voter));
        emit IStakeVoter.StanceTaken(id, PROVIDER, 1);
        vm.prank(owner.addr);
        voter.takeStance(id, PROVIDER, 1);
        assertEq(voter.stanceOf(id, PROVIDER), 1);
        _voteStake(alice, id, POOL, 0);
        vm.warp(governor.proposalDeadline(id) - FLUSH);
        vm.expectEmit(address(voter));
        emit IStakeVoter.PoolFlushed(id, PROVIDER, POOL, 1, 30_000_000e18);
        vm.prank(stranger.addr); // anyone
        voter.flush(id, PROVIDER, POOL);
        _tally(id, 20_000_000e18, 30_000_000e18, 0);
        bytes memory flushed =
            abi.encodeWithSelector(IStakeVoter.StakeVoter_Flushed.selector, id, PROVIDER, POOL);
        vm.expectRevert(flushed);
        _voteStake(bob, id, POOL, 0); // SVT-3: too late
        vm.expectRevert(flushed);
        voter.flush(id, PROVIDER, POOL);
        _voteStake(owner, id, 0, 1); // the own stake is a pool of its own
    }

    /// @dev SVT-3
    function test_SVT3_NotBeforeTheLastHours() external {
        uint256 id = _open();
        vm.expectRevert(
            abi.encodeWithSelector(IStakeVoter.StakeVoter_NoStance.selector, id, PROVIDER)
        );
        voter.flush(id, PROVIDER, POOL);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeVoter.StakeVoter_NotOwner.selector, PROVIDER, stranger.addr
            )
        );
        vm.prank(stranger.addr);
        voter.takeStance(id, PROVIDER, 1);
        vm.startPrank(owner.addr);
        vm.expectRevert(abi.encodeWithSelector(IStakeVoter.StakeVoter_BadSupport.selector, 3));
        voter.takeStance(id, PROVIDER, 3);
        voter.takeStance(id, PROVIDER, 0);
        vm.stopPrank();
        uint256 opensAt = governor.proposalDeadline(id) - FLUSH;
        vm.warp(opensAt - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IStakeVoter.StakeVoter_TooEarly.selector, id, opensAt)
        );
        voter.flush(id, PROVIDER, POOL);
        _voteStake(bob, id, POOL, 1); // members may until then
        vm.warp(opensAt);
        voter.flush(id, PROVIDER, POOL);
        _tally(id, 20_000_000e18, 30_000_000e18, 0);
    }

    function test_RevertGiven_AllMembersVoted_WhenFlushed() external {
        uint256 id = _open();
        vm.prank(owner.addr);
        voter.takeStance(id, PROVIDER, 1);
        _voteStake(alice, id, POOL, 0);
        _voteStake(bob, id, POOL, 0);
        vm.warp(governor.proposalDeadline(id));
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeVoter.StakeVoter_NoVotes.selector, id, PROVIDER, POOL, address(0)
            )
        );
        voter.flush(id, PROVIDER, POOL);
    }

    function test_RevertWhen_TheVoteIsOver() external {
        uint256 id = _open();
        vm.warp(governor.proposalDeadline(id) + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector,
                id,
                IGovernor.ProposalState.Defeated,
                bytes32(uint256(1 << uint8(IGovernor.ProposalState.Active)))
            )
        );
        _voteStake(alice, id, POOL, 1);
    }

    /// @dev Votes <= supply: whoever votes, in whatever order, a pool casts no more than it has and all together no more than is delegated.
    function testFuzz_SVT2_VotesNeverExceedTheSupply(uint8 order, uint8 choices, uint96 thawing)
        external
    {
        uint256 id = _open();
        book.thaw(PROVIDER, POOL, alice.addr, uint96(bound(thawing, 0, 20_000_000e18 - 1)));
        vm.prank(owner.addr);
        voter.takeStance(id, PROVIDER, choices % 3);
        if (order & 1 != 0) _voteStake(alice, id, POOL, choices / 3 % 3);
        if (order & 2 != 0) _voteStake(owner, id, 0, choices / 9 % 3);
        if (order & 4 != 0) _voteStake(bob, id, POOL, choices / 27 % 3);
        vm.warp(governor.proposalDeadline(id));
        for (uint32 nonce = 0; nonce < 2; ++nonce) {
            uint256 left =
                book.poolVotesAt(PROVIDER, nonce, 0) - voter.poolVoteOf(id, PROVIDER, nonce).cast;
            if (left != 0) assertEq(voter.flush(id, PROVIDER, nonce), left);
        }
        (uint256 a, uint256 f, uint256 n) = governor.proposalVotes(id);
        assertEq(a + f + n, 60_000_000e18, "all of it");
        assertLe(a + f + n, c.lynToken.totalSupply());
        assertLe(a + f + n, c.lynToken.getPastVotes(address(voter), governor.proposalSnapshot(id)));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDelegationPools} from "../../../contracts/interfaces/IDelegationPools.sol";
import {IStakeManager} from "../../../contracts/interfaces/IStakeManager.sol";
import {Role} from "../../../contracts/types/Role.sol";
import {Actor, Base} from "../../utils/Base.t.sol";

contract DelegationPoolsTest is Base {
    uint16 private constant FLOOR = 2_000;
    uint16 private constant COMMISSION = 1_000;
    uint96 private constant LENT = 100_000e18;
    uint40 private constant THAW = 2 minutes;

    address private alice;
    address private bob;
    uint32 private nonce;

    function setUp() public override {
        super.setUp();
        alice = makeAddr("alice");
        bob = makeAddr("bob");
        _fund(alice, 10_000_000e18);
        _fund(bob, 10_000_000e18);
        _fund(stranger.addr, 1_000_000e18);
        vm.prank(owner.addr);
        nonce = c.stakeManager.openPool(providerId, FLOOR, COMMISSION);
    }

    function _delegate(address member, uint96 amount) private returns (uint112) {
        vm.prank(member);
        return c.stakeManager.delegate(providerId, nonce, amount);
    }

    function _undelegate(address member, uint112 shares) private returns (uint256) {
        vm.prank(member);
        return c.stakeManager.undelegate(providerId, nonce, shares);
    }

    function _distribute(uint96 amount) private {
        vm.prank(stranger.addr);
        c.stakeManager.distribute(providerId, amount);
    }

    function _reserve(uint96 amount) private {
        vm.prank(address(c.jobMarket));
        c.stakeManager.reserve(hot.addr, amount, 0);
    }

    function _slash(uint96 reserved, uint96 amount, uint96 payout) private {
        vm.prank(address(c.jobMarket));
        c.stakeManager.slash(providerId, reserved, amount, payout, stranger.addr);
    }

    function _pool() private view returns (IDelegationPools.Pool memory) {
        return c.stakeManager.poolOf(providerId, nonce);
    }

    function _shares(address member) private view returns (uint112 shares) {
        (shares,,) = c.stakeManager.memberOf(providerId, nonce, member);
    }

    function _amount(address member) private view returns (uint96 amount) {
        (, amount,) = c.stakeManager.memberOf(providerId, nonce, member);
    }

    function _rewards(address member) private view returns (uint96 rewards) {
        (,, rewards) = c.stakeManager.memberOf(providerId, nonce, member);
    }

    function _capacity() private view returns (uint96) {
        return c.stakeManager.providerOf(providerId).capacity;
    }

    // --- Opening ---

    function test_WhenAPoolIsOpened() external view {
        assertEq(nonce, 1);
        assertEq(c.stakeManager.poolNonceOf(providerId), 1);
        IDelegationPools.Pool memory pool = _pool();
        assertEq(pool.floorBps, FLOOR);
        assertFalse(pool.spent);
        (uint16 current, uint16 next,) = c.stakeManager.commissionOf(providerId);
        assertEq(current, COMMISSION);
        assertEq(next, COMMISSION);
    }

    function test_RevertWhen_APoolCannotBeOpened() external {
        vm.startPrank(owner.addr);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegationPools.DelegationPools_PoolRunning.selector, providerId, 1
            )
        );
        c.stakeManager.openPool(providerId, 0, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegationPools.DelegationPools_AboveMaximum.selector, 9_001, 9_000
            )
        );
        c.stakeManager.openPool(otherProviderId, 9_001, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegationPools.DelegationPools_AboveMaximum.selector, 3_001, 3_000
            )
        );
        c.stakeManager.openPool(otherProviderId, 0, 3_001);
        vm.stopPrank();
        vm.expectPartialRevert(IStakeManager.StakeManager_NotOwner.selector);
        c.stakeManager.openPool(otherProviderId, 0, 0);
        vm.expectPartialRevert(IDelegationPools.DelegationPools_NoPool.selector);
        c.stakeManager.poolOf(otherProviderId, 0);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegationPools.DelegationPools_NoPool.selector, otherProviderId, 0
            )
        );
        c.stakeManager.delegate(otherProviderId, 0, 1e18);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IDelegationPools.DelegationPools_NoPool.selector, providerId, 2)
        );
        c.stakeManager.delegate(providerId, 2, 1e18);
    }

    // --- Delegation ---

    function test_WhenDelegated() external {
        vm.expectEmit(address(c.stakeManager));
        emit IDelegationPools.Delegated(providerId, 1, alice, LENT, uint112(LENT) * 1_000);
        _delegate(alice, LENT);
        assertEq(_amount(alice), LENT);
        assertEq(_pool().assets, LENT);
        assertEq(_pool().slashable, LENT - LENT / 5, "down to the floor");
        assertEq(_capacity(), STAKE + LENT - LENT / 5);
        assertEq(c.stakeManager.slashableOf(providerId), STAKE + LENT - LENT / 5);
        assertEq(c.lynToken.balanceOf(address(c.stakeManager)), 2 * STAKE + LENT, "STK-1");
    }

    function test_WhenMuchIsDelegated() external {
        _delegate(alice, 5_000_000e18);
        assertEq(_capacity(), 10 * STAKE, "D1: a tenth of each lock is self-stake");
    }

    /// Class: first-deposit inflation. The first member cannot make shares dear, whatever it does and donates.
    function testFuzz_FirstDepositInflation(uint96 first, uint96 donated, uint96 second) external {
        first = uint96(bound(first, 1, 1e18));
        donated = uint96(bound(donated, 0, 1_000_000e18));
        second = uint96(bound(second, 1, 1_000_000e18));
        _delegate(alice, first);
        vm.prank(alice);
        c.lynToken.transfer(address(c.stakeManager), donated);
        _distribute(1_000e18);
        _delegate(bob, second);
        assertGe(uint256(_amount(bob)) + 1, second, "loses a wei at most");
        assertLe(_amount(alice), first);
    }

    // --- Leaving ---

    function test_WhenUndelegated() external {
        _delegate(alice, LENT);
        uint112 half = _shares(alice) / 2;
        uint256 thawId = _undelegate(alice, half);
        assertEq(_amount(alice), LENT / 2);
        assertEq(_capacity(), STAKE + (LENT - LENT / 5) / 2, "F2: backs no new lock");
        assertEq(
            c.stakeManager.slashableOf(providerId), STAKE + LENT - LENT / 5, "F2: stays slashable"
        );
        (IDelegationPools.Thaw memory thaw, uint96 amount) = c.stakeManager.thawOf(thawId);
        assertEq(thaw.member, alice);
        assertEq(thaw.shares, half);
        assertEq(amount, LENT / 2);
        assertEq(thaw.thawedAt, block.timestamp + THAW);

        vm.startPrank(alice);
        vm.warp(thaw.thawedAt - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegationPools.DelegationPools_StillThawing.selector, thawId, thaw.thawedAt
            )
        );
        c.stakeManager.withdrawDelegation(thawId, address(9));
        vm.warp(thaw.thawedAt);
        assertEq(c.stakeManager.withdrawDelegation(thawId, address(9)), LENT / 2);
        assertEq(c.lynToken.balanceOf(address(9)), LENT / 2);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegationPools.DelegationPools_NotYours.selector, thawId, alice
            )
        );
        c.stakeManager.withdrawDelegation(thawId, alice); // once
    }

    function test_RevertWhen_TheThawIsAnothers() external {
        _delegate(alice, LENT);
        uint256 thawId = _undelegate(alice, 1_000);
        skip(THAW);
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(IDelegationPools.DelegationPools_NotYours.selector, thawId, bob)
        );
        c.stakeManager.withdrawDelegation(thawId, bob);
        vm.prank(alice);
        vm.expectRevert(IStakeManager.StakeManager_ZeroAddress.selector);
        c.stakeManager.withdrawDelegation(thawId, address(0));
        uint112 held = _shares(alice);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegationPools.DelegationPools_InsufficientShares.selector, held + 1, held
            )
        );
        c.stakeManager.undelegate(providerId, nonce, held + 1);
        vm.prank(alice);
        vm.expectRevert(IStakeManager.StakeManager_ZeroAmount.selector);
        c.stakeManager.undelegate(providerId, nonce, 0);
    }

    /// F2, POL-4: what is reserved waits for its job.
    function test_GivenReservedStake_WhenThawed() external {
        _delegate(alice, LENT);
        _reserve(STAKE + LENT / 2);
        uint256 thawId = _undelegate(alice, _shares(alice));
        skip(THAW);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegationPools.DelegationPools_Reserved.selector,
                providerId,
                STAKE,
                STAKE + LENT / 2
            )
        );
        c.stakeManager.withdrawDelegation(thawId, alice);
        vm.prank(address(c.jobMarket));
        c.stakeManager.release(providerId, STAKE + LENT / 2, 0);
        vm.prank(alice);
        assertEq(c.stakeManager.withdrawDelegation(thawId, alice), LENT);
    }

    /// The owner cannot leave its delegators with what is reserved: a tenth of it must be its own.
    function test_GivenDelegation_WhenTheOwnerLeaves() external {
        _delegate(alice, 1_000_000e18);
        _reserve(500_000e18);
        vm.prank(owner.addr);
        c.stakeManager.requestThaw(providerId, STAKE);
        skip(THAW);
        vm.startPrank(owner.addr);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector, providerId, STAKE, 50_000e18
            )
        );
        c.stakeManager.withdraw(providerId, STAKE, owner.addr);
        c.stakeManager.withdraw(providerId, 50_000e18, owner.addr);
        assertEq(_stakeOf(providerId), 50_000e18);
    }

    // --- Slashes ---

    /// D1: self-stake first, then the pool, all shares alike; payouts by the self-stake.
    function test_WhenSlashed() external {
        _delegate(alice, LENT);
        _delegate(bob, 3 * LENT);
        uint256 thawId = _undelegate(bob, _shares(bob) / 2);
        _reserve(STAKE + LENT);
        assertEq(c.stakeManager.selfPartOf(providerId, STAKE + LENT, STAKE + LENT), STAKE);
        uint256 most = STAKE * 4 / 10;
        vm.prank(address(c.jobMarket));
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_PayoutTooHigh.selector, most + 1, most
            )
        );
        c.stakeManager
                .slash(providerId, STAKE + LENT, STAKE + LENT, uint96(most + 1), stranger.addr);
        uint256 supply = c.lynToken.totalSupply();
        vm.expectEmit(address(c.stakeManager));
        emit IDelegationPools.PoolSlashed(providerId, 1, LENT, 3 * LENT);
        _slash(STAKE + LENT, STAKE + LENT, uint96(most));
        assertEq(supply - c.lynToken.totalSupply(), STAKE + LENT - most);
        assertEq(_stakeOf(providerId), 0);
        assertApproxEqAbs(_amount(alice), LENT * 3 / 4, 1);
        assertApproxEqAbs(_amount(bob), LENT * 9 / 8, 1);
        (, uint96 thawing) = c.stakeManager.thawOf(thawId);
        assertApproxEqAbs(thawing, LENT * 9 / 8, 1, "POL-3: until the last second");
    }

    /// STK-3: what other executions reserved keeps its tenth of self-stake.
    function testFuzz_OtherReservationsStayWhole(uint96 lent, uint96 one, uint96 two, uint16 floor)
        external
    {
        lent = uint96(bound(lent, 0, 1_500_000e18));
        vm.prank(owner.addr);
        nonce = c.stakeManager.openPool(otherProviderId, uint16(bound(floor, 0, 9_000)), 0);
        if (lent != 0) {
            vm.prank(alice);
            c.stakeManager.delegate(otherProviderId, nonce, lent);
        }
        uint96 capacity = c.stakeManager.providerOf(otherProviderId).capacity;
        one = uint96(bound(one, 1, capacity - 1));
        two = uint96(bound(two, 1, capacity - one));
        vm.startPrank(address(c.jobMarket));
        c.stakeManager.reserve(otherHot.addr, one, 0);
        c.stakeManager.reserve(otherHot.addr, two, 0);
        assertGe(c.stakeManager.selfPartOf(otherProviderId, one, one), one / 10);
        c.stakeManager.slash(otherProviderId, one, one, 0, address(1));
        assertGe(c.stakeManager.slashableOf(otherProviderId), two);
        assertGe(c.stakeManager.selfPartOf(otherProviderId, two, two), two / 10);
        c.stakeManager.slash(otherProviderId, two, two, 0, address(1));
        IDelegationPools.Pool memory pool = c.stakeManager.poolOf(otherProviderId, nonce);
        assertGe(uint256(pool.assets), uint256(pool.shares) * pool.floorBps / 10_000_000, "POL-2");
    }

    /// A pool at its floor takes no more delegation; the next nonce starts anew, and what is left of it leaves at once.
    function test_WhenThePoolIsSpent() external {
        _delegate(alice, LENT);
        uint96 all = STAKE + LENT - LENT / 5;
        _reserve(all);
        _slash(all, all, 0);
        assertTrue(_pool().spent);
        assertEq(_pool().assets, LENT / 5, "the floor");
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(IDelegationPools.DelegationPools_Spent.selector, providerId, 1)
        );
        c.stakeManager.delegate(providerId, 1, 1e18);

        vm.startPrank(owner.addr);
        assertEq(c.stakeManager.openPool(providerId, 0, 3_000), 2);
        c.stakeManager.stake(providerId, STAKE);
        vm.stopPrank();
        vm.prank(bob);
        c.stakeManager.delegate(providerId, 2, LENT);
        assertEq(_capacity(), STAKE + LENT, "the old pool backs nothing");
        assertEq(_pool().slashable, 0);
        uint256 thawId = _undelegate(alice, _shares(alice));
        vm.prank(alice);
        assertEq(c.stakeManager.withdrawDelegation(thawId, alice), LENT / 5);
        assertEq(_pool().assets, 0);
    }

    function test_WhenThePoolIsSlashedWhole() external {
        vm.prank(owner.addr);
        uint32 other = c.stakeManager.openPool(otherProviderId, 0, 0);
        vm.prank(alice);
        uint112 shares = c.stakeManager.delegate(otherProviderId, other, LENT);
        vm.startPrank(address(c.jobMarket));
        c.stakeManager.reserve(otherHot.addr, STAKE + LENT, 0);
        c.stakeManager.slash(otherProviderId, STAKE + LENT, STAKE + LENT, 0, address(1));
        vm.stopPrank();
        assertEq(c.stakeManager.slashableOf(otherProviderId), 0);
        vm.prank(owner.addr);
        assertEq(c.stakeManager.openPool(otherProviderId, 0, 0), other + 1);
        vm.startPrank(alice);
        uint256 thawId = c.stakeManager.undelegate(otherProviderId, other, shares);
        assertEq(c.stakeManager.withdrawDelegation(thawId, alice), 0);
    }

    // --- Rewards ---

    function test_WhenDistributed() external {
        _delegate(alice, LENT);
        _delegate(bob, 2 * LENT);
        uint256 before = _free(owner.addr);
        _distribute(400e18);
        // A quarter is the owner's, and a tenth of the rest.
        assertApproxEqAbs(_free(owner.addr) - before, 130e18, 1e9);
        assertApproxEqAbs(_rewards(alice), 90e18, 1e9);
        assertApproxEqAbs(_rewards(bob), 180e18, 1e9);
        assertLe(uint256(_rewards(alice)) + _rewards(bob), _pool().unclaimed, "POL-5");
        assertEq(_pool().unclaimed + _free(owner.addr) - before, 400e18, "all of it is somebody's");

        uint96 owed = _rewards(alice);
        vm.prank(alice);
        assertEq(c.stakeManager.claim(providerId, nonce, address(8)), owed);
        assertEq(c.lynToken.balanceOf(address(8)), owed);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegationPools.DelegationPools_NothingToClaim.selector, providerId, nonce, alice
            )
        );
        c.stakeManager.claim(providerId, nonce, alice);
    }

    function test_WhenSharesChange_ThenRewardsArePaid() external {
        _delegate(alice, LENT);
        _distribute(200e18);
        uint96 owed = _rewards(alice);
        uint256 before = c.lynToken.balanceOf(alice);
        _delegate(alice, 1e18);
        assertEq(c.lynToken.balanceOf(alice), before + owed - 1e18);
        assertEq(_rewards(alice), 0);

        _distribute(200e18);
        owed = _rewards(alice);
        before = c.lynToken.balanceOf(alice);
        _undelegate(alice, _shares(alice));
        assertEq(c.lynToken.balanceOf(alice), before + owed);
        assertEq(_rewards(alice), 0);
        _distribute(200e18);
        assertEq(_rewards(alice), 0, "thawing stake earns nothing");
    }

    function test_GivenNoPool_WhenDistributed_ThenAllIsTheOwners() external {
        uint256 before = _free(owner.addr);
        vm.prank(stranger.addr);
        c.stakeManager.distribute(otherProviderId, 5e18);
        assertEq(_free(owner.addr) - before, 5e18);
        _delegate(alice, 1e18 - 1); // too little for an index
        _distribute(5e18);
        assertEq(_free(owner.addr) - before, 10e18);
    }

    function test_GivenASlashOfEverything_WhenDistributed_ThenAllIsTheOwners() external {
        vm.prank(owner.addr);
        uint32 other = c.stakeManager.openPool(otherProviderId, 0, 0);
        vm.prank(alice);
        c.stakeManager.delegate(otherProviderId, other, LENT);
        vm.startPrank(address(c.jobMarket));
        c.stakeManager.reserve(otherHot.addr, STAKE + LENT, 0);
        c.stakeManager.slash(otherProviderId, STAKE + LENT, STAKE + LENT, 0, address(1));
        vm.stopPrank();
        uint256 before = _free(owner.addr);
        vm.prank(stranger.addr);
        c.stakeManager.distribute(otherProviderId, 5e18);
        assertEq(_free(owner.addr) - before, 5e18);
        (,, uint96 rewards) = c.stakeManager.memberOf(otherProviderId, other, alice);
        assertEq(rewards, 0);
    }

    function test_WhenTheCommissionChanges() external {
        _delegate(alice, STAKE);
        vm.startPrank(owner.addr);
        vm.expectPartialRevert(IDelegationPools.DelegationPools_AboveMaximum.selector);
        c.stakeManager.setCommission(providerId, 3_001);
        uint40 at = uint40(block.timestamp) + THAW;
        vm.expectEmit(address(c.stakeManager));
        emit IDelegationPools.CommissionSet(providerId, 3_000, at);
        c.stakeManager.setCommission(providerId, 3_000);
        vm.stopPrank();
        vm.warp(at - 1);
        (uint16 current, uint16 next, uint40 from) = c.stakeManager.commissionOf(providerId);
        assertEq(current, COMMISSION, "delegators can leave first");
        assertEq(next, 3_000);
        assertEq(from, at);
        vm.warp(at);
        (current,,) = c.stakeManager.commissionOf(providerId);
        assertEq(current, 3_000);
        _distribute(200e18);
        assertApproxEqAbs(_rewards(alice), 70e18, 1e9);
    }

    /// POL-5, fuzz: members are owed no more than was distributed, and all that was is owed to somebody.
    function testFuzz_RewardsAreConserved(uint96[4] memory lent, uint96[3] memory paid) external {
        uint256 ownersBefore = _free(owner.addr);
        uint256 total;
        for (uint256 i = 0; i < 4; ++i) {
            _delegate(i % 2 == 0 ? alice : bob, uint96(bound(lent[i], 1, 1_000_000e18)));
            if (i == 3) break;
            uint96 amount = uint96(bound(paid[i], 1, 100_000e18));
            _distribute(amount);
            total += amount;
        }
        uint256 claimed;
        address[2] memory members = [alice, bob];
        for (uint256 i = 0; i < 2; ++i) {
            claimed += _rewards(members[i]);
        }
        assertLe(claimed, _pool().unclaimed);
        assertLe(_free(owner.addr) - ownersBefore + _pool().unclaimed, total);
    }

    // --- F1: the past ---

    function test_WhenThePastIsRead() external {
        uint40 start = uint40(block.timestamp);
        _delegate(alice, LENT);
        _delegate(bob, LENT);
        skip(10);
        _reserve(STAKE + LENT);
        _undelegate(bob, _shares(bob));
        _slash(STAKE + LENT, STAKE + LENT, 0);
        skip(10);
        assertEq(c.stakeManager.votesAt(providerId, nonce, alice, start), LENT);
        assertEq(c.stakeManager.votesAt(providerId, nonce, bob, start), LENT);
        assertEq(c.stakeManager.poolVotesAt(providerId, nonce, start), 2 * LENT);
        assertEq(c.stakeManager.votesAt(providerId, 0, owner.addr, start), STAKE);
        assertEq(
            c.stakeManager.votesAt(providerId, 0, alice, start), 0, "self-stake is the owner's"
        );
        assertEq(c.stakeManager.poolVotesAt(providerId, 0, start), STAKE);
        assertApproxEqAbs(c.stakeManager.votesAt(providerId, nonce, alice, start + 10), LENT / 2, 1);
        assertEq(c.stakeManager.votesAt(providerId, nonce, bob, start + 10), 0, "thaws");
        assertEq(c.stakeManager.poolVotesAt(providerId, nonce, start + 10), LENT);
        assertEq(c.stakeManager.votesAt(providerId, 0, owner.addr, start + 10), 0);
        (address payee, uint40 jailedUntil, uint96 backing) =
            c.stakeManager.backingAt(providerId, start);
        assertEq(payee, owner.addr);
        assertEq(jailedUntil, c.stakeManager.providerOf(providerId).jailedUntil);
        assertGt(jailedUntil, 0);
        assertEq(backing, STAKE + 2 * LENT);
        (,, backing) = c.stakeManager.backingAt(providerId, start + 10);
        assertEq(backing, LENT);
        vm.expectPartialRevert(IStakeManager.StakeManager_FutureLookup.selector);
        c.stakeManager.backingAt(providerId, start + 20);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_Unknown.selector, 99));
        c.stakeManager.backingAt(99, start);
        vm.expectPartialRevert(IStakeManager.StakeManager_FutureLookup.selector);
        c.stakeManager.votesAt(providerId, nonce, alice, start + 20);
        vm.expectPartialRevert(IStakeManager.StakeManager_FutureLookup.selector);
        c.stakeManager.poolVotesAt(providerId, nonce, start + 20);
    }

    /// E1: delegation counts in the draw of verifiers, up to nine times the self-stake.
    function test_WhenDelegatedToAVerifier() external {
        Actor memory third = _actor("third");
        uint32 id = _enrol(Role.Verifier, owner, third);
        vm.prank(owner.addr);
        c.stakeManager.openPool(id, 0, 0);
        uint40 start = uint40(block.timestamp);
        skip(10);
        vm.prank(alice);
        uint112 shares = c.stakeManager.delegate(id, 1, LENT);
        skip(10);
        vm.prank(alice);
        c.stakeManager.undelegate(id, 1, shares / 2);
        skip(10);
        vm.prank(alice);
        c.stakeManager.delegate(id, 1, 5_000_000e18);
        skip(10);
        assertEq(c.stakeManager.stakeAt(id, start), STAKE);
        assertEq(c.stakeManager.stakeAt(id, start + 10), STAKE + LENT);
        assertEq(c.stakeManager.stakeAt(id, start + 20), STAKE + LENT / 2);
        assertEq(c.stakeManager.stakeAt(id, start + 30), 10 * STAKE);
        assertEq(c.stakeManager.totalStakeAt(Role.Verifier, start + 10), STAKE + LENT);
        assertEq(c.stakeManager.totalStakeAt(Role.Verifier, start + 30), 10 * STAKE);
        assertEq(c.stakeManager.totalStakeAt(Role.Provider, start + 30), 0);
    }
}

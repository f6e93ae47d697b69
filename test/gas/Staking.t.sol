// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Role} from "../../contracts/types/Role.sol";
import {Actor, Base} from "../utils/Base.t.sol";

/// @notice Gas of whole transactions of stakers and delegators, with the voter set, so that vote checkpoints are paid for (RULES F1, G).
/// forge-config: default.isolate = true
contract StakingGasTest is Base {
    address private alice;
    uint32 private nonce;

    function setUp() public override {
        super.setUp();
        if (c.stakeManager.voter() == address(0)) c.stakeManager.setVoter(address(0xF1));
        alice = makeAddr("alice");
        _fund(alice, 1_000_000e18);
        _fund(stranger.addr, 1_000_000e18);
        vm.prank(owner.addr);
        nonce = c.stakeManager.openPool(providerId, 2_000, 1_000);
        // The pool has a member, and has earned.
        vm.prank(stranger.addr);
        c.stakeManager.delegate(providerId, nonce, 10_000e18);
        vm.prank(stranger.addr);
        c.stakeManager.distribute(providerId, 100e18);
        skip(60);
    }

    function _record(string memory name, uint256 target) private {
        assertLe(vm.snapshotGasLastCall("staking", name), target, name);
    }

    function _note(string memory name) private {
        vm.snapshotGasLastCall("staking", name);
    }

    function _delegate() private returns (uint112 shares) {
        vm.prank(alice);
        shares = c.stakeManager.delegate(providerId, nonce, 10_000e18);
    }

    function test_stakeFirst() external {
        bytes memory consent = _consent(stranger, owner.addr, Role.Provider);
        vm.startPrank(owner.addr);
        uint32 id =
            c.stakeManager.register(Role.Provider, stranger.addr, "http://localhost", consent);
        skip(60);
        c.stakeManager.stake(id, STAKE);
        _record("stake, first", 170_000);
        skip(60);
        c.stakeManager.stake(id, STAKE);
        _record("stake, again", 150_000);
    }

    function test_stakeOfAVerifier() external {
        Actor memory third = _actor("third");
        bytes memory consent = _consent(third, owner.addr, Role.Verifier);
        vm.startPrank(owner.addr);
        uint32 id = c.stakeManager.register(Role.Verifier, third.addr, "", consent);
        skip(60);
        c.stakeManager.stake(id, STAKE);
        _note("stake of a verifier, first of all");
        c.stakeManager.openPool(id, 0, 0);
        vm.stopPrank();
        vm.startPrank(stranger.addr);
        c.stakeManager.delegate(id, 1, 10_000e18);
        skip(60);
        vm.stopPrank();
        vm.prank(alice);
        c.stakeManager.delegate(id, 1, 10_000e18);
        _note("delegate to a verifier, first");
    }

    function test_delegate() external {
        _delegate();
        _record("delegate, first", 175_000);
        skip(60);
        _delegate();
        _record("delegate, again", 175_000);
    }

    function test_delegateWithRewards() external {
        _delegate();
        vm.prank(stranger.addr);
        c.stakeManager.distribute(providerId, 100e18);
        _note("distribute");
        skip(60);
        _delegate();
        _note("delegate, again, with rewards paid");
        vm.prank(stranger.addr);
        c.stakeManager.claim(providerId, nonce, stranger.addr);
        _note("claim");
    }

    function test_leave() external {
        uint112 shares = _delegate();
        skip(60);
        vm.startPrank(alice);
        uint256 thawId = c.stakeManager.undelegate(providerId, nonce, shares);
        _note("undelegate");
        skip(2 minutes);
        c.stakeManager.withdrawDelegation(thawId, alice);
        _note("withdraw delegation");
        vm.stopPrank();
        vm.startPrank(owner.addr);
        c.stakeManager.requestThaw(providerId, 1_000e18);
        _note("request thaw");
        skip(2 minutes);
        c.stakeManager.withdraw(providerId, 1_000e18, owner.addr);
        _note("withdraw stake");
    }

    function test_slash() external {
        _delegate();
        vm.prank(address(c.jobMarket));
        c.stakeManager.reserve(hot.addr, STAKE + 1_000e18, 0);
        skip(60);
        vm.prank(address(c.jobMarket));
        c.stakeManager
            .slash(providerId, STAKE + 1_000e18, STAKE + 1_000e18, 1_000e18, stranger.addr);
        _note("slash, self-stake and pool");
    }
}

/// @notice A slash costs the same with 10,000 delegators and 1,000 thaws as with one.
contract SlashGasTest is Base {
    uint256 private constant MEMBERS = 10_000;
    uint256 private constant THAWS = 1_000;

    function _slash() private returns (uint256 used) {
        vm.prank(address(c.jobMarket));
        c.stakeManager.reserve(hot.addr, STAKE + 500e18, 0);
        skip(60);
        vm.cool(address(c.stakeManager));
        vm.cool(address(c.lynToken));
        vm.cool(address(c.ledger));
        vm.prank(address(c.jobMarket));
        used = gasleft();
        c.stakeManager.slash(providerId, STAKE + 500e18, STAKE + 500e18, 1_000e18, stranger.addr);
        used -= gasleft();
    }

    function test_SlashDoesNotGrowWithDelegators() external {
        if (c.stakeManager.voter() == address(0)) c.stakeManager.setVoter(address(0xF1));
        vm.prank(owner.addr);
        c.stakeManager.openPool(providerId, 0, 0);
        _fund(stranger.addr, 1_000e18);
        vm.startPrank(stranger.addr);
        uint112 shares = c.stakeManager.delegate(providerId, 1, 1_000e18);
        c.stakeManager.undelegate(providerId, 1, shares / 10);
        vm.stopPrank();
        uint256 state = vm.snapshotState();
        uint256 one = _slash();
        vm.revertToState(state);

        vm.pauseGasMetering();
        for (uint256 i = 0; i < MEMBERS; ++i) {
            address member = address(uint160(1 << 100 | i));
            c.lynToken.transfer(member, 1e18);
            vm.startPrank(member);
            c.lynToken.approve(address(c.stakeManager), 1e18);
            shares = c.stakeManager.delegate(providerId, 1, 1e18);
            if (i < THAWS) c.stakeManager.undelegate(providerId, 1, shares / 2);
            vm.stopPrank();
            if (i % 10 == 0) skip(1);
        }
        vm.resumeGasMetering();
        uint256 many = _slash();
        emit log_named_uint("one delegator", one);
        emit log_named_uint("10,000 delegators, 1,000 thaws", many);
        assertApproxEqRel(many, one, 0.01e18);
    }
}

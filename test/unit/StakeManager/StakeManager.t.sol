// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IStakeManager} from "../../../contracts/interfaces/IStakeManager.sol";
import {CapabilitySet} from "../../../contracts/types/CapabilitySet.sol";
import {Role} from "../../../contracts/types/Role.sol";
import {Actor, Base} from "../../utils/Base.t.sol";

contract StakeManagerTest is Base {
    Actor private third;

    function setUp() public override {
        super.setUp();
        third = _actor("third");
    }

    // --- Registration and keys ---

    function test_WhenRegistered() external {
        bytes memory consent = _consent(third, stranger.addr, Role.Verifier);
        vm.expectEmit(address(c.stakeManager));
        emit IStakeManager.Registered(3, Role.Verifier, stranger.addr, third.addr);
        vm.expectEmit(address(c.stakeManager));
        emit IStakeManager.EndpointSet(3, "https://example.org");
        vm.prank(stranger.addr);
        uint32 id =
            c.stakeManager.register(Role.Verifier, third.addr, "https://example.org", consent);
        assertEq(id, 3);
        assertEq(c.stakeManager.providers(), 3);
        assertEq(c.stakeManager.ownerOf(id), stranger.addr);
        assertEq(c.stakeManager.hotKeyOf(id), third.addr);
        assertEq(c.stakeManager.verifierIdOf(third.addr), id);
        assertEq(c.stakeManager.providerIdOf(third.addr), 0);
        assertEq(c.stakeManager.verifierIdOf(hot.addr), 0);
        assertEq(c.stakeManager.endpointOf(id), "https://example.org");
    }

    function test_RevertWhen_TheHotKeyIsTaken() external {
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_HotKeyTaken.selector, hot.addr, providerId
            )
        );
        c.stakeManager.register(Role.Verifier, hot.addr, "", "");
        vm.expectRevert(IStakeManager.StakeManager_ZeroAddress.selector);
        c.stakeManager.register(Role.Verifier, address(0), "", "");
    }

    // --- STK-7: consent ---

    function test_RevertWhen_TheHotKeyDidNotConsent() external {
        bytes[3] memory consents = [
            bytes(""),
            _consent(third, stranger.addr, Role.Provider), // to another owner
            _consent(third, owner.addr, Role.Verifier) // to another role
        ];
        bytes memory noConsent = abi.encodeWithSelector(
            IStakeManager.StakeManager_NoConsent.selector, third.addr, owner.addr
        );
        vm.startPrank(owner.addr);
        for (uint256 i = 0; i < consents.length; ++i) {
            vm.expectRevert(noConsent);
            c.stakeManager.register(Role.Provider, third.addr, "", consents[i]);
            vm.expectRevert(noConsent);
            c.stakeManager.rotateHotKey(providerId, third.addr, consents[i]);
        }
    }

    function test_WhenTheOwnerIsItsOwnHotKey() external {
        vm.prank(third.addr);
        uint32 id = c.stakeManager.register(Role.Provider, third.addr, "", "");
        assertEq(c.stakeManager.providerIdOf(third.addr), id);
    }

    // --- Capabilities ---

    function _setCapabilities(uint96 own) private {
        vm.prank(owner.addr);
        c.stakeManager.setCapabilities(providerId, CapabilitySet.wrap(own));
    }

    function test_WhenTheCapabilitiesAreThere() external {
        _setCapabilities(uint96(5 << 64 | 6));
        assertEq(
            CapabilitySet.unwrap(c.stakeManager.providerOf(providerId).capabilities), 5 << 64 | 6
        );
        vm.startPrank(address(c.jobMarket));
        c.stakeManager.reserve(hot.addr, 1, bytes32(uint256(5 << 64 | 6)));
        c.stakeManager.reserve(hot.addr, 1, bytes32(uint256(4 << 64 | 2)));
    }

    function test_RevertWhen_CapabilitiesAreMissing() external {
        _setCapabilities(uint96(5 << 64 | 6));
        bytes32[4] memory asked = [
            bytes32(uint256(1)), // a flag
            bytes32(uint256(6 << 64)), // a level
            bytes32(uint256(1 << 72)), // another level
            bytes32(uint256(1 << 96)) // no bit of ours
        ];
        vm.startPrank(address(c.jobMarket));
        for (uint256 i = 0; i < asked.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IStakeManager.StakeManager_LacksCapabilities.selector, providerId, asked[i]
                )
            );
            c.stakeManager.reserve(hot.addr, 1, asked[i]);
        }
    }

    /// CAP-1
    function testFuzz_EverySetContainsItselfAndNothing(uint96 own, uint96 other) external pure {
        CapabilitySet set = CapabilitySet.wrap(own);
        assertTrue(set.contains(bytes32(uint256(own))));
        assertTrue(set.contains(0));
        // Containment is an order: both ways only if equal.
        CapabilitySet another = CapabilitySet.wrap(other);
        if (set.contains(bytes32(uint256(other))) && another.contains(bytes32(uint256(own)))) {
            assertEq(own, other);
        }
    }

    function test_WhenTheHotKeyIsRotated() external {
        bytes memory consent = _consent(third, owner.addr, Role.Provider);
        vm.startPrank(owner.addr);
        c.stakeManager.rotateHotKey(providerId, third.addr, consent);
        assertEq(c.stakeManager.providerIdOf(hot.addr), 0, "the old key is void");
        assertEq(c.stakeManager.providerIdOf(third.addr), providerId);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_HotKeyTaken.selector, otherHot.addr, otherProviderId
            )
        );
        c.stakeManager.rotateHotKey(providerId, otherHot.addr, "");
    }

    function test_RevertWhen_NotTheOwnerOfTheProvider() external {
        bytes memory notOwner = abi.encodeWithSelector(
            IStakeManager.StakeManager_NotOwner.selector, providerId, hot.addr
        );
        vm.startPrank(hot.addr); // the hot key is not the owner key
        vm.expectRevert(notOwner);
        c.stakeManager.rotateHotKey(providerId, third.addr, "");
        vm.expectRevert(notOwner);
        c.stakeManager.setEndpoint(providerId, "");
        vm.expectRevert(notOwner);
        c.stakeManager.setCapabilities(providerId, CapabilitySet.wrap(1));
        vm.expectRevert(notOwner);
        c.stakeManager.requestThaw(providerId, 1);
        vm.expectRevert(notOwner);
        c.stakeManager.withdraw(providerId, 1, hot.addr);
    }

    function test_RevertWhen_TheProviderIsUnknown() external {
        bytes memory unknown =
            abi.encodeWithSelector(IStakeManager.StakeManager_Unknown.selector, uint32(99));
        vm.expectRevert(unknown);
        c.stakeManager.providerOf(99);
        vm.expectRevert(unknown);
        c.stakeManager.ownerOf(99);
        vm.expectRevert(unknown);
        c.stakeManager.hotKeyOf(99);
        vm.expectRevert(unknown);
        c.stakeManager.stake(99, 1_000e18);
    }

    function test_WhenTheEndpointChanges() external {
        vm.prank(owner.addr);
        c.stakeManager.setEndpoint(providerId, "https://two.example.org");
        assertEq(c.stakeManager.endpointOf(providerId), "https://two.example.org");
    }

    // --- Stake ---

    function test_WhenAnybodyStakes() external {
        _fund(stranger.addr, 10e18);
        vm.prank(stranger.addr);
        c.stakeManager.stake(providerId, 10e18);
        assertEq(_stakeOf(providerId), STAKE + 10e18);
        assertEq(c.lynToken.balanceOf(address(c.stakeManager)), 2 * STAKE + 10e18, "STK-1");
    }

    function test_RevertWhen_TheStakeIsTooSmall() external {
        vm.startPrank(owner.addr);
        uint32 id = c.stakeManager.register(Role.Provider, owner.addr, "", "");
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_BelowMinimum.selector, 1_000e18 - 1, 1_000e18
            )
        );
        c.stakeManager.stake(id, 1_000e18 - 1);
        vm.expectRevert(IStakeManager.StakeManager_ZeroAmount.selector);
        c.stakeManager.stake(id, 0);
        c.stakeManager.stake(id, 1_000e18);
    }

    // --- Thaw: withdrawals from thawedAt on ---

    function _thaw(uint96 amount) private returns (uint40 thawedAt) {
        vm.prank(owner.addr);
        c.stakeManager.requestThaw(providerId, amount);
        thawedAt = c.stakeManager.providerOf(providerId).thawedAt;
        assertEq(thawedAt, block.timestamp + 2 minutes);
    }

    function test_WhenThawed() external {
        uint40 thawedAt = _thaw(STAKE);
        assertEq(_stakeOf(providerId), STAKE, "F2: stays slashable");
        vm.startPrank(owner.addr);
        vm.warp(thawedAt - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_StillThawing.selector, providerId, thawedAt
            )
        );
        c.stakeManager.withdraw(providerId, STAKE, address(9));
        vm.warp(thawedAt);
        c.stakeManager.withdraw(providerId, STAKE, address(9));
        assertEq(c.lynToken.balanceOf(address(9)), STAKE);
        assertEq(_stakeOf(providerId), 0);
    }

    function test_WhenThawIsAskedForTwice() external {
        _thaw(1e18);
        skip(1 minutes);
        uint40 thawedAt = _thaw(2e18); // restarts, with the new total
        assertEq(c.stakeManager.providerOf(providerId).thawing, 3e18);
        vm.warp(thawedAt);
        vm.prank(owner.addr);
        c.stakeManager.withdraw(providerId, 3e18, owner.addr);
    }

    function test_RevertWhen_MoreThanThawed() external {
        vm.warp(_thaw(5e18));
        vm.startPrank(owner.addr);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector, providerId, 5e18 + 1, 5e18
            )
        );
        c.stakeManager.withdraw(providerId, 5e18 + 1, owner.addr);
        vm.expectRevert(IStakeManager.StakeManager_ZeroAmount.selector);
        c.stakeManager.withdraw(providerId, 0, owner.addr);
        vm.expectRevert(IStakeManager.StakeManager_ZeroAddress.selector);
        c.stakeManager.withdraw(providerId, 1, address(0));
        vm.expectRevert(IStakeManager.StakeManager_ZeroAmount.selector);
        c.stakeManager.requestThaw(providerId, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector,
                providerId,
                STAKE,
                STAKE - 5e18
            )
        );
        c.stakeManager.requestThaw(providerId, STAKE);
    }

    function test_GivenReservedStake_WhenThawed() external {
        _locked();
        vm.warp(_thaw(STAKE)); // allowed on reserved stake
        vm.startPrank(owner.addr);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector,
                providerId,
                STAKE,
                STAKE - COLLATERAL
            )
        );
        c.stakeManager.withdraw(providerId, STAKE, owner.addr);
        c.stakeManager.withdraw(providerId, STAKE - COLLATERAL, owner.addr);
        assertEq(_stakeOf(providerId), _reserved(providerId), "STK-2");
    }

    function test_RevertGiven_Thawing_WhenLocked() external {
        _thaw(STAKE - 2 * COLLATERAL + 1);
        vm.startPrank(address(c.jobMarket));
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector,
                providerId,
                2 * COLLATERAL,
                2 * COLLATERAL - 1
            )
        );
        c.stakeManager.reserve(hot.addr, 2 * COLLATERAL, 0);
        vm.stopPrank();
        _thaw(COLLATERAL);
        // Below the least self-stake nothing is locked.
        vm.prank(address(c.jobMarket));
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector, providerId, 1, 0
            )
        );
        c.stakeManager.reserve(hot.addr, 1, 0);
    }

    // --- Slashes ---

    function _reserve(uint96 amount) private {
        vm.prank(address(c.jobMarket));
        c.stakeManager.reserve(hot.addr, amount, 0);
    }

    function testFuzz_WhenSlashed(uint96 reserved, uint96 amount, uint96 payout, uint96 thawing)
        external
    {
        reserved = uint96(bound(reserved, 1, STAKE));
        amount = uint96(bound(amount, 1, reserved));
        payout = uint96(bound(payout, 0, uint256(amount) * 4 / 10));
        _reserve(reserved);
        if (thawing % 3 != 0) _thaw(uint96(bound(thawing, 1, STAKE)));
        uint256 supply = c.lynToken.totalSupply();
        vm.prank(address(c.jobMarket));
        c.stakeManager.slash(providerId, reserved, amount, payout, stranger.addr);
        assertEq(_stakeOf(providerId), STAKE - amount, "STK-3");
        assertEq(_reserved(providerId), 0);
        assertEq(_free(stranger.addr), payout);
        assertEq(supply - c.lynToken.totalSupply(), amount - payout, "D1: the rest is burnt");
        assertEq(c.stakeManager.providerOf(providerId).jailedUntil, block.timestamp + 10 minutes);
    }

    function test_RevertWhen_ThePayoutIsAboveTwoFifths() external {
        _reserve(COLLATERAL);
        vm.startPrank(address(c.jobMarket));
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_PayoutTooHigh.selector, 400e18 + 1, 400e18
            )
        );
        c.stakeManager.slash(providerId, COLLATERAL, COLLATERAL, 400e18 + 1, stranger.addr); // STK-4
        c.stakeManager.slash(providerId, COLLATERAL, COLLATERAL, 400e18, stranger.addr);
    }

    function test_RevertWhen_MoreThanReservedIsSlashed() external {
        _reserve(COLLATERAL);
        vm.prank(address(c.jobMarket));
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector,
                providerId,
                COLLATERAL + 1,
                COLLATERAL
            )
        );
        c.stakeManager.slash(providerId, COLLATERAL, COLLATERAL + 1, 0, stranger.addr); // STK-3
    }

    function test_WhenJailed() external {
        _reserve(COLLATERAL);
        vm.startPrank(address(c.jobMarket));
        c.stakeManager.slash(providerId, COLLATERAL, COLLATERAL, 0, stranger.addr);
        uint40 until = uint40(block.timestamp) + 10 minutes;
        bytes memory jailed =
            abi.encodeWithSelector(IStakeManager.StakeManager_Jailed.selector, providerId, until);
        vm.warp(until);
        vm.expectRevert(jailed);
        c.stakeManager.reserve(hot.addr, COLLATERAL, 0); // STK-5: until the owner has looked at it
        vm.stopPrank();

        vm.prank(hot.addr);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_NotOwner.selector, providerId, hot.addr
            )
        );
        c.stakeManager.unjail(providerId);
        vm.startPrank(owner.addr);
        vm.warp(until - 1);
        vm.expectRevert(jailed);
        c.stakeManager.unjail(providerId);
        vm.warp(until);
        vm.expectEmit(address(c.stakeManager));
        emit IStakeManager.Unjailed(providerId);
        c.stakeManager.unjail(providerId);
        vm.expectRevert(
            abi.encodeWithSelector(IStakeManager.StakeManager_NotJailed.selector, providerId)
        );
        c.stakeManager.unjail(providerId);
        vm.stopPrank();
        vm.prank(address(c.jobMarket));
        c.stakeManager.reserve(hot.addr, COLLATERAL, 0);
    }

    function test_GivenALock_WhenJailed() external {
        (, bytes32 jobId) = _locked();
        _reserve(COLLATERAL);
        vm.prank(address(c.jobMarket));
        c.stakeManager.slash(providerId, COLLATERAL, COLLATERAL, 0, stranger.addr);
        _deliver(jobId); // D1: jail blocks new locks only
    }

    // --- The liveness cap: 10% of the stake in ten minutes ---

    function test_WhenTheLivenessCapIsReached() external {
        uint40 epochStart = uint40(block.timestamp) / 10 minutes * 10 minutes;
        _reserve(20_000e18);
        vm.startPrank(address(c.jobMarket));
        (uint96 taken, uint96 paid) =
            c.stakeManager.slashLiveness(providerId, 6_000e18, 6_000e18, 5_000e18, stranger.addr);
        assertEq(taken, 6_000e18);
        assertEq(paid, 2_400e18, "STK-4");
        (taken, paid) =
            c.stakeManager.slashLiveness(providerId, 6_000e18, 6_000e18, 1e18, stranger.addr);
        assertEq(taken, 4_000e18, "up to 10% of the stake that there was");
        assertEq(paid, 1e18);
        assertEq(
            c.stakeManager.providerOf(providerId).jailedUntil,
            epochStart + 10 minutes,
            "what cannot be slashed is kept from locking"
        );
        (taken, paid) =
            c.stakeManager.slashLiveness(providerId, 4_000e18, 4_000e18, 1e18, stranger.addr);
        assertEq(taken, 0);
        assertEq(paid, 0);
        vm.warp(epochStart + 10 minutes);
        (taken,) = c.stakeManager.slashLiveness(providerId, 4_000e18, 4_000e18, 0, stranger.addr);
        assertEq(taken, 4_000e18, "a new epoch");
        assertEq(_reserved(providerId), 0);
    }

    // --- Verifiers ---

    function _verifier() private returns (uint32 id) {
        c.stakeManager.authorise(address(this), Role.Verifier);
        return _enrol(Role.Verifier, owner, third);
    }

    function test_WhenTheStakeOfAVerifierIsReservedAndSlashed() external {
        uint32 id = _verifier();
        skip(1);
        (uint32 reservedBy, uint96 weight, address by) =
            c.stakeManager.reserveVerifier(third.addr, 10e18, uint40(block.timestamp) - 1);
        assertEq(reservedBy, id);
        assertEq(weight, STAKE, "its weight in the draw");
        assertEq(by, owner.addr);
        assertEq(_reserved(id), 10e18);
        // It may lose what nobody reserved: a drawn verifier that never commits has reserved nothing.
        c.stakeManager.slash(id, 0, STAKE - 10e18, 0, stranger.addr);
        assertEq(_stakeOf(id), 10e18);
        vm.expectRevert(
            abi.encodeWithSelector(IStakeManager.StakeManager_InsufficientStake.selector, id, 1, 0)
        );
        c.stakeManager.slash(id, 0, 1, 0, stranger.addr);
        assertEq(c.stakeManager.release(id, 10e18, 0), owner.addr);
    }

    function test_WhenThePastOfVerifiersIsRead() external {
        uint40 start = uint40(block.timestamp);
        uint32 id = _verifier();
        skip(10);
        vm.prank(owner.addr);
        c.stakeManager.requestThaw(id, 10e18);
        skip(10);
        c.stakeManager.slash(id, 0, 5e18, 0, stranger.addr);
        skip(10);
        assertEq(c.stakeManager.stakeAt(id, start - 1), 0);
        assertEq(c.stakeManager.stakeAt(id, start), STAKE);
        assertEq(c.stakeManager.stakeAt(id, start + 9), STAKE);
        assertEq(c.stakeManager.stakeAt(id, start + 10), STAKE - 10e18);
        assertEq(c.stakeManager.stakeAt(id, start + 20), STAKE - 15e18);
        assertEq(c.stakeManager.totalStakeAt(Role.Verifier, start + 20), STAKE - 15e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_FutureLookup.selector, start + 30, start + 30
            )
        );
        c.stakeManager.stakeAt(id, start + 30);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_WrongRole.selector, providerId, Role.Provider
            )
        );
        c.stakeManager.stakeAt(providerId, start);
    }

    function test_RevertWhen_ACoreOfOneRoleTouchesTheOther() external {
        uint32 id = _verifier();
        bytes memory notCore =
            abi.encodeWithSelector(IStakeManager.StakeManager_NotCore.selector, address(this)); // STK-6
        vm.expectRevert(notCore);
        c.stakeManager.reserve(hot.addr, 1, 0);
        vm.expectRevert(notCore);
        c.stakeManager.release(providerId, 0, 0);
        vm.expectRevert(notCore);
        c.stakeManager.slash(providerId, 0, 0, 0, stranger.addr);
        vm.startPrank(address(c.jobMarket));
        vm.expectRevert(
            abi.encodeWithSelector(IStakeManager.StakeManager_NotAHotKey.selector, third.addr)
        );
        c.stakeManager.reserve(third.addr, 1, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_NotCore.selector, address(c.jobMarket)
            )
        );
        c.stakeManager.release(id, 0, 0);
    }

    // --- F1: one voter ---

    function test_WhenTheVoterIsSet() external {
        address voter = c.stakeManager.voter();
        if (voter == address(0)) {
            voter = address(0xF1);
            vm.expectEmit(address(c.stakeManager));
            emit IStakeManager.VoterSet(voter);
            c.stakeManager.setVoter(voter);
        }
        assertEq(c.stakeManager.voter(), voter);
        assertEq(c.lynToken.getVotes(voter), 2 * STAKE, "all LYN held");
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_VoterSet.selector, voter));
        c.stakeManager.setVoter(address(0xF2));
        vm.expectRevert(IStakeManager.StakeManager_ZeroAddress.selector);
        c.stakeManager.setVoter(address(0));
        vm.prank(owner.addr);
        vm.expectRevert(
            abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, owner.addr)
        );
        c.stakeManager.setVoter(address(0xF2));
        _reserve(COLLATERAL);
        vm.prank(address(c.jobMarket));
        c.stakeManager.slash(providerId, COLLATERAL, COLLATERAL, 0, stranger.addr);
        assertEq(c.lynToken.getVotes(voter), 2 * STAKE - COLLATERAL, "the total follows slashes");
    }

    // --- D11 ---

    function test_WhenTheReputationMoves() external {
        _reserve(3_000e18);
        vm.startPrank(address(c.jobMarket));
        c.stakeManager.release(providerId, 1_000e18, 100e18);
        uint24 good = c.stakeManager.providerOf(providerId).reputation;
        assertEq(good, type(uint24).max / 2, "half the way");
        c.stakeManager.release(providerId, 1_000e18, 0);
        assertEq(c.stakeManager.providerOf(providerId).reputation, good, "free jobs say nothing");
        c.stakeManager.slash(providerId, 1_000e18, 900e18, 0, stranger.addr);
        uint24 bad = c.stakeManager.providerOf(providerId).reputation;
        assertApproxEqAbs(bad, good / 10, 1);
    }

    // --- Rights ---

    function test_RevertWhen_AStrangerPlaysACore() external {
        bytes memory notCore =
            abi.encodeWithSelector(IStakeManager.StakeManager_NotCore.selector, stranger.addr);
        vm.startPrank(stranger.addr);
        vm.expectRevert(notCore);
        c.stakeManager.reserve(hot.addr, 1, 0);
        vm.expectRevert(notCore);
        c.stakeManager.release(providerId, 1, 0);
        vm.expectRevert(notCore);
        c.stakeManager.slash(providerId, 1, 1, 0, stranger.addr);
        vm.expectRevert(notCore);
        c.stakeManager.slashLiveness(providerId, 1, 1, 0, stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger.addr)
        );
        c.stakeManager.authorise(stranger.addr, Role.Provider);
        vm.stopPrank();
        vm.expectRevert(IStakeManager.StakeManager_ZeroAddress.selector);
        c.stakeManager.authorise(address(0), Role.Provider);
    }
}

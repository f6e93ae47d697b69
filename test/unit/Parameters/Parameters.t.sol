// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {PARAMETERS, ParameterBounds} from "../../../contracts/governance/ParameterBounds.sol";
import {Parameters} from "../../../contracts/governance/Parameters.sol";
import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {IParameters} from "../../../contracts/interfaces/IParameters.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Base} from "../../utils/Base.t.sol";

contract ParametersTest is Base {
    // --- F4 ---

    function _config(IParameters.Profile profile)
        private
        view
        returns (Parameters.Config memory config)
    {
        config.profile = profile;
        config.lyn = lyn;
        config.market = c.jobMarket;
        config.disputes = c.disputes;
        config.guardianship = c.governor;
        config.thawPeriod = c.stakeManager.THAW_PERIOD();
    }

    function test_RevertWhen_LocalIsDeployedElsewhere() external {
        uint256[3] memory chains = [uint256(1), 42_161, 31_338];
        Parameters.Config memory local = _config(IParameters.Profile.Local);
        for (uint256 i = 0; i < 3; ++i) {
            vm.chainId(chains[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IParameters.Parameters_WrongChain.selector, chains[i])
            );
            new Parameters(address(this), local);
            new Parameters(address(this), _config(IParameters.Profile.Testnet));
            new Parameters(address(this), _config(IParameters.Profile.Main));
        }
    }

    /// @dev The casts of `publish` are safe: every bound fits its field; every profile starts within its bounds, and bounds alone keep D1.
    function test_EveryProfileIsSound() external pure {
        for (uint8 profile = 0; profile < 3; ++profile) {
            ParameterBounds.Initial[PARAMETERS] memory all =
                ParameterBounds.allOf(IParameters.Profile(profile));
            uint256 shares;
            for (uint256 i = 0; i < PARAMETERS; ++i) {
                ParameterBounds.Initial memory p = all[i];
                string memory name = string(abi.encodePacked(p.name));
                assertEq(p.name, ParameterBounds.allOf(IParameters.Profile.Main)[i].name);
                assertLe(p.minimum, p.value, name);
                assertLe(p.value, p.maximum, name);
                assertNotEq(p.step, 0, name);
                assertLe(p.step, p.maximum, name);
                assertNotEq(p.maximum, 0);
                assertLe(p.maximum, _limit(p.name), name);
                if (p.name == "bountyBps" || p.name == "reserveBps") shares += p.maximum;
            }
            assertLe(shares, 4_000, "D1");
        }
    }

    function _limit(bytes32 name) private pure returns (uint256) {
        if (name == "openDemands") return type(uint8).max;
        if (name == "burnBps" || name == "bountyBps" || name == "reserveBps" || name == "auditPay") return 10_000;
        if (name == "feeBps" || name == "feeBpsLyn") return 1_000;
        if (name == "auditSeats" || name == "auditMinDue") return type(uint16).max;
        if (name == "auditRate" || name == "auditDetection") return 1e6;
        if (
            name == "bond" || name == "commitBond" || name == "lynPerGas" || name == "minCollateral"
                || name == "minVerificationFee" || name == "absentSlash" || name == "faultSlash"
        ) return type(uint96).max;
        return type(uint24).max;
    }

    function _set(bytes32 name, uint256 value) private {
        uint40 at = c.parameters.schedule(name, value);
        if (at > block.timestamp) vm.warp(at);
        c.parameters.publish();
        assertEq(c.parameters.parameterOf(name).value, value);
    }

    /// @dev PAR-1: every parameter reaches both of its bounds, by steps, and never goes beyond.
    function test_PAR1_WhenSetAtAndBeyondTheBounds() external {
        bytes32[] memory names = c.parameters.names();
        assertEq(names.length, PARAMETERS);
        for (uint256 i = 0; i < names.length; ++i) {
            bytes32 name = names[i];
            IParameters.Bounds memory bounds = c.parameters.boundsOf(name);
            _walk(name, bounds.minimum, bounds.step);
            _walk(name, bounds.maximum, bounds.step);
            _expectOutside(name, uint256(bounds.maximum) + 1, bounds);
            _expectOutside(name, type(uint256).max, bounds);
            if (bounds.minimum != 0) _expectOutside(name, bounds.minimum - 1, bounds);
        }
    }

    /// @dev By the largest steps, and one wei more than each is refused.
    function _walk(bytes32 name, uint256 to, uint256 step) private {
        for (uint256 i = 0; i < 200; ++i) {
            uint256 from = c.parameters.valueOf(name);
            if (from == to) return;
            bool up = to > from;
            uint256 most = up ? from : from / 2;
            if (most < step) most = step;
            uint256 distance = up ? to - from : from - to;
            if (distance > most) {
                vm.expectRevert(
                    abi.encodeWithSelector(
                        IParameters.Parameters_StepTooLarge.selector, name, most + 1, most
                    )
                );
                c.parameters.schedule(name, up ? from + most + 1 : from - most - 1);
                distance = most;
            }
            _set(name, up ? from + distance : from - distance);
        }
        revert("never arrives");
    }

    function _expectOutside(bytes32 name, uint256 value, IParameters.Bounds memory bounds) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameters.Parameters_OutOfBounds.selector,
                name,
                value,
                bounds.minimum,
                bounds.maximum
            )
        );
        c.parameters.schedule(name, value);
    }

    function test_RevertWhen_TheNameIsUnknown() external {
        bytes memory unknown =
            abi.encodeWithSelector(IParameters.Parameters_Unknown.selector, bytes32("none"));
        vm.expectRevert(unknown);
        c.parameters.schedule("none", 1);
        vm.expectRevert(unknown);
        c.parameters.abdicate("none");
        vm.expectRevert(unknown);
        c.parameters.valueOf("none");
        vm.expectRevert(unknown);
        c.parameters.boundsOf("none");
        vm.expectRevert(unknown);
        c.parameters.parameterOf("none");
        vm.expectRevert(unknown);
        c.parameters.delayOf("none", 1);
    }

    // --- Exit first (F2) ---

    /// @dev PAR-3: each way that hurts waits for the thaw and the margin; the other is due at once.
    function test_PAR3_WhatHurtsWaits() external view {
        bytes32[] memory names = c.parameters.names();
        uint256 exit = c.stakeManager.THAW_PERIOD() + c.parameters.EXIT_MARGIN();
        for (uint256 i = 0; i < names.length; ++i) {
            IParameters.Hurts hurts = c.parameters.boundsOf(names[i]).hurts;
            uint256 value = c.parameters.valueOf(names[i]);
            bool both = hurts == IParameters.Hurts.Both;
            assertEq(
                c.parameters.delayOf(names[i], value + 1),
                both || hurts == IParameters.Hurts.Up ? exit : 0
            );
            if (value == 0) continue;
            assertEq(
                c.parameters.delayOf(names[i], value - 1),
                both || hurts == IParameters.Hurts.Down ? exit : 0
            );
        }
    }

    function test_PAR3_NothingPublishesItEarly() external {
        uint40 at = c.parameters.schedule("window", 20);
        assertEq(at, block.timestamp + 130);
        vm.warp(at - 1);
        c.parameters.publish(); // the owner always may
        assertEq(_market(2).window, 6);
        assertEq(c.parameters.valueOf("window"), 6);
        vm.prank(stranger.addr);
        vm.expectRevert(IParameters.Parameters_NothingToPublish.selector);
        c.parameters.publish();
        vm.warp(at);
        assertEq(c.parameters.valueOf("window"), 20, "what would be published");
        vm.expectEmit(address(c.parameters));
        emit IParameters.ParameterSet("window", 20);
        vm.prank(stranger.addr);
        c.parameters.publish();
        assertEq(_market(3).window, 20);
        assertEq(c.parameters.parameterOf("window").activeAt, 0);
    }

    /// @dev Who schedules again starts the delay again: nobody prepares a change and swaps it for a worse one.
    function test_PAR3_ReschedulingStartsAnew() external {
        c.parameters.schedule("window", 7);
        skip(129);
        uint40 at = c.parameters.schedule("window", 60);
        assertEq(at, block.timestamp + 130);
        skip(1);
        c.parameters.publish();
        assertEq(_market(2).window, 6);
    }

    // --- The sentinel ---

    function test_PAR4_TheSentinelOnlyLowersWhatHurtsNobody() external {
        vm.expectRevert(
            abi.encodeWithSelector(IParameters.Parameters_NotSentinel.selector, address(this))
        );
        c.parameters.reduce("feeBpsLyn", 100);
        vm.expectEmit(address(c.parameters));
        emit IParameters.SentinelSet(stranger.addr);
        c.parameters.setSentinel(stranger.addr);
        vm.startPrank(stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameters.Parameters_NotAReduction.selector, bytes32("feeBpsLyn"), 150
            )
        );
        c.parameters.reduce("feeBpsLyn", 150);
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameters.Parameters_NotAReduction.selector, bytes32("feeBpsLyn"), 151
            )
        );
        c.parameters.reduce("feeBpsLyn", 151);
        // Less time to answer hurts.
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameters.Parameters_NotAReduction.selector, bytes32("grace"), 9
            )
        );
        c.parameters.reduce("grace", 9);
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameters.Parameters_StepTooLarge.selector, bytes32("feeBpsLyn"), 101, 100
            )
        );
        c.parameters.reduce("feeBpsLyn", 49);
        c.parameters.reduce("feeBpsLyn", 100);
        c.parameters.publish(); // there is something to publish now
        assertEq(_market(2).feeBps, 100);
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameters.Parameters_TooSoon.selector,
                bytes32("feeBpsLyn"),
                uint40(block.timestamp) + 7 days
            )
        );
        c.parameters.reduce("feeBpsLyn", 50);
        skip(7 days);
        c.parameters.reduce("feeBpsLyn", 50);
    }

    // --- Abdication ---

    function test_PAR5_AnAbdicatedParameterStays() external {
        c.parameters.schedule("window", 20);
        vm.expectEmit(address(c.parameters));
        emit IParameters.ParameterAbdicated("window", 6);
        c.parameters.abdicate("window");
        skip(1 days);
        c.parameters.publish();
        assertEq(_market(2).window, 6, "what was scheduled is dropped");
        bytes memory abdicated =
            abi.encodeWithSelector(IParameters.Parameters_Abdicated.selector, bytes32("window"));
        vm.expectRevert(abdicated);
        c.parameters.schedule("window", 5);
        vm.expectRevert(abdicated);
        c.parameters.abdicate("window");
        c.parameters.setSentinel(address(this));
        vm.expectRevert(abdicated);
        c.parameters.reduce("window", 5);
    }

    // --- The pause of intake ---

    function test_PAR6_TheGuardianPausesOnceATerm() external {
        vm.expectRevert(
            abi.encodeWithSelector(IParameters.Parameters_NotGuardian.selector, address(this))
        );
        c.parameters.pauseIntake();
        Order memory late = _order();
        (, bytes32 running) = _locked();
        uint40 until = uint40(block.timestamp) + 7 days;
        vm.expectEmit(address(c.parameters));
        emit IParameters.IntakePaused(until, guardian.addr);
        vm.prank(guardian.addr);
        c.parameters.pauseIntake();
        bytes memory signature = _sign(late);
        vm.prank(hot.addr);
        vm.expectRevert(abi.encodeWithSelector(IJobMarket.JobMarket_IntakePaused.selector, until));
        c.jobMarket.lock(late, signature);
        _deliver(running);
        skip(7 days);
        vm.expectRevert(abi.encodeWithSelector(IParameters.Parameters_PauseUsed.selector, 1));
        vm.prank(guardian.addr);
        c.parameters.pauseIntake();
        _locked(); // it ended by itself
    }

    function test_PAR6_OnlyAVoteEndsOrRepeatsIt() external {
        vm.prank(guardian.addr);
        c.parameters.pauseIntake();
        c.parameters.setIntakePause(0);
        _locked();
        uint40 most = uint40(block.timestamp) + 7 days;
        vm.expectRevert(
            abi.encodeWithSelector(IParameters.Parameters_PauseTooLong.selector, most + 1, most)
        );
        c.parameters.setIntakePause(most + 1);
        c.parameters.setIntakePause(most);
        vm.warp(most);
        _locked();
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_NotParameters.selector, address(this))
        );
        c.jobMarket.pauseIntake(1);
    }

    function test_RevertGiven_TheTermIsOver() external {
        vm.warp(c.governor.guardianUntil());
        vm.expectRevert(
            abi.encodeWithSelector(IParameters.Parameters_NotGuardian.selector, guardian.addr)
        );
        vm.prank(guardian.addr);
        c.parameters.pauseIntake();
    }

    // --- Publishing (F2) ---

    function test_WhenPublished() external {
        c.parameters.schedule("window", 9);
        c.parameters.schedule("bond", 7e18);
        skip(130);
        assertEq(_market(1).window, 6, "nothing before publish");
        vm.expectEmit(address(c.parameters));
        emit IParameters.VersionPublished(2);
        assertEq(c.parameters.publish(), 2);
        assertEq(c.jobMarket.currentVersion(), 2);
        assertEq(_market(1).window, 6, "PAR-2");
        assertEq(_market(2).window, 9);
        assertEq(c.disputes.snapshotOf(1).bond, 5e18, "PAR-2");
        assertEq(c.disputes.snapshotOf(2).bond, 7e18);
        assertTrue(_market(1).enabled && _market(2).enabled, "F2: the current and the one before");
        c.parameters.publish();
        assertFalse(_market(1).enabled);
        assertTrue(_market(2).enabled && _market(3).enabled);
    }

    function _market(uint32 version) private view returns (IJobMarket.MarketSnapshot memory) {
        return c.jobMarket.snapshotOf(version, 2, lyn);
    }

    function test_WhenTheLocalProfileIsPublished() external view {
        IJobMarket.MarketSnapshot memory market = _market(1);
        assertEq(market.feeBps, 150);
        assertEq(market.window, 6);
        assertEq(market.minVerificationFee, 0.5e18);
        IDisputes.DisputeSnapshot memory disputes = c.disputes.snapshotOf(1);
        assertEq(disputes.chunkWindow, 6);
        assertEq(disputes.proofWindow, 6);
        assertEq(disputes.grace, 10);
        assertEq(disputes.reveal, 10);
        assertEq(disputes.openDemands, 3);
        assertEq(disputes.burnBps, 5_000);
        assertEq(disputes.bond, 5e18);
    }

    function test_WhenATokenIsListed() external {
        c.parameters.listToken(address(7), 2e6);
        c.parameters.publish();
        IJobMarket.MarketSnapshot memory snapshot = c.jobMarket.snapshotOf(2, 1, address(7));
        assertTrue(snapshot.enabled);
        assertEq(snapshot.feeBps, 250);
        assertEq(snapshot.minVerificationFee, 2e6);
        c.parameters.listToken(address(7), 3e6); // again: another fee
        c.parameters.publish();
        assertEq(c.jobMarket.snapshotOf(3, 1, address(7)).minVerificationFee, 3e6);
        assertEq(c.parameters.tokens().length, 1);
    }

    function test_RevertWhen_TooManyTokensAreListed() external {
        for (uint160 i = 1; i <= 16; ++i) {
            c.parameters.listToken(address(i), 0);
        }
        vm.expectRevert(abi.encodeWithSelector(IParameters.Parameters_TooManyTokens.selector, 16));
        c.parameters.listToken(address(17), 0);
        c.parameters.publish();
        vm.expectRevert(IParameters.Parameters_ZeroAddress.selector);
        c.parameters.listToken(address(0), 0);
        vm.expectRevert(IParameters.Parameters_ZeroAddress.selector);
        c.parameters.listToken(lyn, 0);
    }

    function test_RevertWhen_AStrangerGoverns() external {
        bytes memory notOwner =
            abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger.addr);
        vm.startPrank(stranger.addr);
        vm.expectRevert(notOwner);
        c.parameters.schedule("window", 7);
        vm.expectRevert(notOwner);
        c.parameters.abdicate("window");
        vm.expectRevert(notOwner);
        c.parameters.setSentinel(stranger.addr);
        vm.expectRevert(notOwner);
        c.parameters.setIntakePause(0);
        vm.expectRevert(notOwner);
        c.parameters.listToken(address(7), 0);
        vm.expectRevert(IParameters.Parameters_NothingToPublish.selector);
        c.parameters.publish();
        vm.expectRevert(notOwner);
        c.jobMarket.authoriseEntrance(stranger.addr);
    }

    // --- What the market takes ---

    function test_RevertWhen_SomebodyElsePushes() external {
        IJobMarket.MarketSnapshot memory snapshot = _market(1);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_NotParameters.selector, address(this))
        );
        c.jobMarket.pushSnapshot(2, 2, lyn, snapshot);
    }

    function test_RevertWhen_ASnapshotIsPushedTwiceOrLate() external {
        c.parameters.publish();
        IJobMarket.MarketSnapshot memory snapshot = _market(1);
        vm.startPrank(address(c.parameters));
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_SnapshotExists.selector, 2, uint8(2), lyn)
        );
        c.jobMarket.pushSnapshot(2, 2, lyn, snapshot);
        vm.expectRevert(abi.encodeWithSelector(IJobMarket.JobMarket_VersionRetired.selector, 1, 2));
        c.jobMarket.pushSnapshot(1, 2, address(7), snapshot);
        snapshot.feeBps = 1_001;
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_FeeTooHigh.selector, 1_001, 1_000)
        );
        c.jobMarket.pushSnapshot(3, 2, lyn, snapshot);
    }
}

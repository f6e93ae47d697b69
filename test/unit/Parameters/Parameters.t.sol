// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {PARAMETERS, ParameterBounds} from "../../../contracts/governance/ParameterBounds.sol";
import {Parameters} from "../../../contracts/governance/Parameters.sol";
import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {IParameters} from "../../../contracts/interfaces/IParameters.sol";
import {Base} from "../../utils/Base.t.sol";

contract ParametersTest is Base {
    // --- F4 ---

    function test_RevertWhen_LocalIsDeployedElsewhere() external {
        uint256[3] memory chains = [uint256(1), 42_161, 31_338];
        for (uint256 i = 0; i < 3; ++i) {
            vm.chainId(chains[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IParameters.Parameters_WrongChain.selector, chains[i])
            );
            new Parameters(address(this), IParameters.Profile.Local, lyn, c.jobMarket, c.disputes);
            new Parameters(address(this), IParameters.Profile.Testnet, lyn, c.jobMarket, c.disputes);
            new Parameters(address(this), IParameters.Profile.Main, lyn, c.jobMarket, c.disputes);
        }
    }

    /// @dev The casts of `publish` are safe: every bound fits its field; and every profile starts within its bounds.
    function test_EveryProfileIsSound() external pure {
        for (uint8 profile = 0; profile < 3; ++profile) {
            ParameterBounds.Parameter[PARAMETERS] memory all =
                ParameterBounds.allOf(IParameters.Profile(profile));
            uint256 shares;
            for (uint256 i = 0; i < PARAMETERS; ++i) {
                ParameterBounds.Parameter memory p = all[i];
                assertLe(p.minimum, p.initial, string(abi.encodePacked(p.name)));
                assertLe(p.initial, p.maximum, string(abi.encodePacked(p.name)));
                assertNotEq(p.maximum, 0);
                assertLe(p.maximum, _limit(p.name), string(abi.encodePacked(p.name)));
                if (p.name == "bountyBps" || p.name == "reserveBps") shares += p.initial;
            }
            assertLe(shares, 4_000, "D1");
        }
    }

    function _limit(bytes32 name) private pure returns (uint256) {
        if (name == "openDemands") return type(uint8).max;
        if (name == "burnBps" || name == "bountyBps" || name == "reserveBps") return 10_000;
        if (name == "feeBps" || name == "feeBpsLyn") return 1_000;
        if (
            name == "bond" || name == "commitBond" || name == "lynPerGas" || name == "minCollateral"
                || name == "minVerificationFee"
        ) return type(uint96).max;
        return type(uint24).max;
    }

    function test_WhenSetAtAndBeyondTheBounds() external {
        bytes32[] memory names = c.parameters.names();
        assertEq(names.length, PARAMETERS);
        for (uint256 i = 0; i < names.length; ++i) {
            (uint256 minimum, uint256 maximum) = c.parameters.boundsOf(names[i]);
            c.parameters.set(names[i], minimum);
            assertEq(c.parameters.valueOf(names[i]), minimum);
            c.parameters.set(names[i], maximum);
            assertEq(c.parameters.valueOf(names[i]), maximum);
            _expectOutside(names[i], maximum + 1, minimum, maximum);
            _expectOutside(names[i], type(uint256).max, minimum, maximum);
            if (minimum != 0) _expectOutside(names[i], minimum - 1, minimum, maximum);
        }
    }

    function _expectOutside(bytes32 name, uint256 value, uint256 minimum, uint256 maximum) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameters.Parameters_OutOfBounds.selector, name, value, minimum, maximum
            )
        );
        c.parameters.set(name, value); // PAR-1
    }

    function test_RevertWhen_TheNameIsUnknown() external {
        bytes memory unknown =
            abi.encodeWithSelector(IParameters.Parameters_Unknown.selector, bytes32("none"));
        vm.expectRevert(unknown);
        c.parameters.set("none", 1);
        vm.expectRevert(unknown);
        c.parameters.valueOf("none");
        vm.expectRevert(unknown);
        c.parameters.boundsOf("none");
    }

    // --- Publishing (F2) ---

    function test_WhenPublished() external {
        c.parameters.set("window", 9);
        c.parameters.set("bond", 7e18);
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

    function test_RevertWhen_SharesExceedTwoFifths() external {
        c.parameters.set("bountyBps", 3_500);
        c.parameters.set("reserveBps", 500);
        c.parameters.publish();
        vm.chainId(1);
        Parameters main =
            new Parameters(address(this), IParameters.Profile.Main, lyn, c.jobMarket, c.disputes);
        main.set("bountyBps", 3_500);
        main.set("reserveBps", 500); // the bounds themselves keep within D1
        assertEq(main.valueOf("bountyBps") + main.valueOf("reserveBps"), main.MAX_SHARES_BPS());
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
        c.parameters.set("window", 7);
        vm.expectRevert(notOwner);
        c.parameters.listToken(address(7), 0);
        vm.expectRevert(notOwner);
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

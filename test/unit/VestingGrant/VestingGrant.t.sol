// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Test} from "forge-std/Test.sol";

import {IGrantFactory} from "../../../contracts/interfaces/IGrantFactory.sol";
import {GrantFactory} from "../../../contracts/token/GrantFactory.sol";
import {LynToken} from "../../../contracts/token/LynToken.sol";
import {VestingGrant} from "../../../contracts/token/VestingGrant.sol";

contract VestingGrantTest is Test {
    LynToken private token;
    VestingGrant private grant;
    address private beneficiary = makeAddr("beneficiary");

    function setUp() public {
        vm.warp(1_800_000_000);
        token = new LynToken(address(this));
        grant = new VestingGrant(beneficiary, uint64(block.timestamp), 1_000 days, 100 days);
        require(token.transfer(address(grant), 1_000e18), "transfer");
    }

    function testFuzz_VST1_NeverMoreThanVested(uint256 first, uint256 second) external {
        first = bound(first, 0, 1_100 days);
        second = bound(second, first, 1_200 days);
        uint256[2] memory times = [first, second];
        uint256 start = block.timestamp;
        for (uint256 i = 0; i < 2; ++i) {
            vm.warp(start + times[i]);
            grant.release(address(token)); // open to all
            uint256 vested = times[i] < 100 days
                ? 0
                : times[i] >= 1_000 days ? 1_000e18 : 1_000e18 * times[i] / 1_000 days;
            assertEq(token.balanceOf(beneficiary), vested);
        }
    }

    function test_VST2_UnvestedTokensVote() external {
        vm.expectRevert(
            abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(this))
        );
        grant.delegate(token, address(this));
        vm.prank(beneficiary);
        grant.delegate(token, beneficiary);
        assertEq(token.getVotes(beneficiary), 1_000e18);
    }

    function test_GRF1_AGrantIsWhereItsTermsSay() external {
        GrantFactory factory = new GrantFactory();
        address at = factory.grantOf(beneficiary, 1_800_000_000, 10 days, 1 days);
        vm.expectEmit(address(factory));
        emit IGrantFactory.GrantCreated(at, beneficiary, 1_800_000_000, 10 days, 1 days);
        VestingGrant made = factory.create(beneficiary, 1_800_000_000, 10 days, 1 days);
        assertEq(address(made), at);
        assertEq(made.owner(), beneficiary);
        assertEq(made.cliff(), 1_800_000_000 + 1 days);
        // Who makes it first takes nothing from who pays into it.
        assertEq(address(factory.create(beneficiary, 1_800_000_000, 10 days, 1 days)), at);
    }
}

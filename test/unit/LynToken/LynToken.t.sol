// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {LynToken} from "../../../contracts/token/LynToken.sol";

contract LynTokenTest is Test {
    LynToken private token;

    function setUp() public {
        vm.warp(1_800_000_000);
        token = new LynToken(address(this));
    }

    function test_WhenDeployed() external view {
        assertEq(token.totalSupply(), 1_000_000_000e18);
        assertEq(token.balanceOf(address(this)), token.SUPPLY());
        assertEq(token.name(), "Lynode");
        assertEq(token.symbol(), "LYN");
        assertEq(token.decimals(), 18);
    }

    function test_WhenBurnt() external {
        token.burn(1e18);
        assertEq(token.totalSupply(), token.SUPPLY() - 1e18); // TOK-1
    }

    function test_VotesAreCountedByTimestamp() external {
        assertEq(token.clock(), block.timestamp);
        assertEq(token.CLOCK_MODE(), "mode=timestamp");
        token.delegate(address(7));
        skip(10);
        assertTrue(token.transfer(address(8), 1e18));
        skip(1);
        assertEq(token.getPastVotes(address(7), block.timestamp - 2), token.SUPPLY());
        assertEq(token.getVotes(address(7)), token.SUPPLY() - 1e18);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {MarketUpkeep} from "../../../contracts/periphery/MarketUpkeep.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Base} from "../../utils/Base.t.sol";

contract MarketUpkeepTest is Base {
    MarketUpkeep private upkeep;

    function setUp() public override {
        super.setUp();
        upkeep = new MarketUpkeep(c.jobMarket, c.ledger, stranger.addr);
    }

    /// @dev As Automation does: simulated from nobody, and then rolled back.
    function _check(Order[] memory page) private returns (bool needed, bytes memory work) {
        uint256 snapshot = vm.snapshotState();
        vm.prank(address(0), address(0));
        (needed, work) = upkeep.checkUpkeep(abi.encode(page));
        vm.revertToState(snapshot);
    }

    function test_WhenOneIsDueAndOneIsLate() external {
        Order[] memory page = new Order[](3);
        bytes32[3] memory ids;
        (page[0], ids[0]) = _delivered();
        (page[1], ids[1]) = _locked();
        page[2] = _order();
        (bool needed,) = _check(page);
        assertFalse(needed, "too early");
        skip(6);
        bytes memory work;
        (needed, work) = _check(page);
        assertTrue(needed);
        upkeep.performUpkeep(work);
        _assertStatus(ids[0], IJobMarket.Status.Settled);
        _assertStatus(ids[1], IJobMarket.Status.Reopened);
        uint256 earned = _free(address(upkeep));
        assertGt(earned, page[0].tip, "the tip, and gas out of the slash");
        upkeep.sweep(lyn);
        assertEq(c.lynToken.balanceOf(stranger.addr), earned);
        (needed,) = _check(page);
        assertFalse(needed, "nothing is left");
        upkeep.performUpkeep(work); // too late: nothing happens
    }

    function test_RevertWhen_CheckedByATransaction() external {
        vm.expectRevert();
        vm.prank(stranger.addr, stranger.addr);
        upkeep.checkUpkeep(abi.encode(new Order[](0)));
    }
}

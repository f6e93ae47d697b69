// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IEntrance} from "../../../contracts/interfaces/IEntrance.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Base} from "../../utils/Base.t.sol";

/// @notice An entrance that says what it is told.
contract FixedEntrance is IEntrance {
    address private immutable HOT_KEY;
    uint128 private immutable PRICE;
    bool private immutable DECLINABLE;

    constructor(address hotKey, uint128 price, bool declinable) {
        HOT_KEY = hotKey;
        PRICE = price;
        DECLINABLE = declinable;
    }

    function take(bytes32, Order calldata, bytes calldata)
        external
        view
        returns (address, uint128, bool)
    {
        return (HOT_KEY, PRICE, DECLINABLE);
    }
}

contract LockFromTest is Base {
    function _entrance(uint128 price, bool declinable) private returns (address entrance) {
        entrance = address(new FixedEntrance(hot.addr, price, declinable));
        c.jobMarket.authoriseEntrance(entrance);
    }

    function _lockFrom(address entrance, Order memory order, bytes memory signature)
        private
        returns (bytes32)
    {
        return c.jobMarket.lockFrom(entrance, order, signature, new bytes32[](0), "");
    }

    function test_WhenAnEntranceNamesProviderAndPrice() external {
        address entrance = _entrance(7e18, false);
        Order memory order = _order();
        bytes32 jobId = _lockFrom(entrance, order, _sign(order));
        assertEq(c.jobMarket.jobOf(jobId).price, 7e18);
        assertEq(c.jobMarket.jobOf(jobId).providerId, providerId);
    }

    /// @dev MKT-7: the requester's own call is its consent; nobody else's is.
    function test_WhenTheRequesterCalls() external {
        address entrance = _entrance(7e18, false);
        Order memory order = _order();
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_BadSignature.selector,
                c.jobMarket.jobIdOf(order),
                requester.addr
            )
        );
        _lockFrom(entrance, order, "");
        vm.prank(requester.addr);
        _assertStatus(_lockFrom(entrance, order, ""), IJobMarket.Status.Locked);
    }

    function test_RevertWhen_TheEntranceIsUnknown() external {
        address entrance = address(new FixedEntrance(hot.addr, 7e18, false));
        Order memory order = _order();
        bytes memory signature = _sign(order);
        vm.expectRevert(abi.encodeWithSelector(IJobMarket.JobMarket_NotEntrance.selector, entrance));
        _lockFrom(entrance, order, signature);
    }

    function test_RevertWhen_TheEntranceAsksMoreThanTheMaximum() external {
        Order memory order = _order();
        address entrance = _entrance(order.maxPrice + 1, false);
        bytes memory signature = _sign(order);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_BadOrder.selector,
                c.jobMarket.jobIdOf(order),
                bytes32("maxPrice")
            )
        );
        _lockFrom(entrance, order, signature);
    }

    function test_RevertWhen_AStrangerAuthorises() external {
        vm.expectRevert(
            abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger.addr)
        );
        vm.prank(stranger.addr);
        c.jobMarket.authoriseEntrance(address(1));
    }

    // --- Declining (D6): [lock, lock + 3) ---

    function test_WhenDeclinedInTime() external {
        address entrance = _entrance(7e18, true);
        Order memory order = _order();
        bytes32 jobId = _lockFrom(entrance, order, _sign(order));
        skip(2);
        vm.expectEmit(address(c.jobMarket));
        emit IJobMarket.LockDeclined(jobId, providerId);
        vm.prank(hot.addr);
        c.jobMarket.decline(order);
        _assertStatus(jobId, IJobMarket.Status.Reopened);
        assertEq(_reserved(providerId), 0);
        assertEq(_stakeOf(providerId), STAKE, "no slash");
        // Nothing of the attempt is left: the next provider cannot decline.
        _relock(order, otherHot);
        vm.expectRevert(abi.encodeWithSelector(IJobMarket.JobMarket_NotDeclinable.selector, jobId));
        vm.prank(otherHot.addr);
        c.jobMarket.decline(order);
    }

    function test_WhenTheLastAttemptIsDeclined() external {
        address entrance = _entrance(7e18, true);
        Order memory order = _order();
        order.maxAttempts = 1;
        bytes32 jobId = _lockFrom(entrance, order, _sign(order));
        vm.prank(hot.addr);
        c.jobMarket.decline(order);
        _assertStatus(jobId, IJobMarket.Status.Refunded);
        assertEq(_free(requester.addr) + _committed(requester.addr), FUNDS);
    }

    function test_RevertWhen_DeclinedTooLate() external {
        address entrance = _entrance(7e18, true);
        Order memory order = _order();
        bytes32 jobId = _lockFrom(entrance, order, _sign(order));
        uint40 closedAt = uint40(block.timestamp) + 3;
        skip(3);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_DeclineClosed.selector, jobId, closedAt)
        );
        vm.prank(hot.addr);
        c.jobMarket.decline(order);
    }

    function test_RevertWhen_AnotherDeclines() external {
        address entrance = _entrance(7e18, true);
        Order memory order = _order();
        bytes32 jobId = _lockFrom(entrance, order, _sign(order));
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_NotProvider.selector, jobId, otherHot.addr)
        );
        vm.prank(otherHot.addr);
        c.jobMarket.decline(order);
    }

    function test_RevertGiven_TheJobWasTakenByTheRamp() external {
        (Order memory order, bytes32 jobId) = _locked();
        vm.expectRevert(abi.encodeWithSelector(IJobMarket.JobMarket_NotDeclinable.selector, jobId));
        vm.prank(hot.addr);
        c.jobMarket.decline(order);
    }
}

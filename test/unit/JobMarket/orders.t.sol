// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {OrderHash} from "../../../contracts/market/OrderHash.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Base} from "../../utils/Base.t.sol";

/// @notice Posting, announcing, cancelling and the id of an order (D8).
contract OrdersTest is Base {
    function test_WhenTheRequesterPosts() external {
        Order memory order = _order();
        bytes32 jobId = c.jobMarket.jobIdOf(order);
        vm.expectEmit(address(c.jobMarket));
        emit IJobMarket.OrderPosted(jobId, requester.addr, order, "");
        vm.prank(requester.addr);
        assertEq(c.jobMarket.post(order), jobId);
        assertTrue(c.jobMarket.isPosted(jobId));

        vm.prank(hot.addr);
        c.jobMarket.lock(order, "");
        _assertStatus(jobId, IJobMarket.Status.Locked);
    }

    function test_RevertWhen_AnotherPosts() external {
        Order memory order = _order();
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_NotRequester.selector, stranger.addr, requester.addr
            )
        );
        vm.prank(stranger.addr);
        c.jobMarket.post(order);
    }

    function test_RevertWhen_LockedWithoutSignatureOrPost() external {
        Order memory order = _order();
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_BadSignature.selector,
                c.jobMarket.jobIdOf(order),
                requester.addr
            )
        );
        vm.prank(hot.addr);
        c.jobMarket.lock(order, "");
    }

    function test_WhenAnnounced() external {
        Order memory order = _order();
        bytes memory signature = _sign(order);
        vm.expectEmit(address(c.jobMarket));
        emit IJobMarket.OrderPosted(c.jobMarket.jobIdOf(order), requester.addr, order, signature);
        vm.prank(stranger.addr);
        c.jobMarket.announce(order, signature);
        assertFalse(c.jobMarket.isPosted(c.jobMarket.jobIdOf(order)));
    }

    function testFuzz_WhenCancelled(uint256 nonce) external {
        Order memory order = _order();
        order.nonce = nonce;
        bytes memory signature = _sign(order);
        vm.prank(requester.addr);
        c.jobMarket.cancel(nonce >> 8, 1 << (nonce & 255));
        assertTrue(c.jobMarket.isNonceUsed(requester.addr, nonce));
        assertFalse(c.jobMarket.isNonceUsed(requester.addr, nonce ^ 1));
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_NonceUsed.selector, requester.addr, nonce)
        );
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
    }

    function test_WhenAnotherCancelsTheSameNonce() external {
        Order memory order = _order();
        vm.prank(stranger.addr);
        c.jobMarket.cancel(order.nonce >> 8, type(uint256).max);
        _lock(order);
    }

    /// @dev Twin of the assembly: the compiler's own encoding.
    function testFuzz_OrderHash(Order calldata order) external view {
        bytes32 expected = keccak256(abi.encode(OrderHash.TYPEHASH, order));
        assertEq(OrderHash.structHash(order), expected);
        assertEq(
            c.jobMarket.jobIdOf(order),
            keccak256(abi.encodePacked(hex"1901", c.jobMarket.DOMAIN_SEPARATOR(), expected))
        );
    }

    function test_DomainSeparator() external view {
        assertEq(
            c.jobMarket.DOMAIN_SEPARATOR(),
            keccak256(
                abi.encode(
                    keccak256(
                        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                    ),
                    keccak256("Lynode JobMarket"),
                    keccak256("1"),
                    block.chainid,
                    address(c.jobMarket)
                )
            )
        );
    }

    function test_PriceOfAndTotalOf() external {
        Order memory order = _order();
        assertEq(c.marketLens.priceOf(order, 0), 5e18);
        assertEq(c.marketLens.priceOf(order, order.rampStart), 5e18);
        assertEq(c.marketLens.priceOf(order, order.rampStart + 1), 7.5e18);
        assertEq(c.marketLens.priceOf(order, order.rampStart + 4), 15e18);
        assertEq(c.marketLens.priceOf(order, type(uint40).max), 15e18);
        assertEq(c.marketLens.totalOf(order, 5e18), 5.7e18);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Trading} from "../../utils/Trading.t.sol";
import {HostileWallet, Wallet} from "../../utils/Wallets.sol";

/// @notice Who consents to an order and who may take it: contract accounts, batches, permits, named providers.
contract ConsentTest is Trading {
    bytes32 private constant SHARD = keccak256("Lynode OrderBatch shard");

    function _expectBad(Order memory order, bytes memory signature) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_BadSignature.selector,
                c.jobMarket.jobIdOf(order),
                order.requester
            )
        );
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
    }

    function _fundCommitted(address account) private {
        _fund(account, 100e18);
        vm.prank(account);
        c.ledger.depositCommitted(lyn, 100e18);
    }

    // --- Contract accounts (D8, classes 7 and 12) ---

    function test_WhenAWalletSigns() external {
        address wallet = address(new Wallet(stranger.addr));
        _fundCommitted(wallet);
        Order memory order = _order();
        order.requester = wallet;
        _expectBad(order, _signAs(hot, order));
        bytes memory signature = _signAs(stranger, order);
        vm.prank(hot.addr);
        _assertStatus(c.jobMarket.lock(order, signature), IJobMarket.Status.Locked);
    }

    /// @dev EIP-7702: an account with code keeps its key.
    function test_WhenAKeyHasCode() external {
        vm.etch(requester.addr, hex"fe");
        _locked();
    }

    function test_Class7_HostileWallets() external {
        for (uint256 trouble = 0; trouble <= 6; ++trouble) {
            address wallet = address(new HostileWallet(HostileWallet.Trouble(trouble)));
            _fundCommitted(wallet);
            Order memory order = _order();
            order.requester = wallet;
            bytes memory signature = new bytes(65);
            uint256 before = gasleft();
            vm.prank(hot.addr);
            (bool ok,) =
                address(c.jobMarket).call(abi.encodeCall(IJobMarket.lock, (order, signature)));
            assertFalse(ok);
            assertLt(before - gasleft(), 700_000, "bounded");
        }
    }

    // --- Batches (D8) ---

    function _signBatch(bytes32 root, uint32 count) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(requester.key, c.marketLens.batchIdOf(root, count));
        return abi.encodePacked(r, s, v);
    }

    function _shard(uint32 count, bytes32[] memory path, bytes memory signature)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(abi.encode(count, path, signature), SHARD);
    }

    function test_WhenOneSignatureCoversShards() external {
        Order[2] memory orders = [_order(), _order()];
        bytes32[2] memory ids = [c.jobMarket.jobIdOf(orders[0]), c.jobMarket.jobIdOf(orders[1])];
        bytes memory signature = _signBatch(_pair(ids[0], ids[1]), 2);
        vm.prank(hot.addr);
        c.jobMarket.lock(orders[0], _shard(2, _one(ids[1]), signature));
        vm.prank(otherHot.addr);
        c.jobMarket.lock(orders[1], _shard(2, _one(ids[0]), signature));
        _assertStatus(ids[0], IJobMarket.Status.Locked);
        _assertStatus(ids[1], IJobMarket.Status.Locked);
        // Each shard has a nonce of its own, so each can be cancelled alone.
        assertTrue(c.jobMarket.isNonceUsed(requester.addr, orders[1].nonce));
    }

    /// @dev Class 22: an inner node is no order, a leaf no root of another batch.
    function test_Class22_ShardsThatAreNone() external {
        Order memory order = _order();
        bytes32 jobId = c.jobMarket.jobIdOf(order);
        bytes32 other = keccak256("other");
        bytes memory signature = _signBatch(_pair(jobId, other), 2);
        _expectBad(order, _shard(3, _one(other), signature)); // another count
        _expectBad(order, _shard(2, _one(keccak256("none")), signature));
        _expectBad(order, _shard(2, new bytes32[](0), signature));
        _expectBad(order, signature); // the batch's signature is not the order's
        bytes memory own = _sign(order);
        _expectBad(order, _shard(1, new bytes32[](0), own)); // nor the reverse
        order.inputRoot = keccak256("changed");
        _expectBad(order, _shard(2, _one(other), signature));
    }

    function test_RevertGiven_TheShardWasCancelled() external {
        Order memory order = _order();
        bytes32 jobId = c.jobMarket.jobIdOf(order);
        bytes memory shard = _shard(1, new bytes32[](0), _signBatch(jobId, 1));
        vm.prank(requester.addr);
        c.jobMarket.cancel(order.nonce >> 8, 1 << (order.nonce & 255));
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_NonceUsed.selector, requester.addr, order.nonce
            )
        );
        vm.prank(hot.addr);
        c.jobMarket.lock(order, shard);
    }

    // --- Named providers ---

    function test_WhenTheOrderNamesOneProvider() external {
        Order memory order = _order();
        order.allowedRoot = _providerLeaf(otherProviderId);
        bytes memory signature = _sign(order);
        bytes32 jobId = c.jobMarket.jobIdOf(order);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_NotAllowed.selector, jobId, providerId)
        );
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
        vm.prank(otherHot.addr);
        c.jobMarket.lock(order, signature);
    }

    function test_WhenTheOrderNamesASet() external {
        (bytes32 left, bytes32 right) = (_providerLeaf(otherProviderId), _providerLeaf(77));
        Order memory order = _order();
        order.allowedRoot = _pair(left, right);
        bytes memory signature = _sign(order);
        bytes32 jobId = c.jobMarket.jobIdOf(order);
        bytes memory notAllowed =
            abi.encodeWithSelector(IJobMarket.JobMarket_NotAllowed.selector, jobId, providerId);
        vm.expectRevert(notAllowed);
        vm.prank(hot.addr);
        c.jobMarket.lockAllowed(order, signature, _one(right));
        vm.prank(otherHot.addr);
        c.jobMarket.lockAllowed(order, signature, _one(right));
        // A re-opened job is for the same set.
        skip(6);
        c.jobMarket.expireLock(order);
        vm.expectRevert(notAllowed);
        vm.prank(hot.addr);
        c.jobMarket.lock(order, "");
    }

    // --- The order's own escrow by permit (class 9) ---

    function _permit(uint256 value) private view returns (ILedger.Permit memory permit) {
        permit.value = value;
        permit.deadline = block.timestamp + 1 hours;
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                stranger.addr,
                address(c.ledger),
                value,
                c.lynToken.nonces(stranger.addr),
                permit.deadline
            )
        );
        (permit.v, permit.r, permit.s) = vm.sign(
            stranger.key,
            keccak256(abi.encodePacked(hex"1901", c.lynToken.DOMAIN_SEPARATOR(), structHash))
        );
    }

    function _strangersOrder() private returns (Order memory order) {
        c.lynToken.transfer(stranger.addr, 100e18);
        order = _order();
        order.requester = stranger.addr;
    }

    function test_WhenTheEscrowComesByPermit() external {
        Order memory order = _strangersOrder();
        bytes memory signature = _signAs(stranger, order);
        ILedger.Permit memory permit = _permit(order.maxTotal);
        vm.prank(hot.addr);
        c.jobMarket.lockWithPermit(order, signature, new bytes32[](0), permit);
        assertEq(c.lynToken.balanceOf(stranger.addr), 100e18 - order.maxTotal);
        assertEq(_committed(stranger.addr), order.maxTotal - 5.7e18);
    }

    function test_Class9_WhenThePermitIsSubmittedFirst() external {
        Order memory order = _strangersOrder();
        bytes memory signature = _signAs(stranger, order);
        ILedger.Permit memory permit = _permit(order.maxTotal);
        c.lynToken
            .permit(
                stranger.addr,
                address(c.ledger),
                permit.value,
                permit.deadline,
                permit.v,
                permit.r,
                permit.s
            );
        vm.prank(hot.addr);
        c.jobMarket.lockWithPermit(order, signature, new bytes32[](0), permit);
    }

    /// @dev Only what is missing, and nothing for an order that the requester did not sign.
    function test_WhenTheBalanceSuffices() external {
        Order memory order = _strangersOrder();
        vm.startPrank(stranger.addr);
        c.lynToken.approve(address(c.ledger), type(uint256).max);
        c.ledger.depositCommitted(lyn, 20e18);
        vm.stopPrank();
        ILedger.Permit memory permit;
        bytes memory signature = _signAs(stranger, order);
        vm.prank(hot.addr);
        c.jobMarket.lockWithPermit(order, signature, new bytes32[](0), permit);
        assertEq(c.lynToken.balanceOf(stranger.addr), 80e18);
        order = _order();
        order.requester = stranger.addr;
        order.maxTotal = 80e18;
        signature = _signAs(hot, order);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_BadSignature.selector,
                c.jobMarket.jobIdOf(order),
                stranger.addr
            )
        );
        vm.prank(hot.addr);
        c.jobMarket.lockWithPermit(order, signature, new bytes32[](0), permit);
        assertEq(c.lynToken.balanceOf(stranger.addr), 80e18);
    }

    function test_RevertWhen_AStrangerTopsUp() external {
        ILedger.Permit memory permit;
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_NotCore.selector, stranger.addr));
        vm.prank(stranger.addr);
        c.ledger.topUp(lyn, requester.addr, 1, permit);
    }
}

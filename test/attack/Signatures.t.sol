// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IJobMarket} from "../../contracts/interfaces/IJobMarket.sol";
import {IParameters} from "../../contracts/interfaces/IParameters.sol";
import {JobMarket} from "../../contracts/market/JobMarket.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Base} from "../utils/Base.t.sol";

/// @notice Classes 6 and 7: replayed, malleable, short and empty signatures.
contract SignatureAttacksTest is Base {
    uint256 private constant CURVE_ORDER =
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    function _expectBad(Order memory order, bytes memory signature) private {
        bytes32 jobId = c.jobMarket.jobIdOf(order);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_BadSignature.selector, jobId, order.requester
            )
        );
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
    }

    function test_Class6_ReplayOnAnotherChain() external {
        Order memory order = _order();
        bytes memory signature = _sign(order);
        vm.chainId(10);
        _expectBad(order, signature);
        vm.chainId(31_337);
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
    }

    function test_Class6_ReplayOnAnotherInstance() external {
        Order memory order = _order();
        bytes memory signature = _sign(order);
        JobMarket other = new JobMarket(
            address(this),
            JobMarket.Config({
                lyn: lyn,
                ledger: c.ledger,
                stakeManager: c.stakeManager,
                modelRegistry: c.modelRegistry,
                disputes: c.disputes,
                audits: c.jobMarket.AUDITS(),
                prices: c.priceOracle,
                parameters: address(this),
                feeSink: address(c.feeSink),
                verificationFees: address(c.auditManager),
                zkModels: c.zkModels,
                zkDeliveries: address(c.zkDeliveries),
                epoch: 2,
                qEffPpm: 100_000,
                acceptDelay: 3,
                feed: c.jobMarket.FEED(),
                grace: 0
            })
        );
        other.pushSnapshot(1, 2, lyn, c.jobMarket.snapshotOf(1, 2, lyn));
        bytes32 jobId = other.jobIdOf(order);
        assertNotEq(jobId, c.jobMarket.jobIdOf(order));
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_BadSignature.selector, jobId, requester.addr
            )
        );
        vm.prank(hot.addr);
        other.lock(order, signature);
    }

    function test_Class6_ReplayAfterSettlement() external {
        (Order memory order, bytes32 jobId) = _delivered();
        _passWindow();
        c.jobMarket.settle(order);
        bytes memory signature = _sign(order);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_WrongStatus.selector, jobId, IJobMarket.Status.Settled
            )
        );
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
    }

    function test_Class6_AnotherSigner() external {
        Order memory order = _order();
        _expectBad(order, _signAs(stranger, order));
    }

    /// @dev Whatever field is changed after signing, the signature is void.
    function testFuzz_Class6_ChangedOrder(uint256 word, uint256 flip) external {
        Order memory order = _order();
        bytes memory signature = _sign(order);
        word = bound(word, 1, 3);
        if (word == 1) order.inputRoot ^= bytes32(flip | 1);
        if (word == 2) order.maxTotal += bound(flip, 1, 1e30);
        if (word == 3) order.nonce ^= flip | 1;
        _expectBad(order, signature);
    }

    function test_Class7_HighS() external {
        Order memory order = _order();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(requester.key, c.jobMarket.jobIdOf(order));
        bytes32 high = bytes32(CURVE_ORDER - uint256(s));
        _expectBad(order, abi.encodePacked(r, high, v == 27 ? uint8(28) : uint8(27)));
    }

    function test_Class7_OddV() external {
        Order memory order = _order();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(requester.key, c.jobMarket.jobIdOf(order));
        _expectBad(order, abi.encodePacked(r, s, v - 27));
        _expectBad(order, abi.encodePacked(r, s, uint8(29)));
    }

    function test_Class7_ShortAndLongSignatures() external {
        Order memory order = _order();
        bytes memory good = _sign(order);
        bytes memory signature = new bytes(64);
        for (uint256 i = 0; i < 64; ++i) {
            signature[i] = good[i];
        }
        _expectBad(order, signature);
        _expectBad(order, abi.encodePacked(good, hex"00"));
        _expectBad(order, hex"00");
    }

    function test_Class7_ZeroSigner() external {
        Order memory order = _order();
        order.requester = address(0);
        _expectBad(order, "");
        _expectBad(order, new bytes(65)); // recovers nobody
        _expectBad(order, abi.encodePacked(bytes32(uint256(1)), bytes32(uint256(1)), uint8(27)));
    }

    /// @dev A field with dirty upper bits is another id, which nobody signed, and reverts where it is read.
    function test_Class24_DirtyCalldata() external {
        Order memory order = _order();
        bytes memory call_ = abi.encodeCall(IJobMarket.lock, (order, _sign(order)));
        call_[4] = 0x01; // the highest byte of `requester`
        vm.prank(hot.addr);
        (bool ok,) = address(c.jobMarket).call(call_);
        assertFalse(ok);
    }
}

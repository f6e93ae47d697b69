// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IReceipts} from "../../../contracts/interfaces/IReceipts.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Actor, Base} from "../../utils/Base.t.sol";

/// @notice RCP-1, RCP-2: who may waive outputs, and of what.
contract ReceiptsTest is Base {
    function _receipt(Actor memory signer, bytes32 execId) internal view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Lynode Receipts"),
                keccak256("1"),
                block.chainid,
                address(c.receipts)
            )
        );
        bytes32 receipt = keccak256(abi.encode(keccak256("Receipt(bytes32 execId)"), execId));
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(signer.key, keccak256(abi.encodePacked(hex"1901", domain, receipt)));
        return abi.encodePacked(r, s, v);
    }

    function test_WhenTheRequesterSigns() public {
        (Order memory order, bytes32 jobId) = _delivered();
        bytes32 execId = c.disputes.execIdOf(jobId, 0, providerId);
        vm.expectEmit();
        emit IReceipts.OutputsWaived(execId, jobId);
        c.receipts.waiveOutputs(order, _receipt(requester, execId));
        assertTrue(c.receipts.isWaived(execId));
    }

    function test_RevertWhen_SomebodyElseSigns() public {
        (Order memory order, bytes32 jobId) = _delivered();
        bytes32 execId = c.disputes.execIdOf(jobId, 0, providerId);
        bytes memory signature = _receipt(stranger, execId);
        vm.expectRevert(abi.encodeWithSelector(IReceipts.Receipts_BadReceipt.selector, execId));
        c.receipts.waiveOutputs(order, signature);
    }

    function test_RevertWhen_TheReceiptIsOfAnotherExecution() public {
        (Order memory order, bytes32 jobId) = _delivered();
        bytes memory signature = _receipt(requester, c.disputes.execIdOf(jobId, 1, providerId));
        vm.expectRevert(
            abi.encodeWithSelector(
                IReceipts.Receipts_BadReceipt.selector, c.disputes.execIdOf(jobId, 0, providerId)
            )
        );
        c.receipts.waiveOutputs(order, signature);
    }

    function test_RevertGiven_NothingIsDelivered() public {
        (Order memory order, bytes32 jobId) = _locked();
        vm.prank(requester.addr);
        vm.expectRevert(abi.encodeWithSelector(IReceipts.Receipts_NotDelivered.selector, jobId));
        c.receipts.waiveOutputs(order, "");
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Role} from "../../../contracts/types/Role.sol";
import {Base} from "../../utils/Base.t.sol";

contract DeliverTest is Base {
    function test_WhenInTime() external {
        (, bytes32 jobId) = _locked();
        skip(5); // the last second of the delivery window
        vm.expectEmit(address(c.jobMarket));
        emit IJobMarket.JobDelivered(jobId, providerId, RESULT, uint40(block.timestamp) + 6);
        _deliver(jobId);
        IJobMarket.Job memory job = c.jobMarket.jobOf(jobId);
        assertEq(job.resultRoot, RESULT);
        assertEq(job.time, block.timestamp);
        assertEq(uint8(job.status), uint8(IJobMarket.Status.Delivered));
    }

    function test_RevertWhen_TheWindowEnds() external {
        (, bytes32 jobId) = _locked();
        uint40 end = uint40(block.timestamp) + 6;
        for (uint40 late = 0; late < 2; ++late) {
            vm.warp(end + late);
            vm.expectRevert(
                abi.encodeWithSelector(IJobMarket.JobMarket_DeliveryClosed.selector, jobId, end)
            );
            vm.prank(hot.addr);
            c.jobMarket.deliver(jobId, RESULT);
        }
    }

    function test_RevertWhen_AnotherDelivers() external {
        (, bytes32 jobId) = _locked();
        address[3] memory others = [otherHot.addr, owner.addr, stranger.addr];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IJobMarket.JobMarket_NotProvider.selector, jobId, others[i])
            );
            vm.prank(others[i]);
            c.jobMarket.deliver(jobId, RESULT);
        }
    }

    function test_WhenTheHotKeyWasRotated() external {
        (, bytes32 jobId) = _locked();
        bytes memory consent = _consent(stranger, owner.addr, Role.Provider);
        vm.prank(owner.addr);
        c.stakeManager.rotateHotKey(providerId, stranger.addr, consent);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_NotProvider.selector, jobId, hot.addr)
        );
        _deliver(jobId);
        vm.prank(stranger.addr);
        c.jobMarket.deliver(jobId, RESULT);
    }

    function test_RevertGiven_NoLock() external {
        bytes32 jobId = keccak256("nothing");
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_WrongStatus.selector, jobId, IJobMarket.Status.None
            )
        );
        _deliver(jobId);
    }

    function test_RevertGiven_ADelivery() external {
        (, bytes32 jobId) = _delivered();
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_WrongStatus.selector, jobId, IJobMarket.Status.Delivered
            )
        );
        _deliver(jobId);
    }

    // --- A12 ---

    function _leaf(bytes memory data) private pure returns (bytes32) {
        return sha256(abi.encodePacked(hex"00", data));
    }

    function _output(bytes memory data, bool carried)
        private
        pure
        returns (IJobMarket.SmallOutput memory)
    {
        // uint8[4], little-endian, as docs/protocol.md section 2 writes a header.
        return IJobMarket.SmallOutput(hex"02010400000000", data, carried);
    }

    /// @dev docs/protocol.md section 4, spelt out for two plain outputs of one chunk each and one carried.
    function test_WhenOutputsTravelAlong() external {
        (, bytes32 jobId) = _locked();
        IJobMarket.SmallOutput[] memory outputs = new IJobMarket.SmallOutput[](3);
        outputs[0] = _output(hex"01020304", false);
        outputs[1] = _output(hex"05060708", true);
        outputs[2] = _output(hex"090a0b0c", false);
        bytes32[3] memory roots;
        for (uint256 i = 0; i < 3; ++i) {
            roots[i] = sha256(abi.encodePacked(hex"02", outputs[i].header, _leaf(outputs[i].data)));
        }
        bytes32 stepOutputs = sha256(
            abi.encodePacked(hex"01", _leaf(abi.encode(roots[0])), _leaf(abi.encode(roots[2])))
        );
        bytes32 carriedRoot = _leaf(abi.encode(roots[1]));
        bytes32 segment =
            sha256(abi.encodePacked(hex"03", carriedRoot, _leaf(abi.encode(stepOutputs))));
        vm.expectEmit(address(c.jobMarket));
        emit IJobMarket.OutputsDelivered(jobId, outputs);
        vm.prank(hot.addr);
        c.jobMarket.deliverWithOutputs(jobId, outputs);
        assertEq(c.jobMarket.jobOf(jobId).resultRoot, _leaf(abi.encode(segment)));
    }

    function test_WhenNothingIsCarried() external {
        (, bytes32 jobId) = _locked();
        IJobMarket.SmallOutput[] memory outputs = new IJobMarket.SmallOutput[](1);
        outputs[0] = _output(hex"01020304", false);
        bytes32 root = sha256(abi.encodePacked(hex"02", outputs[0].header, _leaf(outputs[0].data)));
        bytes32 stepOutputs = _leaf(abi.encode(root));
        bytes32 segment =
            sha256(abi.encodePacked(hex"03", sha256(""), _leaf(abi.encode(stepOutputs))));
        vm.prank(hot.addr);
        c.jobMarket.deliverWithOutputs(jobId, outputs);
        assertEq(c.jobMarket.jobOf(jobId).resultRoot, _leaf(abi.encode(segment)));
    }

    function test_WhenOutputsAreAsLargeAsAllowed() external {
        (, bytes32 jobId) = _locked();
        IJobMarket.SmallOutput[] memory outputs = new IJobMarket.SmallOutput[](1);
        outputs[0] = _output(new bytes(8_192 - 7), false);
        vm.prank(hot.addr);
        c.jobMarket.deliverWithOutputs(jobId, outputs);
    }

    function test_RevertWhen_OutputsAreTooLarge() external {
        (, bytes32 jobId) = _locked();
        IJobMarket.SmallOutput[] memory outputs = new IJobMarket.SmallOutput[](1);
        outputs[0] = _output(new bytes(8_192 - 6), false);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_OutputsTooLarge.selector, 8_193, 8_192)
        );
        vm.prank(hot.addr);
        c.jobMarket.deliverWithOutputs(jobId, outputs);
    }
}

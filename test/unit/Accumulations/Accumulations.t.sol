// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Vm} from "forge-std/Vm.sol";

import {IAccumulations} from "../../../contracts/interfaces/IAccumulations.sol";
import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {ExactDot} from "../../../contracts/libraries/ExactDot.sol";
import {FraudProof, Opening, Place} from "../../../contracts/types/FraudProof.sol";
import {IPartialChecker} from "../../../contracts/interfaces/IChecker.sol";
import {LongRows} from "../../utils/LongRows.t.sol";

/// @notice Elements that one transaction cannot prove: a MatMul of 40,000 terms and a Softmax of as many, absorbed part by part.
contract AccumulationsTest is LongRows {
    /// @dev 32 chunks of 256 terms.
    uint32 internal constant PART = 8_192;

    /// @dev What the last step left.
    bytes internal state;

    // ---- verdicts ----

    function test_AProductOf40000TermsConvicts() public {
        // One part in a thousand beyond what any order of additions gives.
        data[Y] = bytes.concat(_float(N + 200));
        _run();
        Place memory place = _place(PRODUCT, 0, TOP);
        bytes32 id = _absorbAll(place);
        uint256 before = _free(stranger.addr);
        _judge(place, _closing(PRODUCT));
        _assertStatus(jobId, IJobMarket.Status.Convicted);
        assertGt(_free(stranger.addr) - before, 249e18, "the opener's bounty");
        c.accumulations.claimBond(id);
        c.accumulations.claimGas(id, stranger.addr);
        assertEq(c.accumulations.gasOf(id, stranger.addr), 0);
    }

    function test_AnHonestProductIsAcquitted() public {
        _run();
        Place memory place = _place(PRODUCT, 0, TOP);
        bytes32 id = _absorbAll(place);
        _judge(place, _closing(PRODUCT));
        _assertStatus(jobId, IJobMarket.Status.Delivered);
        // ACC-2: it shields nothing, and its bond is the provider's.
        uint256 before = _free(owner.addr);
        uint96 bond = c.accumulations.accumulationOf(id).bond;
        c.accumulations.claimBond(id);
        assertEq(_free(owner.addr), before + bond);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccumulations.Accumulations_NotOpen.selector, id, IAccumulations.Status.Claimed
            )
        );
        c.accumulations.claimBond(id);
    }

    function test_ASoftmaxOf40000ElementsConvicts() public {
        _set(S, 12_345, _float(1));
        _run();
        Place memory place = _place(SOFTMAX, 12_345, 0x3f800000);
        _absorbAll(place);
        _judge(place, _closing(SOFTMAX));
        _assertStatus(jobId, IJobMarket.Status.Convicted);
    }

    function test_AnHonestSoftmaxIsAcquitted() public {
        _run();
        Place memory place = _place(SOFTMAX, 12_345, 0x3f800000);
        _absorbAll(place);
        _judge(place, _closing(SOFTMAX));
        _assertStatus(jobId, IJobMarket.Status.Delivered);
    }

    // ---- hints ----

    function test_RevertWhen_ATermIsAboveTheHint() public {
        _run();
        Place memory place = _place(PRODUCT, 0, TOP - 1);
        _begin(place);
        _expectAbsorb(
            place,
            0,
            PART,
            abi.encodeWithSelector(ExactDot.ExactDot_AboveTop.selector, TOP, TOP - 1)
        );
        place = _place(SOFTMAX, 0, 0x3f7fffff);
        _begin(place);
        _expectAbsorb(
            place,
            0,
            PART,
            abi.encodeWithSelector(IPartialChecker.Checker_WrongHint.selector, 0x3f7fffff)
        );
    }

    /// RV-1: a hint too high only widens the set of a sum, and no softmax has a maximum that no element is.
    function test_AHintTooHighHelpsNobody() public {
        _run();
        Place memory place = _place(SOFTMAX, 7, 0x40000000);
        _absorbAll(place);
        FraudProof memory proof = _closing(SOFTMAX, 7);
        bytes memory last = state;
        vm.expectRevert(
            abi.encodeWithSelector(IPartialChecker.Checker_WrongHint.selector, 0x40000000)
        );
        c.accumulations.judge(order, place, stranger.addr, last, proof);
    }

    // ---- steps ----

    function test_AnybodyGoesOn() public {
        data[Y] = bytes.concat(_float(N + 200));
        _run();
        Place memory place = _place(PRODUCT, 0, TOP);
        bytes32 id = _begin(place);
        state = "";
        _absorb(stranger.addr, place, 0, PART);
        for (uint32 from = PART; from < N; from += PART) {
            _absorb(publisher.addr, place, from, from + PART > N ? N - from : PART);
        }
        _judge(place, _closing(PRODUCT));
        _assertStatus(jobId, IJobMarket.Status.Convicted);
        // ACC-3: who helped gets its gas.
        assertGt(c.accumulations.gasOf(id, publisher.addr), 0);
        c.accumulations.claimGas(id, publisher.addr);
        assertGt(_free(publisher.addr), 0);
    }

    function test_RevertWhen_AStepIsTooSmallOrNotTheNext() public {
        _run();
        Place memory place = _place(PRODUCT, 0, TOP);
        bytes32 id = _begin(place);
        _expectAbsorb(
            place,
            0,
            1_023,
            abi.encodeWithSelector(IAccumulations.Accumulations_TooFewTerms.selector, 1_023, 1_024)
        );
        _absorb(stranger.addr, place, 0, PART);
        FraudProof memory proof = _part(place, PART, PART);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccumulations.Accumulations_WrongState.selector, id, keccak256(state)
            )
        );
        c.accumulations.absorb(order, place, stranger.addr, "", PART, proof);
        // Not judged before the end.
        proof = _closing(PRODUCT);
        bytes memory last = state;
        vm.expectRevert();
        c.accumulations.judge(order, place, stranger.addr, last, proof);
    }

    // ---- finality ----

    /// ACC-1: a half-finished one delays settlement until R after its last step, and no longer.
    function test_FinalityWaitsForRAfterTheLastStep() public {
        _run();
        Place memory place = _place(PRODUCT, 0, TOP);
        skip(5);
        bytes32 id = _begin(place);
        skip(9);
        _absorb(stranger.addr, place, 0, PART);
        uint40 liveUntil = uint40(block.timestamp) + 10;
        assertEq(c.accumulations.accumulationOf(id).liveUntil, liveUntil);
        vm.warp(liveUntil - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_NotFinal.selector, execId, liveUntil)
        );
        c.jobMarket.settle(order);
        vm.warp(liveUntil);
        FraudProof memory proof = _part(place, PART, PART);
        bytes memory last = state;
        vm.expectRevert(
            abi.encodeWithSelector(IAccumulations.Accumulations_Lapsed.selector, id, liveUntil)
        );
        c.accumulations.absorb(order, place, stranger.addr, last, PART, proof);
        c.jobMarket.settle(order);
        c.accumulations.claimBond(id);
    }

    /// ACC-2: an attacker's own accumulation, left half-finished, does not stand in another's way.
    function test_AHalfFinishedOneShieldsNobody() public {
        data[Y] = bytes.concat(_float(N + 200));
        _run();
        _fund(publisher.addr, FUNDS);
        vm.prank(publisher.addr);
        c.ledger.deposit(lyn, publisher.addr, 1_000e18);
        Place memory place = _place(PRODUCT, 0, TOP);
        vm.prank(publisher.addr);
        bytes32 attack = c.accumulations.open(order, place);
        _absorbAll(place);
        _judge(place, _closing(PRODUCT));
        _assertStatus(jobId, IJobMarket.Status.Convicted);
        c.accumulations.claimBond(attack); // convicted meanwhile: returned
    }

    function test_RevertWhen_ItIsOpenedTooLateOrTwice() public {
        _run();
        Place memory place = _place(PRODUCT, 0, TOP);
        bytes32 id = _begin(place);
        vm.prank(stranger.addr);
        vm.expectRevert(abi.encodeWithSelector(IAccumulations.Accumulations_Exists.selector, id));
        c.accumulations.open(order, place);
        skip(6);
        place.element = 1;
        vm.prank(stranger.addr);
        vm.expectPartialRevert(IDisputes.Disputes_Closed.selector);
        c.accumulations.open(order, place);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccumulations.Accumulations_StillLive.selector, id, uint40(block.timestamp) + 4
            )
        );
        c.accumulations.claimBond(id);
        vm.expectRevert(
            abi.encodeWithSelector(IAccumulations.Accumulations_NoGas.selector, id, stranger.addr)
        );
        c.accumulations.claimGas(id, stranger.addr);
    }

    /// Gas of a step and of the verdict, for docs/operators.md.
    function test_GasOfAStep() public {
        _run();
        Place memory place = _place(PRODUCT, 0, TOP);
        _begin(place);
        state = "";
        FraudProof memory proof = _part(place, 0, PART);
        uint256 used = gasleft();
        vm.prank(stranger.addr);
        c.accumulations.absorb(order, place, stranger.addr, "", PART, proof);
        emit log_named_uint("absorb 8,192 terms of a product, execution", used - gasleft());
        assertLt(used - gasleft(), 12_000_000);
    }

    // ---- helpers ----

    function _begin(Place memory place) internal returns (bytes32) {
        vm.prank(stranger.addr);
        return c.accumulations.open(order, place);
    }

    function _absorbAll(Place memory place) internal returns (bytes32 id) {
        id = _begin(place);
        state = "";
        for (uint32 from; from < N; from += PART) {
            _absorb(stranger.addr, place, from, from + PART > N ? N - from : PART);
        }
    }

    function _absorb(address by, Place memory place, uint32 from, uint32 count) internal {
        FraudProof memory proof = _part(place, from, count);
        bytes memory last = state;
        vm.recordLogs();
        vm.prank(by);
        c.accumulations.absorb(order, place, stranger.addr, last, count, proof);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 k; k < logs.length; ++k) {
            if (logs[k].topics[0] != IAccumulations.Absorbed.selector) continue;
            (,,, state) = abi.decode(logs[k].data, (uint32, uint32, uint40, bytes));
        }
    }

    function _expectAbsorb(Place memory place, uint32 from, uint32 count, bytes memory error_)
        internal
    {
        FraudProof memory proof = _part(place, from, count);
        vm.expectRevert(error_);
        c.accumulations.absorb(order, place, stranger.addr, "", count, proof);
    }

    /// @dev Opens terms `from` to `from + count - 1`.
    function _part(Place memory place, uint32 from, uint32 count)
        internal
        view
        returns (FraudProof memory)
    {
        uint32 first = from / 256;
        uint32 last = (from + count - 1) / 256;
        bool product = place.node == PRODUCT;
        Opening[] memory openings = new Opening[](product ? 2 : 1);
        openings[0] = _opening(X, first, last);
        if (product) openings[1] = _opening(W, first, last);
        return _proofOf(place.node, 0, place.element, openings);
    }

    function _closing(uint32 node) internal view returns (FraudProof memory) {
        return _closing(node, 12_345);
    }

    /// @dev Opens the element, and what the checker reads besides the terms.
    function _closing(uint32 node, uint32 element) internal view returns (FraudProof memory) {
        if (node == PRODUCT) {
            Opening[] memory one = new Opening[](1);
            one[0] = _opening(Y, 0, 0);
            return _proofOf(node, 0, 0, one);
        }
        Opening[] memory two = new Opening[](2);
        two[0] = _opening(X, element / 256, element / 256);
        two[1] = _opening(S, element / 256, element / 256);
        return _proofOf(node, 0, element, two);
    }

    function _judge(Place memory place, FraudProof memory proof) internal {
        bytes memory last = state;
        vm.prank(stranger.addr);
        c.accumulations.judge(order, place, stranger.addr, last, proof);
    }
}

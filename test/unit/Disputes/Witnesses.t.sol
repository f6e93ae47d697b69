// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {IFraudVerifier} from "../../../contracts/interfaces/IFraudVerifier.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {FraudProof, Opening, WitnessClaim} from "../../../contracts/types/FraudProof.sol";
import {TreeBuilder} from "../../utils/TreeBuilder.sol";
import {LongRows} from "../../utils/LongRows.t.sol";

/// @notice A8: which positions of a row decide an element is the provider's to say, and one counter-example convicts. A7: a whole boundary tensor, over several transactions.
contract WitnessesTest is LongRows {
    // ---- witnesses ----

    function test_AFalseArgMaxFallsToOneRival() public {
        data[A] = _i64(12);
        _run();
        _name(A, 0, _one(12));
        _convictBy(WitnessClaim(A, _one(12), 300), _rowProof(ARG_MAX, 0, 0, 300));
    }

    function test_AWitnessThatIsNotTheElementConvicts() public {
        data[A] = _i64(12);
        _run();
        // The truth, which the result is not.
        _name(A, 0, _one(300));
        _convictBy(WitnessClaim(A, _one(300), 300), _rowProof(ARG_MAX, 0, 0, 300));
    }

    /// RV-2
    function test_AnHonestWitnessNeverConvicts(uint32 rival) public {
        rival = rival % SHORT;
        _run();
        _name(A, 0, _one(300));
        _acquit(WitnessClaim(A, _one(300), rival), _rowProof(ARG_MAX, 0, 0, rival));
        // The second and third of equals, lowest index first.
        uint32[] memory three = _three(299, 300, 301);
        _name(I, 2, three);
        _acquit(WitnessClaim(I, three, rival), _rowProof(TOP_K, 1, 2, rival));
        _name(V, 2, three);
        _acquit(WitnessClaim(V, three, rival), _rowProof(TOP_K, 0, 2, rival));
    }

    function test_AFalseTopKFallsToOneRival() public {
        data[V] = bytes.concat(_float(300), _float(299), _float(298));
        data[I] = bytes.concat(_i64(300), _i64(299), _i64(298));
        _run();
        uint32[] memory three = _three(298, 299, 300);
        _name(V, 2, three);
        _convictBy(WitnessClaim(V, three, 301), _rowProof(TOP_K, 0, 2, 301));
    }

    /// Too few positions, or one twice, would hide a rival: they convict by themselves.
    function test_MalformedPositionsConvict() public {
        _run();
        uint256 before = vm.snapshotState();
        uint32[][4] memory bad =
            [_one(300), _three(299, 299, 300), _three(300, 299, 301), _three(0, 1, SHORT)];
        for (uint256 k; k < bad.length; ++k) {
            _name(V, 2, bad[k]);
            _convictBy(WitnessClaim(V, bad[k], 0), _rowProof(TOP_K, 0, 2, 0));
            vm.revertToStateAndDelete(before);
            before = vm.snapshotState();
        }
    }

    function test_RevertWhen_TheClaimIsNotTheAnswer() public {
        data[A] = _i64(12);
        _run();
        bytes32 demandId = _name(A, 0, _one(12));
        FraudProof memory proof = _rowProof(ARG_MAX, 0, 0, 300);
        bytes memory unknown =
            abi.encodeWithSelector(IDisputes.Disputes_UnknownDemand.selector, demandId);
        vm.expectRevert(unknown);
        c.disputes.proveByWitness(order, WitnessClaim(A, _one(13), 300), proof, "salt");
        // Without an answer there is nothing to convict by.
        bytes32 other = c.demands.demandIdOf(execId, _witnessRequest(V, 0));
        proof = _rowProof(TOP_K, 0, 0, 300);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_UnknownDemand.selector, other));
        c.disputes.proveByWitness(order, WitnessClaim(V, _one(12), 300), proof, "salt");
    }

    function test_OnlyTheProviderNamesAWitness() public {
        _run();
        bytes32 demandId = _ask(_witnessRequest(A, 0));
        vm.prank(stranger.addr);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_NotProvider.selector, stranger.addr)
        );
        c.demands.answer(order, model, demandId, abi.encode(_one(0)));
        // Silence convicts, as for every kind.
        skip(10);
        c.demands.expireDemand(order, demandId);
        _assertStatus(jobId, IJobMarket.Status.Convicted);
    }

    function test_RevertWhen_TheWitnessIsOfNothing() public {
        _run();
        IDisputes.Request memory request = _witnessRequest(V, 3);
        _expectAsk(request, abi.encodeWithSelector(IDisputes.Disputes_OutOfRange.selector, 3, 3));
        request = _witnessRequest(X, 0);
        _expectAsk(
            request, abi.encodeWithSelector(IFraudVerifier.FraudVerifier_NotCommitted.selector, X)
        );
        request = _witnessRequest(A, 0);
        request.count = 1;
        _expectAsk(
            request,
            abi.encodeWithSelector(IDisputes.Disputes_UnusedField.selector, IDisputes.Kind.Witness)
        );
    }

    // ---- boundary tensors ----

    function test_AWholeTensorTakesSeveralAnswers() public {
        _run();
        IDisputes.Request memory request = _tensorRequest(S);
        bytes32 demandId = _ask(request);
        IDisputes.Demand memory asked = c.demands.demandOf(demandId);
        // 157 x 50 ms: answer time is proportional to bytes.
        assertEq(asked.deadline, block.timestamp + 10 + 8);
        assertEq(asked.bond, c.demands.bondOf(order, request, 1));
        for (uint32 first; first < 157; first += 40) {
            uint32 last = first + 39 < 156 ? first + 39 : 156;
            _open(demandId, S, first, last);
            asked = c.demands.demandOf(demandId);
            assertEq(asked.chunk, last + 1);
            assertEq(
                uint8(asked.status),
                uint8(last == 156 ? IDisputes.DemandStatus.Answered : IDisputes.DemandStatus.Open)
            );
        }
        assertGt(asked.answerGas, 5_000_000 * 1e12, "every answer is metered");
        assertEq(c.disputes.executionOf(execId).liveDemands, 0);
    }

    function test_RevertWhen_APartIsNotTheNextOrTooLong() public {
        _run();
        bytes32 demandId = _ask(_tensorRequest(S));
        bytes memory payload = _payload(S, 1, 2);
        vm.expectRevert(abi.encodeWithSelector(IFraudVerifier.FraudVerifier_WrongAnswer.selector));
        c.demands.answer(order, model, demandId, payload);
        _open(demandId, S, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IFraudVerifier.FraudVerifier_WrongAnswer.selector));
        c.demands.answer(order, model, demandId, _payload(S, 0, 0));
        // Half a tensor is silence.
        skip(18);
        c.demands.expireDemand(order, demandId);
        _assertStatus(jobId, IJobMarket.Status.Convicted);
        uint256 before = _free(stranger.addr);
        uint96 bond = c.demands.demandOf(demandId).bond;
        c.demands.claimBond(demandId);
        assertGe(_free(stranger.addr), before + bond, "A7: refunded on conviction");
    }

    function test_RevertWhen_TheTensorIsNoBoundary() public {
        _run();
        _expectAsk(
            _tensorRequest(X),
            abi.encodeWithSelector(IFraudVerifier.FraudVerifier_NotABoundary.selector, X)
        );
        IDisputes.Request memory request = _tensorRequest(S);
        request.count = 156;
        _expectAsk(
            request, abi.encodeWithSelector(IDisputes.Disputes_OutOfRange.selector, 156, 157)
        );
        request = _tensorRequest(S);
        request.chunk = 1;
        _expectAsk(
            request,
            abi.encodeWithSelector(IDisputes.Disputes_UnusedField.selector, IDisputes.Kind.Tensor)
        );
    }

    // ---- helpers ----

    function _witnessRequest(uint32 value, uint32 element)
        internal
        pure
        returns (IDisputes.Request memory)
    {
        return IDisputes.Request(IDisputes.Kind.Witness, 0, value, element, 0);
    }

    function _tensorRequest(uint32 value) internal pure returns (IDisputes.Request memory) {
        return IDisputes.Request(IDisputes.Kind.Tensor, 0, value, 0, 157);
    }

    function _expectAsk(IDisputes.Request memory request, bytes memory error_) internal {
        bytes memory entry = entries[request.value];
        bytes32[] memory path = TreeBuilder.path(entryHashes, request.value);
        vm.prank(stranger.addr);
        vm.expectRevert(error_);
        c.demands.demand(order, model, request, entry, path);
    }

    function _name(uint32 value, uint32 element, uint32[] memory positions)
        internal
        returns (bytes32 demandId)
    {
        demandId = _ask(_witnessRequest(value, element));
        vm.prank(hot.addr);
        c.demands.answer(order, model, demandId, abi.encode(positions));
        assertEq(c.demands.witnessOf(demandId), keccak256(abi.encode(positions)));
    }

    function _payload(uint32 value, uint32 first, uint32 last)
        internal
        view
        returns (bytes memory)
    {
        return abi.encode(
            entries[value],
            TreeBuilder.path(entryHashes, value),
            _opening(value, first, last),
            new bytes32[](0)
        );
    }

    function _open(bytes32 demandId, uint32 value, uint32 first, uint32 last) internal {
        bytes memory payload = _payload(value, first, last);
        c.demands.answer(order, model, demandId, payload);
    }

    /// @dev Opens the whole short row and the outputs: what a position asks for is among them.
    function _rowProof(uint32 node, uint32 output, uint32 element, uint32)
        internal
        view
        returns (FraudProof memory)
    {
        Opening[] memory openings = new Opening[](2);
        openings[0] = _opening(R, 0, 2);
        openings[1] = _opening(node == ARG_MAX ? A : (output == 0 ? V : I), 0, 0);
        return _proofOf(node, output, element, openings);
    }

    function _commit(FraudProof memory proof) internal {
        bytes32 hash = keccak256(
            abi.encode(
                block.chainid, execId, stranger.addr, keccak256(abi.encode(proof)), bytes32("salt")
            )
        );
        vm.prank(stranger.addr);
        c.disputes.commitProof(order, hash);
        vm.roll(block.number + 1);
        skip(1);
    }

    function _convictBy(WitnessClaim memory claim, FraudProof memory proof) internal {
        _commit(proof);
        vm.prank(stranger.addr);
        c.disputes.proveByWitness(order, claim, proof, "salt");
        _assertStatus(jobId, IJobMarket.Status.Convicted);
    }

    function _acquit(WitnessClaim memory claim, FraudProof memory proof) internal {
        _commit(proof);
        vm.prank(stranger.addr);
        vm.expectPartialRevert(IDisputes.Disputes_NotFraud.selector);
        c.disputes.proveByWitness(order, claim, proof, "salt");
    }

    function _one(uint32 position) internal pure returns (uint32[] memory positions) {
        positions = new uint32[](1);
        positions[0] = position;
    }

    function _three(uint32 a, uint32 b, uint32 d)
        internal
        pure
        returns (uint32[] memory positions)
    {
        positions = new uint32[](3);
        (positions[0], positions[1], positions[2]) = (a, b, d);
    }
}

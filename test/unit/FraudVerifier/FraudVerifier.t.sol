// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../../contracts/interfaces/IChecker.sol";
import {IFraudVerifier} from "../../../contracts/interfaces/IFraudVerifier.sol";
import {
    ExecutionRoots,
    FraudProof,
    ManifestLeaf,
    Opening
} from "../../../contracts/types/FraudProof.sol";
import {Range} from "../../../contracts/types/Element.sol";
import {Interval} from "../../../contracts/types/Interval.sol";
import {ValueKind} from "../../../contracts/types/ManifestEntry.sol";
import {ModelHeader} from "../../../contracts/types/ModelHeader.sol";
import {CarriedJob} from "../../utils/CarriedJob.t.sol";
import {TreeBuilder} from "../../utils/TreeBuilder.sol";

/// @notice `judge`: only what hashes to the execution's roots is believed (FV-1, FV-2), everything else reverts, and no damaged proof ever convicts an honest run.
contract FraudVerifierTest is CarriedJob {
    ExecutionRoots internal roots;

    function _commitTo(uint32 step) internal {
        roots = ExecutionRoots({
            modelId: modelId,
            steps: STEPS,
            inputRoot: _inputRoot(),
            resultRoot: _resultRoot(),
            traceRoot: TreeBuilder.leafHash(_tensorRoots(step)[0]),
            statesRoot: 0
        });
    }

    function _expectJudge(bytes memory error_, FraudProof memory proof) internal {
        ExecutionRoots memory copy = roots;
        vm.expectRevert(error_);
        c.fraudVerifier.judge(copy, 1, proof);
    }

    function _expectPartial(bytes4 error_, FraudProof memory proof) internal {
        ExecutionRoots memory copy = roots;
        vm.expectPartialRevert(error_);
        c.fraudVerifier.judge(copy, 1, proof);
    }

    // ---- damaged proofs ----

    /// Every byte of an honest proof, two different flips of each: never fraud.
    function test_NoFlippedByteMakesAnHonestRunFraud() public {
        _commitTo(1);
        bytes memory call_ = abi.encodeCall(IFraudVerifier.judge, (roots, 1, _proof(1, ADD, 260)));
        assertFalse(_judgedFraud(call_, true));
        vm.pauseGasMetering();
        for (uint256 i = 4; i < call_.length; ++i) {
            bytes1 flip = i % 2 == 0 ? bytes1(0x01) : bytes1(0x80);
            call_[i] ^= flip;
            assertFalse(_judgedFraud(call_, false));
            call_[i] ^= flip;
        }
    }

    /// Any other byte anywhere.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_NoChangedByteMakesAnHonestRunFraud(uint256 at, bytes1 value) public {
        _commitTo(1);
        bytes memory call_ = abi.encodeCall(IFraudVerifier.judge, (roots, 1, _proof(1, ADD, 260)));
        call_[bound(at, 4, call_.length - 1)] = value;
        assertFalse(_judgedFraud(call_, false));
    }

    function _judgedFraud(bytes memory call_, bool mustPass) internal view returns (bool fraud) {
        (bool ok, bytes memory result) = address(c.fraudVerifier).staticcall(call_);
        assertTrue(ok || !mustPass);
        if (ok) (,, fraud) = abi.decode(result, (uint64, Interval, bool));
    }

    // ---- each way to be malformed ----

    function test_RevertWhen_TheModelIsAnother() public {
        _commitTo(1);
        FraudProof memory proof = _proof(1, ADD, 0);
        proof.model.values = 7;
        _expectJudge(
            abi.encodeWithSelector(
                IFraudVerifier.FraudVerifier_WrongModel.selector,
                modelId,
                keccak256(abi.encode(proof.model))
            ),
            proof
        );
    }

    function test_RevertWhen_TheStepIsNotOfTheJob() public {
        _commitTo(1);
        FraudProof memory proof = _proof(1, ADD, 0);
        proof.step = STEPS;
        _expectJudge(
            abi.encodeWithSelector(IFraudVerifier.FraudVerifier_NoSuchStep.selector, STEPS, STEPS),
            proof
        );
    }

    function test_RevertWhen_AnEntryIsForged() public {
        _commitTo(1);
        FraudProof memory proof = _proof(1, ADD, 0);
        proof.entries[3].entry = _node(21, STATE, X, H); // Sub
        _expectPartial(IFraudVerifier.FraudVerifier_WrongManifest.selector, proof);
    }

    function test_RevertWhen_AnEntryIsMissing() public {
        _commitTo(1);
        FraudProof memory proof = _proof(1, ADD, 0);
        proof.node = MUL; // whose entry is not among them
        _expectJudge(
            abi.encodeWithSelector(
                IFraudVerifier.FraudVerifier_MissingEntry.selector, VALUES + MUL
            ),
            proof
        );
    }

    function test_RevertWhen_TheElementDoesNotExist() public {
        _commitTo(1);
        FraudProof memory proof = _proof(1, ADD, 0);
        proof.output = 1;
        _expectJudge(
            abi.encodeWithSelector(IFraudVerifier.FraudVerifier_NoSuchElement.selector, 1, 0), proof
        );
        proof.output = 0;
        proof.element = ELEMENTS;
        _expectJudge(
            abi.encodeWithSelector(
                IFraudVerifier.FraudVerifier_NoSuchElement.selector, 0, ELEMENTS
            ),
            proof
        );
    }

    function test_RevertWhen_AnOperandIsNotOpened() public {
        _commitTo(1);
        for (uint256 left; left < 3; ++left) {
            FraudProof memory proof = _proof(1, LAST, 260);
            uint32 value = proof.openings[left].value;
            Opening[] memory two = new Opening[](2);
            uint256 at;
            for (uint256 i; i < 3; ++i) {
                if (i != left) two[at++] = proof.openings[i];
            }
            proof.openings = two;
            _expectJudge(
                abi.encodeWithSelector(
                    IFraudVerifier.FraudVerifier_MissingOpening.selector, value, 1
                ),
                proof
            );
        }
    }

    function test_RevertWhen_AnotherChunkIsOpened() public {
        _commitTo(1);
        FraudProof memory proof = _proof(1, LAST, 0);
        proof.element = 260;
        _expectJudge(
            abi.encodeWithSelector(IFraudVerifier.FraudVerifier_MissingOpening.selector, Y, 1),
            proof
        );
    }

    function test_RevertWhen_OpeningsAreNotAscending() public {
        _commitTo(1);
        FraudProof memory proof = _proof(1, ADD, 0);
        (proof.openings[0], proof.openings[1]) = (proof.openings[1], proof.openings[0]);
        _expectJudge(
            abi.encodeWithSelector(IFraudVerifier.FraudVerifier_NotAscending.selector, STATE), proof
        );
    }

    /// FV-1: each operand must be the one that this execution committed to at this step.
    function test_RevertWhen_AnOperandIsOfAnotherStep() public {
        _commitTo(1);
        FraudProof memory proof = _proof(1, ADD, 0);
        proof.openings[1] = _opening(2, X, 0, 1);
        proof.openings[1].path = _path(1, X);
        _expectPartial(IFraudVerifier.FraudVerifier_WrongOpening.selector, proof);
        proof = _proof(1, ADD, 0);
        proof.openings[0] = _opening(2, STATE, 0, 1);
        proof.openings[0].path = _path(1, STATE);
        _expectPartial(IFraudVerifier.FraudVerifier_WrongOpening.selector, proof);
        proof = _proof(1, ADD, 0);
        proof.openings[2] = _opening(2, H, 0, 1);
        _expectPartial(IFraudVerifier.FraudVerifier_WrongTrace.selector, proof);
        proof = _proof(1, ADD, 0);
        // The trace of another step.
        roots.traceRoot = TreeBuilder.leafHash(_tensorRoots(0)[0]);
        _expectPartial(IFraudVerifier.FraudVerifier_WrongTrace.selector, proof);
    }

    function test_RevertWhen_APathIsLonger() public {
        _commitTo(1);
        for (uint256 i; i < 3; ++i) {
            FraudProof memory proof = _proof(1, ADD, 0);
            proof.openings[i].path = TreeBuilder.concat(proof.openings[i].path, new bytes32[](1));
            _expectPartial(IFraudVerifier.FraudVerifier_WrongOpening.selector, proof);
        }
        FraudProof memory weight = _proof(1, MUL, 0);
        weight.openings[0].path = new bytes32[](1);
        _expectPartial(IFraudVerifier.FraudVerifier_WrongOpening.selector, weight);
    }

    function test_RevertWhen_AWeightIsAnother() public {
        _commitTo(1);
        FraudProof memory proof = _proof(1, MUL, 0);
        data[1][W] = _filled(3);
        proof.openings[0] = _opening(1, W, 0, 1);
        _expectPartial(IFraudVerifier.FraudVerifier_WrongOpening.selector, proof);
    }

    /// B1: a tensor of another dtype, shape or layout hashes to another root, whatever its bytes.
    function test_RevertGiven_TheCommitmentHasAnotherHeader() public {
        _commitTo(1);
        bytes32 dataRoot = TreeBuilder.root(TreeBuilder.chunks(data[1][H]));
        roots.traceRoot = TreeBuilder.leafHash(
            sha256(bytes.concat(hex"02", hex"06012c01000000", dataRoot)) // int32
        );
        _expectPartial(IFraudVerifier.FraudVerifier_WrongTrace.selector, _proof(1, ADD, 0));
    }

    function test_RevertGiven_NoChecker() public {
        _commitTo(1);
        FraudProof memory proof = _proof(1, ADD, 0);
        ExecutionRoots memory copy = roots;
        vm.expectRevert(
            abi.encodeWithSelector(IFraudVerifier.FraudVerifier_NoChecker.selector, 0, 20)
        );
        c.fraudVerifier.judge(copy, 0, proof); // A10: a version without this opcode
    }

    /// A10: a checker that fails, or asks for what the node does not have, reverts the proof.
    function test_RevertWhen_TheCheckerIsWrong() public {
        _commitTo(1);
        _expectRange(Range(2, 0, 1, 1), 2); // no such operand
        _expectRange(Range(1, ELEMENTS - 1, 2, 1), 1); // past the end
        _expectRange(Range(0, 0, 2, ELEMENTS), 0);
        _expectRange(Range(0, type(uint32).max, type(uint32).max, type(uint32).max), 0);
        FraudProof memory proof = _proof(1, ADD, 0);
        ExecutionRoots memory copy = roots;
        vm.mockCallRevert(
            address(c.checkerRegistry.checkerOf(1, 20)),
            abi.encodeWithSelector(IChecker.ranges.selector),
            "broken"
        );
        vm.expectRevert("broken");
        c.fraudVerifier.judge(copy, 1, proof);
    }

    function _expectRange(Range memory range, uint8 operand) internal {
        FraudProof memory proof = _proof(1, ADD, 0);
        Range[] memory ranges = new Range[](1);
        ranges[0] = range;
        vm.mockCall(
            address(c.checkerRegistry.checkerOf(1, 20)),
            abi.encodeWithSelector(IChecker.ranges.selector),
            abi.encode(ranges)
        );
        _expectJudge(
            abi.encodeWithSelector(IFraudVerifier.FraudVerifier_BadRange.selector, 20, operand),
            proof
        );
        vm.clearMockedCalls();
    }

    // ---- values ----

    function test_CommittedValues() public view {
        uint8[6] memory kinds = [0, 0, 1, 2, 4, 4];
        for (uint32 value; value < VALUES; ++value) {
            if (value == W) continue;
            uint8 kind = c.answerVerifier
                .checkRequest(
                    modelId,
                    STEPS,
                    model,
                    _chunkRequest(2, value, 0, 2),
                    entries[value],
                    _entryProof(value)
                );
            assertEq(kind, kinds[value]);
        }
    }

    function test_RevertWhen_AnOutputOrTraceAnswerIsOfAnotherModel() public {
        _commitTo(1);
        ExecutionRoots memory copy = roots;
        ModelHeader memory other = model;
        other.segment = 3;
        bytes memory payload = _outputPayload(1);
        vm.expectPartialRevert(IFraudVerifier.FraudVerifier_WrongModel.selector);
        c.answerVerifier.checkOutput(copy, other, 1, payload);
        vm.expectPartialRevert(IFraudVerifier.FraudVerifier_WrongModel.selector);
        c.answerVerifier.traceRoot(modelId, other, new bytes32[](1));
        vm.expectRevert(
            abi.encodeWithSelector(IFraudVerifier.FraudVerifier_NoSuchStep.selector, 3, STEPS)
        );
        c.answerVerifier.checkOutput(copy, model, 3, payload);
        vm.expectRevert(
            abi.encodeWithSelector(IFraudVerifier.FraudVerifier_NoSuchStep.selector, 3, STEPS)
        );
        c.answerVerifier.checkOpening(copy, model, _chunkRequest(3, X, 0, 1), payload);
    }

    /// What an answer says must not depend on what stands behind it in somebody's calldata.
    function test_RevertWhen_AnAnswerIsCutWithinAWord() public {
        _commitTo(1);
        ExecutionRoots memory copy = roots;
        bytes memory payload = bytes.concat(_outputPayload(1), hex"00");
        vm.expectRevert(IFraudVerifier.FraudVerifier_WrongAnswer.selector);
        c.answerVerifier.checkOutput(copy, model, 1, payload);
        payload = bytes.concat(_chunkPayload(1, X, 0, 1), hex"00");
        vm.expectRevert(IFraudVerifier.FraudVerifier_WrongAnswer.selector);
        c.answerVerifier.checkOpening(copy, model, _chunkRequest(1, X, 0, 1), payload);
    }

    // ---- derived values (B5) ----

    /// @dev `y = -(-(...(-x)))` on scalars, with `length` derived values between, then judges `y` against `claimed`.
    function _judgeChain(uint256 length, uint256 claimed) internal view returns (bool fraud) {
        uint256 values = length + 2;
        bytes memory scalar = hex"0100";
        bytes[] memory all = new bytes[](values + length + 1);
        ManifestLeaf[] memory leaves = new ManifestLeaf[](all.length);
        bytes32[] memory hashes = new bytes32[](all.length);
        all[0] = bytes.concat(hex"100000", scalar, _u32(0), _u32(0), _u32(type(uint32).max));
        for (uint32 i = 1; i <= length + 1; ++i) {
            all[i] = i <= length
                ? bytes.concat(hex"100300", scalar, _u32(i - 1))
                : bytes.concat(hex"100400", scalar, _u32(0), _u32(0));
            all[values + i - 1] =
                bytes.concat(hex"201800", hex"01", _u32(i - 1), hex"01", _u32(i), hex"0000");
        }
        for (uint32 i; i < all.length; ++i) {
            hashes[i] = TreeBuilder.leafHash(all[i]);
            leaves[i] = ManifestLeaf(i, all[i]);
        }
        FraudProof memory proof;
        // SAFETY: small numbers.
        proof.model = ModelHeader(
            TreeBuilder.root(hashes), 0, 0, uint32(values), uint32(length + 1), 1, 1, 0, 0, 1, 1
        );
        proof.node = uint32(length);
        proof.entries = leaves;
        proof.openings = new Opening[](2);
        bytes32 input;
        bytes32 output;
        (proof.openings[0], input) = _scalar(0, 3);
        (proof.openings[1], output) = _scalar(uint32(values - 1), claimed);
        proof.openings[1].path = new bytes32[](1);
        proof.openings[1].path[0] = sha256("");
        bytes32 outputs = TreeBuilder.leafHash(TreeBuilder.leafHash(output));
        (,, fraud) = c.fraudVerifier
            .judge(
                ExecutionRoots({
                    modelId: keccak256(abi.encode(proof.model)),
                    steps: 1,
                    inputRoot: TreeBuilder.leafHash(TreeBuilder.leafHash(input)),
                    resultRoot: TreeBuilder.leafHash(
                            sha256(bytes.concat(hex"03", sha256(""), outputs))
                        ),
                    traceRoot: 0,
                    statesRoot: 0
                }),
                1,
                proof
            );
    }

    function _scalar(uint32 value, uint256 number)
        internal
        pure
        returns (Opening memory opening, bytes32 root)
    {
        opening.value = value;
        opening.chunks = new uint32[](1);
        opening.data = abi.encodePacked(_float(number));
        opening.dataRoot = TreeBuilder.leafHash(opening.data);
        root = sha256(bytes.concat(hex"02", hex"0100", opening.dataRoot));
    }

    /// An odd number of derived values between: an even number of negations, so 3 stays 3. An empty trace needs no posted trace.
    function test_DerivedValuesAreEvaluatedThroughTheirNodes() public view {
        assertFalse(_judgeChain(1, 3));
        assertTrue(_judgeChain(1, 4));
        assertFalse(_judgeChain(7, 3));
        assertTrue(_judgeChain(7, 4));
        assertTrue(_judgeChain(8, 3), "nine negations");
    }

    function test_RevertWhen_AChainOfDerivedValuesIsTooLong() public {
        vm.expectRevert(abi.encodeWithSelector(IFraudVerifier.FraudVerifier_TooDeep.selector, 0));
        this.judgeChain(9);
    }

    function judgeChain(uint256 length) external view {
        _judgeChain(length, 3);
    }

    function test_RevertWhen_ADerivedValueIsClaimed() public {
        // A derived value is committed nowhere, so nothing can be claimed of it.
        _commitTo(1);
        assertEq(uint8(ValueKind.Derived), 3);
        bytes memory entry = bytes.concat(hex"100300", TENSOR, _u32(0));
        bytes32[] memory hashes = TreeBuilder.copy(entryHashes);
        hashes[H] = TreeBuilder.leafHash(entry);
        ModelHeader memory other = model;
        other.manifestRoot = TreeBuilder.root(hashes);
        bytes32[] memory proof = TreeBuilder.path(hashes, H);
        bytes32 otherId = keccak256(abi.encode(other));
        vm.expectRevert(
            abi.encodeWithSelector(IFraudVerifier.FraudVerifier_NotCommitted.selector, H)
        );
        c.answerVerifier.checkRequest(otherId, 3, other, _chunkRequest(0, H, 0, 1), entry, proof);
    }
}

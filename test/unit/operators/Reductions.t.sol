// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {IChecker} from "../../../contracts/interfaces/IChecker.sol";
import {ExactDot} from "../../../contracts/libraries/ExactDot.sol";
import {ElementQuery, Operand} from "../../../contracts/types/Element.sol";
import {Interval, IntervalKind} from "../../../contracts/types/Interval.sol";
import {TensorType} from "../../../contracts/types/TensorType.sol";
import {ConvChecker} from "../../../contracts/verification/operators/ConvChecker.sol";
import {MatMulChecker} from "../../../contracts/verification/operators/MatMulChecker.sol";
import {
    NormalizationChecker
} from "../../../contracts/verification/operators/NormalizationChecker.sol";
import {PoolChecker} from "../../../contracts/verification/operators/PoolChecker.sol";
import {ReduceChecker} from "../../../contracts/verification/operators/ReduceChecker.sol";

/// @notice What the checkers of reductions refuse; what they accept is in test/differential.
contract ReductionsTest is Test {
    IChecker[5] private checkers;
    uint16[5] private opcodes = [60, 62, 71, 83, 92];

    function setUp() public {
        checkers[0] = new MatMulChecker();
        checkers[1] = new ConvChecker();
        checkers[2] = new ReduceChecker();
        checkers[3] = new PoolChecker();
        checkers[4] = new NormalizationChecker();
    }

    /// A10: an opcode that a checker does not serve reverts, whatever is asked.
    function test_RevertWhen_OpcodeIsNotServed() external {
        for (uint256 i = 0; i < checkers.length; ++i) {
            // Each is served by the next one.
            uint16 opcode = opcodes[(i + 1) % opcodes.length];
            ElementQuery memory query = _query(opcode, 1);
            bytes memory reason =
                abi.encodeWithSelector(IChecker.Checker_Unsupported.selector, opcode);
            vm.expectRevert(reason);
            checkers[i].ranges(query);
            vm.expectRevert(reason);
            checkers[i].evaluate(query, new Operand[](2));
        }
    }

    function test_RevertWhen_DtypeIsNotServed() external {
        for (uint256 i = 0; i < checkers.length; ++i) {
            ElementQuery memory query = _query(opcodes[i], 11);
            vm.expectRevert(
                abi.encodeWithSelector(IChecker.Checker_Unsupported.selector, opcodes[i])
            );
            checkers[i].evaluate(query, new Operand[](2));
        }
    }

    /// B5: a derived operand has no bytes, and must not pass for an absent bias.
    function test_RevertWhen_AnOperandIsDerived() external {
        for (uint256 i = 0; i < checkers.length; ++i) {
            Operand[] memory operands = new Operand[](3);
            operands[0].data = hex"0000803f";
            operands[1].data = hex"0000803f";
            operands[2].derived = new Interval[](1);
            operands[2].derived[0] = Interval(IntervalKind.Float, 0, 0);
            vm.expectRevert(abi.encodeWithSelector(ExactDot.ExactDot_Derived.selector, 2));
            checkers[i].evaluate(_query(opcodes[i], 1), operands);
        }
    }

    function _query(uint16 opcode, uint8 dtype) private pure returns (ElementQuery memory query) {
        query.opcode = opcode;
        query.attributes = new int32[](2);
        query.inputs = new TensorType[](2);
        query.inputs[0] = TensorType(dtype, new uint32[](1), new uint8[](1));
        query.inputs[0].dims[0] = 1;
        query.inputs[1] = query.inputs[0];
        query.outputs = new TensorType[](1);
        query.outputs[0] = query.inputs[0];
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {ElementQuery, Operand, Range} from "../../contracts/types/Element.sol";
import {Interval} from "../../contracts/types/Interval.sol";

/// @title OperatorVectors
/// @notice The vectors that `sdk/src/operators/vectors.test.ts` writes: what a checker is asked, and what its TypeScript twin says.
abstract contract OperatorVectors is Test {
    struct Vector {
        ElementQuery query;
        Operand[] operands;
        Range[] ranges; // of both stages
        Interval interval;
    }

    string internal constant FOLDER = "sdk/src/vectors/operators";
    string private constant TYPE = "Vector(ElementQuery query,Operand[] operands,Range[] ranges,Interval interval)"
        "ElementQuery(uint16 opcode,int32[] attributes,TensorType[] inputs,TensorType[] outputs,uint32 output,uint32 element,uint8 arithmetic,uint32 fused)"
        "Interval(uint8 kind,int64 low,int64 high)" "Operand(bytes data,Interval[] derived)"
        "Range(uint8 operand,uint32 first,uint32 count,uint32 stride)"
        "TensorType(uint8 dtype,uint32[] dims,uint8[] perm)";

    function _vectorsAt(string memory path) internal view returns (Vector[] memory) {
        bytes memory encoded = vm.parseJsonTypeArray(vm.readFile(path), ".vectors", TYPE);
        return abi.decode(encoded, (Vector[]));
    }
}

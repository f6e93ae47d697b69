// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Interval} from "./Interval.sol";
import {TensorType} from "./TensorType.sol";

/// @notice How an honest machine may compute a node, by the model's numeric profile (docs/protocol.md section 3).
enum Arithmetic {
    Plain, // each operation rounded once, sums in any order
    Blocked, // the same, and a product by a matrix of weights in runs of terms
    Wgsl // as WebGPU's shading language allows: docs/operators.md, "WebGPU"
}

/// @notice One element of one output of one node, with all that a checker may know of the node.
/// @param output Which output of the node.
/// @param element Logical (row-major) index of the element in that output.
/// @param arithmetic How an honest machine may compute this node.
/// @param fused Terms of the sum behind derived operands, 0 without one: a machine may go on adding to it (docs/operators.md, "Derived operands").
struct ElementQuery {
    uint16 opcode;
    int32[] attributes;
    TensorType[] inputs;
    TensorType[] outputs;
    uint32 output;
    uint32 element;
    Arithmetic arithmetic;
    uint32 fused;
}

/// @notice Elements of an operand that a checker reads: `first`, `first + stride`, ..., `count` of them.
/// @param operand Which input of the node.
/// @param first Committed index of the first one.
struct Range {
    uint8 operand;
    uint32 first;
    uint32 count;
    uint32 stride;
}

/// @dev Opcodes from here on read in two stages: what their checkers read depends on operands (`IDependentChecker`).
uint16 constant DEPENDENT = 256;

/// @notice The elements that the ranges of one operand name, concatenated in the order of the ranges.
/// @param data Little-endian bytes of a committed operand; empty for a derived one.
/// @param derived One interval an element of a derived operand; empty for a committed one.
struct Operand {
    bytes data;
    Interval[] derived;
}

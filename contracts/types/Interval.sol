// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What a set of honest values is: docs/protocol.md section 6.
enum IntervalKind {
    Any, // C2: poison, every output is accepted
    Float, // float32 keys, both ends inclusive
    Integer, // values of an integer dtype, both ends inclusive
    Bits // one bit pattern (`low == high`); any NaN equals any NaN
}

/// @notice The set of values that an honest machine can have produced for one element.
struct Interval {
    IntervalKind kind;
    int64 low;
    int64 high;
}

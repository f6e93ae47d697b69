// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {VmSafe} from "forge-std/Vm.sol";

import {IChecker, IDependentChecker} from "../../contracts/interfaces/IChecker.sol";
import {DEPENDENT, Range} from "../../contracts/types/Element.sol";
import {Interval} from "../../contracts/types/Interval.sol";
import {Checkers} from "../../script/deploy/Checkers.sol";
import {OperatorVectors} from "../utils/OperatorVectors.t.sol";

/// @notice Every checker against its TypeScript twin: ranges and intervals, bit for bit, on the vectors that
/// `sdk/src/operators/vectors.test.ts` writes.
contract OperatorsTest is OperatorVectors {
    mapping(uint16 opcode => IChecker) private checkerOf;

    function setUp() public {
        (uint16[] memory opcodes, IChecker[] memory checkers) = Checkers.deploy();
        for (uint256 i = 0; i < opcodes.length; i++) {
            checkerOf[opcodes[i]] = checkers[i];
        }
    }

    function test_AgreesWithTypeScript() public {
        // All vectors together take more than a test's gas.
        vm.pauseGasMetering();
        VmSafe.DirEntry[] memory files = vm.readDir(FOLDER);
        uint256 failures = 0;
        for (uint256 i = 0; i < files.length; i++) {
            // A call of its own frees the memory that a file's vectors take.
            uint256 wrong = this.compareFile(files[i].path);
            if (wrong > 0) emit log_named_uint(files[i].path, wrong);
            failures += wrong;
        }
        assertGt(files.length, 0, "no vectors");
        assertEq(failures, 0);
    }

    function compareFile(string calldata path) external returns (uint256 wrong) {
        Vector[] memory vectors = _vectorsAt(path);
        assertGt(vectors.length, 0, path);
        for (uint256 i = 0; i < vectors.length; i++) {
            if (this.agrees(vectors[i])) continue;
            if (wrong == 0) emit log_named_uint("first difference at vector", i);
            wrong += 1;
        }
    }

    function agrees(Vector calldata vector) external returns (bool same) {
        IChecker checker = checkerOf[vector.query.opcode];
        Range[] memory ranges = checker.ranges(vector.query);
        if (vector.query.opcode >= DEPENDENT) {
            Range[] memory more =
                IDependentChecker(address(checker)).dependentRanges(vector.query, vector.operands);
            ranges = concat(ranges, more);
        }
        Interval memory interval = checker.evaluate(vector.query, vector.operands);
        same = keccak256(abi.encode(ranges)) == keccak256(abi.encode(vector.ranges))
            && keccak256(abi.encode(interval)) == keccak256(abi.encode(vector.interval));
        if (!same) {
            emit log_named_uint("kind", uint256(interval.kind));
            emit log_named_int("low", interval.low);
            emit log_named_int("high", interval.high);
        }
    }

    function concat(Range[] memory a, Range[] memory b) private pure returns (Range[] memory both) {
        both = new Range[](a.length + b.length);
        for (uint256 i = 0; i < both.length; i++) {
            both[i] = i < a.length ? a[i] : b[i - a.length];
        }
    }
}

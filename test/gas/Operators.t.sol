// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {VmSafe} from "forge-std/Vm.sol";

import {IChecker, IDependentChecker} from "../../contracts/interfaces/IChecker.sol";
import {DEPENDENT} from "../../contracts/types/Element.sol";
import {IntervalKind} from "../../contracts/types/Interval.sol";
import {Checkers} from "../../script/deploy/Checkers.sol";
import {OperatorVectors} from "../utils/OperatorVectors.t.sol";

/// @notice Gas of one element of each operator: naming what it reads and judging it, the median over committed vectors of which not
/// anything is accepted. They read few elements; what a long sum costs is in the other snapshots.
contract OperatorsGasTest is OperatorVectors {
    /// @dev Vectors of each operator that are measured.
    uint256 private constant SAMPLE = 41;

    mapping(uint16 opcode => IChecker) private checkerOf;

    function setUp() external {
        (uint16[] memory opcodes, IChecker[] memory checkers) = Checkers.deploy();
        for (uint256 i = 0; i < opcodes.length; ++i) {
            checkerOf[opcodes[i]] = checkers[i];
        }
    }

    function test_Operators() external {
        // All vectors together take more than a test's gas.
        vm.pauseGasMetering();
        VmSafe.DirEntry[] memory files = vm.readDir(FOLDER);
        for (uint256 i = 0; i < files.length; ++i) {
            // A call of its own frees the memory that a file's vectors take.
            this.measureFile(files[i].path);
        }
    }

    function measureFile(string calldata path) external {
        Vector[] memory vectors = _vectorsAt(path);
        uint256[] memory used = new uint256[](SAMPLE);
        uint256 count = 0;
        for (uint256 i = 0; i < vectors.length && count < SAMPLE; ++i) {
            if (vectors[i].interval.kind == IntervalKind.Any) continue;
            used[count++] = this.gasOf(vectors[i]);
        }
        assembly ("memory-safe") {
            mstore(used, count)
        }
        vm.snapshotValue("operators", _nameOf(path), vm.sort(used)[count / 2]);
    }

    function gasOf(Vector calldata vector) external returns (uint256 used) {
        IChecker checker = checkerOf[vector.query.opcode];
        vm.resumeGasMetering();
        used = gasleft();
        checker.ranges(vector.query);
        if (vector.query.opcode >= DEPENDENT) {
            IDependentChecker(address(checker)).dependentRanges(vector.query, vector.operands);
        }
        checker.evaluate(vector.query, vector.operands);
        used -= gasleft();
        vm.pauseGasMetering();
    }

    /// @dev The name of a file without its folders and `.json`.
    function _nameOf(string memory path) private pure returns (string memory) {
        string[] memory parts = vm.split(path, "/");
        return vm.replace(parts[parts.length - 1], ".json", "");
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {PlainDot} from "../reference/PlainDot.sol";
import {ExactDot} from "../../contracts/libraries/ExactDot.sol";

/// @notice Gas of exact dot products, fast and plain.
contract DotGasTest is Test {
    uint256[3] private sizes = [uint256(64), 512, 4096];

    function test_Dot() external {
        for (uint256 i = 0; i < sizes.length; ++i) {
            uint256 n = sizes[i];
            (bytes memory a, bytes memory b) = (_operand(1, n), _operand(2, n));
            uint256 gas_ = this.fast(a, b);
            vm.snapshotValue("Dot", string.concat("dot ", vm.toString(n)), gas_);
            emit log_named_uint(string.concat("dot, n = ", vm.toString(n)), gas_);
            emit log_named_uint("  a term", gas_ / n);
            if (n <= 512) emit log_named_uint("  a term, plain", this.slow(a, b) / n);
            emit log_named_uint("  a term, sum", this.total(a) / n);
            uint256 zeros = this.fast(_withZeros(a), b);
            vm.snapshotValue("Dot", string.concat("dot with zeros ", vm.toString(n)), zeros);
            emit log_named_uint("  a term, with zeros", zeros / n);
            assertLe(zeros, 145 * n + 5000);
            // A provider may sow subnormals to make a proof dear.
            (a[0], a[1], a[2], a[3]) = (0x01, 0, 0, 0);
            uint256 hostile = this.fast(a, b);
            vm.snapshotValue("Dot", string.concat("dot with subnormals ", vm.toString(n)), hostile);
            emit log_named_uint("  a term, with subnormals", hostile / n);
            assertLe(hostile, 500 * n + 5000);
            assertLe(gas_, 145 * n + 5000);
        }
    }

    function fast(bytes calldata a, bytes calldata b) external view returns (uint256 used) {
        used = gasleft();
        ExactDot.dot(a, b);
        used -= gasleft();
    }

    function total(bytes calldata a) external view returns (uint256 used) {
        used = gasleft();
        ExactDot.sum(a);
        used -= gasleft();
    }

    function slow(bytes memory a, bytes memory b) external view returns (uint256 used) {
        used = gasleft();
        PlainDot.dot(a, b, a.length / 4);
        used -= gasleft();
    }

    /// @dev Every other element 0, as behind a Relu.
    function _withZeros(bytes memory a) private pure returns (bytes memory data) {
        data = bytes.concat(a);
        for (uint256 i = 0; i < data.length; i += 8) {
            (data[i], data[i + 1], data[i + 2], data[i + 3]) = (0, 0, 0, 0);
        }
    }

    /// @dev Floats of magnitudes 2^-3 to 2.
    function _operand(uint256 seed, uint256 n) private pure returns (bytes memory data) {
        data = new bytes(4 * n);
        for (uint256 i = 0; i < n; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            data[4 * i] = bytes1(uint8(random));
            data[4 * i + 1] = bytes1(uint8(random >> 8));
            data[4 * i + 2] = bytes1(uint8(random >> 16));
            data[4 * i + 3] =
                bytes1(uint8(0x3e + (random >> 24) % 2) | uint8((random >> 31) & 0x80));
        }
    }
}

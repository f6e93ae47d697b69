// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {IChecker} from "../../contracts/interfaces/IChecker.sol";
import {ExecutionRoots, FraudProof} from "../../contracts/types/FraudProof.sol";
import {CheckerRegistry} from "../../contracts/verification/CheckerRegistry.sol";
import {FraudVerifier} from "../../contracts/verification/FraudVerifier.sol";
import {Checkers} from "../../script/deploy/Checkers.sol";

/// @notice Gas of judging one element of a large reduction, from `sdk/src/vectors/reductionProofs.json`: every opening
/// checked, every operand read, and what the proof costs as calldata.
contract FraudProofGasTest is Test {
    function test_Reductions() external {
        CheckerRegistry registry = new CheckerRegistry(address(this));
        (uint16[] memory opcodes, IChecker[] memory checkers) = Checkers.deploy();
        registry.add(opcodes, checkers);
        FraudVerifier verifier = new FraudVerifier(registry);
        string memory json = vm.readFile("sdk/src/vectors/reductionProofs.json");
        _measure(verifier, json, 0, 350_000);
        _measure(verifier, json, 1, 1_600_000);
    }

    function _measure(FraudVerifier verifier, string memory json, uint256 index, uint256 target)
        private
    {
        string memory at = string.concat(".proofs[", vm.toString(index), "]");
        string memory name = vm.parseJsonString(json, string.concat(at, ".name"));
        (ExecutionRoots memory roots, FraudProof memory proof) = abi.decode(
            vm.parseJsonBytes(json, string.concat(at, ".encoded")), (ExecutionRoots, FraudProof)
        );
        bytes memory call = abi.encodeCall(verifier.judge, (roots, 1, proof));
        uint256 used = gasleft();
        (bool done, bytes memory answer) = address(verifier).call(call);
        used -= gasleft();
        assertTrue(done);
        // The last word is `fraud`.
        assertEq(uint8(answer[answer.length - 1]), 1, name);

        uint256 tokens;
        for (uint256 i = 0; i < call.length; ++i) {
            tokens += call[i] == 0 ? 1 : 4;
        }
        // EIP-7623: 4 gas a token beside execution, or 10 as a floor.
        uint256 whole = 21_000 + 4 * tokens + used;
        if (whole < 21_000 + 10 * tokens) whole = 21_000 + 10 * tokens;
        emit log_named_uint(string.concat(name, ", execution"), used);
        emit log_named_uint(string.concat(name, ", calldata bytes"), call.length);
        emit log_named_uint(string.concat(name, ", whole transaction"), whole);
        vm.snapshotValue("fraudProof", string.concat(name, ", execution"), used);
        vm.snapshotValue("fraudProof", string.concat(name, ", whole transaction"), whole);
        assertLe(whole, target, name);
    }
}

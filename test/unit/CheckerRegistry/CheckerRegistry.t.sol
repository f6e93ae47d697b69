// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Test} from "forge-std/Test.sol";
import {IChecker} from "../../../contracts/interfaces/IChecker.sol";
import {ICheckerRegistry} from "../../../contracts/interfaces/ICheckerRegistry.sol";
import {CheckerRegistry} from "../../../contracts/verification/CheckerRegistry.sol";

/// @notice Add-only versions (A10).
contract CheckerRegistryTest is Test {
    CheckerRegistry internal registry = new CheckerRegistry(address(this));

    function _checker(string memory name) internal returns (IChecker) {
        address at = makeAddr(name);
        vm.etch(at, hex"fe");
        return IChecker(at);
    }

    function _add(uint16 opcode, IChecker checker) internal returns (uint16) {
        uint16[] memory opcodes = new uint16[](1);
        IChecker[] memory checkers = new IChecker[](1);
        opcodes[0] = opcode;
        checkers[0] = checker;
        return registry.add(opcodes, checkers);
    }

    function test_AVersionNeverChanges() public {
        IChecker a = _checker("a");
        IChecker b = _checker("b");
        IChecker other = _checker("other");
        assertEq(registry.latest(), 0);
        assertEq(_add(20, a), 1);
        assertEq(_add(21, other), 2);
        assertEq(_add(20, b), 3);
        assertEq(registry.latest(), 3);
        assertEq(address(registry.checkerOf(0, 20)), address(0));
        assertEq(address(registry.checkerOf(1, 20)), address(a));
        assertEq(address(registry.checkerOf(2, 20)), address(a), "kept");
        assertEq(address(registry.checkerOf(3, 20)), address(b));
        assertEq(address(registry.checkerOf(1, 21)), address(0));
        assertEq(address(registry.checkerOf(3, 21)), address(other));
    }

    function test_RevertWhen_ACheckerHasNoCode() public {
        vm.expectRevert(
            abi.encodeWithSelector(ICheckerRegistry.CheckerRegistry_NoCode.selector, address(1234))
        );
        _add(20, IChecker(address(1234)));
    }

    function test_RevertWhen_TheListsDoNotPairUp() public {
        vm.expectRevert(
            abi.encodeWithSelector(ICheckerRegistry.CheckerRegistry_LengthMismatch.selector, 0, 0)
        );
        registry.add(new uint16[](0), new IChecker[](0));
        vm.expectRevert(
            abi.encodeWithSelector(ICheckerRegistry.CheckerRegistry_LengthMismatch.selector, 2, 1)
        );
        registry.add(new uint16[](2), new IChecker[](1));
    }

    function test_RevertWhen_TheCallerIsNotTheOwner() public {
        vm.prank(address(1));
        vm.expectRevert(
            abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(1))
        );
        registry.add(new uint16[](1), new IChecker[](1));
    }
}

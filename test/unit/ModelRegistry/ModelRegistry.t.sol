// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelRegistry} from "../../../contracts/interfaces/IModelRegistry.sol";
import {ModelRegistry} from "../../../contracts/models/ModelRegistry.sol";
import {ModelHeader} from "../../../contracts/types/ModelHeader.sol";
import {CheckerRegistry} from "../../../contracts/verification/CheckerRegistry.sol";
import {Base} from "../../utils/Base.t.sol";

contract ModelRegistryTest is Base {
    function test_WhenRegistered() external {
        ModelHeader memory header = _header("one");
        bytes32 id = keccak256(abi.encode(header));
        vm.expectEmit(address(c.modelRegistry));
        emit IModelRegistry.ModelRegistered(id, stranger.addr, header, 2_000, 1, 1);
        vm.prank(stranger.addr);
        assertEq(c.modelRegistry.register(header, 2_000, 1), id);
        IModelRegistry.Model memory entry = c.modelRegistry.modelOf(id);
        assertEq(entry.publisher, stranger.addr);
        assertEq(entry.royaltyBps, 2_000);
        assertEq(entry.classes, 1);
        assertEq(entry.checkerVersion, c.checkerRegistry.latest(), "A10");
    }

    function test_RevertGiven_Registered() external {
        vm.expectRevert(
            abi.encodeWithSelector(IModelRegistry.ModelRegistry_Exists.selector, modelId)
        );
        c.modelRegistry.register(model, 0, 3); // MOD-1
    }

    function test_RevertGiven_Unknown() external {
        vm.expectRevert(
            abi.encodeWithSelector(IModelRegistry.ModelRegistry_Unknown.selector, bytes32(0))
        );
        c.modelRegistry.modelOf(0);
    }

    function test_RevertWhen_RoyaltyOrClassesAreBad() external {
        ModelHeader memory header = _header("two");
        vm.expectRevert(
            abi.encodeWithSelector(
                IModelRegistry.ModelRegistry_RoyaltyTooHigh.selector, 2_001, 2_000
            )
        );
        c.modelRegistry.register(header, 2_001, 3);
        uint8[4] memory classes = [0, 8, 15, 255];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IModelRegistry.ModelRegistry_BadClasses.selector, classes[i])
            );
            c.modelRegistry.register(header, 0, classes[i]);
        }
    }

    function test_RevertWhen_TheTraceIsTooLarge() external {
        ModelHeader memory header = _header("three");
        header.values = 10_000;
        header.activations = 3_072;
        c.modelRegistry.register(header, 0, 3);
        header.activations = 3_073;
        vm.expectRevert(
            abi.encodeWithSelector(
                IModelRegistry.ModelRegistry_TooManyActivations.selector, 3_073, 3_072
            )
        );
        c.modelRegistry.register(header, 0, 3); // A4
    }

    function test_RevertWhen_TheHeaderIsBad() external {
        for (uint256 i = 0; i < 9; ++i) {
            ModelHeader memory header = _header("four");
            if (i == 0) header.manifestRoot = 0;
            if (i == 1) header.fileRoot = 0;
            if (i == 2) header.fileBytes = 0;
            if (i == 3) header.nodes = 0;
            if (i == 4) header.outputs = 0;
            if (i == 5) header.carried = 2;
            if (i == 6) header.values = 2;
            if (i == 7) header.segment = 2;
            if (i == 8) header.profile = 4;
            vm.expectRevert(IModelRegistry.ModelRegistry_BadHeader.selector);
            c.modelRegistry.register(header, 0, 3);
        }
    }

    function test_EveryNumericProfile() external {
        for (uint32 profile = 1; profile <= 3; ++profile) {
            ModelHeader memory header = _header("profile");
            header.profile = profile;
            assertEq(
                c.modelRegistry.register(header, 0, 3), keccak256(abi.encode(header)), "profile"
            );
        }
    }

    function test_RevertGiven_NoCheckers() external {
        ModelRegistry fresh = new ModelRegistry(new CheckerRegistry(address(this)));
        vm.expectRevert(IModelRegistry.ModelRegistry_NoCheckers.selector);
        fresh.register(model, 0, 3);
    }
}

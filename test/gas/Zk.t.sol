// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IHalo2Verifier} from "../../contracts/interfaces/IHalo2Verifier.sol";
import {IZkDeliveries} from "../../contracts/interfaces/IZkDeliveries.sol";
import {IZkModels} from "../../contracts/interfaces/IZkModels.sol";
import {MerkleTree} from "../../contracts/libraries/MerkleTree.sol";
import {ManifestCodec} from "../../contracts/libraries/ManifestCodec.sol";
import {ModelHeader} from "../../contracts/types/ModelHeader.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Base} from "../utils/Base.t.sol";

/// @notice Says yes after as much work as ezkl's do, so that calldata is paid for as theirs is (EIP-7623).
contract BusyVerifier is IHalo2Verifier {
    function verifyProof(bytes calldata, uint256[] calldata) external pure returns (bool) {
        for (uint256 i = 0; i < 5_000; ++i) {}
        return true;
    }
}

/// @title ZkGas
/// @notice What a delivery of class zk costs beyond the verifier: whole transactions, with one input of so many floats and ten outputs.
/// forge-config: default.isolate = true
contract ZkGas is Base {
    uint256 private constant OUTPUTS = 10;
    bytes private proof;
    BusyVerifier private verifier;

    function setUp() public override {
        super.setUp();
        verifier = new BusyVerifier();
        // As long as ezkl's.
        for (uint256 i = 0; i < 96; ++i) {
            proof = abi.encodePacked(proof, keccak256(abi.encode(i)));
        }
        _measure(24, "");
    }

    function test_ADozenNumbers() public {
        _measure(24, "24 inputs");
    }

    function test_AnImage() public {
        _measure(784, "784 inputs");
    }

    /// @param name Nothing is recorded without one.
    function _measure(uint256 inputs, string memory name) private {
        IZkModels.Shape memory shape = _shape(inputs);
        IZkDeliveries.ProvedStep[] memory steps = _steps(inputs);
        bytes32 modelId = _publish(shape, name);
        Order memory order = _order();
        order.modelId = modelId;
        order.class = 3;
        order.tip = 0;
        order.inputRoot = this.inputRootOf(shape.inputs[0], steps[0].inputs[0]);
        _lock(order);
        vm.prank(hot.addr);
        c.zkDeliveries.deliverProved(order, shape, steps);
        if (bytes(name).length == 0) return;
        uint256 delivery = vm.snapshotGasLastCall("zk", string.concat("deliver, proved, ", name));
        uint256[] memory instances = new uint256[](inputs + OUTPUTS);
        for (uint256 i = 0; i < instances.length; ++i) {
            instances[i] = i * 97;
        }
        (bool accepted,) =
            address(verifier).call(abi.encodeCall(IHalo2Verifier.verifyProof, (proof, instances)));
        assertTrue(accepted);
        uint256 alone = vm.snapshotGasLastCall("zk", string.concat("verifier alone, ", name));
        emit log_named_uint("beyond the verifier", delivery - alone);
    }

    function inputRootOf(bytes calldata header, bytes calldata data)
        external
        view
        returns (bytes32)
    {
        bytes32[] memory roots = new bytes32[](1);
        roots[0] = ManifestCodec.tensorRoot(header, MerkleTree.dataRootOf(data));
        bytes32[] memory bundles = new bytes32[](1);
        bundles[0] = MerkleTree.rootOfRoots(roots);
        return MerkleTree.rootOfRoots(bundles);
    }

    function _publish(IZkModels.Shape memory shape, string memory name)
        private
        returns (bytes32 modelId)
    {
        ModelHeader memory header = _header(string.concat("zk", name));
        vm.startPrank(publisher.addr);
        modelId = c.modelRegistry.register(header, 0, 4);
        c.zkModels
            .bind(
                header,
                shape,
                IZkModels.ZkModel({
                    selector: c.zkVerifierRouter.add(address(verifier)),
                    maxDifference: 0x3a83126f,
                    shapeHash: keccak256(abi.encode(shape)),
                    circuitRoot: keccak256("circuit"),
                    keyRoot: keccak256("key"),
                    settingsRoot: keccak256("settings")
                })
            );
        vm.stopPrank();
    }

    function _shape(uint256 inputs) private pure returns (IZkModels.Shape memory shape) {
        shape.inputs = new bytes[](1);
        shape.inputs[0] = abi.encodePacked(hex"0101", _le(uint32(inputs)), hex"00");
        shape.inputScales = new uint8[](1);
        shape.inputScales[0] = 7;
        shape.outputs = new bytes[](1);
        shape.outputs[0] = abi.encodePacked(hex"0101", _le(uint32(OUTPUTS)), hex"00");
        shape.outputScales = new uint8[](1);
        shape.outputScales[0] = 13;
    }

    /// @dev Floats of both signs around one, none of whose bytes is zero.
    function _steps(uint256 inputs) private view returns (IZkDeliveries.ProvedStep[] memory steps) {
        steps = new IZkDeliveries.ProvedStep[](1);
        bytes memory data;
        for (uint256 i = 0; i < inputs; ++i) {
            bytes32 random = keccak256(abi.encode(i));
            data = abi.encodePacked(
                data,
                uint8(random[0]) | 1,
                uint8(random[1]) | 1,
                bytes1(uint8(random[2]) | 1),
                i % 2 == 0 ? bytes1(0x3f) : bytes1(0xbf)
            );
        }
        steps[0].inputs = new bytes[](1);
        steps[0].inputs[0] = data;
        steps[0].outputs = new int256[][](1);
        steps[0].outputs[0] = new int256[](OUTPUTS);
        for (uint256 i = 0; i < OUTPUTS; ++i) {
            steps[0].outputs[0][i] = i % 2 == 0 ? int256(40_000 + i) : -int256(40_000 + i);
        }
        steps[0].proof = proof;
    }

    function _le(uint32 value) private pure returns (bytes4) {
        return bytes4(
            ((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >> 8) & 0xff00)
                | (value >> 24)
        );
    }
}

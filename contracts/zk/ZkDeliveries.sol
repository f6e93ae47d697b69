// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IZkDeliveries} from "../interfaces/IZkDeliveries.sol";
import {IZkModels} from "../interfaces/IZkModels.sol";
import {IZkVerifierRouter} from "../interfaces/IZkVerifierRouter.sol";
import {FieldElements} from "../libraries/FieldElements.sol";
import {ManifestCodec} from "../libraries/ManifestCodec.sol";
import {MerkleTree} from "../libraries/MerkleTree.sol";
import {Order} from "../types/Order.sol";

/// @title ZkDeliveries
/// @dev TRUST: JobMarket, for the lock and the money; the model's verifier, chosen by its publisher, for the proof. No owner.
/// TOKENS: none. LIVENESS: nothing pauses a delivery. ROUNDING: inputs to the nearest number of the circuit, outputs to the nearest float32. CLOCKS: JobMarket's. PROPERTIES: ZKD-1, ZKD-2.
contract ZkDeliveries is IZkDeliveries {
    /// @notice Locks, and pays.
    IJobMarket public immutable MARKET;

    /// @notice Bindings.
    IZkModels public immutable MODELS;

    /// @notice Judges proofs.
    IZkVerifierRouter public immutable ROUTER;

    constructor(IJobMarket market, IZkModels models, IZkVerifierRouter router) {
        MARKET = market;
        MODELS = models;
        ROUTER = router;
    }

    /// @inheritdoc IZkDeliveries
    function deliverProved(
        Order calldata order,
        IZkModels.Shape calldata shape,
        ProvedStep[] calldata steps
    ) external {
        (bytes4 selector, bytes32 shapeHash) = MODELS.statementOf(order.modelId);
        require(keccak256(abi.encode(shape)) == shapeHash, ZkDeliveries_WrongShape(order.modelId));
        require(
            steps.length == order.steps, ZkDeliveries_WrongCount("steps", steps.length, order.steps)
        );

        bytes32[] memory inputRoots = new bytes32[](steps.length);
        bytes32[] memory segments = new bytes32[](steps.length);
        bytes[] memory tensors = new bytes[](steps.length * shape.outputs.length);
        for (uint256 i = 0; i < steps.length; ++i) {
            (inputRoots[i], segments[i]) = _prove(selector, shape, steps[i], tensors, i);
        }
        bytes32 inputRoot = MerkleTree.rootOfRoots(inputRoots);
        require(inputRoot == order.inputRoot, ZkDeliveries_WrongInput(inputRoot, order.inputRoot));
        bytes32 resultRoot = MerkleTree.rootOfRoots(segments); // ZKD-2

        bytes32 jobId = MARKET.jobIdOf(order);
        emit ProvedDelivered(jobId, resultRoot, tensors);
        MARKET.deliverProved(jobId, resultRoot, msg.sender);
        MARKET.settle(order);
    }

    /// @return bundle Root over the inputs. @return segment Leaf of the result root.
    function _prove(
        bytes4 selector,
        IZkModels.Shape calldata shape,
        ProvedStep calldata step,
        bytes[] memory tensors,
        uint256 index
    ) private view returns (bytes32 bundle, bytes32 segment) {
        bytes memory instances = new bytes(_instances(shape, step) * 32);
        uint256 count;
        (bundle, count) = _readInputs(shape, step.inputs, instances);
        bytes[] memory outputs = new bytes[](step.outputs.length);
        segment = _readOutputs(shape, step.outputs, instances, count, outputs);
        for (uint256 i = 0; i < outputs.length; ++i) {
            tensors[index * outputs.length + i] = outputs[i];
        }
        ROUTER.verify(selector, step.proof, instances); // ZKD-1
    }

    /// @dev Elements of all tensors of a step; their number is checked tensor by tensor later.
    function _instances(IZkModels.Shape calldata shape, ProvedStep calldata step)
        private
        pure
        returns (uint256 count)
    {
        require(
            step.inputs.length == shape.inputs.length,
            ZkDeliveries_WrongCount("inputs", step.inputs.length, shape.inputs.length)
        );
        require(
            step.outputs.length == shape.outputs.length,
            ZkDeliveries_WrongCount("outputs", step.outputs.length, shape.outputs.length)
        );
        for (uint256 i = 0; i < step.inputs.length; ++i) {
            count += step.inputs[i].length / 4;
        }
        for (uint256 i = 0; i < step.outputs.length; ++i) {
            count += step.outputs[i].length;
        }
    }

    /// @return bundle Root over the tensors of the step. @return count Instances written.
    function _readInputs(
        IZkModels.Shape calldata shape,
        bytes[] calldata inputs,
        bytes memory instances
    ) private view returns (bytes32 bundle, uint256 count) {
        bytes32[] memory roots = new bytes32[](inputs.length);
        for (uint256 i = 0; i < inputs.length; ++i) {
            bytes calldata data = inputs[i];
            (, uint32 elements) = ManifestCodec.decodeHeader(shape.inputs[i]);
            require(
                data.length == uint256(elements) * 4,
                ZkDeliveries_WrongCount("bytes", data.length, uint256(elements) * 4)
            );
            roots[i] = ManifestCodec.tensorRoot(shape.inputs[i], MerkleTree.dataRootOf(data));
            count = FieldElements.quantize(data, shape.inputScales[i], instances, count);
        }
        bundle = MerkleTree.rootOfRoots(roots);
    }

    /// @return segment Leaf of the result root (B8): nothing is carried.
    function _readOutputs(
        IZkModels.Shape calldata shape,
        int256[][] calldata outputs,
        bytes memory instances,
        uint256 count,
        bytes[] memory tensors
    ) private view returns (bytes32 segment) {
        bytes32[] memory roots = new bytes32[](outputs.length);
        for (uint256 i = 0; i < outputs.length; ++i) {
            bytes calldata header = shape.outputs[i];
            (, uint32 elements) = ManifestCodec.decodeHeader(header);
            require(
                outputs[i].length == elements,
                ZkDeliveries_WrongCount("elements", outputs[i].length, elements)
            );
            tensors[i] =
                FieldElements.dequantize(outputs[i], shape.outputScales[i], instances, count);
            count += elements;
            roots[i] = ManifestCodec.tensorRoot(header, MerkleTree.dataRootOfMemory(tensors[i]));
        }
        bytes32 outputsRoot = MerkleTree.leafHash(MerkleTree.rootOfRoots(roots));
        segment = MerkleTree.segmentLeaf(sha256(""), outputsRoot);
    }
}

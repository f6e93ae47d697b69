// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IZkModels} from "../interfaces/IZkModels.sol";
import {IZkVerifierRouter} from "../interfaces/IZkVerifierRouter.sol";
import {ManifestCodec} from "../libraries/ManifestCodec.sol";
import {ModelHeader} from "../types/ModelHeader.sol";
import {TensorType} from "../types/TensorType.sol";

/// @title ZkModels
/// @dev TRUST: a publisher, for nothing but its own models: who uses one builds the verifier again from the key. TOKENS: none. LIVENESS: nothing pauses a binding. ROUNDING: none. CLOCKS: none. PROPERTIES: ZKM-1.
contract ZkModels is IZkModels {
    /// @notice Most binary digits behind the point: a float32 has 24 in all.
    uint8 public constant MAX_SCALE = 30;

    uint8 private constant FLOAT32 = 1;

    /// @notice Who published what.
    IModelRegistry public immutable MODELS;

    /// @notice Where the verifiers are.
    IZkVerifierRouter public immutable ROUTER;

    mapping(bytes32 modelId => ZkModel) private _models;

    constructor(IModelRegistry models, IZkVerifierRouter router) {
        MODELS = models;
        ROUTER = router;
    }

    /// @inheritdoc IZkModels
    function bind(ModelHeader calldata header, Shape calldata shape, ZkModel calldata binding)
        external
    {
        bytes32 modelId = keccak256(abi.encode(header));
        require(
            MODELS.modelOf(modelId).publisher == msg.sender,
            ZkModels_NotPublisher(modelId, msg.sender)
        );
        require(_models[modelId].shapeHash == 0, ZkModels_Bound(modelId)); // ZKM-1
        require(binding.shapeHash == keccak256(abi.encode(shape)), ZkModels_BadShape("hash"));
        require(header.carried == 0 && header.segment == 1, ZkModels_BadShape("carry"));
        _checkTensors(shape.inputs, shape.inputScales, header.inputs);
        _checkTensors(shape.outputs, shape.outputScales, header.outputs);
        ROUTER.verifierOf(binding.selector);

        _models[modelId] = binding;
        emit ZkModelBound(modelId, binding.selector, binding, shape);
    }

    /// @inheritdoc IZkModels
    function zkModelOf(bytes32 modelId) external view returns (ZkModel memory binding) {
        binding = _models[modelId];
        require(binding.shapeHash != 0, ZkModels_Unknown(modelId));
    }

    /// @inheritdoc IZkModels
    function statementOf(bytes32 modelId) public view returns (bytes4 selector, bytes32 shapeHash) {
        ZkModel storage binding = _models[modelId];
        (selector, shapeHash) = (binding.selector, binding.shapeHash);
        require(shapeHash != 0, ZkModels_Unknown(modelId));
    }

    /// @inheritdoc IZkModels
    function requireLive(bytes32 modelId) external view {
        (bytes4 selector,) = statementOf(modelId);
        require(!ROUTER.verifierOf(selector).retired, ZkModels_VerifierRetired(selector));
    }

    /// @dev Field elements follow the order of the axes, and so must the committed bytes.
    function _checkTensors(bytes[] calldata headers, uint8[] calldata scales, uint256 count)
        private
        pure
    {
        require(headers.length == count && scales.length == count, ZkModels_BadShape("counts"));
        for (uint256 i = 0; i < count; ++i) {
            require(scales[i] <= MAX_SCALE, ZkModels_BadShape("scale"));
            (TensorType memory tensor,) = ManifestCodec.decodeHeader(headers[i]);
            require(tensor.dtype == FLOAT32, ZkModels_BadShape("dtype"));
            for (uint256 axis = 0; axis < tensor.perm.length; ++axis) {
                require(tensor.perm[axis] == axis, ZkModels_BadShape("perm"));
            }
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ICheckerRegistry} from "../interfaces/ICheckerRegistry.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {SumRules} from "../libraries/SumRules.sol";
import {ModelHeader} from "../types/ModelHeader.sol";

/// @title ModelRegistry
/// @notice Knows the models that can be ordered. What a header claims is checked against the model file by everybody who
/// uses it: a node that derives another manifest from the file refuses the model.
/// @dev TRUST: nobody. TOKENS: none. LIVENESS: registration cannot be paused. ROUNDING: none. CLOCKS: none.
/// PROPERTIES: MOD-1 an entry never changes.
contract ModelRegistry is IModelRegistry {
    /// @notice Most committed values of a trace, so that posting one fits a transaction (A4).
    uint32 public constant MAX_ACTIVATIONS = 3_072;

    /// @notice Most that a publisher may ask of a job's price.
    uint16 public constant MAX_ROYALTY_BPS = 2_000;

    /// @notice B8: most steps of a segment; a model that carries nothing has segments of one.
    uint32 public constant MAX_SEGMENT = 128;

    /// @notice Classes served: 1 exact, 2 float, 3 zk (once ZkModels has its circuit).
    uint8 public constant CLASSES = 7;

    /// @notice Where the version of the checkers is read.
    ICheckerRegistry public immutable CHECKERS;

    mapping(bytes32 modelId => Model) private _models;

    constructor(ICheckerRegistry checkers) {
        CHECKERS = checkers;
    }

    /// @inheritdoc IModelRegistry
    function register(ModelHeader calldata header, uint16 royaltyBps, uint8 classes)
        external
        returns (bytes32 modelId)
    {
        modelId = keccak256(abi.encode(header));
        require(_models[modelId].publisher == address(0), ModelRegistry_Exists(modelId)); // MOD-1
        require(
            royaltyBps <= MAX_ROYALTY_BPS, ModelRegistry_RoyaltyTooHigh(royaltyBps, MAX_ROYALTY_BPS)
        );
        require(classes != 0 && classes & ~CLASSES == 0, ModelRegistry_BadClasses(classes));
        require(
            header.activations <= MAX_ACTIVATIONS,
            ModelRegistry_TooManyActivations(header.activations, MAX_ACTIVATIONS)
        ); // A4
        require(_isSound(header), ModelRegistry_BadHeader());
        uint16 version = CHECKERS.latest();
        require(version != 0, ModelRegistry_NoCheckers());

        _models[modelId] = Model(msg.sender, royaltyBps, classes, version); // A10
        emit ModelRegistered(modelId, msg.sender, header, royaltyBps, classes, version);
    }

    /// @inheritdoc IModelRegistry
    function modelOf(bytes32 modelId) external view returns (Model memory model) {
        model = _models[modelId];
        require(model.publisher != address(0), ModelRegistry_Unknown(modelId));
    }

    /// @dev Counts that no manifest can have and unknown numeric profiles are refused; the rest is for those who read the file.
    function _isSound(ModelHeader calldata header) private pure returns (bool) {
        return header.manifestRoot != 0 && header.fileRoot != 0 && header.fileBytes != 0
            && header.nodes != 0 && header.outputs != 0 && header.carried <= header.outputs
            && uint256(header.inputs) + header.activations + header.outputs <= header.values
            && header.segment != 0 && header.segment <= MAX_SEGMENT
            && (header.segment == 1 || header.carried != 0) && SumRules.isProfile(header.profile);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    VRFConsumerBaseV2Plus
} from "@chainlink/contracts/src/v0.8/vrf/dev/VRFConsumerBaseV2Plus.sol";
import {VRFV2PlusClient} from "@chainlink/contracts/src/v0.8/vrf/dev/libraries/VRFV2PlusClient.sol";

import {IAuditManager} from "../interfaces/IAuditManager.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {Role} from "../types/Role.sol";
import {AuditRecords} from "./AuditRecords.sol";
import {BlockSeed} from "./BlockSeed.sol";

/// @title AuditSeeds
/// @notice Epochs and their seeds: one request of Chainlink VRF v2.5 an epoch, or a block's prevrandao if no word comes (E1).
abstract contract AuditSeeds is VRFConsumerBaseV2Plus, IAuditManager {
    using AuditRecords for *;

    /// @notice What a deployment fixes, but for what the owner may replace: the subscription and, as Chainlink's base has it, the coordinator.
    /// @param owner Governance.
    /// @param epoch Seconds of an epoch: JobMarket's.
    /// @param fallbackDelay N: seconds to wait for a word; `fallbackBlocks` from the closing to the block that replaces it.
    struct SeedConfig {
        address owner;
        address coordinator;
        uint256 subscriptionId;
        bytes32 keyHash;
        IJobMarket market;
        IStakeManager stakeManager;
        address parameters;
        uint40 epoch;
        uint40 fallbackDelay;
        uint64 fallbackBlocks;
    }

    uint16 private constant CONFIRMATIONS = 3;
    uint32 private constant CALLBACK_GAS = 300_000;

    /// @notice Takes the seeds.
    IJobMarket public immutable MARKET;
    /// @notice Stake of verifiers.
    IStakeManager public immutable STAKE;
    /// @notice Pushes snapshots.
    address public immutable PARAMETERS;
    /// @notice Seconds of an epoch.
    uint40 public immutable EPOCH;
    /// @notice Seconds to wait for a word of the oracle.
    uint40 public immutable FALLBACK_DELAY;
    /// @notice Blocks from the closing of an epoch to the one that replaces the oracle.
    uint64 public immutable FALLBACK_BLOCKS;

    /// @notice Who pays the oracle.
    uint256 public subscriptionId;
    /// @notice At which price of gas.
    bytes32 public keyHash;

    /// @inheritdoc IAuditManager
    uint32 public currentVersion;

    mapping(uint40 epoch => AuditRecords.EpochWords) internal _epochs;
    mapping(uint32 version => uint256) internal _snapshots; // AuditRecords
    /// @dev The epoch plus one.
    mapping(uint256 requestId => uint40) private _requests;

    constructor(SeedConfig memory config) VRFConsumerBaseV2Plus(config.coordinator) {
        MARKET = config.market;
        STAKE = config.stakeManager;
        PARAMETERS = config.parameters;
        EPOCH = config.epoch;
        FALLBACK_DELAY = config.fallbackDelay;
        FALLBACK_BLOCKS = config.fallbackBlocks;
        subscriptionId = config.subscriptionId;
        keyHash = config.keyHash;
        // Chainlink's base makes the deployer the owner and hands over in two steps, the second of which a timelock could only take days later. Its first slot is the owner.
        address owner_ = config.owner;
        assembly ("memory-safe") {
            sstore(0, owner_)
        }
        assert(owner() == owner_);
    }

    // --- Seeds ---

    /// @inheritdoc IAuditManager
    function closeEpoch(uint40 epoch) external {
        uint40 endsAt = (epoch + 1) * EPOCH;
        require(block.timestamp >= endsAt, AuditManager_EpochOpen(epoch, endsAt));
        Epoch memory record = epochOf(epoch);
        require(record.closedAt == 0, AuditManager_AlreadyClosed(epoch));
        record.version = currentVersion;
        require(record.version != 0, AuditManager_NoSnapshot());
        record.closedAt = uint40(block.timestamp);
        record.requestedAt = record.closedAt;
        record.fallbackBlock = uint64(block.number) + FALLBACK_BLOCKS; // AUD-1
        // E1, AUD-1: the stake of the epoch's last second, which nobody changes any more.
        record.totalStake = STAKE.totalStakeAt(Role.Verifier, endsAt - 1);
        _epochs[epoch].store(record);
        uint256 requestId = _request(epoch);
        emit EpochClosed(epoch, record.version, requestId, record.fallbackBlock);
    }

    /// @inheritdoc IAuditManager
    function requestSeed(uint40 epoch) external {
        Epoch memory record = _unseeded(epoch);
        uint40 at = record.requestedAt + FALLBACK_DELAY;
        require(block.timestamp >= at, AuditManager_TooEarly(epoch, at, 0));
        record.requestedAt = uint40(block.timestamp);
        _epochs[epoch].store(record);
        emit SeedRequested(epoch, _request(epoch));
    }

    /// @inheritdoc IAuditManager
    function fallbackSeed(uint40 epoch, bytes calldata header) external {
        Epoch memory record = _unseeded(epoch);
        uint40 at = record.closedAt + FALLBACK_DELAY;
        uint64 atBlock = record.fallbackBlock;
        require(
            block.timestamp >= at && block.number > atBlock,
            AuditManager_TooEarly(epoch, at, atBlock)
        );
        (bool known, uint256 prevrandao) = BlockSeed.prevrandaoOf(atBlock, header);
        if (known) {
            _seed(epoch, record, prevrandao, true);
        } else {
            record.fallbackBlock = uint64(block.number) + FALLBACK_BLOCKS;
            _epochs[epoch].store(record);
            emit FallbackMoved(epoch, record.fallbackBlock);
        }
    }

    // --- Governance ---

    /// @inheritdoc IAuditManager
    function setSubscription(uint256 newSubscriptionId, bytes32 newKeyHash) external onlyOwner {
        subscriptionId = newSubscriptionId;
        keyHash = newKeyHash;
        emit SubscriptionSet(newSubscriptionId, newKeyHash);
    }

    /// @inheritdoc IAuditManager
    function pushSnapshot(uint32 version, AuditSnapshot calldata snapshot) external {
        require(msg.sender == PARAMETERS, AuditManager_NotParameters(msg.sender));
        // F2: append-only. A seat keeps 24 bits of it. SAFETY: the fields are within the bounds of Parameters, and so within their bits.
        require(
            version > currentVersion && version <= type(uint24).max,
            AuditManager_SnapshotExists(version)
        );
        currentVersion = version;
        _snapshots[version] = snapshot.pack();
        emit SnapshotPushed(version, snapshotOf(version));
    }

    // --- Views ---

    /// @inheritdoc IAuditManager
    function epochOf(uint40 epoch) public view returns (Epoch memory) {
        return _epochs[epoch].load();
    }

    /// @inheritdoc IAuditManager
    function snapshotOf(uint32 version) public view returns (AuditSnapshot memory) {
        return _snapshots[version].unpackSnapshot();
    }

    /// @inheritdoc IAuditManager
    function qEffPpm() public view virtual returns (uint32);

    // --- Internals ---

    /// @dev A word of the oracle. Never reverts: what comes too late changes nothing.
    function fulfillRandomWords(uint256 requestId, uint256[] calldata words) internal override {
        uint40 epoch;
        unchecked {
            epoch = _requests[requestId] - 1; // of no request of ours: the largest, which nobody has closed
        }
        Epoch memory record = epochOf(epoch);
        if (record.closedAt == 0 || record.seed != 0) emit SeedIgnored(epoch, requestId);
        else _seed(epoch, record, words[0], false);
    }

    function _seed(uint40 epoch, Epoch memory record, uint256 word, bool fallback_) private {
        uint160 seed = uint160(uint256(keccak256(abi.encode(epoch, word)))); // SAFETY: a hash, cut
        if (seed == 0) seed = 1; // 0 says that there is none
        record.seed = seed; // AUD-1
        record.seedAt = uint40(block.timestamp);
        _epochs[epoch].store(record);
        uint32 ratePpm = snapshotOf(record.version).ratePpm;
        uint32 qEff = qEffPpm();
        emit SeedDrawn(epoch, seed, ratePpm, qEff, fallback_);
        MARKET.pushSeed(epoch, seed, ratePpm, qEff);
    }

    /// @dev A closed epoch without a seed.
    function _unseeded(uint40 epoch) private view returns (Epoch memory record) {
        record = epochOf(epoch);
        require(record.closedAt != 0, AuditManager_NotClosed(epoch));
        require(record.seed == 0, AuditManager_SeedExists(epoch)); // AUD-1
    }

    /// @dev An oracle that refuses must not keep an epoch open. @return requestId 0 if it does.
    function _request(uint40 epoch) private returns (uint256 requestId) {
        try s_vrfCoordinator.requestRandomWords(
            VRFV2PlusClient.RandomWordsRequest({
                keyHash: keyHash,
                subId: subscriptionId,
                requestConfirmations: CONFIRMATIONS,
                callbackGasLimit: CALLBACK_GAS,
                numWords: 1,
                extraArgs: VRFV2PlusClient._argsToBytes(
                    VRFV2PlusClient.ExtraArgsV1({nativePayment: false})
                )
            })
        ) returns (
            uint256 id
        ) {
            requestId = id;
            _requests[id] = epoch + 1;
        } catch (bytes memory reason) {
            emit OracleUnavailable(epoch, reason);
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ILedger} from "../interfaces/ILedger.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";

/// @title StakeManager
/// @notice Keeps the stake of providers.
/// @dev TRUST: the cores, to reserve, release and slash within D1; the owner adds cores and nothing else.
/// TOKENS: LYN only, held here. LIVENESS: nothing pauses thawing or withdrawing; reserved stake waits for its jobs.
/// ROUNDING: the payout limit and the liveness cap round down. CLOCKS: block time for thaw, jail and the liveness epoch.
/// PROPERTIES: STK-1, STK-2, STK-3, STK-4, STK-5.
contract StakeManager is IStakeManager, Ownable {
    using SafeERC20 for IERC20;

    /// @notice What a deployment fixes for ever.
    /// @param thawPeriod Seconds; longer than the longest dispute path.
    /// @param fraudJail Seconds without new locks after a fraud slash; `livenessJail` after a liveness slash.
    /// @param livenessEpoch Seconds over which liveness slashes are capped, at `livenessCapBps` of the stake.
    struct Config {
        uint96 minStake;
        uint40 thawPeriod;
        uint40 fraudJail;
        uint40 livenessJail;
        uint40 livenessEpoch;
        uint16 livenessCapBps;
    }

    /// @dev One slot: all that a lock reads and writes.
    struct Standing {
        uint96 capacity;
        uint96 reserved;
        uint40 jailedUntil;
        uint24 reputation; // D11: a later module's
    }

    /// @dev `capacity` is what backs new locks: stake that does not thaw. Stake is `capacity + thawing`.
    struct Slots {
        // slot 0
        address hotKey;
        uint96 caps; // capabilities: a later module's
        Standing standing; // slot 1
        // slot 2
        address owner;
        uint96 thawing;
        // slot 3, touched by thawing and liveness slashes only
        uint40 thawedAt;
        uint40 epoch;
        uint96 epochSlashed;
    }

    /// @notice D1: most that a slash may pay out, of the self-stake slashed.
    uint256 public constant MAX_PAYOUT_BPS = 4_000;

    /// @notice The staked token.
    IERC20 public immutable LYN;

    /// @notice Where payouts are credited.
    ILedger public immutable LEDGER;

    /// @notice Least stake of a provider, in LYN wei.
    uint96 public immutable MIN_STAKE;

    /// @notice Seconds of a thaw.
    uint40 public immutable THAW_PERIOD;

    /// @notice Seconds of jail after a fraud slash.
    uint40 public immutable FRAUD_JAIL;

    /// @notice Seconds of jail after a liveness slash.
    uint40 public immutable LIVENESS_JAIL;

    /// @notice Seconds of an epoch of the liveness cap.
    uint40 public immutable LIVENESS_EPOCH;

    /// @notice Most that liveness slashes take in an epoch, of the stake at its start.
    uint16 public immutable LIVENESS_CAP_BPS;

    /// @inheritdoc IStakeManager
    uint32 public providers;

    mapping(uint32 providerId => Slots) private _providers;
    mapping(uint32 providerId => string) private _endpoints;

    /// @inheritdoc IStakeManager
    mapping(address hotKey => uint32 providerId) public providerIdOf;

    /// @inheritdoc IStakeManager
    mapping(address core => bool) public isCore;

    modifier onlyCore() {
        require(isCore[msg.sender], StakeManager_NotCore(msg.sender));
        _;
    }

    constructor(address owner, IERC20 lyn, ILedger ledger, Config memory config) Ownable(owner) {
        LYN = lyn;
        LEDGER = ledger;
        MIN_STAKE = config.minStake;
        THAW_PERIOD = config.thawPeriod;
        FRAUD_JAIL = config.fraudJail;
        LIVENESS_JAIL = config.livenessJail;
        LIVENESS_EPOCH = config.livenessEpoch;
        LIVENESS_CAP_BPS = config.livenessCapBps;
        // The Ledger takes payouts out of slashes from here.
        lyn.forceApprove(address(ledger), type(uint256).max);
    }

    // --- Providers ---

    /// @inheritdoc IStakeManager
    function register(address hotKey, string calldata endpoint)
        external
        returns (uint32 providerId)
    {
        providerId = ++providers;
        _takeHotKey(providerId, hotKey);
        _providers[providerId].owner = msg.sender;
        emit ProviderRegistered(providerId, msg.sender, hotKey);
        _endpoints[providerId] = endpoint;
        emit EndpointSet(providerId, endpoint);
    }

    /// @inheritdoc IStakeManager
    function rotateHotKey(uint32 providerId, address hotKey) external {
        _onlyOwnerOf(providerId);
        delete providerIdOf[_providers[providerId].hotKey];
        _takeHotKey(providerId, hotKey);
        emit HotKeyRotated(providerId, hotKey);
    }

    /// @inheritdoc IStakeManager
    function setEndpoint(uint32 providerId, string calldata endpoint) external {
        _onlyOwnerOf(providerId);
        _endpoints[providerId] = endpoint;
        emit EndpointSet(providerId, endpoint);
    }

    /// @inheritdoc IStakeManager
    function stake(uint32 providerId, uint96 amount) external {
        require(amount != 0, StakeManager_ZeroAmount());
        Slots storage provider = _known(providerId);
        uint96 capacity = provider.standing.capacity + amount;
        require(capacity >= MIN_STAKE, StakeManager_BelowMinimum(capacity, MIN_STAKE));
        provider.standing.capacity = capacity;
        emit Staked(providerId, msg.sender, amount);
        LYN.safeTransferFrom(msg.sender, address(this), amount); // STK-1
    }

    /// @inheritdoc IStakeManager
    function requestThaw(uint32 providerId, uint96 amount) external {
        _onlyOwnerOf(providerId);
        require(amount != 0, StakeManager_ZeroAmount());
        Slots storage provider = _providers[providerId];
        uint96 capacity = provider.standing.capacity;
        require(amount <= capacity, StakeManager_InsufficientStake(providerId, amount, capacity));
        provider.standing.capacity = capacity - amount; // F2: thawing stake backs no new lock...
        uint96 thawing = provider.thawing + amount; // ...and stays slashable
        provider.thawing = thawing;
        uint40 thawedAt = uint40(block.timestamp) + THAW_PERIOD;
        provider.thawedAt = thawedAt;
        emit ThawRequested(providerId, thawing, thawedAt);
    }

    /// @inheritdoc IStakeManager
    function withdraw(uint32 providerId, uint96 amount, address to) external {
        _onlyOwnerOf(providerId);
        require(amount != 0, StakeManager_ZeroAmount());
        require(to != address(0), StakeManager_ZeroAddress());
        Slots storage provider = _providers[providerId];
        require(
            block.timestamp >= provider.thawedAt,
            StakeManager_StillThawing(providerId, provider.thawedAt)
        );
        uint96 thawing = provider.thawing;
        uint96 capacity = provider.standing.capacity;
        uint96 reserved = provider.standing.reserved;
        // F2, STK-2: only what is thawed and not reserved.
        uint96 bound = reserved > capacity ? reserved - capacity : 0;
        uint96 free = thawing - bound;
        require(amount <= free, StakeManager_InsufficientStake(providerId, amount, free));
        provider.thawing = thawing - amount;
        emit Unstaked(providerId, to, amount);
        LYN.safeTransfer(to, amount);
    }

    // --- Cores ---

    /// @inheritdoc IStakeManager
    function reserve(address hotKey, uint96 amount) external onlyCore returns (uint32 providerId) {
        providerId = providerIdOf[hotKey];
        require(providerId != 0, StakeManager_NotAHotKey(hotKey));
        Slots storage provider = _providers[providerId];
        Standing memory standing = provider.standing;
        require(
            block.timestamp >= standing.jailedUntil,
            StakeManager_Jailed(providerId, standing.jailedUntil)
        ); // STK-5
        uint96 reserved = standing.reserved;
        // STK-2. `reserved` may exceed `capacity` while stake thaws under running jobs.
        uint96 free = reserved < standing.capacity ? standing.capacity - reserved : 0;
        require(amount <= free, StakeManager_InsufficientStake(providerId, amount, free));
        unchecked {
            provider.standing.reserved = reserved + amount; // SAFETY: at most `capacity`
        }
    }

    /// @inheritdoc IStakeManager
    function release(uint32 providerId, uint96 amount) external onlyCore returns (address owner) {
        Slots storage provider = _providers[providerId];
        provider.standing.reserved -= amount;
        owner = provider.owner;
    }

    /// @inheritdoc IStakeManager
    function slash(
        uint32 providerId,
        uint96 reserved,
        uint96 amount,
        uint96 payout,
        address recipient
    ) external onlyCore {
        uint256 maximum = _maxPayout(amount);
        require(payout <= maximum, StakeManager_PayoutTooHigh(payout, maximum)); // STK-4, D1
        _slash(
            providerId, reserved, amount, payout, recipient, uint40(block.timestamp) + FRAUD_JAIL
        );
    }

    /// @inheritdoc IStakeManager
    function slashLiveness(
        uint32 providerId,
        uint96 reserved,
        uint96 amount,
        uint96 payout,
        address recipient
    ) external onlyCore returns (uint96 taken, uint96 paid) {
        Slots storage provider = _providers[providerId];
        uint40 epoch = uint40(block.timestamp) / LIVENESS_EPOCH;
        uint96 before = provider.epoch == epoch ? provider.epochSlashed : 0;
        // D1: the cap is of the stake that the provider would have had without this epoch's slashes.
        uint256 whole = uint256(provider.standing.capacity) + provider.thawing + before;
        uint256 cap = whole * LIVENESS_CAP_BPS / 10_000;
        uint256 left = cap > before ? cap - before : 0;
        uint40 jailedUntil = uint40(block.timestamp) + LIVENESS_JAIL;
        if (amount > left) {
            taken = uint96(left); // SAFETY: left < amount
            // What cannot be slashed any more must not be tried again in this epoch.
            uint40 epochEnd = (epoch + 1) * LIVENESS_EPOCH;
            if (epochEnd > jailedUntil) jailedUntil = epochEnd;
        } else {
            taken = amount;
        }
        uint256 maximum = _maxPayout(taken);
        paid = payout < maximum ? payout : uint96(maximum); // STK-4, D1. SAFETY: maximum <= taken
        provider.epoch = epoch;
        provider.epochSlashed = before + taken;
        _slash(providerId, reserved, taken, paid, recipient, jailedUntil);
    }

    // --- Owner ---

    /// @inheritdoc IStakeManager
    function authorise(address core) external onlyOwner {
        require(core != address(0), StakeManager_ZeroAddress());
        isCore[core] = true;
        emit CoreAuthorised(core);
    }

    // --- Views ---

    /// @inheritdoc IStakeManager
    function providerOf(uint32 providerId) external view returns (Provider memory) {
        Slots storage provider = _known(providerId);
        return Provider({
            owner: provider.owner,
            hotKey: provider.hotKey,
            stake: provider.standing.capacity + provider.thawing,
            thawing: provider.thawing,
            reserved: provider.standing.reserved,
            thawedAt: provider.thawedAt,
            jailedUntil: provider.standing.jailedUntil,
            reputation: provider.standing.reputation
        });
    }

    /// @inheritdoc IStakeManager
    function ownerOf(uint32 providerId) external view returns (address) {
        return _known(providerId).owner;
    }

    /// @inheritdoc IStakeManager
    function hotKeyOf(uint32 providerId) external view returns (address) {
        return _known(providerId).hotKey;
    }

    /// @inheritdoc IStakeManager
    function endpointOf(uint32 providerId) external view returns (string memory) {
        return _endpoints[providerId];
    }

    // --- Internals ---

    function _takeHotKey(uint32 providerId, address hotKey) private {
        require(hotKey != address(0), StakeManager_ZeroAddress());
        uint32 taken = providerIdOf[hotKey];
        require(taken == 0, StakeManager_HotKeyTaken(hotKey, taken));
        providerIdOf[hotKey] = providerId;
        _providers[providerId].hotKey = hotKey;
    }

    /// @dev Frees `reserved` and takes `amount`, out of what does not thaw first.
    function _slash(
        uint32 providerId,
        uint96 reserved,
        uint96 amount,
        uint96 payout,
        address recipient,
        uint40 jailedUntil
    ) private {
        require(amount <= reserved, StakeManager_InsufficientStake(providerId, amount, reserved)); // STK-3
        Slots storage provider = _providers[providerId];
        provider.standing.reserved -= reserved;
        uint96 capacity = provider.standing.capacity;
        if (amount <= capacity) {
            provider.standing.capacity = capacity - amount;
        } else {
            provider.standing.capacity = 0;
            provider.thawing -= amount - capacity;
        }
        if (jailedUntil > provider.standing.jailedUntil) {
            provider.standing.jailedUntil = jailedUntil; // STK-5
        }
        uint96 burnt = amount - payout;
        emit Slashed(providerId, msg.sender, amount, payout, burnt, provider.standing.jailedUntil);
        if (burnt != 0) ERC20Burnable(address(LYN)).burn(burnt); // D1: what is not paid out is burnt
        if (payout != 0) LEDGER.deposit(address(LYN), recipient, payout);
    }

    function _onlyOwnerOf(uint32 providerId) private view {
        require(
            _known(providerId).owner == msg.sender, StakeManager_NotOwner(providerId, msg.sender)
        );
    }

    function _known(uint32 providerId) private view returns (Slots storage provider) {
        provider = _providers[providerId];
        require(provider.owner != address(0), StakeManager_Unknown(providerId));
    }

    /// @dev STK-4.
    function _maxPayout(uint96 slashed) private pure returns (uint256) {
        return uint256(slashed) * MAX_PAYOUT_BPS / 10_000;
    }
}

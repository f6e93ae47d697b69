// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {ILedger} from "../interfaces/ILedger.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {CapabilitySet} from "../types/CapabilitySet.sol";
import {Role} from "../types/Role.sol";
import {StandingSlot} from "./StandingSlot.sol";

/// @title StakeManager
/// @notice Keeps the stake of providers and verifiers.
/// @dev TRUST: the cores, to reserve, release and slash within D1; the owner adds cores and nothing else.
/// TOKENS: LYN only, held here. LIVENESS: nothing pauses thawing or withdrawing; reserved stake waits for its jobs.
/// ROUNDING: the payout limit and the liveness cap round down. CLOCKS: block time for thaw, jail and the liveness epoch.
/// PROPERTIES: STK-1, STK-2, STK-3, STK-4, STK-5, STK-6, STK-7.
contract StakeManager is IStakeManager, Ownable, EIP712 {
    using SafeERC20 for IERC20;
    using StandingSlot for uint256;
    using StandingSlot for StandingSlot.Standing;
    using Checkpoints for Checkpoints.Trace160;

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

    /// @dev `capacity` is what backs new locks: stake that does not thaw. Stake is `capacity + thawing`.
    struct Slots {
        // slot 0
        address hotKey;
        CapabilitySet capabilities;
        uint256 standing; // slot 1: StandingSlot
        // slot 2
        address owner;
        Role role;
        uint40 thawedAt;
        uint40 epoch; // of the liveness cap
        // slot 3, touched by thawing and slashes only
        uint96 thawing;
        uint96 epochSlashed;
    }

    /// @notice D1: most that a slash may pay out, of the self-stake slashed.
    uint256 public constant MAX_PAYOUT_BPS = 4_000;

    /// @notice D11: burnt fee, in LYN wei, that moves the reputation half the way.
    uint256 public constant REPUTATION_WEIGHT = 100e18;

    bytes32 private constant HOT_KEY_TYPEHASH = keccak256("HotKey(address owner,uint8 role)");

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

    /// @dev Id, and the role above it: one slot, taken apart by hand because every lock reads it.
    mapping(address hotKey => uint256) private _keys;

    /// @dev Of verifiers only: audits are what asks for the past.
    mapping(uint32 providerId => Checkpoints.Trace160) private _stakeHistory;
    mapping(Role role => Checkpoints.Trace160) private _totalHistory;

    /// @dev A bit for each role.
    mapping(address core => uint256) private _rights;

    constructor(address owner, IERC20 lyn, ILedger ledger, Config memory config)
        Ownable(owner)
        EIP712("Lynode StakeManager", "1")
    {
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
    function register(Role role, address hotKey, string calldata endpoint, bytes calldata consent)
        external
        returns (uint32 providerId)
    {
        providerId = ++providers;
        _takeHotKey(providerId, role, hotKey, consent);
        _providers[providerId].owner = msg.sender;
        _providers[providerId].role = role;
        emit Registered(providerId, role, msg.sender, hotKey);
        _endpoints[providerId] = endpoint;
        emit EndpointSet(providerId, endpoint);
    }

    /// @inheritdoc IStakeManager
    function rotateHotKey(uint32 providerId, address hotKey, bytes calldata consent) external {
        _onlyOwnerOf(providerId);
        delete _keys[_providers[providerId].hotKey];
        _takeHotKey(providerId, _providers[providerId].role, hotKey, consent);
        emit HotKeyRotated(providerId, hotKey);
    }

    /// @inheritdoc IStakeManager
    function setEndpoint(uint32 providerId, string calldata endpoint) external {
        _onlyOwnerOf(providerId);
        _endpoints[providerId] = endpoint;
        emit EndpointSet(providerId, endpoint);
    }

    /// @inheritdoc IStakeManager
    function setCapabilities(uint32 providerId, CapabilitySet capabilities) external {
        _onlyOwnerOf(providerId);
        _providers[providerId].capabilities = capabilities;
        emit CapabilitiesSet(providerId, capabilities);
    }

    /// @inheritdoc IStakeManager
    function stake(uint32 providerId, uint96 amount) external {
        require(amount != 0, StakeManager_ZeroAmount());
        Slots storage provider = _known(providerId);
        uint96 capacity = uint96(provider.standing) + amount; // SAFETY: the lowest field
        require(capacity >= MIN_STAKE, StakeManager_BelowMinimum(capacity, MIN_STAKE));
        _setCapacity(providerId, provider, capacity);
        emit Staked(providerId, msg.sender, amount);
        LYN.safeTransferFrom(msg.sender, address(this), amount); // STK-1
    }

    /// @inheritdoc IStakeManager
    function requestThaw(uint32 providerId, uint96 amount) external {
        _onlyOwnerOf(providerId);
        require(amount != 0, StakeManager_ZeroAmount());
        Slots storage provider = _providers[providerId];
        uint96 capacity = uint96(provider.standing); // SAFETY: the lowest field
        require(amount <= capacity, StakeManager_InsufficientStake(providerId, amount, capacity));
        _setCapacity(providerId, provider, capacity - amount); // F2: thawing stake backs no new lock...
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
        StandingSlot.Standing memory standing = provider.standing.unpack();
        uint96 capacity = standing.capacity;
        uint96 reserved = standing.reserved;
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
    function reserve(address hotKey, uint96 amount, bytes32 capabilities)
        external
        returns (uint32 providerId)
    {
        providerId = _reserve(hotKey, Role.Provider, amount);
        if (capabilities != 0) {
            require(
                _providers[providerId].capabilities.contains(capabilities),
                StakeManager_LacksCapabilities(providerId, capabilities)
            );
        }
    }

    /// @inheritdoc IStakeManager
    function reserveVerifier(address hotKey, uint96 amount) external returns (uint32 verifierId) {
        return _reserve(hotKey, Role.Verifier, amount);
    }

    /// @inheritdoc IStakeManager
    function release(uint32 providerId, uint96 amount, uint96 burntFee)
        external
        returns (address owner)
    {
        Slots storage provider = _providers[providerId];
        owner = provider.owner;
        _onlyCoreOf(provider.role);
        StandingSlot.Standing memory standing = provider.standing.unpack();
        standing.reserved -= amount;
        standing.reputation = _towards(standing.reputation, type(uint24).max, burntFee);
        provider.standing = standing.pack();
    }

    /// @inheritdoc IStakeManager
    function slash(
        uint32 providerId,
        uint96 reserved,
        uint96 amount,
        uint96 payout,
        address recipient
    ) external {
        _onlyCoreOf(_known(providerId).role);
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
    ) external returns (uint96 taken, uint96 paid) {
        Slots storage provider = _known(providerId);
        _onlyCoreOf(provider.role);
        uint40 epoch = uint40(block.timestamp) / LIVENESS_EPOCH;
        uint96 before = provider.epoch == epoch ? provider.epochSlashed : 0;
        // D1: the cap is of the stake that the provider would have had without this epoch's slashes.
        uint256 whole = uint256(uint96(provider.standing)) + provider.thawing + before; // SAFETY: the lowest field
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
    function authorise(address core, Role role) external onlyOwner {
        require(core != address(0), StakeManager_ZeroAddress());
        _rights[core] |= 1 << uint8(role);
        emit CoreAuthorised(core, role);
    }

    // --- Views ---

    /// @inheritdoc IStakeManager
    function providerOf(uint32 providerId) external view returns (Provider memory) {
        Slots storage provider = _known(providerId);
        StandingSlot.Standing memory standing = provider.standing.unpack();
        return Provider({
            owner: provider.owner,
            hotKey: provider.hotKey,
            stake: standing.capacity + provider.thawing,
            thawing: provider.thawing,
            reserved: standing.reserved,
            thawedAt: provider.thawedAt,
            jailedUntil: standing.jailedUntil,
            reputation: standing.reputation,
            role: provider.role,
            capabilities: provider.capabilities
        });
    }

    /// @inheritdoc IStakeManager
    function isCore(address core, Role role) external view returns (bool) {
        return _rights[core] >> uint8(role) & 1 != 0;
    }

    /// @inheritdoc IStakeManager
    function providerIdOf(address hotKey) external view returns (uint32) {
        return _idOf(hotKey, Role.Provider);
    }

    /// @inheritdoc IStakeManager
    function verifierIdOf(address hotKey) external view returns (uint32) {
        return _idOf(hotKey, Role.Verifier);
    }

    /// @inheritdoc IStakeManager
    function stakeAt(uint32 providerId, uint40 time) external view returns (uint96) {
        require(
            _known(providerId).role == Role.Verifier,
            StakeManager_WrongRole(providerId, Role.Provider)
        );
        return _at(_stakeHistory[providerId], time);
    }

    /// @inheritdoc IStakeManager
    function totalStakeAt(Role role, uint40 time) external view returns (uint96) {
        return _at(_totalHistory[role], time);
    }

    /// @inheritdoc IStakeManager
    // forge-lint: disable-next-line(mixed-case-function)
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
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

    function _takeHotKey(uint32 providerId, Role role, address hotKey, bytes calldata consent)
        private
    {
        require(hotKey != address(0), StakeManager_ZeroAddress());
        uint32 taken = uint32(_keys[hotKey]); // SAFETY: the lower part is the id
        require(taken == 0, StakeManager_HotKeyTaken(hotKey, taken));
        // STK-7: nobody takes a stranger's key, and with it the stranger's right to register it.
        if (hotKey != msg.sender) {
            bytes32 digest =
                _hashTypedDataV4(keccak256(abi.encode(HOT_KEY_TYPEHASH, msg.sender, role)));
            require(
                SignatureChecker.isValidSignatureNowCalldata(hotKey, digest, consent),
                StakeManager_NoConsent(hotKey, msg.sender)
            );
        }
        _keys[hotKey] = uint256(role) << 32 | providerId;
        _providers[providerId].hotKey = hotKey;
    }

    function _reserve(address hotKey, Role role, uint96 amount)
        private
        returns (uint32 providerId)
    {
        _onlyCoreOf(role);
        providerId = _idOf(hotKey, role);
        require(providerId != 0, StakeManager_NotAHotKey(hotKey));
        Slots storage provider = _providers[providerId];
        uint256 slot = provider.standing;
        StandingSlot.Standing memory standing = slot.unpack();
        require(
            block.timestamp >= standing.jailedUntil,
            StakeManager_Jailed(providerId, standing.jailedUntil)
        ); // STK-5
        uint96 reserved = standing.reserved;
        // STK-2. `reserved` may exceed `capacity` while stake thaws under running jobs.
        uint96 free = reserved < standing.capacity ? standing.capacity - reserved : 0;
        require(amount <= free, StakeManager_InsufficientStake(providerId, amount, free));
        provider.standing = slot.addReserved(amount);
    }

    /// @dev Verifiers' stake is drawn by what it was before the draw (E1).
    function _setCapacity(uint32 providerId, Slots storage provider, uint96 capacity) private {
        StandingSlot.Standing memory standing = provider.standing.unpack();
        uint96 before = standing.capacity;
        standing.capacity = capacity;
        provider.standing = standing.pack();
        if (provider.role != Role.Verifier) return;
        uint48 time = uint48(block.timestamp);
        _stakeHistory[providerId].push(time, capacity);
        Checkpoints.Trace160 storage total = _totalHistory[Role.Verifier];
        total.push(time, total.latest() + capacity - before);
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
        Slots storage provider = _providers[providerId];
        StandingSlot.Standing memory standing = provider.standing.unpack();
        // STK-3. Of a verifier what nobody else has reserved, too.
        uint96 limit = reserved;
        if (provider.role == Role.Verifier) {
            limit = standing.capacity + provider.thawing - (standing.reserved - reserved);
        }
        require(amount <= limit, StakeManager_InsufficientStake(providerId, amount, limit));
        if (jailedUntil < standing.jailedUntil) jailedUntil = standing.jailedUntil;
        uint96 capacity = standing.capacity;
        standing.reserved -= reserved;
        standing.jailedUntil = jailedUntil; // STK-5
        standing.reputation = _towards(standing.reputation, 0, amount);
        provider.standing = standing.pack();
        if (amount <= capacity) {
            _setCapacity(providerId, provider, capacity - amount);
        } else {
            _setCapacity(providerId, provider, 0);
            provider.thawing -= amount - capacity;
        }
        uint96 burnt = amount - payout;
        emit Slashed(providerId, msg.sender, amount, payout, burnt, jailedUntil);
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

    /// @dev STK-6.
    function _onlyCoreOf(Role role) private view {
        require(_rights[msg.sender] >> uint8(role) & 1 != 0, StakeManager_NotCore(msg.sender));
    }

    function _idOf(address hotKey, Role role) private view returns (uint32) {
        uint256 key = _keys[hotKey];
        // SAFETY: the lower part is the id.
        return key >> 32 == uint8(role) ? uint32(key) : 0;
    }

    function _at(Checkpoints.Trace160 storage history, uint40 time) private view returns (uint96) {
        uint40 current = uint40(block.timestamp);
        require(time < current, StakeManager_FutureLookup(time, current));
        return uint96(history.upperLookup(time)); // SAFETY: what was pushed were uint96, and sums of LYN
    }

    /// @dev D11: one moving average.
    function _towards(uint24 from, uint24 to, uint96 weight) private pure returns (uint24) {
        uint256 step = uint256(weight) + REPUTATION_WEIGHT;
        // SAFETY: between `from` and `to`.
        if (to >= from) return from + uint24(uint256(to - from) * weight / step);
        return from - uint24(uint256(from - to) * weight / step);
    }

    /// @dev STK-4.
    function _maxPayout(uint96 slashed) private pure returns (uint256) {
        return uint256(slashed) * MAX_PAYOUT_BPS / 10_000;
    }
}

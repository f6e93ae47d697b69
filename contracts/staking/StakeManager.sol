// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IDelegationPools} from "../interfaces/IDelegationPools.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {CapabilitySet} from "../types/CapabilitySet.sol";
import {Role} from "../types/Role.sol";
import {DelegationPools} from "./DelegationPools.sol";
import {SlashSplit} from "./SlashSplit.sol";
import {StakeBook} from "./StakeBook.sol";
import {StakeSlots, StakeState, StakeTerms} from "./StakeState.sol";
import {StandingSlot} from "./StandingSlot.sol";

/// @title StakeManager
/// @notice Keeps the stake of providers and verifiers, and what others delegate to them (DelegationPools).
/// @dev TRUST: the cores, to reserve, release and slash within D1; the owner adds cores and names the voter once, nothing else.
/// TOKENS: LYN only, held here. LIVENESS: nothing pauses thawing, withdrawing or claiming; reserved stake waits for its jobs.
/// ROUNDING: slashes and what they leave reserved round up, payouts down; what is not paid out is burnt. A distribution's remainder is the owner's; dust of claims stays in the pool's `unclaimed`.
/// CLOCKS: block time for thaw, jail, commission and the liveness epoch.
/// PROPERTIES: STK-1 to STK-8, POL-1 to POL-6.
contract StakeManager is IStakeManager, IDelegationPools, Ownable, EIP712 {
    using SafeERC20 for IERC20;
    using StandingSlot for uint256;
    using StandingSlot for StandingSlot.Standing;
    using Checkpoints for Checkpoints.Trace160;
    using Checkpoints for Checkpoints.Trace208;
    using StakeBook for Checkpoints.Trace208;
    using StakeBook for StakeState;

    /// @notice What a deployment fixes for ever.
    /// @param market JobMarket, a core of providers; `audits` AuditManager, a core of verifiers.
    /// @param minStake Least self-stake, in LYN wei.
    /// @param thawPeriod Seconds; longer than the longest dispute path. A change of commission takes as long.
    /// @param fraudJail Seconds after a fraud slash before the owner may unjail; `livenessJail` after a liveness slash.
    /// @param livenessEpoch Seconds over which liveness slashes are capped, at `livenessCapBps` of the stake.
    struct Config {
        address market;
        address audits;
        uint96 minStake;
        uint40 thawPeriod;
        uint40 fraudJail;
        uint40 livenessJail;
        uint40 livenessEpoch;
        uint16 livenessCapBps;
    }

    /// @dev A slash, as both kinds of it end.
    struct Slash {
        uint32 providerId;
        uint96 reserved;
        uint96 amount;
        uint96 selfPart;
        uint96 payout;
        address recipient;
        uint40 jailedUntil;
    }

    /// @notice D11: burnt fee, in LYN wei, that moves the reputation half the way.
    uint256 public constant REPUTATION_WEIGHT = 100e18;

    bytes32 private constant HOT_KEY_TYPEHASH = keccak256("HotKey(address owner,uint8 role)");

    /// @notice The staked token.
    IERC20 public immutable LYN;

    /// @notice Where payouts are credited.
    ILedger public immutable LEDGER;

    /// @notice The core of every lock, known without reading storage.
    address public immutable MARKET;

    /// @notice The core of every audit, as well.
    address public immutable AUDITS;

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

    /// @inheritdoc IStakeManager
    address public voter;

    StakeState private _state;
    mapping(uint32 providerId => string) private _endpoints;

    /// @dev From the lowest bit {id 32, role 8, owner 160}: one slot, taken apart by hand because every lock reads it.
    mapping(address hotKey => uint256) private _keys;

    /// @dev A bit for each role.
    mapping(address core => uint256) private _rights;

    constructor(address owner, IERC20 lyn, ILedger ledger, Config memory config)
        Ownable(owner)
        EIP712("Lynode StakeManager", "1")
    {
        LYN = lyn;
        LEDGER = ledger;
        MARKET = config.market;
        AUDITS = config.audits;
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
        _state.providers[providerId].owner = msg.sender;
        _state.providers[providerId].standing = StandingSlot.ofRole(role);
        emit Registered(providerId, role, msg.sender, hotKey);
        _endpoints[providerId] = endpoint;
        emit EndpointSet(providerId, endpoint);
    }

    /// @inheritdoc IStakeManager
    function rotateHotKey(uint32 providerId, address hotKey, bytes calldata consent) external {
        StakeSlots storage provider = _state.owned(providerId);
        delete _keys[provider.hotKey];
        _takeHotKey(providerId, provider.standing.roleOf(), hotKey, consent);
        emit HotKeyRotated(providerId, hotKey);
    }

    /// @inheritdoc IStakeManager
    function setEndpoint(uint32 providerId, string calldata endpoint) external {
        _state.owned(providerId);
        _endpoints[providerId] = endpoint;
        emit EndpointSet(providerId, endpoint);
    }

    /// @inheritdoc IStakeManager
    function setCapabilities(uint32 providerId, CapabilitySet capabilities) external {
        _state.owned(providerId).capabilities = capabilities;
        emit CapabilitiesSet(providerId, capabilities);
    }

    /// @inheritdoc IStakeManager
    function stake(uint32 providerId, uint96 amount) external {
        require(amount != 0, StakeManager_ZeroAmount());
        StakeSlots storage provider = _state.known(providerId);
        uint96 active = provider.active + amount;
        require(active >= MIN_STAKE, StakeManager_BelowMinimum(active, MIN_STAKE));
        provider.active = active;
        _state.refresh(providerId, MIN_STAKE);
        emit Staked(providerId, msg.sender, amount);
        LYN.safeTransferFrom(msg.sender, address(this), amount); // STK-1
    }

    /// @inheritdoc IStakeManager
    function requestThaw(uint32 providerId, uint96 amount) external {
        StakeSlots storage provider = _state.owned(providerId);
        require(amount != 0, StakeManager_ZeroAmount());
        uint96 active = provider.active;
        require(amount <= active, StakeManager_InsufficientStake(providerId, amount, active));
        provider.active = active - amount; // F2: thawing stake backs no new lock...
        uint96 thawing = provider.thawing + amount; // ...and stays slashable
        provider.thawing = thawing;
        uint40 thawedAt = uint40(block.timestamp) + THAW_PERIOD;
        provider.thawedAt = thawedAt;
        _state.refresh(providerId, MIN_STAKE);
        emit ThawRequested(providerId, thawing, thawedAt);
    }

    /// @inheritdoc IStakeManager
    function withdraw(uint32 providerId, uint96 amount, address to) external {
        StakeSlots storage provider = _state.owned(providerId);
        require(amount != 0, StakeManager_ZeroAmount());
        require(to != address(0), StakeManager_ZeroAddress());
        require(
            block.timestamp >= provider.thawedAt,
            StakeManager_StillThawing(providerId, provider.thawedAt)
        );
        // F2, STK-2: only what is thawed and not reserved.
        uint96 thawing = provider.thawing;
        uint256 free = Math.min(thawing, _unreserved(providerId, provider));
        require(amount <= free, StakeManager_InsufficientStake(providerId, amount, free));
        provider.thawing = thawing - amount;
        emit Unstaked(providerId, to, amount);
        LYN.safeTransfer(to, amount);
    }

    /// @inheritdoc IStakeManager
    function unjail(uint32 providerId) external {
        StakeSlots storage provider = _state.owned(providerId);
        StandingSlot.Standing memory standing = provider.standing.unpack();
        uint40 until = standing.jailedUntil;
        require(until != 0, StakeManager_NotJailed(providerId));
        require(block.timestamp >= until, StakeManager_Jailed(providerId, until));
        standing.jailedUntil = 0;
        provider.standing = standing.pack();
        emit Unjailed(providerId);
    }

    // --- Delegation ---

    /// @inheritdoc IDelegationPools
    function openPool(uint32 providerId, uint16 floorBps, uint16 commissionBps)
        external
        returns (uint32 nonce)
    {
        return DelegationPools.openPool(_state, _terms(), providerId, floorBps, commissionBps);
    }

    /// @inheritdoc IDelegationPools
    function setCommission(uint32 providerId, uint16 commissionBps) external {
        DelegationPools.setCommission(_state, _terms(), providerId, commissionBps);
    }

    /// @inheritdoc IDelegationPools
    function delegate(uint32 providerId, uint32 nonce, uint96 amount)
        external
        returns (uint112 shares)
    {
        return DelegationPools.delegate(_state, _terms(), providerId, nonce, amount);
    }

    /// @inheritdoc IDelegationPools
    function undelegate(uint32 providerId, uint32 nonce, uint112 shares)
        external
        returns (uint256 thawId)
    {
        return DelegationPools.undelegate(_state, _terms(), providerId, nonce, shares);
    }

    /// @inheritdoc IDelegationPools
    function withdrawDelegation(uint256 thawId, address to) external returns (uint96 amount) {
        return DelegationPools.withdraw(_state, _terms(), thawId, to);
    }

    /// @inheritdoc IDelegationPools
    function claim(uint32 providerId, uint32 nonce, address to) external returns (uint96 amount) {
        return DelegationPools.claim(_state, _terms(), providerId, nonce, to);
    }

    /// @inheritdoc IDelegationPools
    function distribute(uint32 providerId, uint96 amount) external {
        DelegationPools.distribute(_state, _terms(), providerId, amount);
    }

    // --- Cores ---

    /// @inheritdoc IStakeManager
    function reserve(address hotKey, uint96 amount, bytes32 capabilities)
        external
        returns (uint32 providerId)
    {
        // SAFETY: the lower part is the id.
        providerId = uint32(_reserve(hotKey, Role.Provider, amount));
        if (capabilities != 0) {
            require(
                _state.providers[providerId].capabilities.contains(capabilities),
                StakeManager_LacksCapabilities(providerId, capabilities)
            );
        }
    }

    /// @inheritdoc IStakeManager
    function reserveVerifier(address hotKey, uint96 amount, uint40 time)
        external
        returns (uint32 verifierId, uint96 stake_, address owner)
    {
        uint256 key = _reserve(hotKey, Role.Verifier, amount);
        // SAFETY: each cast keeps exactly the field.
        verifierId = uint32(key);
        stake_ = uint96(_state.histories[verifierId].at(time) >> 96); // SAFETY: 96 bits wide
        owner = address(uint160(key >> 40));
    }

    /// @inheritdoc IStakeManager
    function release(uint32 providerId, uint96 amount, uint96 burntFee)
        external
        returns (address owner)
    {
        StakeSlots storage provider = _state.providers[providerId];
        owner = provider.owner;
        uint256 slot = provider.standing;
        _onlyCoreOf(slot.roleOf());
        uint24 reputation = _towards(slot.reputationOf(), type(uint24).max, burntFee);
        provider.standing = slot.subReserved(amount).withReputation(reputation);
    }

    /// @inheritdoc IStakeManager
    function slash(
        uint32 providerId,
        uint96 reserved,
        uint96 amount,
        uint96 payout,
        address recipient
    ) external {
        StakeSlots storage provider = _state.known(providerId);
        _onlyCoreOf(provider.standing.roleOf());
        uint96 selfPart = _selfPart(provider, reserved, amount);
        uint256 maximum = SlashSplit.maxPayoutOf(selfPart);
        require(payout <= maximum, StakeManager_PayoutTooHigh(payout, maximum)); // STK-4, D1
        _slash(
            Slash(
                providerId,
                reserved,
                amount,
                selfPart,
                payout,
                recipient,
                uint40(block.timestamp) + FRAUD_JAIL
            )
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
        StakeSlots storage provider = _state.known(providerId);
        _onlyCoreOf(provider.standing.roleOf());
        uint40 jailedUntil = uint40(block.timestamp) + LIVENESS_JAIL;
        (uint96 left, uint40 epochEnd) = _livenessLeft(providerId, provider);
        if (amount > left) {
            taken = left;
            // What cannot be slashed any more must not be tried again in this epoch.
            if (epochEnd > jailedUntil) jailedUntil = epochEnd;
        } else {
            taken = amount;
        }
        provider.epochSlashed += taken;
        uint96 selfPart = _selfPart(provider, reserved, taken);
        // STK-4, D1. SAFETY: at most the payout asked for.
        paid = uint96(Math.min(payout, SlashSplit.maxPayoutOf(selfPart)));
        _slash(Slash(providerId, reserved, taken, selfPart, paid, recipient, jailedUntil));
    }

    // --- Owner ---

    /// @inheritdoc IStakeManager
    function setVoter(address newVoter) external onlyOwner {
        require(newVoter != address(0), StakeManager_ZeroAddress());
        require(voter == address(0), StakeManager_VoterSet(voter));
        voter = newVoter;
        emit VoterSet(newVoter);
        IVotes(address(LYN)).delegate(newVoter);
    }

    /// @inheritdoc IStakeManager
    function authorise(address core, Role role) external onlyOwner {
        require(core != address(0), StakeManager_ZeroAddress());
        _rights[core] |= 1 << uint8(role);
        emit CoreAuthorised(core, role);
    }

    // --- Views ---

    /// @inheritdoc IStakeManager
    function providerOf(uint32 providerId) external view returns (Provider memory) {
        StakeSlots storage provider = _state.known(providerId);
        StandingSlot.Standing memory standing = provider.standing.unpack();
        return Provider({
            owner: provider.owner,
            hotKey: provider.hotKey,
            stake: provider.active + provider.thawing,
            thawing: provider.thawing,
            delegated: uint96(_state.delegatedOf(providerId, provider.nonce)), // SAFETY: LYN
            capacity: standing.capacity,
            reserved: standing.reserved,
            thawedAt: provider.thawedAt,
            jailedUntil: standing.jailedUntil,
            reputation: standing.reputation,
            role: standing.role,
            capabilities: provider.capabilities
        });
    }

    /// @inheritdoc IStakeManager
    function isCore(address core, Role role) external view returns (bool) {
        return _isCore(core, role);
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
    function slashableOf(uint32 providerId) external view returns (uint96) {
        return uint96(_slashable(providerId, _state.known(providerId))); // SAFETY: LYN
    }

    /// @inheritdoc IStakeManager
    function selfPartOf(uint32 providerId, uint96 reserved, uint96 amount)
        external
        view
        returns (uint96)
    {
        return _selfPart(_state.known(providerId), reserved, amount);
    }

    /// @inheritdoc IStakeManager
    function stakeAt(uint32 providerId, uint40 time) external view returns (uint96) {
        require(
            _state.known(providerId).standing.roleOf() == Role.Verifier,
            StakeManager_WrongRole(providerId, Role.Provider)
        );
        return uint96(_state.histories[providerId].at(time) >> 96); // SAFETY: 96 bits wide
    }

    /// @inheritdoc IStakeManager
    function backingAt(uint32 providerId, uint40 time)
        external
        view
        returns (address owner, uint40 jailedUntil, uint96 backing)
    {
        StakeSlots storage provider = _state.known(providerId);
        owner = provider.owner;
        jailedUntil = provider.standing.jailedUntilOf();
        uint32 nonce = provider.nonce;
        // SAFETY: LYN, the lowest field of both.
        backing = uint96(_state.histories[providerId].at(time));
        if (nonce != 0) backing += uint96(_state.pools[providerId][nonce].history.at(time));
    }

    /// @inheritdoc IStakeManager
    function totalStakeAt(Role role, uint40 time) external view returns (uint96) {
        StakeBook.requirePast(time);
        if (role != Role.Verifier) return 0;
        return uint96(_state.total.upperLookupRecent(time)); // SAFETY: a sum of LYN
    }

    /// @inheritdoc IDelegationPools
    function poolNonceOf(uint32 providerId) external view returns (uint32) {
        return _state.known(providerId).nonce;
    }

    /// @inheritdoc IDelegationPools
    function poolOf(uint32 providerId, uint32 nonce) external view returns (Pool memory) {
        return DelegationPools.poolOf(_state, providerId, nonce);
    }

    /// @inheritdoc IDelegationPools
    function memberOf(uint32 providerId, uint32 nonce, address member)
        external
        view
        returns (uint112 shares, uint96 amount, uint96 rewards)
    {
        return DelegationPools.memberOf(_state, providerId, nonce, member);
    }

    /// @inheritdoc IDelegationPools
    function thawOf(uint256 thawId) external view returns (Thaw memory thaw, uint96 amount) {
        return DelegationPools.thawOf(_state, thawId);
    }

    /// @inheritdoc IDelegationPools
    function commissionOf(uint32 providerId)
        external
        view
        returns (uint16 current, uint16 next, uint40 at)
    {
        return DelegationPools.commissionOf(_state, providerId);
    }

    /// @inheritdoc IDelegationPools
    function votesAt(uint32 providerId, uint32 nonce, address member, uint40 time)
        external
        view
        returns (uint96)
    {
        return DelegationPools.votesAt(_state, providerId, nonce, member, time);
    }

    /// @inheritdoc IDelegationPools
    function poolVotesAt(uint32 providerId, uint32 nonce, uint40 time)
        external
        view
        returns (uint96)
    {
        return DelegationPools.poolVotesAt(_state, providerId, nonce, time);
    }

    /// @inheritdoc IStakeManager
    // forge-lint: disable-next-line(mixed-case-function)
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @inheritdoc IStakeManager
    function ownerOf(uint32 providerId) external view returns (address) {
        return _state.known(providerId).owner;
    }

    /// @inheritdoc IStakeManager
    function hotKeyOf(uint32 providerId) external view returns (address) {
        return _state.known(providerId).hotKey;
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
        // Only the owner takes a key.
        _keys[hotKey] = uint256(uint160(msg.sender)) << 40 | uint256(role) << 32 | providerId;
        _state.providers[providerId].hotKey = hotKey;
    }

    /// @return key As in `_keys`.
    function _reserve(address hotKey, Role role, uint96 amount) private returns (uint256 key) {
        _onlyCoreOf(role);
        key = _keys[hotKey];
        uint32 providerId = _idIn(key, role);
        require(providerId != 0, StakeManager_NotAHotKey(hotKey));
        StakeSlots storage provider = _state.providers[providerId];
        uint256 slot = provider.standing;
        uint40 jailedUntil = slot.jailedUntilOf();
        require(jailedUntil == 0, StakeManager_Jailed(providerId, jailedUntil)); // STK-5
        (uint96 capacity, uint96 reserved) = (slot.capacityOf(), slot.reservedOf());
        // STK-2. `reserved` may exceed `capacity` while stake thaws under running jobs.
        uint96 free = reserved < capacity ? capacity - reserved : 0;
        require(amount <= free, StakeManager_InsufficientStake(providerId, amount, free));
        provider.standing = slot.addReserved(amount);
    }

    /// @dev Frees `reserved` and takes `amount`: of the self-stake out of what does not thaw first, of the pool alike.
    function _slash(Slash memory slashed) private {
        uint32 providerId = slashed.providerId;
        StakeSlots storage provider = _state.providers[providerId];
        StandingSlot.Standing memory standing = provider.standing.unpack();
        uint96 amount = slashed.amount;
        // STK-3. Of a verifier what nobody else has reserved, too.
        uint256 limit = slashed.reserved;
        if (standing.role == Role.Verifier) {
            limit = _slashable(providerId, provider) - (standing.reserved - slashed.reserved);
        }
        require(amount <= limit, StakeManager_InsufficientStake(providerId, amount, limit));
        uint40 jailedUntil = slashed.jailedUntil;
        if (jailedUntil < standing.jailedUntil) jailedUntil = standing.jailedUntil;
        standing.reserved -= slashed.reserved;
        standing.jailedUntil = jailedUntil; // STK-5
        standing.reputation = _towards(standing.reputation, 0, amount);
        provider.standing = standing.pack();

        uint96 selfPart = slashed.selfPart;
        uint96 active = provider.active;
        if (selfPart > active) {
            provider.active = 0;
            provider.thawing -= selfPart - active;
        } else {
            provider.active = active - selfPart;
        }
        if (amount > selfPart) _state.slashPool(providerId, provider.nonce, amount - selfPart);
        _state.refresh(providerId, MIN_STAKE);

        uint96 payout = slashed.payout;
        uint96 burnt = amount - payout;
        emit Slashed(providerId, msg.sender, amount, selfPart, payout, burnt, jailedUntil);
        if (burnt != 0) ERC20Burnable(address(LYN)).burn(burnt); // D1: what is not paid out is burnt
        if (payout != 0) LEDGER.deposit(address(LYN), slashed.recipient, payout);
    }

    /// @dev D1: what liveness slashes may still take in this epoch, of the stake that there would be without them.
    function _livenessLeft(uint32 providerId, StakeSlots storage provider)
        private
        returns (uint96 left, uint40 epochEnd)
    {
        uint40 epoch = uint40(block.timestamp) / LIVENESS_EPOCH;
        if (provider.epoch != epoch) {
            provider.epoch = epoch;
            provider.epochSlashed = 0;
        }
        uint96 before = provider.epochSlashed;
        uint256 cap = (_slashable(providerId, provider) + before) * LIVENESS_CAP_BPS / 10_000;
        left = cap > before ? uint96(cap - before) : 0; // SAFETY: below the stake
        epochEnd = (epoch + 1) * LIVENESS_EPOCH;
    }

    function _slashable(uint32 providerId, StakeSlots storage provider)
        private
        view
        returns (uint256)
    {
        return uint256(provider.active) + provider.thawing
            + _state.delegatedOf(providerId, provider.nonce);
    }

    /// @dev STK-2: self-stake that the owner may take without uncovering what is reserved.
    function _unreserved(uint32 providerId, StakeSlots storage provider)
        private
        view
        returns (uint256)
    {
        uint256 reserved = provider.standing.unpack().reserved;
        uint256 self = uint256(provider.active) + provider.thawing;
        uint256 needed = SlashSplit.selfNeeded(reserved);
        uint256 delegated = _state.delegatedOf(providerId, provider.nonce);
        if (reserved > needed + delegated) needed = reserved - delegated;
        return self > needed ? self - needed : 0;
    }

    function _selfPart(StakeSlots storage provider, uint96 reserved, uint96 amount)
        private
        view
        returns (uint96)
    {
        uint256 self = uint256(provider.active) + provider.thawing;
        uint256 others = provider.standing.unpack().reserved - reserved;
        return uint96(SlashSplit.selfPartOf(self, others, amount)); // SAFETY: at most `amount`
    }

    function _terms() private view returns (StakeTerms memory) {
        return StakeTerms(LYN, LEDGER, MIN_STAKE, THAW_PERIOD);
    }

    /// @dev STK-6.
    function _onlyCoreOf(Role role) private view {
        require(_isCore(msg.sender, role), StakeManager_NotCore(msg.sender));
    }

    function _isCore(address core, Role role) private view returns (bool) {
        return
            core == (role == Role.Provider ? MARKET : AUDITS)
                || _rights[core] >> uint8(role) & 1 != 0;
    }

    function _idOf(address hotKey, Role role) private view returns (uint32) {
        return _idIn(_keys[hotKey], role);
    }

    function _idIn(uint256 key, Role role) private pure returns (uint32) {
        // SAFETY: each cast keeps exactly the field.
        return uint8(key >> 32) == uint8(role) ? uint32(key) : 0;
    }

    /// @dev D11: one moving average.
    function _towards(uint24 from, uint24 to, uint96 weight) private pure returns (uint24) {
        uint256 step = uint256(weight) + REPUTATION_WEIGHT;
        // SAFETY: between `from` and `to`.
        if (to >= from) return from + uint24(uint256(to - from) * weight / step);
        return from - uint24(uint256(from - to) * weight / step);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {CapabilitySet} from "../types/CapabilitySet.sol";
import {Role} from "../types/Role.sol";

/// @title IStakeManager
/// @notice Stake of providers and verifiers in LYN: an owner key stakes and withdraws, a hot key locks and delivers.
/// What others lend to it is in IDelegationPools, at the same address.
/// @dev Properties: STK-1 LYN held >= self-stake, pools and unclaimed rewards; STK-2 reserved <= slashable stake, and a tenth of it is self-stake; STK-3 a fraud slash takes exactly what the execution reserved, self-stake
/// first as far as other executions do not need it; STK-4 payouts <= 0.4 of self-stake slashed (D1); STK-5 jailed providers lock nothing; STK-6 a core touches the stake of the roles that it was authorised for only; STK-7
/// nobody becomes a hot key without its consent; STK-8 what is thawed and not reserved can always be withdrawn.
interface IStakeManager {
    struct Provider {
        address owner;
        address hotKey;
        uint96 stake; // the owner's, thawing included
        uint96 thawing; // of it
        uint96 delegated; // what a slash may take of the running pool, thawing shares included
        uint96 capacity; // what may be reserved: neither thawing nor more than 10 times the self-stake
        uint96 reserved;
        uint40 thawedAt;
        uint40 jailedUntil; // 0 unless jailed; from then on the owner may unjail
        uint24 reputation; // of 2^24 - 1 (D11)
        Role role;
        CapabilitySet capabilities;
    }

    error StakeManager_Unknown(uint32 providerId);
    error StakeManager_NotOwner(uint32 providerId, address caller);
    error StakeManager_NotCore(address caller);
    error StakeManager_HotKeyTaken(address hotKey, uint32 providerId);
    error StakeManager_NotAHotKey(address caller);
    error StakeManager_BelowMinimum(uint256 amount, uint256 minimum);
    error StakeManager_InsufficientStake(uint32 providerId, uint256 asked, uint256 free);
    error StakeManager_Jailed(uint32 providerId, uint40 until);
    error StakeManager_NotJailed(uint32 providerId);
    error StakeManager_VoterSet(address voter);
    error StakeManager_StillThawing(uint32 providerId, uint40 thawedAt);
    error StakeManager_PayoutTooHigh(uint256 payout, uint256 maximum);
    /// @notice The hot key has not signed that this owner may use it for this role.
    error StakeManager_NoConsent(address hotKey, address owner);
    error StakeManager_WrongRole(uint32 providerId, Role role);
    error StakeManager_LacksCapabilities(uint32 providerId, bytes32 asked);
    error StakeManager_FutureLookup(uint40 time, uint40 current);
    error StakeManager_ZeroAmount();
    error StakeManager_ZeroAddress();

    event Registered(
        uint32 indexed providerId, Role role, address indexed owner, address indexed hotKey
    );
    event HotKeyRotated(uint32 indexed providerId, address indexed hotKey);
    event EndpointSet(uint32 indexed providerId, string endpoint);
    event CapabilitiesSet(uint32 indexed providerId, CapabilitySet capabilities);
    event Staked(uint32 indexed providerId, address indexed from, uint96 amount);
    event ThawRequested(uint32 indexed providerId, uint96 thawing, uint40 thawedAt);
    event Unstaked(uint32 indexed providerId, address indexed to, uint96 amount);
    /// @param selfPart Of `amount`, what was the owner's; the rest was delegated.
    event Slashed(
        uint32 indexed providerId,
        address indexed core,
        uint96 amount,
        uint96 selfPart,
        uint96 paid,
        uint96 burnt,
        uint40 jailedUntil
    );
    event Unjailed(uint32 indexed providerId);
    event VoterSet(address indexed voter);
    event CoreAuthorised(address indexed core, Role role);

    /// @notice Registers the caller as owner of a new provider or verifier.
    /// @param endpoint Base URL of its data server.
    /// @param consent EIP-712 `HotKey(address owner,uint8 role)` of the hot key (ERC-1271 too), domain `Lynode StakeManager`,
    /// version `1`; ignored if the hot key is the caller itself.
    function register(Role role, address hotKey, string calldata endpoint, bytes calldata consent)
        external
        returns (uint32 providerId);
    /// @notice Only the owner. The old hot key is void at once; jobs locked by it are delivered by the new one.
    /// @param consent As of `register`.
    function rotateHotKey(uint32 providerId, address hotKey, bytes calldata consent) external;
    /// @notice Only the owner.
    function setEndpoint(uint32 providerId, string calldata endpoint) external;
    /// @notice Only the owner. What orders may ask of this provider; a lie is nobody's loss but its own, since it must deliver.
    function setCapabilities(uint32 providerId, CapabilitySet capabilities) external;
    /// @notice Stakes LYN of the caller (allowance needed) for a provider. Anyone may call.
    function stake(uint32 providerId, uint96 amount) external;
    /// @notice Starts (or restarts, with the new total) the thaw of `amount`. Allowed on reserved stake; thawing stake backs no new lock and stays slashable (F2).
    function requestThaw(uint32 providerId, uint96 amount) external;
    /// @notice Pays thawed stake that is not reserved to `to`. Only the owner.
    function withdraw(uint32 providerId, uint96 amount, address to) external;
    /// @notice Only the owner, from `jailedUntil` on: a slashed provider locks again when somebody has looked at it.
    function unjail(uint32 providerId) external;

    /// @notice Only cores of providers. Reserves stake of the provider whose hot key is `hotKey`; reverts when jailed, short, or without the capabilities asked for.
    /// @param capabilities What the order asks for; 0 for anything (CAP-1).
    /// @dev No event: those of the core say what it reserved and released (MKT: JobLocked, JobSettled).
    function reserve(address hotKey, uint96 amount, bytes32 capabilities)
        external
        returns (uint32 providerId);
    /// @notice Only cores of verifiers. As `reserve`, of the verifier whose hot key is `hotKey`; tells what an audit needs besides.
    /// @param time Before the current block's.
    /// @return verifierId The verifier. @return stake Its weight in the draw at `time`: `stakeAt`. @return owner Whom its earnings belong to.
    function reserveVerifier(address hotKey, uint96 amount, uint40 time)
        external
        returns (uint32 verifierId, uint96 stake, address owner);
    /// @notice Only cores of the role. @param burntFee What of the job's fee is burnt, in LYN wei: its weight in the reputation (D11).
    /// @return owner Whom the earnings belong to.
    function release(uint32 providerId, uint96 amount, uint96 burntFee)
        external
        returns (address owner);
    /// @notice Only cores of the role. Frees `reserved`, takes `amount` of it, jails, credits `payout` to `recipient` in the Ledger and burns the rest. Takes self-stake first, as far as the other reservations keep a tenth of
    /// it each, then the pool, all shares alike. Reverts if `payout` exceeds 0.4 of `selfPartOf`.
    /// @dev Of a verifier `amount` may exceed `reserved`, as far as its stake is not reserved by others: a drawn verifier that never commits has reserved nothing.
    function slash(
        uint32 providerId,
        uint96 reserved,
        uint96 amount,
        uint96 payout,
        address recipient
    ) external;
    /// @notice Only cores of the role. As `slash`, with the amount cut to what the liveness cap of the epoch leaves, and the payout to 0.4 of that (D1).
    /// @return taken What was slashed. @return paid What `recipient` was credited.
    function slashLiveness(
        uint32 providerId,
        uint96 reserved,
        uint96 amount,
        uint96 payout,
        address recipient
    ) external returns (uint96 taken, uint96 paid);

    /// @notice Only the owner, once. Votes of all LYN held here are delegated to it, which passes them on (F1).
    function setVoter(address newVoter) external;
    /// @notice Only the owner. Add-only: a core reserves, releases and slashes stake of a role.
    function authorise(address core, Role role) external;
    /// @notice Zero until it is set.
    function voter() external view returns (address);
    function providerOf(uint32 providerId) external view returns (Provider memory);
    /// @notice Whom the provider's earnings belong to.
    function ownerOf(uint32 providerId) external view returns (address);
    function hotKeyOf(uint32 providerId) external view returns (address);
    /// @notice 0 unless it is the hot key of a provider.
    function providerIdOf(address hotKey) external view returns (uint32);
    /// @notice 0 unless it is the hot key of a verifier.
    function verifierIdOf(address hotKey) external view returns (uint32);
    function endpointOf(uint32 providerId) external view returns (string memory);
    function isCore(address core, Role role) external view returns (bool);
    /// @notice How many providers and verifiers are registered; ids run from 1.
    function providers() external view returns (uint32);
    /// @notice What a slash may take in all: self-stake, and the running pool down to its floor, thawing stake included.
    function slashableOf(uint32 providerId) external view returns (uint96);
    /// @notice The owner's part of a slash of `amount` that frees `reserved`: payouts are measured by it (D1).
    /// @dev Never less than a tenth of what is reserved.
    function selfPartOf(uint32 providerId, uint96 reserved, uint96 amount)
        external
        view
        returns (uint96);
    /// @notice Of a verifier: stake that did not thaw at a past time, delegation up to 9 times the self-stake included: its weight in the draw of audits (E1).
    /// @param time Before the current block's.
    function stakeAt(uint32 providerId, uint40 time) external view returns (uint96);
    /// @notice What a reward is measured by.
    /// @param time Before the current block's.
    /// @return owner Whom its earnings belong to. @return jailedUntil 0 unless jailed. @return backing Self-stake that did not thaw at that time, and what the pool that runs now held then.
    function backingAt(uint32 providerId, uint40 time)
        external
        view
        returns (address owner, uint40 jailedUntil, uint96 backing);
    /// @notice Sum of `stakeAt` over all verifiers; 0 for providers, which nobody draws.
    function totalStakeAt(Role role, uint40 time) external view returns (uint96);
    // forge-lint: disable-next-line(mixed-case-function)
    function DOMAIN_SEPARATOR() external view returns (bytes32);
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IStakeManager
/// @notice Stake of providers in LYN: an owner key stakes and withdraws, a hot key locks and delivers.
/// @dev Properties: STK-1 LYN held >= sum of stake; STK-2 reserved <= stake, thawing included; STK-3 a fraud slash takes exactly what the execution reserved; STK-4 payouts <= 0.4 of
/// self-stake slashed (D1); STK-5 jailed providers lock nothing.
interface IStakeManager {
    struct Provider {
        address owner;
        address hotKey;
        uint96 stake; // slashable, thawing included
        uint96 thawing;
        uint96 reserved;
        uint40 thawedAt;
        uint40 jailedUntil;
        uint24 reputation;
    }

    error StakeManager_Unknown(uint32 providerId);
    error StakeManager_NotOwner(uint32 providerId, address caller);
    error StakeManager_NotCore(address caller);
    error StakeManager_HotKeyTaken(address hotKey, uint32 providerId);
    error StakeManager_NotAHotKey(address caller);
    error StakeManager_BelowMinimum(uint256 amount, uint256 minimum);
    error StakeManager_InsufficientStake(uint32 providerId, uint256 asked, uint256 free);
    error StakeManager_Jailed(uint32 providerId, uint40 until);
    error StakeManager_StillThawing(uint32 providerId, uint40 thawedAt);
    error StakeManager_PayoutTooHigh(uint256 payout, uint256 maximum);
    error StakeManager_ZeroAmount();
    error StakeManager_ZeroAddress();

    event ProviderRegistered(
        uint32 indexed providerId, address indexed owner, address indexed hotKey
    );
    event HotKeyRotated(uint32 indexed providerId, address indexed hotKey);
    event EndpointSet(uint32 indexed providerId, string endpoint);
    event Staked(uint32 indexed providerId, address indexed from, uint96 amount);
    event ThawRequested(uint32 indexed providerId, uint96 thawing, uint40 thawedAt);
    event Unstaked(uint32 indexed providerId, address indexed to, uint96 amount);
    event Slashed(
        uint32 indexed providerId,
        address indexed core,
        uint96 amount,
        uint96 paid,
        uint96 burnt,
        uint40 jailedUntil
    );
    event CoreAuthorised(address indexed core);

    /// @notice Registers the caller as owner of a new provider.
    /// @param endpoint Base URL of the provider's data server.
    function register(address hotKey, string calldata endpoint) external returns (uint32 providerId);
    /// @notice Only the owner. The old hot key is void at once; jobs locked by it are delivered by the new one.
    function rotateHotKey(uint32 providerId, address hotKey) external;
    /// @notice Only the owner.
    function setEndpoint(uint32 providerId, string calldata endpoint) external;
    /// @notice Stakes LYN of the caller (allowance needed) for a provider. Anyone may call.
    function stake(uint32 providerId, uint96 amount) external;
    /// @notice Starts (or restarts, with the new total) the thaw of `amount`. Allowed on reserved stake; thawing stake backs no new lock and stays slashable (F2).
    function requestThaw(uint32 providerId, uint96 amount) external;
    /// @notice Pays thawed stake that is not reserved to `to`. Only the owner.
    function withdraw(uint32 providerId, uint96 amount, address to) external;

    /// @notice Only cores. Reserves stake of the provider whose hot key is `hotKey`; reverts when jailed or short.
    /// @dev No event: those of the core say what it reserved and released (MKT: JobLocked, JobSettled).
    function reserve(address hotKey, uint96 amount) external returns (uint32 providerId);
    /// @notice Only cores. @return owner Whom the provider's earnings belong to.
    function release(uint32 providerId, uint96 amount) external returns (address owner);
    /// @notice Only cores. Frees `reserved`, takes `amount` of it, jails, credits `payout` to `recipient` in the Ledger and burns the rest.
    function slash(
        uint32 providerId,
        uint96 reserved,
        uint96 amount,
        uint96 payout,
        address recipient
    ) external;
    /// @notice Only cores. As `slash`, with the amount cut to what the liveness cap of the epoch leaves, and the payout to 0.4 of that (D1).
    /// @return taken What was slashed. @return paid What `recipient` was credited.
    function slashLiveness(
        uint32 providerId,
        uint96 reserved,
        uint96 amount,
        uint96 payout,
        address recipient
    ) external returns (uint96 taken, uint96 paid);

    /// @notice Only the owner. Add-only: a core reserves, releases and slashes.
    function authorise(address core) external;
    function providerOf(uint32 providerId) external view returns (Provider memory);
    /// @notice Whom the provider's earnings belong to.
    function ownerOf(uint32 providerId) external view returns (address);
    function hotKeyOf(uint32 providerId) external view returns (address);
    function providerIdOf(address hotKey) external view returns (uint32);
    function endpointOf(uint32 providerId) external view returns (string memory);
    function isCore(address core) external view returns (bool);
    /// @notice How many providers are registered; ids run from 1.
    function providers() external view returns (uint32);
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {CommonBase} from "forge-std/Base.sol";

import {IParameters} from "../../contracts/interfaces/IParameters.sol";
import {Allocation, Home, Settings} from "./Settings.sol";

/// @title ChainConfig
/// @notice Reads `script/config/<chain>.json`: which chain, which profile, its sequencer, its oracle of randomness, who gets the supply.
abstract contract ChainConfig is CommonBase {
    /// @notice The file is for another chain.
    error ChainConfig_WrongChain(uint256 expected, uint256 actual);

    /// @notice The file names nobody for a part of the supply: say who before deploying on a chain of others.
    error ChainConfig_NoBeneficiary(string part);

    /// @notice The parts of the supply are not the whole.
    error ChainConfig_WrongTotal(uint256 percent);

    error ChainConfig_UnknownProfile(string profile);

    uint256 private constant PARTS = 6;

    /// @dev Accounts that the file leaves out are the deployer's, as far as the profile is no real one.
    function _configOf(string memory chain, address deployer)
        internal
        view
        returns (Settings memory settings)
    {
        string memory json = vm.readFile(string.concat("script/config/", chain, ".json"));
        uint256 chainId = vm.parseJsonUint(json, ".chainId");
        require(
            chainId == block.chainid || chainId == 0, ChainConfig_WrongChain(chainId, block.chainid)
        );
        settings.deployer = deployer;
        settings.supply = deployer;
        settings.profile = _profileOf(vm.parseJsonString(json, ".profile"));
        settings.guardian = vm.parseJsonAddress(json, ".guardian");
        settings.feed = AggregatorV3Interface(vm.parseJsonAddress(json, ".sequencerFeed"));
        settings.grace = uint40(vm.parseJsonUint(json, ".sequencerGrace"));
        settings.coordinator = vm.parseJsonAddress(json, ".vrf.coordinator");
        settings.keyHash = vm.parseJsonBytes32(json, ".vrf.keyHash");
        settings.subscriptionId = vm.parseJsonUint(json, ".vrf.subscriptionId");
        settings.forcedInclusion = uint40(vm.parseJsonUint(json, ".forcedInclusion"));
        bool real = settings.profile == IParameters.Profile.Main;
        string[PARTS] memory parts =
            ["rewards", "ecosystem", "team", "private", "public", "foundation"];
        Home[PARTS] memory homes =
            [Home.Reserve, Home.Treasury, Home.Vesting, Home.Vesting, Home.Account, Home.Account];
        settings.allocations = new Allocation[](PARTS);
        uint256 total;
        for (uint256 i = 0; i < PARTS; ++i) {
            settings.allocations[i] =
                _allocationOf(json, parts[i], homes[i], real ? address(0) : deployer);
            total += settings.allocations[i].percent;
        }
        require(total == 100, ChainConfig_WrongTotal(total));
    }

    function _allocationOf(string memory json, string memory part, Home home, address byDefault)
        private
        view
        returns (Allocation memory allocation)
    {
        string memory key = string.concat(".allocation.", part);
        allocation.home = home;
        allocation.percent = uint8(vm.parseJsonUint(json, string.concat(key, ".percent")));
        if (home == Home.Reserve || home == Home.Treasury) return allocation;
        allocation.to = vm.keyExistsJson(json, string.concat(key, ".to"))
            ? vm.parseJsonAddress(json, string.concat(key, ".to"))
            : byDefault;
        require(allocation.to != address(0), ChainConfig_NoBeneficiary(part));
        if (home != Home.Vesting) return allocation;
        allocation.vesting =
            uint64(vm.parseJsonUint(json, string.concat(key, ".vestingDays"))) * 1 days;
        allocation.cliff = uint64(vm.parseJsonUint(json, string.concat(key, ".cliffDays"))) * 1 days;
    }

    function _profileOf(string memory name) internal pure returns (IParameters.Profile) {
        bytes32 hash = keccak256(bytes(name));
        if (hash == keccak256("local")) return IParameters.Profile.Local;
        if (hash == keccak256("testnet")) return IParameters.Profile.Testnet;
        require(hash == keccak256("main"), ChainConfig_UnknownProfile(name));
        return IParameters.Profile.Main;
    }
}

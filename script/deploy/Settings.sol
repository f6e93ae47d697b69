// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

import {IParameters} from "../../contracts/interfaces/IParameters.sol";

/// @notice Where a part of the supply goes.
enum Home {
    Account,
    Vesting, // a VestingGrant of the account
    Reserve, // what Rewards pays out of
    Treasury
}

/// @notice A part of the supply.
/// @param to Who gets it, or the beneficiary of the grant; of no meaning for the protocol's own.
/// @param vesting Seconds of the grant from the deployment on, nothing of it before `cliff` seconds.
struct Allocation {
    Home home;
    address to;
    uint8 percent;
    uint64 vesting;
    uint64 cliff;
}

/// @notice What a deployment can choose.
/// @param deployer Who sends the transactions, and owns everything until the end.
/// @param governance Who owns everything afterwards; zero for the timelock, and nothing else is meant for a chain of others.
/// @param supply Who receives the supply of LYN; hands it on by `allocations` if there are any.
/// @param guardian Who may cancel and pause for the first term; zero for nobody.
/// @param feed Sequencer-uptime feed, or zero; `grace` in seconds (A3).
/// @param coordinator Chainlink's VRF coordinator, or zero for a mock of it; `keyHash` its gas lane, `subscriptionId` who pays it, 0 until the owner says.
/// @param forcedInclusion Seconds after which a transaction is in the chain whatever its sequencer does.
struct Settings {
    address deployer;
    address governance;
    address supply;
    address guardian;
    IParameters.Profile profile;
    AggregatorV3Interface feed;
    uint40 grace;
    address coordinator;
    bytes32 keyHash;
    uint256 subscriptionId;
    uint40 forcedInclusion;
    Allocation[] allocations;
}

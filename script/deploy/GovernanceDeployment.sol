// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

import {LynodeGovernor} from "../../contracts/governance/LynodeGovernor.sol";
import {StakeVoter} from "../../contracts/governance/StakeVoter.sol";
import {IDelegationPools} from "../../contracts/interfaces/IDelegationPools.sol";
import {IParameters} from "../../contracts/interfaces/IParameters.sol";
import {LynToken} from "../../contracts/token/LynToken.sol";
import {Settings} from "./Settings.sol";

/// @title GovernanceDeployment
/// @notice The timelock and the governor: made first, as everything will be the timelock's, and given their roles last.
library GovernanceDeployment {
    uint48 private constant FIRST_TERM = 365 days;

    /// @dev The deployer is the timelock's admin until `finish`.
    function start(Settings memory settings, LynToken token)
        internal
        returns (TimelockController timelock, LynodeGovernor governor)
    {
        bool local = settings.profile == IParameters.Profile.Local;
        bool test = settings.profile == IParameters.Profile.Testnet;
        timelock = new TimelockController(
            local ? 5 : test ? 1 hours : 2 days,
            new address[](0),
            new address[](0),
            settings.deployer
        );
        governor = new LynodeGovernor(
            LynodeGovernor.Config({
                token: token,
                timelock: timelock,
                votingDelay: local ? 1 : test ? 10 minutes : 2 days,
                votingPeriod: local ? 60 : test ? 2 hours : 5 days,
                extension: local ? 10 : test ? 20 minutes : 1 days,
                threshold: local || test ? 1_000e18 : 100_000e18,
                quorumPercent: 4,
                guardian: settings.guardian,
                guardianUntil: uint48(block.timestamp) + FIRST_TERM
            })
        );
    }

    /// @notice Votes of stake.
    function voter(Settings memory settings, LynodeGovernor governor, IDelegationPools pools)
        internal
        returns (StakeVoter)
    {
        bool local = settings.profile == IParameters.Profile.Local;
        bool test = settings.profile == IParameters.Profile.Testnet;
        return new StakeVoter(governor, pools, local ? 20 : test ? 30 minutes : 12 hours);
    }

    /// @notice The governor proposes and cancels, anyone executes, and the deployer keeps nothing.
    function finish(TimelockController timelock, LynodeGovernor governor, address deployer)
        internal
    {
        timelock.grantRole(timelock.PROPOSER_ROLE(), address(governor));
        timelock.grantRole(timelock.CANCELLER_ROLE(), address(governor));
        timelock.grantRole(timelock.EXECUTOR_ROLE(), address(0));
        timelock.renounceRole(timelock.DEFAULT_ADMIN_ROLE(), deployer);
    }
}

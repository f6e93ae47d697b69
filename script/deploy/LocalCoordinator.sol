// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    VRFCoordinatorV2_5Mock
} from "@chainlink/contracts/src/v0.8/vrf/mocks/VRFCoordinatorV2_5Mock.sol";

/// @title LocalCoordinator
/// @notice Chainlink's mock of its coordinator, for a chain without one: anybody fulfils, and nothing is paid.
/// @dev Subscription 1 is made here, because the ids that the mock makes follow from a block hash, which a broadcast script cannot know.
contract LocalCoordinator is VRFCoordinatorV2_5Mock {
    uint256 private constant SUBSCRIPTION = 1;

    constructor(address consumer) VRFCoordinatorV2_5Mock(0, 0, 1e18) {
        s_subscriptionConfigs[SUBSCRIPTION].owner = msg.sender;
        s_subscriptionConfigs[SUBSCRIPTION].consumers.push(consumer);
        s_consumers[consumer][SUBSCRIPTION].active = true;
    }
}

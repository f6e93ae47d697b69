// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IJobMarket} from "../interfaces/IJobMarket.sol";

/// @title JobHead
/// @notice Slot 0 of a job (RULES G), from the lowest bit: {provider id 32, price 128, time 40, window 24, status 8,
/// attempt 8, flags 16}. Slot 1 is the result root.
/// @dev By hand, because the compiler reads and writes the slot once for every field.
library JobHead {
    /// @notice The slot of a job.
    function pack(IJobMarket.Job memory job) internal pure returns (uint256 head) {
        head = uint256(job.providerId) | uint256(job.price) << 32 | uint256(job.time) << 160
            | uint256(job.window) << 200 | uint256(job.status) << 224 | uint256(job.attempt) << 232
            | uint256(job.flags) << 240;
    }

    /// @notice The job in a slot, without its result root.
    function unpack(uint256 head) internal pure returns (IJobMarket.Job memory job) {
        if (head == 0) return job; // never locked: a first lock need not pay for taking nothing apart
        // SAFETY: each cast keeps exactly the bits of its field.
        job.providerId = uint32(head);
        job.price = uint128(head >> 32);
        job.time = uint40(head >> 160);
        job.window = uint24(head >> 200);
        job.status = IJobMarket.Status(uint8(head >> 224));
        job.attempt = uint8(head >> 232);
        job.flags = uint16(head >> 240);
    }

    // One field of a slot, for who wants no copy in memory. SAFETY: each cast keeps exactly the bits of its field.

    /// @notice The status in a slot.
    function statusOf(uint256 head) internal pure returns (IJobMarket.Status) {
        return IJobMarket.Status(uint8(head >> 224));
    }

    /// @notice The provider in a slot.
    function providerIdOf(uint256 head) internal pure returns (uint32) {
        return uint32(head);
    }

    /// @notice The time in a slot.
    function timeOf(uint256 head) internal pure returns (uint40) {
        return uint40(head >> 160);
    }

    /// @notice The window in a slot.
    function windowOf(uint256 head) internal pure returns (uint24) {
        return uint24(head >> 200);
    }

    /// @notice The attempt in a slot.
    function attemptOf(uint256 head) internal pure returns (uint8) {
        return uint8(head >> 232);
    }

    /// @notice The flags in a slot.
    function flagsOf(uint256 head) internal pure returns (uint16) {
        return uint16(head >> 240);
    }
}

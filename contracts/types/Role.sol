// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What stake backs: results (providers) or audits (verifiers). Ids are shared by both roles.
enum Role {
    Provider,
    Verifier
}

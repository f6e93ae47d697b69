// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGrantFactory} from "../interfaces/IGrantFactory.sol";
import {VestingGrant} from "./VestingGrant.sol";

/// @title GrantFactory
/// @notice Makes vesting grants.
/// @dev TRUST: nobody. TOKENS: none. LIVENESS: who makes a grant before a proposal does takes nothing from it. ROUNDING: none. CLOCKS: none.
/// PROPERTIES: GRF-1.
contract GrantFactory is IGrantFactory {
    /// @inheritdoc IGrantFactory
    function create(address beneficiary, uint64 start, uint64 duration, uint64 cliff)
        external
        returns (VestingGrant grant)
    {
        address at = grantOf(beneficiary, start, duration, cliff);
        if (at.code.length != 0) return VestingGrant(payable(at));
        emit GrantCreated(at, beneficiary, start, duration, cliff);
        grant = new VestingGrant{salt: 0}(beneficiary, start, duration, cliff); // GRF-1
    }

    /// @inheritdoc IGrantFactory
    function grantOf(address beneficiary, uint64 start, uint64 duration, uint64 cliff)
        public
        view
        returns (address)
    {
        bytes memory creation = abi.encodePacked(
            type(VestingGrant).creationCode, abi.encode(beneficiary, start, duration, cliff)
        );
        return address(
            uint160(
                uint256(
                    keccak256(
                        abi.encodePacked(hex"ff", address(this), bytes32(0), keccak256(creation))
                    )
                )
            )
        );
    }
}

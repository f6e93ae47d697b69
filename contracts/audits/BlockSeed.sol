// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BlockHeader} from "@openzeppelin/contracts/utils/BlockHeader.sol";
import {Blockhash} from "@openzeppelin/contracts/utils/Blockhash.sol";

import {IAuditManager} from "../interfaces/IAuditManager.sol";

/// @title BlockSeed
/// @notice The randomness that a block of the recent past carried: code of AuditSeeds at an address of its own, because it is long and hardly ever runs.
library BlockSeed {
    /// @notice Reads a block's prevrandao out of its header.
    /// @param header Its RLP.
    /// @return known Whether the chain still knows the block: 8,191 back where EIP-2935 is in force, 256 elsewhere.
    function prevrandaoOf(uint64 block_, bytes calldata header)
        external
        view
        returns (bool known, uint256 prevrandao)
    {
        bytes32 hash = Blockhash.blockHash(block_);
        if (hash == 0) return (false, 0);
        require(keccak256(header) == hash, IAuditManager.AuditManager_WrongHeader(block_));
        return (true, uint256(BlockHeader.getPrevRandao(header)));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LynToken} from "../../contracts/token/LynToken.sol";

/// @title StakeDouble
/// @notice As much of StakeManager as a test wants to set by hand: who had what, and who is in jail. Holds the LYN and delegates its votes, as StakeManager does.
contract StakeDouble {
    LynToken public immutable LYN;
    mapping(uint32 providerId => mapping(uint32 nonce => uint96)) private _pools;
    mapping(uint32 providerId => mapping(uint32 nonce => mapping(address member => uint96))) private
        _members;
    mapping(uint32 providerId => uint32) public poolNonceOf;
    mapping(uint32 providerId => address) public ownerOf;
    mapping(uint32 providerId => uint40) public jailedUntil;
    mapping(uint32 providerId => uint256) public received;

    constructor(LynToken lyn) {
        LYN = lyn;
    }

    function setVoter(address voter) external {
        LYN.delegate(voter);
    }

    function setOwner(uint32 providerId, address owner) external {
        ownerOf[providerId] = owner;
    }

    /// @dev LYN of the caller.
    function put(uint32 providerId, uint32 nonce, address member, uint96 amount) external {
        if (nonce != 0) poolNonceOf[providerId] = nonce;
        _pools[providerId][nonce] += amount;
        _members[providerId][nonce][member] += amount;
        require(LYN.transferFrom(msg.sender, address(this), amount), "transfer");
    }

    /// @dev Thawing shares: the pool has them, no member votes them.
    function thaw(uint32 providerId, uint32 nonce, address member, uint96 amount) external {
        _members[providerId][nonce][member] -= amount;
    }

    function jail(uint32 providerId, uint40 until) external {
        jailedUntil[providerId] = until;
    }

    function votesAt(uint32 providerId, uint32 nonce, address member, uint40)
        external
        view
        returns (uint96)
    {
        return _members[providerId][nonce][member];
    }

    function poolVotesAt(uint32 providerId, uint32 nonce, uint40) external view returns (uint96) {
        return _pools[providerId][nonce];
    }

    function backingAt(uint32 providerId, uint40)
        external
        view
        returns (address owner, uint40 jailed, uint96 backing)
    {
        backing = _pools[providerId][0];
        uint32 nonce = poolNonceOf[providerId];
        if (nonce != 0) backing += _pools[providerId][nonce];
        return (ownerOf[providerId], jailedUntil[providerId], backing);
    }

    function distribute(uint32 providerId, uint96 amount) external {
        received[providerId] += amount;
        require(LYN.transferFrom(msg.sender, address(this), amount), "transfer");
    }
}

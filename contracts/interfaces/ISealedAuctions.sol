// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Order} from "../types/Order.sol";
import {IEntrance} from "./IEntrance.sol";

/// @title ISealedAuctions
/// @notice Commit-reveal second-price auctions of large jobs (D7). The lowest bid wins and is paid the second lowest, or the order's maximum if nobody else revealed. The winner is locked by
/// `JobMarket.lockFrom(auctions, order, signature, allowed, "")`, open to all from the end of the reveals on.
/// @dev A sealed order has its ramp start after the auction, so that an auction without a winner (no bidder, all forfeited, or a lock that fails) falls back to the ramp.
/// Properties: SEA-1 a bond leaves once: to its bidder, or burnt; SEA-2 a bidder's whole collateral is reserved from its bid until it lost, won or forfeited; SEA-3 the price is the second lowest revealed, never
/// above the maximum.
interface ISealedAuctions is IEntrance {
    enum BidStatus {
        None,
        Sealed,
        Revealed,
        Closed
    }

    /// @param bond Of each bid and of the requester, in LYN wei.
    /// @param bestId Provider of the lowest bid, 0 before the first reveal; `best` its price in the order's currency, `second` the next (the order's maximum if there is none).
    struct Auction {
        uint40 commitEnd;
        uint40 revealEnd;
        bool taken; // the winner was locked
        bool returned; // the requester's bond left
        uint96 bond;
        uint32 bestId;
        uint16 bestIndex;
        uint128 best;
        uint128 second;
        uint16 bids;
    }

    struct Bid {
        address hotKey;
        BidStatus status;
        uint40 madeAt;
        uint16 index;
        bytes32 commitment;
    }

    error SealedAuctions_NotMarket(address caller);
    error SealedAuctions_NotRequester(address caller, address requester);
    error SealedAuctions_Exists(bytes32 jobId);
    error SealedAuctions_Unknown(bytes32 jobId);
    error SealedAuctions_BadSchedule(uint40 commitEnd, uint40 revealEnd);
    error SealedAuctions_CommitsClosed(bytes32 jobId, uint40 closedAt);
    error SealedAuctions_RevealsClosed(bytes32 jobId, uint40 closedAt);
    error SealedAuctions_RevealsOpen(bytes32 jobId, uint40 openAt);
    error SealedAuctions_AlreadyBid(bytes32 jobId, uint32 providerId);
    error SealedAuctions_NoBid(bytes32 jobId, uint32 providerId);
    error SealedAuctions_WrongReveal(bytes32 jobId, uint32 providerId);
    error SealedAuctions_OverMaximum(uint128 price, uint128 maximum);
    error SealedAuctions_NoWinner(bytes32 jobId);
    error SealedAuctions_StillWinning(bytes32 jobId, uint40 until);
    error SealedAuctions_TooManyBids(bytes32 jobId);
    error SealedAuctions_NotAllowed(bytes32 jobId, uint32 providerId);
    /// @notice The order's maximum is more than its collateral backs (D2): nobody could be locked at it. Both in LYN wei.
    error SealedAuctions_Insolvent(uint256 exposure, uint256 maximum);
    error SealedAuctions_AlreadyLocked(bytes32 jobId);
    error SealedAuctions_Closed(bytes32 jobId);

    event AuctionOpened(
        bytes32 indexed jobId,
        address indexed requester,
        uint40 commitEnd,
        uint40 revealEnd,
        uint96 bond,
        Order order
    );
    event BidCommitted(bytes32 indexed jobId, uint32 indexed providerId, bytes32 commitment);
    event BidRevealed(bytes32 indexed jobId, uint32 indexed providerId, uint128 price, bool leads);
    event BidClosed(
        bytes32 indexed jobId, uint32 indexed providerId, uint96 returned, uint96 burnt
    );
    event AuctionWon(bytes32 indexed jobId, uint32 indexed providerId, uint128 price);
    event RequesterBondClosed(bytes32 indexed jobId, uint96 returned, uint96 burnt);

    /// @notice Opens an auction of the caller's order. The bond, 20% of the maximum in LYN, comes from the caller's free balance and returns with the outcome; it is burnt if there is a winner and nobody
    /// could lock it by the end of the order's lock window, unless that was the winner's fault (jail) or the protocol's (rates, solvency, retired parameters).
    /// @param commitEnd First moment without bids; `revealEnd` first moment without reveals, at or before the order's `rampStart`.
    function open(Order calldata order, uint40 commitEnd, uint40 revealEnd)
        external
        returns (bytes32 jobId);
    /// @notice A provider's hot key bids: its whole collateral is reserved, the bond comes from its free balance. One bid a provider.
    /// @param commitment `keccak256(abi.encode(block.chainid, jobId, providerId, price, salt))`.
    /// @param allowed Proof for the order's `allowedRoot`.
    function bid(Order calldata order, bytes32 commitment, bytes32[] calldata allowed) external;
    /// @notice Opens a bid. Anyone who knows price and salt may call.
    function reveal(Order calldata order, uint32 providerId, uint128 price, bytes32 salt) external;
    /// @notice Frees the collateral of a bid that has lost, returns its bond, or burns it if it was not revealed. Anyone may call.
    function closeBid(Order calldata order, uint32 providerId) external;
    /// @notice After the outcome: the requester's bond. Anyone may call.
    function closeAuction(Order calldata order) external;

    function auctionOf(bytes32 jobId) external view returns (Auction memory);
    function bidOf(bytes32 jobId, uint32 providerId) external view returns (Bid memory);
    /// @notice The bond of an order's bids now, in LYN wei.
    function bondOf(Order calldata order) external view returns (uint96);
}

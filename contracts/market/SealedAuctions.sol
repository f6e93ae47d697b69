// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IEntrance} from "../interfaces/IEntrance.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {ISealedAuctions} from "../interfaces/ISealedAuctions.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {SetProof} from "../libraries/SetProof.sol";
import {Order} from "../types/Order.sol";
import {OrderTerms} from "./OrderTerms.sol";

/// @title SealedAuctions
/// @dev TRUST: JobMarket; PriceOracle, for the bond of an order that is not priced in LYN. No owner.
/// TOKENS: bonds in LYN, in the escrow of the Ledger. LIVENESS: nothing pauses it; no loop over bids: everybody closes an own bid, and anybody may close another's.
/// ROUNDING: the bond up. CLOCKS: block time; commits in [open, commitEnd), reveals in [commitEnd, revealEnd).
/// PROPERTIES: SEA-1, SEA-2, SEA-3.
contract SealedAuctions is ISealedAuctions {
    using OrderTerms for Order;
    using SafeCast for uint256;

    /// @notice The other contracts, fixed for ever.
    struct Config {
        address lyn;
        ILedger ledger;
        IStakeManager stakeManager;
        IJobMarket market;
        IPriceOracle prices;
    }

    /// @notice D7: the bond, of the maximum.
    uint256 public constant BOND_BPS = 2_000;

    /// @notice Longest time from opening to the end of the reveals, so that no collateral is bound for ever.
    uint40 public constant MAX_DURATION = 30 days;

    uint256 private constant BPS = 10_000;

    /// @notice LYN.
    address public immutable LYN;
    /// @notice Bonds.
    ILedger public immutable LEDGER;
    /// @notice Collateral of bidders.
    IStakeManager public immutable STAKE;
    /// @notice Locks the winner.
    IJobMarket public immutable MARKET;
    /// @notice Turns a maximum into LYN.
    IPriceOracle public immutable PRICES;

    mapping(bytes32 jobId => Auction) private _auctions;
    mapping(bytes32 jobId => mapping(uint32 providerId => Bid)) private _bids;

    constructor(Config memory config) {
        LYN = config.lyn;
        LEDGER = config.ledger;
        STAKE = config.stakeManager;
        MARKET = config.market;
        PRICES = config.prices;
    }

    // --- Bidding ---

    /// @inheritdoc ISealedAuctions
    function open(Order calldata order, uint40 commitEnd, uint40 revealEnd)
        external
        returns (bytes32 jobId)
    {
        require(
            msg.sender == order.requester, SealedAuctions_NotRequester(msg.sender, order.requester)
        );
        jobId = MARKET.jobIdOf(order);
        require(_auctions[jobId].commitEnd == 0, SealedAuctions_Exists(jobId));
        require(
            MARKET.jobOf(jobId).status == IJobMarket.Status.None,
            SealedAuctions_AlreadyLocked(jobId)
        );
        bool sound = block.timestamp < commitEnd && commitEnd < revealEnd
            && revealEnd <= order.rampStart && revealEnd <= block.timestamp + MAX_DURATION
            && revealEnd < order.lockBy(order.rampStart);
        require(sound, SealedAuctions_BadSchedule(commitEnd, revealEnd));
        uint256 exposure = _inLyn(order, order.maxPrice, order.valueAtRisk);
        uint256 maximum = MARKET.maxExposureOf(order.collateral);
        require(exposure <= maximum, SealedAuctions_Insolvent(exposure, maximum)); // D2

        uint96 bond = bondOf(order);
        Auction storage auction = _auctions[jobId];
        auction.commitEnd = commitEnd;
        auction.revealEnd = revealEnd;
        auction.bond = bond;
        auction.second = order.maxPrice; // SEA-3: alone, the lowest bid is paid the maximum
        emit AuctionOpened(jobId, msg.sender, commitEnd, revealEnd, bond, order);
        LEDGER.spendFree(LYN, msg.sender, bond);
    }

    /// @inheritdoc ISealedAuctions
    function bid(Order calldata order, bytes32 commitment, bytes32[] calldata allowed) external {
        (bytes32 jobId, Auction storage auction) = _opened(order);
        uint40 commitEnd = auction.commitEnd;
        require(block.timestamp < commitEnd, SealedAuctions_CommitsClosed(jobId, commitEnd));
        uint16 index = auction.bids;
        require(index < type(uint16).max, SealedAuctions_TooManyBids(jobId));
        // SEA-2, D7: the full collateral, from now on.
        uint32 providerId = STAKE.reserve(msg.sender, order.collateral, order.capabilities);
        Bid storage own = _bids[jobId][providerId];
        require(own.status == BidStatus.None, SealedAuctions_AlreadyBid(jobId, providerId));
        bytes32 root = order.allowedRoot;
        require(
            root == 0 || SetProof.contains(root, bytes32(uint256(providerId)), allowed),
            SealedAuctions_NotAllowed(jobId, providerId)
        );
        auction.bids = index + 1;
        own.hotKey = msg.sender;
        own.status = BidStatus.Sealed;
        own.madeAt = uint40(block.timestamp);
        own.index = index;
        own.commitment = commitment;
        emit BidCommitted(jobId, providerId, commitment);
        LEDGER.spendFree(LYN, msg.sender, auction.bond);
    }

    /// @inheritdoc ISealedAuctions
    function reveal(Order calldata order, uint32 providerId, uint128 price, bytes32 salt) external {
        (bytes32 jobId, Auction storage auction) = _opened(order);
        (uint40 openAt, uint40 closedAt) = (auction.commitEnd, auction.revealEnd);
        require(block.timestamp >= openAt, SealedAuctions_RevealsOpen(jobId, openAt));
        require(block.timestamp < closedAt, SealedAuctions_RevealsClosed(jobId, closedAt));
        Bid storage own = _bids[jobId][providerId];
        require(own.status == BidStatus.Sealed, SealedAuctions_NoBid(jobId, providerId));
        // Class 8: the commitment names its bidder.
        bytes32 commitment = keccak256(abi.encode(block.chainid, jobId, providerId, price, salt));
        require(own.commitment == commitment, SealedAuctions_WrongReveal(jobId, providerId));
        uint128 maximum = order.maxPrice;
        require(price <= maximum, SealedAuctions_OverMaximum(price, maximum));

        own.status = BidStatus.Revealed;
        bool leads = auction.bestId == 0 || price < auction.best
            || (price == auction.best && own.index < auction.bestIndex); // D7: ties to the earlier commit
        if (leads) {
            if (auction.bestId != 0) auction.second = auction.best;
            auction.best = price;
            auction.bestId = providerId;
            auction.bestIndex = own.index;
        } else if (price < auction.second) {
            auction.second = price;
        }
        emit BidRevealed(jobId, providerId, price, leads);
    }

    // --- The outcome ---

    /// @inheritdoc IEntrance
    function take(bytes32 jobId, Order calldata order, bytes calldata)
        external
        returns (address hotKey, uint128 price, bool declinable)
    {
        require(msg.sender == address(MARKET), SealedAuctions_NotMarket(msg.sender));
        Auction storage auction = _auctions[jobId];
        uint40 revealEnd = auction.revealEnd;
        require(revealEnd != 0, SealedAuctions_Unknown(jobId));
        require(block.timestamp >= revealEnd, SealedAuctions_RevealsOpen(jobId, revealEnd));
        uint32 winner = auction.bestId;
        // SEA-1: a winner that was closed (somebody else had locked the job, which re-opened since) has its bond and its collateral back already.
        require(_bids[jobId][winner].status == BidStatus.Revealed, SealedAuctions_NoWinner(jobId));
        auction.taken = true;
        price = auction.second; // SEA-3
        emit AuctionWon(jobId, winner, price);
        // The market reserves what this lets go, in the same call.
        _leave(order, jobId, winner, auction.bond, false);
        hotKey = STAKE.hotKeyOf(winner);
        declinable = false;
    }

    /// @inheritdoc ISealedAuctions
    function closeBid(Order calldata order, uint32 providerId) external {
        (bytes32 jobId, Auction storage auction) = _opened(order);
        BidStatus status = _bids[jobId][providerId].status;
        require(
            status == BidStatus.Sealed || status == BidStatus.Revealed,
            SealedAuctions_NoBid(jobId, providerId)
        );
        bool forfeits = status == BidStatus.Sealed;
        if (forfeits) {
            uint40 revealEnd = auction.revealEnd;
            require(block.timestamp >= revealEnd, SealedAuctions_RevealsOpen(jobId, revealEnd));
        } else if (providerId == auction.bestId) {
            _requireOver(order, jobId); // SEA-2
        }
        _leave(order, jobId, providerId, auction.bond, forfeits);
    }

    /// @inheritdoc ISealedAuctions
    function closeAuction(Order calldata order) external {
        (bytes32 jobId, Auction storage auction) = _opened(order);
        require(!auction.returned, SealedAuctions_Closed(jobId)); // SEA-1
        uint40 revealEnd = auction.revealEnd;
        require(block.timestamp >= revealEnd, SealedAuctions_RevealsOpen(jobId, revealEnd));
        bool returns_ = auction.taken || auction.bestId == 0;
        if (!returns_) {
            _requireOver(order, jobId);
            returns_ = MARKET.jobOf(jobId).status != IJobMarket.Status.None
                || _isExcused(order, auction.bestId, revealEnd);
        }
        auction.returned = true;
        uint96 bond = auction.bond;
        emit RequesterBondClosed(jobId, returns_ ? bond : 0, returns_ ? 0 : bond);
        _payBond(order.requester, bond, !returns_);
    }

    // --- Views ---

    /// @inheritdoc ISealedAuctions
    function auctionOf(bytes32 jobId) external view returns (Auction memory) {
        return _auctions[jobId];
    }

    /// @inheritdoc ISealedAuctions
    function bidOf(bytes32 jobId, uint32 providerId) external view returns (Bid memory) {
        return _bids[jobId][providerId];
    }

    /// @inheritdoc ISealedAuctions
    function bondOf(Order calldata order) public view returns (uint96) {
        uint256 maximum = _inLyn(order, order.maxPrice, 0);
        return ((maximum * BOND_BPS + BPS - 1) / BPS).toUint96();
    }

    // --- Internals ---

    function _opened(Order calldata order)
        private
        view
        returns (bytes32 jobId, Auction storage auction)
    {
        jobId = MARKET.jobIdOf(order);
        auction = _auctions[jobId];
        require(auction.commitEnd != 0, SealedAuctions_Unknown(jobId));
    }

    /// @dev The winner cannot be locked any more: somebody was locked already, or the window is over.
    function _requireOver(Order calldata order, bytes32 jobId) private view {
        uint40 lockBy = order.lockBy(order.rampStart);
        require(
            block.timestamp >= lockBy || MARKET.jobOf(jobId).status != IJobMarket.Status.None,
            SealedAuctions_StillWinning(jobId, lockBy)
        );
    }

    /// @dev Whether a winner was not locked for a reason that the requester has no hand in.
    function _isExcused(Order calldata order, uint32 winner, uint40 revealEnd)
        private
        view
        returns (bool)
    {
        if (STAKE.providerOf(winner).jailedUntil > revealEnd) return true;
        if (MARKET.pausedUntil() > revealEnd) return true;
        if (!MARKET.snapshotOf(order.paramsVersion, order.class, order.payToken).enabled) {
            return true;
        }
        uint256 exposure = uint256(order.maxPrice) + order.valueAtRisk;
        if (order.payToken != LYN || order.currency != 0) {
            try PRICES.appraise(
                order.payToken, order.currency != 0, order.maxPrice, order.valueAtRisk
            ) returns (
                uint128, uint256 appraised
            ) {
                exposure = appraised;
            } catch {
                return true;
            }
        }
        return exposure > MARKET.maxExposureOf(order.collateral);
    }

    function _inLyn(Order calldata order, uint128 price, uint128 valueAtRisk)
        private
        view
        returns (uint256 exposure)
    {
        if (order.payToken == LYN && order.currency == 0) return uint256(price) + valueAtRisk;
        (, exposure) = PRICES.appraise(order.payToken, order.currency != 0, price, valueAtRisk);
    }

    /// @dev SEA-1, SEA-2: a bid ends once, with its collateral and its bond.
    function _leave(
        Order calldata order,
        bytes32 jobId,
        uint32 providerId,
        uint96 bond,
        bool forfeits
    ) private {
        Bid storage own = _bids[jobId][providerId];
        own.status = BidStatus.Closed;
        emit BidClosed(jobId, providerId, forfeits ? 0 : bond, forfeits ? bond : 0);
        STAKE.release(providerId, order.collateral, 0);
        _payBond(own.hotKey, bond, forfeits);
    }

    /// @dev D7: forfeits are burnt. What returns is a balance in the Ledger, for its owner to pull.
    function _payBond(address account, uint96 bond, bool burn) private {
        if (bond == 0) return;
        if (burn) LEDGER.burn(bond);
        else LEDGER.credit(LYN, account, bond);
    }
}

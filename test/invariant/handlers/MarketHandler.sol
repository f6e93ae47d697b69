// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ICallbacks} from "../../../contracts/interfaces/ICallbacks.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {IOffers} from "../../../contracts/interfaces/IOffers.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {ISealedAuctions} from "../../../contracts/interfaces/ISealedAuctions.sol";
import {IStakeManager} from "../../../contracts/interfaces/IStakeManager.sol";
import {MarketUpkeep} from "../../../contracts/periphery/MarketUpkeep.sol";
import {ComputeOffer} from "../../../contracts/types/ComputeOffer.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Actor} from "../../utils/Base.t.sol";
import {Consumer, HostileConsumer} from "../../utils/HostileConsumers.sol";
import {PlainToken} from "../../utils/HostileTokens.sol";
import {Trading} from "../../utils/Trading.t.sol";

/// @title MarketHandler
/// @notice Every way into a job and out of it: ramp, offer, sealed auction, named providers, batch, permit; decline, expiry, refund, conviction, void, settlement by anyone and by Automation; callbacks and their
/// fees. In LYN, in a token of six decimals, and in dollars. What disputes do inside is Handler's; here they only decide.
/// @dev As in Handler, a call may fail only for a reason that is named.
contract MarketHandler is Trading {
    /// @notice What the test knows of a job besides the chain.
    /// @param exits How often the escrow has left.
    /// @param paid How often a provider was paid.
    struct Tracked {
        Order order;
        bytes32 jobId;
        IJobMarket.Status last;
        uint256 exits;
        uint256 paid;
    }

    struct Sealed {
        Order order;
        bytes32 jobId;
        uint32[] bidders;
    }

    uint256 public constant MAX_JOBS = 40;
    uint256 public constant MAX_AUCTIONS = 8;
    bytes32 private constant SALT = "salt";

    PlainToken public dollar;
    MarketUpkeep public upkeep;
    mapping(bytes32 name => uint256) public calls;
    bool public arrowBroken;
    /// @notice Whether an offer was ever filled beyond its capacity, or a nonce spent twice.
    bool public overfilled;

    Actor[] private _hots;
    Actor private _poor; // a requester without a committed balance: pays by permit
    Tracked[] private _tracked;
    Sealed[] private _auctions;
    ComputeOffer[] private _offers;
    address[] private _consumers;
    mapping(address requester => mapping(uint256 nonce => uint256)) private _locksOf;

    /// @dev Called by the invariant test only.
    function start() external {
        setUp();
        dollar = new PlainToken(6);
        c.ledger.allowToken(address(dollar));
        c.parameters.listToken(address(dollar), 0.1e6);
        c.parameters.publish();
        dollar.mint(requester.addr, 1_000_000e6);
        vm.startPrank(requester.addr);
        dollar.approve(address(c.ledger), type(uint256).max);
        c.ledger.depositCommitted(address(dollar), 1_000_000e6);
        vm.stopPrank();
        _hots.push(hot);
        _hots.push(otherHot);
        for (uint256 i = 0; i < 2; ++i) {
            Actor memory another = _actor(string.concat("market hot ", vm.toString(i)));
            _provider(another);
            _hots.push(another);
        }
        _poor = _actor("poor");
        c.lynToken.transfer(_poor.addr, 100_000e18);
        // Bonds of auctions come out of free balances.
        for (uint256 i = 0; i < _hots.length; ++i) {
            _giveFree(_hots[i].addr);
        }
        _giveFree(requester.addr);
        upkeep = new MarketUpkeep(c.jobMarket, c.ledger, stranger.addr);
        _consumers.push(address(new Consumer()));
        for (uint256 i = 0; i < 4; ++i) {
            _consumers.push(
                address(new HostileConsumer(HostileConsumer.Trouble(i), ICallbacks(c.callbacks)))
            );
        }
    }

    function _giveFree(address account) private {
        _fund(account, 10_000e18);
        vm.prank(account);
        c.ledger.deposit(lyn, account, 10_000e18);
    }

    // --- The ways in ---

    function lockRamp(uint256 seed, uint256 price, uint256 flavour) external {
        if (_tracked.length == MAX_JOBS) return;
        Order memory order = _random(seed, price, flavour);
        _tryLock(order, _signatureOf(order, flavour), _hots[seed % _hots.length]);
    }

    /// @dev Named providers: alone, or one of two.
    function lockNamed(uint256 seed, uint256 price, uint256 flavour) external {
        if (_tracked.length == MAX_JOBS) return;
        Order memory order = _random(seed, price, flavour);
        uint256 who = seed % _hots.length;
        uint32 id = c.stakeManager.providerIdOf(_hots[who].addr);
        bytes32[] memory proof = new bytes32[](0);
        order.allowedRoot = _providerLeaf(id);
        if (flavour % 2 == 0) {
            proof = _one(_providerLeaf(9_999));
            order.allowedRoot = _pair(order.allowedRoot, proof[0]);
        }
        bytes memory signature = _signAs(_requesterOf(order), order);
        // Whoever is not named cannot.
        vm.prank(_hots[(who + 1) % _hots.length].addr);
        try c.jobMarket.lockAllowed(order, signature, proof) {
            arrowBroken = true;
        } catch {}
        vm.prank(_hots[who].addr);
        try c.jobMarket.lockAllowed(order, signature, proof) returns (bytes32 jobId) {
            _locked(order, jobId);
            _count("lockNamed");
        } catch (bytes memory reason) {
            _onlyLock(reason);
        }
    }

    function lockShard(uint256 seed, uint256 price, uint256 flavour) external {
        if (_tracked.length == MAX_JOBS) return;
        Order memory order = _random(seed, price, flavour);
        bytes32 other = keccak256(abi.encode(seed));
        bytes32 root = _pair(c.jobMarket.jobIdOf(order), other);
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(_requesterOf(order).key, c.marketLens.batchIdOf(root, 2));
        bytes memory signature = abi.encodePacked(
            abi.encode(uint32(2), _one(other), abi.encodePacked(r, s, v)),
            keccak256("Lynode OrderBatch shard")
        );
        vm.prank(_hots[seed % _hots.length].addr);
        try c.jobMarket.lock(order, signature) returns (bytes32 jobId) {
            _locked(order, jobId);
            _count("lockShard");
        } catch (bytes memory reason) {
            _onlyLock(reason);
        }
    }

    function lockByPermit(uint256 seed, uint256 price) external {
        if (_tracked.length == MAX_JOBS) return;
        Order memory order = _random(seed, price, 1);
        order.requester = _poor.addr;
        bytes memory signature = _signAs(_poor, order);
        ILedger.Permit memory permit = _permit(order.maxTotal);
        vm.prank(_hots[seed % _hots.length].addr);
        try c.jobMarket.lockWithPermit(order, signature, new bytes32[](0), permit) returns (
            bytes32 jobId
        ) {
            _locked(order, jobId);
            _count("lockByPermit");
        } catch (bytes memory reason) {
            _onlyLock(reason);
        }
    }

    function makeOffer(uint256 seed, uint256 price) external {
        if (_offers.length == 16) return;
        ComputeOffer memory offer = _offer();
        offer.providerId = c.stakeManager.providerIdOf(_hots[seed % _hots.length].addr);
        offer.capacity = uint64(seed % 5 + 1);
        offer.pricePerStep = uint128(_bound(price, 0, 10e18)); // three steps are solvent with the least collateral
        offer.maxCollateral = 5_000e18;
        offer.expiry = uint40(block.timestamp) + 10 minutes;
        if (seed % 2 == 0) offer.inputRoot = 0; // declinable
        _offers.push(offer);
        _count("makeOffer");
    }

    function fillOffer(uint256 seed, uint256 price, uint256 flavour) external {
        if (_offers.length == 0 || _tracked.length == MAX_JOBS) return;
        ComputeOffer memory offer = _offers[seed % _offers.length];
        Order memory order = _random(seed, price, flavour | 1); // in LYN
        order.steps = uint32(seed % 3 + 1);
        order.maxPrice = 60e18;
        order.maxTotal = 100e18;
        Actor memory by;
        for (uint256 i = 0; i < _hots.length; ++i) {
            if (c.stakeManager.providerIdOf(_hots[i].addr) == offer.providerId) by = _hots[i];
        }
        bytes memory data = abi.encode(offer, new bytes32[](0), _signOffer(by, offer));
        bytes memory signature = _signAs(_requesterOf(order), order);
        vm.prank(stranger.addr);
        try c.jobMarket
        .lockFrom(address(c.offers), order, signature, new bytes32[](0), data) returns (
            bytes32 jobId
        ) {
            _locked(order, jobId);
            if (c.offers.filledOf(c.offers.offerIdOf(offer)) > offer.capacity) overfilled = true;
            _count("fillOffer");
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            if (
                selector == IOffers.Offers_CapacityExceeded.selector
                    || selector == IOffers.Offers_Expired.selector
            ) return;
            _onlyLock(reason);
        }
    }

    function cancelOffer(uint256 seed) external {
        if (_offers.length == 0 || seed % 4 != 0) return;
        ComputeOffer memory offer = _offers[seed % _offers.length];
        vm.prank(owner.addr);
        c.offers.cancel(offer);
        _count("cancelOffer");
    }

    // --- Sealed auctions ---

    function openAuction(uint256 seed, uint256 price) external {
        if (_auctions.length == MAX_AUCTIONS) return;
        Order memory order = _random(seed, price, 1);
        order.rampStart = uint40(block.timestamp) + 20;
        order.maxTotal = 100e18;
        bytes32 jobId = c.jobMarket.jobIdOf(order);
        uint40 commitEnd = uint40(block.timestamp) + 10;
        vm.prank(requester.addr);
        try c.sealedAuctions.open(order, commitEnd, commitEnd + 10) {
            Sealed storage auction = _auctions.push();
            auction.order = order;
            auction.jobId = jobId;
            _count("openAuction");
        } catch (bytes memory reason) {
            _only(reason, ILedger.Ledger_InsufficientFree.selector, 0, 0);
        }
    }

    function placeBid(uint256 seed, uint256 who) external {
        if (_auctions.length == 0) return;
        Sealed storage auction = _auctions[seed % _auctions.length];
        Actor memory by = _hots[who % _hots.length];
        uint32 id = c.stakeManager.providerIdOf(by.addr);
        bytes32 commitment = _commitment(auction.order, id, _bidOf(auction.order, id), SALT);
        vm.prank(by.addr);
        try c.sealedAuctions.bid(auction.order, commitment, new bytes32[](0)) {
            auction.bidders.push(id);
            _count("placeBid");
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            if (
                selector == ISealedAuctions.SealedAuctions_CommitsClosed.selector
                    || selector == ISealedAuctions.SealedAuctions_AlreadyBid.selector
                    || selector == ILedger.Ledger_InsufficientFree.selector
            ) return;
            _onlyLock(reason);
        }
    }

    function revealBid(uint256 seed, uint256 who) external {
        if (_auctions.length == 0) return;
        Sealed storage auction = _auctions[seed % _auctions.length];
        if (auction.bidders.length == 0) return;
        uint32 id = auction.bidders[who % auction.bidders.length];
        uint40 openAt = c.sealedAuctions.auctionOf(auction.jobId).commitEnd;
        if (who % 2 == 0 && openAt > block.timestamp) vm.warp(openAt);
        try c.sealedAuctions.reveal(auction.order, id, _bidOf(auction.order, id), SALT) {
            _count("revealBid");
        } catch (bytes memory reason) {
            _only(
                reason,
                ISealedAuctions.SealedAuctions_RevealsOpen.selector,
                ISealedAuctions.SealedAuctions_RevealsClosed.selector,
                ISealedAuctions.SealedAuctions_NoBid.selector
            );
        }
    }

    function lockWinner(uint256 seed) external {
        if (_auctions.length == 0 || _tracked.length == MAX_JOBS) return;
        Sealed storage auction = _auctions[seed % _auctions.length];
        uint40 openAt = c.sealedAuctions.auctionOf(auction.jobId).revealEnd;
        if (seed % 2 == 0 && openAt > block.timestamp) vm.warp(openAt);
        bytes memory signature = _sign(auction.order);
        vm.prank(stranger.addr);
        try c.jobMarket
            .lockFrom(
                address(c.sealedAuctions), auction.order, signature, new bytes32[](0), ""
            ) returns (
            bytes32 jobId
        ) {
            _locked(auction.order, jobId);
            _count("lockWinner");
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            if (
                selector == ISealedAuctions.SealedAuctions_RevealsOpen.selector
                    || selector == ISealedAuctions.SealedAuctions_NoWinner.selector
            ) return;
            _onlyLock(reason);
        }
    }

    function closeBid(uint256 seed, uint256 who) external {
        if (_auctions.length == 0) return;
        Sealed storage auction = _auctions[seed % _auctions.length];
        if (auction.bidders.length == 0) return;
        try c.sealedAuctions
        .closeBid(auction.order, auction.bidders[who % auction.bidders.length]) {
            _count("closeBid");
        } catch (bytes memory reason) {
            _only(
                reason,
                ISealedAuctions.SealedAuctions_RevealsOpen.selector,
                ISealedAuctions.SealedAuctions_NoBid.selector,
                ISealedAuctions.SealedAuctions_StillWinning.selector
            );
        }
    }

    function closeAuction(uint256 seed) external {
        if (_auctions.length == 0) return;
        try c.sealedAuctions.closeAuction(_auctions[seed % _auctions.length].order) {
            _count("closeAuction");
        } catch (bytes memory reason) {
            _only(
                reason,
                ISealedAuctions.SealedAuctions_RevealsOpen.selector,
                ISealedAuctions.SealedAuctions_Closed.selector,
                ISealedAuctions.SealedAuctions_StillWinning.selector
            );
        }
    }

    // --- Consent ---

    /// @dev A signed order is cancelled: nobody can lock it any more.
    function cancelOrder(uint256 seed, uint256 price) external {
        Order memory order = _random(seed, price, 1);
        bytes memory signature = _sign(order);
        vm.prank(requester.addr);
        c.jobMarket.cancel(order.nonce >> 8, 1 << (order.nonce & 255));
        vm.prank(_hots[seed % _hots.length].addr);
        try c.jobMarket.lock(order, signature) {
            arrowBroken = true;
        } catch (bytes memory reason) {
            _only(
                reason,
                IJobMarket.JobMarket_NonceUsed.selector,
                IPriceOracle.PriceOracle_LynRateStale.selector,
                0
            );
        }
        _count("cancelOrder");
    }

    /// @dev Class 6: what was locked once is not locked for the first time again, nor its nonce spent by another order.
    function replay(uint256 seed, uint256 price) external {
        if (_tracked.length == 0) return;
        Tracked storage tracked = _tracked[seed % _tracked.length];
        if (tracked.order.requester != requester.addr) return;
        Order memory order = _random(seed, price, 1);
        order.nonce = tracked.order.nonce;
        bytes memory signature = _sign(order);
        vm.prank(_hots[seed % _hots.length].addr);
        try c.jobMarket.lock(order, signature) {
            overfilled = true;
        } catch (bytes memory reason) {
            _only(reason, IJobMarket.JobMarket_NonceUsed.selector, 0, 0);
        }
        _count("replay");
    }

    // --- The life of a job ---

    function relock(uint256 seed) external {
        (bool found, uint256 at) = _find(seed, IJobMarket.Status.Reopened);
        if (!found || _tracked[at].order.allowedRoot != 0) return;
        vm.prank(_hots[seed % _hots.length].addr);
        try c.jobMarket.lock(_tracked[at].order, "") {
            _count("relock");
        } catch (bytes memory reason) {
            if (bytes4(reason) == IJobMarket.JobMarket_LockClosed.selector) return;
            _onlyLock(reason);
        }
        _track(at);
    }

    function decline(uint256) external {
        // The newest lock: the time for it is short.
        (bool found, uint256 at) = _newest(IJobMarket.Status.Locked);
        if (!found) return;
        Tracked storage tracked = _tracked[at];
        vm.prank(_keyOf(tracked.jobId));
        try c.jobMarket.decline(tracked.order) {
            _count("decline");
        } catch (bytes memory reason) {
            _only(
                reason,
                IJobMarket.JobMarket_NotDeclinable.selector,
                IJobMarket.JobMarket_DeclineClosed.selector,
                0
            );
        }
        _track(at);
    }

    function deliver(uint256 seed) external {
        (bool found, uint256 at) = _find(seed, IJobMarket.Status.Locked);
        if (!found) return;
        Tracked storage tracked = _tracked[at];
        _seedEpoch();
        vm.prank(_keyOf(tracked.jobId));
        try c.jobMarket.deliverWithOutputs(tracked.jobId, _outputs()) {
            _count("deliver");
        } catch (bytes memory reason) {
            _only(reason, IJobMarket.JobMarket_DeliveryClosed.selector, 0, 0);
        }
        _track(at);
    }

    function settle(uint256 seed) external {
        (bool found, uint256 at) = _find(seed, IJobMarket.Status.Delivered);
        if (!found) return;
        vm.prank(stranger.addr);
        try c.jobMarket.settle(_tracked[at].order) {
            _count("settle");
        } catch (bytes memory reason) {
            _only(reason, IJobMarket.JobMarket_NotFinal.selector, 0, 0);
        }
        _track(at);
    }

    function settleMany(uint256 seed) external {
        if (_tracked.length == 0) return;
        vm.prank(stranger.addr);
        c.jobMarket.settleMany(_page(seed));
        _count("settleMany");
        _trackAll();
    }

    /// @dev As Automation does: simulated, and what the simulation says is sent.
    function keep(uint256 seed) external {
        if (_tracked.length == 0) return;
        bytes memory page = abi.encode(_page(seed));
        uint256 state = vm.snapshotState();
        vm.prank(address(0), address(0));
        (bool needed, bytes memory work) = upkeep.checkUpkeep(page);
        vm.revertToState(state);
        if (!needed) return;
        upkeep.performUpkeep(work);
        _count("keep");
        _trackAll();
    }

    function sweep() external {
        if (_free(address(upkeep)) == 0) return;
        upkeep.sweep(lyn);
        _count("sweep");
    }

    function expireLock(uint256 seed) external {
        (bool found, uint256 at) = _find(seed, IJobMarket.Status.Locked);
        if (!found) return;
        vm.prank(stranger.addr);
        try c.jobMarket.expireLock(_tracked[at].order) {
            _count("expireLock");
        } catch (bytes memory reason) {
            _only(reason, IJobMarket.JobMarket_DeliveryOpen.selector, 0, 0);
        }
        _track(at);
    }

    function refund(uint256 seed) external {
        (bool found, uint256 at) = _find(seed, IJobMarket.Status.Reopened);
        if (!found) return;
        try c.jobMarket.refund(_tracked[at].order) {
            _count("refund");
        } catch (bytes memory reason) {
            _only(reason, IJobMarket.JobMarket_LockOpen.selector, 0, 0);
        }
        _track(at);
    }

    function convict(uint256 seed, uint256 payout) external {
        (bool found, uint256 at) = _find(seed, IJobMarket.Status.Delivered);
        if (!found || seed % 4 != 0) return;
        Order memory order = _tracked[at].order;
        vm.prank(address(c.disputes));
        c.jobMarket
            .convict(
                order, uint96(_bound(payout, 0, uint256(order.collateral) * 4 / 10)), stranger.addr
            );
        _count("convict");
        _track(at);
    }

    function voidExecution(uint256 seed) external {
        (bool found, uint256 at) = _find(seed, IJobMarket.Status.Delivered);
        if (!found || seed % 4 != 0) return;
        vm.prank(address(c.disputes));
        c.jobMarket.voidExecution(_tracked[at].order);
        _count("void");
        _track(at);
    }

    // --- Callbacks ---

    function callBack(uint256 seed) external {
        (bool found, uint256 at) = _findCallback(seed);
        if (!found) return;
        ICallbacks.Path memory path = ICallbacks.Path(sha256(""), new bytes32[](0));
        vm.prank(stranger.addr);
        c.callbacks.callback(_tracked[at].order, _outputs(), path);
        _count("callBack");
    }

    function reclaim(uint256 seed) external {
        (bool found, uint256 at) = _findCallback(seed);
        if (!found) return;
        if (seed % 16 == 0) skip(31 days); // or it would hardly ever be time
        try c.callbacks.reclaim(_tracked[at].order) {
            _count("reclaim");
        } catch (bytes memory reason) {
            _only(reason, ICallbacks.Callbacks_ClaimOpen.selector, 0, 0);
        }
    }

    // --- Money and time ---

    function withdraw(uint256 seed, uint256 amount) external {
        address account =
            seed % 3 == 0 ? owner.addr : seed % 3 == 1 ? publisher.addr : stranger.addr;
        uint256 free = _free(account);
        if (free == 0) return;
        vm.prank(account);
        c.ledger.withdraw(lyn, _bound(amount, 1, free), account);
        _count("withdraw");
    }

    function pass(uint256 seconds_) external {
        uint256 step = seconds_ % 64 == 0
            ? 31 days
            : seconds_ % 8 == 0 ? _bound(seconds_, 1, 40) : _bound(seconds_, 1, 3);
        skip(step);
        vm.roll(block.number + step);
        _count("pass");
    }

    // --- The end ---

    /// @notice Lets every clock run out and closes every job, auction, bid and fee.
    function resolve() external {
        skip(40 days);
        for (uint256 i = 0; i < _tracked.length; ++i) {
            Order memory order = _tracked[i].order;
            IJobMarket.Status status = _status(_tracked[i].jobId);
            if (status == IJobMarket.Status.Locked) c.jobMarket.expireLock(order);
            if (_status(_tracked[i].jobId) == IJobMarket.Status.Reopened) {
                skip(1 hours);
                c.jobMarket.refund(order);
            }
            if (status == IJobMarket.Status.Delivered) c.jobMarket.settle(order);
        }
        _trackAll();
        skip(40 days);
        for (uint256 i = 0; i < _tracked.length; ++i) {
            if (_owesCallback(i)) c.callbacks.reclaim(_tracked[i].order);
        }
        for (uint256 i = 0; i < _auctions.length; ++i) {
            Sealed storage auction = _auctions[i];
            for (uint256 j = 0; j < auction.bidders.length; ++j) {
                if (_isOpenBid(auction.jobId, auction.bidders[j])) {
                    c.sealedAuctions.closeBid(auction.order, auction.bidders[j]);
                }
            }
            if (!c.sealedAuctions.auctionOf(auction.jobId).returned) {
                c.sealedAuctions.closeAuction(auction.order);
            }
        }
    }

    // --- What the invariants read ---

    /// @notice Sum of all accounts of the Ledger.
    function accounts(address token) external view returns (uint256 total) {
        address[10] memory all = [
            requester.addr,
            _poor.addr,
            owner.addr,
            publisher.addr,
            stranger.addr,
            address(this),
            address(upkeep),
            address(c.feeSink),
            address(c.auditManager),
            address(c.treasuryVault)
        ];
        for (uint256 i = 0; i < all.length; ++i) {
            (uint128 free, uint128 committed) = c.ledger.accountOf(token, all[i]);
            total += uint256(free) + committed;
        }
        for (uint256 i = 0; i < _hots.length; ++i) {
            (uint128 free, uint128 committed) = c.ledger.accountOf(token, _hots[i].addr);
            total += uint256(free) + committed;
        }
    }

    /// @notice Sum of what open jobs hold, and of callback fees that settled ones still owe.
    function escrow(address token) external view returns (uint256 total) {
        for (uint256 i = 0; i < _tracked.length; ++i) {
            Tracked storage tracked = _tracked[i];
            if (tracked.order.payToken != token) continue;
            IJobMarket.Job memory job = c.jobMarket.jobOf(tracked.jobId);
            if (_holds(job.status)) total += c.marketLens.totalOf(tracked.order, job.price);
            else if (_owesCallback(i)) total += tracked.order.callbackFee;
        }
    }

    /// @notice Sum of the bonds of auctions that have not left.
    function bonds() external view returns (uint256 total) {
        for (uint256 i = 0; i < _auctions.length; ++i) {
            Sealed storage auction = _auctions[i];
            ISealedAuctions.Auction memory state = c.sealedAuctions.auctionOf(auction.jobId);
            if (!state.returned) total += state.bond;
            for (uint256 j = 0; j < auction.bidders.length; ++j) {
                if (_isOpenBid(auction.jobId, auction.bidders[j])) total += state.bond;
            }
        }
    }

    /// @notice Collateral of the jobs and bids that a provider is bound to.
    function collateralOf(uint32 id) external view returns (uint256 total) {
        for (uint256 i = 0; i < _tracked.length; ++i) {
            IJobMarket.Job memory job = c.jobMarket.jobOf(_tracked[i].jobId);
            if (
                job.providerId == id
                    && (job.status == IJobMarket.Status.Locked
                        || job.status == IJobMarket.Status.Delivered)
            ) total += _tracked[i].order.collateral;
        }
        for (uint256 i = 0; i < _auctions.length; ++i) {
            if (_isOpenBid(_auctions[i].jobId, id)) total += _auctions[i].order.collateral;
        }
    }

    function providerAt(uint32 id) external view returns (IStakeManager.Provider memory) {
        return c.stakeManager.providerOf(id);
    }

    function providers() external view returns (uint32) {
        return c.stakeManager.providers();
    }

    function ledgerHolds(address token) external view returns (uint256) {
        return PlainToken(token).balanceOf(address(c.ledger));
    }

    function jobs() external view returns (uint256) {
        return _tracked.length;
    }

    function exitsOf(uint256 at) external view returns (uint256) {
        return _tracked[at].exits;
    }

    function paidOf(uint256 at) external view returns (uint256) {
        return _tracked[at].paid;
    }

    function isClosed(uint256 at) external view returns (bool) {
        return !_holds(_status(_tracked[at].jobId));
    }

    function isSettled(uint256 at) external view returns (bool) {
        return _status(_tracked[at].jobId) == IJobMarket.Status.Settled;
    }

    function lynOf() external view returns (address) {
        return lyn;
    }

    // --- Internals ---

    /// @dev Half in LYN, a quarter in the token, a quarter in dollars; tips, royalties, callbacks to good and bad consumers.
    function _random(uint256 seed, uint256 price, uint256 flavour)
        private
        returns (Order memory order)
    {
        order = _order();
        bool inToken = flavour % 4 == 0;
        bool inDollars = flavour % 4 == 2;
        if (inToken) {
            if (c.priceOracle.lynRateStaleAt(address(dollar)) <= block.timestamp) {
                c.priceOracle.setLynRate(address(dollar), 0.5e18);
            }
            order.payToken = address(dollar);
            order.verificationFee = 0.1e6;
            order.tip = 0.01e6;
        }
        if (inDollars) order.currency = 1;
        uint256 unit = inToken ? 1e6 : inDollars ? 0.1e18 : 1e18;
        order.minPrice = uint128(_bound(price, 0, 20 * unit));
        order.maxPrice = order.minPrice + uint128(10 * unit);
        order.maxTotal = inToken ? 100e6 : 100e18;
        order.maxAttempts = uint8(seed % 3 + 1);
        order.collateral = uint96(_bound(seed, 500e18, 5_000e18));
        if (seed % 3 == 0) {
            order.callback = _consumers[(seed >> 8) % _consumers.length];
            order.callbackGas = 200_000;
            order.callbackFee = inToken ? 0.02e6 : 0.3e18;
        }
    }

    function _signatureOf(Order memory order, uint256 flavour) private returns (bytes memory) {
        if (flavour % 5 != 0) return _sign(order);
        vm.prank(requester.addr);
        c.jobMarket.post(order);
        return "";
    }

    function _tryLock(Order memory order, bytes memory signature, Actor memory by) private {
        vm.prank(by.addr);
        try c.jobMarket.lock(order, signature) returns (bytes32 jobId) {
            _locked(order, jobId);
            _count("lockRamp");
        } catch (bytes memory reason) {
            _onlyLock(reason);
        }
    }

    function _locked(Order memory order, bytes32 jobId) private {
        Tracked storage tracked = _tracked.push();
        tracked.order = order;
        tracked.jobId = jobId;
        tracked.last = IJobMarket.Status.Locked;
        if (++_locksOf[order.requester][order.nonce] > 1) overfilled = true; // MKT-5
    }

    function _requesterOf(Order memory order) private view returns (Actor memory) {
        return order.requester == _poor.addr ? _poor : requester;
    }

    function _permit(uint256 value) private view returns (ILedger.Permit memory permit) {
        permit.value = value;
        permit.deadline = block.timestamp;
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                _poor.addr,
                address(c.ledger),
                value,
                c.lynToken.nonces(_poor.addr),
                permit.deadline
            )
        );
        (permit.v, permit.r, permit.s) = vm.sign(
            _poor.key,
            keccak256(abi.encodePacked(hex"1901", c.lynToken.DOMAIN_SEPARATOR(), message))
        );
    }

    function _bidOf(Order memory order, uint32 id) private pure returns (uint128) {
        return uint128(uint256(keccak256(abi.encode(order.nonce, id))) % (order.maxPrice + 1));
    }

    function _isOpenBid(bytes32 jobId, uint32 id) private view returns (bool) {
        ISealedAuctions.BidStatus status = c.sealedAuctions.bidOf(jobId, id).status;
        return
            status == ISealedAuctions.BidStatus.Sealed
                || status == ISealedAuctions.BidStatus.Revealed;
    }

    function _outputs() private pure returns (IJobMarket.SmallOutput[] memory outputs) {
        outputs = new IJobMarket.SmallOutput[](1);
        outputs[0] = IJobMarket.SmallOutput(hex"010101000000" hex"00", hex"0000803f", false);
    }

    function _page(uint256 seed) private view returns (Order[] memory orders) {
        orders = new Order[](seed % 5);
        for (uint256 i = 0; i < orders.length; ++i) {
            orders[i] = _tracked[(seed >> (8 * i)) % _tracked.length].order;
        }
    }

    function _keyOf(bytes32 jobId) private view returns (address) {
        return c.stakeManager.hotKeyOf(c.jobMarket.jobOf(jobId).providerId);
    }

    function _owesCallback(uint256 at) private view returns (bool) {
        Tracked storage tracked = _tracked[at];
        return tracked.order.callback != address(0)
            && _status(tracked.jobId) == IJobMarket.Status.Settled
            && !c.callbacks.isDone(tracked.jobId);
    }

    function _findCallback(uint256 seed) private view returns (bool, uint256) {
        uint256 count = _tracked.length;
        for (uint256 i = 0; i < count; ++i) {
            uint256 at = (seed % count + i) % count;
            // Jobs of several steps have another result tree than one step's outputs.
            if (_owesCallback(at) && _tracked[at].order.steps == 1) return (true, at);
        }
        return (false, 0);
    }

    function _newest(IJobMarket.Status status) private view returns (bool, uint256) {
        for (uint256 at = _tracked.length; at > 0; --at) {
            if (_tracked[at - 1].last == status) return (true, at - 1);
        }
        return (false, 0);
    }

    function _find(uint256 seed, IJobMarket.Status status) private view returns (bool, uint256) {
        uint256 count = _tracked.length;
        for (uint256 i = 0; i < count; ++i) {
            uint256 at = (seed % count + i) % count;
            if (_tracked[at].last == status) return (true, at);
        }
        return (false, 0);
    }

    function _count(bytes32 name) private {
        ++calls[name];
    }

    function _onlyLock(bytes memory reason) private pure {
        bytes4 selector = bytes4(reason);
        if (
            selector == IStakeManager.StakeManager_Jailed.selector
                || selector == IStakeManager.StakeManager_InsufficientStake.selector
                || selector == ILedger.Ledger_InsufficientCommitted.selector
                || selector == IPriceOracle.PriceOracle_Unhealthy.selector // months pass
                || selector == IPriceOracle.PriceOracle_LynRateStale.selector
        ) return;
        // The lock window of an auction's order, and a job that came in by the ramp meanwhile.
        _only(
            reason,
            IJobMarket.JobMarket_LockClosed.selector,
            IJobMarket.JobMarket_WrongStatus.selector,
            IJobMarket.JobMarket_NonceUsed.selector
        );
    }

    /// @dev Anything but the named reasons fails the run.
    function _only(bytes memory reason, bytes4 a, bytes4 b, bytes4 d) private pure {
        bytes4 selector = bytes4(reason);
        if (reason.length >= 4 && (selector == a || selector == b || selector == d)) return;
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }

    function _holds(IJobMarket.Status status) private pure returns (bool) {
        return status == IJobMarket.Status.Locked || status == IJobMarket.Status.Delivered
            || status == IJobMarket.Status.Reopened;
    }

    function _trackAll() private {
        for (uint256 i = 0; i < _tracked.length; ++i) {
            _track(i);
        }
    }

    /// @dev MKT-2: compares the arrow that was taken with those that may be.
    function _track(uint256 at) private {
        Tracked storage tracked = _tracked[at];
        IJobMarket.Status from = tracked.last;
        IJobMarket.Status to = _status(tracked.jobId);
        if (from == to) return;
        bool allowed;
        if (from == IJobMarket.Status.Locked) {
            allowed = to == IJobMarket.Status.Delivered || to == IJobMarket.Status.Reopened
                || to == IJobMarket.Status.Refunded;
        } else if (from == IJobMarket.Status.Delivered) {
            allowed = to == IJobMarket.Status.Settled || to == IJobMarket.Status.Convicted
                || to == IJobMarket.Status.Reopened || to == IJobMarket.Status.Refunded;
        } else if (from == IJobMarket.Status.Reopened) {
            allowed = to == IJobMarket.Status.Locked || to == IJobMarket.Status.Refunded;
        }
        if (!allowed) arrowBroken = true;
        if (_holds(from) && !_holds(to)) ++tracked.exits;
        if (to == IJobMarket.Status.Settled) ++tracked.paid;
        tracked.last = to;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {IOffers} from "../../../contracts/interfaces/IOffers.sol";
import {IStakeManager} from "../../../contracts/interfaces/IStakeManager.sol";
import {ComputeOffer} from "../../../contracts/types/ComputeOffer.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Role} from "../../../contracts/types/Role.sol";
import {Actor} from "../../utils/Base.t.sol";
import {Wallet} from "../../utils/Wallets.sol";
import {Trading} from "../../utils/Trading.t.sol";

contract OffersTest is Trading {
    function _expect(ComputeOffer memory offer, Order memory order, bytes memory reason) private {
        bytes memory data = _fillData(hot, offer);
        vm.expectRevert(reason);
        vm.prank(requester.addr);
        c.jobMarket.lockFrom(address(c.offers), order, "", new bytes32[](0), data);
    }

    function _expectMismatch(ComputeOffer memory offer, Order memory order, bytes32 field) private {
        bytes32 offerId = c.offers.offerIdOf(offer);
        _expect(
            offer, order, abi.encodeWithSelector(IOffers.Offers_Mismatch.selector, offerId, field)
        );
    }

    // --- Filling ---

    function test_WhenTheRequesterFills() external {
        ComputeOffer memory offer = _offer();
        Order memory order = _order();
        bytes32 offerId = c.offers.offerIdOf(offer);
        bytes32 jobId = c.jobMarket.jobIdOf(order);
        vm.expectEmit(address(c.offers));
        emit IOffers.OfferFilled(offerId, jobId, providerId, 1);
        assertEq(_fill(offer, order), jobId);
        IJobMarket.Job memory job = c.jobMarket.jobOf(jobId);
        assertEq(job.price, 6e18);
        assertEq(job.providerId, providerId);
        assertEq(c.offers.filledOf(offerId), 1);
        assertEq(_reserved(providerId), COLLATERAL);
        assertEq(_committed(requester.addr), FUNDS - 6.7e18);
    }

    function test_WhenAnybodyFillsASignedOrder() external {
        ComputeOffer memory offer = _offer();
        Order memory order = _order();
        bytes memory signature = _sign(order);
        bytes memory data = _fillData(hot, offer);
        vm.prank(stranger.addr);
        bytes32 jobId =
            c.jobMarket.lockFrom(address(c.offers), order, signature, new bytes32[](0), data);
        _assertStatus(jobId, IJobMarket.Status.Locked);
    }

    /// @dev The whole life of a job that came from an offer.
    function test_WhenFilledThenPaid() external {
        ComputeOffer memory offer = _offer();
        Order memory order = _order();
        bytes32 jobId = _fill(offer, order);
        _deliver(jobId);
        _passWindow();
        c.jobMarket.settle(order);
        _assertStatus(jobId, IJobMarket.Status.Settled);
        assertEq(_free(owner.addr), 6e18 * 9_350 / 10_000);
    }

    /// @dev OFF-1: partial fills until nothing is left.
    function test_WhenFilledInParts() external {
        ComputeOffer memory offer = _offer();
        offer.capacity = 5;
        offer.pricePerStep = 1e18;
        bytes32 offerId = c.offers.offerIdOf(offer);
        for (uint32 steps = 1; steps <= 2; ++steps) {
            Order memory order = _order();
            order.steps = 2;
            _fill(offer, order);
            assertEq(c.offers.filledOf(offerId), 2 * steps);
        }
        Order memory tooMuch = _order();
        tooMuch.steps = 2;
        _expect(
            offer,
            tooMuch,
            abi.encodeWithSelector(IOffers.Offers_CapacityExceeded.selector, offerId, 2, 1)
        );
        tooMuch.steps = 1;
        _fill(offer, tooMuch);
        assertEq(c.offers.filledOf(offerId), 5);
    }

    function testFuzz_OFF1_NeverMoreThanTheCapacity(uint64 capacity, uint32[8] calldata steps)
        external
    {
        ComputeOffer memory offer = _offer();
        offer.capacity = capacity;
        offer.pricePerStep = 0;
        uint256 filled;
        for (uint256 i = 0; i < 8; ++i) {
            Order memory order = _order();
            order.steps = uint32(bound(steps[i], 1, type(uint32).max));
            bytes memory data = _fillData(hot, offer);
            vm.prank(requester.addr);
            try c.jobMarket.lockFrom(address(c.offers), order, "", new bytes32[](0), data) {
                filled += order.steps;
            } catch {}
            assertLe(filled, capacity);
        }
        assertEq(c.offers.filledOf(c.offers.offerIdOf(offer)), filled);
    }

    // --- What the provider signed (OFF-2) ---

    function test_RevertWhen_TheOrderIsNotWhatWasOffered() external {
        ComputeOffer memory offer = _offer();
        Order memory order = _order();
        offer.models = keccak256("another");
        _expectMismatch(offer, order, "modelId");
        offer = _offer();
        offer.payToken = address(1);
        _expectMismatch(offer, order, "payToken");
        offer = _offer();
        offer.currency = 1;
        _expectMismatch(offer, order, "currency");
        offer = _offer();
        offer.class = 1;
        _expectMismatch(offer, order, "class");
        offer = _offer();
        offer.maxCollateral = COLLATERAL - 1;
        _expectMismatch(offer, order, "collateral");
        offer = _offer();
        offer.minDeliver = 7;
        _expectMismatch(offer, order, "deliverDuration");
        offer = _offer();
        offer.millisPerStep = 4_000;
        order.steps = 2; // 2 + 8 seconds, of 6
        _expectMismatch(offer, order, "deliverDuration");
        order.steps = 1;
        offer = _offer();
        offer.requester = stranger.addr;
        _expectMismatch(offer, order, "requester");
        offer = _offer();
        offer.inputRoot = keccak256("another");
        _expectMismatch(offer, order, "inputRoot");
    }

    function test_WhenTheOfferNamesASetOfModels() external {
        bytes32 other = keccak256("another model");
        (bytes32 left, bytes32 right) = (_setLeaf(modelId), _setLeaf(other));
        ComputeOffer memory offer = _offer();
        offer.models = _pair(left, right);
        Order memory order = _order();
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = right;
        bytes memory data = abi.encode(offer, proof, _signOffer(hot, offer));
        vm.prank(requester.addr);
        c.jobMarket.lockFrom(address(c.offers), order, "", new bytes32[](0), data);
        order = _order();
        _expectMismatch(offer, order, "modelId"); // without the proof
    }

    /// @dev Class 5: good in [.., expiry).
    function test_RevertWhen_TheOfferHasExpired() external {
        ComputeOffer memory offer = _offer();
        offer.expiry = uint40(block.timestamp) + 10;
        skip(9);
        _fill(offer, _order());
        skip(1);
        bytes32 offerId = c.offers.offerIdOf(offer);
        _expect(
            offer,
            _order(),
            abi.encodeWithSelector(IOffers.Offers_Expired.selector, offerId, offer.expiry)
        );
    }

    function test_RevertWhen_ThePriceIsAboveTheOrdersMaximum() external {
        ComputeOffer memory offer = _offer();
        offer.pricePerStep = 15e18 + 1;
        Order memory order = _order();
        _expect(
            offer,
            order,
            abi.encodeWithSelector(
                IJobMarket.JobMarket_BadOrder.selector,
                c.jobMarket.jobIdOf(order),
                bytes32("maxPrice")
            )
        );
    }

    // --- Signatures (OFF-3, classes 6 and 7) ---

    function test_RevertWhen_AnotherSigned() external {
        ComputeOffer memory offer = _offer();
        bytes32 offerId = c.offers.offerIdOf(offer);
        bytes memory reason =
            abi.encodeWithSelector(IOffers.Offers_BadSignature.selector, offerId, hot.addr);
        Actor[2] memory others = [otherHot, stranger];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory data = _fillData(others[i], offer);
            Order memory order = _order();
            vm.expectRevert(reason);
            vm.prank(requester.addr);
            c.jobMarket.lockFrom(address(c.offers), order, "", new bytes32[](0), data);
        }
    }

    function test_RevertGiven_TheHotKeyWasRotated() external {
        ComputeOffer memory offer = _offer();
        Actor memory fresh = _actor("fresh");
        bytes memory consent = _consent(fresh, owner.addr, Role.Provider);
        vm.prank(owner.addr);
        c.stakeManager.rotateHotKey(providerId, fresh.addr, consent);
        bytes32 offerId = c.offers.offerIdOf(offer);
        _expect(
            offer,
            _order(),
            abi.encodeWithSelector(IOffers.Offers_BadSignature.selector, offerId, fresh.addr)
        );
    }

    function test_WhenTheHotKeyIsAContract() external {
        Wallet wallet = new Wallet(hot.addr);
        bytes memory consent = _consent(hot, owner.addr, Role.Provider);
        vm.prank(owner.addr);
        c.stakeManager.rotateHotKey(providerId, address(wallet), consent);
        _fill(_offer(), _order());
    }

    function test_RevertWhen_TheOfferIsOfAnotherChain() external {
        ComputeOffer memory offer = _offer();
        bytes memory data = _fillData(hot, offer);
        Order memory order = _order();
        vm.chainId(10);
        vm.expectRevert();
        vm.prank(requester.addr);
        c.jobMarket.lockFrom(address(c.offers), order, "", new bytes32[](0), data);
    }

    function test_RevertGiven_TheOfferWasCancelled() external {
        ComputeOffer memory offer = _offer();
        bytes32 offerId = c.offers.offerIdOf(offer);
        vm.expectEmit(address(c.offers));
        emit IOffers.OfferCancelled(offerId, providerId);
        vm.prank(hot.addr);
        c.offers.cancel(offer);
        _expect(
            offer,
            _order(),
            abi.encodeWithSelector(IOffers.Offers_CapacityExceeded.selector, offerId, 1, 0)
        );
        offer.capacity = type(uint64).max; // nor one that takes everything
        vm.prank(owner.addr);
        c.offers.cancel(offer);
        offerId = c.offers.offerIdOf(offer);
        _expect(
            offer,
            _order(),
            abi.encodeWithSelector(IOffers.Offers_CapacityExceeded.selector, offerId, 1, 0)
        );
    }

    function test_RevertWhen_AStrangerCancels() external {
        ComputeOffer memory offer = _offer();
        vm.expectRevert(
            abi.encodeWithSelector(IOffers.Offers_NotProvider.selector, otherHot.addr, providerId)
        );
        vm.prank(otherHot.addr);
        c.offers.cancel(offer);
    }

    function test_RevertWhen_AStrangerTakes() external {
        Order memory order = _order();
        bytes memory data = _fillData(hot, _offer());
        vm.expectRevert(abi.encodeWithSelector(IOffers.Offers_NotMarket.selector, stranger.addr));
        vm.prank(stranger.addr);
        c.offers.take(0, order, data);
    }

    // --- Unseen inputs (D6) ---

    /// @dev A stranger fills with an input that nobody can get: the provider gives it back unharmed.
    function test_WhenTheInputIsWithheld() external {
        ComputeOffer memory offer = _offer();
        offer.inputRoot = 0;
        Order memory order = _order();
        order.inputRoot = keccak256("withheld");
        _fill(offer, order);
        skip(2);
        vm.prank(hot.addr);
        c.jobMarket.decline(order);
        assertEq(_stakeOf(providerId), STAKE);
        assertEq(_reserved(providerId), 0);
        skip(30);
        c.jobMarket.refund(order);
        assertEq(_committed(requester.addr) + _free(requester.addr), FUNDS);
    }

    function test_RevertWhen_ASeenInputIsDeclined() external {
        ComputeOffer memory offer = _offer();
        Order memory order = _order();
        offer.inputRoot = order.inputRoot;
        bytes32 jobId = _fill(offer, order);
        vm.expectRevert(abi.encodeWithSelector(IJobMarket.JobMarket_NotDeclinable.selector, jobId));
        vm.prank(hot.addr);
        c.jobMarket.decline(order);
    }

    function test_WhenAnOfferIsAnnounced() external {
        ComputeOffer memory offer = _offer();
        bytes memory signature = _signOffer(hot, offer);
        vm.expectEmit(address(c.offers));
        emit IOffers.OfferAnnounced(c.offers.offerIdOf(offer), providerId, offer, signature);
        c.offers.announce(offer, signature);
    }

    /// @dev The struct hash against the compiler's own encoding.
    function test_TheIdIsTheEip712Hash() external {
        ComputeOffer memory offer = _offer();
        bytes32 typehash = keccak256(
            "ComputeOffer(uint32 providerId,bytes32 models,address payToken,uint8 currency,uint128 pricePerStep,uint8 class,uint64 capacity,uint96 maxCollateral,uint32 minDeliver,uint32 millisPerStep,address requester,bytes32 inputRoot,uint40 expiry,uint256 nonce)"
        );
        bytes32 structHash = keccak256(abi.encode(typehash, offer));
        assertEq(
            c.offers.offerIdOf(offer),
            keccak256(abi.encodePacked(hex"1901", c.offers.DOMAIN_SEPARATOR(), structHash))
        );
    }

    function test_RevertGiven_TheProviderIsShortOfStake() external {
        ComputeOffer memory offer = _offer();
        offer.maxCollateral = type(uint96).max;
        Order memory order = _order();
        order.collateral = STAKE + 1;
        _expect(
            offer,
            order,
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector, providerId, STAKE + 1, STAKE
            )
        );
    }
}

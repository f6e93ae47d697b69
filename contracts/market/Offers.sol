// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IEntrance} from "../interfaces/IEntrance.sol";
import {IOffers} from "../interfaces/IOffers.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {SetProof} from "../libraries/SetProof.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {ComputeOffer} from "../types/ComputeOffer.sol";
import {Order} from "../types/Order.sol";
import {OfferHash} from "./OfferHash.sol";

/// @title Offers
/// @dev TRUST: JobMarket, to ask only for orders that their requesters want. No owner. TOKENS: none. LIVENESS: nothing pauses it.
/// ROUNDING: the time that steps need, down to seconds. CLOCKS: block time; an offer is good in [.., expiry).
/// PROPERTIES: OFF-1, OFF-2, OFF-3.
contract Offers is IOffers, EIP712 {
    using SafeCast for uint256;

    /// @dev What `data` of `lockFrom` encodes.
    struct Fill {
        ComputeOffer offer;
        bytes32[] modelProof;
        bytes signature;
    }

    uint64 private constant CANCELLED = type(uint64).max;

    /// @notice Asks for the fills.
    address public immutable MARKET;

    /// @notice Knows the hot keys.
    IStakeManager public immutable STAKE;

    /// @inheritdoc IOffers
    mapping(bytes32 offerId => uint64) public filledOf;

    constructor(address market, IStakeManager stakeManager) EIP712("Lynode Offers", "1") {
        MARKET = market;
        STAKE = stakeManager;
    }

    /// @inheritdoc IEntrance
    function take(bytes32 jobId, Order calldata order, bytes calldata data)
        external
        returns (address hotKey, uint128 price, bool declinable)
    {
        require(msg.sender == MARKET, Offers_NotMarket(msg.sender));
        Fill calldata fill = _fillIn(data);
        ComputeOffer calldata offer = fill.offer;
        bytes32 offerId = offerIdOf(offer);
        _check(offerId, offer, order, fill.modelProof); // OFF-2
        hotKey = _signerOf(offerId, offer.providerId, fill.signature); // OFF-3
        price = (uint256(offer.pricePerStep) * order.steps).toUint128();
        declinable = offer.inputRoot == 0; // D6

        uint64 filled = filledOf[offerId];
        uint64 capacity = offer.capacity;
        uint64 left = filled < capacity ? capacity - filled : 0;
        require(order.steps <= left, Offers_CapacityExceeded(offerId, order.steps, left)); // OFF-1
        filled += order.steps;
        filledOf[offerId] = filled;
        emit OfferFilled(offerId, jobId, offer.providerId, filled);
    }

    /// @inheritdoc IOffers
    function announce(ComputeOffer calldata offer, bytes calldata signature) external {
        emit OfferAnnounced(offerIdOf(offer), offer.providerId, offer, signature);
    }

    /// @inheritdoc IOffers
    function cancel(ComputeOffer calldata offer) external {
        uint32 providerId = offer.providerId;
        require(
            msg.sender == STAKE.hotKeyOf(providerId) || msg.sender == STAKE.ownerOf(providerId),
            Offers_NotProvider(msg.sender, providerId)
        );
        bytes32 offerId = offerIdOf(offer);
        filledOf[offerId] = CANCELLED; // OFF-3
        emit OfferCancelled(offerId, providerId);
    }

    /// @inheritdoc IOffers
    function offerIdOf(ComputeOffer calldata offer) public view returns (bytes32) {
        return _hashTypedDataV4(OfferHash.structHash(offer));
    }

    /// @inheritdoc IOffers
    // forge-lint: disable-next-line(mixed-case-function)
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    function _check(
        bytes32 offerId,
        ComputeOffer calldata offer,
        Order calldata order,
        bytes32[] calldata modelProof
    ) private view {
        uint40 expiry = offer.expiry;
        require(block.timestamp < expiry, Offers_Expired(offerId, expiry));
        bytes32 modelId = order.modelId;
        require(
            offer.models == modelId || SetProof.contains(offer.models, modelId, modelProof),
            Offers_Mismatch(offerId, "modelId")
        );
        require(offer.payToken == order.payToken, Offers_Mismatch(offerId, "payToken"));
        require(offer.currency == order.currency, Offers_Mismatch(offerId, "currency"));
        require(offer.class == order.class, Offers_Mismatch(offerId, "class"));
        require(order.collateral <= offer.maxCollateral, Offers_Mismatch(offerId, "collateral"));
        uint256 needed = offer.minDeliver + uint256(offer.millisPerStep) * order.steps / 1_000;
        require(order.deliverDuration >= needed, Offers_Mismatch(offerId, "deliverDuration"));
        address requester = offer.requester;
        require(
            requester == address(0) || requester == order.requester,
            Offers_Mismatch(offerId, "requester")
        );
        bytes32 inputRoot = offer.inputRoot;
        require(
            inputRoot == 0 || inputRoot == order.inputRoot, Offers_Mismatch(offerId, "inputRoot")
        ); // D6
    }

    /// @dev The provider's hot key of now, if it signed: a key that has been rotated away is nobody's.
    function _signerOf(bytes32 offerId, uint32 providerId, bytes calldata signature)
        private
        view
        returns (address hotKey)
    {
        ECDSA.RecoverError problem;
        (hotKey, problem,) = ECDSA.tryRecoverCalldata(offerId, signature);
        if (problem == ECDSA.RecoverError.NoError && STAKE.providerIdOf(hotKey) == providerId) {
            return hotKey;
        }
        // A hot key that is a contract (ERC-1271).
        hotKey = STAKE.hotKeyOf(providerId);
        require(
            Signatures.isValid(hotKey, offerId, signature), Offers_BadSignature(offerId, hotKey)
        );
    }

    /// @dev SAFETY: the compiler checks each offset and length against the calldata when a member is read; what is read counts only if it is signed.
    function _fillIn(bytes calldata data) private pure returns (Fill calldata fill) {
        assembly ("memory-safe") {
            fill := data.offset
        }
    }
}

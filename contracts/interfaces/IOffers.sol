// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ComputeOffer} from "../types/ComputeOffer.sol";
import {IEntrance} from "./IEntrance.sol";

/// @title IOffers
/// @notice Standing offers of providers. `JobMarket.lockFrom(offers, order, signature, allowed, data)` fills one in one transaction,
/// `data = abi.encode(ComputeOffer offer, bytes32[] modelProof, bytes offerSignature)`.
/// @dev Properties: OFF-1 the fills of an offer never exceed its capacity; OFF-2 nothing but what the provider signed is locked under it; OFF-3 a cancelled offer, and one of a rotated hot key,
/// is void.
interface IOffers is IEntrance {
    error Offers_NotMarket(address caller);
    error Offers_NotProvider(address caller, uint32 providerId);
    error Offers_BadSignature(bytes32 offerId, address hotKey);
    error Offers_Expired(bytes32 offerId, uint40 expiry);
    error Offers_CapacityExceeded(bytes32 offerId, uint256 steps, uint256 left);
    /// @param field The first field of the order that the offer does not allow.
    error Offers_Mismatch(bytes32 offerId, bytes32 field);

    event OfferFilled(
        bytes32 indexed offerId, bytes32 indexed jobId, uint32 indexed providerId, uint64 filled
    );
    event OfferCancelled(bytes32 indexed offerId, uint32 indexed providerId);
    event OfferAnnounced(
        bytes32 indexed offerId, uint32 indexed providerId, ComputeOffer offer, bytes signature
    );

    /// @notice Announces a signed offer on chain; an event only, nothing is stored or checked.
    function announce(ComputeOffer calldata offer, bytes calldata signature) external;
    /// @notice Voids an offer for good. Only the provider's hot key or owner.
    function cancel(ComputeOffer calldata offer) external;

    /// @notice The EIP-712 hash of an offer.
    function offerIdOf(ComputeOffer calldata offer) external view returns (bytes32);
    /// @notice Steps that fills have taken; all bits set after `cancel`.
    function filledOf(bytes32 offerId) external view returns (uint64);
    function DOMAIN_SEPARATOR() external view returns (bytes32);
}

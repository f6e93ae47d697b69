// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ComputeOffer} from "../../contracts/types/ComputeOffer.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Actor, Base} from "./Base.t.sol";

/// @title Trading
/// @notice Base, and what the other ways in need: offers, bids, sets.
abstract contract Trading is Base {
    // --- Offers ---

    /// @dev Of the first provider, for whatever `_order` asks.
    function _offer() internal returns (ComputeOffer memory offer) {
        offer.providerId = providerId;
        offer.models = modelId;
        offer.payToken = lyn;
        offer.pricePerStep = 6e18;
        offer.class = 2;
        offer.capacity = 100;
        offer.maxCollateral = COLLATERAL;
        offer.minDeliver = 2;
        offer.millisPerStep = 1_000;
        offer.inputRoot = keccak256("input");
        offer.expiry = uint40(block.timestamp) + 1 hours;
        offer.nonce = nextNonce++;
    }

    function _signOffer(Actor memory by, ComputeOffer memory offer)
        internal
        view
        returns (bytes memory)
    {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(by.key, c.offers.offerIdOf(offer));
        return abi.encodePacked(r, s, v);
    }

    function _fillData(Actor memory by, ComputeOffer memory offer)
        internal
        view
        returns (bytes memory)
    {
        return abi.encode(offer, new bytes32[](0), _signOffer(by, offer));
    }

    /// @dev The requester itself fills.
    function _fill(ComputeOffer memory offer, Order memory order) internal returns (bytes32) {
        bytes memory data = _fillData(hot, offer);
        vm.prank(requester.addr);
        return c.jobMarket.lockFrom(address(c.offers), order, "", new bytes32[](0), data);
    }

    // --- Sealed auctions ---

    /// @dev An order whose ramp starts after the auction.
    function _sealedOrder() internal returns (Order memory order) {
        order = _order();
        order.rampStart = uint40(block.timestamp) + 20;
        order.minPrice = 0;
    }

    function _commitment(Order memory order, uint32 id, uint128 price, bytes32 salt)
        internal
        view
        returns (bytes32)
    {
        bytes32 jobId = c.jobMarket.jobIdOf(order);
        return keccak256(abi.encode(block.chainid, jobId, id, price, salt));
    }

    function _openAuction(Order memory order) internal returns (bytes32 jobId) {
        uint40 commitEnd = uint40(block.timestamp) + 10;
        vm.prank(order.requester);
        return c.sealedAuctions.open(order, commitEnd, commitEnd + 10);
    }

    function _bid(Order memory order, Actor memory by, uint128 price) internal {
        uint32 id = c.stakeManager.providerIdOf(by.addr);
        bytes32 commitment = _commitment(order, id, price, "salt");
        vm.prank(by.addr);
        c.sealedAuctions.bid(order, commitment, new bytes32[](0));
    }

    function _reveal(Order memory order, Actor memory by, uint128 price) internal {
        c.sealedAuctions.reveal(order, c.stakeManager.providerIdOf(by.addr), price, "salt");
    }

    function _lockWinner(Order memory order, bytes memory signature) internal returns (bytes32) {
        return
            c.jobMarket.lockFrom(address(c.sealedAuctions), order, signature, new bytes32[](0), "");
    }

    // --- Sets ---

    function _setLeaf(bytes32 member) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(member))));
    }

    function _providerLeaf(uint32 id) internal pure returns (bytes32) {
        return _setLeaf(bytes32(uint256(id)));
    }

    function _pair(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    function _one(bytes32 member) internal pure returns (bytes32[] memory proof) {
        proof = new bytes32[](1);
        proof[0] = member;
    }
}

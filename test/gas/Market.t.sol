// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {MockV3Aggregator} from "@chainlink/contracts/src/v0.8/shared/mocks/MockV3Aggregator.sol";

import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {ComputeOffer} from "../../contracts/types/ComputeOffer.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Actor} from "../utils/Base.t.sol";
import {PlainToken} from "../utils/HostileTokens.sol";
import {Trading} from "../utils/Trading.t.sol";

/// @notice Gas of whole transactions of the other ways in, against the targets of RULES G; as test/gas/Lifecycle.t.sol.
/// forge-config: default.isolate = true
contract MarketGasTest is Trading {
    PlainToken private token;

    function setUp() public override {
        super.setUp();
        token = new PlainToken(6);
        c.priceOracle
            .setFeeds(
                address(token),
                IPriceOracle.Feeds(
                    AggregatorV3Interface(address(new MockV3Aggregator(8, 1e8))),
                    AggregatorV3Interface(address(new MockV3Aggregator(8, 1e8))),
                    1 hours,
                    100
                )
            );
        c.ledger.allowToken(address(token));
        c.parameters.listToken(address(token), 0);
        c.parameters.publish();
        token.mint(requester.addr, 1_000e6);
        vm.startPrank(requester.addr);
        token.approve(address(c.ledger), type(uint256).max);
        c.ledger.depositCommitted(address(token), 1_000e6);
        vm.stopPrank();
        Actor[3] memory actors = [requester, hot, otherHot];
        for (uint256 i = 0; i < 3; ++i) {
            _fund(actors[i].addr, 100e18);
            vm.prank(actors[i].addr);
            c.ledger.deposit(lyn, actors[i].addr, 100e18);
        }
        // The first job of everybody.
        (Order memory order,) = _delivered();
        _passWindow();
        vm.prank(stranger.addr);
        c.jobMarket.settle(order);
    }

    function _record(string memory name, uint256 target) private {
        uint256 used = vm.snapshotGasLastCall("ways", name);
        assertLe(used, target, name);
    }

    // --- Dollars ---

    function _inDollars() private returns (Order memory order) {
        order = _order();
        order.currency = 1;
        order.minPrice = 0.5e18;
        order.maxPrice = 1e18;
    }

    function test_lockInDollarsFromCache() external {
        c.priceOracle.poke(lyn);
        _lock(_inDollars());
        _record("lock, dollars from cache", 118_000);
    }

    function test_lockInDollarsLive() external {
        _lock(_inDollars());
        _record("lock, dollars from live feeds", 150_000);
    }

    /// @dev A stablecoin: also asks what it is worth in LYN.
    function test_lockInDollarsOfAToken() external {
        c.priceOracle.poke(address(token));
        Order memory order = _inDollars();
        order.payToken = address(token);
        order.verificationFee = 0;
        order.tip = 0;
        order.minPrice = 2e18;
        order.maxPrice = 2e18;
        _lock(order);
        vm.snapshotGasLastCall("ways", "lock, dollars from cache, in a token");
    }

    function test_poke() external {
        c.priceOracle.poke(address(token));
        skip(1);
        c.priceOracle.poke(address(token));
        vm.snapshotGasLastCall("ways", "poke");
    }

    // --- Offers ---

    function test_lockWithOffer() external {
        ComputeOffer memory offer = _offer();
        _fill(offer, _order());
        _record("lockWithOffer, first fill", 155_000);
        _fill(offer, _order());
        _record("lockWithOffer, next fill", 138_000);
    }

    function test_cancelOffer() external {
        ComputeOffer memory offer = _offer();
        vm.prank(hot.addr);
        c.offers.cancel(offer);
        vm.snapshotGasLastCall("ways", "cancel an offer");
    }

    function test_decline() external {
        ComputeOffer memory offer = _offer();
        offer.inputRoot = 0;
        Order memory order = _order();
        _fill(offer, order);
        vm.prank(hot.addr);
        c.jobMarket.decline(order);
        vm.snapshotGasLastCall("ways", "decline, re-opens");
    }

    // --- Named providers, batches ---

    function test_lockAllowed() external {
        Order memory order = _order();
        order.allowedRoot = _pair(_providerLeaf(providerId), _providerLeaf(9));
        bytes memory signature = _sign(order);
        vm.prank(hot.addr);
        c.jobMarket.lockAllowed(order, signature, _one(_providerLeaf(9)));
        vm.snapshotGasLastCall("ways", "lock, one of two providers");
    }

    function test_lockShard() external {
        Order memory order = _order();
        bytes32 other = keccak256("other");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            requester.key, c.marketLens.batchIdOf(_pair(c.jobMarket.jobIdOf(order), other), 2)
        );
        bytes memory signature = abi.encodePacked(
            abi.encode(uint32(2), _one(other), abi.encodePacked(r, s, v)),
            keccak256("Lynode OrderBatch shard")
        );
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
        vm.snapshotGasLastCall("ways", "lock, one of two shards");
    }

    // --- Sealed auctions ---

    function test_sealedAuction() external {
        Order memory order = _sealedOrder();
        bytes memory signature = _sign(order);
        _openAuction(order);
        vm.snapshotGasLastCall("ways", "open an auction");
        _bid(order, hot, 9e18);
        vm.snapshotGasLastCall("ways", "bid");
        _bid(order, otherHot, 8e18);
        skip(10);
        _reveal(order, hot, 9e18);
        vm.snapshotGasLastCall("ways", "reveal, first");
        _reveal(order, otherHot, 8e18);
        vm.snapshotGasLastCall("ways", "reveal, better");
        skip(10);
        _lockWinner(order, signature);
        vm.snapshotGasLastCall("ways", "lock the winner");
        c.sealedAuctions.closeBid(order, providerId);
        vm.snapshotGasLastCall("ways", "close a bid");
    }

    // --- RULES G: a job as a whole ---

    function test_wholeJob() external {
        Order memory order = _order();
        order.tip = 0;
        order.modelId = c.modelRegistry.register(_header("plain"), 0, 3);
        bytes32 jobId = _lock(order);
        uint256 used = vm.lastCallGas().gasTotalUsed;
        _deliver(jobId);
        used += vm.lastCallGas().gasTotalUsed;
        _passWindow();
        vm.prank(stranger.addr);
        c.jobMarket.settle(order);
        used += vm.lastCallGas().gasTotalUsed;
        vm.snapshotValue("ways", "lock + deliver + settle", used);
        assertLe(used, 250_000);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Order} from "../../contracts/types/Order.sol";
import {Base} from "../utils/Base.t.sol";

/// @notice Gas of whole transactions (21,000 and calldata included), each phase of a job, against the targets of RULES G.
/// @dev Isolated calls: every call of a test is a transaction of its own, with cold storage. "Steady" is what the second
/// and every later job of the same parties costs.
/// forge-config: default.isolate = true
contract LifecycleGasTest is Base {
    bytes32 private plainModelId;

    function setUp() public override {
        super.setUp();
        plainModelId = c.modelRegistry.register(_header("plain"), 0, 3);
        // The first job of everybody: accounts and nonce words exist from here on.
        (Order memory order,) = _delivered();
        _passWindow();
        vm.prank(stranger.addr);
        c.jobMarket.settle(order);
    }

    /// @dev No tip, and a model without a royalty.
    function _plainOrder() private returns (Order memory order) {
        order = _order();
        order.tip = 0;
        order.modelId = plainModelId;
    }

    function _record(string memory name, uint256 target) private {
        uint256 used = vm.snapshotGasLastCall("market", name);
        assertLe(used, target, name);
    }

    function test_lock() external {
        Order memory order = _order();
        _lock(order);
        _record("lock", 110_000);
    }

    function test_lockWithFreshNonceWord() external {
        Order memory order = _order();
        order.nonce = 1 << 40;
        _lock(order);
        _record("lock, fresh nonce word", 127_000);
    }

    function test_deliver() external {
        (, bytes32 jobId) = _locked();
        _deliver(jobId);
        _record("deliver", 60_000);
    }

    function test_settle() external {
        Order memory order = _plainOrder();
        _deliver(_lock(order));
        _passWindow();
        vm.prank(stranger.addr);
        c.jobMarket.settle(order);
        _record("settle", 85_000);
    }

    function test_settleWithTipAndRoyalty() external {
        (Order memory order,) = _delivered();
        _passWindow();
        vm.prank(stranger.addr);
        c.jobMarket.settle(order);
        vm.snapshotGasLastCall("market", "settle, with tip and royalty");
    }

    function test_settleMany() external {
        Order[] memory orders = new Order[](32);
        for (uint256 i = 0; i < 32; ++i) {
            orders[i] = _plainOrder();
            _deliver(_lock(orders[i]));
        }
        _passWindow();
        vm.prank(stranger.addr);
        c.jobMarket.settleMany(orders);
        _record("settle, 32 at once", 32 * 45_000);
    }

    function test_post() external {
        Order memory order = _order();
        vm.prank(requester.addr);
        c.jobMarket.post(order);
        _record("post", 70_000);
    }

    function test_announce() external {
        Order memory order = _order();
        bytes memory signature = _sign(order);
        vm.prank(requester.addr);
        c.jobMarket.announce(order, signature);
        _record("announce", 46_054); // Boundless' submit
    }

    function test_expireLock() external {
        (Order memory order,) = _locked();
        skip(6);
        vm.prank(stranger.addr);
        c.jobMarket.expireLock(order);
        vm.snapshotGasLastCall("market", "expireLock, re-opens");
    }

    function test_relock() external {
        (Order memory order,) = _locked();
        skip(6);
        c.jobMarket.expireLock(order);
        _relock(order, otherHot);
        _record("lock, after a re-opening", 110_000);
    }

    function test_depositCommitted() external {
        _fund(stranger.addr, 10e18);
        vm.startPrank(stranger.addr);
        c.ledger.depositCommitted(lyn, 5e18);
        vm.snapshotGasLastCall("market", "depositCommitted, first");
        c.ledger.depositCommitted(lyn, 5e18);
        vm.snapshotGasLastCall("market", "depositCommitted, again");
    }

    function test_withdraw() external {
        vm.prank(owner.addr);
        c.ledger.withdraw(lyn, 1e18, owner.addr);
        vm.snapshotGasLastCall("market", "withdraw");
    }

    function test_distribute() external {
        c.feeSink.distribute(lyn);
        vm.snapshotGasLastCall("market", "distribute fees");
    }
}

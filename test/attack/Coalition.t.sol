// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDisputes} from "../../contracts/interfaces/IDisputes.sol";
import {FraudProof} from "../../contracts/types/FraudProof.sol";
import {Order} from "../../contracts/types/Order.sol";
import {CarriedJob} from "../utils/CarriedJob.t.sol";

/// @notice Class 21, D1: provider, prover, askers and even the requester together never earn by a dispute among themselves.
/// forge-config: default.fuzz.runs = 32
contract CoalitionAttackTest is CarriedJob {
    address internal asker;
    address internal prover;

    function setUp() public override {
        super.setUp();
        asker = makeAddr("asker");
        prover = makeAddr("prover");
        for (uint256 i; i < 2; ++i) {
            address friend = i == 0 ? asker : prover;
            _fund(friend, 100_000e18);
            vm.prank(friend);
            c.ledger.deposit(lyn, friend, 100_000e18);
        }
    }

    /// @dev What the coalition owns: wallets, accounts and stake.
    function _wealth() internal view returns (uint256 total) {
        address[4] memory members = [requester.addr, owner.addr, asker, prover];
        for (uint256 i; i < members.length; ++i) {
            total += c.lynToken.balanceOf(members[i]) + _free(members[i]) + _committed(members[i]);
        }
        total += _stakeOf(providerId) + _stakeOf(otherProviderId);
    }

    function testFuzz_ConvictingOneselfLosesSixTenths(
        uint96 collateral,
        uint8 demands,
        bool withhold,
        bool late,
        bool claims
    ) public {
        collateral = uint96(bound(collateral, 500e18, STAKE));
        uint256 before = _wealth();
        Order memory order = _order();
        order.collateral = collateral;
        _set(1, Y, 0, _float(1));
        bytes32 jobId = _lock(order);
        _deliver(jobId);

        bytes32[] memory ids = new bytes32[](demands % 3 + 1);
        for (uint32 i; i < ids.length; ++i) {
            ids[i] = _demandAs(asker, order, _traceRequest((i + 1) % STEPS));
        }
        if (withhold) {
            skip(30);
            vm.prank(prover);
            c.demands.expireDemand(order, ids[0]);
        } else {
            _answerTrace(order, ids[0], 1);
            FraudProof memory proof = _proof(1, LAST, 0);
            _commitProof(prover, order, proof);
            if (late) _commitProof(asker, order, proof);
            _nextBlock();
            _prove(prover, order, proof);
            if (late) _prove(asker, order, proof);
        }
        for (uint256 i; claims && i < ids.length; ++i) {
            c.demands.claimBond(ids[i]);
        }
        assertLe(_wealth() + uint256(collateral) * 6 / 10, before);
    }

    // --- With delegation: whoever colludes with the provider, delegators or not, the coalition loses; and who does not take part loses no more than it agreed to. ---

    /// @dev Who colludes: bits of the requester, asker, prover, delegator and verifier; the provider's owner always does.
    struct Case {
        uint8 colluders;
        uint96 selfStake;
        uint96 lent;
        uint96 collateral;
        uint16 floorBps;
        bool withhold;
        bool late;
        bool thaws;
    }

    function _wealthOf(address member) private view returns (uint256 total) {
        total = c.lynToken.balanceOf(member) + _free(member) + _committed(member);
        (, uint96 lent, uint96 rewards) = c.stakeManager.memberOf(providerId, 1, member);
        total += lent + rewards;
    }

    function _coalition(Case memory play, address delegator, uint256 thawId)
        private
        view
        returns (uint256 total)
    {
        total = _wealthOf(owner.addr) + _stakeOf(providerId) + _stakeOf(otherProviderId);
        if (play.colluders & 1 != 0) total += _wealthOf(requester.addr);
        if (play.colluders & 2 != 0) total += _wealthOf(asker);
        if (play.colluders & 4 != 0) total += _wealthOf(prover);
        if (play.colluders & 8 != 0) {
            (, uint96 thawing) = c.stakeManager.thawOf(thawId);
            total += _wealthOf(delegator) + thawing;
        }
        if (play.colluders & 16 != 0) total += _wealthOf(stranger.addr);
    }

    function testFuzz_NoCoalitionProfits(Case memory play) public {
        address delegator = makeAddr("delegator");
        play.selfStake = uint96(bound(play.selfStake, 1_000e18, STAKE));
        play.lent = uint96(bound(play.lent, 1e18, 20 * uint256(STAKE)));
        play.floorBps = uint16(bound(play.floorBps, 0, 9_000));
        _fund(delegator, play.lent);
        _fund(stranger.addr, 1_000e18);
        vm.startPrank(owner.addr);
        c.stakeManager.openPool(providerId, play.floorBps, 3_000);
        if (play.selfStake < STAKE) {
            c.stakeManager.requestThaw(providerId, STAKE - play.selfStake);
            skip(2 minutes);
            c.stakeManager.withdraw(providerId, STAKE - play.selfStake, owner.addr);
        }
        vm.stopPrank();
        vm.prank(delegator);
        uint112 shares = c.stakeManager.delegate(providerId, 1, play.lent);
        uint256 capacity = c.stakeManager.providerOf(providerId).capacity;
        play.collateral = uint96(bound(play.collateral, 500e18, capacity));

        Order memory order = _order();
        order.collateral = play.collateral;
        _set(1, Y, 0, _float(1));
        uint256 thawId;
        uint256 before = _coalition(play, delegator, 0);
        bytes32 jobId = _lock(order);
        if (play.thaws) {
            vm.prank(delegator);
            thawId = c.stakeManager.undelegate(providerId, 1, shares);
        }
        _deliver(jobId);
        uint256 supply = c.lynToken.totalSupply();
        _convictSelf(order, play);
        assertLe(_coalition(play, delegator, thawId), before, "the coalition does not profit");
        uint96 selfPart = play.collateral < play.selfStake ? play.collateral : play.selfStake;
        assertGe(
            supply - c.lynToken.totalSupply(),
            play.collateral - uint256(selfPart) * 4 / 10,
            "all delegated stake that is slashed is burnt"
        );
        (, uint96 left,) = c.stakeManager.memberOf(providerId, 1, delegator);
        (, uint96 thawing) = c.stakeManager.thawOf(thawId);
        assertGe(
            uint256(left) + thawing + 2,
            uint256(play.lent) * play.floorBps / 10_000,
            "delegators keep what they agreed on"
        );
    }

    /// @dev The provider's own friends ask, prove, and prove late.
    function _convictSelf(Order memory order, Case memory play) private {
        bytes32 id = _demandAs(asker, order, _traceRequest(1));
        if (play.withhold) {
            skip(30);
            vm.prank(play.colluders & 16 != 0 ? stranger.addr : prover);
            c.demands.expireDemand(order, id);
        } else {
            _answerTrace(order, id, 1);
            FraudProof memory proof = _proof(1, LAST, 0);
            _commitProof(prover, order, proof);
            if (play.late) _commitProof(asker, order, proof);
            _nextBlock();
            _prove(prover, order, proof);
            if (play.late) _prove(asker, order, proof);
        }
        c.demands.claimBond(id);
    }

    /// Asking oneself is never free: at least half of each bond's work part is burnt.
    function testFuzz_AskingOneselfIsNeverFree(uint8 demands) public {
        Order memory order = _order();
        bytes32 jobId = _lock(order);
        _deliver(jobId);
        uint256 before = _wealth();
        bytes32[] memory ids = new bytes32[](demands % STEPS + 1);
        for (uint32 i; i < ids.length; ++i) {
            ids[i] = _demandAs(asker, order, _traceRequest(i));
            _answerTrace(order, ids[i], i);
        }
        skip(60);
        uint256 price = _wealth();
        c.jobMarket.settle(order);
        price = _wealth() - price; // the job itself
        for (uint256 i; i < ids.length; ++i) {
            c.demands.claimBond(ids[i]);
        }
        assertLe(_wealth() + ids.length * 2.5e18, before + price);
    }

    /// A friend's demands cannot soak up what the honest prover is due: its gas and bounty come first, and the friends get their gas at most.
    function test_FriendsCannotDiluteTheProver() public {
        _set(1, Y, 0, _float(1));
        (Order memory order,) = _delivered();
        for (uint32 i; i < 6; ++i) {
            address friend = address(uint160(1_000 + i));
            _fund(friend, 100e18);
            vm.prank(friend);
            c.ledger.deposit(lyn, friend, 100e18);
            _demandAs(friend, order, _chunkRequest(i % STEPS, X, 0, i / STEPS + 1));
        }
        bytes32 trace = _demandAs(asker, order, _traceRequest(1));
        _answerTrace(order, trace, 1);
        uint256 before = _free(prover);
        FraudProof memory proof = _proof(1, LAST, 0);
        _commitProof(prover, order, proof);
        _nextBlock();
        _prove(prover, order, proof);
        assertGt(_free(prover), before + 250e18);
        IDisputes.Demand memory asked = c.demands.demandOf(trace);
        before = _free(asker);
        c.demands.claimBond(trace);
        assertEq(_free(asker) - before, asked.bond + asked.askerGas);
    }
}

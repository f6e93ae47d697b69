// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccumulations} from "../../../contracts/interfaces/IAccumulations.sol";
import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {IParameters} from "../../../contracts/interfaces/IParameters.sol";
import {IStakeManager} from "../../../contracts/interfaces/IStakeManager.sol";
import {FraudProof, Place} from "../../../contracts/types/FraudProof.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Actor} from "../../utils/Base.t.sol";
import {CarriedJob} from "../../utils/CarriedJob.t.sol";
import {PlainToken} from "../../utils/HostileTokens.sol";

/// @title Handler
/// @notice Everything that anybody can do to the protocol, in any order, on real contracts and real commitments.
/// @dev A call may only fail for a reason that its handler names; anything else reverts the handler, which fails the run.
contract Handler is CarriedJob {
    /// @notice What the test knows of a job besides the chain.
    /// @param exits How often the escrow has left.
    struct Tracked {
        Order order;
        bytes32 jobId;
        bool corrupt;
        IJobMarket.Status last;
        uint256 exits;
    }

    struct Pending {
        uint256 job;
        bytes32 execId;
        bytes32 commitId;
        uint256 madeAt; // block number
        FraudProof proof;
    }

    uint256 public constant MAX_JOBS = 24;

    PlainToken public dollar;
    mapping(bytes32 name => uint256) public calls;
    /// @notice Tokens that strangers sent to a contract without asking it (class 13).
    mapping(address token => uint256) public donatedToLedger;
    uint256 public donatedToStake;
    bool public arrowBroken;
    bool public honestConvicted;

    address[] private _hotKeys;
    Tracked[] private _tracked;
    bytes32[] private _demands;
    mapping(bytes32 demandId => uint256 job) private _jobOfDemand;
    mapping(bytes32 demandId => IDisputes.Request) private _requestOf;
    Pending[] private _pending;
    bytes32[] private _accumulations;
    bytes32 private _honestRoot;
    bytes32 private _corruptRoot;

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
        // Enough providers that some are always out of jail.
        _hotKeys = [hot.addr, otherHot.addr];
        for (uint256 i = 0; i < 3; ++i) {
            Actor memory another = _actor(string.concat("hot ", vm.toString(i)));
            _provider(another);
            _hotKeys.push(another.addr);
        }
        _honestRoot = _resultRoot();
        _corrupt(true);
        _corruptRoot = _resultRoot();
        _corrupt(false);
    }

    // --- The life of a job ---

    function lock(uint256 seed, uint256 price, uint256 posted, uint256 dollars) external {
        bool inDollars = dollars % 3 == 0;
        if (_tracked.length == MAX_JOBS) return;
        Order memory order = _order();
        if (inDollars) {
            if (c.priceOracle.lynRateStaleAt(address(dollar)) <= block.timestamp) {
                c.priceOracle.setLynRate(address(dollar), 0.5e18);
            }
            order.payToken = address(dollar);
            order.verificationFee = 0.1e6;
            order.tip = 0.01e6;
        }
        uint256 unit = inDollars ? 1e6 : 1e18;
        // D2: 30 LYN are solvent with the least collateral, and a dollar is half a LYN.
        order.minPrice = uint128(_bound(price, 0, (inDollars ? 50 : 20) * unit));
        order.maxPrice = order.minPrice + uint128(10 * unit);
        order.maxTotal = 100 * unit;
        order.maxAttempts = uint8(seed % 3 + 1);
        order.collateral = uint96(_bound(seed, 500e18, 5_000e18));
        bytes memory signature;
        if (posted % 2 == 0) {
            vm.prank(requester.addr);
            c.jobMarket.post(order);
        } else {
            signature = _sign(order);
        }
        vm.prank(_hotKeys[seed % _hotKeys.length]);
        try c.jobMarket.lock(order, signature) returns (bytes32 jobId) {
            Tracked storage tracked = _tracked.push();
            tracked.order = order;
            tracked.jobId = jobId;
            tracked.last = IJobMarket.Status.Locked;
            _count("lock");
        } catch (bytes memory reason) {
            if (_isPaused(reason)) return;
            _only(
                reason,
                IStakeManager.StakeManager_Jailed.selector,
                IStakeManager.StakeManager_InsufficientStake.selector,
                ILedger.Ledger_InsufficientCommitted.selector
            );
        }
    }

    function relock(uint256 seed) external {
        (bool found, uint256 at) = _find(seed, IJobMarket.Status.Reopened);
        if (!found) return;
        vm.prank(_hotKeys[seed % _hotKeys.length]);
        try c.jobMarket.lock(_tracked[at].order, "") {
            _count("relock");
        } catch (bytes memory reason) {
            if (_isPaused(reason)) return;
            _only(
                reason,
                IStakeManager.StakeManager_Jailed.selector,
                IStakeManager.StakeManager_InsufficientStake.selector,
                IJobMarket.JobMarket_LockClosed.selector
            );
        }
        _track(at);
    }

    function deliver(uint256 seed, uint256 honesty) external {
        bool corrupt = honesty % 2 == 0;
        (bool found, uint256 at) = _find(seed, IJobMarket.Status.Locked);
        if (!found) return;
        Tracked storage tracked = _tracked[at];
        address hotKey = c.stakeManager.hotKeyOf(c.jobMarket.jobOf(tracked.jobId).providerId);
        _seedEpoch();
        vm.prank(hotKey);
        try c.jobMarket.deliver(tracked.jobId, corrupt ? _corruptRoot : _honestRoot) {
            tracked.corrupt = corrupt;
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
            _only(
                reason,
                IJobMarket.JobMarket_NotFinal.selector,
                IDisputes.Disputes_NotFinal.selector,
                0
            );
        }
        _track(at);
    }

    /// @dev Never reverts, whatever is in the batch.
    function settleMany(uint256 seed) external {
        if (_tracked.length == 0) return;
        Order[] memory orders = new Order[](seed % 5);
        for (uint256 i = 0; i < orders.length; ++i) {
            orders[i] = _tracked[(seed >> (8 * i)) % _tracked.length].order;
        }
        vm.prank(requester.addr);
        c.jobMarket.settleMany(orders);
        _count("settleMany");
        _trackAll();
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

    // --- Disputes ---

    function demand(uint256 seed, uint256 kind) external {
        (bool found, uint256 at) = _find(seed, IJobMarket.Status.Delivered);
        if (!found) return;
        // Half of them ask for what a proof needs: the trace of the second step.
        uint32 step = kind % 2 == 0 ? 1 : uint32(seed % STEPS);
        IDisputes.Request memory request = kind % 4 < 3
            ? _traceRequest(step)
            : kind % 8 == 3 ? _outputRequest(step) : _chunkRequest(step, X, 0, 2);
        if (
            kind % 16 == 3 && c.demands.traceRootOf(_execId(_tracked[at].jobId), step) != bytes32(0)
        ) {
            request = IDisputes.Request(IDisputes.Kind.Witness, step, Y, uint32(seed % ELEMENTS), 0);
        }
        bool named = request.kind == IDisputes.Kind.Chunk || request.kind == IDisputes.Kind.Witness;
        bytes memory entry = named ? entries[request.value] : bytes("");
        bytes32[] memory proof = named ? _entryProof(request.value) : new bytes32[](0);
        vm.prank(stranger.addr);
        try c.demands.demand(_tracked[at].order, model, request, entry, proof) returns (
            bytes32 id
        ) {
            _demands.push(id);
            _jobOfDemand[id] = at;
            _requestOf[id] = request;
            _count("demand");
        } catch (bytes memory reason) {
            _only(
                reason,
                IDisputes.Disputes_DemandExists.selector,
                IDisputes.Disputes_TooManyOpen.selector,
                IDisputes.Disputes_Closed.selector
            );
        }
        _track(at);
    }

    function answer(uint256 seed) external {
        (bool found, bytes32 id) = _findDemand(seed, IDisputes.DemandStatus.Open);
        if (!found) return;
        uint256 at = _jobOfDemand[id];
        Tracked storage tracked = _tracked[at];
        IDisputes.Request memory request = _requestOf[id];
        _corrupt(tracked.corrupt);
        bytes memory payload = request.kind == IDisputes.Kind.Trace
            ? abi.encode(_tensorRoots(request.step))
            : request.kind == IDisputes.Kind.Output
                ? _outputPayload(request.step)
                : request.kind == IDisputes.Kind.Witness
                    ? abi.encode(new uint32[](1))
                    : _chunkPayload(request.step, X, 0, 2);
        _corrupt(false);
        vm.prank(owner.addr);
        try c.demands.answer(tracked.order, model, id, payload) {
            _count("answer");
        } catch (bytes memory reason) {
            _only(
                reason,
                IDisputes.Disputes_DeadlinePassed.selector,
                IDisputes.Disputes_NotDisputable.selector,
                0
            );
        }
    }

    function expireDemand(uint256 seed) external {
        (bool found, bytes32 id) = _findDemand(seed, IDisputes.DemandStatus.Open);
        if (!found) return;
        uint256 at = _jobOfDemand[id];
        // Silence for as long as it takes, half of the time.
        uint40 deadline = c.demands.deadlineOf(id);
        if (seed % 2 == 0 && deadline > block.timestamp) vm.warp(deadline);
        vm.prank(stranger.addr);
        try c.demands.expireDemand(_tracked[at].order, id) {
            _count("expireDemand");
        } catch (bytes memory reason) {
            _only(
                reason,
                IDisputes.Disputes_DeadlineRunning.selector,
                IDisputes.Disputes_NotDisputable.selector,
                0
            );
        }
        _track(at);
    }

    /// @dev Against honest executions too: the attempt must cost its maker the bond and nothing else.
    function commitProof(uint256 seed) external {
        (bool found, uint256 at, bytes32 execId) = _findTraced(seed);
        if (!found) return;
        Tracked storage tracked = _tracked[at];
        _corrupt(tracked.corrupt);
        FraudProof memory proof = _proof(1, LAST, 0);
        _corrupt(false);
        // Two at a time where there is something to find: the second may be revealed late (A6).
        for (uint256 i = 0; i <= (tracked.corrupt ? 1 : 0); ++i) {
            bytes32 hash = _hash(stranger.addr, execId, proof, bytes32(_pending.length));
            vm.prank(stranger.addr);
            try c.disputes.commitProof(tracked.order, hash) returns (bytes32 commitId) {
                Pending storage pending = _pending.push();
                pending.job = at;
                pending.execId = execId;
                pending.commitId = commitId;
                pending.madeAt = block.number;
                _count("commitProof");
            } catch (bytes memory reason) {
                _only(reason, IDisputes.Disputes_Closed.selector, 0, 0);
            }
        }
        _track(at);
    }

    function proveFraud(uint256 seed) external {
        if (_pending.length == 0) return;
        // Mostly the newest that is live: a reveal has R seconds.
        uint256 index = _pending.length - 1;
        if (seed % 4 == 0) index = (seed >> 2) % _pending.length;
        else while (index > 0 && !_isLive(index)) --index;
        if (!_isLive(index) || !_prove(index) || seed % 4 == 1) return;
        // Who committed to the same before follows at once, late (A6).
        bytes32 execId = _pending[index].execId;
        while (index > 0) {
            --index;
            if (_pending[index].execId == execId && _isLive(index)) _prove(index);
        }
    }

    function _prove(uint256 index) private returns (bool proved) {
        Pending storage pending = _pending[index];
        Tracked storage tracked = _tracked[pending.job];
        _nextBlock();
        _corrupt(tracked.corrupt);
        FraudProof memory proof = _proof(1, LAST, 0);
        _corrupt(false);
        vm.prank(stranger.addr);
        try c.disputes.proveFraud(tracked.order, proof, bytes32(index)) {
            if (!tracked.corrupt) honestConvicted = true;
            _count("proveFraud");
            proved = true;
        } catch (bytes memory reason) {
            if (!tracked.corrupt && bytes4(reason) == IDisputes.Disputes_NotFraud.selector) {
                _count("proveFraud, refused");
                return false;
            }
            _only(
                reason,
                IDisputes.Disputes_RevealClosed.selector,
                IDisputes.Disputes_TooEarly.selector,
                IDisputes.Disputes_NotDisputable.selector
            );
        }
        _track(pending.job);
    }

    function _isLive(uint256 index) private view returns (bool) {
        return c.disputes.commitOf(_pending[index].commitId).prover != address(0);
    }

    function forfeitCommit(uint256 seed) external {
        if (_pending.length == 0) return;
        Pending storage pending = _pending[seed % _pending.length];
        try c.disputes.forfeitCommit(pending.execId, pending.commitId) {
            _count("forfeitCommit");
        } catch (bytes memory reason) {
            _only(
                reason,
                IDisputes.Disputes_NoCommit.selector,
                IDisputes.Disputes_RevealOpen.selector,
                0
            );
        }
    }

    /// @dev Nobody goes on with it: what an attacker does to delay an execution (ACC-1).
    function accumulate(uint256 seed) external {
        (bool found, uint256 at) = _find(seed, IJobMarket.Status.Delivered);
        if (!found) return;
        // SAFETY: below 300.
        Place memory place = Place(1, LAST, 0, uint32(seed % ELEMENTS), 1);
        vm.prank(stranger.addr);
        try c.accumulations.open(_tracked[at].order, place) returns (bytes32 id) {
            _accumulations.push(id);
            _count("accumulate");
        } catch (bytes memory reason) {
            _only(
                reason,
                IDisputes.Disputes_Closed.selector,
                IAccumulations.Accumulations_Exists.selector,
                0
            );
        }
        _track(at);
    }

    function claimAccumulation(uint256 seed) external {
        if (_accumulations.length == 0) return;
        bytes32 id = _accumulations[seed % _accumulations.length];
        try c.accumulations.claimBond(id) {
            _count("claimAccumulation");
        } catch (bytes memory reason) {
            _only(
                reason,
                IAccumulations.Accumulations_NotOpen.selector,
                IAccumulations.Accumulations_StillLive.selector,
                0
            );
        }
    }

    function claimLate(uint256 seed) external {
        for (uint256 i = 0; i < _pending.length; ++i) {
            if (_claimLate(_pending[(seed % _pending.length + i) % _pending.length], seed % 2 == 0))
            {
                return;
            }
        }
    }

    /// @param waits Until whoever else may still reveal has had the time.
    function _claimLate(Pending storage pending, bool waits) private returns (bool) {
        try c.disputes.claimLate(pending.execId, pending.commitId) {
            _count("claimLate");
            return true;
        } catch (bytes memory reason) {
            _only(
                reason,
                IDisputes.Disputes_NoLateProof.selector,
                IDisputes.Disputes_RevealOpen.selector,
                0
            );
            if (!waits || bytes4(reason) == IDisputes.Disputes_NoLateProof.selector) return false;
            vm.warp(c.disputes.executionOf(pending.execId).finalAt);
            return _claimLate(pending, false);
        }
    }

    function claimBond(uint256 seed) external {
        if (_demands.length == 0) return;
        try c.demands.claimBond(_demands[seed % _demands.length]) {
            _count("claimBond");
        } catch (bytes memory reason) {
            _only(
                reason,
                IDisputes.Disputes_OutcomeOpen.selector,
                IDisputes.Disputes_DemandNotOpen.selector,
                0
            );
        }
    }

    function burnReserve(uint256 seed) external {
        if (_demands.length == 0) return;
        bytes32 execId = c.demands.demandOf(_demands[seed % _demands.length]).execId;
        try c.disputes.burnReserve(execId) {
            _count("burnReserve");
        } catch (bytes memory reason) {
            _only(
                reason,
                IDisputes.Disputes_OutcomeOpen.selector,
                IDisputes.Disputes_RevealOpen.selector,
                IDisputes.Disputes_NothingReserved.selector
            );
        }
    }

    // --- Money and stake ---

    function deposit(uint256 amount) external {
        amount = _bound(amount, 1, 100e18);
        vm.prank(stranger.addr);
        c.ledger.deposit(lyn, stranger.addr, amount);
        _count("deposit");
    }

    function withdraw(uint256 seed, uint256 amount) external {
        address account = seed % 2 == 0 ? owner.addr : requester.addr;
        uint256 free = _free(account);
        if (free == 0) return;
        vm.prank(account);
        c.ledger.withdraw(lyn, _bound(amount, 1, free), account);
        _count("withdraw");
    }

    function requestLeave(uint256 amount) external {
        uint256 committed = _committed(requester.addr);
        if (committed < 1_000e18) return;
        vm.prank(requester.addr);
        c.ledger.requestLeave(lyn, _bound(amount, 1, 100e18));
        _count("requestLeave");
    }

    function leave() external {
        vm.prank(requester.addr);
        try c.ledger.leave(lyn) {
            _count("leave");
        } catch (bytes memory reason) {
            _only(
                reason,
                ILedger.Ledger_NoticeRunning.selector,
                ILedger.Ledger_NoticeLapsed.selector,
                ILedger.Ledger_NothingLeaving.selector
            );
        }
    }

    function recommit() external {
        uint256 free = _free(requester.addr);
        if (free == 0) return;
        vm.prank(requester.addr);
        c.ledger.commit(lyn, free);
        _count("recommit");
    }

    function stake(uint256 amount) external {
        vm.prank(owner.addr);
        c.stakeManager.stake(providerId, uint96(_bound(amount, 1_000e18, 2_000e18)));
        _count("stake");
    }

    function thaw(uint256 amount) external {
        IStakeManager.Provider memory provider = c.stakeManager.providerOf(providerId);
        uint96 capacity = provider.stake - provider.thawing;
        // Every further request restarts the thaw: mostly wait for the one that runs.
        if (capacity < 1_000e18 || (provider.thawing != 0 && amount % 8 != 0)) return;
        vm.prank(owner.addr);
        c.stakeManager.requestThaw(providerId, uint96(_bound(amount, 1, capacity / 10)));
        _count("thaw");
    }

    function unstake(uint256 amount) external {
        IStakeManager.Provider memory provider = c.stakeManager.providerOf(providerId);
        if (provider.thawing == 0) return;
        if (amount % 4 == 0 && provider.thawedAt > block.timestamp) vm.warp(provider.thawedAt);
        vm.prank(owner.addr);
        try c.stakeManager
            .withdraw(providerId, uint96(_bound(amount, 1, provider.thawing)), owner.addr) {
            _count("unstake");
        } catch (bytes memory reason) {
            _only(
                reason,
                IStakeManager.StakeManager_StillThawing.selector,
                IStakeManager.StakeManager_InsufficientStake.selector,
                0
            );
        }
    }

    function unjail(uint256 seed) external {
        uint32 id = uint32(seed % c.stakeManager.providers()) + 1;
        uint40 until = c.stakeManager.providerOf(id).jailedUntil;
        if (until == 0 || block.timestamp < until) return;
        vm.prank(owner.addr);
        c.stakeManager.unjail(id);
        _count("unjail");
    }

    function distribute() external {
        if (_free(address(c.feeSink)) == 0) return;
        c.feeSink.distribute(lyn);
        _count("distribute");
    }

    /// @dev Class 13: tokens that nobody asked for.
    function donate(uint256 amount, uint256 target) external {
        bool toStake = target % 2 == 0;
        amount = _bound(amount, 1, 1e18);
        if (toStake) donatedToStake += amount;
        else donatedToLedger[lyn] += amount;
        vm.prank(owner.addr);
        c.lynToken.transfer(toStake ? address(c.stakeManager) : address(c.ledger), amount);
        _count("donate");
    }

    // --- Governance and time ---

    function publish(uint256 seed) external {
        if (seed % 4 != 0) return;
        c.parameters.schedule("window", seed % 10 + 1);
        c.parameters.schedule("feeBpsLyn", c.parameters.valueOf("feeBpsLyn") ^ (seed % 64));
        c.parameters.schedule("bond", 1e18 + seed % 4e18);
        c.parameters.publish();
        _count("publish");
    }

    /// @dev PAR-6: the guardian in its term, governance again and again. No other handler but `lock` and `relock` may notice.
    function pause(uint256 seed) external {
        if (seed % 3 == 0) {
            vm.prank(guardian.addr);
            try c.parameters.pauseIntake() {}
            catch (bytes memory reason) {
                _only(reason, IParameters.Parameters_PauseUsed.selector, 0, 0);
            }
        } else {
            c.parameters.setIntakePause(uint40(block.timestamp + seed % 4));
        }
        _count("pause");
    }

    function pass(uint256 seconds_) external {
        uint256 step = seconds_ % 8 == 0 ? _bound(seconds_, 1, 60) : _bound(seconds_, 1, 3);
        skip(step);
        vm.roll(block.number + step);
        _count("pass");
    }

    // --- The end: everything that can be closed is closed ---

    /// @notice Lets every clock run out and closes every job, demand, commit and reserve.
    function resolve() external {
        skip(7 days);
        vm.roll(block.number + 7 days);
        // PAR-6: every way out is open while nothing gets in.
        c.parameters.setIntakePause(uint40(block.timestamp) + 7 days);
        for (uint256 i = 0; i < _demands.length; ++i) {
            if (c.demands.demandOf(_demands[i]).status == IDisputes.DemandStatus.Open) {
                vm.prank(stranger.addr);
                try c.demands
                .expireDemand(_tracked[_jobOfDemand[_demands[i]]].order, _demands[i]) {}
                catch (bytes memory reason) {
                    _only(reason, IDisputes.Disputes_NotDisputable.selector, 0, 0);
                }
            }
        }
        skip(7 days); // earlier commits may still reveal after a conviction
        c.parameters.setIntakePause(uint40(block.timestamp) + 7 days);
        for (uint256 i = 0; i < _tracked.length; ++i) {
            Order memory order = _tracked[i].order;
            IJobMarket.Status status = _status(_tracked[i].jobId);
            if (status == IJobMarket.Status.Locked) c.jobMarket.expireLock(order);
            if (status == IJobMarket.Status.Reopened) c.jobMarket.refund(order);
            if (status == IJobMarket.Status.Delivered) c.jobMarket.settle(order);
        }
        _trackAll();
        for (uint256 i = 0; i < _pending.length; ++i) {
            if (c.disputes.commitOf(_pending[i].commitId).prover != address(0)) {
                c.disputes.forfeitCommit(_pending[i].execId, _pending[i].commitId);
            }
        }
        for (uint256 i = 0; i < _pending.length; ++i) {
            try c.disputes.claimLate(_pending[i].execId, _pending[i].commitId) {}
            catch (bytes memory reason) {
                _only(reason, IDisputes.Disputes_NoLateProof.selector, 0, 0);
            }
        }
        for (uint256 i = 0; i < _accumulations.length; ++i) {
            bytes32 id = _accumulations[i];
            if (c.accumulations.accumulationOf(id).status != IAccumulations.Status.Claimed) {
                c.accumulations.claimBond(id);
            }
            try c.accumulations.claimGas(id, stranger.addr) {}
            catch (bytes memory reason) {
                _only(reason, IAccumulations.Accumulations_NoGas.selector, 0, 0);
            }
        }
        for (uint256 i = 0; i < _demands.length; ++i) {
            IDisputes.Demand memory asked = c.demands.demandOf(_demands[i]);
            if (asked.status != IDisputes.DemandStatus.Claimed) {
                c.demands.claimBond(_demands[i]);
            }
            if (c.disputes.reserveOf(asked.execId) != 0) c.disputes.burnReserve(asked.execId);
        }
    }

    // --- What the invariants read ---

    /// @notice Sum of all accounts of the Ledger.
    function accounts(address token) external view returns (uint256 total) {
        address[14] memory all = [
            requester.addr,
            owner.addr,
            hot.addr,
            otherHot.addr,
            publisher.addr,
            stranger.addr,
            address(this),
            address(c.feeSink),
            address(c.auditManager),
            address(c.treasuryVault),
            address(c.disputes),
            address(c.demands),
            address(c.accumulations),
            address(c.jobMarket)
        ];
        for (uint256 i = 0; i < all.length; ++i) {
            (uint128 free, uint128 committed) = c.ledger.accountOf(token, all[i]);
            total += uint256(free) + committed;
        }
    }

    /// @notice Sum of what open jobs hold.
    function escrow(address token) external view returns (uint256 total) {
        for (uint256 i = 0; i < _tracked.length; ++i) {
            Tracked storage tracked = _tracked[i];
            if (tracked.order.payToken != token) continue;
            IJobMarket.Job memory job = c.jobMarket.jobOf(tracked.jobId);
            if (_holds(job.status)) total += c.marketLens.totalOf(tracked.order, job.price);
        }
    }

    /// @notice Sum of the bonds and reserves that Disputes still owes somebody.
    function bonds() external view returns (uint256 total) {
        for (uint256 i = 0; i < _demands.length; ++i) {
            IDisputes.Demand memory asked = c.demands.demandOf(_demands[i]);
            if (asked.status != IDisputes.DemandStatus.Claimed) total += asked.bond;
        }
        for (uint256 i = 0; i < _pending.length; ++i) {
            total += c.disputes.commitOf(_pending[i].commitId).bond;
        }
        for (uint256 i = 0; i < _accumulations.length; ++i) {
            IAccumulations.Accumulation memory own =
                c.accumulations.accumulationOf(_accumulations[i]);
            if (own.status != IAccumulations.Status.Claimed) total += own.bond;
        }
    }

    function ledgerHolds(address token) external view returns (uint256) {
        return PlainToken(token).balanceOf(address(c.ledger));
    }

    function stakeHeld() external view returns (uint256) {
        return c.lynToken.balanceOf(address(c.stakeManager));
    }

    function stakes() external view returns (uint256 total) {
        for (uint32 id = 1; id <= _hotKeys.length; ++id) {
            total += _stakeOf(id);
        }
    }

    /// @notice Collateral of the jobs that a provider has taken and not yet left.
    function collateralOf(uint32 id) external view returns (uint256 total) {
        for (uint256 i = 0; i < _tracked.length; ++i) {
            IJobMarket.Job memory job = c.jobMarket.jobOf(_tracked[i].jobId);
            if (
                job.providerId == id
                    && (job.status == IJobMarket.Status.Locked
                        || job.status == IJobMarket.Status.Delivered)
            ) total += _tracked[i].order.collateral;
        }
    }

    function providers() external view returns (uint32) {
        return c.stakeManager.providers();
    }

    function providerAt(uint32 id) external view returns (IStakeManager.Provider memory) {
        return c.stakeManager.providerOf(id);
    }

    function jobs() external view returns (uint256) {
        return _tracked.length;
    }

    function exitsOf(uint256 at) external view returns (uint256) {
        return _tracked[at].exits;
    }

    function isClosed(uint256 at) external view returns (bool) {
        return !_holds(_status(_tracked[at].jobId));
    }

    function isNonceSpent(uint256 at) external view returns (bool) {
        return c.jobMarket.isNonceUsed(requester.addr, _tracked[at].order.nonce);
    }

    function lynOf() external view returns (address) {
        return lyn;
    }

    /// @notice DIS-3, DIS-4: outcome and status of every execution agree, and every demand's execution.
    function outcomesAgree() external view returns (bool) {
        for (uint256 i = 0; i < _demands.length; ++i) {
            Tracked storage tracked = _tracked[_jobOfDemand[_demands[i]]];
            IDisputes.Execution memory execution =
                c.disputes.executionOf(c.demands.demandOf(_demands[i]).execId);
            IJobMarket.Status status = _status(tracked.jobId);
            if (execution.outcome == IDisputes.Outcome.Settled) {
                if (status != IJobMarket.Status.Settled || execution.liveDemands != 0) {
                    return false;
                }
            } else if (execution.outcome == IDisputes.Outcome.Convicted) {
                if (status != IJobMarket.Status.Convicted) return false;
            } else if (status != IJobMarket.Status.Delivered) {
                return false;
            }
        }
        return true;
    }

    // --- Internals ---

    function _count(bytes32 name) private {
        ++calls[name];
    }

    /// @dev Anything but the named reasons fails the run.
    function _isPaused(bytes memory reason) private view returns (bool) {
        return bytes4(reason) == IJobMarket.JobMarket_IntakePaused.selector
            && block.timestamp < c.jobMarket.pausedUntil();
    }

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

    function _find(uint256 seed, IJobMarket.Status status) private view returns (bool, uint256) {
        uint256 count = _tracked.length;
        for (uint256 i = 0; i < count; ++i) {
            uint256 at = (seed % count + i) % count;
            if (_tracked[at].last == status) return (true, at);
        }
        return (false, 0);
    }

    /// @dev A delivered job of which the trace of the second step is known.
    function _findTraced(uint256 seed) private view returns (bool, uint256, bytes32) {
        uint256 count = _tracked.length;
        for (uint256 i = 0; i < count; ++i) {
            uint256 at = (seed % count + i) % count;
            if (_tracked[at].last != IJobMarket.Status.Delivered) continue;
            IJobMarket.Job memory job = c.jobMarket.jobOf(_tracked[at].jobId);
            bytes32 execId = c.disputes.execIdOf(_tracked[at].jobId, job.attempt, job.providerId);
            if (c.demands.traceRootOf(execId, 1) != 0) return (true, at, execId);
        }
        return (false, 0, 0);
    }

    function _findDemand(uint256 seed, IDisputes.DemandStatus status)
        private
        view
        returns (bool, bytes32)
    {
        uint256 count = _demands.length;
        for (uint256 i = 0; i < count; ++i) {
            bytes32 id = _demands[(seed % count + i) % count];
            if (c.demands.demandOf(id).status == status) return (true, id);
        }
        return (false, 0);
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
            allowed = to == IJobMarket.Status.Settled || to == IJobMarket.Status.Convicted;
        } else if (from == IJobMarket.Status.Reopened) {
            allowed = to == IJobMarket.Status.Locked || to == IJobMarket.Status.Refunded;
        }
        if (!allowed) arrowBroken = true;
        if (_holds(from) && !_holds(to)) ++tracked.exits;
        tracked.last = to;
    }

    /// @dev One element of the second step's output, wrong or right.
    function _corrupt(bool corrupt) private {
        _set(1, Y, 0, corrupt ? _float(1) : _float(35));
    }
}

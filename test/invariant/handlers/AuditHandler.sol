// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAuditManager} from "../../../contracts/interfaces/IAuditManager.sol";
import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {IStakeManager} from "../../../contracts/interfaces/IStakeManager.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Role} from "../../../contracts/types/Role.sol";
import {Actor} from "../../utils/Base.t.sol";
import {Audited} from "../../utils/Audited.t.sol";

/// @title AuditHandler
/// @notice Jobs, epochs, seeds and three verifiers that come, stay away, agree, differ or get no bytes, in any order.
/// @dev A call may only fail for a reason that its handler names; anything else fails the run.
contract AuditHandler is Audited {
    struct Tracked {
        Order order;
        bytes32 jobId;
        bytes32 execId;
        uint40 epoch;
        uint256 paid;
        bool early; // somebody revealed in round 0
        bool ended;
    }

    uint256 public constant VERIFIERS = 3;

    mapping(bytes32 name => uint256) public calls;
    mapping(uint256 at => uint160) public firstSeed;
    mapping(uint256 at => mapping(uint32 id => uint256)) public reveals;
    mapping(uint256 at => mapping(uint32 id => uint256)) public reports;
    mapping(uint32 id => uint256) public lost;
    mapping(uint32 id => uint256) public reserved;
    /// @notice What happened too early.
    bool public broken;
    uint256 public pool; // as it should be
    uint256 public due;
    uint256 public completed;

    mapping(uint256 at => mapping(uint32 id => uint40)) private _committedAt;
    /// @notice Seats as they were revealed.
    mapping(uint256 at => mapping(IAuditManager.Finding => uint256)) public seatsThat;
    mapping(uint256 at => uint256) public seatsWithheld;
    Tracked[] private _tracked;
    Actor[] private _hots;
    uint32[] public ids;

    function begin() external {
        setUp();
        _hots.push(verifierHot);
        ids.push(verifierId);
        for (uint256 i = 1; i < VERIFIERS; ++i) {
            Actor memory key = _actor(string(abi.encodePacked("verifier ", vm.toString(i))));
            _hots.push(key);
            ids.push(_enrol(Role.Verifier, verifierOwner, key));
        }
        IAuditManager.AuditSnapshot memory snapshot = audits.snapshotOf(1);
        snapshot.minDue = 2;
        vm.prank(address(c.parameters));
        audits.pushSnapshot(2, snapshot);
        pool = _pool();
        _fund(requester.addr, 0);
        skip(4);
    }

    // --- The market ---

    /// @dev One of four shares its place with another, if there is one.
    function job(uint256 seed) external {
        if (_tracked.length >= 60 || _open() >= 5) return;
        Order memory order = seed % 4 == 0 && _tracked.length != 0
            ? _orderBeside(_tracked[(seed >> 8) % _tracked.length].execId)
            : _order();
        bytes memory signature = _sign(order);
        bytes32 jobId;
        _setQEff(95_000); // D2 would stop locks where audits did nothing lately, and the walk with them
        vm.prank(hot.addr);
        jobId = c.jobMarket.lock(order, signature);
        _deliver(jobId);
        _tracked.push(
            Tracked({
                order: order,
                jobId: jobId,
                execId: _execId(jobId),
                epoch: _epochNow(),
                paid: 0,
                early: false,
                ended: false
            })
        );
        _count("job");
    }

    function settle(uint256 seed) external {
        (bool found, uint256 at) = _find(seed);
        if (!found) return;
        Tracked storage tracked = _tracked[at];
        try c.jobMarket.settle(tracked.order) {
            tracked.ended = true;
            pool += tracked.order.verificationFee;
            if (audits.isSampled(tracked.epoch, tracked.execId)) {
                uint256 rounds = tracked.early ? 1 : 2;
                uint256 end = audits.epochOf(tracked.epoch).seedAt + rounds * (C + R) + WINDOW;
                if (block.timestamp < end) broken = true; // AUD-3
                ++due;
                if (_revealed(at)) ++completed;
                if (due >= 4) (due, completed) = (due - due / 2, completed / 2);
            }
            _count("settle");
        } catch (bytes memory reason) {
            _only(
                reason,
                IJobMarket.JobMarket_NotFinal.selector,
                IAuditManager.AuditManager_Held.selector,
                IDisputes.Disputes_NotFinal.selector
            );
        }
    }

    // --- Seeds ---

    function close(uint256 seed) external {
        (bool found, uint256 at) = _find(seed);
        if (!found) return;
        try audits.closeEpoch(_tracked[at].epoch) {
            _requests[_tracked[at].epoch] = ++requests;
            _count("close");
        } catch (bytes memory reason) {
            _only(
                reason,
                IAuditManager.AuditManager_EpochOpen.selector,
                IAuditManager.AuditManager_AlreadyClosed.selector,
                0
            );
        }
    }

    mapping(uint40 epoch => uint256) private _requests;

    /// @dev Three of four are sampled.
    function fulfil(uint256 seed) external {
        (bool found, uint256 at) = _find(seed);
        if (!found) return;
        uint40 epoch = _tracked[at].epoch;
        uint256 requestId = _requests[epoch];
        if (requestId == 0) return;
        delete _requests[epoch];
        _fulfil(requestId, _wordFor(epoch, _tracked[at].execId, seed % 4 != 0));
        _count("fulfil");
    }

    // --- Verifiers ---

    /// @dev Three of four are in time, if anything can be.
    function commit(uint256 seed, uint256 who) external {
        (bool found, uint256 at) = seed % 4 == 0 ? _find(seed) : _findOpen(seed);
        if (!found || _isMute(at)) return;
        who %= VERIFIERS;
        bytes32 hash = _hashOf(_tracked[at].execId, ids[who], "root", _finding(at, who));
        vm.prank(_hots[who].addr);
        try audits.commit(_tracked[at].execId, hash) {
            _committedAt[at][ids[who]] = uint40(block.timestamp);
            _count("commit");
        } catch (bytes memory reason) {
            _only(reason, IAuditManager.AuditManager_AlreadyAttested.selector, 0, 0);
        }
    }

    /// @dev Waits for its window, seven times of eight.
    function reveal(uint256 seed, uint256 who) external {
        who %= VERIFIERS;
        (bool found, uint256 at) = _findCommitted(seed, ids[who]);
        if (!found) return;
        Tracked storage tracked = _tracked[at];
        uint40 opens = audits.epochOf(tracked.epoch).seedAt + C;
        if (_committedAt[at][ids[who]] >= opens + R) opens += C + R;
        if (seed % 8 != 0 && block.timestamp < opens) vm.warp(opens);
        vm.prank(_hots[who].addr);
        try audits.reveal(tracked.order, "root", _finding(at, who), "salt") returns (uint256 paid) {
            ++reveals[at][ids[who]];
            tracked.paid += paid;
            pool -= paid;
            reserved[ids[who]] += FAULT;
            uint40 second = audits.epochOf(tracked.epoch).seedAt + C + R;
            if (block.timestamp < second) tracked.early = true;
            seatsThat[
                at
            ][
                _finding(at, who)
            ] += audits.seatsOf(tracked.epoch, tracked.execId, ids[who], tracked.early ? 0 : 1);
            _count("reveal");
        } catch (bytes memory reason) {
            _onlyVerifiers(reason);
        }
    }

    /// @dev One of them, or all.
    function attestWithheld(uint256 seed, uint256 who) external {
        (bool found, uint256 at) = seed % 4 == 0 ? _find(seed) : _findOpen(seed);
        if (!found || !_isMute(at)) return;
        _attest(at, who % VERIFIERS);
        if (who % 2 == 0) return;
        for (uint256 i; i < VERIFIERS; ++i) {
            if (!_tracked[at].ended) _attest(at, i);
        }
    }

    function _attest(uint256 at, uint256 who) private {
        Tracked storage tracked = _tracked[at];
        uint40 second = audits.epochOf(tracked.epoch).seedAt + C + R;
        uint16 seats = audits.seatsOf(
            tracked.epoch,
            tracked.execId,
            ids[who],
            tracked.early || block.timestamp < second ? 0 : 1
        );
        vm.prank(_hots[who].addr);
        try audits.attestWithheld(tracked.order) {
            seatsWithheld[at] += seats;
            if (c.jobMarket.jobOf(tracked.jobId).status != IJobMarket.Status.Delivered) {
                tracked.ended = true;
                _count("void");
            }
            _count("attestWithheld");
        } catch (bytes memory reason) {
            _onlyVerifiers(reason);
        }
    }

    function demandTrace(uint256 seed) external {
        (bool found, uint256 at) = _find(seed);
        if (!found) return;
        Tracked storage tracked = _tracked[at];
        uint256 before = _pool();
        try audits.demandTrace(tracked.order, model) {
            pool -= before - _pool();
            tracked.ended = true; // it waits for its answer
            _count("demandTrace");
        } catch (bytes memory reason) {
            if (bytes4(reason) == IDisputes.Disputes_Closed.selector) return;
            if (bytes4(reason) == ILedger.Ledger_InsufficientFree.selector) return;
            _onlyVerifiers(reason);
        }
    }

    function report(uint256 seed, uint256 who) external {
        if (_tracked.length == 0) return;
        uint256 at = seed % _tracked.length;
        uint32 id = ids[who % VERIFIERS];
        uint96 before = _stakeOf(id);
        vm.prank(stranger.addr);
        try audits.reportAbsent(_tracked[at].jobId, id) {
            if (reveals[at][id] != 0) broken = true; // AUD-4
            ++reports[at][id];
            lost[id] += before - _stakeOf(id);
            _count("report");
        } catch (bytes memory reason) {
            _onlyVerifiers(reason);
        }
    }

    function release(uint256 seed, uint256 who) external {
        if (_tracked.length == 0) return;
        uint256 at = seed % _tracked.length;
        uint32 id = ids[who % VERIFIERS];
        try audits.release(_tracked[at].execId, id) {
            reserved[id] -= FAULT;
            _count("release");
        } catch (bytes memory reason) {
            _only(
                reason,
                IAuditManager.AuditManager_NothingReserved.selector,
                IAuditManager.AuditManager_Held.selector,
                0
            );
        }
    }

    function unjail(uint256 who) external {
        uint32 id = ids[who % VERIFIERS];
        vm.prank(verifierOwner.addr);
        try c.stakeManager.unjail(id) {
            _count("unjail");
        } catch (bytes memory reason) {
            _only(
                reason,
                IStakeManager.StakeManager_NotJailed.selector,
                IStakeManager.StakeManager_Jailed.selector,
                0
            );
        }
    }

    function pass(uint256 time) external {
        skip(time % 32 == 0 ? 40 : 1);
        _count("pass");
    }

    // --- Views ---

    function trackedCount() external view returns (uint256) {
        return _tracked.length;
    }

    function paidFor(uint256 at) external view returns (uint256) {
        return _tracked[at].paid;
    }

    function epochAt(uint256 at) external view returns (uint40) {
        return _tracked[at].epoch;
    }

    function execIdAt(uint256 at) external view returns (bytes32 execId, bool ended) {
        return (_tracked[at].execId, _tracked[at].ended);
    }

    function audited() external view returns (IAuditManager) {
        return audits;
    }

    function poolNow() external view returns (uint256) {
        return _pool();
    }

    function stakeNow(uint32 id) external view returns (uint96) {
        return _stakeOf(id);
    }

    function reservedNow(uint32 id) external view returns (uint96) {
        return _reserved(id);
    }

    // --- Internals ---

    function _revealed(uint256 at) private view returns (bool) {
        for (uint256 i; i < VERIFIERS; ++i) {
            if (reveals[at][ids[i]] != 0) return true;
        }
        return false;
    }

    function _finding(uint256 at, uint256 who) private pure returns (IAuditManager.Finding) {
        return uint256(keccak256(abi.encode(at, who))) % 8 == 0 ? DIFFERS : AGREES;
    }

    function _open() private view returns (uint256 open) {
        for (uint256 i; i < _tracked.length; ++i) {
            if (!_tracked[i].ended) ++open;
        }
    }

    /// @dev A job whose bytes nobody gets.
    function _isMute(uint256 at) private pure returns (bool) {
        return at % 4 == 0;
    }

    /// @dev A sampled job that can be committed to now.
    function _findOpen(uint256 seed) private view returns (bool, uint256) {
        uint256 count = _tracked.length;
        for (uint256 i; i < count; ++i) {
            uint256 at = (seed % count + i) % count;
            uint40 start = audits.epochOf(_tracked[at].epoch).seedAt;
            if (_tracked[at].ended || start == 0) continue;
            if (!audits.isSampled(_tracked[at].epoch, _tracked[at].execId)) continue;
            if (block.timestamp < start + C) return (true, at);
            start += C + R;
            if (block.timestamp >= start && block.timestamp < start + C) return (true, at);
        }
        return (false, 0);
    }

    /// @dev A job that a verifier has committed to and not revealed.
    function _findCommitted(uint256 seed, uint32 id) private view returns (bool, uint256) {
        uint256 count = _tracked.length;
        for (uint256 i; i < count; ++i) {
            uint256 at = (seed % count + i) % count;
            if (
                !_tracked[at].ended
                    && audits.attestationOf(_tracked[at].execId, id)
                        == IAuditManager.Attestation.Committed
            ) return (true, at);
        }
        return (false, 0);
    }

    /// @dev A job that is not over.
    function _find(uint256 seed) private view returns (bool, uint256) {
        uint256 count = _tracked.length;
        for (uint256 i; i < count; ++i) {
            uint256 at = (seed % count + i) % count;
            if (!_tracked[at].ended) return (true, at);
        }
        return (false, 0);
    }

    function _onlyVerifiers(bytes memory reason) private pure {
        bytes4[12] memory allowed = [
            IAuditManager.AuditManager_NotDelivered.selector,
            IAuditManager.AuditManager_NoSeed.selector,
            IAuditManager.AuditManager_NotSampled.selector,
            IAuditManager.AuditManager_NotDrawn.selector,
            IAuditManager.AuditManager_NoCommit.selector,
            IAuditManager.AuditManager_AlreadyAttested.selector,
            IAuditManager.AuditManager_AlreadyDemanded.selector,
            IAuditManager.AuditManager_NoMismatch.selector,
            IAuditManager.AuditManager_WrongTime.selector,
            IStakeManager.StakeManager_Jailed.selector,
            IStakeManager.StakeManager_InsufficientStake.selector,
            IAuditManager.AuditManager_NotAVerifier.selector
        ];
        for (uint256 i; i < allowed.length; ++i) {
            if (bytes4(reason) == allowed[i]) return;
        }
        revert(string.concat("unexpected: ", vm.toString(reason)));
    }

    function _only(bytes memory reason, bytes4 a, bytes4 b, bytes4 other) private pure {
        bytes4 selector = bytes4(reason);
        require(
            selector == a || selector == b || selector == other,
            string.concat("unexpected: ", vm.toString(reason))
        );
    }

    function _count(bytes32 name) private {
        ++calls[name];
        for (uint256 i; i < _tracked.length; ++i) {
            uint160 seed = audits.epochOf(_tracked[i].epoch).seed;
            if (firstSeed[i] == 0) firstSeed[i] = seed;
            else if (firstSeed[i] != seed) broken = true; // AUD-1
        }
    }
}

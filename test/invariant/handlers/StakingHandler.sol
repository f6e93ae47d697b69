// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDelegationPools} from "../../../contracts/interfaces/IDelegationPools.sol";
import {IStakeManager} from "../../../contracts/interfaces/IStakeManager.sol";
import {Role} from "../../../contracts/types/Role.sol";
import {Base} from "../../utils/Base.t.sol";

/// @title StakingHandler
/// @notice Everything that owners, delegators and cores can do to stake, in any order: the handler itself is a core, so that it locks, releases and slashes what it likes within the rules.
/// @dev A call may only fail for a reason that its handler names; anything else fails the run.
contract StakingHandler is Base {
    /// @notice What a running job may take.
    struct Running {
        uint32 providerId;
        uint96 amount;
    }

    uint256 public constant MEMBERS = 4;

    mapping(bytes32 name => uint256) public calls;
    uint256 public donated;
    /// @notice A slash that raised a price, or anything else that lowered one.
    bool public priceBroken;
    bool public jailedLocked;
    bool public overpaid;

    address[] private _members;
    Running[] private _running;
    uint256[] private _thaws;
    bool private _slashing;

    function start() external {
        setUp();
        c.stakeManager.authorise(address(this), Role.Provider);
        if (c.stakeManager.voter() == address(0)) c.stakeManager.setVoter(address(0xF1));
        for (uint256 i = 0; i < MEMBERS; ++i) {
            address member = address(uint160(1_000 + i));
            _members.push(member);
            _fund(member, 2_000_000e18);
        }
        _fund(owner.addr, 50_000_000e18);
        vm.prank(owner.addr);
        c.stakeManager.openPool(providerId, 2_500, 1_000);
        skip(1);
    }

    /// @dev POL-1: the price of every pool, before and after.
    modifier watched() {
        uint256[4] memory before = _prices();
        _;
        uint256[4] memory afterwards = _prices();
        for (uint256 i = 0; i < 2; ++i) {
            if (before[2 * i + 1] != afterwards[2 * i + 1]) continue; // another pool
            if (_slashing ? afterwards[2 * i] > before[2 * i] : afterwards[2 * i] < before[2 * i]) {
                priceBroken = true;
            }
        }
        _slashing = false;
    }

    // --- Owners ---

    function stake(uint256 which, uint256 amount) external watched {
        vm.prank(owner.addr);
        c.stakeManager.stake(_provider(which), uint96(_bound(amount, 1_000e18, 5_000e18)));
        _count("stake");
    }

    function thaw(uint256 which, uint256 amount) external watched {
        uint32 id = _provider(which);
        IStakeManager.Provider memory provider = c.stakeManager.providerOf(id);
        uint96 active = provider.stake - provider.thawing;
        if (active == 0 || (provider.thawing != 0 && amount % 4 != 0)) return;
        vm.prank(owner.addr);
        c.stakeManager.requestThaw(id, uint96(_bound(amount, 1, active)));
        _count("thaw");
    }

    /// @dev STK-8: what is thawed and not reserved leaves; a wei more does not.
    function withdraw(uint256 which) external watched {
        uint32 id = _provider(which);
        IStakeManager.Provider memory provider = c.stakeManager.providerOf(id);
        if (provider.thawing == 0 || block.timestamp < provider.thawedAt) return;
        uint256 needed = (uint256(provider.reserved) + 9) / 10;
        if (provider.reserved > needed + provider.delegated) {
            needed = provider.reserved - provider.delegated;
        }
        uint256 free = provider.stake > needed ? provider.stake - needed : 0;
        if (free > provider.thawing) free = provider.thawing;
        vm.startPrank(owner.addr);
        vm.expectPartialRevert(IStakeManager.StakeManager_InsufficientStake.selector);
        c.stakeManager.withdraw(id, uint96(free + 1), owner.addr);
        if (free != 0) {
            c.stakeManager.withdraw(id, uint96(free), owner.addr);
            _count("withdraw");
        }
        vm.stopPrank();
    }

    function unjail(uint256 which) external watched {
        uint32 id = _provider(which);
        uint40 until = c.stakeManager.providerOf(id).jailedUntil;
        if (until == 0) return;
        if (block.timestamp < until) vm.warp(until);
        vm.prank(owner.addr);
        c.stakeManager.unjail(id);
        _count("unjail");
    }

    function openPool(uint256 which, uint256 floor) external watched {
        uint32 id = _provider(which);
        vm.prank(owner.addr);
        try c.stakeManager.openPool(id, uint16(floor % 3) * 4_000, uint16(floor % 3_001)) {
            _count("openPool");
        } catch (bytes memory reason) {
            _only(
                reason,
                IDelegationPools.DelegationPools_PoolRunning.selector,
                IDelegationPools.DelegationPools_Reserved.selector
            );
        }
    }

    // --- Delegators ---

    function delegate(uint256 which, uint256 who, uint256 amount) external watched {
        uint32 id = _provider(which);
        uint32 nonce = c.stakeManager.poolNonceOf(id);
        address member = _members[who % MEMBERS];
        // A pool of more than nine times the self-stake is never spent by what may be reserved: one provider's stays below.
        uint256 most = id == providerId ? c.lynToken.balanceOf(member) / 4 + 1 : 100e18;
        amount = _bound(amount, 1, most);
        if (nonce == 0 || c.lynToken.balanceOf(member) < amount) return;
        vm.prank(member);
        try c.stakeManager.delegate(id, nonce, uint96(amount)) {
            _count("delegate");
        } catch (bytes memory reason) {
            _only(reason, IDelegationPools.DelegationPools_Spent.selector, 0);
        }
    }

    function undelegate(uint256 which, uint256 who, uint256 part) external watched {
        uint32 id = _provider(which);
        uint32 nonce = c.stakeManager.poolNonceOf(id);
        if (nonce > 1 && part % 2 == 0) --nonce;
        address member = _members[who % MEMBERS];
        (uint112 shares,,) = c.stakeManager.memberOf(id, nonce, member);
        if (shares == 0) return;
        vm.prank(member);
        _thaws.push(c.stakeManager.undelegate(id, nonce, uint112(_bound(part, 1, shares))));
        _count("undelegate");
    }

    /// @dev POL-4, STK-8: a thawed delegation leaves unless running jobs need it.
    function withdrawDelegation(uint256 which) external watched {
        if (_thaws.length == 0) return;
        uint256 at = which % _thaws.length;
        (IDelegationPools.Thaw memory pending,) = c.stakeManager.thawOf(_thaws[at]);
        if (which % 2 == 0 && block.timestamp < pending.thawedAt) vm.warp(pending.thawedAt);
        _leave(at, pending);
    }

    function _leave(uint256 at, IDelegationPools.Thaw memory pending) private {
        (, uint96 worth) = c.stakeManager.thawOf(_thaws[at]);
        IStakeManager.Provider memory provider = c.stakeManager.providerOf(pending.providerId);
        vm.prank(pending.member);
        try c.stakeManager.withdrawDelegation(_thaws[at], pending.member) returns (uint96 paid) {
            if (paid > worth) overpaid = true;
            _thaws[at] = _thaws[_thaws.length - 1];
            _thaws.pop();
            _count("withdrawDelegation");
        } catch (bytes memory reason) {
            _only(
                reason,
                IDelegationPools.DelegationPools_StillThawing.selector,
                IDelegationPools.DelegationPools_Reserved.selector
            );
            if (bytes4(reason) == IDelegationPools.DelegationPools_Reserved.selector) {
                require(provider.reserved != 0, "nothing is reserved");
            }
        }
    }

    function distribute(uint256 which, uint256 amount) external watched {
        vm.prank(owner.addr);
        c.stakeManager.distribute(_provider(which), uint96(_bound(amount, 1, 1_000e18)));
        _count("distribute");
    }

    /// @dev Nobody can stop a claim.
    function claim(uint256 which, uint256 who) external watched {
        uint32 id = _provider(which);
        uint32 nonce = c.stakeManager.poolNonceOf(id);
        address member = _members[who % MEMBERS];
        (,, uint96 rewards) = c.stakeManager.memberOf(id, nonce, member);
        if (rewards == 0) return;
        vm.prank(member);
        if (c.stakeManager.claim(id, nonce, member) != rewards) overpaid = true;
        _count("claim");
    }

    // --- Cores ---

    function lock(uint256 which, uint256 amount) external watched {
        uint32 id = _provider(which);
        IStakeManager.Provider memory provider = c.stakeManager.providerOf(id);
        uint96 asked = uint96(_bound(amount, 1, uint256(provider.capacity) / 2 + 1));
        try c.stakeManager.reserve(provider.hotKey, asked, 0) {
            _running.push(Running(id, asked));
            if (provider.jailedUntil != 0) jailedLocked = true;
            _count("lock");
        } catch (bytes memory reason) {
            _only(
                reason,
                IStakeManager.StakeManager_Jailed.selector,
                IStakeManager.StakeManager_InsufficientStake.selector
            );
        }
    }

    function release(uint256 which) external watched {
        if (_running.length == 0) return;
        Running memory job = _take(which);
        c.stakeManager.release(job.providerId, job.amount, 1e18);
        _count("release");
    }

    /// @dev STK-3: always in full, whatever happened since the lock.
    function slash(uint256 which, uint256 payout) external watched {
        if (_running.length == 0) return;
        Running memory job = _take(which);
        _slash(job, payout);
    }

    /// @dev Whoever thaws leaves, and all that is left is locked and slashed: only so is a pool ever spent, and another opened. Not `watched`: leaving raises a price by what it rounds down, and then comes the slash.
    function ruin(uint256 which) external {
        uint32 id = _provider(which);
        skip(3 minutes);
        for (uint256 i = _thaws.length; i > 0; --i) {
            (IDelegationPools.Thaw memory pending,) = c.stakeManager.thawOf(_thaws[i - 1]);
            if (pending.providerId == id) _leave(i - 1, pending);
        }
        IStakeManager.Provider memory provider = c.stakeManager.providerOf(id);
        if (provider.thawing != 0 && provider.reserved == 0) {
            vm.prank(owner.addr);
            c.stakeManager.withdraw(id, provider.thawing, owner.addr);
        }
        if (provider.jailedUntil != 0 || provider.capacity <= provider.reserved) return;
        uint96 left = provider.capacity - provider.reserved;
        c.stakeManager.reserve(provider.hotKey, left, 0);
        _running.push(Running(id, left));
        for (uint256 i = _running.length; i > 0; --i) {
            if (_running[i - 1].providerId == id) _slash(_take(i - 1), 0);
        }
        _slashing = false;
        _count("ruin");
    }

    function _slash(Running memory job, uint256 payout) private {
        _slashing = true;
        uint256 most =
            uint256(c.stakeManager.selfPartOf(job.providerId, job.amount, job.amount)) * 4 / 10;
        require(most >= job.amount / 10 * 4 / 10, "self part");
        c.stakeManager
            .slash(
                job.providerId, job.amount, job.amount, uint96(_bound(payout, 0, most)), address(1)
            );
        _count("slash");
    }

    function slashLiveness(uint256 which, uint256 amount) external watched {
        if (_running.length == 0) return;
        Running memory job = _take(which);
        _slashing = true;
        c.stakeManager
            .slashLiveness(
                job.providerId,
                job.amount,
                uint96(_bound(amount, 1, job.amount)),
                uint96(amount % 10e18),
                address(1)
            );
        _count("slashLiveness");
    }

    // --- Others ---

    function donate(uint256 amount) external watched {
        amount = _bound(amount, 1, 1_000e18);
        c.lynToken.transfer(address(c.stakeManager), amount);
        donated += amount;
        _count("donate");
    }

    function pass(uint256 time) external watched {
        skip(_bound(time, 1, 3 minutes));
        _count("pass");
    }

    /// @notice Every job ends and everybody leaves.
    function resolve() external {
        while (_running.length != 0) {
            Running memory job = _take(0);
            c.stakeManager.release(job.providerId, job.amount, 0);
        }
        for (uint32 id = 1; id <= 2; ++id) {
            for (uint32 nonce = 1; nonce <= c.stakeManager.poolNonceOf(id); ++nonce) {
                for (uint256 i = 0; i < MEMBERS; ++i) {
                    (uint112 shares,,) = c.stakeManager.memberOf(id, nonce, _members[i]);
                    if (shares == 0) continue;
                    vm.prank(_members[i]);
                    _thaws.push(c.stakeManager.undelegate(id, nonce, shares));
                }
            }
            IStakeManager.Provider memory provider = c.stakeManager.providerOf(id);
            if (provider.stake == provider.thawing) continue;
            vm.prank(owner.addr);
            c.stakeManager.requestThaw(id, provider.stake - provider.thawing);
        }
        skip(3 minutes);
        for (uint256 i = 0; i < _thaws.length; ++i) {
            (IDelegationPools.Thaw memory pending,) = c.stakeManager.thawOf(_thaws[i]);
            vm.prank(pending.member);
            c.stakeManager.withdrawDelegation(_thaws[i], pending.member);
        }
        delete _thaws;
        for (uint32 id = 1; id <= 2; ++id) {
            uint96 thawing = c.stakeManager.providerOf(id).thawing;
            if (thawing == 0) continue;
            vm.prank(owner.addr);
            c.stakeManager.withdraw(id, thawing, owner.addr);
        }
    }

    // --- Views ---

    function providerAt(uint32 id) external view returns (IStakeManager.Provider memory) {
        return c.stakeManager.providerOf(id);
    }

    function runningOf(uint32 id) external view returns (uint256 total) {
        for (uint256 i = 0; i < _running.length; ++i) {
            if (_running[i].providerId == id) total += _running[i].amount;
        }
    }

    function slashableOf(uint32 id) external view returns (uint256) {
        return c.stakeManager.slashableOf(id);
    }

    function held() external view returns (uint256) {
        return c.lynToken.balanceOf(address(c.stakeManager));
    }

    /// @notice Self-stake, pools and unclaimed rewards.
    function booked() public view returns (uint256 total) {
        for (uint32 id = 1; id <= 2; ++id) {
            total += _stakeOf(id) + pooled(id);
        }
    }

    function pooled(uint32 id) public view returns (uint256 total) {
        for (uint32 nonce = 1; nonce <= c.stakeManager.poolNonceOf(id); ++nonce) {
            IDelegationPools.Pool memory pool = c.stakeManager.poolOf(id, nonce);
            total += uint256(pool.assets) + pool.unclaimed;
        }
    }

    /// @notice What members are owed, and what is kept for them.
    function owed() external view returns (uint256 rewards, uint256 kept) {
        for (uint32 id = 1; id <= 2; ++id) {
            for (uint32 nonce = 1; nonce <= c.stakeManager.poolNonceOf(id); ++nonce) {
                kept += c.stakeManager.poolOf(id, nonce).unclaimed;
                for (uint256 i = 0; i < MEMBERS; ++i) {
                    (,, uint96 one) = c.stakeManager.memberOf(id, nonce, _members[i]);
                    rewards += one;
                }
            }
        }
    }

    /// @notice POL-6: votes of a past second, of everybody, and what the voter had then.
    function votes() external view returns (uint256 total, uint256 members, uint256 supply) {
        uint40 time = uint40(block.timestamp) - 1;
        for (uint32 id = 1; id <= 2; ++id) {
            for (uint32 nonce = 0; nonce <= c.stakeManager.poolNonceOf(id); ++nonce) {
                total += c.stakeManager.poolVotesAt(id, nonce, time);
                members += c.stakeManager.votesAt(id, nonce, owner.addr, time);
                for (uint256 i = 0; i < MEMBERS; ++i) {
                    members += c.stakeManager.votesAt(id, nonce, _members[i], time);
                }
            }
        }
        supply = c.lynToken.getPastVotes(c.stakeManager.voter(), time);
    }

    // --- Internals ---

    function _provider(uint256 which) private view returns (uint32) {
        return which % 3 == 0 ? otherProviderId : providerId;
    }

    function _take(uint256 which) private returns (Running memory job) {
        uint256 at = which % _running.length;
        job = _running[at];
        _running[at] = _running[_running.length - 1];
        _running.pop();
    }

    /// @dev Price of the running pool of each provider, times 2^96, and its nonce.
    function _prices() private view returns (uint256[4] memory prices) {
        for (uint32 i = 0; i < 2; ++i) {
            uint32 nonce = c.stakeManager.poolNonceOf(i + 1);
            prices[2 * i + 1] = nonce;
            if (nonce == 0) continue;
            IDelegationPools.Pool memory pool = c.stakeManager.poolOf(i + 1, nonce);
            prices[2 * i] = ((uint256(pool.assets) + 1) << 96) / (uint256(pool.shares) + 1_000);
        }
    }

    function _only(bytes memory reason, bytes4 one, bytes4 two) private pure {
        bytes4 selector = bytes4(reason);
        require(selector == one || selector == two, string(reason));
    }

    function _count(bytes32 name) private {
        ++calls[name];
    }
}

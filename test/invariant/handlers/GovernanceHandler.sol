// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";

import {IParameters} from "../../../contracts/interfaces/IParameters.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Actor} from "../../utils/Base.t.sol";
import {Governed} from "../../utils/Governed.t.sol";

/// @title GovernanceHandler
/// @notice Proposals through the real governor and timelock, votes, a guardian that tries what it can, jobs that run meanwhile, burns and transfers.
contract GovernanceHandler is Governed {
    uint256 public constant MAX_PROPOSALS = 12;

    uint256 public supply;
    bool public supplyRose;
    bool public votesExceeded;
    bool public creditFell;
    bool public jobReached;
    bool public exitBlocked;
    mapping(bytes32 name => uint256) public calls;

    Proposal[] private _proposals;
    uint256[] private _ids;
    Order[] private _running;
    uint256[] private _finalAt;

    /// @dev Called by the invariant test only.
    function start() external {
        setUp();
        supply = c.lynToken.totalSupply();
        _fund(stranger.addr, 1_000e18);
        vm.prank(stranger.addr);
        c.ledger.deposit(lyn, stranger.addr, 1_000e18);
    }

    // --- Proposals ---

    function propose(uint256 seed, uint256 value) external {
        if (_ids.length == MAX_PROPOSALS) return;
        bytes32[] memory names = c.parameters.names();
        Proposal memory proposal = _scheduling(names[seed % names.length], value);
        if (seed % 7 == 0) {
            proposal = _replacing(guardian.addr, uint48(block.timestamp + 1 days));
        } else if (seed % 7 == 1) {
            proposal = _proposal(
                address(c.parameters), abi.encodeCall(IParameters.setIntakePause, (0)), ""
            );
        } else if (value % 2 == 0) {
            // Within bounds, so that some get through.
            bytes32 name = names[seed % names.length];
            uint256 now_ = c.parameters.valueOf(name);
            proposal = _scheduling(name, value % 4 == 0 ? now_ + 1 : now_ - (now_ == 0 ? 0 : 1));
        }
        proposal.description = vm.toString(_ids.length);
        _ids.push(_propose(proposal));
        _proposals.push(proposal);
        _count("propose");
    }

    function vote(uint256 seed, uint256 support) external {
        (bool found, uint256 at) = _find(seed, IGovernor.ProposalState.Active);
        if (!found) return;
        Actor[4] memory actors = [whale, rival, second, minnow];
        Actor memory by = actors[seed % 4];
        if (governor.hasVoted(_ids[at], by.addr)) return;
        _vote(by, _ids[at], uint8(support % 3));
        (uint256 against, uint256 for_, uint256 abstain) = governor.proposalVotes(_ids[at]);
        if (against + for_ + abstain > supply) votesExceeded = true;
        _count("vote");
    }

    function queue(uint256 seed) external {
        (bool found, uint256 at) = _find(seed, IGovernor.ProposalState.Succeeded);
        if (!found) return;
        _queue(_proposals[at]);
        _count("queue");
    }

    /// @dev What a proposal does may be refused by what it changes; it never touches what anybody has.
    function execute(uint256 seed) external {
        (bool found, uint256 at) = _find(seed, IGovernor.ProposalState.Queued);
        if (!found || block.timestamp < governor.proposalEta(_ids[at])) return;
        uint256 credit = _free(stranger.addr) + _free(owner.addr) + _committed(requester.addr);
        Proposal memory p = _proposals[at];
        try governor.execute(p.targets, p.values, p.calldatas, keccak256(bytes(p.description))) {
            _count("execute");
        } catch {
            _count("execute, refused");
        }
        if (_free(stranger.addr) + _free(owner.addr) + _committed(requester.addr) < credit) {
            creditFell = true;
        }
    }

    function publish() external {
        vm.prank(stranger.addr);
        try c.parameters.publish() {
            _count("publish");
        } catch (bytes memory reason) {
            assertEq(bytes4(reason), IParameters.Parameters_NothingToPublish.selector);
        }
    }

    // --- The guardian ---

    function pause() external {
        vm.prank(guardian.addr);
        try c.parameters.pauseIntake() {
            _count("pause");
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            assertTrue(
                selector == IParameters.Parameters_PauseUsed.selector
                    || selector == IParameters.Parameters_NotGuardian.selector
            );
        }
    }

    function cancel(uint256 seed) external {
        if (seed % 3 != 0) return;
        (bool found, uint256 at) = _find(seed, IGovernor.ProposalState.Queued);
        if (!found) return;
        bool about = _proposals[at].targets[0] == address(governor);
        Proposal memory p = _proposals[at];
        vm.prank(guardian.addr);
        try governor.cancel(p.targets, p.values, p.calldatas, keccak256(bytes(p.description))) {
            assertFalse(about, "GOV-4");
            _count("cancel");
        } catch {
            assertTrue(about || governor.guardian() != guardian.addr);
        }
    }

    // --- Jobs and exits ---

    function lock() external {
        if (_running.length == 8) return;
        Order memory order = _order();
        order.minPrice = 5e18;
        order.maxPrice = 5e18;
        order.collateral = 100_000e18;
        order.verificationFee = 10e18;
        order.maxTotal = 100e18;
        bytes memory signature = _sign(order);
        Actor memory hotKey = _running.length % 2 == 0 ? hot : otherHot;
        vm.prank(hotKey.addr);
        try c.jobMarket.lock(order, signature) returns (bytes32 jobId) {
            _seedEpoch();
            vm.prank(hotKey.addr);
            c.jobMarket.deliver(jobId, RESULT);
            _running.push(order);
            _finalAt.push(block.timestamp + c.jobMarket.jobOf(jobId).window);
            _count("lock");
        } catch {
            _count("lock, refused");
        }
    }

    /// @dev A running job ends as it was locked, whatever was voted or paused since.
    function settle() external {
        if (_running.length == 0) return;
        Order memory order = _running[_running.length - 1];
        if (block.timestamp < _finalAt[_finalAt.length - 1]) return;
        try c.jobMarket.settle(order) {
            _count("settle");
        } catch {
            jobReached = true;
        }
        _running.pop();
        _finalAt.pop();
    }

    /// @dev PAR-6, LED-3: in every state somebody can leave with what is theirs.
    function leave(uint256 seed) external {
        vm.prank(stranger.addr);
        try c.ledger.withdraw(lyn, 1 + seed % 1e18, stranger.addr) {}
        catch {
            exitBlocked = true;
        }
        vm.prank(owner.addr);
        try c.stakeManager.requestThaw(providerId, 1) {}
        catch {
            exitBlocked = true;
        }
        _count("leave");
    }

    function burn(uint256 amount) external {
        c.lynToken.burn(amount % 1_000e18);
        if (c.lynToken.totalSupply() > supply) supplyRose = true;
        supply = c.lynToken.totalSupply();
        _count("burn");
    }

    function pass(uint256 seconds_) external {
        skip(seconds_ % 5 == 0 ? 1 hours : _bound(seconds_, 1, 40));
        _count("pass");
    }

    function proposals() external view returns (uint256) {
        return _ids.length;
    }

    function totalVotes(uint256 at) external view returns (uint256) {
        (uint256 against, uint256 for_, uint256 abstain) = governor.proposalVotes(_ids[at]);
        return against + for_ + abstain;
    }

    /// @notice Every parameter is within its bounds.
    function inBounds() external view returns (bool) {
        bytes32[] memory names = c.parameters.names();
        for (uint256 i = 0; i < names.length; ++i) {
            IParameters.Bounds memory bounds = c.parameters.boundsOf(names[i]);
            uint256 value = c.parameters.parameterOf(names[i]).value;
            if (value < bounds.minimum || value > bounds.maximum) return false;
        }
        return true;
    }

    function _find(uint256 seed, IGovernor.ProposalState wanted)
        private
        view
        returns (bool, uint256)
    {
        uint256 count = _ids.length;
        for (uint256 i = 0; i < count; ++i) {
            uint256 at = (seed % count + i) % count;
            if (governor.state(_ids[at]) == wanted) return (true, at);
        }
        return (false, 0);
    }

    function _count(bytes32 name) private {
        ++calls[name];
    }
}

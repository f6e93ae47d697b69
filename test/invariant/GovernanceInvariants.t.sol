// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {GovernanceHandler} from "./handlers/GovernanceHandler.sol";

/// @title GovernanceInvariants
/// @notice What holds whatever is proposed, voted, paused and canceled: test/invariant/README.md.
contract GovernanceInvariantsTest is Test {
    GovernanceHandler private h;

    bytes4[] private _selectors = [
        GovernanceHandler.propose.selector,
        GovernanceHandler.propose.selector,
        GovernanceHandler.vote.selector,
        GovernanceHandler.vote.selector,
        GovernanceHandler.vote.selector,
        GovernanceHandler.queue.selector,
        GovernanceHandler.queue.selector,
        GovernanceHandler.execute.selector,
        GovernanceHandler.execute.selector,
        GovernanceHandler.publish.selector,
        GovernanceHandler.pause.selector,
        GovernanceHandler.cancel.selector,
        GovernanceHandler.lock.selector,
        GovernanceHandler.settle.selector,
        GovernanceHandler.leave.selector,
        GovernanceHandler.burn.selector,
        GovernanceHandler.pass.selector,
        GovernanceHandler.pass.selector,
        GovernanceHandler.pass.selector
    ];

    function setUp() public {
        h = new GovernanceHandler();
        h.start();
        targetContract(address(h));
        targetSelector(FuzzSelector(address(h), _selectors));
    }

    function invariant_TOK1_TheSupplyOnlyFalls() public view {
        assertFalse(h.supplyRose());
    }

    function invariant_GOV6_VotesAreWithinTheSupply() public view {
        assertFalse(h.votesExceeded());
    }

    function invariant_PAR1_ParametersAreWithinBounds() public view {
        assertTrue(h.inBounds());
    }

    function invariant_PAR2_GovernanceReachesNoRunningJobAndNoCredit() public view {
        assertFalse(h.jobReached());
        assertFalse(h.creditFell());
    }

    function invariant_PAR6_NoExitIsBlocked() public view {
        assertFalse(h.exitBlocked());
    }

    /// @dev A fixed walk, so that it cannot fail by chance.
    function test_EveryHandlerRuns() public {
        uint256 random = 7;
        string[12] memory names = [
            "propose",
            "vote",
            "queue",
            "execute",
            "publish",
            "pause",
            "cancel",
            "lock",
            "settle",
            "leave",
            "burn",
            "pass"
        ];
        uint256[12] memory counts;
        // Several walks from the start: the guardian's term is over in each after a while.
        for (uint256 round = 0; round < 12; ++round) {
            uint256 state = vm.snapshotState();
            for (uint256 i = 0; i < 400; ++i) {
                random = uint256(keccak256(abi.encode(random)));
                (bool ok, bytes memory reason) = address(h)
                    .call(
                        abi.encodePacked(
                            _selectors[random % _selectors.length],
                            random >> 8,
                            keccak256(abi.encode(random, 1))
                        )
                    );
                assertTrue(ok, vm.toString(reason));
            }
            _checkAll();
            for (uint256 i = 0; i < names.length; ++i) {
                counts[i] += h.calls(bytes32(bytes(names[i])));
            }
            vm.revertToState(state);
        }
        for (uint256 i = 0; i < names.length; ++i) {
            assertGe(counts[i], 1, names[i]);
        }
    }

    function _checkAll() private view {
        invariant_TOK1_TheSupplyOnlyFalls();
        invariant_GOV6_VotesAreWithinTheSupply();
        invariant_PAR1_ParametersAreWithinBounds();
        invariant_PAR2_GovernanceReachesNoRunningJobAndNoCredit();
        invariant_PAR6_NoExitIsBlocked();
    }
}

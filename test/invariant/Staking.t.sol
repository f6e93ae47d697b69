// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {IStakeManager} from "../../contracts/interfaces/IStakeManager.sol";
import {StakingHandler} from "./handlers/StakingHandler.sol";

/// @title Staking
/// @notice What holds of stake and delegation after any sequence of calls: test/invariant/README.md.
contract StakingInvariantsTest is Test {
    StakingHandler private h;

    bytes4[] private _selectors = [
        StakingHandler.stake.selector,
        StakingHandler.thaw.selector,
        StakingHandler.withdraw.selector,
        StakingHandler.unjail.selector,
        StakingHandler.openPool.selector,
        StakingHandler.delegate.selector,
        StakingHandler.delegate.selector,
        StakingHandler.undelegate.selector,
        StakingHandler.withdrawDelegation.selector,
        StakingHandler.distribute.selector,
        StakingHandler.claim.selector,
        StakingHandler.lock.selector,
        StakingHandler.lock.selector,
        StakingHandler.lock.selector,
        StakingHandler.release.selector,
        StakingHandler.slash.selector,
        StakingHandler.slashLiveness.selector,
        StakingHandler.donate.selector,
        StakingHandler.pass.selector,
        StakingHandler.ruin.selector
    ];

    function setUp() public {
        h = new StakingHandler();
        h.start();
        targetContract(address(h));
        targetSelector(FuzzSelector(address(h), _selectors));
    }

    function invariant_STK1_StakeIsHeld() public view {
        assertEq(h.held(), h.booked() + h.donated());
    }

    function invariant_STK2_SlashableCoversRunningJobs() public view {
        for (uint32 id = 1; id <= 2; ++id) {
            IStakeManager.Provider memory provider = h.providerAt(id);
            uint256 running = h.runningOf(id);
            assertEq(provider.reserved, running);
            assertGe(h.slashableOf(id), running, "all of it can be taken");
            assertGe(uint256(provider.stake) * 10, running, "a tenth of it from the owner");
        }
    }

    function invariant_STK5_JailedLockNothing() public view {
        assertFalse(h.jailedLocked());
    }

    function invariant_POL1_PricesMoveOneWay() public view {
        assertFalse(h.priceBroken());
    }

    function invariant_POL5_RewardsAreCovered() public view {
        assertFalse(h.overpaid());
        (uint256 rewards, uint256 kept) = h.owed();
        assertLe(rewards, kept);
    }

    function invariant_POL6_VotesAreHeld() public view {
        (uint256 total, uint256 members, uint256 voter) = h.votes();
        assertLe(members, total);
        assertLe(total, voter);
    }

    /// @dev Everybody can leave, and only dust stays (LYN wei: roundings of claims and withdrawals).
    function afterInvariant() public {
        h.resolve();
        _checkResolved();
    }

    function _checkResolved() private view {
        assertEq(h.held(), h.booked() + h.donated());
        for (uint32 id = 1; id <= 2; ++id) {
            assertEq(h.providerAt(id).stake, 0);
        }
        (uint256 rewards, uint256 kept) = h.owed();
        assertEq(rewards, 0);
        assertLe(kept + _assets(), 1e12);
    }

    function _assets() private view returns (uint256) {
        (, uint256 kept) = h.owed();
        return h.pooled(1) + h.pooled(2) - kept;
    }

    /// @dev A fixed walk, so that it cannot fail by chance: each handler gets through at least this often.
    function test_EveryHandlerRuns() public {
        uint256 random = 1;
        for (uint256 i = 0; i < 3_000; ++i) {
            random = uint256(keccak256(abi.encode(random)));
            (bool ok, bytes memory reason) = address(h)
                .call(
                    abi.encodePacked(
                        _selectors[random % _selectors.length],
                        random >> 8,
                        keccak256(abi.encode(random, 1)),
                        keccak256(abi.encode(random, 2))
                    )
                );
            assertTrue(ok, vm.toString(reason));
            if (i % 50 == 0) {
                invariant_STK1_StakeIsHeld();
                invariant_STK2_SlashableCoversRunningJobs();
                invariant_POL6_VotesAreHeld();
            }
        }
        bytes32[17] memory names = [
            bytes32("stake"),
            "thaw",
            "withdraw",
            "unjail",
            "openPool",
            "delegate",
            "undelegate",
            "withdrawDelegation",
            "distribute",
            "claim",
            "lock",
            "release",
            "slash",
            "slashLiveness",
            "donate",
            "pass",
            "ruin"
        ];
        for (uint256 i = 0; i < names.length; ++i) {
            assertGe(h.calls(names[i]), 2, string(abi.encodePacked(names[i])));
        }
        h.resolve();
        _checkResolved();
        assertFalse(h.priceBroken() || h.jailedLocked() || h.overpaid());
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test, console} from "forge-std/Test.sol";

import {IStakeManager} from "../../contracts/interfaces/IStakeManager.sol";
import {MarketHandler} from "./handlers/MarketHandler.sol";

/// @title MarketInvariants
/// @notice What holds after any sequence of calls by any way in: test/invariant/README.md.
contract MarketInvariantsTest is Test {
    MarketHandler private h;
    address private lyn;
    address private dollar;

    bytes4[] private _selectors = [
        MarketHandler.lockRamp.selector,
        MarketHandler.lockRamp.selector,
        MarketHandler.lockNamed.selector,
        MarketHandler.lockShard.selector,
        MarketHandler.lockByPermit.selector,
        MarketHandler.makeOffer.selector,
        MarketHandler.fillOffer.selector,
        MarketHandler.fillOffer.selector,
        MarketHandler.cancelOffer.selector,
        MarketHandler.openAuction.selector,
        MarketHandler.placeBid.selector,
        MarketHandler.placeBid.selector,
        MarketHandler.placeBid.selector,
        MarketHandler.revealBid.selector,
        MarketHandler.revealBid.selector,
        MarketHandler.lockWinner.selector,
        MarketHandler.closeBid.selector,
        MarketHandler.closeAuction.selector,
        MarketHandler.cancelOrder.selector,
        MarketHandler.replay.selector,
        MarketHandler.relock.selector,
        MarketHandler.decline.selector,
        MarketHandler.deliver.selector,
        MarketHandler.deliver.selector,
        MarketHandler.deliver.selector,
        MarketHandler.settle.selector,
        MarketHandler.settleMany.selector,
        MarketHandler.keep.selector,
        MarketHandler.sweep.selector,
        MarketHandler.expireLock.selector,
        MarketHandler.refund.selector,
        MarketHandler.convict.selector,
        MarketHandler.voidExecution.selector,
        MarketHandler.callBack.selector,
        MarketHandler.reclaim.selector,
        MarketHandler.withdraw.selector,
        MarketHandler.pass.selector,
        MarketHandler.pass.selector
    ];

    bytes32[] private _names = [
        bytes32("lockRamp"),
        "lockNamed",
        "lockShard",
        "lockByPermit",
        "makeOffer",
        "fillOffer",
        "cancelOffer",
        "openAuction",
        "placeBid",
        "revealBid",
        "lockWinner",
        "closeBid",
        "closeAuction",
        "cancelOrder",
        "replay",
        "relock",
        "decline",
        "deliver",
        "settle",
        "settleMany",
        "keep",
        "sweep",
        "expireLock",
        "refund",
        "convict",
        "void",
        "callBack",
        "reclaim",
        "withdraw",
        "pass"
    ];

    mapping(bytes32 name => uint256) private _total;

    function setUp() public {
        h = new MarketHandler();
        h.start();
        lyn = h.lynOf();
        dollar = address(h.dollar());
        targetContract(address(h));
        targetSelector(FuzzSelector(address(h), _selectors));
    }

    /// @dev All at once, so that one run serves every property.
    /// forge-config: default.invariant.runs = 16
    /// forge-config: default.invariant.depth = 96
    function invariant_LED1_STK3_MKT1_MKT2_MKT5_OFF1_SEA1_SEA2() public view {
        _checkMoney();
        _checkCollateral();
        _checkJobs();
        assertFalse(h.overfilled(), "OFF-1, MKT-5");
    }

    /// @dev LED-1, SEA-1: accounts, open jobs, unpaid callback fees and bonds of auctions, to the wei, at any moment.
    function _checkMoney() private view {
        assertEq(h.ledgerHolds(dollar), h.accounts(dollar) + h.escrow(dollar), "dollar");
        assertEq(h.ledgerHolds(lyn), h.accounts(lyn) + h.escrow(lyn) + h.bonds(), "LYN");
    }

    /// @dev STK-3, SEA-2: what is reserved is exactly the collateral of running jobs and open bids.
    function _checkCollateral() private view {
        for (uint32 id = 1; id <= h.providers(); ++id) {
            IStakeManager.Provider memory provider = h.providerAt(id);
            assertEq(provider.reserved, h.collateralOf(id));
            assertLe(provider.reserved, provider.stake);
        }
    }

    /// @dev MKT-1, MKT-2: one way out of escrow a job, one payment at most, no forbidden arrow.
    function _checkJobs() private view {
        for (uint256 i = 0; i < h.jobs(); ++i) {
            assertEq(h.exitsOf(i), h.isClosed(i) ? 1 : 0);
            assertEq(h.paidOf(i), h.isSettled(i) ? 1 : 0);
        }
        assertFalse(h.arrowBroken());
    }

    function afterInvariant() public {
        h.resolve();
        _checkResolved();
    }

    /// @dev Once all is closed, nothing is held that is nobody's.
    function _checkResolved() private view {
        assertEq(h.escrow(lyn) + h.escrow(dollar) + h.bonds(), 0, "held");
        _checkMoney();
        _checkCollateral();
        _checkJobs();
    }

    /// @dev A fixed walk, so that it cannot fail by chance: each handler gets through at least this often.
    function test_EveryHandlerRuns() public {
        uint256 random = 1;
        for (uint256 round = 0; round < 20; ++round) {
            uint256 state = vm.snapshotState();
            uint256[] memory counts = new uint256[](_names.length);
            for (uint256 i = 0; i < 300; ++i) {
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
            }
            _checkMoney();
            h.resolve();
            _checkResolved();
            for (uint256 i = 0; i < _names.length; ++i) {
                counts[i] = h.calls(_names[i]);
            }
            vm.revertToState(state);
            for (uint256 i = 0; i < _names.length; ++i) {
                _total[_names[i]] += counts[i];
            }
        }
        for (uint256 i = 0; i < _names.length; ++i) {
            console.log(string(abi.encodePacked(_names[i])), _total[_names[i]]);
            assertGe(_total[_names[i]], 2, string(abi.encodePacked(_names[i])));
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {PoolShares} from "../../../contracts/staking/PoolShares.sol";

/// @notice What `npm run prove` has no answer to: a deposit into a pool that is not spent never lowers what a slash may take (STK-2).
contract PoolSharesTest is Test {
    function _check(uint256 amount, uint256 assets, uint256 shares, uint256 floorBps)
        private
        pure
        returns (bool)
    {
        if (PoolShares.isSpent(assets, shares, floorBps)) return false;
        uint256 minted = PoolShares.toShares(amount, assets, shares);
        assertGe(
            PoolShares.slashableOf(assets + amount, shares + minted, floorBps),
            PoolShares.slashableOf(assets, shares, floorBps)
        );
        return true;
    }

    /// Every pool of up to 12 wei, at every price in steps of an eighth of a wei, every deposit of up to 8 wei.
    function test_EverySmallDepositKeepsTheSlashable() external pure {
        uint256[5] memory floors = [uint256(0), 1, 2_500, 5_000, 9_000];
        uint256 tried;
        for (uint256 i = 0; i < floors.length; ++i) {
            for (uint256 assets = 0; assets <= 12; ++assets) {
                for (uint256 shares = assets * 1_000; shares <= 24_000; shares += 125) {
                    for (uint256 amount = 1; amount <= 8; ++amount) {
                        if (_check(amount, assets, shares, floors[i])) ++tried;
                    }
                }
            }
        }
        assertGt(tried, 20_000);
    }

    function testFuzz_DepositsKeepTheSlashable(
        uint96 amount,
        uint96 assets,
        uint112 shares,
        uint16 floorBps
    ) external pure {
        floorBps = uint16(bound(floorBps, 0, 9_000));
        uint256 all = bound(assets, 0, 1e27);
        // Prices from a thousandth of the first to the first itself.
        uint256 held = bound(shares, all * 1_000, all * 1_000_000);
        _check(bound(amount, 1, 1e27), all, held, floorBps);
    }
}

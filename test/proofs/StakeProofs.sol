// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PoolShares} from "../../contracts/staking/PoolShares.sol";
import {SlashSplit} from "../../contracts/staking/SlashSplit.sol";

/// @title StakeProofs
/// @notice Theorems about the arithmetic of stake, for the SMTChecker (`npm run prove`): every assertion, overflow and division holds for all inputs that the requirements admit.
/// @dev One is missing: that a deposit into a pool that is not spent never lowers what a slash may take (STK-2). z3 gives no answer to it (products of three unknowns under two roundings); test/unit/PoolShares tries a
/// whole small domain instead, and random values of the full one.
contract StakeProofs {
    uint256 private constant MAX = 2 ** 96;

    /// STK-2: what may be reserved is covered, and a tenth of it is self-stake.
    function capacityIsCovered(uint256 self, uint256 delegated, uint256 minimum) external pure {
        require(self < MAX && delegated < MAX && minimum < MAX);
        uint256 capacity = SlashSplit.capacityOf(self, delegated, minimum);
        assert(capacity <= self + delegated);
        assert(SlashSplit.selfNeeded(capacity) <= self);
    }

    /// STK-2, STK-3: a slash of what a job reserved can always be taken in full, a tenth of it from self-stake, and leaves the others covered in the same way.
    function slashLeavesOthersWhole(
        uint256 self,
        uint256 delegated,
        uint256 reserved,
        uint256 others,
        uint256 amount
    ) external pure {
        require(self < MAX && delegated < MAX && reserved < MAX && others < MAX);
        uint256 all = reserved + others;
        require(all <= self + delegated && SlashSplit.selfNeeded(all) <= self);
        require(amount <= reserved);
        uint256 selfPart = SlashSplit.selfPartOf(self, others, amount);
        assert(selfPart <= amount && selfPart <= self);
        assert(selfPart >= amount / 10);
        assert(amount - selfPart <= delegated);
        assert(others <= self + delegated - amount);
        assert(SlashSplit.selfNeeded(others) <= self - selfPart);
    }

    /// STK-3: of a verifier also what nobody reserved.
    function slashOfAVerifierIsCovered(
        uint256 self,
        uint256 delegated,
        uint256 others,
        uint256 amount
    ) external pure {
        require(self < MAX && delegated < MAX && others < MAX);
        require(others <= self + delegated && SlashSplit.selfNeeded(others) <= self);
        require(amount <= self + delegated - others);
        uint256 selfPart = SlashSplit.selfPartOf(self, others, amount);
        assert(amount - selfPart <= delegated);
        assert(SlashSplit.selfNeeded(others) <= self - selfPart);
    }

    /// STK-4: a payout is at most 0.4 of the self-stake slashed.
    function payoutIsBounded(uint256 selfPart) external pure {
        require(selfPart < MAX);
        uint256 payout = SlashSplit.maxPayoutOf(selfPart);
        assert(payout * 10 <= selfPart * 4);
    }

    /// POL-1: a deposit never lowers the price, (assets + 1) / (shares + 1,000).
    function depositKeepsThePrice(uint256 amount, uint256 assets, uint256 shares) external pure {
        require(amount < 2 ** 90 && assets < 2 ** 90 && shares < 2 ** 112);
        uint256 minted = PoolShares.toShares(amount, assets, shares);
        assert(minted * (assets + 1) <= amount * (shares + 1_000));
    }

    /// POL-1: a withdrawal pays no more than the price.
    function withdrawalKeepsThePrice(uint256 part, uint256 assets, uint256 shares) external pure {
        require(assets < 2 ** 90 && shares < 2 ** 112 && part <= shares);
        uint256 paid = PoolShares.toAssets(part, assets, shares);
        assert(paid * (shares + 1_000) <= part * (assets + 1));
    }

    /// STK-1: nobody is paid more than there is.
    function withdrawalIsCovered(uint256 part, uint256 assets, uint256 shares) external pure {
        require(assets < 2 ** 90 && shares < 2 ** 112 && part <= shares);
        assert(PoolShares.toAssets(part, assets, shares) <= assets);
    }

    /// POL-2: a slash of what is slashable leaves the floor.
    function slashLeavesTheFloor(uint256 amount, uint256 assets, uint256 shares, uint256 floorBps)
        external
        pure
    {
        require(assets < 2 ** 90 && shares < 2 ** 112 && floorBps <= 9_000);
        uint256 slashable = PoolShares.slashableOf(assets, shares, floorBps);
        require(amount <= slashable && slashable != 0);
        assert((assets - amount) * 10_000_000 >= shares * floorBps);
        assert(PoolShares.slashableOf(assets - amount, shares, floorBps) == slashable - amount);
    }

    /// STK-2: what does not thaw is no more than all.
    function activeIsAPart(uint256 slashable, uint256 shares, uint256 thawing) external pure {
        require(slashable < 2 ** 90 && shares < 2 ** 112 && thawing <= shares);
        assert(PoolShares.activeOf(slashable, shares, thawing) <= slashable);
    }

    /// Not true, so that a solver that agrees with everything is noticed.
    function isFalse(uint256 part, uint256 assets, uint256 shares) external pure {
        require(assets < 2 ** 90 && shares < 2 ** 112 && part <= shares);
        assert(PoolShares.toAssets(part, assets, shares) < assets);
    }
}

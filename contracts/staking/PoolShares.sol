// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title PoolShares
/// @notice The arithmetic of a delegation pool. 1 wei is 1,000 shares until the first slash, and the price only falls: rewards are paid beside it.
/// @dev Virtual shares and one virtual wei are always there: nobody can make the first share dear, and no pool divides by zero. All operands are below 2^112, so nothing here overflows.
/// PROPERTIES: POL-1, POL-2 (proved: tools/prove.js).
library PoolShares {
    uint256 internal constant VIRTUAL_SHARES = 1_000;
    uint256 internal constant VIRTUAL_ASSETS = 1;

    uint256 private constant BPS = 10_000;

    /// @dev How far above its floor a price still counts as fallen to it, of the price of the first share.
    uint256 private constant SPENT_PART = 1_024;

    /// @notice Shares for a deposit, rounded down.
    function toShares(uint256 amount, uint256 assets, uint256 shares)
        internal
        pure
        returns (uint256)
    {
        return amount * (shares + VIRTUAL_SHARES) / (assets + VIRTUAL_ASSETS);
    }

    /// @notice What some of the shares are worth, rounded down.
    /// @dev At most `assets`, since below assets + 1.
    function toAssets(uint256 part, uint256 assets, uint256 shares)
        internal
        pure
        returns (uint256)
    {
        return part * (assets + VIRTUAL_ASSETS) / (shares + VIRTUAL_SHARES);
    }

    /// @notice What a slash may take: assets above the floor.
    function slashableOf(uint256 assets, uint256 shares, uint256 floorBps)
        internal
        pure
        returns (uint256)
    {
        uint256 divisor = VIRTUAL_SHARES * BPS;
        uint256 floor = (shares * floorBps + divisor - 1) / divisor;
        return assets > floor ? assets - floor : 0;
    }

    /// @notice The part of `slashable` that belongs to shares that do not thaw, rounded down.
    function activeOf(uint256 slashable, uint256 shares, uint256 thawing)
        internal
        pure
        returns (uint256)
    {
        return shares == 0 ? 0 : slashable * (shares - thawing) / shares;
    }

    /// @notice Whether the price has fallen to the floor. Above it a deposit never lowers what a slash may take.
    function isSpent(uint256 assets, uint256 shares, uint256 floorBps)
        internal
        pure
        returns (bool)
    {
        return (assets + VIRTUAL_ASSETS) * VIRTUAL_SHARES * BPS * SPENT_PART
            < (shares + VIRTUAL_SHARES) * (floorBps * SPENT_PART + BPS);
    }
}

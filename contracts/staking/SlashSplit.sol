// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title SlashSplit
/// @notice Who loses how much by a slash (D1): every reservation has a tenth of it in self-stake, whatever happens to the others.
/// @dev All operands are below 2^96. PROPERTIES: STK-2, STK-3, STK-4 (proved: tools/prove.js).
library SlashSplit {
    /// @notice Least self-stake of what is reserved: a part of it.
    uint256 internal constant SELF_PART = 10;

    /// @notice D1: most that a slash may pay out, of the self-stake slashed.
    uint256 internal constant MAX_PAYOUT_BPS = 4_000;

    uint256 private constant BPS = 10_000;

    /// @notice What may be reserved of stake that does not thaw.
    /// @param minimum Below so much self-stake nothing is.
    function capacityOf(uint256 self, uint256 delegated, uint256 minimum)
        internal
        pure
        returns (uint256)
    {
        if (self < minimum) return 0;
        uint256 whole = self + delegated;
        return whole < self * SELF_PART ? whole : self * SELF_PART;
    }

    /// @notice Self-stake that reservations need, rounded up.
    function selfNeeded(uint256 reserved) internal pure returns (uint256) {
        return (reserved + SELF_PART - 1) / SELF_PART;
    }

    /// @notice The owner's part of a slash: all of it, as far as the other reservations do not need the self-stake.
    /// @param others What remains reserved.
    function selfPartOf(uint256 self, uint256 others, uint256 amount)
        internal
        pure
        returns (uint256)
    {
        uint256 needed = selfNeeded(others);
        uint256 free = self > needed ? self - needed : 0;
        return amount < free ? amount : free;
    }

    /// @notice Most that a slash may pay out.
    function maxPayoutOf(uint256 selfPart) internal pure returns (uint256) {
        return selfPart * MAX_PAYOUT_BPS / BPS;
    }
}

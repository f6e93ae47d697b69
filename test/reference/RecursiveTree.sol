// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title RecursiveTree
/// @notice RFC 9162 section 2.1.1 word for word: the slow, readable twin of `MerkleTree`.
library RecursiveTree {
    function root(bytes[] memory data) internal pure returns (bytes32) {
        if (data.length == 0) return sha256("");
        return range(data, 0, data.length);
    }

    function range(bytes[] memory data, uint256 from, uint256 to) internal pure returns (bytes32) {
        uint256 size = to - from;
        if (size == 1) return sha256(bytes.concat(hex"00", data[from]));
        uint256 split = 1;
        while (split * 2 < size) split *= 2;
        return sha256(
            bytes.concat(hex"01", range(data, from, from + split), range(data, from + split, to))
        );
    }

    /// @notice Siblings that a multiproof of the marked leaves needs, as whole subtrees: every maximal subtree without a marked leaf.
    function siblings(bytes[] memory data, bool[] memory marked) internal pure returns (uint256) {
        return _siblings(data, marked, 0, data.length);
    }

    function _siblings(bytes[] memory data, bool[] memory marked, uint256 from, uint256 to)
        private
        pure
        returns (uint256)
    {
        bool any;
        for (uint256 i = from; i < to; ++i) {
            any = any || marked[i];
        }
        if (!any) return 1;
        if (to - from == 1) return 0;
        uint256 split = 1;
        while (split * 2 < to - from) split *= 2;
        return
            _siblings(data, marked, from, from + split) + _siblings(data, marked, from + split, to);
    }
}

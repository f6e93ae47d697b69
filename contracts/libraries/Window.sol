// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice The cells of the input that one position of a sliding kernel covers, one entry a spatial axis.
/// @param first Input coordinate of the first cell inside the input.
/// @param kernel Position in the kernel of that cell.
/// @param counts Cells inside the input; may be 0.
/// @param dilations Distance between neighbouring cells.
/// @param padded Cells of the whole window inside the padded input.
struct Window {
    uint256[] first;
    uint256[] kernel;
    uint256[] counts;
    uint256[] dilations;
    uint256 padded;
}

/// @title Windows
/// @notice Windows of convolutions and pools. Twin of `sdk/src/operators/window.ts`.
library Windows {
    /// @notice The window of one output element.
    /// @param attributes Hold, from `offset`, kernel, strides, dilations, begins and ends of all spatial axes.
    /// @param dims Shape of the input: batch, channels, spatial axes.
    /// @param at Coordinates of the element in the output: batch, channel, spatial axes.
    function window(
        int32[] memory attributes,
        uint256 offset,
        uint32[] memory dims,
        uint256[] memory at
    ) internal pure returns (Window memory result) {
        uint256 rank = dims.length - 2;
        result = Window(
            new uint256[](rank), new uint256[](rank), new uint256[](rank), new uint256[](rank), 1
        );
        for (uint256 axis = 0; axis < rank; ++axis) {
            // kernel, stride, dilation, begin, end
            int256[5] memory own;
            for (uint256 k = 0; k < 5; ++k) {
                own[k] = attributes[offset + k * rank + axis];
            }
            _fill(result, axis, own, int256(at[axis + 2]), int256(uint256(dims[axis + 2])));
        }
    }

    /// @dev Fills in one axis, of `size` cells, at output position `at`.
    function _fill(Window memory result, uint256 axis, int256[5] memory own, int256 at, int256 size)
        private
        pure
    {
        int256 dilation = own[2];
        int256 start = at * own[1] - own[3];
        int256 from = start < 0 ? (dilation - 1 - start) / dilation : int256(0);
        int256 end = _below(start, own[0], dilation, size);
        result.first[axis] = uint256(start + from * dilation);
        result.kernel[axis] = uint256(from);
        result.counts[axis] = end > from ? uint256(end - from) : 0;
        result.dilations[axis] = uint256(dilation);
        result.padded *= uint256(_below(start, own[0], dilation, size + own[4]));
    }

    /// @dev Cells of the kernel whose input coordinate is below `limit`.
    function _below(int256 start, int256 kernel, int256 dilation, int256 limit)
        private
        pure
        returns (int256 count)
    {
        if (limit <= start) return 0;
        count = (limit - start + dilation - 1) / dilation;
        if (count > kernel) count = kernel;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ElementQuery, Range} from "../types/Element.sol";
import {Shape} from "./Shape.sol";
import {Unmade} from "./Unmade.sol";

/// @title Elementwise
/// @notice What operators that work element by element read: of each present operand the one element that numpy broadcasting pairs with the output element. Twin: `sdk/src/operators/elementwise.ts`.
library Elementwise {
    function ranges(ElementQuery calldata query) internal pure returns (Range[] memory result) {
        uint256 present = 0;
        for (uint256 i = 0; i < query.inputs.length; i++) {
            if (query.inputs[i].dtype != 0) present += 1;
        }
        result = Unmade.ranges(present);
        uint256[] memory at = Shape.coordinates(query.outputs[0].dims, query.element);
        uint256 filled = 0;
        for (uint256 i = 0; i < query.inputs.length; i++) {
            if (query.inputs[i].dtype == 0) continue;
            // SAFETY: a node has at most 255 inputs.
            result[filled++] = Range(uint8(i), Shape.broadcastAt(query.inputs[i], at), 1, 1);
        }
    }
}

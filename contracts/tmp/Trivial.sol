// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

contract Trivial is ERC20 {
    bool transient entered;
    constructor() ERC20("a", "b") {}
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IJobMarket} from "@lynode/contracts/interfaces/IJobMarket.sol";
import {ILedger} from "@lynode/contracts/interfaces/ILedger.sol";
import {ILynodeConsumer} from "@lynode/contracts/interfaces/ILynodeConsumer.sol";
import {Order} from "@lynode/contracts/types/Order.sol";

interface IToken {
    function approve(address spender, uint256 amount) external returns (bool);
}

/// @notice The consumer of docs/start/integrator.md, as somebody else's project has it.
contract Reader is ILynodeConsumer {
    IJobMarket immutable MARKET;
    ILedger immutable LEDGER;
    address immutable CALLBACKS;
    mapping(bytes32 jobId => bytes) public results;

    constructor(IJobMarket market, ILedger ledger, address callbacks) {
        (MARKET, LEDGER, CALLBACKS) = (market, ledger, callbacks);
    }

    /// The order's requester and callback are this contract; `maxTotal` of its token is here.
    function ask(Order calldata order) external returns (bytes32 jobId) {
        IToken(order.payToken).approve(address(LEDGER), order.maxTotal);
        LEDGER.depositCommitted(order.payToken, order.maxTotal);
        jobId = MARKET.post(order);
    }

    function onResult(bytes32 jobId, bytes calldata output) external {
        require(msg.sender == CALLBACKS);
        results[jobId] = output;
    }
}

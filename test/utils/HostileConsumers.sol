// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ICallbacks} from "../../contracts/interfaces/ICallbacks.sol";
import {IJobMarket} from "../../contracts/interfaces/IJobMarket.sol";
import {ILynodeConsumer} from "../../contracts/interfaces/ILynodeConsumer.sol";
import {Order} from "../../contracts/types/Order.sol";

/// @notice A consumer that remembers what it was told.
contract Consumer is ILynodeConsumer {
    bytes32 public jobId;
    bytes public output;
    uint256 public calls;
    uint256 public gas_;

    function onResult(bytes32 jobId_, bytes calldata output_) external virtual {
        gas_ = gasleft();
        jobId = jobId_;
        output = output_;
        ++calls;
    }
}

/// @notice Class 12: consumers that make trouble.
contract HostileConsumer {
    enum Trouble {
        Reverts,
        BurnsGas,
        ReturnsMegabyte,
        RevertsMegabyte,
        Reenters
    }

    Trouble private immutable TROUBLE;
    ICallbacks private immutable CALLBACKS;
    bytes private _again;

    constructor(Trouble trouble, ICallbacks callbacks) {
        TROUBLE = trouble;
        CALLBACKS = callbacks;
    }

    /// @dev What it calls Callbacks and the market with when it is called itself.
    function arm(
        Order calldata order,
        IJobMarket.SmallOutput[] calldata outputs,
        ICallbacks.Path calldata path
    ) external {
        _again = abi.encodeCall(ICallbacks.callback, (order, outputs, path));
    }

    fallback() external {
        Trouble trouble = TROUBLE;
        if (trouble == Trouble.Reverts) revert("no");
        if (trouble == Trouble.BurnsGas) {
            while (true) {}
        }
        if (trouble == Trouble.Reenters) {
            (bool ok,) = address(CALLBACKS).call(_again);
            require(!ok, "a second callback");
            return;
        }
        assembly ("memory-safe") {
            if eq(trouble, 2) { return(0, 1000000) }
            revert(0, 1000000)
        }
    }
}

/// @notice Class 1: calls whatever it was given from inside of its callback, and counts what let it in.
contract Reenterer {
    struct Door {
        address target;
        bytes data;
    }

    Door[] private _doors;
    uint256 public tried;
    uint256 public entered;

    function arm(address target, bytes calldata data) external {
        _doors.push(Door(target, data));
    }

    function onResult(bytes32, bytes calldata) external {
        for (uint256 i = 0; i < _doors.length; ++i) {
            ++tried;
            (bool ok,) = _doors[i].target.call(_doors[i].data);
            if (ok) ++entered;
        }
    }
}

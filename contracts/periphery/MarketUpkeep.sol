// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AutomationBase} from "@chainlink/contracts/src/v0.8/automation/AutomationBase.sol";
import {
    AutomationCompatibleInterface
} from "@chainlink/contracts/src/v0.8/automation/interfaces/AutomationCompatibleInterface.sol";

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {Order} from "../types/Order.sol";

/// @title MarketUpkeep
/// @notice Settles and expires through Chainlink Automation, so that a deployment needs no server of ours (D10).
/// @dev Conditional upkeeps with `checkData` pages: `abi.encode(Order[] page)`, at most 32 orders, set by whoever registers the upkeep (and replaced by `setUpkeepCheckData` of the registry) from an indexer or from its own orders. A log
/// trigger does not fit: a job is due when time has passed, and logs do not wait.
/// TRUST: nobody; everything here is open to all. TOKENS: tips and repaid gas, in this contract's account of the Ledger, for the beneficiary.
/// LIVENESS: whoever else settles takes the tip, and the upkeep does nothing. ROUNDING: none. CLOCKS: none of its own.
contract MarketUpkeep is AutomationCompatibleInterface, AutomationBase {
    /// @notice What `performData` encodes.
    struct Work {
        Order[] settle;
        Order[] expire;
    }

    /// @notice Tips left this contract.
    event Swept(address indexed token, address indexed beneficiary, uint256 amount);

    /// @notice Where the work is.
    IJobMarket public immutable MARKET;
    /// @notice Where tips arrive.
    ILedger public immutable LEDGER;
    /// @notice Whom the tips belong to: whoever pays for the upkeep.
    address public immutable BENEFICIARY;

    constructor(IJobMarket market, ILedger ledger, address beneficiary) {
        MARKET = market;
        LEDGER = ledger;
        BENEFICIARY = beneficiary;
    }

    /// @inheritdoc AutomationCompatibleInterface
    /// @dev Simulated only, so it finds out what works by trying it.
    function checkUpkeep(bytes calldata checkData)
        external
        cannotExecute
        returns (bool upkeepNeeded, bytes memory performData)
    {
        Order[] memory page = abi.decode(checkData, (Order[]));
        Work memory work = Work(new Order[](page.length), new Order[](page.length));
        uint256 settles;
        uint256 expires;
        for (uint256 i = 0; i < page.length; ++i) {
            IJobMarket.Status status = MARKET.jobOf(MARKET.jobIdOf(page[i])).status;
            if (status == IJobMarket.Status.Locked) {
                try MARKET.expireLock(page[i]) {
                    work.expire[expires++] = page[i];
                } catch {}
            } else if (status == IJobMarket.Status.Delivered) {
                try MARKET.settle(page[i]) {
                    work.settle[settles++] = page[i];
                } catch {}
            }
        }
        (Order[] memory settle, Order[] memory expire) = (work.settle, work.expire);
        assembly ("memory-safe") {
            mstore(settle, settles) // only shrinks
            mstore(expire, expires)
        }
        return (settles + expires != 0, abi.encode(work));
    }

    /// @inheritdoc AutomationCompatibleInterface
    /// @dev Anyone may call with anything: each part can be done by anyone anyway, and one that fails leaves the others be.
    function performUpkeep(bytes calldata performData) external {
        Work memory work = abi.decode(performData, (Work));
        for (uint256 i = 0; i < work.expire.length; ++i) {
            try MARKET.expireLock(work.expire[i]) {} catch {}
        }
        if (work.settle.length != 0) MARKET.settleMany(work.settle);
    }

    /// @notice Pays what this contract has earned in a token to the beneficiary. Anyone may call.
    function sweep(address token) external returns (uint256 amount) {
        (amount,) = LEDGER.accountOf(token, address(this));
        emit Swept(token, BENEFICIARY, amount);
        LEDGER.withdraw(token, amount, BENEFICIARY);
    }
}

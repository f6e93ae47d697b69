// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {IStakeManager} from "../../../contracts/interfaces/IStakeManager.sol";
import {CapabilitySet} from "../../../contracts/types/CapabilitySet.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Role} from "../../../contracts/types/Role.sol";
import {Base} from "../../utils/Base.t.sol";

contract LockTest is Base {
    function _expectBad(Order memory order, bytes32 field) private {
        bytes memory signature = _sign(order);
        bytes32 jobId = c.jobMarket.jobIdOf(order);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_BadOrder.selector, jobId, field)
        );
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
    }

    function _expect(Order memory order, bytes memory revertData) private {
        bytes memory signature = _sign(order);
        vm.expectRevert(revertData);
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
    }

    function test_WhenTheOrderIsGood() external {
        Order memory order = _order();
        bytes memory signature = _sign(order);
        bytes32 jobId = c.jobMarket.jobIdOf(order);
        uint40 deliverBy = uint40(block.timestamp) + order.deliverDuration;
        vm.expectEmit(address(c.jobMarket));
        emit IJobMarket.JobLocked(
            jobId, providerId, requester.addr, order.minPrice, 0, deliverBy, COLLATERAL
        );
        vm.prank(hot.addr);
        assertEq(c.jobMarket.lock(order, signature), jobId);

        IJobMarket.Job memory job = c.jobMarket.jobOf(jobId);
        assertEq(job.providerId, providerId);
        assertEq(job.price, order.minPrice);
        assertEq(job.time, deliverBy);
        assertEq(job.window, 6);
        assertEq(uint8(job.status), uint8(IJobMarket.Status.Locked));
        assertEq(job.attempt, 0);
        assertEq(job.flags, 150 << 4 | 2, "fee of 150 bps, a royalty");
        assertEq(_committed(requester.addr), FUNDS - 5.7e18, "D3");
        assertEq(_reserved(providerId), COLLATERAL, "STK-2");
        assertTrue(c.jobMarket.isNonceUsed(requester.addr, order.nonce), "MKT-5");
    }

    // --- The window of the lock: [.., rampStart + lockDuration) and [.., expiry) ---

    function test_WhenAtTheLastMomentOfTheLockWindow() external {
        Order memory order = _order();
        vm.warp(order.rampStart + order.lockDuration - 1);
        _lock(order);
    }

    function test_RevertWhen_TheLockWindowEnds() external {
        Order memory order = _order();
        uint40 end = order.rampStart + order.lockDuration;
        for (uint40 late = 0; late < 2; ++late) {
            vm.warp(end + late);
            _expect(
                order,
                abi.encodeWithSelector(
                    IJobMarket.JobMarket_LockClosed.selector, c.jobMarket.jobIdOf(order), end
                )
            );
        }
    }

    function test_WhenAtTheLastMomentBeforeExpiry() external {
        Order memory order = _order();
        order.expiry = order.rampStart + 5;
        vm.warp(order.expiry - 1);
        _lock(order);
    }

    function test_RevertWhen_Expired() external {
        Order memory order = _order();
        order.expiry = order.rampStart + 5;
        for (uint40 late = 0; late < 2; ++late) {
            vm.warp(order.expiry + late);
            _expect(
                order,
                abi.encodeWithSelector(
                    IJobMarket.JobMarket_LockClosed.selector,
                    c.jobMarket.jobIdOf(order),
                    order.expiry
                )
            );
        }
    }

    // --- The ramp ---

    function test_WhenTheRampRises() external {
        Order memory order = _order();
        vm.warp(order.rampStart + 2);
        bytes32 jobId = _lock(order);
        assertEq(c.jobMarket.jobOf(jobId).price, 10e18);
    }

    // --- Stake ---

    function test_RevertWhen_TheCallerIsNoHotKey() external {
        Order memory order = _order();
        bytes memory signature = _sign(order);
        vm.expectRevert(
            abi.encodeWithSelector(IStakeManager.StakeManager_NotAHotKey.selector, stranger.addr)
        );
        vm.prank(stranger.addr);
        c.jobMarket.lock(order, signature);
    }

    function test_RevertWhen_TheProviderHasNoStake() external {
        vm.prank(stranger.addr);
        uint32 id = c.stakeManager.register(Role.Provider, stranger.addr, "", "");
        Order memory order = _order();
        bytes memory signature = _sign(order);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector, id, COLLATERAL, 0
            )
        );
        vm.prank(stranger.addr);
        c.jobMarket.lock(order, signature);
    }

    function test_RevertWhen_TheStakeIsReservedAlready() external {
        Order memory order = _order();
        order.collateral = STAKE;
        _lock(order);
        order = _order();
        _expect(
            order,
            abi.encodeWithSelector(
                IStakeManager.StakeManager_InsufficientStake.selector, providerId, COLLATERAL, 0
            )
        );
    }

    function test_RevertWhen_TheRequesterHasTooLittle() external {
        Order memory order = _order();
        order.minPrice = FUNDS;
        order.maxPrice = FUNDS;
        order.maxTotal = 2 * FUNDS;
        _setQEff(1e6); // any price is solvent
        _expect(
            order,
            abi.encodeWithSelector(
                ILedger.Ledger_InsufficientCommitted.selector,
                lyn,
                requester.addr,
                FUNDS + 0.7e18,
                FUNDS
            )
        );
    }

    // --- Limits ---

    function test_RevertWhen_OverMaxTotal() external {
        Order memory order = _order();
        order.maxTotal = 5.7e18 - 1;
        _expect(
            order,
            abi.encodeWithSelector(
                IJobMarket.JobMarket_OverMaxTotal.selector, 5.7e18, order.maxTotal
            )
        );
        order.maxTotal = 5.7e18;
        _lock(order);
    }

    function test_RevertWhen_TheCollateralIsTooLow() external {
        Order memory order = _order();
        order.collateral = 500e18 - 1;
        _expect(
            order,
            abi.encodeWithSelector(
                IJobMarket.JobMarket_CollateralTooLow.selector, order.collateral, 500e18
            )
        );
    }

    function test_RevertWhen_TheVerificationFeeIsTooLow() external {
        Order memory order = _order();
        order.verificationFee = 0.5e18 - 1;
        _expect(
            order,
            abi.encodeWithSelector(
                IJobMarket.JobMarket_VerificationFeeTooLow.selector, order.verificationFee, 0.5e18
            )
        );
    }

    function test_WhenCapabilitiesAreAskedFor() external {
        Order memory order = _order();
        order.capabilities = bytes32(uint256(1));
        _expect(
            order,
            abi.encodeWithSelector(
                IStakeManager.StakeManager_LacksCapabilities.selector,
                providerId,
                order.capabilities
            )
        );
        vm.prank(owner.addr);
        c.stakeManager.setCapabilities(providerId, CapabilitySet.wrap(3));
        _lock(order);
    }

    function test_RevertWhen_TheClassIsUnknown() external {
        Order memory order = _order();
        order.class = 4;
        _expectBad(order, "class");
    }

    /// @dev D9: a consumer with gas, or neither, nor a fee.
    function test_RevertWhen_TheCallbackMakesNoSense() external {
        Order memory order = _order();
        order.callback = address(1);
        _expectBad(order, "callback");
        order.callbackGas = 10_000_001;
        _expectBad(order, "callback");
        order = _order();
        order.callbackGas = 1;
        _expectBad(order, "callback");
        order = _order();
        order.callbackFee = 1;
        _expectBad(order, "callback");
    }

    function test_RevertWhen_TheCurrencyIsUnknown() external {
        Order memory order = _order();
        order.currency = 2;
        _expectBad(order, "currency");
    }

    function test_RevertWhen_AFieldMakesNoSense() external {
        Order memory order = _order();
        order.class = 0;
        _expectBad(order, "class");
        order = _order();
        order.steps = 0;
        _expectBad(order, "steps");
        order = _order();
        order.maxAttempts = 0;
        _expectBad(order, "maxAttempts");
        order = _order();
        order.deliverDuration = 0;
        _expectBad(order, "deliverDuration");
        order = _order();
        order.minPrice = order.maxPrice + 1;
        _expectBad(order, "minPrice");
        order = _order();
        order.payToken = address(1); // worth nothing that anybody knows of
        _expect(
            order,
            abi.encodeWithSelector(
                IPriceOracle.PriceOracle_LynRateStale.selector, order.payToken, 0
            )
        );
    }

    function test_RevertWhen_TheClassIsNotOffered() external {
        bytes32 floatOnly = c.modelRegistry.register(_header("float only"), 0, 2);
        Order memory order = _order();
        order.modelId = floatOnly;
        order.class = 1;
        _expect(
            order,
            abi.encodeWithSelector(
                IJobMarket.JobMarket_ClassNotOffered.selector, floatOnly, uint8(1)
            )
        );
        order.class = 2;
        _lock(order);
    }

    // --- F2: the current version or the one before ---

    function test_WhenTheVersionIsThePrevious() external {
        Order memory order = _order();
        c.parameters.publish();
        _lock(order);
    }

    function test_RevertWhen_TheVersionIsRetired() external {
        Order memory order = _order();
        c.parameters.publish();
        c.parameters.publish();
        _expect(order, abi.encodeWithSelector(IJobMarket.JobMarket_VersionRetired.selector, 1, 3));
    }

    function test_RevertWhen_TheVersionIsToCome() external {
        Order memory order = _order();
        order.paramsVersion = 2;
        _expectBad(order, "payToken");
    }

    function test_GivenALockedJob_WhenParametersChange() external {
        (Order memory order, bytes32 jobId) = _locked();
        c.parameters.schedule("feeBpsLyn", 50);
        c.parameters.schedule("window", 2);
        c.parameters.publish();
        c.parameters.publish();
        _deliver(jobId);
        skip(2);
        vm.expectRevert();
        c.jobMarket.settle(order);
        skip(4); // the window it was locked under
        c.jobMarket.settle(order);
        assertEq(_free(address(c.feeSink)), 0.075e18, "the fee it was locked under");
    }

    // --- Twice ---

    function test_RevertGiven_TheJobIsLocked() external {
        (Order memory order, bytes32 jobId) = _locked();
        _expect(
            order,
            abi.encodeWithSelector(
                IJobMarket.JobMarket_WrongStatus.selector, jobId, IJobMarket.Status.Locked
            )
        );
    }

    function test_RevertGiven_TheNonceIsUsed() external {
        (Order memory order,) = _locked();
        order.inputRoot = keccak256("another");
        _expect(
            order,
            abi.encodeWithSelector(
                IJobMarket.JobMarket_NonceUsed.selector, requester.addr, order.nonce
            )
        );
    }
}

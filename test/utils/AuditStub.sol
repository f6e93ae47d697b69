// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAuditManager} from "../../contracts/interfaces/IAuditManager.sol";
import {IStakeManager} from "../../contracts/interfaces/IStakeManager.sol";

/// @notice What Attestations asks of AuditManager, told by a test; slashes for real.
contract AuditStub {
    IStakeManager private immutable STAKE;
    uint96 private constant FAULT = 500e18;

    bytes32 private _revealed;
    uint40 private _heldUntil;
    uint32 private _step;
    bool private _taken;

    constructor(IStakeManager stake) {
        STAKE = stake;
    }

    function reveal(
        bytes32 execId,
        uint32 verifierId,
        bytes32 traceRoot,
        IAuditManager.Finding finding,
        uint40 until,
        uint32 step
    ) external {
        _revealed = keccak256(abi.encode(execId, verifierId, traceRoot, finding));
        (_heldUntil, _step) = (until, step);
    }

    function isAttested(
        bytes32 execId,
        uint32 verifierId,
        bytes32 traceRoot,
        IAuditManager.Finding finding
    ) external view returns (bool) {
        return _revealed == keccak256(abi.encode(execId, verifierId, traceRoot, finding));
    }

    function heldUntil(bytes32, uint40, uint24) external view returns (uint40) {
        return _heldUntil;
    }

    function stepOf(uint40, bytes32, uint32) external view returns (uint32) {
        return _step;
    }

    function faultReserveOf(bytes32, uint32) external view returns (uint96) {
        return _taken ? 0 : FAULT;
    }

    function slashFault(bytes32, uint32 verifierId, uint96 payout, address recipient) external {
        _taken = true;
        STAKE.slash(verifierId, 0, FAULT, payout, recipient);
    }
}

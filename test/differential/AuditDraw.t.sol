// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {AuditDraw} from "../../contracts/audits/AuditDraw.sol";

/// @notice The draw of audits against its TypeScript twin: sdk/src/vectors/draws.json is asked of the library.
contract AuditDrawDifferentialTest is Test {
    string private _json;

    function setUp() public {
        _json = vm.readFile("sdk/src/vectors/draws.json");
    }

    function _table(string memory name) private view returns (uint256[] memory) {
        return vm.parseJsonUintArray(_json, string.concat(".", name));
    }

    function test_Samples() external view {
        uint256[] memory t = _table("samples");
        assertGt(t.length, 200);
        for (uint256 i = 0; i < t.length; i += 4) {
            assertEq(
                AuditDraw.isSampled(uint160(t[i]), uint32(t[i + 1]), bytes32(t[i + 2])),
                t[i + 3] == 1
            );
        }
    }

    function test_Seats() external view {
        uint256[] memory t = _table("seats");
        assertGt(t.length, 1_000);
        for (uint256 i = 0; i < t.length; i += 8) {
            uint16 seats = AuditDraw.seatsOf(
                uint160(t[i]),
                bytes32(t[i + 1]),
                uint32(t[i + 2]),
                uint8(t[i + 3]),
                AuditDraw.expectedOf(uint16(t[i + 4]), uint8(t[i + 3])),
                uint96(t[i + 5]),
                uint96(t[i + 6])
            );
            assertEq(seats, t[i + 7]);
        }
    }

    function test_Steps() external view {
        uint256[] memory t = _table("steps");
        assertGt(t.length, 200);
        for (uint256 i = 0; i < t.length; i += 4) {
            assertEq(AuditDraw.stepOf(uint160(t[i]), bytes32(t[i + 1]), uint32(t[i + 2])), t[i + 3]);
        }
    }

    function test_Seeds() external view {
        uint256[] memory t = _table("seeds");
        assertGt(t.length, 40);
        for (uint256 i = 0; i < t.length; i += 3) {
            assertEq(uint160(uint256(keccak256(abi.encode(uint40(t[i]), t[i + 1])))), t[i + 2]);
        }
    }
}

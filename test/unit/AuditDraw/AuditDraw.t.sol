// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";

import {AuditDraw} from "../../../contracts/audits/AuditDraw.sol";

/// @notice E1: seats are linear in stake, so splitting gains nothing.
contract AuditDrawTest is Test {
    uint256 private constant DRAWS = 3_000;

    function _seats(uint256 draw, uint32 id, uint256 expected, uint96 stake, uint96 total)
        private
        pure
        returns (uint256)
    {
        return AuditDraw.seatsOf(uint160(draw + 1), bytes32(draw), id, 0, expected, stake, total);
    }

    /// @dev Never fewer than the share rounded down, never more than rounded up.
    function testFuzz_SeatsAreTheShareRounded(
        uint160 seed,
        bytes32 execId,
        uint32 id,
        uint16 expected,
        uint96 stake,
        uint96 total
    ) external pure {
        total = uint96(bound(total, 1, 1e27));
        stake = uint96(bound(stake, 0, total));
        uint256 share = uint256(expected) * stake / (100 * uint256(total));
        uint256 seats = AuditDraw.seatsOf(seed, execId, id, 0, expected, stake, total);
        assertGe(seats, share);
        assertLe(seats, share + 1);
        if (uint256(expected) * stake % (100 * uint256(total)) == 0) assertEq(seats, share);
    }

    function test_WithoutStakeThereIsNoSeat() external pure {
        assertEq(AuditDraw.seatsOf(1, "exec", 1, 0, 300, 0, 0), 0);
        assertEq(AuditDraw.seatsOf(1, "exec", 1, 0, 300, 0, 100), 0);
        assertEq(AuditDraw.seatsOf(1, "exec", 1, 0, 300, 100, 100), 3, "all of it");
        assertEq(AuditDraw.seatsOf(1, "exec", 1, 0, 600, 100, 100), 6);
    }

    /// @dev The mean over many draws is the share: within 5 standard deviations of it.
    function testFuzz_SeatsAreLinearInStake(uint96 stake, uint256 salt) external pure {
        uint96 total = 1e24;
        stake = uint96(bound(stake, 1e22, total));
        salt = bound(salt, 0, type(uint128).max);
        uint256 sum;
        for (uint256 i; i < DRAWS; ++i) {
            sum += _seats(salt + i, 7, 300, stake, total);
        }
        // A seat's variance is at most 1/4: sqrt(3,000 / 4) x 5 = 137.
        assertApproxEqAbs(sum, DRAWS * 3 * stake / total, 137);
    }

    /// @dev One stake in ten parts: the same seats, but for chance.
    function testFuzz_SplittingGainsNothing(uint256 salt) external pure {
        salt = bound(salt, 0, type(uint128).max);
        uint256 whole;
        uint256 parts;
        for (uint256 i; i < DRAWS; ++i) {
            whole += _seats(salt + i, 1, 300, 2e23, 1e24);
            for (uint32 id = 2; id < 12; ++id) {
                parts += _seats(salt + i, id, 300, 2e22, 1e24);
            }
        }
        // 0.6 seats a draw: 1,800 expected of both; deviations of 27 and 41.
        assertApproxEqAbs(whole, parts, 250);
    }

    /// @dev 3 expected seats of many small verifiers: a draw is empty in about e^-3 = 5% of the cases.
    function test_EmptyDrawsAreAsOftenAsTheySay() external pure {
        uint256 empty;
        for (uint256 i; i < 1_000; ++i) {
            uint256 seats;
            for (uint32 id = 1; id <= 30; ++id) {
                seats += _seats(i, id, 300, 1e22, 3e23);
            }
            if (seats == 0) ++empty;
        }
        // (1 - 0.1)^30 = 4.2%.
        assertApproxEqAbs(empty, 42, 32);
    }

    function test_TheSampleIsTheRate() external pure {
        uint256 sampled;
        for (uint256 i; i < 10_000; ++i) {
            if (AuditDraw.isSampled(77, 50_000, bytes32(i))) ++sampled;
        }
        assertApproxEqAbs(sampled, 500, 110);
    }

    function test_StepsAreDrawnAlike() external pure {
        uint256[4] memory counts;
        for (uint256 i; i < 4_000; ++i) {
            ++counts[AuditDraw.stepOf(77, bytes32(i), 4)];
        }
        for (uint256 i; i < 4; ++i) {
            assertApproxEqAbs(counts[i], 1_000, 140);
        }
    }

    /// @dev Rounds are drawn apart: who stayed away in the first is not simply drawn again.
    function test_RoundsAreIndependent() external pure {
        uint256 both;
        for (uint256 i; i < 1_000; ++i) {
            uint16 first = AuditDraw.seatsOf(5, bytes32(i), 1, 0, 100, 50, 100);
            uint16 second = AuditDraw.seatsOf(5, bytes32(i), 1, 1, 100, 50, 100);
            if (first == 1 && second == 1) ++both;
        }
        assertApproxEqAbs(both, 250, 70);
    }

    function test_RoundOneExpectsTwiceAsMany() external pure {
        assertEq(AuditDraw.expectedOf(300, 0), 300);
        assertEq(AuditDraw.expectedOf(300, 1), 600);
        assertEq(AuditDraw.expectedOf(type(uint16).max, 1), 131_070);
    }
}

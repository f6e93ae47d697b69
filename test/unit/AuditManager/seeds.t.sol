// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AuditManager} from "../../../contracts/audits/AuditManager.sol";
import {AuditSeeds} from "../../../contracts/audits/AuditSeeds.sol";
import {IAuditManager} from "../../../contracts/interfaces/IAuditManager.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Audited} from "../../utils/Audited.t.sol";

/// @notice E1: where seeds come from, and what happens if they do not.
contract AuditSeedsTest is Audited {
    uint40 private epoch;

    function setUp() public override {
        super.setUp();
        epoch = _epochNow();
    }

    function _end() private view returns (uint40) {
        return (epoch + 1) * audits.EPOCH();
    }

    // --- Closing ---

    function test_RevertWhen_TheEpochRuns() external {
        vm.warp(_end() - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_EpochOpen.selector, epoch, _end())
        );
        audits.closeEpoch(epoch);
        vm.warp(_end());
        audits.closeEpoch(epoch);
    }

    function test_WhenAnEpochIsClosed() external {
        vm.warp(_end());
        vm.expectEmit(address(audits));
        emit IAuditManager.EpochClosed(epoch, 1, 1, uint64(block.number) + 3);
        audits.closeEpoch(epoch);
        IAuditManager.Epoch memory record = audits.epochOf(epoch);
        assertEq(record.seed, 0);
        assertEq(record.version, 1);
        assertEq(record.closedAt, block.timestamp);
        assertEq(record.requestedAt, block.timestamp);
        assertEq(record.totalStake, STAKE, "of its last second");
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_AlreadyClosed.selector, epoch)
        );
        audits.closeEpoch(epoch);
    }

    /// @dev AUD-1: stake that comes after the end of the epoch draws nothing in it.
    function test_LaterStakeDoesNotCount() external {
        vm.warp(_end());
        vm.prank(verifierOwner.addr);
        c.stakeManager.stake(verifierId, STAKE);
        audits.closeEpoch(epoch);
        assertEq(audits.epochOf(epoch).totalStake, STAKE);
        _close(epoch + 1);
        assertEq(audits.epochOf(epoch + 1).totalStake, 2 * STAKE);
    }

    // --- The oracle ---

    function test_WhenTheWordComes() external {
        _close(epoch);
        uint160 seed = _seedOf(epoch, 9);
        vm.expectEmit(address(audits));
        emit IAuditManager.SeedDrawn(epoch, seed, 100_000, 95_000, false);
        _fulfil(1, 9);
        IAuditManager.Epoch memory record = audits.epochOf(epoch);
        assertEq(record.seed, seed);
        assertEq(record.seedAt, block.timestamp);
        (uint160 pushed, uint32 ratePpm) = c.jobMarket.seedOf(epoch);
        assertEq(pushed, seed);
        assertEq(ratePpm, 100_000);
        assertEq(c.jobMarket.qEffPpm(), 95_000);
    }

    function test_RevertWhen_AStrangerFulfils() external {
        _close(epoch);
        vm.expectRevert();
        audits.rawFulfillRandomWords(1, new uint256[](1));
    }

    /// @dev E1: a subscription that ran dry holds nothing back: the epoch closes, and says so.
    function test_GivenTheOracleRefuses() external {
        audits.setSubscription(7, "lane");
        vm.warp(_end());
        vm.expectEmit(true, false, false, false, address(audits));
        emit IAuditManager.OracleUnavailable(epoch, "");
        vm.expectEmit(address(audits));
        emit IAuditManager.EpochClosed(epoch, 1, 0, uint64(block.number) + 3);
        audits.closeEpoch(epoch);
        assertEq(audits.epochOf(epoch).closedAt, block.timestamp);
    }

    function test_WhenTheOracleIsAskedAgain() external {
        audits.setSubscription(7, "lane");
        vm.warp(_end());
        audits.closeEpoch(epoch);
        audits.setSubscription(1, "lane");
        uint40 at = uint40(block.timestamp) + DELAY;
        vm.warp(at - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_TooEarly.selector, epoch, at, 0)
        );
        audits.requestSeed(epoch);
        vm.warp(at);
        vm.expectEmit(address(audits));
        emit IAuditManager.SeedRequested(epoch, 1);
        audits.requestSeed(epoch);
        _fulfil(1, 9);
        assertEq(audits.epochOf(epoch).seed, _seedOf(epoch, 9));
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_SeedExists.selector, epoch)
        );
        audits.requestSeed(epoch);
    }

    function test_RevertGiven_TheEpochIsNotClosed() external {
        bytes memory open =
            abi.encodeWithSelector(IAuditManager.AuditManager_NotClosed.selector, epoch);
        vm.expectRevert(open);
        audits.requestSeed(epoch);
        vm.expectRevert(open);
        audits.fallbackSeed(epoch, "");
    }

    function test_RevertWhen_AStrangerSetsTheSubscription() external {
        vm.expectRevert("Only callable by owner");
        vm.prank(stranger.addr);
        audits.setSubscription(7, "lane");
    }

    // --- The fallback ---

    /// @dev A header of 16 fields of which number 13 is the randomness.
    function _blockHeader(bytes32 prevrandao) private pure returns (bytes memory) {
        bytes memory fields;
        for (uint256 i; i < 13; ++i) {
            fields = bytes.concat(fields, hex"a0", keccak256(abi.encode(i)));
        }
        fields = bytes.concat(fields, hex"a0", prevrandao, hex"88", bytes8(0), hex"01");
        // SAFETY: a short list.
        return bytes.concat(hex"f9", bytes2(uint16(fields.length)), fields);
    }

    function _late() private returns (uint64 atBlock) {
        _close(epoch);
        atBlock = audits.epochOf(epoch).fallbackBlock;
        skip(DELAY);
        vm.roll(atBlock + 1);
    }

    function test_WhenNoWordCame() external {
        uint64 atBlock = _late();
        bytes memory header = _blockHeader("randao");
        vm.setBlockhash(atBlock, keccak256(header));
        uint160 seed = _seedOf(epoch, uint256(bytes32("randao")));
        vm.expectEmit(address(audits));
        emit IAuditManager.SeedDrawn(epoch, seed, 100_000, 95_000, true);
        vm.prank(stranger.addr);
        audits.fallbackSeed(epoch, header);
        // AUD-1: one seed. The word that comes after all changes nothing.
        vm.expectEmit(address(audits));
        emit IAuditManager.SeedIgnored(epoch, 1);
        _fulfil(1, 9);
        assertEq(audits.epochOf(epoch).seed, seed);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_SeedExists.selector, epoch)
        );
        audits.fallbackSeed(epoch, header);
    }

    function test_RevertWhen_TheFallbackIsEarly() external {
        uint64 atBlock = _late();
        uint40 at = audits.epochOf(epoch).closedAt + DELAY;
        bytes memory early = abi.encodeWithSelector(
            IAuditManager.AuditManager_TooEarly.selector, epoch, at, atBlock
        );
        bytes memory header = _blockHeader("randao");
        vm.warp(at - 1);
        vm.expectRevert(early);
        audits.fallbackSeed(epoch, header);
        vm.warp(at);
        vm.roll(atBlock);
        vm.expectRevert(early);
        audits.fallbackSeed(epoch, header);
        vm.roll(atBlock + 1);
        vm.setBlockhash(atBlock, keccak256(header));
        audits.fallbackSeed(epoch, header);
    }

    function test_RevertWhen_TheHeaderIsAnothers() external {
        uint64 atBlock = _late();
        vm.setBlockhash(atBlock, keccak256("another"));
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_WrongHeader.selector, atBlock)
        );
        audits.fallbackSeed(epoch, _blockHeader("randao"));
    }

    /// @dev A block that the chain has forgotten is replaced by one that nobody has seen yet.
    function test_GivenTheBlockIsBeyondReach() external {
        _late();
        vm.roll(block.number + 10_000);
        uint64 moved = uint64(block.number) + 3;
        vm.expectEmit(address(audits));
        emit IAuditManager.FallbackMoved(epoch, moved);
        audits.fallbackSeed(epoch, _blockHeader("randao"));
        assertEq(audits.epochOf(epoch).seed, 0);
        assertEq(audits.epochOf(epoch).fallbackBlock, moved);
        vm.roll(moved + 1);
        bytes memory header = _blockHeader("later");
        vm.setBlockhash(moved, keccak256(header));
        audits.fallbackSeed(epoch, header);
        assertTrue(audits.epochOf(epoch).seed != 0);
    }

    // --- Snapshots ---

    function test_RevertWhen_SnapshotsAreNotPushedInOrder() external {
        IAuditManager.AuditSnapshot memory snapshot = audits.snapshotOf(1);
        vm.startPrank(address(c.parameters));
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_SnapshotExists.selector, 1)
        );
        audits.pushSnapshot(1, snapshot);
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_SnapshotExists.selector, 1 << 24)
        );
        audits.pushSnapshot(1 << 24, snapshot);
        vm.stopPrank();
        vm.expectRevert(
            abi.encodeWithSelector(IAuditManager.AuditManager_NotParameters.selector, address(this))
        );
        audits.pushSnapshot(2, snapshot);
    }

    function test_SnapshotsComeBackAsTheyWere() external {
        IAuditManager.AuditSnapshot memory pushed = IAuditManager.AuditSnapshot(
            1e6, 1e6 - 1, 1_000, 7 days, 6 days, 14 days, 9_000, 60_000, 1_000e18, 100_000e18
        );
        vm.prank(address(c.parameters));
        audits.pushSnapshot(2, pushed);
        assertEq(abi.encode(audits.snapshotOf(2)), abi.encode(pushed));
        assertEq(audits.currentVersion(), 2);
    }

    /// @dev The version of the closing governs, whatever is published before the seed comes.
    function test_AnEpochKeepsItsVersion() external {
        _close(epoch);
        c.parameters.schedule("auditRate", 150_000);
        skip(1 hours);
        c.parameters.publish();
        _fulfil(1, 9);
        (, uint32 ratePpm) = c.jobMarket.seedOf(epoch);
        assertEq(ratePpm, 100_000);
        assertEq(audits.epochOf(epoch).version, 1);
        assertEq(audits.qEffPpm(), 142_500, "what locks count on is the present");
    }

    function test_RevertGiven_NothingIsPublished() external {
        AuditManager fresh = AuditManager(
            vm.deployCode(
                "AuditManager.sol:AuditManager",
                abi.encode(
                    AuditManager.Config({
                        seeds: AuditSeeds.SeedConfig({
                            owner: stranger.addr,
                            coordinator: address(coordinator),
                            subscriptionId: 1,
                            keyHash: 0,
                            market: c.jobMarket,
                            stakeManager: c.stakeManager,
                            parameters: address(this),
                            epoch: 2,
                            fallbackDelay: 4,
                            fallbackBlocks: 3
                        }),
                        ledger: c.ledger,
                        disputes: c.disputes,
                        demands: c.demands,
                        attestations: c.attestations,
                        canaries: c.canaries,
                        feed: c.jobMarket.FEED()
                    })
                )
            )
        );
        assertEq(fresh.owner(), stranger.addr, "whoever deployed it");
        vm.warp(_end());
        vm.expectRevert(IAuditManager.AuditManager_NoSnapshot.selector);
        fresh.closeEpoch(epoch);
    }

    // --- What waits ---

    /// @dev AUD-3, E1: an execution without a seed is held, whatever happens.
    function test_AnExecutionWaitsForItsSeed() external {
        (Order memory order, bytes32 jobId) = _delivered();
        epoch = _deliveryEpoch;
        bytes32 execId = _execId(jobId);
        uint40 deliveredAt = uint40(block.timestamp);
        assertEq(audits.heldUntil(execId, deliveredAt, 6), type(uint40).max);
        skip(1 hours);
        vm.expectPartialRevert(IJobMarket.JobMarket_NotFinal.selector);
        c.jobMarket.settle(order);
        vm.expectRevert(abi.encodeWithSelector(IAuditManager.AuditManager_NoSeed.selector, epoch));
        audits.revealEndOf(epoch, execId);
        _close(epoch);
        _fulfil(requests, _wordFor(epoch, execId, false));
        assertEq(audits.heldUntil(execId, deliveredAt, 6), 0);
        c.jobMarket.settle(order);
        _assertStatus(jobId, IJobMarket.Status.Settled);
    }

    function test_WithoutVerifiersNothingWaitsForThem() external {
        vm.prank(verifierOwner.addr);
        c.stakeManager.requestThaw(verifierId, STAKE);
        skip(4);
        (Order memory order,, bytes32 execId) = _sampledJob();
        uint40 seedAt = audits.epochOf(_deliveryEpoch).seedAt;
        assertEq(audits.revealEndOf(_deliveryEpoch, execId), seedAt);
        vm.warp(seedAt + WINDOW - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuditManager.AuditManager_Held.selector, execId, seedAt + WINDOW
            )
        );
        c.jobMarket.settle(order);
        vm.warp(seedAt + WINDOW);
        vm.expectEmit(address(audits));
        emit IAuditManager.AuditClosed(execId, false);
        c.jobMarket.settle(order);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {CarriedJob} from "../../utils/CarriedJob.t.sol";

/// @notice `claimBond`: every bond once, by pull, and nothing of it left behind (DIS-2).
contract BondsTest is CarriedJob {
    Order internal order;
    bytes32 internal jobId;
    bytes32 internal execId;

    function setUp() public override {
        super.setUp();
        (order, jobId) = _delivered();
        execId = _execId(jobId);
    }

    function _settle() internal {
        skip(100);
        c.jobMarket.settle(order);
    }

    function test_AnUnsuccessfulTraceDemandPaysTheProvider() public {
        bytes32 demandId = _traced(order, 0);
        IDisputes.Demand memory asked = c.demands.demandOf(demandId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.Disputes_OutcomeOpen.selector, execId));
        c.demands.claimBond(demandId);
        _settle();
        uint256 supply = c.lynToken.totalSupply();
        uint256 provider = _free(owner.addr);
        uint256 asker = _free(stranger.addr);
        c.demands.claimBond(demandId);
        uint256 rest = asked.bond - asked.answerGas;
        assertEq(supply - c.lynToken.totalSupply(), rest / 2, "A5: half is burnt");
        assertEq(_free(owner.addr) - provider, asked.bond - rest / 2);
        assertEq(_free(stranger.addr), asker);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputes.Disputes_DemandNotOpen.selector, demandId, IDisputes.DemandStatus.Claimed
            )
        );
        c.demands.claimBond(demandId);
    }

    /// A5: an answered output demand repays metered gas only, so that serving nothing does not earn.
    function test_AnAnsweredOutputDemandRepaysGasOnly() public {
        bytes32 demandId = _demand(order, _outputRequest(0));
        _answer(order, demandId, _outputPayload(0));
        IDisputes.Demand memory asked = c.demands.demandOf(demandId);
        _settle();
        uint256 provider = _free(owner.addr);
        uint256 asker = _free(stranger.addr);
        c.demands.claimBond(demandId);
        assertEq(_free(owner.addr) - provider, asked.answerGas);
        uint256 rest = asked.bond - asked.answerGas;
        assertEq(_free(stranger.addr) - asker, rest - rest / 2);
    }

    /// A5: on conviction all demand bonds return, with gas; the shares add up.
    function test_OnConvictionEverybodyIsMadeWhole() public {
        _fund(publisher.addr, FUNDS);
        vm.prank(publisher.addr);
        c.ledger.deposit(lyn, publisher.addr, 1_000e18);
        bytes32[3] memory ids = [
            _traced(order, 0),
            _demandAs(publisher.addr, order, _outputRequest(2)),
            _demandAs(publisher.addr, order, _traceRequest(2))
        ];
        skip(20);
        c.demands.expireDemand(order, ids[2]);
        for (uint256 i; i < 3; ++i) {
            IDisputes.Demand memory asked = c.demands.demandOf(ids[i]);
            uint256 before = _free(asked.asker);
            c.demands.claimBond(ids[i]);
            assertEq(_free(asked.asker) - before, asked.bond + asked.askerGas);
        }
    }

    function test_RevertWhen_TheDemandIsUnknown() public {
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.Disputes_UnknownDemand.selector, bytes32("no"))
        );
        c.demands.claimBond("no");
    }

    /// DIS-2, LED-1: after the outcome and every claim the Ledger holds what its accounts say, and not a wei for Disputes.
    function test_NothingIsLeftBehind() public {
        bytes32 first = _traced(order, 0);
        bytes32 second = _demand(order, _outputRequest(1));
        _answer(order, second, _outputPayload(1));
        bytes32 third = _demand(order, _traceRequest(2));
        bytes32 commitId = _commitProof(stranger.addr, order, _proof(0, ADD, 0));
        skip(30);
        uint256 held = c.lynToken.balanceOf(address(c.ledger));
        c.demands.expireDemand(order, third);
        c.demands.claimBond(first);
        c.demands.claimBond(second);
        c.demands.claimBond(third);
        c.disputes.forfeitCommit(execId, commitId);
        skip(10);
        c.disputes.burnReserve(execId);
        assertGt(c.lynToken.balanceOf(address(c.ledger)), held - 100e18);
        uint256 accounts = _account(requester.addr) + _account(stranger.addr) + _account(owner.addr)
            + _account(publisher.addr) + _account(address(this));
        assertEq(c.lynToken.balanceOf(address(c.ledger)), accounts);
        assertEq(_account(address(c.disputes)), 0);
    }

    function _account(address who) internal view returns (uint256) {
        return _free(who) + _committed(who);
    }
}

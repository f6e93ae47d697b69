// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {DeploymentCheck} from "../../script/check/DeploymentCheck.sol";
import {Role} from "../../contracts/types/Role.sol";
import {Contracts} from "../../script/deploy/Deployment.sol";
import {Base} from "../utils/Base.t.sol";

/// @notice The deployment passes its own check, and the check notices what is wrong.
contract DeploymentTest is Base {
    function check(Contracts memory contracts, address governance, address deployer) external view {
        DeploymentCheck.check(contracts, governance, deployer);
    }

    function _expect(string memory statement) private {
        vm.expectRevert(
            abi.encodeWithSelector(DeploymentCheck.DeploymentCheck_Failed.selector, statement)
        );
        this.check(c, address(this), stranger.addr);
    }

    function test_WhenDeployed() external view {
        this.check(c, address(this), stranger.addr);
        // Every contract fits the code size limit of a real chain.
        assertLe(address(c.jobMarket).code.length, 24_576);
        assertLe(address(c.disputes).code.length, 24_576);
        assertLe(address(c.fraudVerifier).code.length, 24_576);
    }

    function test_RevertWhen_AnOwnerIsLeftOver() external {
        c.ledger.transferOwnership(stranger.addr);
        _expect("governance owns everything");
    }

    function test_RevertWhen_TheDeployerKeptARight() external {
        c.stakeManager.authorise(stranger.addr, Role.Provider);
        _expect("the deployer is no core of the stake");
    }

    function test_RevertWhen_AContractIsMissing() external {
        vm.etch(address(c.feeSink), "");
        _expect("every contract has code");
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IChecker} from "../../contracts/interfaces/IChecker.sol";
import {Checkers} from "../../script/deploy/Checkers.sol";
import {Base} from "../utils/Base.t.sol";

/// @notice EIP-170: forge's own chain takes contracts of any size, a real one takes 24,576 bytes.
contract CodeSizeTest is Base {
    function test_EveryContractFitsALiveChain() public {
        address[31] memory cores = [
            address(c.lynToken),
            address(c.ledger),
            address(c.stakeManager),
            address(c.checkerRegistry),
            address(c.modelRegistry),
            address(c.fraudVerifier),
            address(c.auditManager),
            address(c.canaries),
            address(c.treasuryVault),
            address(c.feeSink),
            address(c.jobMarket),
            address(c.receipts),
            address(c.disputes),
            address(c.demands),
            address(c.accumulations),
            address(c.attestations),
            address(c.answerVerifier),
            address(c.reductionVerifier),
            address(c.witnessVerifier),
            address(c.parameters),
            address(c.priceOracle),
            address(c.offers),
            address(c.sealedAuctions),
            address(c.callbacks),
            address(c.timelock),
            address(c.governor),
            address(c.stakeVoter),
            address(c.stakerFees),
            address(c.burnAuction),
            address(c.rewards),
            address(c.grantFactory)
        ];
        for (uint256 i; i < cores.length; ++i) {
            assertLe(cores[i].code.length, 24_576);
        }
        (, IChecker[] memory checkers) = Checkers.deploy();
        for (uint256 i; i < checkers.length; ++i) {
            assertLe(address(checkers[i]).code.length, 24_576);
        }
    }
}

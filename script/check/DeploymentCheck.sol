// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {Role} from "../../contracts/types/Role.sol";
import {Contracts} from "../deploy/Deployment.sol";

/// @title DeploymentCheck
/// @notice Says what is wrong with a deployment: wrong wiring, missing rights, rights left over, wrong owners.
library DeploymentCheck {
    /// @notice A statement about the deployment does not hold.
    error DeploymentCheck_Failed(string statement);

    /// @notice Reverts unless everything is as it should be.
    /// @param deployer Must own nothing, unless it is the governance itself.
    function check(Contracts memory c, address governance, address deployer) internal view {
        _checkCode(c);
        _checkWiring(c);
        _checkRights(c, deployer);
        _checkOwners(c, governance);
        _require(c.parameters.version() != 0, "parameters are published");
        _require(
            c.jobMarket.currentVersion() == c.parameters.version(), "the market has that version"
        );
        _require(c.checkerRegistry.latest() != 0, "checkers are registered");
        _require(c.lynToken.totalSupply() <= c.lynToken.SUPPLY(), "the supply is fixed");
    }

    function _checkCode(Contracts memory c) private view {
        address[24] memory all = [
            address(c.lynToken),
            address(c.ledger),
            address(c.stakeManager),
            address(c.checkerRegistry),
            address(c.modelRegistry),
            address(c.fraudVerifier),
            address(c.stakersVault),
            address(c.auditVault),
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
            address(c.callbacks)
        ];
        for (uint256 i = 0; i < all.length; ++i) {
            _require(all[i].code.length != 0, "every contract has code");
        }
    }

    function _checkWiring(Contracts memory c) private view {
        address lyn = address(c.lynToken);
        _require(c.ledger.LYN() == lyn, "the ledger burns LYN");
        _require(address(c.stakeManager.LYN()) == lyn, "stake is LYN");
        _require(c.stakeManager.LEDGER() == c.ledger, "slashes are paid into the ledger");
        _require(
            c.modelRegistry.CHECKERS() == c.checkerRegistry, "models pin the checkers' version"
        );
        _require(c.jobMarket.LYN() == lyn, "the market knows LYN");
        _require(c.jobMarket.LEDGER() == c.ledger, "the market pays through the ledger");
        _require(c.jobMarket.STAKE() == c.stakeManager, "the market reserves stake");
        _require(c.jobMarket.MODELS() == c.modelRegistry, "the market knows the models");
        _require(c.jobMarket.DISPUTES() == c.disputes, "the market asks disputes");
        _require(c.jobMarket.PARAMETERS() == address(c.parameters), "the market takes parameters");
        _require(c.jobMarket.FEE_SINK() == address(c.feeSink), "fees go to the fee sink");
        _require(
            c.jobMarket.VERIFICATION_FEES() == address(c.auditVault),
            "verification fees go to audits"
        );
        _require(c.jobMarket.PRICES() == c.priceOracle, "the market asks the oracle");
        _require(c.jobMarket.EPOCH() != 0, "the market has epochs");
        _checkEntrances(c);
        _require(c.disputes.LYN() == lyn, "bonds are LYN");
        _require(c.disputes.LEDGER() == c.ledger, "bonds are held in the ledger");
        _require(c.disputes.STAKE() == c.stakeManager, "disputes knows the providers");
        _require(c.disputes.MODELS() == c.modelRegistry, "disputes knows the models");
        _require(c.disputes.MARKET() == c.jobMarket, "disputes convicts through the market");
        _require(c.disputes.VERIFIER() == c.fraudVerifier, "disputes asks the verifier");
        _require(c.disputes.DEMANDS() == c.demands, "disputes asks demands for traces");
        _require(c.demands.LYN() == lyn, "bonds of demands are LYN");
        _require(c.demands.LEDGER() == c.ledger, "bonds of demands are held in the ledger");
        _require(c.demands.STAKE() == c.stakeManager, "demands knows the providers");
        _require(c.demands.MARKET() == c.jobMarket, "demands knows the deliveries");
        _require(c.demands.DISPUTES() == c.disputes, "demands convicts through disputes");
        _require(c.demands.VERIFIER() == c.answerVerifier, "demands asks the verifier of answers");
        _require(
            c.demands.ATTESTATIONS() == c.attestations
                && c.disputes.ATTESTATIONS() == c.attestations
                && c.accumulations.ATTESTATIONS() == c.attestations,
            "attestations are disputed as executions are"
        );
        _require(c.attestations.DISPUTES() == c.disputes, "attestations are convicted by disputes");
        _require(c.attestations.MARKET() == c.jobMarket, "attestations knows the deliveries");
        _require(
            c.disputes.WITNESSES() == c.witnessVerifier
                && c.disputes.ACCUMULATIONS() == address(c.accumulations),
            "disputes knows who judges witnesses and parts"
        );
        _require(
            c.accumulations.DISPUTES() == c.disputes && c.accumulations.DEMANDS() == c.demands
                && c.accumulations.VERIFIER() == c.reductionVerifier
                && c.accumulations.MODELS() == c.modelRegistry
                && c.accumulations.MARKET() == c.jobMarket && c.accumulations.LEDGER() == c.ledger,
            "accumulations convicts through disputes"
        );
        _require(c.demands.RECEIPTS() == c.receipts, "demands honours receipts");
        _require(c.disputes.PARAMETERS() == address(c.parameters), "disputes takes parameters");
        _require(c.receipts.MARKET() == c.jobMarket, "receipts are of deliveries");
        _require(c.fraudVerifier.CHECKERS() == c.checkerRegistry, "proofs meet the checkers");
        _require(c.parameters.MARKET() == c.jobMarket, "parameters reach the market");
        _require(c.parameters.DISPUTES() == c.disputes, "parameters reach disputes");
        _require(c.feeSink.STAKERS() == address(c.stakersVault), "stakers' share");
        _require(c.feeSink.AUDITS() == address(c.auditVault), "audits' share");
        _require(c.feeSink.TREASURY() == address(c.treasuryVault), "treasury's share");
    }

    function _checkEntrances(Contracts memory c) private view {
        _require(c.priceOracle.LYN() == address(c.lynToken), "the oracle knows LYN");
        _require(c.offers.MARKET() == address(c.jobMarket), "offers serve the market");
        _require(c.offers.STAKE() == c.stakeManager, "offers know the hot keys");
        _require(c.sealedAuctions.LYN() == address(c.lynToken), "bids are bonded in LYN");
        _require(c.sealedAuctions.LEDGER() == c.ledger, "bonds of bids are in the ledger");
        _require(c.sealedAuctions.STAKE() == c.stakeManager, "bidding reserves stake");
        _require(c.sealedAuctions.MARKET() == c.jobMarket, "auctions serve the market");
        _require(c.sealedAuctions.PRICES() == c.priceOracle, "auctions ask the oracle");
        _require(c.callbacks.MARKET() == c.jobMarket, "callbacks follow settlement");
        _require(c.callbacks.LEDGER() == c.ledger, "callbacks are paid in the ledger");
        _require(c.jobMarket.isEntrance(address(c.offers)), "offers are an entrance");
        _require(c.jobMarket.isEntrance(address(c.sealedAuctions)), "auctions are an entrance");
        _require(c.ledger.isCore(address(c.sealedAuctions)), "auctions are a core of the ledger");
        _require(c.ledger.isCore(address(c.callbacks)), "callbacks are a core of the ledger");
        _require(
            c.stakeManager.isCore(address(c.sealedAuctions), Role.Provider),
            "auctions are a core of the stake"
        );
    }

    function _checkRights(Contracts memory c, address deployer) private view {
        _require(c.ledger.isAllowed(address(c.lynToken)), "LYN can be deposited");
        _require(c.ledger.isCore(address(c.jobMarket)), "the market is a core of the ledger");
        _require(c.ledger.isCore(address(c.disputes)), "disputes is a core of the ledger");
        _require(c.ledger.isCore(address(c.demands)), "demands is a core of the ledger");
        _require(c.ledger.isCore(address(c.accumulations)), "accumulations is a core of the ledger");
        _require(
            c.stakeManager.isCore(address(c.jobMarket), Role.Provider),
            "the market is a core of the stake"
        );
        _require(!c.ledger.isCore(deployer), "the deployer is no core of the ledger");
        _require(
            !c.stakeManager.isCore(deployer, Role.Provider)
                && !c.stakeManager.isCore(deployer, Role.Verifier),
            "the deployer is no core of the stake"
        );
    }

    function _checkOwners(Contracts memory c, address governance) private view {
        Ownable[9] memory owned = [
            Ownable(c.ledger),
            Ownable(c.stakeManager),
            Ownable(c.checkerRegistry),
            Ownable(c.jobMarket),
            Ownable(c.parameters),
            Ownable(c.priceOracle),
            Ownable(c.stakersVault),
            Ownable(c.auditVault),
            Ownable(c.treasuryVault)
        ];
        for (uint256 i = 0; i < owned.length; ++i) {
            _require(owned[i].owner() == governance, "governance owns everything");
        }
    }

    function _require(bool holds, string memory statement) private pure {
        require(holds, DeploymentCheck_Failed(statement));
    }
}

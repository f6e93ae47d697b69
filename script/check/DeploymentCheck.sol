// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {AuditManager} from "../../contracts/audits/AuditManager.sol";
import {Role} from "../../contracts/types/Role.sol";
import {Contracts} from "../deploy/Deployment.sol";

/// @title DeploymentCheck
/// @notice Says what is wrong with a deployment: wrong wiring, missing rights, rights left over, wrong owners.
library DeploymentCheck {
    /// @notice A statement about the deployment does not hold.
    error DeploymentCheck_Failed(string statement);

    /// @notice Reverts unless everything is as it should be.
    /// @param deployer Must own nothing.
    function check(Contracts memory c, address governance, address deployer) internal view {
        _checkCode(c);
        _checkWiring(c);
        _checkRights(c, deployer);
        _checkOwners(c, governance);
        _checkGovernance(c, deployer);
        _require(c.parameters.version() != 0, "parameters are published");
        _require(
            c.jobMarket.currentVersion() == c.parameters.version(), "the market has that version"
        );
        _require(c.checkerRegistry.latest() != 0, "checkers are registered");
        _require(c.lynToken.totalSupply() <= c.lynToken.SUPPLY(), "the supply is fixed");
    }

    /// @notice A3: whoever is censored can still answer in time.
    function checkInclusion(Contracts memory c, uint40 forcedInclusion) internal view {
        _require(
            c.parameters.boundsOf("grace").minimum >= 2 * uint256(forcedInclusion),
            "answer times are at least twice the forced inclusion"
        );
    }

    /// @dev The governor alone proposes, anyone executes, and nobody but the timelock itself gives roles.
    function _checkGovernance(Contracts memory c, address deployer) private view {
        TimelockController timelock = c.timelock;
        address governor = address(c.governor);
        _require(address(c.governor.token()) == address(c.lynToken), "LYN votes");
        _require(c.governor.timelock() == address(timelock), "the governor acts by the timelock");
        _require(
            timelock.hasRole(timelock.PROPOSER_ROLE(), governor)
                && timelock.hasRole(timelock.CANCELLER_ROLE(), governor),
            "the governor proposes and cancels"
        );
        _require(timelock.hasRole(timelock.EXECUTOR_ROLE(), address(0)), "anyone executes");
        _require(
            timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), address(timelock)),
            "the timelock is its own admin"
        );
        _require(
            !timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), deployer)
                && !timelock.hasRole(timelock.PROPOSER_ROLE(), deployer)
                && !timelock.hasRole(timelock.CANCELLER_ROLE(), deployer),
            "the deployer has no role in the timelock"
        );
        _require(
            address(c.parameters.GUARDIANSHIP()) == governor, "the governor names the guardian"
        );
    }

    function _checkCode(Contracts memory c) private view {
        address[31] memory all = [
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
            c.jobMarket.VERIFICATION_FEES() == address(c.auditManager),
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
        _require(
            c.parameters.THAW_PERIOD() == c.stakeManager.THAW_PERIOD(),
            "changes wait for the thaw of stake"
        );
        _require(c.parameters.MARKET() == c.jobMarket, "parameters reach the market");
        _require(c.parameters.DISPUTES() == c.disputes, "parameters reach disputes");
        _checkFees(c);
        _checkAudits(c);
        _require(c.feeSink.AUDITS() == address(c.auditManager), "audits' share");
        _require(c.feeSink.TREASURY() == address(c.treasuryVault), "treasury's share");
    }

    function _checkFees(Contracts memory c) private view {
        IERC20 lyn = IERC20(address(c.lynToken));
        _require(c.feeSink.STAKERS() == c.stakerFees, "stakers' share");
        _require(c.feeSink.AUCTION() == address(c.burnAuction), "other tokens are sold");
        _require(c.burnAuction.LYN() == lyn, "the auction sells for LYN");
        _require(c.burnAuction.STAKERS() == c.stakerFees, "stakers' share of sales");
        _require(c.stakerFees.LYN() == lyn, "stakers are paid in LYN");
        _require(
            address(c.stakerFees.POOLS()) == address(c.stakeManager), "stakers are StakeManager's"
        );
        _require(c.stakerFees.VOTER() == address(c.stakeVoter), "stake is what votes");
        _require(address(c.stakeVoter.POOLS()) == address(c.stakeManager), "stake votes");
        _require(c.stakeManager.voter() == address(c.stakeVoter), "stake is delegated to its voter");
        _require(address(c.stakeVoter.GOVERNOR()) == address(c.governor), "stake votes there");
        _require(c.rewards.LYN() == lyn, "rewards are LYN");
        _require(address(c.rewards.MARKET()) == address(c.jobMarket), "rewards are for its jobs");
        _require(address(c.rewards.STAKE()) == address(c.stakeManager), "rewards need stake");
    }

    function _checkAudits(Contracts memory c) private view {
        AuditManager audits = c.auditManager;
        _require(
            c.jobMarket.AUDITS() == audits && audits.MARKET() == c.jobMarket
                && audits.EPOCH() == c.jobMarket.EPOCH(),
            "the market is audited"
        );
        _require(
            c.disputes.AUDITS() == audits && audits.DISPUTES() == c.disputes
                && c.demands.AUDITS() == audits && audits.DEMANDS() == c.demands,
            "audits dispute and void"
        );
        _require(
            c.attestations.AUDITS() == audits && audits.ATTESTATIONS() == c.attestations
                && c.attestations.EPOCH() == audits.EPOCH(),
            "what verifiers reveal can be disputed"
        );
        _require(
            c.parameters.AUDITS() == audits && audits.PARAMETERS() == address(c.parameters)
                && audits.currentVersion() == c.parameters.version(),
            "parameters reach audits"
        );
        _require(
            audits.LEDGER() == c.ledger && audits.STAKE() == c.stakeManager
                && audits.FEED() == c.jobMarket.FEED(),
            "audits pay and slash"
        );
        _require(
            audits.CANARIES() == c.canaries && c.canaries.AUDITS() == audits
                && c.canaries.MARKET() == c.jobMarket && c.canaries.LEDGER() == c.ledger
                && c.canaries.LYN() == address(c.lynToken),
            "canaries are audited"
        );
        _require(address(audits.s_vrfCoordinator()).code.length != 0, "audits have an oracle");
        // E1: nothing passes unsampled because its seed is late.
        _require(
            c.parameters.valueOf("window") >= uint256(audits.EPOCH()) + audits.FALLBACK_DELAY(),
            "a window outlasts an epoch and its fallback"
        );
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
        _require(c.marketLens.MARKET() == c.jobMarket, "the lens looks at the market");
        _require(c.jobMarket.ZK_MODELS() == c.zkModels, "the market knows the circuits");
        _require(c.jobMarket.ZK_DELIVERIES() == address(c.zkDeliveries), "the market takes proofs");
        _require(c.zkModels.MODELS() == c.modelRegistry, "circuits are of registered models");
        _require(c.zkModels.ROUTER() == c.zkVerifierRouter, "circuits have verifiers");
        _require(c.zkDeliveries.MARKET() == c.jobMarket, "proofs pay through the market");
        _require(c.zkDeliveries.MODELS() == c.zkModels, "proofs are of bound circuits");
        _require(c.zkDeliveries.ROUTER() == c.zkVerifierRouter, "proofs meet the verifiers");
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
        _require(
            c.stakeManager.isCore(address(c.auditManager), Role.Verifier),
            "audits are a core of the stake"
        );
        _require(!c.ledger.isCore(deployer), "the deployer is no core of the ledger");
        _require(
            !c.stakeManager.isCore(deployer, Role.Provider)
                && !c.stakeManager.isCore(deployer, Role.Verifier),
            "the deployer is no core of the stake"
        );
    }

    function _checkOwners(Contracts memory c, address governance) private view {
        Ownable[11] memory owned = [
            Ownable(c.ledger),
            Ownable(c.stakeManager),
            Ownable(c.checkerRegistry),
            Ownable(c.jobMarket),
            Ownable(c.parameters),
            Ownable(c.priceOracle),
            Ownable(c.zkVerifierRouter),
            Ownable(c.burnAuction),
            Ownable(address(c.auditManager)),
            Ownable(c.canaries),
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

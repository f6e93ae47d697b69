// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {CommonBase} from "forge-std/Base.sol";

import {AuditManager} from "../../contracts/audits/AuditManager.sol";
import {Canaries} from "../../contracts/audits/Canaries.sol";
import {LynodeGovernor} from "../../contracts/governance/LynodeGovernor.sol";
import {Parameters} from "../../contracts/governance/Parameters.sol";
import {StakeVoter} from "../../contracts/governance/StakeVoter.sol";
import {IParameters} from "../../contracts/interfaces/IParameters.sol";
import {Ledger} from "../../contracts/ledger/Ledger.sol";
import {Callbacks} from "../../contracts/market/Callbacks.sol";
import {JobMarket} from "../../contracts/market/JobMarket.sol";
import {Offers} from "../../contracts/market/Offers.sol";
import {SealedAuctions} from "../../contracts/market/SealedAuctions.sol";
import {ModelRegistry} from "../../contracts/models/ModelRegistry.sol";
import {PriceOracle} from "../../contracts/oracle/PriceOracle.sol";
import {MarketLens} from "../../contracts/periphery/MarketLens.sol";
import {BurnAuction} from "../../contracts/rewards/BurnAuction.sol";
import {FeeSink} from "../../contracts/rewards/FeeSink.sol";
import {Rewards} from "../../contracts/rewards/Rewards.sol";
import {StakerFees} from "../../contracts/rewards/StakerFees.sol";
import {Vault} from "../../contracts/rewards/Vault.sol";
import {StakeManager} from "../../contracts/staking/StakeManager.sol";
import {GrantFactory} from "../../contracts/token/GrantFactory.sol";
import {LynToken} from "../../contracts/token/LynToken.sol";
import {Accumulations} from "../../contracts/verification/Accumulations.sol";
import {AnswerVerifier} from "../../contracts/verification/AnswerVerifier.sol";
import {Attestations} from "../../contracts/verification/Attestations.sol";
import {VestingGrant} from "../../contracts/token/VestingGrant.sol";
import {CheckerRegistry} from "../../contracts/verification/CheckerRegistry.sol";
import {Demands} from "../../contracts/verification/Demands.sol";
import {Disputes} from "../../contracts/verification/Disputes.sol";
import {FraudVerifier} from "../../contracts/verification/FraudVerifier.sol";
import {ReductionVerifier} from "../../contracts/verification/ReductionVerifier.sol";
import {WitnessVerifier} from "../../contracts/verification/WitnessVerifier.sol";
import {Receipts} from "../../contracts/verification/Receipts.sol";
import {ZkDeliveries} from "../../contracts/zk/ZkDeliveries.sol";
import {ZkModels} from "../../contracts/zk/ZkModels.sol";
import {ZkVerifierRouter} from "../../contracts/zk/ZkVerifierRouter.sol";
import {Contracts} from "./Deployment.sol";

/// @title AddressBook
/// @notice Writes and reads the JSON by which programs find a deployment:
/// `{ chainId, deployBlock, profile, contracts: { lynToken, ledger, ... } }`.
abstract contract AddressBook is CommonBase {
    function _write(string memory path, Contracts memory c, IParameters.Profile profile) internal {
        vm.serializeAddress("contracts", "lynToken", address(c.lynToken));
        vm.serializeAddress("contracts", "ledger", address(c.ledger));
        vm.serializeAddress("contracts", "stakeManager", address(c.stakeManager));
        vm.serializeAddress("contracts", "checkerRegistry", address(c.checkerRegistry));
        vm.serializeAddress("contracts", "modelRegistry", address(c.modelRegistry));
        vm.serializeAddress("contracts", "fraudVerifier", address(c.fraudVerifier));
        vm.serializeAddress("contracts", "answerVerifier", address(c.answerVerifier));
        vm.serializeAddress("contracts", "reductionVerifier", address(c.reductionVerifier));
        vm.serializeAddress("contracts", "witnessVerifier", address(c.witnessVerifier));
        vm.serializeAddress("contracts", "auditManager", address(c.auditManager));
        vm.serializeAddress("contracts", "canaries", address(c.canaries));
        vm.serializeAddress("contracts", "treasuryVault", address(c.treasuryVault));
        vm.serializeAddress("contracts", "feeSink", address(c.feeSink));
        vm.serializeAddress("contracts", "jobMarket", address(c.jobMarket));
        vm.serializeAddress("contracts", "priceOracle", address(c.priceOracle));
        vm.serializeAddress("contracts", "offers", address(c.offers));
        vm.serializeAddress("contracts", "sealedAuctions", address(c.sealedAuctions));
        vm.serializeAddress("contracts", "callbacks", address(c.callbacks));
        vm.serializeAddress("contracts", "marketLens", address(c.marketLens));
        vm.serializeAddress("contracts", "zkVerifierRouter", address(c.zkVerifierRouter));
        vm.serializeAddress("contracts", "zkModels", address(c.zkModels));
        vm.serializeAddress("contracts", "zkDeliveries", address(c.zkDeliveries));
        vm.serializeAddress("contracts", "receipts", address(c.receipts));
        vm.serializeAddress("contracts", "disputes", address(c.disputes));
        vm.serializeAddress("contracts", "demands", address(c.demands));
        vm.serializeAddress("contracts", "accumulations", address(c.accumulations));
        vm.serializeAddress("contracts", "attestations", address(c.attestations));
        vm.serializeAddress("contracts", "timelock", address(c.timelock));
        vm.serializeAddress("contracts", "governor", address(c.governor));
        vm.serializeAddress("contracts", "stakeVoter", address(c.stakeVoter));
        vm.serializeAddress("contracts", "stakerFees", address(c.stakerFees));
        vm.serializeAddress("contracts", "burnAuction", address(c.burnAuction));
        vm.serializeAddress("contracts", "rewards", address(c.rewards));
        vm.serializeAddress("contracts", "grantFactory", address(c.grantFactory));
        vm.serializeAddress("contracts", "teamGrant", address(c.teamGrant));
        vm.serializeAddress("contracts", "privateGrant", address(c.privateGrant));
        string memory contracts =
            vm.serializeAddress("contracts", "parameters", address(c.parameters));
        vm.serializeUint("book", "chainId", block.chainid);
        vm.serializeUint("book", "deployBlock", block.number);
        vm.serializeString("book", "profile", _nameOf(profile));
        vm.writeJson(vm.serializeString("book", "contracts", contracts), path);
    }

    function _read(string memory path) internal view returns (Contracts memory c) {
        string memory json = vm.readFile(path);
        c.lynToken = LynToken(_addressOf(json, "lynToken"));
        c.ledger = Ledger(_addressOf(json, "ledger"));
        c.stakeManager = StakeManager(_addressOf(json, "stakeManager"));
        c.checkerRegistry = CheckerRegistry(_addressOf(json, "checkerRegistry"));
        c.modelRegistry = ModelRegistry(_addressOf(json, "modelRegistry"));
        c.fraudVerifier = FraudVerifier(_addressOf(json, "fraudVerifier"));
        c.answerVerifier = AnswerVerifier(_addressOf(json, "answerVerifier"));
        c.reductionVerifier = ReductionVerifier(_addressOf(json, "reductionVerifier"));
        c.witnessVerifier = WitnessVerifier(_addressOf(json, "witnessVerifier"));
        c.auditManager = AuditManager(_addressOf(json, "auditManager"));
        c.canaries = Canaries(_addressOf(json, "canaries"));
        c.treasuryVault = Vault(_addressOf(json, "treasuryVault"));
        c.feeSink = FeeSink(_addressOf(json, "feeSink"));
        c.jobMarket = JobMarket(_addressOf(json, "jobMarket"));
        c.priceOracle = PriceOracle(_addressOf(json, "priceOracle"));
        c.offers = Offers(_addressOf(json, "offers"));
        c.sealedAuctions = SealedAuctions(_addressOf(json, "sealedAuctions"));
        c.callbacks = Callbacks(_addressOf(json, "callbacks"));
        c.receipts = Receipts(_addressOf(json, "receipts"));
        c.disputes = Disputes(_addressOf(json, "disputes"));
        c.demands = Demands(_addressOf(json, "demands"));
        c.accumulations = Accumulations(_addressOf(json, "accumulations"));
        c.attestations = Attestations(_addressOf(json, "attestations"));
        c.timelock = TimelockController(payable(_addressOf(json, "timelock")));
        c.governor = LynodeGovernor(payable(_addressOf(json, "governor")));
        c.stakeVoter = StakeVoter(_addressOf(json, "stakeVoter"));
        c.stakerFees = StakerFees(_addressOf(json, "stakerFees"));
        c.burnAuction = BurnAuction(_addressOf(json, "burnAuction"));
        c.rewards = Rewards(_addressOf(json, "rewards"));
        c.grantFactory = GrantFactory(_addressOf(json, "grantFactory"));
        c.teamGrant = VestingGrant(payable(_addressOf(json, "teamGrant")));
        c.privateGrant = VestingGrant(payable(_addressOf(json, "privateGrant")));
        c.parameters = Parameters(_addressOf(json, "parameters"));
        c.marketLens = MarketLens(_addressOf(json, "marketLens"));
        c.zkVerifierRouter = ZkVerifierRouter(_addressOf(json, "zkVerifierRouter"));
        c.zkModels = ZkModels(_addressOf(json, "zkModels"));
        c.zkDeliveries = ZkDeliveries(_addressOf(json, "zkDeliveries"));
    }

    function _nameOf(IParameters.Profile profile) private pure returns (string memory) {
        if (profile == IParameters.Profile.Local) return "local";
        return profile == IParameters.Profile.Testnet ? "testnet" : "main";
    }

    function _addressOf(string memory json, string memory name) private pure returns (address) {
        return vm.parseJsonAddress(json, string.concat(".contracts.", name));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CommonBase} from "forge-std/Base.sol";

import {Parameters} from "../../contracts/governance/Parameters.sol";
import {IParameters} from "../../contracts/interfaces/IParameters.sol";
import {Ledger} from "../../contracts/ledger/Ledger.sol";
import {Callbacks} from "../../contracts/market/Callbacks.sol";
import {JobMarket} from "../../contracts/market/JobMarket.sol";
import {Offers} from "../../contracts/market/Offers.sol";
import {SealedAuctions} from "../../contracts/market/SealedAuctions.sol";
import {ModelRegistry} from "../../contracts/models/ModelRegistry.sol";
import {PriceOracle} from "../../contracts/oracle/PriceOracle.sol";
import {FeeSink} from "../../contracts/rewards/FeeSink.sol";
import {Vault} from "../../contracts/rewards/Vault.sol";
import {StakeManager} from "../../contracts/staking/StakeManager.sol";
import {LynToken} from "../../contracts/token/LynToken.sol";
import {Accumulations} from "../../contracts/verification/Accumulations.sol";
import {AnswerVerifier} from "../../contracts/verification/AnswerVerifier.sol";
import {Attestations} from "../../contracts/verification/Attestations.sol";
import {CheckerRegistry} from "../../contracts/verification/CheckerRegistry.sol";
import {Demands} from "../../contracts/verification/Demands.sol";
import {Disputes} from "../../contracts/verification/Disputes.sol";
import {FraudVerifier} from "../../contracts/verification/FraudVerifier.sol";
import {ReductionVerifier} from "../../contracts/verification/ReductionVerifier.sol";
import {WitnessVerifier} from "../../contracts/verification/WitnessVerifier.sol";
import {Receipts} from "../../contracts/verification/Receipts.sol";
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
        vm.serializeAddress("contracts", "stakersVault", address(c.stakersVault));
        vm.serializeAddress("contracts", "auditVault", address(c.auditVault));
        vm.serializeAddress("contracts", "treasuryVault", address(c.treasuryVault));
        vm.serializeAddress("contracts", "feeSink", address(c.feeSink));
        vm.serializeAddress("contracts", "jobMarket", address(c.jobMarket));
        vm.serializeAddress("contracts", "priceOracle", address(c.priceOracle));
        vm.serializeAddress("contracts", "offers", address(c.offers));
        vm.serializeAddress("contracts", "sealedAuctions", address(c.sealedAuctions));
        vm.serializeAddress("contracts", "callbacks", address(c.callbacks));
        vm.serializeAddress("contracts", "receipts", address(c.receipts));
        vm.serializeAddress("contracts", "disputes", address(c.disputes));
        vm.serializeAddress("contracts", "demands", address(c.demands));
        vm.serializeAddress("contracts", "accumulations", address(c.accumulations));
        vm.serializeAddress("contracts", "attestations", address(c.attestations));
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
        c.stakersVault = Vault(_addressOf(json, "stakersVault"));
        c.auditVault = Vault(_addressOf(json, "auditVault"));
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
        c.parameters = Parameters(_addressOf(json, "parameters"));
    }

    function _profileOf(string memory name) internal pure returns (IParameters.Profile) {
        bytes32 hash = keccak256(bytes(name));
        if (hash == keccak256("local")) return IParameters.Profile.Local;
        if (hash == keccak256("testnet")) return IParameters.Profile.Testnet;
        require(hash == keccak256("main"), "LYNODE_PROFILE: local, testnet or main");
        return IParameters.Profile.Main;
    }

    function _nameOf(IParameters.Profile profile) private pure returns (string memory) {
        if (profile == IParameters.Profile.Local) return "local";
        return profile == IParameters.Profile.Testnet ? "testnet" : "main";
    }

    function _addressOf(string memory json, string memory name) private pure returns (address) {
        return vm.parseJsonAddress(json, string.concat(".contracts.", name));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {MockV3Aggregator} from "@chainlink/contracts/src/v0.8/shared/mocks/MockV3Aggregator.sol";
import {CommonBase} from "forge-std/Base.sol";

import {Parameters} from "../../contracts/governance/Parameters.sol";
import {IChecker} from "../../contracts/interfaces/IChecker.sol";
import {IAttestations} from "../../contracts/interfaces/IAttestations.sol";
import {IAuditManager} from "../../contracts/interfaces/IAuditManager.sol";
import {IDemands} from "../../contracts/interfaces/IDemands.sol";
import {IDisputes} from "../../contracts/interfaces/IDisputes.sol";
import {IJobMarket} from "../../contracts/interfaces/IJobMarket.sol";
import {IParameters} from "../../contracts/interfaces/IParameters.sol";
import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
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
import {Role} from "../../contracts/types/Role.sol";
import {Accumulations} from "../../contracts/verification/Accumulations.sol";
import {AnswerVerifier} from "../../contracts/verification/AnswerVerifier.sol";
import {Attestations} from "../../contracts/verification/Attestations.sol";
import {CheckerRegistry} from "../../contracts/verification/CheckerRegistry.sol";
import {Demands} from "../../contracts/verification/Demands.sol";
import {DisputeBase} from "../../contracts/verification/DisputeBase.sol";
import {Disputes} from "../../contracts/verification/Disputes.sol";
import {FraudVerifier} from "../../contracts/verification/FraudVerifier.sol";
import {ReductionVerifier} from "../../contracts/verification/ReductionVerifier.sol";
import {Receipts} from "../../contracts/verification/Receipts.sol";
import {WitnessVerifier} from "../../contracts/verification/WitnessVerifier.sol";
import {Checkers} from "./Checkers.sol";

/// @notice Every contract of a deployment.
struct Contracts {
    LynToken lynToken;
    Ledger ledger;
    StakeManager stakeManager;
    CheckerRegistry checkerRegistry;
    ModelRegistry modelRegistry;
    FraudVerifier fraudVerifier;
    AnswerVerifier answerVerifier;
    ReductionVerifier reductionVerifier;
    WitnessVerifier witnessVerifier;
    Vault stakersVault;
    Vault auditVault;
    Vault treasuryVault;
    FeeSink feeSink;
    JobMarket jobMarket;
    Receipts receipts;
    Disputes disputes;
    Demands demands;
    Accumulations accumulations;
    Attestations attestations;
    Parameters parameters;
    PriceOracle priceOracle;
    Offers offers;
    SealedAuctions sealedAuctions;
    Callbacks callbacks;
}

/// @notice What a deployment can choose.
/// @param deployer Who sends the transactions, and owns everything until the end.
/// @param governance Who owns everything afterwards.
/// @param supply Who receives the whole supply of LYN.
/// @param feed Sequencer-uptime feed, or zero; `grace` in seconds (A3).
struct Settings {
    address deployer;
    address governance;
    address supply;
    IParameters.Profile profile;
    AggregatorV3Interface feed;
    uint40 grace;
}

/// @title Deployment
/// @notice Deploys and wires the whole protocol: the same code for scripts and for tests.
abstract contract Deployment is CommonBase {
    /// @dev Contracts created from the Ledger on, before the market.
    uint256 private constant LEDGER_TO_MARKET = 14;

    /// @notice The contracts are not where their constructors expected each other.
    error Deployment_WrongAddress(address expected, address actual);

    function _deployAll(Settings memory settings) internal returns (Contracts memory c) {
        address deployer = settings.deployer;
        address governance = settings.governance;
        c.lynToken = new LynToken(settings.supply);
        address lyn = address(c.lynToken);
        address market = vm.computeCreateAddress(deployer, vm.getNonce(deployer) + LEDGER_TO_MARKET);
        c.ledger = new Ledger(deployer, lyn, _noticePeriod(settings.profile), market);
        c.stakeManager =
            new StakeManager(deployer, IERC20(lyn), c.ledger, _stakeConfig(settings.profile));
        c.checkerRegistry = new CheckerRegistry(deployer);
        c.modelRegistry = new ModelRegistry(c.checkerRegistry);
        c.fraudVerifier = new FraudVerifier(c.checkerRegistry);
        c.answerVerifier = new AnswerVerifier();
        c.reductionVerifier = new ReductionVerifier(c.checkerRegistry);
        c.witnessVerifier = new WitnessVerifier(c.checkerRegistry);
        c.stakersVault = new Vault(governance, c.ledger);
        c.auditVault = new Vault(governance, c.ledger);
        c.treasuryVault = new Vault(governance, c.ledger);
        c.feeSink = new FeeSink(
            lyn, c.ledger, address(c.stakersVault), address(c.auditVault), address(c.treasuryVault)
        );
        c.priceOracle = new PriceOracle(deployer, _oracleConfig(settings, lyn));
        _deployCircle(settings, c);
        _mustBe(market, address(c.jobMarket));
        _deployEntrances(c);
        _wire(settings, c);
        if (governance != deployer) _handOver(c, governance);
    }

    /// @dev Market, disputes, demands and parameters name each other in their constructors.
    function _deployCircle(Settings memory settings, Contracts memory c) private {
        uint256 nonce = vm.getNonce(settings.deployer);
        IJobMarket market = IJobMarket(vm.computeCreateAddress(settings.deployer, nonce + 1));
        IDisputes disputes = IDisputes(vm.computeCreateAddress(settings.deployer, nonce + 2));
        IDemands demands = IDemands(vm.computeCreateAddress(settings.deployer, nonce + 3));
        address parameters = vm.computeCreateAddress(settings.deployer, nonce + 4);
        address accumulations = vm.computeCreateAddress(settings.deployer, nonce + 5);
        IAttestations attestations =
            IAttestations(vm.computeCreateAddress(settings.deployer, nonce + 6));
        address lyn = address(c.lynToken);

        c.receipts = new Receipts(market);

        c.jobMarket = new JobMarket(
            settings.deployer,
            JobMarket.Config({
                lyn: lyn,
                ledger: c.ledger,
                stakeManager: c.stakeManager,
                modelRegistry: c.modelRegistry,
                disputes: disputes,
                audits: IAuditManager(address(0)),
                prices: c.priceOracle,
                parameters: parameters,
                feeSink: address(c.feeSink),
                verificationFees: address(c.auditVault),
                epoch: _epoch(settings.profile),
                qEffPpm: settings.profile == IParameters.Profile.Local ? 100_000 : 50_000,
                acceptDelay: settings.profile == IParameters.Profile.Local ? 3 : 2 minutes,
                feed: settings.feed,
                grace: settings.grace
            })
        );
        DisputeBase.Common memory common = DisputeBase.Common({
            lyn: lyn,
            ledger: c.ledger,
            stakeManager: c.stakeManager,
            market: market,
            audits: IAuditManager(address(0)),
            attestations: attestations,
            feed: settings.feed,
            grace: settings.grace
        });
        c.disputes = new Disputes(
            Disputes.Config({
                common: common,
                modelRegistry: c.modelRegistry,
                verifier: c.fraudVerifier,
                witnesses: c.witnessVerifier,
                demands: demands,
                accumulations: accumulations,
                parameters: parameters
            })
        );
        c.demands = new Demands(common, disputes, c.answerVerifier, c.receipts);
        c.parameters =
            new Parameters(settings.deployer, settings.profile, lyn, c.jobMarket, c.disputes);
        c.accumulations = new Accumulations(
            Accumulations.Config({
                common: common,
                modelRegistry: c.modelRegistry,
                verifier: c.reductionVerifier,
                disputes: disputes,
                demands: demands
            })
        );
        c.attestations = new Attestations(market, disputes, common.audits, _epoch(settings.profile));
        _mustBe(address(market), address(c.jobMarket));
        _mustBe(address(disputes), address(c.disputes));
        _mustBe(address(demands), address(c.demands));
        _mustBe(parameters, address(c.parameters));
        _mustBe(accumulations, address(c.accumulations));
        _mustBe(address(attestations), address(c.attestations));
    }

    /// @dev The other ways in, and what follows settlement.
    function _deployEntrances(Contracts memory c) private {
        c.offers = new Offers(address(c.jobMarket), c.stakeManager);
        c.sealedAuctions = new SealedAuctions(
            SealedAuctions.Config({
                lyn: address(c.lynToken),
                ledger: c.ledger,
                stakeManager: c.stakeManager,
                market: c.jobMarket,
                prices: c.priceOracle
            })
        );
        c.callbacks = new Callbacks(c.jobMarket, c.ledger);
    }

    /// @dev A chain of one's own has no price feeds: two of Chainlink's mocks say what LYN is worth.
    function _mockFeeds(Contracts memory c) private {
        int256 tenCents = 0.1e8;
        IPriceOracle.Feeds memory feeds = IPriceOracle.Feeds({
            primary: new MockV3Aggregator(8, tenCents),
            second: new MockV3Aggregator(8, tenCents),
            maxAge: 3 days,
            maxDeviationBps: 200
        });
        c.priceOracle.setFeeds(address(c.lynToken), feeds);
    }

    function _wire(Settings memory settings, Contracts memory c) private {
        if (settings.profile == IParameters.Profile.Local) _mockFeeds(c);
        c.jobMarket.authoriseEntrance(address(c.offers));
        c.jobMarket.authoriseEntrance(address(c.sealedAuctions));
        c.ledger.authorise(address(c.sealedAuctions));
        c.ledger.authorise(address(c.callbacks));
        c.stakeManager.authorise(address(c.sealedAuctions), Role.Provider);
        c.ledger.allowToken(address(c.lynToken));
        c.ledger.authorise(address(c.disputes));
        c.ledger.authorise(address(c.demands));
        c.ledger.authorise(address(c.accumulations));
        c.stakeManager.authorise(address(c.jobMarket), Role.Provider);
        (uint16[] memory opcodes, IChecker[] memory checkers) = Checkers.deploy();
        c.checkerRegistry.add(opcodes, checkers);
        c.parameters.publish();
    }

    function _handOver(Contracts memory c, address governance) private {
        c.ledger.transferOwnership(governance);
        c.stakeManager.transferOwnership(governance);
        c.checkerRegistry.transferOwnership(governance);
        c.jobMarket.transferOwnership(governance);
        c.parameters.transferOwnership(governance);
        c.priceOracle.transferOwnership(governance);
    }

    /// @dev D8: seconds between the notice and the exit of committed funds.
    function _noticePeriod(IParameters.Profile profile) private pure returns (uint40) {
        if (profile == IParameters.Profile.Local) return 5;
        return profile == IParameters.Profile.Testnet ? 10 minutes : 1 days;
    }

    /// @dev Seconds of an epoch of audits.
    function _epoch(IParameters.Profile profile) private pure returns (uint40) {
        if (profile == IParameters.Profile.Local) return 2;
        return profile == IParameters.Profile.Testnet ? 5 minutes : 1 hours;
    }

    function _oracleConfig(Settings memory settings, address lyn)
        private
        pure
        returns (PriceOracle.Config memory)
    {
        bool local = settings.profile == IParameters.Profile.Local;
        return PriceOracle.Config({
            lyn: lyn,
            cacheTime: 1 minutes,
            rateTime: 1 days,
            stepPeriod: local ? 1 : 10 minutes,
            stepBps: 1_000,
            feed: settings.feed,
            grace: settings.grace
        });
    }

    /// @dev The thaw is longer than delivery, window, demands, proof and reveal together.
    function _stakeConfig(IParameters.Profile profile)
        private
        pure
        returns (StakeManager.Config memory)
    {
        if (profile == IParameters.Profile.Local) {
            return StakeManager.Config({
                minStake: 1_000e18,
                thawPeriod: 2 minutes,
                fraudJail: 10 minutes,
                livenessJail: 30,
                livenessEpoch: 10 minutes,
                livenessCapBps: 1_000
            });
        }
        if (profile == IParameters.Profile.Testnet) {
            return StakeManager.Config({
                minStake: 1_000e18,
                thawPeriod: 7 days,
                fraudJail: 7 days,
                livenessJail: 10 minutes,
                livenessEpoch: 1 days,
                livenessCapBps: 1_000
            });
        }
        return StakeManager.Config({
            minStake: 10_000e18,
            thawPeriod: 21 days,
            fraudJail: 28 days,
            livenessJail: 1 hours,
            livenessEpoch: 1 days,
            livenessCapBps: 1_000
        });
    }

    function _mustBe(address expected, address actual) private pure {
        require(expected == actual, Deployment_WrongAddress(expected, actual));
    }
}

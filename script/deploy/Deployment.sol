// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {MockV3Aggregator} from "@chainlink/contracts/src/v0.8/shared/mocks/MockV3Aggregator.sol";
import {CommonBase} from "forge-std/Base.sol";

import {AuditManager} from "../../contracts/audits/AuditManager.sol";
import {AuditSeeds} from "../../contracts/audits/AuditSeeds.sol";
import {Canaries} from "../../contracts/audits/Canaries.sol";
import {LynodeGovernor} from "../../contracts/governance/LynodeGovernor.sol";
import {Parameters} from "../../contracts/governance/Parameters.sol";
import {StakeVoter} from "../../contracts/governance/StakeVoter.sol";
import {IChecker} from "../../contracts/interfaces/IChecker.sol";
import {IAttestations} from "../../contracts/interfaces/IAttestations.sol";
import {ICanaries} from "../../contracts/interfaces/ICanaries.sol";
import {IDelegationPools} from "../../contracts/interfaces/IDelegationPools.sol";
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
import {MarketLens} from "../../contracts/periphery/MarketLens.sol";
import {BurnAuction} from "../../contracts/rewards/BurnAuction.sol";
import {FeeSink} from "../../contracts/rewards/FeeSink.sol";
import {Rewards} from "../../contracts/rewards/Rewards.sol";
import {StakerFees} from "../../contracts/rewards/StakerFees.sol";
import {Vault} from "../../contracts/rewards/Vault.sol";
import {StakeManager} from "../../contracts/staking/StakeManager.sol";
import {GrantFactory} from "../../contracts/token/GrantFactory.sol";
import {LynToken} from "../../contracts/token/LynToken.sol";
import {VestingGrant} from "../../contracts/token/VestingGrant.sol";
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
import {ZkDeliveries} from "../../contracts/zk/ZkDeliveries.sol";
import {ZkModels} from "../../contracts/zk/ZkModels.sol";
import {ZkVerifierRouter} from "../../contracts/zk/ZkVerifierRouter.sol";
import {WitnessVerifier} from "../../contracts/verification/WitnessVerifier.sol";
import {Checkers} from "./Checkers.sol";
import {GovernanceDeployment} from "./GovernanceDeployment.sol";
import {LocalCoordinator} from "./LocalCoordinator.sol";
import {Allocation, Home, Settings} from "./Settings.sol";

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
    Vault treasuryVault;
    FeeSink feeSink;
    JobMarket jobMarket;
    Receipts receipts;
    Disputes disputes;
    Demands demands;
    Accumulations accumulations;
    Attestations attestations;
    AuditManager auditManager;
    Canaries canaries;
    Parameters parameters;
    PriceOracle priceOracle;
    Offers offers;
    SealedAuctions sealedAuctions;
    Callbacks callbacks;
    MarketLens marketLens;
    ZkVerifierRouter zkVerifierRouter;
    ZkModels zkModels;
    ZkDeliveries zkDeliveries;
    TimelockController timelock;
    LynodeGovernor governor;
    StakeVoter stakeVoter;
    StakerFees stakerFees;
    BurnAuction burnAuction;
    Rewards rewards;
    GrantFactory grantFactory;
    // The first two grants of the supply, if it was allocated.
    VestingGrant teamGrant;
    VestingGrant privateGrant;
}

/// @title Deployment
/// @notice Deploys and wires the whole protocol: the same code for scripts and for tests.
abstract contract Deployment is CommonBase {
    /// @dev Contracts created from the Ledger on, before the market.
    uint256 private constant LEDGER_TO_MARKET = 17;

    /// @dev Contracts created from the Ledger on, before the audits.
    uint256 private constant LEDGER_TO_AUDITS = 24;

    /// @notice The contracts are not where their constructors expected each other.
    error Deployment_WrongAddress(address expected, address actual);

    /// @notice A chain of others needs Chainlink's coordinator.
    error Deployment_NoOracle(uint256 chainId);

    function _deployAll(Settings memory settings) internal returns (Contracts memory c) {
        address deployer = settings.deployer;
        c.lynToken = new LynToken(settings.supply);
        (c.timelock, c.governor) = GovernanceDeployment.start(settings, c.lynToken);
        address governance =
            settings.governance == address(0) ? address(c.timelock) : settings.governance;
        address lyn = address(c.lynToken);
        address market = vm.computeCreateAddress(deployer, vm.getNonce(deployer) + LEDGER_TO_MARKET);
        c.auditManager = AuditManager(
            vm.computeCreateAddress(deployer, vm.getNonce(deployer) + LEDGER_TO_AUDITS)
        );
        c.ledger = new Ledger(deployer, lyn, _noticePeriod(settings.profile), market);
        StakeManager.Config memory stake = _stakeConfig(settings.profile);
        (stake.market, stake.audits) = (market, address(c.auditManager));
        c.stakeManager = new StakeManager(deployer, IERC20(lyn), c.ledger, stake);
        c.checkerRegistry = new CheckerRegistry(deployer);
        c.modelRegistry = new ModelRegistry(c.checkerRegistry);
        c.fraudVerifier = new FraudVerifier(c.checkerRegistry);
        c.answerVerifier = new AnswerVerifier();
        c.reductionVerifier = new ReductionVerifier(c.checkerRegistry);
        c.witnessVerifier = new WitnessVerifier(c.checkerRegistry);
        c.treasuryVault = new Vault(governance, c.ledger);
        _deployFees(settings, c, governance);
        c.priceOracle = new PriceOracle(deployer, _oracleConfig(settings, lyn));
        c.zkVerifierRouter = new ZkVerifierRouter(governance);
        c.zkModels = new ZkModels(c.modelRegistry, c.zkVerifierRouter);
        _deployCircle(settings, c);
        _deployAudits(settings, c, governance);
        _mustBe(market, address(c.jobMarket));
        _deployEntrances(c);
        _deployRewards(settings, c);
        _wire(settings, c);
        _allocate(settings, c);
        _handOver(c, governance);
        GovernanceDeployment.finish(c.timelock, c.governor, deployer);
    }

    /// @dev The supply is at the deployer.
    function _allocate(Settings memory settings, Contracts memory c) private {
        for (uint256 i = 0; i < settings.allocations.length; ++i) {
            Allocation memory part = settings.allocations[i];
            uint256 amount = c.lynToken.SUPPLY() * part.percent / 100;
            if (part.home == Home.Vesting) {
                VestingGrant grant = c.grantFactory
                .create(part.to, uint64(block.timestamp), part.vesting, part.cliff);
                if (address(c.teamGrant) == address(0)) c.teamGrant = grant;
                else c.privateGrant = grant;
                c.lynToken.transfer(address(grant), amount);
            } else if (part.home == Home.Account) {
                if (part.to != settings.deployer) c.lynToken.transfer(part.to, amount);
            } else if (part.home == Home.Reserve) {
                c.lynToken.transfer(address(c.rewards), amount);
            } else {
                c.lynToken.approve(address(c.ledger), amount);
                c.ledger.deposit(address(c.lynToken), address(c.treasuryVault), amount);
            }
        }
    }

    /// @dev Where fees go. Votes of stake first: they say who shares them.
    function _deployFees(Settings memory settings, Contracts memory c, address governance) private {
        bool local = settings.profile == IParameters.Profile.Local;
        IERC20 lyn = IERC20(address(c.lynToken));
        IDelegationPools pools = IDelegationPools(address(c.stakeManager));
        c.stakeVoter = GovernanceDeployment.voter(settings, c.governor, pools);
        c.stakerFees =
            new StakerFees(lyn, pools, address(c.stakeVoter), local ? 60 : _week(settings.profile));
        c.burnAuction = new BurnAuction(governance, lyn, c.stakerFees, local ? 10 : uint40(1 hours));
        c.feeSink = new FeeSink(
            address(lyn),
            c.ledger,
            c.stakerFees,
            address(c.burnAuction),
            address(c.auditManager),
            address(c.treasuryVault)
        );
    }

    /// @dev 2,455 millionths of the reserve a week are 12% a year of what is left.
    function _deployRewards(Settings memory settings, Contracts memory c) private {
        bool local = settings.profile == IParameters.Profile.Local;
        uint40 epoch = local ? 60 : _week(settings.profile);
        c.rewards = new Rewards(
            IERC20(address(c.lynToken)), c.jobMarket, c.stakeManager, epoch, epoch, 2_455
        );
        c.grantFactory = new GrantFactory();
    }

    function _week(IParameters.Profile profile) private pure returns (uint40) {
        return profile == IParameters.Profile.Testnet ? 6 hours : 7 days;
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
                audits: c.auditManager,
                prices: c.priceOracle,
                parameters: parameters,
                feeSink: address(c.feeSink),
                verificationFees: address(c.auditManager),
                zkModels: c.zkModels,
                zkDeliveries: vm.computeCreateAddress(settings.deployer, nonce + 7),
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
            audits: c.auditManager,
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
        c.parameters = new Parameters(
            settings.deployer,
            Parameters.Config({
                profile: settings.profile,
                lyn: lyn,
                market: c.jobMarket,
                disputes: c.disputes,
                audits: c.auditManager,
                guardianship: c.governor,
                thawPeriod: c.stakeManager.THAW_PERIOD()
            })
        );
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
        c.zkDeliveries = new ZkDeliveries(c.jobMarket, c.zkModels, c.zkVerifierRouter);
        _mustBe(c.jobMarket.ZK_DELIVERIES(), address(c.zkDeliveries));
        _mustBe(address(market), address(c.jobMarket));
        _mustBe(address(disputes), address(c.disputes));
        _mustBe(address(demands), address(c.demands));
        _mustBe(parameters, address(c.parameters));
        _mustBe(accumulations, address(c.accumulations));
        _mustBe(address(attestations), address(c.attestations));
    }

    /// @dev Where market, disputes and fees expect it: the next three contracts. A chain without an oracle gets Chainlink's mock of it.
    function _deployAudits(Settings memory settings, Contracts memory c, address governance)
        private
    {
        uint256 nonce = vm.getNonce(settings.deployer);
        bool mocked = settings.coordinator == address(0);
        require(
            !mocked || settings.profile != IParameters.Profile.Main,
            Deployment_NoOracle(block.chainid)
        );
        address coordinator =
            mocked ? vm.computeCreateAddress(settings.deployer, nonce + 2) : settings.coordinator;
        AuditManager audits = new AuditManager(
            AuditManager.Config({
                seeds: _seedConfig(settings, c, governance, coordinator),
                ledger: c.ledger,
                disputes: c.disputes,
                demands: c.demands,
                attestations: c.attestations,
                canaries: ICanaries(vm.computeCreateAddress(settings.deployer, nonce + 1)),
                feed: settings.feed
            })
        );
        _mustBe(address(c.auditManager), address(audits));
        c.canaries =
            new Canaries(governance, address(c.lynToken), c.ledger, c.jobMarket, c.auditManager);
        _mustBe(address(c.auditManager.CANARIES()), address(c.canaries));
        if (mocked) _mustBe(coordinator, address(new LocalCoordinator(address(audits))));
    }

    function _seedConfig(
        Settings memory settings,
        Contracts memory c,
        address governance,
        address coordinator
    ) private pure returns (AuditSeeds.SeedConfig memory) {
        bool local = settings.profile == IParameters.Profile.Local;
        bool test = settings.profile == IParameters.Profile.Testnet;
        return AuditSeeds.SeedConfig({
            owner: governance,
            coordinator: coordinator,
            subscriptionId: settings.coordinator == address(0) ? 1 : settings.subscriptionId,
            keyHash: settings.keyHash,
            market: c.jobMarket,
            stakeManager: c.stakeManager,
            parameters: address(c.parameters),
            epoch: _epoch(settings.profile),
            fallbackDelay: local ? 4 : test ? 5 minutes : 30 minutes,
            fallbackBlocks: local ? 3 : test ? 100 : 900
        });
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
        c.marketLens = new MarketLens(c.jobMarket, c.priceOracle);
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
        c.stakeManager.setVoter(address(c.stakeVoter));
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
                market: address(0), // set by the caller
                audits: address(0),
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
                market: address(0), // set by the caller
                audits: address(0),
                minStake: 1_000e18,
                thawPeriod: 7 days,
                fraudJail: 7 days,
                livenessJail: 10 minutes,
                livenessEpoch: 1 days,
                livenessCapBps: 1_000
            });
        }
        return StakeManager.Config({
            market: address(0),
            audits: address(0),
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

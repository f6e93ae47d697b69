// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    AggregatorV3Interface
} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {StdStorage, stdStorage} from "forge-std/StdStorage.sol";
import {Test} from "forge-std/Test.sol";

import {IJobMarket} from "../../contracts/interfaces/IJobMarket.sol";
import {IParameters} from "../../contracts/interfaces/IParameters.sol";
import {ModelHeader} from "../../contracts/types/ModelHeader.sol";
import {Order} from "../../contracts/types/Order.sol";
import {Role} from "../../contracts/types/Role.sol";
import {Contracts} from "../../script/deploy/Deployment.sol";
import {Allocation, Settings} from "../../script/deploy/Settings.sol";

import {TestDeployment} from "./TestDeployment.sol";

/// @notice A key pair that tests sign with.
struct Actor {
    address addr;
    uint256 key;
}

/// @title Base
/// @notice The whole protocol, deployed as the script deploys it, with a requester, two providers and a model.
abstract contract Base is Test {
    using stdStorage for StdStorage;

    uint96 internal constant STAKE = 100_000e18;
    uint96 internal constant COLLATERAL = 1_000e18;
    uint128 internal constant FUNDS = 1_000_000e18;
    bytes32 internal constant RESULT = keccak256("result");
    uint256 private constant SEEDED_EPOCHS = 6_000;
    uint256 private constant SEEDS_SLOT = 7;
    uint256 private constant EPOCHS_SLOT = 6;
    bytes32 private constant SEED = bytes32(uint256(1)); // seed 1, rate 0

    Contracts internal c;
    address internal lyn;

    Actor internal requester;
    Actor internal owner; // of both providers
    Actor internal hot;
    Actor internal otherHot;
    Actor internal publisher;
    Actor internal stranger;
    Actor internal guardian;
    uint32 internal providerId;
    uint32 internal otherProviderId;
    ModelHeader internal model;
    bytes32 internal modelId;
    uint256 internal nextNonce;

    function setUp() public virtual {
        vm.chainId(31_337);
        vm.warp(1_800_000_000);
        requester = _actor("requester");
        owner = _actor("owner");
        hot = _actor("hot");
        otherHot = _actor("otherHot");
        publisher = _actor("publisher");
        stranger = _actor("stranger");
        guardian = _actor("guardian");
        c = TestDeployment(vm.deployCode("TestDeployment.sol:TestDeployment")).deploy(_settings());
        lyn = address(c.lynToken);

        _fund(requester.addr, FUNDS);
        vm.prank(requester.addr);
        c.ledger.depositCommitted(lyn, FUNDS);
        _fund(owner.addr, FUNDS);
        providerId = _provider(hot);
        otherProviderId = _provider(otherHot);
        model = _header("model");
        vm.prank(publisher.addr);
        modelId = c.modelRegistry.register(model, 500, 3);
        _seedEpochs();
    }

    /// @dev Most tests are about something else: the epochs of the next hours have a seed that samples nothing. Those of audits override it.
    function _seedEpochs() internal virtual {
        uint40 epoch = uint40(block.timestamp) / c.jobMarket.EPOCH();
        for (uint40 i; i < SEEDED_EPOCHS; ++i) {
            _storeSeed(epoch + i);
        }
        (uint160 seed, uint32 ratePpm) = c.jobMarket.seedOf(epoch);
        assertEq(seed, 1, "where the market keeps seeds");
        assertEq(ratePpm, 0);
        assertEq(c.auditManager.epochOf(epoch).seed, 1, "where audits do");
        assertFalse(c.auditManager.isSampled(epoch, RESULT));
    }

    /// @dev The same for the epoch that runs, if it is a later one.
    function _seedEpoch() internal {
        _storeSeed(uint40(block.timestamp) / c.jobMarket.EPOCH());
    }

    function _storeSeed(uint40 epoch) private {
        vm.store(address(c.jobMarket), keccak256(abi.encode(epoch, SEEDS_SLOT)), SEED);
        vm.store(address(c.auditManager), keccak256(abi.encode(epoch, EPOCHS_SLOT)), SEED);
    }

    function _settings() internal view virtual returns (Settings memory) {
        return Settings({
            deployer: address(0), // TestDeployment itself
            governance: address(this),
            supply: address(this),
            guardian: guardian.addr,
            profile: IParameters.Profile.Local,
            feed: AggregatorV3Interface(address(0)),
            grace: 0,
            coordinator: address(0),
            keyHash: 0,
            subscriptionId: 0,
            forcedInclusion: 0,
            allocations: new Allocation[](0)
        });
    }

    // --- Actors ---

    function _actor(string memory name) internal returns (Actor memory actor) {
        (actor.addr, actor.key) = makeAddrAndKey(name);
    }

    /// @dev LYN in the wallet, and the two contracts that take it approved.
    function _fund(address account, uint256 amount) internal {
        c.lynToken.transfer(account, amount);
        vm.startPrank(account);
        c.lynToken.approve(address(c.ledger), type(uint256).max);
        c.lynToken.approve(address(c.stakeManager), type(uint256).max);
        vm.stopPrank();
    }

    function _provider(Actor memory hotKey) internal returns (uint32 id) {
        return _enrol(Role.Provider, owner, hotKey);
    }

    /// @dev Registers and stakes STAKE.
    function _enrol(Role role, Actor memory by, Actor memory hotKey) internal returns (uint32 id) {
        bytes memory consent = _consent(hotKey, by.addr, role);
        vm.startPrank(by.addr);
        id = c.stakeManager.register(role, hotKey.addr, "http://localhost", consent);
        c.stakeManager.stake(id, STAKE);
        vm.stopPrank();
    }

    /// @dev STK-7: the hot key's word that `by` may use it.
    function _consent(Actor memory hotKey, address by, Role role)
        internal
        view
        returns (bytes memory)
    {
        bytes32 message =
            keccak256(abi.encode(keccak256("HotKey(address owner,uint8 role)"), by, role));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            hotKey.key,
            keccak256(abi.encodePacked(hex"1901", c.stakeManager.DOMAIN_SEPARATOR(), message))
        );
        return abi.encodePacked(r, s, v);
    }

    function _header(string memory name) internal pure returns (ModelHeader memory) {
        return ModelHeader({
            manifestRoot: keccak256(bytes(name)),
            fileRoot: keccak256("file"),
            fileBytes: 1_000,
            values: 4,
            nodes: 2,
            inputs: 1,
            outputs: 1,
            carried: 0,
            activations: 1,
            segment: 1,
            profile: 1
        });
    }

    // --- Orders ---

    function _order() internal virtual returns (Order memory order) {
        order.requester = requester.addr;
        order.modelId = modelId;
        order.class = 2;
        order.steps = 1;
        order.inputRoot = keccak256("input");
        order.payToken = lyn;
        order.minPrice = 5e18;
        order.maxPrice = 15e18;
        order.rampStart = uint40(block.timestamp) + 1;
        order.rampDuration = 4;
        order.lockDuration = 30;
        order.deliverDuration = 6;
        order.expiry = uint40(block.timestamp) + 1 hours;
        order.maxAttempts = 3;
        order.collateral = COLLATERAL;
        order.verificationFee = 0.5e18;
        order.tip = 0.2e18;
        order.maxTotal = 16e18;
        order.paramsVersion = c.parameters.version();
        order.nonce = nextNonce++;
    }

    function _sign(Order memory order) internal view returns (bytes memory) {
        return _signAs(requester, order);
    }

    function _signAs(Actor memory actor, Order memory order) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(actor.key, c.jobMarket.jobIdOf(order));
        return abi.encodePacked(r, s, v);
    }

    function _lock(Order memory order) internal returns (bytes32 jobId) {
        bytes memory signature = _sign(order);
        vm.prank(hot.addr);
        return c.jobMarket.lock(order, signature);
    }

    function _relock(Order memory order, Actor memory by) internal returns (bytes32 jobId) {
        vm.prank(by.addr);
        return c.jobMarket.lock(order, "");
    }

    function _deliver(bytes32 jobId) internal virtual {
        vm.prank(hot.addr);
        c.jobMarket.deliver(jobId, RESULT);
    }

    function _locked() internal returns (Order memory order, bytes32 jobId) {
        order = _order();
        jobId = _lock(order);
    }

    function _delivered() internal returns (Order memory order, bytes32 jobId) {
        (order, jobId) = _locked();
        _deliver(jobId);
    }

    /// @dev Past the window of a delivery made now.
    function _passWindow() internal {
        skip(c.parameters.valueOf("window"));
    }

    /// @dev As if the audits had measured it (D2).
    function _setQEff(uint32 ppm) internal {
        stdstore.enable_packed_slots().target(address(c.jobMarket)).sig(IJobMarket.qEffPpm.selector)
            .checked_write(ppm);
    }

    // --- Accounts ---

    function _free(address account) internal view returns (uint256 free) {
        (free,) = c.ledger.accountOf(lyn, account);
    }

    function _committed(address account) internal view returns (uint256 committed) {
        (, committed) = c.ledger.accountOf(lyn, account);
    }

    function _status(bytes32 jobId) internal view returns (IJobMarket.Status) {
        return c.jobMarket.jobOf(jobId).status;
    }

    function _assertStatus(bytes32 jobId, IJobMarket.Status expected) internal view {
        assertEq(uint8(_status(jobId)), uint8(expected), "status");
    }

    function _reserved(uint32 id) internal view returns (uint96) {
        return c.stakeManager.providerOf(id).reserved;
    }

    function _stakeOf(uint32 id) internal view returns (uint96) {
        return c.stakeManager.providerOf(id).stake;
    }
}

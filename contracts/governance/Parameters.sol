// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IAuditManager} from "../interfaces/IAuditManager.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IGuardianship} from "../interfaces/IGuardianship.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {PARAMETERS, ParameterBounds} from "./ParameterBounds.sol";

/// @title Parameters
/// @notice Every tunable of the protocol, within bounds.
/// @dev TRUST: the owner, within the bounds of the profile (F4), for jobs locked under a later version (F2); the sentinel, to lower what hurts nobody; the guardian, to stop new locks for a while.
/// TOKENS: none. LIVENESS: cores keep working without it. ROUNDING: a halving rounds the step down. CLOCKS: block time, for what is scheduled and for pauses.
/// PROPERTIES: PAR-1, PAR-2, PAR-3, PAR-4, PAR-5, PAR-6.
contract Parameters is IParameters, Ownable {
    /// @param audits Zero: no audits.
    /// @param guardianship Who says who the guardian is.
    struct Config {
        Profile profile;
        address lyn;
        IJobMarket market;
        IDisputes disputes;
        IAuditManager audits;
        IGuardianship guardianship;
        uint40 thawPeriod;
    }

    /// @notice Most pay tokens, so that `publish` fits a transaction.
    uint256 public constant MAX_TOKENS = 16;

    /// @notice Longest pause of intake.
    uint40 public constant PAUSE = 7 days;

    /// @notice Between two reductions of a parameter by the sentinel.
    uint40 public constant REDUCE_PERIOD = 7 days;

    uint256 private constant LOCAL_CHAIN = 31_337;
    uint8 private constant CLASSES = 3; // exact, float and zk

    /// @notice The market.
    IJobMarket public immutable MARKET;

    /// @notice Disputes.
    IDisputes public immutable DISPUTES;

    /// @notice Audits, or zero.
    IAuditManager public immutable AUDITS;

    /// @notice Who says who the guardian is.
    IGuardianship public immutable GUARDIANSHIP;

    /// @notice LYN.
    address public immutable LYN;

    /// @notice Seconds of a thaw: StakeManager's, which no vote changes.
    uint40 public immutable THAW_PERIOD;

    /// @notice What stakers get on top of the thaw to notice a change and ask for their stake (F2).
    uint40 public immutable EXIT_MARGIN;

    /// @inheritdoc IParameters
    Profile public immutable profile;

    /// @inheritdoc IParameters
    uint32 public version;

    uint32 private _pausedTerm;
    bool private _changed;

    /// @inheritdoc IParameters
    address public sentinel;

    bytes32[] private _names;
    address[] private _tokens;
    mapping(bytes32 name => Parameter) private _parameters;
    mapping(bytes32 name => Bounds) private _bounds;
    mapping(bytes32 name => uint40) private _reducedAt;
    mapping(address token => bool) private _listed;
    mapping(address token => uint96) private _minVerificationFee;

    constructor(address owner, Config memory config) Ownable(owner) {
        // F4: a profile of seconds is for a chain of one's own.
        require(
            config.profile != Profile.Local || block.chainid == LOCAL_CHAIN,
            Parameters_WrongChain(block.chainid)
        );
        profile = config.profile;
        THAW_PERIOD = config.thawPeriod;
        EXIT_MARGIN = config.profile == Profile.Local ? 10 : 2 days;
        LYN = config.lyn;
        MARKET = config.market;
        DISPUTES = config.disputes;
        AUDITS = config.audits;
        GUARDIANSHIP = config.guardianship;
        _changed = true;
        ParameterBounds.Initial[PARAMETERS] memory all = ParameterBounds.allOf(config.profile);
        for (uint256 i = 0; i < all.length; ++i) {
            bytes32 name = all[i].name;
            _names.push(name);
            _bounds[name] = Bounds({
                minimum: all[i].minimum,
                maximum: all[i].maximum,
                hurts: ParameterBounds.hurtsOf(name),
                step: all[i].step
            });
            _parameters[name].value = all[i].value;
            emit ParameterSet(name, all[i].value);
        }
    }

    // --- The owner ---

    /// @inheritdoc IParameters
    function schedule(bytes32 name, uint256 value) external onlyOwner returns (uint40 activeAt) {
        Parameter memory parameter = _changeable(name, value);
        activeAt = uint40(block.timestamp) + _delay(name, parameter.value, value); // PAR-3
        parameter.next = uint96(value); // SAFETY: within bounds of 96 bits
        parameter.activeAt = activeAt;
        _parameters[name] = parameter;
        emit ParameterScheduled(name, parameter.value, value, activeAt);
    }

    /// @inheritdoc IParameters
    function abdicate(bytes32 name) external onlyOwner {
        _known(name);
        Parameter storage parameter = _parameters[name];
        require(!parameter.abdicated, Parameters_Abdicated(name));
        parameter.abdicated = true; // PAR-5
        parameter.activeAt = 0;
        emit ParameterAbdicated(name, parameter.value);
    }

    /// @inheritdoc IParameters
    function listToken(address token, uint96 minVerificationFee) external onlyOwner {
        require(token != address(0) && token != LYN, Parameters_ZeroAddress());
        if (!_listed[token]) {
            require(_tokens.length < MAX_TOKENS, Parameters_TooManyTokens(MAX_TOKENS));
            _listed[token] = true;
            _tokens.push(token);
        }
        _minVerificationFee[token] = minVerificationFee;
        _changed = true;
        emit TokenListed(token, minVerificationFee);
    }

    /// @inheritdoc IParameters
    function setSentinel(address sentinel_) external onlyOwner {
        sentinel = sentinel_;
        emit SentinelSet(sentinel_);
    }

    /// @inheritdoc IParameters
    function setIntakePause(uint40 until) external onlyOwner {
        uint40 maximum = uint40(block.timestamp) + PAUSE;
        require(until <= maximum, Parameters_PauseTooLong(until, maximum)); // PAR-6
        _pause(until);
    }

    // --- Others ---

    /// @inheritdoc IParameters
    function publish() external returns (uint32 published) {
        bool changed = _takeDue() || _changed;
        require(changed || msg.sender == owner(), Parameters_NothingToPublish());
        _changed = false;
        published = ++version; // PAR-2, F2
        emit VersionPublished(published);

        DISPUTES.pushSnapshot(published, _disputeSnapshot());
        if (address(AUDITS) != address(0)) AUDITS.pushSnapshot(published, _auditSnapshot());
        IJobMarket.MarketSnapshot memory snapshot = IJobMarket.MarketSnapshot({
            enabled: true,
            feeBps: uint16(_value("feeBpsLyn")),
            window: uint24(_value("window")),
            minCollateral: _value("minCollateral"),
            minVerificationFee: _value("minVerificationFee"),
            lynPerGas: _value("lynPerGas")
        });
        _push(published, LYN, snapshot);
        snapshot.feeBps = uint16(_value("feeBps"));
        for (uint256 i = 0; i < _tokens.length; ++i) {
            snapshot.minVerificationFee = _minVerificationFee[_tokens[i]];
            _push(published, _tokens[i], snapshot);
        }
    }

    /// @inheritdoc IParameters
    function reduce(bytes32 name, uint256 value) external {
        require(msg.sender == sentinel, Parameters_NotSentinel(msg.sender));
        Parameter memory parameter = _changeable(name, value);
        // PAR-4
        require(
            value < parameter.value && !_hurts(name, parameter.value, value),
            Parameters_NotAReduction(name, value)
        );
        uint40 last = _reducedAt[name];
        uint40 notBefore = last + REDUCE_PERIOD;
        require(last == 0 || block.timestamp >= notBefore, Parameters_TooSoon(name, notBefore));
        _reducedAt[name] = uint40(block.timestamp);
        _parameters[name].value = uint96(value); // SAFETY: below a uint96
        _changed = true;
        emit ParameterReduced(name, value, msg.sender);
    }

    /// @inheritdoc IParameters
    function pauseIntake() external {
        require(msg.sender == GUARDIANSHIP.guardian(), Parameters_NotGuardian(msg.sender));
        uint32 term = GUARDIANSHIP.guardianTerm();
        require(term != _pausedTerm, Parameters_PauseUsed(term)); // PAR-6
        _pausedTerm = term;
        _pause(uint40(block.timestamp) + PAUSE);
    }

    // --- Views ---

    /// @inheritdoc IParameters
    function valueOf(bytes32 name) external view returns (uint256) {
        _known(name);
        Parameter memory parameter = _parameters[name];
        return _isDue(parameter) ? parameter.next : parameter.value;
    }

    /// @inheritdoc IParameters
    function parameterOf(bytes32 name) external view returns (Parameter memory) {
        _known(name);
        return _parameters[name];
    }

    /// @inheritdoc IParameters
    function boundsOf(bytes32 name) external view returns (Bounds memory) {
        return _known(name);
    }

    /// @inheritdoc IParameters
    function delayOf(bytes32 name, uint256 value) external view returns (uint40) {
        _known(name);
        return _delay(name, _parameters[name].value, value);
    }

    /// @inheritdoc IParameters
    function names() external view returns (bytes32[] memory) {
        return _names;
    }

    /// @inheritdoc IParameters
    function tokens() external view returns (address[] memory) {
        return _tokens;
    }

    // --- Internals: changes ---

    function _known(bytes32 name) private view returns (Bounds memory bounds) {
        bounds = _bounds[name];
        require(bounds.maximum != 0, Parameters_Unknown(name));
    }

    /// @dev The parameter, if it may change to `value`.
    function _changeable(bytes32 name, uint256 value)
        private
        view
        returns (Parameter memory parameter)
    {
        Bounds memory bounds = _known(name);
        parameter = _parameters[name];
        require(!parameter.abdicated, Parameters_Abdicated(name)); // PAR-5
        // PAR-1
        require(
            value >= bounds.minimum && value <= bounds.maximum,
            Parameters_OutOfBounds(name, value, bounds.minimum, bounds.maximum)
        );
        bool rises = value > parameter.value;
        uint256 change = rises ? value - parameter.value : parameter.value - value;
        uint256 maximum = rises ? parameter.value : parameter.value / 2;
        if (maximum < bounds.step) maximum = bounds.step;
        require(change <= maximum, Parameters_StepTooLarge(name, change, maximum)); // PAR-1
    }

    function _hurts(bytes32 name, uint256 from, uint256 to) private view returns (bool) {
        Hurts hurts = _bounds[name].hurts;
        if (hurts == Hurts.Both) return true;
        return to > from ? hurts == Hurts.Up : hurts == Hurts.Down;
    }

    /// @dev PAR-3, F2: as long as anybody may have to wait for its stake, and the margin.
    function _delay(bytes32 name, uint256 from, uint256 to) private view returns (uint40) {
        return _hurts(name, from, to) ? THAW_PERIOD + EXIT_MARGIN : 0;
    }

    function _isDue(Parameter memory parameter) private view returns (bool) {
        return parameter.activeAt != 0 && block.timestamp >= parameter.activeAt;
    }

    /// @dev Takes every scheduled value whose time has come. One slot a parameter.
    function _takeDue() private returns (bool changed) {
        uint256 count = _names.length;
        for (uint256 i = 0; i < count; ++i) {
            bytes32 name = _names[i];
            Parameter memory parameter = _parameters[name];
            if (!_isDue(parameter)) continue;
            parameter.value = parameter.next;
            parameter.activeAt = 0;
            _parameters[name] = parameter;
            changed = true;
            emit ParameterSet(name, parameter.value);
        }
    }

    function _pause(uint40 until) private {
        emit IntakePaused(until, msg.sender);
        MARKET.pauseIntake(until);
    }

    // --- Internals: snapshots ---

    function _value(bytes32 name) private view returns (uint96) {
        return _parameters[name].value;
    }

    function _push(uint32 to, address token, IJobMarket.MarketSnapshot memory snapshot) private {
        for (uint8 class = 1; class <= CLASSES; ++class) {
            MARKET.pushSnapshot(to, class, token, snapshot);
        }
    }

    /// @dev SAFETY: the bounds of every profile fit the fields (test/unit/Parameters).
    function _disputeSnapshot() private view returns (IDisputes.DisputeSnapshot memory) {
        return IDisputes.DisputeSnapshot({
            chunkWindow: uint24(_value("chunkWindow")),
            proofWindow: uint24(_value("proofWindow")),
            grace: uint24(_value("grace")),
            reveal: uint24(_value("reveal")),
            perChunk: uint24(_value("perChunk")),
            openDemands: uint8(_value("openDemands")),
            burnBps: uint16(_value("burnBps")),
            bountyBps: uint16(_value("bountyBps")),
            reserveBps: uint16(_value("reserveBps")),
            bond: _value("bond"),
            commitBond: _value("commitBond"),
            lynPerGas: _value("lynPerGas")
        });
    }

    /// @dev SAFETY: as for disputes.
    function _auditSnapshot() private view returns (IAuditManager.AuditSnapshot memory) {
        return IAuditManager.AuditSnapshot({
            ratePpm: uint32(_value("auditRate")),
            detectionPpm: uint32(_value("auditDetection")),
            seats: uint16(_value("auditSeats")),
            commitWindow: uint24(_value("auditCommit")),
            revealWindow: uint24(_value("auditReveal")),
            reportWindow: uint24(_value("auditReport")),
            payBps: uint16(_value("auditPay")),
            minDue: uint16(_value("auditMinDue")),
            absentSlash: _value("absentSlash"),
            faultSlash: _value("faultSlash")
        });
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IDisputes} from "../interfaces/IDisputes.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {PARAMETERS, ParameterBounds} from "./ParameterBounds.sol";

/// @title Parameters
/// @notice Every tunable of the protocol, within bounds.
/// @dev TRUST: the owner, within the bounds of the profile (F4), for jobs locked under a later version (F2).
/// TOKENS: none. LIVENESS: cores keep working without it. ROUNDING: none. CLOCKS: none.
/// PROPERTIES: PAR-1 no value outside its bounds; PAR-2 a published version never changes.
contract Parameters is IParameters, Ownable {
    struct Bounds {
        uint96 minimum;
        uint96 maximum;
    }

    /// @notice Most pay tokens, so that `publish` fits a transaction.
    uint256 public constant MAX_TOKENS = 16;

    /// @notice D1: bounty and reserve together, of a slash; the rest of the 0.4 repays gas and bonds.
    uint256 public constant MAX_SHARES_BPS = 4_000;

    uint256 private constant LOCAL_CHAIN = 31_337;
    uint8 private constant CLASSES = 3; // exact, float and zk

    /// @notice The market.
    IJobMarket public immutable MARKET;

    /// @notice Disputes.
    IDisputes public immutable DISPUTES;

    /// @notice LYN.
    address public immutable LYN;

    /// @inheritdoc IParameters
    Profile public immutable profile;

    /// @inheritdoc IParameters
    uint32 public version;

    bytes32[] private _names;
    address[] private _tokens;
    mapping(bytes32 name => uint96) private _values;
    mapping(bytes32 name => Bounds) private _bounds;
    mapping(address token => bool) private _listed;
    mapping(address token => uint96) private _minVerificationFee;

    constructor(address owner, Profile profile_, address lyn, IJobMarket market, IDisputes disputes)
        Ownable(owner)
    {
        // F4: a profile of seconds is for a chain of one's own.
        require(
            profile_ != Profile.Local || block.chainid == LOCAL_CHAIN,
            Parameters_WrongChain(block.chainid)
        );
        profile = profile_;
        LYN = lyn;
        MARKET = market;
        DISPUTES = disputes;
        ParameterBounds.Parameter[PARAMETERS] memory all = ParameterBounds.allOf(profile_);
        for (uint256 i = 0; i < all.length; ++i) {
            _names.push(all[i].name);
            _bounds[all[i].name] = Bounds(all[i].minimum, all[i].maximum);
            _values[all[i].name] = all[i].initial;
            emit ParameterSet(all[i].name, all[i].initial);
        }
    }

    /// @inheritdoc IParameters
    function set(bytes32 name, uint256 value) external onlyOwner {
        (uint256 minimum, uint256 maximum) = boundsOf(name);
        require(
            value >= minimum && value <= maximum,
            Parameters_OutOfBounds(name, value, minimum, maximum)
        ); // PAR-1
        _values[name] = uint96(value); // SAFETY: maximum is a uint96
        emit ParameterSet(name, value);
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
        emit TokenListed(token, minVerificationFee);
    }

    /// @inheritdoc IParameters
    function publish() external onlyOwner returns (uint32 published) {
        uint256 bounty = _values["bountyBps"];
        uint256 reserve = _values["reserveBps"];
        require(
            bounty + reserve <= MAX_SHARES_BPS,
            Parameters_OutOfBounds("reserveBps", reserve, 0, MAX_SHARES_BPS - bounty)
        ); // D1
        published = ++version; // PAR-2, F2
        emit VersionPublished(published);

        DISPUTES.pushSnapshot(published, _disputeSnapshot());
        IJobMarket.MarketSnapshot memory snapshot = IJobMarket.MarketSnapshot({
            enabled: true,
            feeBps: uint16(_values["feeBpsLyn"]),
            window: uint24(_values["window"]),
            minCollateral: _values["minCollateral"],
            minVerificationFee: _values["minVerificationFee"],
            lynPerGas: _values["lynPerGas"]
        });
        _push(published, LYN, snapshot);
        snapshot.feeBps = uint16(_values["feeBps"]);
        for (uint256 i = 0; i < _tokens.length; ++i) {
            snapshot.minVerificationFee = _minVerificationFee[_tokens[i]];
            _push(published, _tokens[i], snapshot);
        }
    }

    /// @inheritdoc IParameters
    function valueOf(bytes32 name) external view returns (uint256) {
        boundsOf(name);
        return _values[name];
    }

    /// @inheritdoc IParameters
    function boundsOf(bytes32 name) public view returns (uint256 minimum, uint256 maximum) {
        Bounds memory bounds = _bounds[name];
        require(bounds.maximum != 0, Parameters_Unknown(name));
        return (bounds.minimum, bounds.maximum);
    }

    /// @inheritdoc IParameters
    function names() external view returns (bytes32[] memory) {
        return _names;
    }

    /// @inheritdoc IParameters
    function tokens() external view returns (address[] memory) {
        return _tokens;
    }

    function _push(uint32 to, address token, IJobMarket.MarketSnapshot memory snapshot) private {
        for (uint8 class = 1; class <= CLASSES; ++class) {
            MARKET.pushSnapshot(to, class, token, snapshot);
        }
    }

    /// @dev SAFETY: the bounds of every profile fit the fields (test/unit/Parameters).
    function _disputeSnapshot() private view returns (IDisputes.DisputeSnapshot memory) {
        return IDisputes.DisputeSnapshot({
            chunkWindow: uint24(_values["chunkWindow"]),
            proofWindow: uint24(_values["proofWindow"]),
            grace: uint24(_values["grace"]),
            reveal: uint24(_values["reveal"]),
            perChunk: uint24(_values["perChunk"]),
            openDemands: uint8(_values["openDemands"]),
            burnBps: uint16(_values["burnBps"]),
            bountyBps: uint16(_values["bountyBps"]),
            reserveBps: uint16(_values["reserveBps"]),
            bond: _values["bond"],
            commitBond: _values["commitBond"],
            lynPerGas: _values["lynPerGas"]
        });
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IParameters
/// @notice Every tunable of the protocol, each within bounds that the profile fixes in code (F4). Cores receive append-only snapshots; a job keeps the version it names (F2).
/// @dev Properties: PAR-1 no value outside its bounds, none moves by more than its step at once; PAR-2 a published version never changes; PAR-3 a change that hurts
/// stakers is not in force before they could have left; PAR-4 the sentinel only lowers, and only what hurts nobody; PAR-5 an abdicated parameter never changes again;
/// PAR-6 a pause of intake ends by itself, and the guardian gets one a term.
interface IParameters {
    enum Profile {
        Local, // seconds instead of days; reverts on any chain id but 31337
        Testnet,
        Main
    }

    /// @notice Which way a change hurts stakers: it raises slashing, lengthens their way out or lowers their pay (F2).
    enum Hurts {
        Never,
        Up,
        Down,
        Both
    }

    /// @param value In force for the next version.
    /// @param next Scheduled; of no meaning while `activeAt` is 0.
    /// @param activeAt From when `publish` takes `next`.
    struct Parameter {
        uint96 value;
        uint96 next;
        uint40 activeAt;
        bool abdicated;
    }

    /// @param step Largest change at once, unless a doubling or a halving is more.
    struct Bounds {
        uint96 minimum;
        uint96 maximum;
        Hurts hurts;
        uint96 step;
    }

    error Parameters_WrongChain(uint256 chainId);
    error Parameters_OutOfBounds(bytes32 name, uint256 value, uint256 minimum, uint256 maximum);
    error Parameters_StepTooLarge(bytes32 name, uint256 change, uint256 maximum);
    error Parameters_Unknown(bytes32 name);
    error Parameters_Abdicated(bytes32 name);
    error Parameters_NothingToPublish();
    error Parameters_NotSentinel(address caller);
    /// @notice The sentinel lowers, and never what hurts stakers when it falls.
    error Parameters_NotAReduction(bytes32 name, uint256 value);
    error Parameters_TooSoon(bytes32 name, uint40 notBefore);
    error Parameters_NotGuardian(address caller);
    error Parameters_PauseUsed(uint32 term);
    error Parameters_PauseTooLong(uint40 until, uint40 maximum);
    error Parameters_TooManyTokens(uint256 maximum);
    error Parameters_ZeroAddress();

    event TokenListed(address indexed token, uint96 minVerificationFee);
    event ParameterScheduled(bytes32 indexed name, uint256 value, uint256 next, uint40 activeAt);
    event ParameterSet(bytes32 indexed name, uint256 value);
    event ParameterReduced(bytes32 indexed name, uint256 value, address indexed sentinel);
    event ParameterAbdicated(bytes32 indexed name, uint256 value);
    event VersionPublished(uint32 indexed version);
    event SentinelSet(address indexed sentinel);
    /// @param by The guardian, or the owner.
    event IntakePaused(uint40 until, address indexed by);

    // --- The owner: governance ---

    /// @notice Only the owner. The change is in force with the first `publish` at or after `activeAt`: now, or, if it hurts stakers, once they could have left (F2). Replaces what was
    /// scheduled before.
    /// @param name Short ASCII name, such as "window" or "feeBps".
    function schedule(bytes32 name, uint256 value) external returns (uint40 activeAt);
    /// @notice Only the owner. The parameter keeps its value for ever; what was scheduled is dropped.
    function abdicate(bytes32 name) external;
    /// @notice Only the owner. Jobs of versions published from now on may be paid in `token`; listing again changes the least verification fee.
    /// @param minVerificationFee In wei of the token (D3).
    function listToken(address token, uint96 minVerificationFee) external;
    /// @notice Only the owner. Who may lower parameters without a vote; zero for nobody.
    function setSentinel(address sentinel) external;
    /// @notice Only the owner. Ends a pause of intake (a time in the past), or sets one of at most `PAUSE` from now.
    function setIntakePause(uint40 until) external;

    // --- Others ---

    /// @notice Takes what is due and pushes all values to the cores as a new version. Anyone may call if something has changed, the owner always.
    function publish() external returns (uint32 version);
    /// @notice Only the sentinel: lowers a parameter whose fall hurts nobody, by at most its step, once in `REDUCE_PERIOD`. In force with the next `publish`.
    function reduce(bytes32 name, uint256 value) external;
    /// @notice Only the guardian, once a term: no new locks for `PAUSE`. Withdrawals, disputes, claims and refunds go on, as no core asks for the pause but the market, and it only in a lock.
    function pauseIntake() external;

    // --- Views ---

    /// @notice What the next version would have if it were published now.
    function valueOf(bytes32 name) external view returns (uint256);
    function parameterOf(bytes32 name) external view returns (Parameter memory);
    function boundsOf(bytes32 name) external view returns (Bounds memory);
    /// @notice Seconds that a change to `value` would wait.
    function delayOf(bytes32 name, uint256 value) external view returns (uint40);
    function names() external view returns (bytes32[] memory);
    function tokens() external view returns (address[] memory);
    function profile() external view returns (Profile);
    function version() external view returns (uint32);
    function sentinel() external view returns (address);
}

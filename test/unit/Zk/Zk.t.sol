// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IHalo2Verifier} from "../../../contracts/interfaces/IHalo2Verifier.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {IZkDeliveries} from "../../../contracts/interfaces/IZkDeliveries.sol";
import {IZkModels} from "../../../contracts/interfaces/IZkModels.sol";
import {IZkVerifierRouter} from "../../../contracts/interfaces/IZkVerifierRouter.sol";
import {FieldElements} from "../../../contracts/libraries/FieldElements.sol";
import {ModelHeader} from "../../../contracts/types/ModelHeader.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Base} from "../../utils/Base.t.sol";

/// @notice Accepts exactly one statement, as a real verifier accepts only true ones.
contract StubVerifier is IHalo2Verifier {
    bytes32 private immutable ACCEPTED;

    constructor(bytes32 accepted) {
        ACCEPTED = accepted;
    }

    function verifyProof(bytes calldata proof, uint256[] calldata instances)
        external
        view
        returns (bool)
    {
        // As ezkl's: empty revert data.
        if (keccak256(abi.encode(proof, instances)) != ACCEPTED) revert();
        return true;
    }
}

/// @notice Burns all the gas that it gets.
contract GreedyVerifier is IHalo2Verifier {
    function verifyProof(bytes calldata, uint256[] calldata) external pure returns (bool) {
        while (true) {}
        return true;
    }
}

/// @notice Returns something that is not `true`.
contract VagueVerifier is IHalo2Verifier {
    function verifyProof(bytes calldata, uint256[] calldata) external pure returns (bool) {
        assembly ("memory-safe") {
            mstore(0, 2)
            return(0, 32)
        }
    }
}

/// @title Zk
/// @notice Class zk: bindings, deliveries and the router. Two inputs of one element, scale 7; one output of two elements, scale 13.
contract Zk is Base {
    bytes private constant PROOF = hex"c0ffee";
    // 1.5 and -0.25, little-endian
    bytes private constant INPUT_A = hex"0000c03f";
    bytes private constant INPUT_B = hex"000080be";
    bytes private constant SCALAR = hex"0100";

    ModelHeader private zkModel;
    bytes32 private zkModelId;
    bytes4 private selector;

    function setUp() public override {
        super.setUp();
        zkModel = _header("zk");
        zkModel.inputs = 2;
        zkModel.values = 5;
        vm.prank(publisher.addr);
        zkModelId = c.modelRegistry.register(zkModel, 0, 4);
        selector = c.zkVerifierRouter.add(address(_stub(_statement())));
        vm.prank(publisher.addr);
        c.zkModels.bind(zkModel, _shape(), _binding());
    }

    // --- Deliveries ---

    function test_WhenProved_PaidInTheSameTransaction() public {
        (Order memory order, bytes32 jobId) = _zkLocked();
        uint256 before = _free(owner.addr);
        uint128 price = c.jobMarket.jobOf(jobId).price;

        vm.prank(hot.addr);
        c.zkDeliveries.deliverProved(order, _shape(), _steps());

        _assertStatus(jobId, IJobMarket.Status.Settled);
        assertEq(_free(owner.addr) - before, price - price * 150 / 10_000, "price less fee");
        assertEq(_reserved(providerId), 0, "collateral is free");
        assertTrue(c.jobMarket.jobOf(jobId).resultRoot != 0, "result root");
    }

    function test_RevertWhen_OutputIsAnother() public {
        (Order memory order, bytes32 jobId) = _zkLocked();
        IZkDeliveries.ProvedStep[] memory steps = _steps();
        steps[0].outputs[0][1] += 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                IZkVerifierRouter.ZkVerifierRouter_ProofRejected.selector, selector
            )
        );
        vm.prank(hot.addr);
        c.zkDeliveries.deliverProved(order, _shape(), steps);
        _assertStatus(jobId, IJobMarket.Status.Locked);
    }

    function test_RevertWhen_InputIsAnother() public {
        (Order memory order,) = _zkLocked();
        // Another input with the same field element: only the root tells them apart.
        IZkDeliveries.ProvedStep[] memory steps = _steps();
        steps[0].inputs[0] = hex"0100c03f";
        vm.expectPartialRevert(IZkDeliveries.ZkDeliveries_WrongInput.selector);
        vm.prank(hot.addr);
        c.zkDeliveries.deliverProved(order, _shape(), steps);
    }

    function test_RevertWhen_ShapeIsAnother() public {
        (Order memory order,) = _zkLocked();
        IZkModels.Shape memory shape = _shape();
        shape.outputScales[0] = 12;
        vm.expectRevert(
            abi.encodeWithSelector(IZkDeliveries.ZkDeliveries_WrongShape.selector, zkModelId)
        );
        vm.prank(hot.addr);
        c.zkDeliveries.deliverProved(order, shape, _steps());
    }

    function test_RevertWhen_CountsDiffer() public {
        (Order memory order,) = _zkLocked();
        IZkDeliveries.ProvedStep[] memory steps = _steps();
        steps[0].outputs[0] = new int256[](1);
        vm.expectPartialRevert(IZkDeliveries.ZkDeliveries_WrongCount.selector);
        vm.prank(hot.addr);
        c.zkDeliveries.deliverProved(order, _shape(), steps);

        vm.expectPartialRevert(IZkDeliveries.ZkDeliveries_WrongCount.selector);
        vm.prank(hot.addr);
        c.zkDeliveries.deliverProved(order, _shape(), new IZkDeliveries.ProvedStep[](0));
    }

    function test_RevertWhen_AnotherProviderDelivers() public {
        (Order memory order, bytes32 jobId) = _zkLocked();
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_NotProvider.selector, jobId, otherHot.addr)
        );
        vm.prank(otherHot.addr);
        c.zkDeliveries.deliverProved(order, _shape(), _steps());
    }

    function test_RevertWhen_DeliveredWithoutAProof() public {
        (, bytes32 jobId) = _zkLocked();
        vm.expectRevert(abi.encodeWithSelector(IJobMarket.JobMarket_WrongDelivery.selector, jobId));
        vm.prank(hot.addr);
        c.jobMarket.deliver(jobId, RESULT);
    }

    function test_RevertWhen_ProvedJobIsOfAnotherClass() public {
        (Order memory order, bytes32 jobId) = _locked();
        vm.expectRevert(abi.encodeWithSelector(IZkModels.ZkModels_Unknown.selector, order.modelId));
        vm.prank(hot.addr);
        c.zkDeliveries.deliverProved(order, _shape(), _steps());
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_NotZkDeliveries.selector, hot.addr)
        );
        vm.prank(hot.addr);
        c.jobMarket.deliverProved(jobId, RESULT, hot.addr);
    }

    function test_RevertWhen_DeliveredTwice() public {
        (Order memory order, bytes32 jobId) = _zkLocked();
        vm.startPrank(hot.addr);
        c.zkDeliveries.deliverProved(order, _shape(), _steps());
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_WrongStatus.selector, jobId, IJobMarket.Status.Settled
            )
        );
        c.zkDeliveries.deliverProved(order, _shape(), _steps());
    }

    function test_RevertWhen_Late() public {
        (Order memory order, bytes32 jobId) = _zkLocked();
        uint40 end = c.jobMarket.jobOf(jobId).time;
        vm.warp(end);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarket.JobMarket_DeliveryClosed.selector, jobId, end)
        );
        vm.prank(hot.addr);
        c.zkDeliveries.deliverProved(order, _shape(), _steps());
        c.jobMarket.expireLock(order);
        _assertStatus(jobId, IJobMarket.Status.Reopened);
    }

    function test_WhenBulk_EachStepHasItsProof() public {
        Order memory order = _zkOrder();
        order.steps = 2;
        order.inputRoot = _rootOfTwo(_bundle());
        bytes32 jobId = _lock(order);
        IZkDeliveries.ProvedStep[] memory steps = new IZkDeliveries.ProvedStep[](2);
        steps[0] = _steps()[0];
        steps[1] = _steps()[0];
        vm.prank(hot.addr);
        c.zkDeliveries.deliverProved(order, _shape(), steps);
        _assertStatus(jobId, IJobMarket.Status.Settled);
    }

    // --- Locks ---

    function test_RevertWhen_LockedWithTipOrValueAtRisk() public {
        Order memory order = _zkOrder();
        order.tip = 1;
        _expectBad(order, "class");
        order = _zkOrder();
        order.valueAtRisk = 1;
        _expectBad(order, "class");
    }

    function test_WhenCollateralIsAFifthOfThePrice() public {
        Order memory order = _zkOrder();
        order.minPrice = order.maxPrice = 5 * COLLATERAL;
        order.maxTotal = order.maxPrice + 1e18;
        skip(10);
        _lock(order);

        order = _zkOrder();
        order.minPrice = order.maxPrice = 5 * COLLATERAL + 1;
        order.maxTotal = order.maxPrice + 1e18;
        skip(10);
        bytes memory signature = _sign(order);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarket.JobMarket_Insolvent.selector, 5 * COLLATERAL + 1, 5 * COLLATERAL
            )
        );
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
    }

    function test_GivenARetiredVerifier() public {
        (Order memory running,) = _zkLocked();
        c.zkVerifierRouter.retire(selector);
        Order memory order = _zkOrder();
        bytes memory signature = _sign(order);
        vm.expectRevert(
            abi.encodeWithSelector(IZkModels.ZkModels_VerifierRetired.selector, selector)
        );
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
        // ZKR-3
        vm.prank(hot.addr);
        c.zkDeliveries.deliverProved(running, _shape(), _steps());
    }

    function test_RevertGiven_NoCircuit() public {
        ModelHeader memory other = _header("unbound");
        vm.prank(publisher.addr);
        bytes32 otherId = c.modelRegistry.register(other, 0, 4);
        Order memory order = _zkOrder();
        order.modelId = otherId;
        bytes memory signature = _sign(order);
        vm.expectRevert(abi.encodeWithSelector(IZkModels.ZkModels_Unknown.selector, otherId));
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
    }

    // --- Bindings ---

    function test_RevertWhen_BoundByAStrangerOrTwice() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IZkModels.ZkModels_NotPublisher.selector, zkModelId, stranger.addr
            )
        );
        vm.prank(stranger.addr);
        c.zkModels.bind(zkModel, _shape(), _binding());
        vm.expectRevert(abi.encodeWithSelector(IZkModels.ZkModels_Bound.selector, zkModelId));
        vm.prank(publisher.addr);
        c.zkModels.bind(zkModel, _shape(), _binding());
    }

    function test_RevertWhen_ShapeDoesNotFit() public {
        ModelHeader memory other = _header("other");
        other.inputs = 2;
        other.values = 5;
        vm.startPrank(publisher.addr);
        c.modelRegistry.register(other, 0, 4);

        IZkModels.Shape memory shape = _shape();
        shape.inputScales[0] = 31;
        _expectBadShape(other, shape, "scale");
        shape = _shape();
        shape.inputs[0] = hex"0700"; // int64
        _expectBadShape(other, shape, "dtype");
        shape = _shape();
        shape.outputs[0] = hex"010202000000020000000100";
        _expectBadShape(other, shape, "perm");
        shape = _shape();
        shape.outputs = new bytes[](0);
        _expectBadShape(other, shape, "counts");
        IZkModels.ZkModel memory binding = _binding();
        binding.shapeHash = bytes32(uint256(1));
        vm.expectRevert(
            abi.encodeWithSelector(IZkModels.ZkModels_BadShape.selector, bytes32("hash"))
        );
        c.zkModels.bind(other, _shape(), binding);
        binding = _binding();
        binding.selector = 0x12345678;
        vm.expectRevert(
            abi.encodeWithSelector(
                IZkVerifierRouter.ZkVerifierRouter_Unknown.selector, bytes4(0x12345678)
            )
        );
        c.zkModels.bind(other, _shape(), binding);
        other.carried = 1;
        c.modelRegistry.register(other, 0, 4);
        vm.expectRevert(
            abi.encodeWithSelector(IZkModels.ZkModels_BadShape.selector, bytes32("carry"))
        );
        c.zkModels.bind(other, _shape(), _binding());
    }

    // --- Router ---

    function test_WhenTheSameCodeIsAddedAgain() public {
        assertEq(
            c.zkVerifierRouter.add(address(_stub(_statement()))),
            selector,
            "the first address stays"
        );
    }

    function test_RevertWhen_VerifierHasNoCodeOrIsUnknownOrRetiredTwice() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IZkVerifierRouter.ZkVerifierRouter_NoCode.selector, stranger.addr
            )
        );
        c.zkVerifierRouter.add(stranger.addr);
        c.zkVerifierRouter.retire(selector);
        vm.expectRevert(
            abi.encodeWithSelector(
                IZkVerifierRouter.ZkVerifierRouter_AlreadyRetired.selector, selector
            )
        );
        c.zkVerifierRouter.retire(selector);
        vm.expectPartialRevert(bytes4(keccak256("OwnableUnauthorizedAccount(address)")));
        vm.prank(stranger.addr);
        c.zkVerifierRouter.retire(selector);
    }

    function test_RevertWhen_VerifierBurnsItsGasOrIsVague() public {
        bytes4 greedy = c.zkVerifierRouter.add(address(new GreedyVerifier()));
        uint256 before = gasleft();
        vm.expectRevert(
            abi.encodeWithSelector(
                IZkVerifierRouter.ZkVerifierRouter_ProofRejected.selector, greedy
            )
        );
        c.zkVerifierRouter.verify(greedy, PROOF, "");
        assertLt(before - gasleft(), 3_200_000, "ZKR-2: no more than the cap");
        bytes4 vague = c.zkVerifierRouter.add(address(new VagueVerifier()));
        vm.expectRevert(
            abi.encodeWithSelector(IZkVerifierRouter.ZkVerifierRouter_ProofRejected.selector, vague)
        );
        c.zkVerifierRouter.verify(vague, PROOF, "");
    }

    function test_RevertWhen_TooLittleGas() public {
        vm.expectPartialRevert(IZkVerifierRouter.ZkVerifierRouter_TooLittleGas.selector);
        c.zkVerifierRouter.verify{gas: 2_900_000}(selector, PROOF, "");
    }

    // --- Numbers ---

    function test_FieldElementsAtTheEdges() public {
        assertEq(_quantize(0x3fc00000, 7), 192, "1.5");
        assertEq(_quantize(0xbe800000, 7), FieldElements.R - 32, "-0.25");
        assertEq(_quantize(0x80000000, 7), 0, "-0");
        assertEq(_quantize(0x00000001, 30), 0, "subnormal");
        assertEq(_quantize(0x3b800000, 7), 1, "half a unit rounds away from 0");
        assertEq(_quantize(0xbb800000, 7), FieldElements.R - 1, "on both sides");
        assertEq(_quantize(0x3b7fffff, 7), 0, "just below half a unit");
        assertEq(_quantize(0x7d7fffff, 0), uint256(0xffffff) << 100, "the largest");
        _assertDequantized(0, 13, 0, 0);
        _assertDequantized(-32, 7, 0xbe800000, FieldElements.R - 32);
        _assertDequantized((1 << 24) + 1, 0, 0x4b800000, (1 << 24) + 1); // tie to even
        _assertDequantized((1 << 24) + 3, 0, 0x4b800002, (1 << 24) + 3); // tie to even
        _assertDequantized((1 << 25) - 1, 0, 0x4c000000, (1 << 25) - 1); // carry
        _assertDequantized(-1, 0, 0xbf800000, FieldElements.R - 1);
        _assertDequantized((1 << 127) - 1, 0, 0x7f000000, (1 << 127) - 1);
        vm.expectPartialRevert(FieldElements.FieldElements_OutOfRange.selector);
        this.quantize(_packed(0x7f800000), 0);
        vm.expectPartialRevert(FieldElements.FieldElements_OutOfRange.selector);
        this.quantize(_packed(0x7e000000), 7);
        int256[4] memory wide =
            [int256(1 << 127), -(1 << 127), int256((FieldElements.R - 1) / 2), type(int256).min];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(FieldElements.FieldElements_TooWide.selector, wide[i])
            );
            this.dequantize(_one(wide[i]), 0);
        }
    }

    /// @dev A number of at most 24 bits comes back from the circuit as it went in.
    function testFuzz_RoundTrip(int24[] calldata values, uint8 scale) public view {
        uint256 s = scale % 31;
        int256[] memory wide = new int256[](values.length);
        for (uint256 i = 0; i < values.length; ++i) {
            wide[i] = values[i];
        }
        (bytes memory data, bytes memory elements) = this.dequantize(wide, s);
        assertEq(this.quantize(data, s), elements);
    }

    /// @dev Every lane of eight, against the definition in whole numbers.
    function testFuzz_Quantize(uint32[9] calldata values, uint8 scale) public {
        uint256 s = scale % 31;
        bytes memory data;
        uint256[] memory expected = new uint256[](9);
        bool refused;
        for (uint256 i = 0; i < 9; ++i) {
            data = abi.encodePacked(data, _packed(values[i]));
            uint256 exponent = (values[i] >> 23) & 255;
            uint256 mantissa = values[i] & 0x7fffff;
            if (exponent == 0) exponent = 1;
            else mantissa |= 0x800000;
            refused = refused || exponent == 255 || exponent + s > 250;
            if (refused) break;
            // Rounded to the nearest, halves away from 0.
            uint256 doubled = (mantissa << (exponent + s <= 230 ? exponent + s : 0)) >> 149;
            expected[i] = exponent + s <= 230 ? (doubled + 1) / 2 : mantissa << (exponent + s - 150);
            if (values[i] >> 31 != 0 && expected[i] != 0) {
                expected[i] = FieldElements.R - expected[i];
            }
        }
        if (refused) vm.expectPartialRevert(FieldElements.FieldElements_OutOfRange.selector);
        bytes memory elements = this.quantize(data, s);
        if (!refused) assertEq(elements, abi.encodePacked(expected));
    }

    function quantize(bytes calldata data, uint256 scale)
        external
        pure
        returns (bytes memory elements)
    {
        elements = new bytes(data.length * 8);
        FieldElements.quantize(data, scale, elements, 0);
    }

    function dequantize(int256[] calldata values, uint256 scale)
        external
        pure
        returns (bytes memory data, bytes memory elements)
    {
        elements = new bytes(values.length * 32);
        data = FieldElements.dequantize(values, scale, elements, 0);
    }

    function _quantize(uint32 bits, uint256 scale) private view returns (uint256) {
        return abi.decode(this.quantize(_packed(bits), scale), (uint256));
    }

    function _assertDequantized(int256 value, uint256 scale, uint32 bits, uint256 element)
        private
        view
    {
        (bytes memory data, bytes memory elements) = this.dequantize(_one(value), scale);
        assertEq(data, _packed(bits));
        assertEq(abi.decode(elements, (uint256)), element);
    }

    function _one(int256 value) private pure returns (int256[] memory values) {
        values = new int256[](1);
        values[0] = value;
    }

    /// @dev Little-endian.
    function _packed(uint32 bits) private pure returns (bytes memory) {
        return abi.encodePacked(uint8(bits), uint8(bits >> 8), uint8(bits >> 16), uint8(bits >> 24));
    }

    // --- Helpers ---

    function _stub(bytes32 statement) private returns (StubVerifier) {
        return new StubVerifier(statement);
    }

    function _statement() private pure returns (bytes32) {
        uint256[] memory instances = new uint256[](4);
        instances[0] = 192; // 1.5 x 2^7
        instances[1] = FieldElements.R - 32;
        instances[2] = 8_192;
        instances[3] = FieldElements.R - 1;
        return keccak256(abi.encode(PROOF, instances));
    }

    function _steps() private pure returns (IZkDeliveries.ProvedStep[] memory steps) {
        steps = new IZkDeliveries.ProvedStep[](1);
        steps[0].inputs = new bytes[](2);
        steps[0].inputs[0] = INPUT_A;
        steps[0].inputs[1] = INPUT_B;
        steps[0].outputs = new int256[][](1);
        steps[0].outputs[0] = new int256[](2);
        steps[0].outputs[0][0] = 8_192;
        steps[0].outputs[0][1] = -1;
        steps[0].proof = PROOF;
    }

    function _shape() private pure returns (IZkModels.Shape memory shape) {
        shape.inputs = new bytes[](2);
        shape.inputs[0] = shape.inputs[1] = SCALAR;
        shape.inputScales = new uint8[](2);
        shape.inputScales[0] = shape.inputScales[1] = 7;
        shape.outputs = new bytes[](1);
        shape.outputs[0] = hex"01010200000000";
        shape.outputScales = new uint8[](1);
        shape.outputScales[0] = 13;
    }

    function _binding() private view returns (IZkModels.ZkModel memory) {
        return IZkModels.ZkModel({
            selector: selector,
            maxDifference: 0x3a83126f,
            shapeHash: keccak256(abi.encode(_shape())),
            circuitRoot: keccak256("circuit"),
            keyRoot: keccak256("key"),
            settingsRoot: keccak256("settings")
        });
    }

    function _zkOrder() private returns (Order memory order) {
        order = _order();
        order.modelId = zkModelId;
        order.class = 3;
        order.tip = 0;
        order.inputRoot = sha256(abi.encodePacked(hex"00", _bundle()));
    }

    function _zkLocked() private returns (Order memory order, bytes32 jobId) {
        order = _zkOrder();
        jobId = _lock(order);
    }

    /// @dev By hand, so that the library is checked and not repeated.
    function _bundle() private pure returns (bytes32) {
        bytes32 a =
            sha256(abi.encodePacked(hex"02", SCALAR, sha256(abi.encodePacked(hex"00", INPUT_A))));
        bytes32 b =
            sha256(abi.encodePacked(hex"02", SCALAR, sha256(abi.encodePacked(hex"00", INPUT_B))));
        return sha256(
            abi.encodePacked(
                hex"01", sha256(abi.encodePacked(hex"00", a)), sha256(abi.encodePacked(hex"00", b))
            )
        );
    }

    function _rootOfTwo(bytes32 leaf) private pure returns (bytes32) {
        bytes32 hash = sha256(abi.encodePacked(hex"00", leaf));
        return sha256(abi.encodePacked(hex"01", hash, hash));
    }

    function _expectBad(Order memory order, bytes32 what) private {
        bytes memory signature = _sign(order);
        bytes32 jobId = c.jobMarket.jobIdOf(order);
        vm.expectRevert(abi.encodeWithSelector(IJobMarket.JobMarket_BadOrder.selector, jobId, what));
        vm.prank(hot.addr);
        c.jobMarket.lock(order, signature);
    }

    function _expectBadShape(ModelHeader memory header, IZkModels.Shape memory shape, bytes32 what)
        private
    {
        IZkModels.ZkModel memory binding = _binding();
        binding.shapeHash = keccak256(abi.encode(shape));
        vm.expectRevert(abi.encodeWithSelector(IZkModels.ZkModels_BadShape.selector, what));
        c.zkModels.bind(header, shape, binding);
    }
}

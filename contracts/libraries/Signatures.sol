// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Signatures
/// @notice Signatures of keys and of contracts (D8). Keys first, so that accounts with delegated code (EIP-7702) can go on using theirs.
/// @dev A contract gets 100,000 gas and 32 bytes of its answer are copied, so that it can neither burn its caller's gas nor return a megabyte.
library Signatures {
    /// @notice Gas of an ERC-1271 call.
    uint256 internal constant WALLET_GAS = 100_000;

    /// @notice Whether `signature` over `digest` is `signer`'s.
    function isValid(address signer, bytes32 digest, bytes calldata signature)
        internal
        view
        returns (bool)
    {
        (address recovered, ECDSA.RecoverError problem,) =
            ECDSA.tryRecoverCalldata(digest, signature);
        if (problem == ECDSA.RecoverError.NoError && recovered == signer) return true;
        return signer.code.length != 0 && _walletAccepts(signer, digest, signature);
    }

    function _walletAccepts(address wallet, bytes32 digest, bytes calldata signature)
        private
        view
        returns (bool accepts)
    {
        bytes memory data = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bytes4 magic = IERC1271.isValidSignature.selector;
        assembly ("memory-safe") {
            mstore(0, 0)
            let ok := staticcall(WALLET_GAS, wallet, add(data, 32), mload(data), 0, 32)
            // The whole word: a short answer leaves zeros, dirty lower bytes are no magic.
            accepts := and(and(ok, gt(returndatasize(), 31)), eq(mload(0), magic))
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice A contract account as it should be: what its owner's key signs is its own.
contract Wallet is IERC1271 {
    address private immutable OWNER;

    constructor(address owner) {
        OWNER = owner;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature)
        external
        view
        virtual
        returns (bytes4)
    {
        (address signer, ECDSA.RecoverError problem,) = ECDSA.tryRecover(hash, signature);
        bool valid = problem == ECDSA.RecoverError.NoError && signer == OWNER;
        return valid ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

/// @notice Classes 7 and 12: a contract account that makes trouble.
contract HostileWallet {
    enum Trouble {
        BurnsGas,
        ReturnsMegabyte,
        ReturnsShort,
        ReturnsDirty,
        Reverts,
        RevertsMegabyte,
        ReturnsNothing
    }

    Trouble private immutable TROUBLE;

    constructor(Trouble trouble) {
        TROUBLE = trouble;
    }

    fallback() external {
        bytes4 magic = IERC1271.isValidSignature.selector;
        Trouble trouble = TROUBLE;
        if (trouble == Trouble.BurnsGas) {
            while (true) {}
        }
        if (trouble == Trouble.Reverts) revert("no");
        if (trouble == Trouble.ReturnsNothing) return;
        assembly ("memory-safe") {
            mstore(0, magic)
            if eq(trouble, 2) { return(0, 4) }
            if eq(trouble, 3) {
                mstore(0, or(magic, 1))
                return(0, 32)
            }
            if eq(trouble, 5) { revert(0, 1000000) }
            return(0, 1000000)
        }
    }
}

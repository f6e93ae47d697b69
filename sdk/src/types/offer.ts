import type { Address, Hex } from 'viem'

/**
 * What a provider signs with its hot key: jobs at a fixed price. Twin of
 * `contracts/types/ComputeOffer.sol`, which says what each field means.
 */
export type ComputeOffer = {
  providerId: number
  /** A model id, or the `setRoot` of several. */
  models: Hex
  payToken: Address
  /** As in an order: 0 wei of `payToken`, 1 US dollars with 18 decimals. */
  currency: number
  pricePerStep: bigint
  /** 1 exact, 2 float. */
  class: number
  /** Steps that all fills together may take. */
  capacity: bigint
  maxCollateral: bigint
  minDeliver: number
  millisPerStep: number
  /** Who may fill it; the zero address for anybody. */
  requester: Address
  /** The input that the provider has seen; zero: the provider may decline. */
  inputRoot: Hex
  expiry: number
  nonce: bigint
}

/**
 * The EIP-712 types of an offer, for `signTypedData`.
 *
 * @example
 * offerTypes.ComputeOffer.map(({ name }) => name)
 */
export const offerTypes = {
  ComputeOffer: [
    { name: 'providerId', type: 'uint32' },
    { name: 'models', type: 'bytes32' },
    { name: 'payToken', type: 'address' },
    { name: 'currency', type: 'uint8' },
    { name: 'pricePerStep', type: 'uint128' },
    { name: 'class', type: 'uint8' },
    { name: 'capacity', type: 'uint64' },
    { name: 'maxCollateral', type: 'uint96' },
    { name: 'minDeliver', type: 'uint32' },
    { name: 'millisPerStep', type: 'uint32' },
    { name: 'requester', type: 'address' },
    { name: 'inputRoot', type: 'bytes32' },
    { name: 'expiry', type: 'uint40' },
    { name: 'nonce', type: 'uint256' },
  ],
} as const

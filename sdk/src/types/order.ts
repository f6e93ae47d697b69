import type { Address, Hex } from 'viem'

/**
 * What a requester signs. Twin of `contracts/types/Order.sol`, which says what
 * each field means; times in unix seconds, durations in seconds, amounts in wei.
 */
export type Order = {
  requester: Address
  modelId: Hex
  /** 1 exact, 2 float, 3 zk. */
  class: number
  steps: number
  inputRoot: Hex
  payToken: Address
  minPrice: bigint
  maxPrice: bigint
  rampStart: number
  rampDuration: number
  lockDuration: number
  deliverDuration: number
  expiry: number
  maxAttempts: number
  collateral: bigint
  valueAtRisk: bigint
  verificationFee: bigint
  tip: bigint
  callback: Address
  callbackGas: number
  callbackFee: bigint
  maxTotal: bigint
  allowedRoot: Hex
  capabilities: Hex
  paramsVersion: number
  /** Of `minPrice`, `maxPrice` and `valueAtRisk`: 0 wei of `payToken`, 1 US dollars with 18 decimals. */
  currency: number
  nonce: bigint
}

/**
 * The EIP-712 types of an order, for `signTypedData`.
 *
 * @example
 * orderTypes.Order.map(({ name }) => name)
 */
export const orderTypes = {
  Order: [
    { name: 'requester', type: 'address' },
    { name: 'modelId', type: 'bytes32' },
    { name: 'class', type: 'uint8' },
    { name: 'steps', type: 'uint32' },
    { name: 'inputRoot', type: 'bytes32' },
    { name: 'payToken', type: 'address' },
    { name: 'minPrice', type: 'uint128' },
    { name: 'maxPrice', type: 'uint128' },
    { name: 'rampStart', type: 'uint40' },
    { name: 'rampDuration', type: 'uint32' },
    { name: 'lockDuration', type: 'uint32' },
    { name: 'deliverDuration', type: 'uint32' },
    { name: 'expiry', type: 'uint40' },
    { name: 'maxAttempts', type: 'uint8' },
    { name: 'collateral', type: 'uint96' },
    { name: 'valueAtRisk', type: 'uint128' },
    { name: 'verificationFee', type: 'uint128' },
    { name: 'tip', type: 'uint128' },
    { name: 'callback', type: 'address' },
    { name: 'callbackGas', type: 'uint32' },
    { name: 'callbackFee', type: 'uint128' },
    { name: 'maxTotal', type: 'uint256' },
    { name: 'allowedRoot', type: 'bytes32' },
    { name: 'capabilities', type: 'bytes32' },
    { name: 'paramsVersion', type: 'uint32' },
    { name: 'currency', type: 'uint8' },
    { name: 'nonce', type: 'uint256' },
  ],
} as const

/**
 * The EIP-712 types of a batch of orders, for `signTypedData`.
 *
 * @example
 * orderBatchTypes.OrderBatch.map(({ name }) => name)
 */
export const orderBatchTypes = {
  OrderBatch: [
    { name: 'root', type: 'bytes32' },
    { name: 'count', type: 'uint32' },
  ],
} as const

/**
 * Codes of an order's currency.
 *
 * @example
 * currencyCodes.usd // 1
 */
export const currencyCodes = { token: 0, usd: 1 } as const

/**
 * Codes of the verification classes in orders and in the registry's bits.
 *
 * @example
 * classCodes.float // 2
 */
export const classCodes = { exact: 1, float: 2, zk: 3 } as const

/** Name of a verification class. */
export type ClassName = keyof typeof classCodes

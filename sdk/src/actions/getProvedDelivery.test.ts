import {
  type Address,
  createClient,
  custom,
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  parseAbiParameters,
  zeroAddress,
  zeroHash,
} from 'viem'
import { foundry } from 'viem/chains'
import { expect, test } from 'vitest'
import { zkDeliveriesAbi } from '../abis/zkDeliveriesAbi.js'
import { withAddressBook } from '../clients/withAddressBook.js'
import type { Contracts } from '../types/addressBook.js'
import type { Order } from '../types/order.js'
import { deliverProved, type ProvedStep } from './deliverProved.js'
import { getProvedDelivery } from './getProvedDelivery.js'

const zkDeliveries: Address = `0x${'5'.repeat(40)}`
const contracts = { zkDeliveries } as Contracts
const jobId: Hex = `0x${'1'.repeat(64)}`
const resultRoot: Hex = `0x${'2'.repeat(64)}`
const transactionHash: Hex = `0x${'3'.repeat(64)}`
const order: Order = {
  requester: zeroAddress,
  modelId: zeroHash,
  class: 3,
  steps: 1,
  inputRoot: zeroHash,
  payToken: zeroAddress,
  minPrice: 0n,
  maxPrice: 0n,
  rampStart: 0,
  rampDuration: 0,
  lockDuration: 0,
  deliverDuration: 0,
  expiry: 0,
  maxAttempts: 0,
  collateral: 0n,
  valueAtRisk: 0n,
  verificationFee: 0n,
  tip: 0n,
  callback: zeroAddress,
  callbackGas: 0,
  callbackFee: 0n,
  maxTotal: 0n,
  allowedRoot: zeroHash,
  capabilities: zeroHash,
  paramsVersion: 0,
  currency: 0,
  nonce: 0n,
}
const steps: ProvedStep[] = [
  { inputs: ['0x01020304'], outputs: [[-7n, 9n]], proof: '0xabcd' },
]
const shape = { inputs: [], inputScales: [], outputs: [], outputScales: [] }
const { data } = deliverProved.transaction(contracts, { order, shape, steps })

/** A reader of a chain with one delivery, or none. */
function reader(delivery?: { to: Address | null; input: Hex }) {
  const at = {
    blockHash: zeroHash,
    blockNumber: '0x1',
    transactionIndex: '0x0',
  }
  return createClient({
    chain: foundry,
    transport: custom({
      request: async ({ method }) => {
        if (method === 'eth_getLogs')
          return delivery === undefined
            ? []
            : [
                {
                  ...at,
                  address: zkDeliveries,
                  topics: encodeEventTopics({
                    abi: zkDeliveriesAbi,
                    eventName: 'ProvedDelivered',
                    args: { jobId },
                  }),
                  data: encodeAbiParameters(
                    parseAbiParameters('bytes32, bytes[]'),
                    [resultRoot, []],
                  ),
                  logIndex: '0x0',
                  transactionHash,
                  removed: false,
                },
              ]
        if (method === 'eth_getTransactionByHash')
          return { ...at, ...delivery, hash: transactionHash, type: '0x2' }
        throw new Error(`unexpected ${method}`)
      },
    }),
  }).extend(
    withAddressBook({ chainId: foundry.id, deployBlock: 0n, contracts }),
  )
}

test('default: what was delivered comes from the calldata', async () => {
  const client = reader({ to: zkDeliveries, input: data })
  expect(await getProvedDelivery(client, { jobId })).toEqual({
    resultRoot,
    transactionHash,
    steps,
  })
})

test('error: a proof that is not there, or not readable, is not called invalid', async () => {
  // Another contract can carry the same calldata and call with other.
  const wrapped = reader({ to: `0x${'6'.repeat(40)}`, input: data })
  const other = reader({ to: zkDeliveries, input: '0x12345678' })
  for (const client of [reader(), wrapped, other])
    await expect(getProvedDelivery(client, { jobId })).rejects.toMatchObject({
      code: 'LY-ZK-009',
    })
})

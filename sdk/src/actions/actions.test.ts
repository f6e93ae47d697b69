import { decodeFunctionData, zeroAddress, zeroHash } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import { parseAddressBook } from '../clients/parseAddressBook.js'
import type { Order } from '../types/order.js'
import { orderTypes } from '../types/order.js'
import { lockJob } from './lockJob.js'
import { orderDomain, orderId } from './orderId.js'
import { priceOf } from './priceOf.js'

const order: Order = {
  requester: zeroAddress,
  modelId: zeroHash,
  class: 2,
  steps: 1,
  inputRoot: zeroHash,
  payToken: zeroAddress,
  minPrice: 5n,
  maxPrice: 15n,
  rampStart: 100,
  rampDuration: 4,
  lockDuration: 30,
  deliverDuration: 6,
  expiry: 1000,
  maxAttempts: 3,
  collateral: 1000n,
  valueAtRisk: 0n,
  verificationFee: 0n,
  tip: 0n,
  callback: zeroAddress,
  callbackGas: 0,
  callbackFee: 0n,
  maxTotal: 20n,
  allowedRoot: zeroHash,
  capabilities: zeroHash,
  paramsVersion: 1,
  currency: 0,
  nonce: 0n,
}
const place = { chainId: 31_337, jobMarket: zeroAddress } as const

test('default: the price rises from minimum to maximum and stays', () => {
  expect([0, 100, 101, 103, 104, 999].map((at) => priceOf(order, at))).toEqual([
    5n,
    5n,
    7n,
    12n,
    15n,
    15n,
  ])
  expect(priceOf({ ...order, rampDuration: 0 }, 101)).toBe(15n)
})

test('behavior: a call decodes to what went in', () => {
  const { to, data } = lockJob.transaction(parseAddressBook(book).contracts, {
    order,
    signature: '0x1234',
  })
  expect(to).toBe(book.contracts.jobMarket)
  expect(decodeFunctionData({ abi: jobMarketAbi, data })).toEqual({
    functionName: 'lock',
    args: [order, '0x1234'],
  })
})

test('behavior: the EIP-712 struct has the fields of the ABI, in order', () => {
  const [{ inputs }] = jobMarketAbi.filter(
    (item) => item.type === 'function' && item.name === 'jobIdOf',
  ) as unknown as [
    { inputs: [{ components: { name: string; type: string }[] }] },
  ]
  expect(
    inputs[0].components.map(({ name, type }) => ({ name, type })),
  ).toEqual(orderTypes.Order)
})

test('behavior: a signature is over the job id', async () => {
  const account = privateKeyToAccount(`0x${'11'.repeat(32)}`)
  const hash = orderId({ ...place, order })
  expect(await account.sign({ hash })).toBe(
    await account.signTypedData({
      domain: orderDomain(place),
      types: orderTypes,
      primaryType: 'Order',
      message: order,
    }),
  )
})

const names = [
  'lynToken',
  'ledger',
  'stakeManager',
  'modelRegistry',
  'jobMarket',
  'disputes',
  'demands',
  'accumulations',
  'attestations',
  'answerVerifier',
  'reductionVerifier',
  'witnessVerifier',
  'fraudVerifier',
  'checkerRegistry',
  'parameters',
  'feeSink',
  'priceOracle',
  'offers',
  'sealedAuctions',
  'timelock',
  'governor',
  'stakeVoter',
  'stakerFees',
  'burnAuction',
  'rewards',
  'grantFactory',
  'auditManager',
  'canaries',
  'treasuryVault',
  'callbacks',
  'zkVerifierRouter',
  'zkModels',
  'zkDeliveries',
  'receipts',
] as const
const book = {
  chainId: 31_337,
  contracts: Object.fromEntries(
    names.map((name, index) => [name, `0x${`${index}`.padStart(40, '0')}`]),
  ) as Record<(typeof names)[number], string>,
}

test('default: an address book', () => {
  expect(parseAddressBook(JSON.stringify(book))).toEqual({
    ...book,
    deployBlock: 0n,
  })
})

test('error: address books that are none', () => {
  expect(() => parseAddressBook('{')).toThrow(/not JSON/)
  expect(() =>
    parseAddressBook({
      ...book,
      contracts: { ...book.contracts, ledger: '0x12', feeSink: undefined },
    }),
  ).toThrow(/contracts.ledger: is no address; contracts.feeSink: is no address/)
})

import {
  type Abi,
  createClient,
  custom,
  decodeAbiParameters,
  decodeFunctionData,
  encodeAbiParameters,
  encodeEventTopics,
  getAbiItem,
  type Hex,
  parseAbiParameters,
  recoverAddress,
  zeroAddress,
  zeroHash,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { describe, expect, test } from 'vitest'
import { callbacksAbi } from '../abis/callbacksAbi.js'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import { offersAbi } from '../abis/offersAbi.js'
import { priceOracleAbi } from '../abis/priceOracleAbi.js'
import { sealedAuctionsAbi } from '../abis/sealedAuctionsAbi.js'
import { withAddressBook } from '../clients/withAddressBook.js'
import { providerSet } from '../tree/setTree.js'
import type { Contracts } from '../types/addressBook.js'
import type { ComputeOffer } from '../types/offer.js'
import type { Order } from '../types/order.js'
import { announceOffer } from './announceOffer.js'
import { auctionBond, auctionOutcome } from './auctionOutcome.js'
import { callbackJob } from './callbackJob.js'
import { cancelNonces } from './cancelNonces.js'
import { cancelOffer } from './cancelOffer.js'
import { closeAuction } from './closeAuction.js'
import { closeBid } from './closeBid.js'
import { declineJob } from './declineJob.js'
import { isOrderSignature } from './isOrderSignature.js'
import { lockAllowed } from './lockAllowed.js'
import { lockWinner } from './lockWinner.js'
import { lockWithOffer } from './lockWithOffer.js'
import { lockWithPermit } from './lockWithPermit.js'
import { offerId } from './offerId.js'
import { openAuction } from './openAuction.js'
import { placeBid } from './placeBid.js'
import { pokePrice } from './pokePrice.js'
import { postOrder } from './postOrder.js'
import { reclaimCallbackFee } from './reclaimCallbackFee.js'
import { refundJob } from './refundJob.js'
import { revealBid } from './revealBid.js'
import { settleJobs } from './settleJobs.js'
import { openShard } from './shardSignature.js'
import { signOffer } from './signOffer.js'
import { signOrder } from './signOrder.js'
import { signOrderBatch } from './signOrderBatch.js'
import { signPermit } from './signPermit.js'
import type { WriteAction } from './writeAction.js'

const word = (digit: string): Hex => `0x${digit.repeat(64)}`
const contracts = Object.fromEntries(
  [
    ...['lynToken', 'ledger', 'stakeManager', 'modelRegistry', 'jobMarket'],
    ...['disputes', 'demands', 'fraudVerifier', 'checkerRegistry'],
    ...['parameters', 'feeSink', 'priceOracle', 'offers', 'sealedAuctions'],
    'callbacks',
  ].map((name, i) => [name, `0x${String(i + 1).padStart(40, '0')}`]),
) as unknown as Contracts
const account = privateKeyToAccount(word('1'))

/** A client whose chain answers calls from a table by selector. */
function clientWith(answers: Record<string, Hex> = {}) {
  return createClient({
    account,
    chain: foundry,
    transport: custom({
      request: async ({ method, params }) => {
        if (method === 'eth_getCode') return '0x'
        const data: string = params?.[0]?.data ?? ''
        const answer = answers[data.slice(0, 10)]
        if (method === 'eth_call' && answer !== undefined) return answer
        throw new Error(`unexpected ${method}`)
      },
    }),
  }).extend(
    withAddressBook({ chainId: foundry.id, deployBlock: 0n, contracts }),
  )
}

const order: Order = {
  requester: account.address,
  modelId: word('2'),
  class: 2,
  steps: 3,
  inputRoot: word('3'),
  payToken: contracts.lynToken,
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
  nonce: 2n ** 200n,
}
const offer: ComputeOffer = {
  providerId: 7,
  models: word('2'),
  payToken: contracts.lynToken,
  currency: 0,
  pricePerStep: 5n,
  class: 2,
  capacity: 9n,
  maxCollateral: 1000n,
  minDeliver: 2,
  millisPerStep: 1_000,
  requester: zeroAddress,
  inputRoot: zeroHash,
  expiry: 1000,
  nonce: 1n,
}
const permit = { value: 20n, deadline: 99n, v: 27, r: word('4'), s: word('5') }

/** An action with what it takes, and the call that it must become. */
type Case = [
  name: string,
  action: WriteAction<never, unknown>,
  parameters: object,
  to: keyof Contracts,
  abi: Abi,
  functionName: string,
  args: readonly unknown[],
]

const fill = encodeAbiParameters(
  [
    getAbiItem({ abi: offersAbi, name: 'cancel' }).inputs[0],
    ...parseAbiParameters('bytes32[], bytes'),
  ],
  [offer, [word('6')], '0x34'],
)
const outputs = [{ header: '0x01', data: '0x02', carried: false }] as const
const cases = [
  ['post', postOrder, { order }, 'jobMarket', jobMarketAbi, 'post', [order]],
  [
    'cancel',
    cancelNonces,
    { word: 3n, mask: 8n },
    'jobMarket',
    jobMarketAbi,
    'cancel',
    [3n, 8n],
  ],
  [
    'lock, named',
    lockAllowed,
    { order, signature: '0x12', allowed: [word('6')] },
    'jobMarket',
    jobMarketAbi,
    'lockAllowed',
    [order, '0x12', [word('6')]],
  ],
  [
    'lock, by permit',
    lockWithPermit,
    { order, signature: '0x12', allowed: [], permit },
    'jobMarket',
    jobMarketAbi,
    'lockWithPermit',
    [order, '0x12', [], permit],
  ],
  [
    'fill an offer',
    lockWithOffer,
    {
      order,
      signature: '0x',
      offer,
      offerSignature: '0x34',
      modelProof: [word('6')],
    },
    'jobMarket',
    jobMarketAbi,
    'lockFrom',
    [contracts.offers, order, '0x', [], fill],
  ],
  [
    'lock the winner',
    lockWinner,
    { order, signature: '0x12' },
    'jobMarket',
    jobMarketAbi,
    'lockFrom',
    [contracts.sealedAuctions, order, '0x12', [], '0x'],
  ],
  [
    'decline',
    declineJob,
    { order },
    'jobMarket',
    jobMarketAbi,
    'decline',
    [order],
  ],
  [
    'refund',
    refundJob,
    { order },
    'jobMarket',
    jobMarketAbi,
    'refund',
    [order],
  ],
  [
    'settle many',
    settleJobs,
    { orders: [order, order] },
    'jobMarket',
    jobMarketAbi,
    'settleMany',
    [[order, order]],
  ],
  [
    'announce an offer',
    announceOffer,
    { offer, signature: '0x12' },
    'offers',
    offersAbi,
    'announce',
    [offer, '0x12'],
  ],
  [
    'cancel an offer',
    cancelOffer,
    { offer },
    'offers',
    offersAbi,
    'cancel',
    [offer],
  ],
  [
    'open an auction',
    openAuction,
    { order, commitEnd: 10, revealEnd: 20 },
    'sealedAuctions',
    sealedAuctionsAbi,
    'open',
    [order, 10, 20],
  ],
  [
    'bid',
    placeBid,
    { order, commitment: word('7'), allowed: [] },
    'sealedAuctions',
    sealedAuctionsAbi,
    'bid',
    [order, word('7'), []],
  ],
  [
    'reveal',
    revealBid,
    { order, providerId: 7, price: 9n, salt: word('8') },
    'sealedAuctions',
    sealedAuctionsAbi,
    'reveal',
    [order, 7, 9n, word('8')],
  ],
  [
    'close a bid',
    closeBid,
    { order, providerId: 7 },
    'sealedAuctions',
    sealedAuctionsAbi,
    'closeBid',
    [order, 7],
  ],
  [
    'close an auction',
    closeAuction,
    { order },
    'sealedAuctions',
    sealedAuctionsAbi,
    'closeAuction',
    [order],
  ],
  [
    'call back',
    callbackJob,
    { order, outputs, carriedRoot: word('9'), path: [word('a')] },
    'callbacks',
    callbacksAbi,
    'callback',
    [order, outputs, { carriedRoot: word('9'), path: [word('a')] }],
  ],
  [
    'reclaim',
    reclaimCallbackFee,
    { order },
    'callbacks',
    callbacksAbi,
    'reclaim',
    [order],
  ],
  [
    'poke',
    pokePrice,
    { token: contracts.lynToken },
    'priceOracle',
    priceOracleAbi,
    'poke',
    [contracts.lynToken],
  ],
] as unknown as Case[]

test.each(cases)(
  'default: %s is the call that it says',
  (_, action, parameters, to, abi, functionName, args) => {
    const call = action.transaction(contracts, parameters as never)
    expect(call.to).toBe(contracts[to])
    expect(decodeFunctionData({ abi, data: call.data })).toEqual({
      functionName,
      args,
    })
  },
)

test('behavior: an event comes out of a receipt', () => {
  const topics = encodeEventTopics({
    abi: offersAbi,
    eventName: 'OfferCancelled',
    args: { offerId: word('b'), providerId: 7 },
  })
  const log = { address: contracts.offers, topics, data: '0x' }
  expect(cancelOffer.extractEvent({ logs: [log] as never })).toEqual({
    offerId: word('b'),
    providerId: 7,
  })
  expect(() => cancelOffer.extractEvent({ logs: [] })).toThrow(/LY-TX-002/)
})

describe('signatures', () => {
  const client = clientWith()
  const place = { chainId: foundry.id, jobMarket: contracts.jobMarket }

  test('default: an offer is signed over its id', async () => {
    const { offerId: id, signature } = await signOffer(client, { offer })
    expect(id).toBe(
      offerId({ chainId: foundry.id, offers: contracts.offers, offer }),
    )
    expect(await recoverAddress({ hash: id, signature })).toBe(account.address)
  })

  test('default: one signature for many orders', async () => {
    for (const count of [1, 2, 5]) {
      const orders = Array.from({ length: count }, (_, i) => ({
        ...order,
        nonce: BigInt(i),
      }))
      const shards = await signOrderBatch(client, { orders })
      const opened = shards.map(({ jobId, signature }) =>
        openShard(place, jobId, signature),
      )
      // All lead to the same root, and so to one signature.
      expect(new Set(opened.map(({ digest }) => digest)).size).toBe(1)
      expect(new Set(opened.map(({ signature }) => signature)).size).toBe(1)
      for (const shard of shards)
        expect(await isOrderSignature(client, shard)).toBe(true)
    }
  })

  test('behavior: a shard is good for its own order only', async () => {
    const orders = [order, { ...order, nonce: 1n }]
    const [first, second] = await signOrderBatch(client, { orders })
    if (first === undefined || second === undefined) throw new Error('none')
    const { signature } = first
    const swapped = { order: second.order, signature }
    expect(await isOrderSignature(client, swapped)).toBe(false)
    const [count] = decodeAbiParameters(
      parseAbiParameters('uint32, bytes32[], bytes'),
      signature,
    )
    expect(count).toBe(2)
  })

  test('default: an order of its own, and what is none', async () => {
    const { signature } = await signOrder(client, { order })
    expect(await isOrderSignature(client, { order, signature })).toBe(true)
    for (const bad of ['0x', '0x1234', `0x${'00'.repeat(300)}`] as Hex[])
      expect(await isOrderSignature(client, { order, signature: bad })).toBe(
        false,
      )
  })

  test('default: a permit to the Ledger', async () => {
    const domain = encodeAbiParameters(
      parseAbiParameters(
        'bytes1, string, string, uint256, address, bytes32, uint256[]',
      ),
      ['0x0f', 'Lynode', '1', 31_337n, contracts.lynToken, zeroHash, []],
    )
    const client = clientWith({
      '0x7ecebe00': encodeAbiParameters(parseAbiParameters('uint256'), [5n]),
      '0x84b0196e': domain,
    })
    const signed = await signPermit(client, {
      token: contracts.lynToken,
      value: 20n,
      deadline: 99n,
    })
    expect(signed).toMatchObject({ value: 20n, deadline: 99n })
    expect([27, 28]).toContain(signed.v)
    const again = await signPermit(client, {
      token: contracts.lynToken,
      value: 21n,
      deadline: 99n,
    })
    expect(again.s).not.toBe(signed.s)
  })
})

test('default: sealed bids: the lowest at the second lowest, ties to the earlier', () => {
  const bids = [9n, 7n, 7n, 8n].map((price, i) => ({
    providerId: i + 1,
    price,
  }))
  expect(auctionOutcome(bids, 20n)).toEqual({ providerId: 2, price: 7n })
  expect(auctionOutcome(bids.slice(0, 1), 20n)).toEqual({
    providerId: 1,
    price: 20n,
  })
  expect(auctionOutcome([], 20n)).toBeUndefined()
  expect(auctionBond(9n)).toBe(2n) // rounded up
})

test('behavior: each of a set can prove that it is one', () => {
  const { root, proofOf } = providerSet([3, 7, 9])
  expect(proofOf(9)).toHaveLength(1) // the odd one is promoted
  expect(providerSet([3]).proofOf(3)).toEqual([])
  expect(providerSet([3]).root).not.toBe(root)
})

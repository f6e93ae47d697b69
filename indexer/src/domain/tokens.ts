import type {
  burnAuctionAbi,
  feeSinkAbi,
  lynTokenAbi,
  priceOracleAbi,
  vaultAbi,
} from '@lynode/sdk'
import { type Address, zeroAddress } from 'viem'
import {
  type Change,
  insert,
  read,
  update,
  upsert,
  type Values,
} from './change.js'
import type { Rules } from './event.js'
import { notice } from './notice.js'
import { toJson } from './toJson.js'

/** LYN: who holds it, and who votes with it. */
export const lynTokenRules: Rules<typeof lynTokenAbi> = {
  Transfer: ({ args: { from, to, value } }) => [
    ...(from === zeroAddress
      ? []
      : [ofHolder(from, (row) => ({ lyn: row.lyn - value }))]),
    ...(to === zeroAddress
      ? []
      : [ofHolder(to, (row) => ({ lyn: row.lyn + value }))]),
  ],
  DelegateChanged: ({ args: { delegator, toDelegate } }) => [
    ofHolder(delegator, () => ({ delegate: toDelegate })),
  ],
  DelegateVotesChanged: ({ args: { delegate, newVotes } }) => [
    ofHolder(delegate, () => ({ votes: newVotes })),
  ],
  Approval: (event) => [notice('lynToken', 'Approval', event)],
  EIP712DomainChanged: (event) => [
    notice('lynToken', 'EIP712DomainChanged', event),
  ],
}

/** PriceOracle: what pay tokens are worth. */
export const priceOracleRules: Rules<typeof priceOracleAbi> = {
  FeedsSet: ({ args }) => {
    const { token, ...feeds } = args
    return [
      ofToken(token, () => ({
        feeds: toJson(feeds) as Record<string, unknown>,
      })),
    ]
  },
  LynRateSet: ({ args: { token, rate } }) => [
    ofToken(token, () => ({ lynRate: rate })),
  ],
  UsdRateCached: ({ args: { token, rate } }) => [
    ofToken(token, () => ({ usdRate: rate })),
  ],
}

/** FeeSink: how fees were split. */
export const feeSinkRules: Rules<typeof feeSinkAbi> = {
  Distributed: ({ args, transaction }) => [
    insert('feeSplit', { ...args, transaction: transaction.hash }),
  ],
}

/** BurnAuction: lots of fees that are sold for LYN. */
export const burnAuctionRules: Rules<typeof burnAuctionAbi> = {
  LotStarted: ({ args: { token, amount, startPrice }, position }) => [
    insert('burnLot', {
      ...{ token, amount, startPrice, buyer: null, paid: 0n, burnt: 0n },
    }),
    ofToken(token, () => ({ lot: position })),
  ],
  LotSold: ({ args: { token, buyer, paid, burnt } }) =>
    read('token', { token }, (row) =>
      row === undefined
        ? []
        : [
            update('burnLot', { position: row.lot }, () => ({
              buyer,
              paid,
              burnt,
            })),
          ],
    ),
  ReferenceSet: ({ args: { token, price } }) => [
    ofToken(token, () => ({ reference: price })),
  ],
}

/** The vault of the treasury. */
export function vaultRules(name: string): Rules<typeof vaultAbi> {
  return { Paid: (event) => [notice(name, 'Paid', event)] }
}

/** Changes what is known of a pay token. */
export function ofToken(
  token: Address,
  change: (row: Values<'token'>) => Partial<Values<'token'>>,
): Change {
  const first: Values<'token'> = {
    token,
    allowed: false,
    listed: false,
    minVerificationFee: 0n,
    lynRate: 0n,
    usdRate: 0n,
    feeds: null,
    reference: 0n,
    lot: 0,
  }
  return upsert('token', { ...first, ...change(first) }, change)
}

function ofHolder(
  account: Address,
  change: (row: Values<'holder'>) => Partial<Values<'holder'>>,
): Change {
  const first: Values<'holder'> = {
    account,
    lyn: 0n,
    votes: 0n,
    delegate: null,
  }
  return upsert('holder', { ...first, ...change(first) }, change)
}

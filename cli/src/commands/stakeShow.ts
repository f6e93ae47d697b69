import { Command } from '@commander-js/extra-typings'
import { getPool, getPoolHistory, getProvider, poolYield } from '@lynode/sdk'
import { getBlock } from 'viem/actions'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { providerIdArgument } from '../options/providerIdArgument.js'
import { amountOf } from '../output/amountOf.js'
import { document } from '../output/document.js'
import { amount, hex } from '../output/fields.js'
import { formatTime } from '../output/formatTime.js'
import { printResult } from '../output/output.js'
import { percent } from '../output/percent.js'

const stakeShowDocument = document(
  'stake show',
  1,
  z.object({
    providerId: z.int(),
    role: z.string(),
    owner: hex,
    stake: amount,
    thawing: amount,
    delegated: amount,
    capacity: amount,
    reserved: amount,
    jailedUntil: z.int(),
    pool: z
      .object({
        nonce: z.int(),
        assets: amount,
        slashable: amount,
        unclaimed: amount,
        floorBps: z.int(),
        spent: z.boolean(),
        commission: z.object({ bps: z.int(), nextBps: z.int(), at: z.int() }),
      })
      .optional(),
    yield: z
      .object({
        earned: amount,
        seconds: z.number(),
        annualBps: z.number().optional(),
      })
      .optional(),
    commissions: z.array(z.object({ bps: z.int(), at: z.int() })),
    slashes: z.array(
      z.object({ nonce: z.int(), amount, left: amount, time: z.int() }),
    ),
  }),
)

/** `lynode stake show PROVIDER`: what a delegator should know of a provider. */
export function stakeShowCommand() {
  return new Command('show')
    .description('show stake, pool, yield and commission history of a provider')
    .argument(...providerIdArgument)
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  lynode stake show 1')
    .action(async (providerId, options) => {
      const { client } = await connect()
      const [provider, pool, history, { timestamp }] = await Promise.all([
        getProvider(client, { providerId }),
        getPool(client, { providerId }),
        getPoolHistory(client, { providerId }),
        getBlock(client),
      ])
      const earned =
        pool &&
        poolYield({
          distributions: history.distributions,
          assets: pool.assets,
          nonce: pool.nonce,
          now: Number(timestamp),
        })
      printResult(
        stakeShowDocument,
        {
          providerId,
          role: provider.role,
          owner: provider.owner,
          stake: amountOf(provider.stake),
          thawing: amountOf(provider.thawing),
          delegated: amountOf(provider.delegated),
          capacity: amountOf(provider.capacity),
          reserved: amountOf(provider.reserved),
          jailedUntil: provider.jailedUntil,
          pool: pool && {
            nonce: pool.nonce,
            assets: amountOf(pool.assets),
            slashable: amountOf(pool.slashable),
            unclaimed: amountOf(pool.unclaimed),
            floorBps: pool.floorBps,
            spent: pool.spent,
            commission: pool.commission,
          },
          yield: earned && {
            earned: amountOf(earned.earned),
            seconds: earned.seconds,
            annualBps: earned.annualBps,
          },
          commissions: history.commissions,
          slashes: history.slashes.map(({ amount, left, ...slash }) => ({
            ...slash,
            amount: amountOf(amount),
            left: amountOf(left),
          })),
        },
        options,
        (result) =>
          [
            `${result.role} ${providerId}, owned by ${result.owner}`,
            `  stake       ${result.stake.text}${provider.thawing > 0n ? `, of which ${result.thawing.text} thaw` : ''}`,
            `  capacity    ${result.capacity.text}, of which ${result.reserved.text} are reserved`,
            ...(provider.jailedUntil > 0
              ? [
                  `  jailed      until ${formatTime(provider.jailedUntil)} at least`,
                ]
              : []),
            ...(result.pool && pool
              ? [
                  `  pool ${pool.nonce}      ${result.pool.assets.text}, floor ${percent(pool.floorBps)}${pool.spent ? ', spent' : ''}`,
                  `  commission  ${percent(pool.commission.bps)}${pool.commission.nextBps === pool.commission.bps ? '' : `, ${percent(pool.commission.nextBps)} from ${formatTime(pool.commission.at)}`}`,
                ]
              : ['  pool        none']),
            ...(result.yield
              ? [
                  `  yield       ${result.yield.earned.text} in ${result.yield.seconds} s${result.yield.annualBps === undefined ? '' : `, ${percent(result.yield.annualBps)} a year if it went on like that`}`,
                ]
              : []),
            ...result.commissions.map(
              ({ bps, at }) =>
                `  ${formatTime(at)}  commission ${percent(bps)}`,
            ),
            ...result.slashes.map(
              ({ amount, left, time }) =>
                `  ${formatTime(time)}  slashed by ${amount.text}, ${left.text} left`,
            ),
          ].join('\n'),
      )
    })
}

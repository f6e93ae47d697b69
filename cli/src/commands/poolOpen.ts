import { Command } from '@commander-js/extra-typings'
import { getPool, openPool } from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { accountOption } from '../options/accountOption.js'
import { parsePercent } from '../options/parsePercent.js'
import { providerIdArgument } from '../options/providerIdArgument.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { percent } from '../output/percent.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const poolOpenDocument = document(
  'pool open',
  1,
  z.object({
    providerId: z.int(),
    pool: z.int(),
    floorBps: z.int(),
    commissionBps: z.int(),
    transaction: hex,
  }),
)

/** `lynode pool open PROVIDER`: lets others delegate to a provider. */
export function poolOpenCommand() {
  return withWriteOptions(
    new Command('open')
      .description('let others lend LYN to a provider or verifier of yours')
      .argument(...providerIdArgument)
      .requiredOption(
        '--floor <percent>',
        'of what is lent before the first slash, what no slash takes: 25%; it never changes',
        parsePercent,
      )
      .requiredOption(
        '--commission <percent>',
        'what you keep of what the pool earns: 10%',
        parsePercent,
      )
      .option(...accountOption('provider-owner')),
  )
    .addHelpText(
      'after',
      `
Examples:
  lynode pool open 1 --floor 25% --commission 10%
  lynode pool open 1 --floor 0% --commission 2.5% --dry-run`,
    )
    .action(
      async (providerId, { floor, commission: commissionBps, ...options }) => {
        const { client } = await connect(options.account)
        const before = await getPool(client, { providerId })
        const sent = await sendWrite(client, {
          action: openPool,
          parameters: { providerId, floorBps: floor, commissionBps },
          effect: [
            `open pool ${(before?.nonce ?? 0) + 1} of provider ${providerId}`,
            `slashes take at most ${percent(10_000 - floor)} of what is lent before the first one, after your own stake; you keep ${percent(commissionBps)} of what it earns`,
          ],
          options,
        })
        if (sent === undefined) return
        printResult(
          poolOpenDocument,
          {
            providerId,
            pool: sent.event.nonce,
            floorBps: sent.event.floorBps,
            commissionBps: sent.event.commissionBps,
            transaction: sent.receipt.transactionHash,
          },
          options,
          ({ pool }) =>
            `Pool ${pool} of provider ${providerId} is open: lynode delegate ${providerId} 100LYN`,
        )
      },
    )
}

import { Command } from '@commander-js/extra-typings'
import { setCommission } from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { accountOption } from '../options/accountOption.js'
import { parsePercent } from '../options/parsePercent.js'
import { providerIdArgument } from '../options/providerIdArgument.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { formatTime } from '../output/formatTime.js'
import { printResult } from '../output/output.js'
import { percent } from '../output/percent.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'
import { needPool } from '../staking/needPool.js'

const poolCommissionDocument = document(
  'pool commission',
  1,
  z.object({
    providerId: z.int(),
    commissionBps: z.int(),
    at: z.int(),
    transaction: hex,
  }),
)

/** `lynode pool commission PROVIDER PERCENT`: changes it after a thaw period. */
export function poolCommissionCommand() {
  return withWriteOptions(
    new Command('commission')
      .description(
        'change what you keep of what your pool earns, after a thaw period',
      )
      .argument(...providerIdArgument)
      .argument('<percent>', 'what you keep: 10%', parsePercent)
      .option(...accountOption('provider-owner')),
  )
    .addHelpText(
      'after',
      `
Examples:
  lynode pool commission 1 5%
  lynode pool commission 1 5% --dry-run`,
    )
    .action(async (providerId, commissionBps, options) => {
      const { client } = await connect(options.account)
      const { commission } = await needPool(client, providerId)
      const sent = await sendWrite(client, {
        action: setCommission,
        parameters: { providerId, commissionBps },
        effect: [
          `commission of provider ${providerId}: ${percent(commission.bps)} -> ${percent(commissionBps)}, once delegators could have left`,
        ],
        options,
      })
      if (sent === undefined) return
      printResult(
        poolCommissionDocument,
        {
          providerId,
          commissionBps: sent.event.commissionBps,
          at: Number(sent.event.at),
          transaction: sent.receipt.transactionHash,
        },
        options,
        ({ at }) =>
          `The commission is ${percent(commissionBps)} from ${formatTime(at)} on.`,
      )
    })
}

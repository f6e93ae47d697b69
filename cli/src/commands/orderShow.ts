import { Command } from '@commander-js/extra-typings'
import { formatAmount, LynodeError } from '@lynode/sdk'
import { z } from 'zod'
import { lookUpOrder } from '../job/lookUpOrder.js'
import { connect } from '../network/connect.js'
import { parseId } from '../options/parseId.js'
import { document } from '../output/document.js'
import { hex, order } from '../output/fields.js'
import { printResult } from '../output/output.js'

const orderShowDocument = document(
  'order show',
  1,
  z.object({ jobId: hex, order, signature: hex }),
)

/** `lynode order show JOB_ID`: an order as its requester signed it. */
export function orderShowCommand() {
  return new Command('show')
    .description('show an order, from a relay or the chain')
    .argument('<job-id>', 'id of a job')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  lynode order show 0x3c...')
    .action(async (id, options) => {
      const jobId = parseId(id, 'job')
      const { client, network } = await connect()
      const found = await lookUpOrder(client, network.relays, jobId)
      if (found === undefined)
        throw new LynodeError('LY-JOB-003', { details: `job ${jobId}` })
      printResult(
        orderShowDocument,
        { jobId, ...found },
        options,
        ({ order }) =>
          [
            `Job ${jobId}`,
            `  requester  ${order.requester}`,
            `  model      ${order.modelId}, ${order.steps} step(s)`,
            `  price      ${formatAmount(order.minPrice)} to ${formatAmount(order.maxPrice)} in ${order.rampDuration} s from ${order.rampStart}`,
            `  most       ${formatAmount(order.maxTotal)}`,
            `  collateral ${formatAmount(order.collateral)}`,
            `  times      lock ${order.lockDuration} s, deliver ${order.deliverDuration} s, expiry ${order.expiry}`,
          ].join('\n'),
      )
    })
}

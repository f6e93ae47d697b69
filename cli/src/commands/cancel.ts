import { Command } from '@commander-js/extra-typings'
import { cancelNonces, getJob, LynodeError } from '@lynode/sdk'
import { z } from 'zod'
import { lookUpOrder } from '../job/lookUpOrder.js'
import { connect } from '../network/connect.js'
import { parseId } from '../options/parseId.js'
import { document } from '../output/document.js'
import { hex, integer } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const cancelDocument = document(
  'cancel',
  1,
  z.object({ jobId: hex, nonce: integer, transaction: hex }),
)

/** `lynode cancel JOB_ID`: an order that nobody has locked can never be locked. */
export function cancelCommand() {
  return withWriteOptions(
    new Command('cancel')
      .description('void an order of yours that nobody has locked yet')
      .argument('<job-id>', 'id of the job')
      .option('--word', 'the 256 nonces of its word, with all their orders'),
  )
    .addHelpText(
      'after',
      `
Examples:
  lynode cancel 0x3c...
  lynode cancel 0x3c... --word --dry-run`,
    )
    .action(async (id, options) => {
      const jobId = parseId(id, 'job')
      const { client, network } = await connect()
      const [job, found] = await Promise.all([
        getJob(client, { jobId }),
        lookUpOrder(client, network.relays, jobId),
      ])
      if (found === undefined)
        throw new LynodeError('LY-JOB-003', { details: `job ${jobId}` })
      if (job.status !== 'none')
        throw new LynodeError('LY-JOB-002', {
          details: `job ${jobId} is ${job.status}: only what nobody has locked can be cancelled`,
        })
      const { nonce } = found.order
      const all = (1n << 256n) - 1n
      const sent = await sendWrite(client, {
        action: cancelNonces,
        parameters: {
          word: nonce >> 8n,
          mask: options.word ? all : 1n << (nonce & 255n),
        },
        effect: [
          options.word
            ? `void all your orders with nonces of word ${nonce >> 8n}`
            : `void job ${jobId}: its nonce ${nonce} is spent`,
        ],
        options,
      })
      if (sent !== undefined)
        printResult(
          cancelDocument,
          { jobId, nonce, transaction: sent.receipt.transactionHash },
          options,
          () => `Job ${jobId} is cancelled`,
        )
    })
}

import { Command } from '@commander-js/extra-typings'
import {
  executionId,
  formatAmount,
  getExecution,
  getJob,
  LynodeError,
  outcomes,
} from '@lynode/sdk'
import { z } from 'zod'
import { lookUpOrder } from '../job/lookUpOrder.js'
import { connect } from '../network/connect.js'
import { parseId } from '../options/parseId.js'
import { document } from '../output/document.js'
import { hex, job, order } from '../output/fields.js'
import { printResult } from '../output/output.js'

const jobsShowDocument = document(
  'jobs show',
  1,
  job.extend({
    execId: hex.optional(),
    execution: z
      .object({
        execId: hex,
        outcome: z.enum(outcomes),
        finalAt: z.int(),
        queueEnd: z.int(),
        chunksClose: z.int(),
        convictedAt: z.int(),
        liveDemands: z.int(),
        lastCommitLive: z.int(),
      })
      .optional(),
    order: order.optional(),
  }),
)

/** `lynode jobs show JOB_ID`: what the chain knows of a job. */
export function jobsShowCommand() {
  return new Command('show')
    .description('show what the chain knows of a job')
    .argument('<job-id>', 'id of a job')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  lynode jobs show 0x3c... --json')
    .action(async (id, options) => {
      const jobId = parseId(id, 'job')
      const { client, network } = await connect()
      const [job, found] = await Promise.all([
        getJob(client, { jobId }),
        lookUpOrder(client, network.relays, jobId),
      ])
      if (job.status === 'none' && found === undefined)
        throw new LynodeError('LY-JOB-003', { details: `job ${jobId}` })
      const execId = job.status === 'none' ? undefined : executionId(job)
      const execution = execId && (await getExecution(client, { execId }))
      printResult(
        jobsShowDocument,
        { ...job, execId, execution, order: found?.order },
        options,
        (result) =>
          [
            `Job ${jobId}`,
            `  status    ${result.status}${result.disputed ? ' (disputed)' : ''}`,
            `  provider  ${result.providerId || '-'}, attempt ${result.attempt}`,
            `  price     ${formatAmount(result.price)}`,
            `  result    ${result.resultRoot}`,
            ...(result.order ? [`  model     ${result.order.modelId}`] : []),
          ].join('\n'),
      )
    })
}

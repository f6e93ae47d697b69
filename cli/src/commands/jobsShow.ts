import { Command } from '@commander-js/extra-typings'
import {
  executionId,
  formatAmount,
  getExecution,
  getJob,
  LynodeError,
} from '@lynode/sdk'
import { lookUpOrder } from '../job/lookUpOrder.js'
import { connect } from '../network/connect.js'
import { parseId } from '../options/parseId.js'
import { printResult } from '../output/output.js'

/** `lynode jobs show JOB_ID`: what the chain knows of a job. */
export function jobsShowCommand() {
  return new Command('show')
    .description('show what the chain knows of a job')
    .argument('<job-id>', 'id of a job')
    .option('--json', 'print one JSON document')
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

import { Command } from '@commander-js/extra-typings'
import { nodeSha256 } from '@lynode/runtime'
import { jobStatuses, LynodeError, verifyPlan } from '@lynode/sdk'
import { z } from 'zod'
import { fetchModel } from '../job/fetchModel.js'
import { openData } from '../job/openData.js'
import { connect } from '../network/connect.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { TrainingFolder } from '../train/trainingFolder.js'

const trainVerifyDocument = document(
  'train verify',
  1,
  z.object({
    planId: hex,
    jobs: z.array(
      z.object({
        milestone: z.int(),
        slot: z.int(),
        attempt: z.int(),
        jobId: hex,
        status: z.enum(jobStatuses),
        providerId: z.int(),
      }),
    ),
    milestones: z.int(),
    complete: z.boolean(),
  }),
)

/** `lynode train verify FOLDER`: checks a training from its record and the chain. */
export function trainVerifyCommand() {
  return new Command('verify')
    .description('check that a training is what its signed plan says')
    .argument('<folder>', 'folder with the `record.json` of a training')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  lynode train verify run --json')
    .action(async (path, options) => {
      const record = await new TrainingFolder(path).load()
      if (record === undefined)
        throw new LynodeError('LY-TRN-006', {
          details: `${path} has no record.json`,
        })
      const { client, network } = await connect()
      const data = openData(network)
      const { rounds, modelId } = record.plan
      const [step, average] = await Promise.all([
        fetchModel(client, data, modelId),
        rounds && fetchModel(client, data, rounds.average),
      ])
      const verified = await verifyPlan(client, {
        record,
        manifest: step.manifest,
        average: average?.manifest,
        getDocument: (root) => data.client.fetchDocument(root),
        sha256: nodeSha256,
      })
      printResult(
        trainVerifyDocument,
        verified,
        options,
        ({ milestones, jobs, complete }) =>
          [
            `${milestones} milestone(s) follow from the plan${complete ? ': the training is complete' : ''}`,
            ...jobs.map(
              (job) =>
                `  ${job.milestone + 1}.${job.slot + 1} attempt ${job.attempt + 1}: ${job.status}${job.providerId ? ` by provider ${job.providerId}` : ''}, job ${job.jobId}`,
            ),
          ].join('\n'),
      )
    })
}

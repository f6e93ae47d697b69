import { Command } from '@commander-js/extra-typings'
import { formatAmount } from '@lynode/sdk'
import { z } from 'zod'
import { openData } from '../job/openData.js'
import { connect } from '../network/connect.js'
import { document } from '../output/document.js'
import { figure, integer } from '../output/fields.js'
import { log, printResult } from '../output/output.js'
import { readPlan } from '../train/planFile.js'
import { describeProgress, runTraining } from '../train/runTraining.js'

const trainDocument = document(
  'train',
  1,
  z.object({
    event: z.string(),
    milestone: z.int().optional(),
    slot: z.int().optional(),
    attempt: z.int().optional(),
    milestones: z.int().optional(),
    workers: z.int().optional(),
    step: z.int().optional(),
    jobId: z.string().optional(),
    resumed: z.boolean().optional(),
    modelId: z.string().optional(),
    providerId: z.int().optional(),
    outcome: z.string().optional(),
    loss: figure.optional(),
    lastLoss: figure.optional(),
    stepsPerSecond: z.number().optional(),
    accuracy: z.number().optional(),
    samples: z.number().optional(),
    spent: integer.optional(),
    ahead: integer.optional(),
    checkpoint: z.string().optional(),
    model: z.string().optional(),
    curve: z.string().optional(),
    /** Of the last event, `outcome`. */
    steps: z.int().optional(),
    providers: z.array(z.int()).optional(),
    convicted: z.array(z.int()).optional(),
  }),
)

/** `lynode train PLAN`: buys a training, milestone by milestone. */
export function trainCommand() {
  return new Command('train')
    .description('train a model as a plan says; run it again to go on')
    .argument('<plan>', 'the plan, a TOML file (docs/training.md)')
    .option('--data-server <url>', 'where the data goes; it must outlive this')
    .option('--json', 'print one JSON document an event, a line each')
    .addHelpText(
      'after',
      `
Examples:
  lynode train mnist.toml
  lynode train mnist.toml --json`,
    )
    .action(async (path, options) => {
      const plan = readPlan(path)
      const { client, network } = await connect()
      const data = openData(network)
      const controller = new AbortController()
      process.once('SIGINT', () => {
        log(
          'the training stops at the next milestone; Ctrl-C again ends it now',
        )
        controller.abort()
      })
      const outcome = await runTraining({
        client,
        data: { ...data, server: options.dataServer ?? data.server },
        relays: network.relays,
        plan,
        signal: controller.signal,
        log,
        report: (progress) => {
          if (!options.json) return log(describeProgress(progress))
          printResult(
            trainDocument,
            progress,
            { json: true, line: true },
            () => '',
          )
        },
      })
      printResult(
        trainDocument,
        { event: 'outcome', ...outcome },
        { ...options, line: true },
        () =>
          [
            `${outcome.steps} steps, loss ${outcome.loss.toFixed(4)}${outcome.accuracy === undefined ? '' : `, accuracy ${(100 * outcome.accuracy).toFixed(1)}%`}, ${formatAmount(outcome.spent)} paid`,
            `Model ${outcome.model ?? '-'}`,
            `Checkpoint ${outcome.checkpoint ?? '-'}`,
            `Loss curve ${outcome.curve}`,
          ].join('\n'),
      )
    })
}

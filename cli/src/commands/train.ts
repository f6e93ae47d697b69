import { Command } from '@commander-js/extra-typings'
import { formatAmount } from '@lynode/sdk'
import { openData } from '../job/openData.js'
import { connect } from '../network/connect.js'
import { log, printResult } from '../output/output.js'
import { readPlan } from '../train/planFile.js'
import { describeProgress, runTraining } from '../train/runTraining.js'

/** `lynode train PLAN`: buys a training, milestone by milestone. */
export function trainCommand() {
  return new Command('train')
    .description('train a model as a plan says; run it again to go on')
    .argument('<plan>', 'the plan, a TOML file (docs/training.md)')
    .option('--data-server <url>', 'where the data goes; it must outlive this')
    .option('--json', 'print one JSON document an event, a line each')
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
      const print = (value: unknown): boolean =>
        process.stdout.write(
          `${JSON.stringify(value, (_, entry: unknown) => (typeof entry === 'bigint' ? entry.toString() : entry))}\n`,
        )
      const outcome = await runTraining({
        client,
        data: { ...data, server: options.dataServer ?? data.server },
        relays: network.relays,
        plan,
        signal: controller.signal,
        log,
        report: (progress) => {
          if (options.json) print(progress)
          else log(describeProgress(progress))
        },
      })
      if (options.json) print({ event: 'outcome', ...outcome })
      else
        printResult(outcome, options, (result) =>
          [
            `${result.steps} steps, loss ${result.loss.toFixed(4)}${result.accuracy === undefined ? '' : `, accuracy ${(100 * result.accuracy).toFixed(1)}%`}, ${formatAmount(result.spent)} paid`,
            `Model ${result.model ?? '-'}`,
            `Checkpoint ${result.checkpoint ?? '-'}`,
            `Loss curve ${result.curve}`,
          ].join('\n'),
        )
    })
}

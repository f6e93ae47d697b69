import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setEndpoint } from '@lynode/sdk'
import {
  buildDataset,
  buildStep,
  type Devnet,
  type DevnetRole,
  describeProgress,
  enrolProvider,
  openData,
  parsePlan,
  runSteps,
  runTraining,
  type TrainingOutcome,
} from 'lynode/devnet'
import { parseEther } from 'viem'
import { storyFailed } from '../demo/storyFailed.js'
import { digits } from './digits.js'
import { digitsPlan } from './digitsPlan.js'
import { trainingModels } from './models.js'

/** Pictures of each digit to train on, and held out behind them. */
const [trained, heldOut] = [800, 60]

/** What the demo shows; with `--json` the whole document. */
export type TrainDemoReport = TrainingOutcome & {
  /** What the verifier's transaction proved. */
  fraud: Record<string, unknown>
  /** Digits that nobody trained on. */
  samples: number
  seconds: number
}

const program = fileURLToPath(
  new URL('../cheats/cheatingTrainer.js', import.meta.url),
)

/**
 * Trains a network on digits over three providers, of which one cheats in one
 * step: it is convicted, and the training goes on from the last checkpoint.
 *
 * @param folder - Receives plan, data, checkpoints and the loss curve.
 * @param fraud - What the verifier logged about the conviction.
 */
export async function runTrainDemo(
  devnet: Devnet,
  folder: string,
  fraud: () => Record<string, unknown> | undefined,
): Promise<TrainDemoReport> {
  await runSteps([buildStep()])
  const start = performance.now()
  mkdirSync(folder, { recursive: true })
  await runSteps([
    {
      title: 'Make the datasets',
      async run() {
        const { batch } = digitsPlan.data
        writeFileSync(join(folder, 'mlp.onnx'), trainingModels.mlp(batch))
        buildDataset({
          arrays: digits(0, trained),
          out: join(folder, 'digits'),
        })
        buildDataset({
          arrays: digits(trained, heldOut),
          out: join(folder, 'held-out'),
        })
        return `${10 * trained} digits to train on, ${10 * heldOut} held out`
      },
    },
    ...devnet.steps().slice(0, 5),
    {
      title: 'Start two more providers, one of them a cheat',
      async run() {
        const cheat = await startAnother(devnet, 'cheat', 'second', program)
        const honest = await startAnother(devnet, 'third', 'third', undefined)
        await devnet.startClock()
        return `Provider ${cheat} will cheat in one step, provider ${honest} will not`
      },
    },
  ])
  devnet.writeNetworkFile()
  const providers = devnet.daemons.filter(({ role }) => role === 'provider')
  let outcome: TrainingOutcome | undefined
  await runSteps([
    {
      title: 'Train',
      async run(report) {
        outcome = await runTraining({
          client: devnet.client('requester'),
          data: openData({
            dataServers: providers.map(({ endpoint }) => endpoint),
            folder: devnet.folder,
          }),
          relays: devnet.daemons.map(({ endpoint }) => endpoint),
          plan: parsePlan(digitsPlan, folder),
          log: report,
          report: (progress) => report(describeProgress(progress)),
        })
        return `Trained ${outcome.steps} steps`
      },
    },
  ])
  const proved = fraud()
  if (outcome === undefined) throw storyFailed('nothing was trained')
  if (proved === undefined || outcome.convicted.length !== 1)
    throw storyFailed('the cheat was not convicted')
  return {
    ...outcome,
    fraud: proved,
    samples: 10 * heldOut,
    seconds: (performance.now() - start) / 1_000,
  }
}

/** Enrols and starts one more provider. */
async function startAnother(
  devnet: Devnet,
  name: string,
  account: 'second' | 'third',
  cheat: string | undefined,
): Promise<number> {
  const owner = devnet.client(`${account}-owner` satisfies DevnetRole)
  const providerId = await enrolProvider(owner, {
    hot: devnet.client(account),
    endpoint: '',
    stake: parseEther('100000'),
  })
  const { endpoint } = await devnet.startDaemon({
    name,
    role: 'provider',
    account,
    minPrice: '9',
    program: cheat,
  })
  await setEndpoint.sync(owner, { providerId, endpoint })
  return providerId
}

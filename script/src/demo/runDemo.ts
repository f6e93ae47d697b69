import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { canonicalise, nodeSha256 } from '@lynode/runtime'
import {
  bindInputs,
  dtypes,
  type Manifest,
  readManifest,
  uploadInputs,
} from '@lynode/sdk'
import {
  buildStep,
  type Devnet,
  enrolProvider,
  openData,
  publishModel,
  runSteps,
} from 'lynode/devnet'
import { type Hex, parseEther } from 'viem'
import { startCheat } from '../cheats/startCheat.js'
import { decodeText } from '../ocr/decodeText.js'
import { ocrDictionary, ocrModelFile, ocrModels } from '../ocr/ocrModel.js'
import { readPicture } from '../ocr/readPicture.js'
import { cheatStory } from './cheatStory.js'
import {
  type ChainReport,
  collectReport,
  type FraudReport,
} from './collectReport.js'
import type { DemoContext, StoryResult } from './demoContext.js'
import { Gate } from './gate.js'
import { honestStory } from './honestStory.js'
import { type Balance, type PartyIds, readBalances } from './readBalances.js'
import { silentStory } from './silentStory.js'
import { storyFailed } from './storyFailed.js'

/** What the demo shows; with `--json` the whole document. */
export type DemoReport = {
  text: string
  jobs: ChainReport['jobs']
  slashes: ChainReport['slashes']
  fraud: FraudReport
  /** Ids that the parties were given. */
  providers: PartyIds
  balances: { before: Record<string, Balance>; after: Record<string, Balance> }
  modelId: Hex
  class: string
  seconds: number
}

/** What is in the picture. */
export const expectedText = 'LYNODE 2026'

/** What the silent provider has at stake. */
const stake = parseEther('100000')

const picture = fileURLToPath(new URL('../../assets/line.png', import.meta.url))
const silentProvider = fileURLToPath(
  new URL('../cheats/silentProvider.js', import.meta.url),
)

/**
 * Runs the three stories on a devnet of its own: honest work is paid, a cheat is
 * convicted by one transaction, a silent provider is replaced.
 *
 * @param verified - Opens when the verifier has come to its first verdict.
 * @throws LynodeError `LY-DEMO-001` when a story ends otherwise.
 */
export async function runDemo(
  devnet: Devnet,
  verified: Gate,
): Promise<DemoReport> {
  await runSteps([buildStep()])
  // The clock runs from here: nothing is compiled any more.
  const start = performance.now()
  let model: { file: Uint8Array<ArrayBuffer>; manifest: Manifest } | undefined
  const learnt = new Gate()
  let cheatId = 0
  let silentId = 0
  const [chain, deploy, fund, provider, verifier] = devnet.steps()
  if (!chain || !deploy || !fund || !provider || !verifier)
    throw storyFailed('the devnet has other steps')
  await runSteps([chain])
  await runSteps(
    [
      {
        title: 'Canonicalise the reading model (PP-OCRv4)',
        async run() {
          model = await prepareReadingModel()
          const { nodes, values } = model.manifest.header
          return `PP-OCRv4 rec is class ${model.manifest.class}: ${nodes} nodes, ${values} values`
        },
      },
      {
        title: 'Deploy the protocol, start the daemons',
        async run(report) {
          for (const step of [deploy, fund, provider])
            report((await step.run(report)) ?? step.title)
          const [running, id] = await Promise.all([
            verifier.run(report),
            startCheat(devnet, 'cheatingProvider', ({ event }) => {
              if (event === 'model.tested') learnt.open()
            }),
          ])
          report(running ?? verifier.title)
          cheatId = id
          silentId = await enrolProvider(devnet.client('third-owner'), {
            hot: devnet.client('third'),
            endpoint: '',
            stake,
          })
          return 'Protocol deployed; two providers and a verifier run'
        },
      },
    ],
    { concurrent: true },
  )
  if (model === undefined) throw storyFailed('the model is not ready')
  const { file, manifest } = model
  devnet.writeNetworkFile()
  const requester = devnet.client('requester')
  const data = openData({
    dataServers: devnet.daemons
      .filter(({ role }) => role === 'provider')
      .map(({ endpoint }) => endpoint),
    folder: devnet.folder,
  })
  let inputRoot: Hex = '0x'
  await runSteps([
    {
      title: 'Publish the model and upload the picture',
      async run() {
        const [, root] = await Promise.all([
          publishModel(devnet.client('publisher'), data.server, file, manifest),
          uploadInputs(data.server, bindInputs(manifest, pictureInput())),
        ])
        inputRoot = root
        await devnet.startClock()
        return `Model ${manifest.modelId.slice(0, 10)} published, picture uploaded`
      },
    },
  ])
  const dictionary = ocrDictionary()
  const context: DemoContext = {
    devnet,
    requester,
    data,
    manifest,
    inputRoot,
    decode: (bytes) =>
      decodeText(
        new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4),
        dictionary,
      ),
  }
  const providers: PartyIds = {
    honest: devnet.providerId,
    cheating: cheatId,
    silent: silentId,
    verifier: devnet.verifierId,
  }
  const before = await readBalances(devnet, providers)
  const stories = await runStories(context, cheatId, silentId, [
    learnt,
    verified,
  ])
  const { text } = stories
  if (text !== expectedText) throw storyFailed(`the model read "${text}"`)
  const report = await collectReport(requester, manifest, stories.seconds)
  if (report.fraud === undefined) throw storyFailed('no fraud was proved')
  return {
    text,
    ...report,
    fraud: report.fraud,
    providers,
    balances: { before, after: await readBalances(devnet, providers) },
    modelId: manifest.modelId,
    class: manifest.class,
    seconds: (performance.now() - start) / 1000,
  }
}

async function runStories(
  context: DemoContext,
  cheatId: number,
  silentId: number,
  known: readonly Gate[],
): Promise<{ text: string; seconds: Map<Hex, number> }> {
  const { devnet } = context
  const secondLocked = new Gate()
  // In the order of the stories, whichever ends first.
  const results: StoryResult[] = []
  let text = ''
  const keep = (story: number, result: StoryResult) => {
    results[story] = result
    return `${result.seconds.toFixed(1)} s`
  }
  const gates = [...known, secondLocked]
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      // Nobody waits for a story that has failed.
      for (const gate of gates) gate.fail(error)
      throw error
    }
  }
  await runSteps(
    [
      {
        title: '1. Honest work is paid',
        run: (report) =>
          guarded(async () => {
            const result = await honestStory(context, report)
            text = result.text
            return `1. Honest work was paid: "${text}" (${keep(0, result)})`
          }),
      },
      {
        title: '2. A cheat is convicted by one transaction',
        run: (report) =>
          guarded(async () => {
            // Everybody knows the model by now, the verifier too.
            await Promise.all(known.map(({ passed }) => passed))
            const result = await cheatStory(
              context,
              cheatId,
              secondLocked,
              report,
            )
            return `2. The cheat was convicted (${keep(1, result)})`
          }),
      },
      {
        title: '3. A silent provider is replaced',
        run: (report) =>
          guarded(async () => {
            await secondLocked.passed
            await devnet.startDaemon({
              name: 'silent',
              role: 'provider',
              account: 'third',
              program: silentProvider,
            })
            const result = await silentStory(context, silentId, report)
            return `3. The silent provider was replaced (${keep(2, result)})`
          }),
      },
    ],
    { concurrent: true },
  )
  const seconds = new Map(results.map((one) => [one.jobId, one.seconds]))
  return { text, seconds }
}

async function prepareReadingModel() {
  const source = new Uint8Array(readFileSync(ocrModelFile('rec')))
  const { x } = ocrModels.rec.shapes
  const file = new Uint8Array(
    await canonicalise(source, { shapes: { x: [...x] } }),
  )
  return { file, manifest: readManifest(file, nodeSha256) }
}

/** The picture as the model's input. */
function pictureInput() {
  const { x } = ocrModels.rec.shapes
  return {
    x: {
      dtype: dtypes.float32,
      dims: [...x],
      data: new Uint8Array(readPicture(picture).buffer),
    },
  }
}

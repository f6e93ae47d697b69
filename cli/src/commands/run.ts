import { writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import {
  encodeNpy,
  executionId,
  formatAmount,
  getProvider,
  type Job,
  type LynodeClient,
  type Manifest,
  type Order,
  parseAmount,
  parseNpy,
  signOrder,
} from '@lynode/sdk'
import { z } from 'zod'
import { awaitJob } from '../job/awaitJob.js'
import { bindInputs } from '../job/bindInputs.js'
import { bondOfOutputs, demandOutputs } from '../job/demandOutputs.js'
import { fetchModel } from '../job/fetchModel.js'
import { type FetchedOutput, fetchOutputs } from '../job/fetchOutputs.js'
import { fillQuote } from '../job/fillQuote.js'
import { fundRequester } from '../job/fundRequester.js'
import { makeOrder } from '../job/makeOrder.js'
import { type DataAccess, openData } from '../job/openData.js'
import { sendOrder } from '../job/sendOrder.js'
import { uploadInputs } from '../job/uploadInputs.js'
import { verifyProved } from '../job/verifyProved.js'
import { connect } from '../network/connect.js'
import { parseId } from '../options/parseId.js'
import { parseInputs } from '../options/parseInputs.js'
import { readInput } from '../options/readInput.js'
import { document } from '../output/document.js'
import { hex, integer } from '../output/fields.js'
import { log, printResult } from '../output/output.js'

const runDocument = document(
  'run',
  1,
  z.object({
    jobId: hex,
    outputs: z.record(z.string(), z.string()),
    price: integer,
    priceText: z.string(),
    class: z.enum(['exact', 'float', 'zk']),
    verdict: z.string(),
    providerId: z.int(),
    execId: hex,
    resultRoot: hex,
    timings: z.record(z.string(), z.number()),
    seconds: z.number(),
  }),
)

/** `lynode run MODEL_ID`: buys one execution of a model. */
export function runCommand() {
  return new Command('run')
    .description('buy one execution of a model and write its outputs as .npy')
    .argument('<model-id>', 'id of a published model')
    .option('--input <name=@file...>', 'an input of the model: x=@x.npy')
    .option('--max-price <amount>', 'most that you pay', '15LYN')
    .option(
      '--data-server <url>',
      'where the inputs go; it must outlive this command',
    )
    .option('--announce', 'announce the order on chain as well as by relay')
    .option(
      '--yes',
      'demand outputs that the provider withholds on chain, for a bond',
    )
    .option('--quote', 'ask providers for their price and take the lowest')
    .option('--out <folder>', 'where the outputs go', '.')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  lynode run 0x5e... --input x=@x.npy --max-price 15LYN
  lynode run 0x5e... --input x=@x.npy --quote --out results --json`,
    )
    .action(async (id, options) => {
      const start = performance.now()
      const modelId = parseId(id, 'model')
      const maxPrice = parseAmount(options.maxPrice)
      const arrays = new Map(
        [...parseInputs(options.input ?? [])].map(([name, path]) => [
          name,
          parseNpy(readInput(path)),
        ]),
      )
      const { client, network } = await connect()
      const data = openData(network)
      const { manifest, class: sold } = await fetchModel(client, data, modelId)
      const inputs = bindInputs(manifest, arrays)

      log(`upload ${inputs.length} input(s)`)
      const inputRoot = await uploadInputs(
        options.dataServer ?? data.server,
        inputs,
      )
      const draft = await makeOrder(client, {
        modelId,
        class: sold,
        inputRoot,
        maxPrice,
      })
      await fundRequester(client, draft.maxTotal, log)
      const { order, jobId } = options.quote
        ? await fillQuote(client, draft, log)
        : await offerByRamp(client, network.relays, draft, options.announce)
      const seconds = () => (performance.now() - start) / 1_000
      /** Seconds from the start of the command to each state that was seen. */
      const timings: Record<string, number> = { announced: seconds() }

      const delivered = await awaitJob(client, {
        jobId,
        order,
        until: ['delivered', 'settled'],
        onChange: ({ status, providerId, price }) => {
          if (status === 'locked') timings.locked = seconds()
          log(
            status === 'locked'
              ? `locked by provider ${providerId} for ${formatAmount(price)}`
              : status === 'none'
                ? 'waiting for a provider'
                : status,
          )
        },
      })
      timings.delivered = seconds()
      const fetched =
        sold === 'zk'
          ? await verifyProved(client, data, {
              jobId,
              manifest,
              inputs: inputs.map(({ array }) => array.data),
            })
          : await committedOutputs(client, data, {
              order,
              manifest,
              delivered,
              mayDemand: options.yes === true,
            })
      log(
        sold === 'zk'
          ? 'the proof holds on this machine too: final'
          : 'outputs verified against the result root; waiting for finality',
      )
      const settled = await awaitJob(client, {
        jobId,
        order,
        until: ['settled'],
      })
      timings.settled = seconds()

      const folder = resolve(options.out)
      await mkdir(folder, { recursive: true })
      const outputs: Record<string, string> = {}
      for (const output of fetched) {
        const path = join(folder, `${fileName(output.name)}.npy`)
        writeFileSync(path, encodeNpy({ ...output, dims: [...output.dims] }))
        outputs[output.name] = path
      }
      printResult(
        runDocument,
        {
          jobId,
          outputs,
          price: settled.price,
          priceText: formatAmount(settled.price),
          class: sold,
          verdict: settled.status,
          providerId: settled.providerId,
          execId: executionId(settled),
          resultRoot: settled.resultRoot,
          timings,
          seconds: seconds(),
        },
        options,
        (result) =>
          [
            ...Object.entries(result.outputs).map(
              ([name, path]) => `${name}: ${path}`,
            ),
            `Paid ${result.priceText} to provider ${result.providerId} (class ${result.class}, ${result.verdict}) in ${result.seconds.toFixed(1)} s.`,
            `Job ${result.jobId}`,
          ].join('\n'),
      )
    })
}

/** Signs an order and makes it known; its price rises until somebody locks it. */
async function offerByRamp(
  client: LynodeClient,
  known: readonly string[],
  order: Order,
  announce: boolean | undefined,
) {
  const { jobId, signature } = await signOrder(client, { order })
  const relays = await sendOrder(client, known, { order, signature, announce })
  log(
    `job ${jobId} ${relays.length > 0 ? `sent to ${relays.length} relay(s)` : 'announced on chain'}`,
  )
  return { order, jobId }
}

/** Outputs behind the result root: from a data server, or demanded on chain. */
async function committedOutputs(
  client: LynodeClient,
  data: DataAccess,
  parameters: {
    order: Order
    manifest: Manifest
    delivered: Job
    mayDemand: boolean
  },
): Promise<FetchedOutput[]> {
  const { order, manifest, delivered, mayDemand } = parameters
  const { providerId, resultRoot } = delivered
  const { endpoint } = await getProvider(client, { providerId })
  return fetchOutputs(data, manifest, resultRoot, endpoint).catch(
    async (error: unknown) => {
      // Answers are bound to the result root, so any failure may be cured so.
      const bond = await bondOfOutputs(client, order, manifest)
      log(
        `the outputs are withheld; demanding them takes a bond of ${formatAmount(bond)}${mayDemand ? '' : ': run with --yes to do so'}`,
      )
      if (!mayDemand) throw error
      return demandOutputs(client, {
        order,
        manifest,
        job: delivered,
        bond,
        report: log,
      })
    },
  )
}

/** Names of values may hold anything; names of files may not. */
function fileName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '_')
}

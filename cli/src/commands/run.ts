import { writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { nodeSha256 } from '@lynode/runtime'
import {
  awaitJob,
  bindInputs,
  dtypes,
  encodeNpy,
  executionId,
  formatAmount,
  getJob,
  type LynodeClient,
  LynodeError,
  modelInterface,
  type Order,
  orderId,
  parseNpy,
  runStates,
} from '@lynode/sdk'
import { z } from 'zod'
import {
  bondOfOutputs,
  demandOutputs,
  type OpenedOutput,
} from '../job/demandOutputs.js'
import { fetchModel } from '../job/fetchModel.js'
import { openData } from '../job/openData.js'
import { verifyProved } from '../job/verifyProved.js'
import { priceTerms } from '../market/priceTerms.js'
import { connect } from '../network/connect.js'
import { parseId } from '../options/parseId.js'
import { parseInputs } from '../options/parseInputs.js'
import { readInput } from '../options/readInput.js'
import { document } from '../output/document.js'
import { hex, integer } from '../output/fields.js'
import { log, printResult } from '../output/output.js'
import { paidText } from '../output/paidText.js'

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
    .option(
      '--max-price <amount>',
      'most that you pay: 15LYN, $2 (paid in LYN), 1.5usdc',
      '15LYN',
    )
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
  lynode run 0x5e... --input x=@x.npy --max-price '$2'
  lynode run 0x5e... --input x=@x.npy --quote --out results --json`,
    )
    .action(async (id, options) => {
      const start = performance.now()
      const modelId = parseId(id, 'model')
      const inputs = Object.fromEntries(
        [...parseInputs(options.input ?? [])].map(([name, path]) => [
          name,
          parseNpy(readInput(path)),
        ]),
      )
      const { client, network } = await connect()
      const { maxPrice, ...currency } = priceTerms(options.maxPrice, network)
      if (options.quote && Object.keys(currency).length > 0)
        throw new LynodeError('LY-AMT-002', {
          details: `${options.maxPrice}: quotes are in LYN`,
        })
      const data = openData(network)
      const { manifest, class: sold } = await fetchModel(client, data, modelId)
      const seconds = () => (performance.now() - start) / 1_000
      /** Seconds from the start of the command to each state that was seen. */
      const timings: Record<string, number> = {}
      let outputs: OpenedOutput[] = []
      let order: Order | undefined

      /** Outputs of class zk are on chain, with a proof that is checked here. */
      const proved = async () => {
        if (order === undefined) throw new Error('a delivery without an order')
        return verifyProved(client, data, {
          jobId: jobIdOf(client, order),
          manifest,
          inputs: bindInputs(manifest, inputs).map(({ array }) => array.data),
        })
      }

      const states = runStates(client, {
        model: modelInterface(manifest, nodeSha256),
        inputs,
        maxPrice,
        terms: currency,
        class: sold,
        quote: options.quote,
        announce: options.announce,
        servers: {
          dataServers: [options.dataServer ?? data.server],
          relays: network.relays,
        },
        sha256: nodeSha256,
        report: log,
      })
      try {
        for await (const state of states)
          switch (state.type) {
            case 'uploaded':
              log(`uploaded ${manifest.header.inputs} input(s)`)
              break
            case 'signed':
              order = state.order
              break
            case 'announced':
              timings.announced = seconds()
              log(
                `job ${state.jobId} ${state.relays.length > 0 ? `sent to ${state.relays.length} relay(s)` : 'announced on chain'}`,
              )
              break
            case 'locked':
              order = state.order
              timings.locked = seconds()
              log(
                `locked by provider ${state.providerId} for ${paidText(order, state.price, network)}`,
              )
              break
            case 'reopened':
              log('the provider failed; the order is open again')
              break
            case 'delivered': {
              const { result } = state
              order = result.order
              timings.delivered = seconds()
              outputs = Object.entries(result.outputs).map(
                ([name, output]) => ({
                  name,
                  dtype: dtypes[output.dtype],
                  dims: [...output.dims],
                  data: new Uint8Array(output.data.buffer),
                }),
              )
              if (sold === 'zk') {
                outputs = await proved()
                log('the proof holds on this machine too: final')
              } else
                log(
                  'outputs verified against the result root; waiting for finality',
                )
              break
            }
            case 'final':
              break
            default:
              state satisfies never
          }
      } catch (error) {
        if (!isWithheld(error) || order === undefined) throw error
        if (sold === 'zk') outputs = await proved()
        else {
          // Answers are bound to the result root, so any failure may be cured so.
          const bond = await bondOfOutputs(client, order, manifest)
          log(
            `the outputs are withheld; demanding them takes a bond of ${formatAmount(bond)}${options.yes ? '' : ': run with --yes to do so'}`,
          )
          if (!options.yes) throw error
          outputs = await demandOutputs(client, {
            order,
            manifest,
            job: await getJob(client, { jobId: jobIdOf(client, order) }),
            bond,
            report: log,
          })
        }
      }
      if (order === undefined) throw new Error('a run that knows no order')
      const jobId = jobIdOf(client, order)
      const settled = await awaitJob(client, {
        jobId,
        order,
        until: ['settled'],
      })
      timings.settled = seconds()

      const folder = resolve(options.out)
      await mkdir(folder, { recursive: true })
      const files: Record<string, string> = {}
      for (const output of outputs) {
        const path = join(folder, `${fileName(output.name)}.npy`)
        writeFileSync(path, encodeNpy(output))
        files[output.name] = path
      }
      printResult(
        runDocument,
        {
          jobId,
          outputs: files,
          price: settled.price,
          priceText: paidText(order, settled.price, network),
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

function isWithheld(error: unknown): boolean {
  return error instanceof LynodeError && error.code === 'LY-JOB-005'
}

function jobIdOf(client: LynodeClient, order: Order) {
  const { chainId, contracts } = client.addressBook
  return orderId({ chainId, jobMarket: contracts.jobMarket, order })
}

/** Names of values may hold anything; names of files may not. */
function fileName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '_')
}

import { Command } from '@commander-js/extra-typings'
import {
  byteLength,
  checkModel,
  classCodes,
  jobMarketAbi,
  LynodeError,
  parametersAbi,
  readAction,
} from '@lynode/sdk'
import { stringToHex } from 'viem'
import { z } from 'zod'
import { measureMachine } from '../init/measureMachine.js'
import { gasOfJob } from '../init/proposeSettings.js'
import { fetchModel } from '../job/fetchModel.js'
import { openData } from '../job/openData.js'
import { type Connection, connect } from '../network/connect.js'
import { parseConstants } from '../options/parseConstants.js'
import { parseShapes } from '../options/parseShapes.js'
import { readModel } from '../options/readModel.js'
import { type Amount, amountOf } from '../output/amountOf.js'
import { document } from '../output/document.js'
import { amount } from '../output/fields.js'
import { log, printResult } from '../output/output.js'

const modelEstimateDocument = document(
  'model estimate',
  1,
  z.object({
    class: z.enum(['exact', 'float', 'zk']),
    fileBytes: z.int(),
    /** Weights and intermediates of one step. */
    memoryBytes: z.number(),
    /** Inputs and outputs of one step: what travels. */
    tensorBytes: z.number(),
    flops: z.number(),
    /** Operations of a second here, in matrix products. */
    machineFlops: z.number(),
    /** Seconds of a step here: at the speed of the benchmark, and thrice that. */
    seconds: z.object({ least: z.number(), likely: z.number() }),
    /** The dearest proof of one element. */
    proof: z
      .object({ operator: z.string(), bytes: z.number(), gas: z.number() })
      .nullable(),
    /** What a job costs besides computing; null without a network. */
    market: z
      .object({ gas: amount, verificationFee: amount, leastCollateral: amount })
      .nullable(),
  }),
)

/** How much longer than its operations at the benchmark's speed a model may take: a provider assumes the same. */
const slack = 3

/** `lynode model estimate`: what a step of a model takes, before anybody runs it. */
export function modelEstimateCommand() {
  return new Command('estimate')
    .description('estimate memory, time, proofs and costs of a model')
    .argument('<model>', 'an ONNX file, or the id of a published model')
    .option('--shape <name=dims...>', 'fix the shape of an input: x=1,3,48,320')
    .option(
      '--constant <name=values...>',
      'make an input part of the model: sr=16000',
    )
    .option(
      '--gflops <number>',
      'speed of the machine; measured here by default',
    )
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  lynode model estimate line.onnx --shape x=1,3,48,320\n  lynode model estimate 0x5e... --gflops 120 --json',
    )
    .action(async (model, options) => {
      const isId = /^0x[0-9a-fA-F]{64}$/.test(model)
      const connection = isId ? await connect() : await connectIfThere()
      const file =
        isId && connection !== undefined
          ? await publishedFile(connection, model as `0x${string}`)
          : readModel(model)
      const report = checkModel(file, {
        shapes: parseShapes(options.shape),
        constants: parseConstants(options.constant),
      })
      if (report.class === null)
        throw new LynodeError('LY-MDL-003', {
          details: report.refusals
            .map(({ operator, reason }) => `${operator}: ${reason}`)
            .join('; '),
        })
      const machineFlops =
        options.gflops === undefined
          ? await measured()
          : gflopsOf(options.gflops)
      const least = report.flops / machineFlops
      const [dearest] = report.operators
        .flatMap(({ operator, proof }) =>
          proof === undefined ? [] : [{ operator, ...proof }],
        )
        .sort((a, b) => b.gas - a.gas)
      printResult(
        modelEstimateDocument,
        {
          class: report.class,
          fileBytes: file.length,
          memoryBytes: report.memoryBytes,
          tensorBytes: Object.values(report.shapes).reduce(
            (sum, { dtype, dims }) =>
              sum + byteLength({ dtype, dims, perm: dims.map((_, i) => i) }),
            0,
          ),
          flops: report.flops,
          machineFlops,
          seconds: { least, likely: least * slack },
          proof: dearest ?? null,
          market:
            connection === undefined
              ? null
              : await marketOf(connection, classCodes[report.class]),
        },
        options,
        (result) =>
          [
            `Class ${result.class}, a file of ${megabytes(result.fileBytes)}, ${megabytes(result.memoryBytes)} of memory a step, ${megabytes(result.tensorBytes)} in and out.`,
            `${(result.flops / 1e6).toFixed(1)} million operations a step: about ${text(result.seconds.likely)} here, and not below ${text(result.seconds.least)} (${(result.machineFlops / 1e9).toFixed(1)} GFLOPS).`,
            ...(result.proof === null
              ? []
              : [
                  `Dearest proof of one element: ${result.proof.operator}, ${result.proof.bytes} bytes, ${result.proof.gas} gas.`,
                ]),
            ...(result.market === null
              ? ['No network here: no costs of the market.']
              : [
                  `A job costs a provider ${result.market.gas.text} of gas, and you ${result.market.verificationFee.text} of verification fee; at least ${result.market.leastCollateral.text} of stake stand behind it.`,
                ]),
          ].join('\n'),
      )
    })
}

async function connectIfThere(): Promise<Connection | undefined> {
  try {
    return await connect()
  } catch (error) {
    // Without a network there is an estimate all the same, of the model alone.
    if (error instanceof LynodeError && error.code.startsWith('LY-NET-'))
      return undefined
    throw error
  }
}

async function publishedFile(
  { client, network }: Connection,
  modelId: `0x${string}`,
): Promise<Uint8Array> {
  const data = openData(network)
  const { manifest } = await fetchModel(client, data, modelId)
  return data.blobs.read(manifest.header.fileRoot)
}

async function measured(): Promise<number> {
  log('Measuring this machine')
  return (await measureMachine()).machine.flops
}

function gflopsOf(given: string): number {
  const gflops = Number(given)
  if (Number.isFinite(gflops) && gflops > 0) return gflops * 1e9
  throw new LynodeError('LY-CLI-001', {
    details: `--gflops is "${given}", no number above 0`,
  })
}

/** What the market takes of a job of a class that is paid in LYN. */
async function marketOf(
  { client }: Connection,
  classCode: number,
): Promise<{
  gas: Amount
  verificationFee: Amount
  leastCollateral: Amount
}> {
  const { lynToken } = client.addressBook.contracts
  const market = { contract: 'jobMarket', abi: jobMarketAbi } as const
  const version = await readAction(client, {
    ...market,
    functionName: 'currentVersion',
    args: [],
  })
  const [lynPerGas, { minVerificationFee, minCollateral }] = await Promise.all([
    readAction(client, {
      contract: 'parameters',
      abi: parametersAbi,
      functionName: 'parameterOf',
      args: [stringToHex('lynPerGas', { size: 32 })],
    }),
    readAction(client, {
      ...market,
      functionName: 'snapshotOf',
      args: [version, classCode, lynToken],
    }),
  ])
  return {
    gas: amountOf(gasOfJob * lynPerGas.value),
    verificationFee: amountOf(minVerificationFee),
    leastCollateral: amountOf(minCollateral),
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`
}

function text(seconds: number): string {
  return seconds < 1
    ? `${(seconds * 1_000).toFixed(1)} ms`
    : `${seconds.toFixed(1)} s`
}

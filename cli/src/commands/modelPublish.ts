import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import {
  canonicalise,
  compileCircuit,
  deriveValues,
  installEzkl,
  nodeSha256,
  SrsStore,
} from '@lynode/runtime'
import {
  checkCircuitFit,
  LynodeError,
  naturalOrder,
  parseNpy,
  readManifest,
} from '@lynode/sdk'
import { z } from 'zod'
import { openData } from '../job/openData.js'
import { publishCircuit } from '../job/publishCircuit.js'
import { publishModel } from '../job/publishModel.js'
import { zkSamples } from '../job/zkSamples.js'
import { connect } from '../network/connect.js'
import { parseConstants } from '../options/parseConstants.js'
import { parseInputs } from '../options/parseInputs.js'
import { parseShapes } from '../options/parseShapes.js'
import { profileNames } from '../options/profileNames.js'
import { readInput } from '../options/readInput.js'
import { readModel } from '../options/readModel.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { log, printResult } from '../output/output.js'

const modelPublishDocument = document(
  'model publish',
  1,
  z.object({
    modelId: hex,
    class: z.enum(['exact', 'float', 'zk']),
    profile: z.enum(profileNames).optional(),
    file: z.string(),
    /** Classes float and exact. */
    registered: z.boolean().optional(),
    values: z.int().optional(),
    nodes: z.int().optional(),
    activations: z.int().optional(),
    derived: z.array(z.string()).readonly().optional(),
    unfused: z.array(z.string()).readonly().optional(),
    native: z.boolean().optional(),
    /** Class zk. */
    rows: z.number().optional(),
    logRows: z.number().optional(),
    provingSeconds: z.number().optional(),
    provingBytes: z.number().optional(),
    selector: hex.optional(),
    maxDifference: z.number().optional(),
    shape: z
      .object({
        inputs: z.array(hex),
        inputScales: z.array(z.number()),
        outputs: z.array(hex),
        outputScales: z.array(z.number()),
      })
      .optional(),
    shapeHash: hex.optional(),
    circuitRoot: hex.optional(),
    keyRoot: hex.optional(),
    settingsRoot: hex.optional(),
  }),
)

/** `lynode model publish FILE`: makes a model orderable. */
export function modelPublishCommand() {
  return new Command('publish')
    .description('canonicalise a model, upload it and register it on chain')
    .argument('<file>', 'an ONNX model')
    .option('--shape <name=dims...>', 'fix the shape of an input: x=1,3,48,320')
    .option(
      '--constant <name=values...>',
      'make an input part of the model: sr=16000',
    )
    .option(
      '--class <class>',
      'float or exact, whichever the model qualifies for, by a fraud proof; zk by a proof of each result (compiling needs Python)',
    )
    .option(
      '--sample <name=@file...>',
      'class zk: an input to calibrate and to measure on',
    )
    .addOption(
      new Option(
        '--derive <values>',
        'intermediates that are not committed: those that the runtime fuses, or all that can be',
      )
        .choices(['none', 'fused', 'all'] as const)
        .default('none' as const),
    )
    .addOption(
      new Option(
        '--profile <profile>',
        'how closely floats are judged: f32-plain; f32-blocked, products in blocks, which fewer machines may serve; f32-wgsl, wide enough for WebGPU',
      )
        .choices(profileNames)
        .default('f32-plain' as const),
    )
    .option('--out <file>', 'where the canonical file goes')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  lynode model publish line.onnx --shape x=1,3,48,320
  lynode model publish encoder.onnx --profile f32-blocked
  lynode model publish encoder.onnx --profile f32-wgsl
  lynode model publish tiny.onnx --class zk --sample x=@x.npy`,
    )
    .action(async (file, options) => {
      const source = readModel(file)
      const shapes = parseShapes(options.shape)
      const constants = parseConstants(options.constant)
      const { client, network } = await connect()
      log('canonicalise the model')
      const { profile } = options
      const plain = await canonicalise(source, { shapes, constants, profile })
      if (options.class === 'zk') return publishZk(plain, file, options)
      // A model that declares nothing needs no search, and is what it was.
      const { file: searched, ...native } =
        options.derive === 'none'
          ? { file: plain, derived: [] }
          : await deriveValues(plain, { derivation: options.derive })
      const canonical = new Uint8Array(searched)
      const manifest = readManifest(canonical, nodeSha256)
      if (options.class !== undefined && options.class !== manifest.class)
        throw new LynodeError('LY-CLI-001', {
          details: `the model qualifies for class ${manifest.class}, not ${options.class}`,
        })
      log(`upload ${canonical.length} bytes and register`)
      const { registered } = await publishModel(
        client,
        openData(network).server,
        canonical,
        manifest,
      )
      const path = resolve(
        options.out ?? file.replace(/(\.onnx)?$/, '.lynode.onnx'),
      )
      writeFileSync(path, canonical)
      printResult(
        modelPublishDocument,
        {
          modelId: manifest.modelId,
          class: manifest.class,
          profile,
          file: path,
          registered,
          values: manifest.header.values,
          nodes: manifest.header.nodes,
          activations: manifest.header.activations,
          ...native,
        },
        options,
        (result) =>
          `${result.registered ? 'Published' : 'Already registered'} as class ${result.class}: ${result.modelId}\nCanonical file: ${result.file}`,
      )
    })
}

type ZkOptions = {
  sample?: string[] | undefined
  out?: string | undefined
  json?: true | undefined
}

/** Publishes a canonical model under class zk: the circuit is what is sold. */
async function publishZk(
  source: Uint8Array,
  file: string,
  options: ZkOptions,
): Promise<void> {
  const canonical = new Uint8Array(naturalOrder(source))
  const manifest = readManifest(canonical, nodeSha256)
  checkCircuitFit(manifest)
  const given = new Map(
    [...parseInputs(options.sample ?? [])].map(([name, path]) => [
      name,
      parseNpy(readInput(path)),
    ]),
  )
  const { client, network } = await connect()
  const circuit = await compileCircuit({
    python: await installEzkl(log),
    canonical,
    manifest,
    samples: zkSamples(manifest, given),
    srs: new SrsStore({ chainId: client.addressBook.chainId }),
    log,
  })
  log('deploy the verifier, upload and register')
  const binding = await publishCircuit(
    client,
    openData(network).server,
    canonical,
    manifest,
    circuit,
  )
  const path = resolve(
    options.out ?? file.replace(/(\.onnx)?$/, '.lynode.onnx'),
  )
  writeFileSync(path, canonical)
  printResult(
    modelPublishDocument,
    {
      modelId: manifest.modelId,
      class: 'zk',
      file: path,
      rows: circuit.settings.rows,
      logRows: circuit.settings.logRows,
      provingSeconds: circuit.proving.seconds,
      provingBytes: circuit.proving.peakBytes,
      ...binding,
    },
    options,
    (result) =>
      `Published as class zk: ${result.modelId}\n${result.rows} rows of 2^${result.logRows}; at most ${result.maxDifference} from the float model on the samples\nA proof took ${circuit.proving.seconds.toFixed(1)} s and ${Math.ceil(circuit.proving.peakBytes / 2 ** 20)} MiB here\nCanonical file: ${result.file}`,
  )
}

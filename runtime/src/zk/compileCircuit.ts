import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CircuitSettings,
  checkCircuitFit,
  floatsOfNumbers,
  fromFieldElement,
  LynodeError,
  type Manifest,
  readCircuitSettings,
  toLogical,
} from '@lynode/sdk'
import { Runner } from '../runner/runner.js'
import { stepTypes, writeEzklInput } from './circuitFiles.js'
import { engineTask } from './engineTask.js'
import { pythonEzkl } from './pythonEzkl.js'
import type { SrsStore } from './srsStore.js'

export type CompileCircuitOptions = {
  /** Python with ezkl, from `installEzkl`. */
  python: string
  /** The canonical file in natural order, and its manifest. */
  canonical: Uint8Array
  manifest: Manifest
  /** Steps to calibrate and to measure on: committed bytes of each input. */
  samples: readonly (readonly Uint8Array[])[]
  srs: SrsStore
  /** Most rows, as a power of two. Default 17. */
  maxLogRows?: number | undefined
  log?: ((line: string) => void) | undefined
}

/** What a publication of class zk consists of. */
export type CompiledCircuit = {
  settings: CircuitSettings
  files: { circuit: Uint8Array; key: Uint8Array; settings: Uint8Array }
  /** Solidity of the verifier, as ezkl wrote it. */
  verifierSource: string
  /** Largest difference to the float model on the samples. */
  maxDifference: number
}

const stepMs = 600_000

/**
 * Compiles a model into a circuit, makes its verification key and verifier, and
 * measures how far the quantised outputs are from the float model's.
 *
 * @throws LynodeError `LY-ZK-011` when the model does not fit, before any work or
 * after counting rows; `LY-ZK-013` when ezkl fails on it.
 */
export async function compileCircuit(
  options: CompileCircuitOptions,
): Promise<CompiledCircuit> {
  const { python, manifest, samples, srs, log, maxLogRows = 17 } = options
  checkCircuitFit(manifest)
  const folder = await mkdtemp(join(tmpdir(), 'lynode-circuit-'))
  const file = (name: string) => join(folder, name)
  try {
    await writeFile(file('model.onnx'), options.canonical)
    await writeEzklInput(file('samples.json'), joined(samples))
    log?.('compile the circuit')
    await pythonEzkl(python, ['compile', folder, String(maxLogRows)], stepMs)
    const settings = readCircuitSettings(await readFile(file('settings.json')))
    if (settings.logRows > maxLogRows)
      throw new LynodeError('LY-ZK-011', {
        details: `${settings.rows} rows need 2^${settings.logRows}, more than 2^${maxLogRows}`,
      })
    log?.(`${settings.rows} rows of 2^${settings.logRows}; make the key`)
    await copyFile(await srs.path(settings.logRows), file('srs'))
    await pythonEzkl(python, ['setup', folder], stepMs)
    await pythonEzkl(python, ['verifier', folder], stepMs)
    log?.(`measure on ${samples.length} sample(s)`)
    return {
      settings,
      maxDifference: await measure(options, settings, folder),
      files: {
        circuit: await readFile(file('circuit.ezkl')),
        key: await readFile(file('key')),
        settings: await readFile(file('settings.json')),
      },
      verifierSource: await readFile(file('verifier.sol'), 'utf8'),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** ezkl takes several samples as one longer list for each input. */
function joined(samples: readonly (readonly Uint8Array[])[]): Uint8Array[] {
  const [first] = samples
  if (first === undefined)
    throw new LynodeError('LY-ZK-011', { details: 'no sample input' })
  return first.map((_, i) =>
    Buffer.concat(samples.map((sample) => sample[i] ?? new Uint8Array())),
  )
}

/** Largest |quantised - float| over all outputs of all samples. */
async function measure(
  options: CompileCircuitOptions,
  settings: CircuitSettings,
  folder: string,
): Promise<number> {
  const { manifest, canonical, samples } = options
  const runner = new Runner()
  let most = 0
  try {
    for (const sample of samples) {
      await writeEzklInput(join(folder, 'input.json'), sample)
      await engineTask({
        kind: 'witness',
        circuit: join(folder, 'circuit.ezkl'),
        input: join(folder, 'input.json'),
        witness: join(folder, 'witness.json'),
      })
      const { outputs } = JSON.parse(
        await readFile(join(folder, 'witness.json'), 'utf8'),
      ) as { outputs: string[][] }
      const values = (kind: 'input' | 'output') =>
        manifest.values.filter((value) => value.kind === kind)
      const run = await runner.runNode({
        model: { bytes: canonical },
        inputs: values('input').map(({ name, type }, i) => ({
          name,
          type,
          source: { bytes: sample[i] ?? new Uint8Array() },
        })),
        outputs: values('output').map(({ name, type }) => ({ name, type })),
      })
      stepTypes(manifest).outputs.forEach((type, i) => {
        const quantised = floatsOf(
          floatsOfNumbers(
            (outputs[i] ?? []).map((text) =>
              fromFieldElement(
                BigInt(`0x${text.match(/../g)?.reverse().join('')}`),
              ),
            ),
            settings.outputScales[i] ?? 0,
          ),
        )
        const float = floatsOf(
          toLogical(type, run.outputs[i]?.data ?? new Uint8Array()),
        )
        float.forEach((value, k) => {
          most = Math.max(most, Math.abs(value - (quantised[k] ?? Number.NaN)))
        })
      })
    }
  } finally {
    await runner.close()
  }
  if (Number.isNaN(most))
    throw new LynodeError('LY-ZK-013', {
      details: 'the circuit gave no numbers',
    })
  return most
}

function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer)
}

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
import { type CompiledVerifier, compileVerifier } from './compileVerifier.js'
import { engineTask } from './engineTask.js'
import type { ProverLimits } from './limitChild.js'
import { pythonEzkl } from './pythonEzkl.js'
import type { SrsStore } from './srsStore.js'
import { type ProvableCircuit, type Spent, ZkProver } from './zkProver.js'

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
  /** What a proof may take. Default that of `ProverLimits`. */
  limits?: ProverLimits | undefined
  log?: ((line: string) => void) | undefined
}

/** What a publication of class zk consists of. */
export type CompiledCircuit = {
  settings: CircuitSettings
  files: { circuit: Uint8Array; key: Uint8Array; settings: Uint8Array }
  /** Of the Solidity that ezkl wrote for the key. */
  verifier: CompiledVerifier
  /** Largest difference to the float model on the samples. */
  maxDifference: number
  /**
   * What a proof of one sample took on this machine, by the engine alone, and the
   * proving key before it; the memory is the larger of the two.
   */
  proving: Spent & { setupSeconds: number }
}

/**
 * Compiles a model into a circuit, makes its verification key and verifier,
 * measures how far the quantised outputs are from the float model's, and proves a
 * sample as every provider can, with the engine alone.
 *
 * @throws LynodeError `LY-ZK-011` when the model does not fit, before any work or
 * after counting rows; `LY-ZK-013` when ezkl fails on it or a proof takes more than
 * the limits.
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
    await pythonEzkl(python, ['compile', folder, String(maxLogRows)])
    const settings = readCircuitSettings(await readFile(file('settings.json')))
    if (settings.logRows > maxLogRows)
      throw new LynodeError('LY-ZK-011', {
        details: `${settings.rows} rows need 2^${settings.logRows}, more than 2^${maxLogRows}`,
      })
    log?.(`${settings.rows} rows of 2^${settings.logRows}; make the key`)
    await copyFile(await srs.path(settings.logRows), file('srs'))
    await pythonEzkl(python, ['setup', folder])
    await pythonEzkl(python, ['verifier', folder])
    log?.(`measure on ${samples.length} sample(s)`)
    const maxDifference = await measure(options, settings, folder)
    log?.('prove a sample')
    return {
      settings,
      maxDifference,
      proving: await proveSample(options, settings, folder),
      files: {
        circuit: await readFile(file('circuit.ezkl')),
        key: await readFile(file('key')),
        settings: await readFile(file('settings.json')),
      },
      verifier: compileVerifier(await readFile(file('verifier.sol'), 'utf8')),
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

/** Proves the first sample with the key that was made, and checks the proof. */
async function proveSample(
  { samples, srs, limits }: CompileCircuitOptions,
  settings: CircuitSettings,
  folder: string,
): Promise<CompiledCircuit['proving']> {
  const prover = new ZkProver({
    folder: join(folder, 'prover'),
    srs,
    python: null,
    limits,
  })
  const circuit: ProvableCircuit = {
    binding: { circuitRoot: '0x' },
    settings,
    circuit: join(folder, 'circuit.ezkl'),
    key: join(folder, 'key'),
    settingsFile: join(folder, 'settings.json'),
  }
  const [sample = []] = samples
  const setup = await prover.setUp(circuit)
  const { spent } = await prover.prove(circuit, sample)
  return {
    seconds: spent.seconds,
    setupSeconds: setup.seconds,
    peakBytes: Math.max(setup.peakBytes, spent.peakBytes),
  }
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

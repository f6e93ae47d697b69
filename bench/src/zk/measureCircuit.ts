import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type CompiledCircuit,
  canonicalise,
  compileCircuit,
  installEzkl,
  nodeSha256,
  type ProvableCircuit,
  type ProverLimits,
  SrsStore,
  verifyProof,
  ZkProver,
} from '@lynode/runtime'
import {
  byteLength,
  type Manifest,
  naturalOrder,
  type ProvedStep,
  readManifest,
} from '@lynode/sdk'
import { zkSamples } from 'lynode/devnet'
import { bytesToHex, size } from 'viem'

/** Seconds and megabytes of a prover. */
type Prover = {
  setupSeconds: number
  proveSeconds: number
  peakMiB: number
}

/** What a circuit takes on this machine. */
export type CircuitMeasurement = {
  parameters: number
  rows: number
  logRows: number
  maxDifference: number
  compileSeconds: number
  node: Prover
  native: Prover
  verifySeconds: number
  proofBytes: number
}

/** A circuit that was measured, and a proved step of it. */
export type MeasuredCircuit = {
  measurement: CircuitMeasurement
  canonical: Uint8Array<ArrayBuffer>
  manifest: Manifest
  circuit: CompiledCircuit
  step: ProvedStep
}

/**
 * Compiles, proves with both provers and verifies.
 *
 * @throws LynodeError `LY-ZK-013` when a key or a proof takes more than the limits.
 */
export async function measureCircuit(
  source: Uint8Array,
  folder: string,
  limits: ProverLimits,
): Promise<MeasuredCircuit> {
  const canonical = new Uint8Array(naturalOrder(await canonicalise(source)))
  const manifest = readManifest(canonical, nodeSha256)
  const samples = zkSamples(manifest, new Map())
  const srs = new SrsStore({ chainId: 31_337 })
  const python = await installEzkl(console.error)
  const start = performance.now()
  const circuit = await compileCircuit({
    python,
    canonical,
    manifest,
    samples,
    srs,
    limits,
  })
  const compileSeconds = (performance.now() - start) / 1_000
  const files = writeFiles(circuit, folder)
  const [inputs = []] = samples
  const prover = new ZkProver({
    folder: join(folder, 'native'),
    srs,
    python,
    limits,
  })
  const setup = await prover.setUp(files)
  const { outputs, proof, spent } = await prover.prove(files, inputs)
  const verifyStart = performance.now()
  await verifyProof(files, srs, inputs, outputs, proof)
  return {
    measurement: {
      parameters: parametersOf(manifest),
      rows: circuit.settings.rows,
      logRows: circuit.settings.logRows,
      maxDifference: circuit.maxDifference,
      compileSeconds,
      // The compiler has proved the same sample with the engine.
      node: proverOf(circuit.proving),
      native: proverOf({
        seconds: spent.seconds,
        setupSeconds: setup.seconds,
        peakBytes: Math.max(setup.peakBytes, spent.peakBytes),
      }),
      verifySeconds: (performance.now() - verifyStart) / 1_000,
      proofBytes: size(proof),
    },
    canonical,
    manifest,
    circuit,
    step: { inputs: inputs.map((one) => bytesToHex(one)), outputs, proof },
  }
}

function proverOf(proving: CompiledCircuit['proving']): Prover {
  return {
    setupSeconds: proving.setupSeconds,
    proveSeconds: proving.seconds,
    peakMiB: Math.ceil(proving.peakBytes / 2 ** 20),
  }
}

function writeFiles(
  { files, settings }: CompiledCircuit,
  folder: string,
): ProvableCircuit {
  mkdirSync(folder, { recursive: true })
  const paths = {
    circuit: join(folder, 'circuit'),
    key: join(folder, 'key'),
    settingsFile: join(folder, 'settings'),
  }
  writeFileSync(paths.circuit, files.circuit)
  writeFileSync(paths.key, files.key)
  writeFileSync(paths.settingsFile, files.settings)
  return { ...paths, settings, binding: { circuitRoot: '0x' } }
}

function parametersOf({ values }: Manifest): number {
  return values.reduce(
    (sum, { kind, type }) =>
      kind === 'weight' && type.dtype === 1 ? sum + byteLength(type) / 4 : sum,
    0,
  )
}

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type CompiledCircuit,
  canonicalise,
  compileCircuit,
  installEzkl,
  nodeSha256,
  type ProvableCircuit,
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

/** Compiles, proves with both provers and verifies. */
export async function measureCircuit(
  source: Uint8Array,
  folder: string,
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
  })
  const compileSeconds = (performance.now() - start) / 1_000
  const files = writeFiles(circuit, folder)
  const [inputs = []] = samples
  const measure = async (name: string, by: string | null) => {
    const prover = new ZkProver({ folder: join(folder, name), srs, python: by })
    const setup = await prover.setUp(files)
    const proved = await prover.prove(files, inputs)
    const peak = Math.max(setup.peakBytes, proved.spent.peakBytes)
    return {
      proved,
      figures: {
        setupSeconds: setup.seconds,
        proveSeconds: proved.spent.seconds,
        peakMiB: Math.ceil(peak / 2 ** 20),
      },
    }
  }
  const node = await measure('node', null)
  const native = await measure('native', python)
  const { outputs, proof } = node.proved
  const verifyStart = performance.now()
  await verifyProof(files, srs, inputs, outputs, proof)
  return {
    measurement: {
      parameters: parametersOf(manifest),
      rows: circuit.settings.rows,
      logRows: circuit.settings.logRows,
      maxDifference: circuit.maxDifference,
      compileSeconds,
      node: node.figures,
      native: native.figures,
      verifySeconds: (performance.now() - verifyStart) / 1_000,
      proofBytes: size(proof),
    },
    canonical,
    manifest,
    circuit,
    step: { inputs: inputs.map((one) => bytesToHex(one)), outputs, proof },
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

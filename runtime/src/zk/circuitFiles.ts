import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  byteLength,
  type CircuitSettings,
  LynodeError,
  type Manifest,
  readCircuitSettings,
  type TensorType,
  type ZkModel,
  zkShapeHash,
  zkShapeOf,
} from '@lynode/sdk'
import type { BlobClient } from '../blobs/blobClient.js'
import type { BlobStore } from '../blobs/blobStore.js'

/** The circuit of a model of class zk, on this disk and checked. */
export type CircuitFiles = {
  binding: ZkModel
  settings: CircuitSettings
  /** Paths. */
  circuit: string
  key: string
  settingsFile: string
}

/** Largest file of a circuit that is fetched. */
const maxFileBytes = 256 * 2 ** 20

/**
 * Gets the circuit, the verification key and the settings that a model is bound
 * to, and checks that they are of this model's tensors.
 *
 * @throws LynodeError `LY-ZK-015` when they are not; `LY-BLOB-005` when no
 * source has them.
 */
export async function fetchCircuit(
  blobClient: BlobClient,
  blobs: BlobStore,
  manifest: Manifest,
  binding: ZkModel,
  more: readonly string[] = [],
): Promise<CircuitFiles> {
  const { circuitRoot, keyRoot, settingsRoot } = binding
  for (const root of [settingsRoot, keyRoot, circuitRoot])
    await blobClient.fetchBlob(root, { atMost: maxFileBytes }, more)
  const settings = readCircuitSettings(await blobs.read(settingsRoot))
  checkShape(manifest, settings, binding)
  return {
    binding,
    settings,
    circuit: blobs.pathOf(circuitRoot),
    key: blobs.pathOf(keyRoot),
    settingsFile: blobs.pathOf(settingsRoot),
  }
}

/** Types of the inputs and outputs of a step, in graph order. */
export function stepTypes(manifest: Manifest): {
  inputs: TensorType[]
  outputs: TensorType[]
} {
  const of = (kind: 'input' | 'output') =>
    manifest.values
      .filter((value) => value.kind === kind)
      .map(({ type }) => type)
  return { inputs: of('input'), outputs: of('output') }
}

function checkShape(
  manifest: Manifest,
  settings: CircuitSettings,
  binding: ZkModel,
): void {
  const types = stepTypes(manifest)
  const shape = zkShapeOf({ ...types, ...settings })
  const sizes = settings.shapes.map((dims) => dims.reduce((a, b) => a * b, 1))
  const expected = [...types.inputs, ...types.outputs].map(
    (type) => byteLength(type) / 4,
  )
  if (
    zkShapeHash(shape) !== binding.shapeHash ||
    JSON.stringify(sizes) !== JSON.stringify(expected)
  )
    throw new LynodeError('LY-ZK-015', {
      details: `tensors of the circuit: ${JSON.stringify(settings.shapes)}`,
    })
}

/** Writes the float32 tensors of a step as ezkl's input file. */
export async function writeEzklInput(
  path: string,
  tensors: readonly Uint8Array[],
): Promise<void> {
  const input_data = tensors.map((bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    return Array.from({ length: bytes.length / 4 }, (_, i) => {
      const value = view.getFloat32(4 * i, true)
      if (!Number.isFinite(value))
        throw new LynodeError('LY-ZK-008', { details: `an input is ${value}` })
      return value
    })
  })
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, JSON.stringify({ input_data }))
}

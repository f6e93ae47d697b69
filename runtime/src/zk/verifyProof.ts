import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeProof, LynodeError, quantize, type ZkProof } from '@lynode/sdk'
import type { CircuitFiles } from './circuitFiles.js'
import { engineTask } from './engineTask.js'
import type { SrsStore } from './srsStore.js'

/**
 * Checks a proof on this machine, with the key that the model is bound to,
 * whatever the chain's verifier said.
 *
 * @param inputs - Committed bytes of each input of the step, float32.
 * @param outputs - Whole numbers of each output.
 * @throws LynodeError `LY-ZK-014` when it does not hold.
 */
export async function verifyProof(
  circuit: Omit<CircuitFiles, 'binding' | 'circuit'>,
  srs: SrsStore,
  inputs: readonly Uint8Array[],
  outputs: readonly (readonly bigint[])[],
  proof: ZkProof['proof'],
): Promise<void> {
  const instances = [
    ...inputs.flatMap((bytes, i) =>
      numbersOf(bytes, circuit.settings.inputScales[i] ?? 0),
    ),
    ...outputs.flat(),
  ]
  const folder = await mkdtemp(join(tmpdir(), 'lynode-proof-'))
  try {
    const file = join(folder, 'proof.json')
    await writeFile(file, encodeProof({ proof, instances }))
    const { holds } = await engineTask({
      kind: 'verify',
      proof: file,
      key: circuit.key,
      settings: circuit.settingsFile,
      srs: await srs.path(1),
    })
    if (!holds)
      throw new LynodeError('LY-ZK-014', {
        details: 'it does not hold for these inputs and outputs',
      })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The circuit's numbers of a float32 tensor. */
export function numbersOf(bytes: Uint8Array, scale: number): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from({ length: bytes.length / 4 }, (_, i) =>
    quantize(view.getUint32(4 * i, true), scale),
  )
}

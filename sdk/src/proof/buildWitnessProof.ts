import { LynodeError } from '../errors/lynodeError.js'
import { committedIndex } from '../tensor/committedIndex.js'
import { byteLength, elementBytes } from '../tensor/tensorType.js'
import { chunkBytes } from '../tree/blobRoot.js'
import type { WitnessClaim } from '../types/fraudProof.js'
import { none } from '../types/manifest.js'
import {
  type BuildFraudProofParameters,
  type BuiltFraudProof,
  openProof,
} from './buildFraudProof.js'
import { judgedManifest } from './judgedManifest.js'
import { outputValue } from './judgeElement.js'
import { findRival, judgeWitness, offsetsOfWitness } from './witness.js'

export type BuildWitnessProofParameters = BuildFraudProofParameters & {
  /** What the provider answered to the witness demand. */
  positions: readonly number[]
}

/** A proof by witness, and what it shows. */
export type BuiltWitnessProof = BuiltFraudProof & { claim: WitnessClaim }

/**
 * Looks for the counter-example to what the provider named, and opens it beside
 * the named positions and the element: a few chunks, however long the row is
 * (RULES A8). Whether the element is wrong is in `judgement`: nothing but a wrong
 * one is worth sending.
 *
 * @throws LynodeError LY-PRF-002 when there is no such element, LY-PRF-004 when
 * bytes are not the committed ones, LY-PRF-005 when the operator takes no witness.
 * @example
 * const { claim, proof } = await buildWitnessProof({ ...selection, positions: [1] })
 */
export async function buildWitnessProof(
  parameters: BuildWitnessProofParameters,
): Promise<BuiltWitnessProof> {
  const { manifest, node, output, element, positions } = parameters
  const judged = judgedManifest(manifest)
  const { type } = outputValue(judged, node, output, element)
  const { inputs, outputs } = judged.nodeOf(node)
  const value = outputs[output] ?? none
  const row = inputs[0] ?? none
  const bytes = new Map<number, Uint8Array>()
  for (const index of [row, value]) {
    const own = await parameters.committed(index)
    if (own.length !== byteLength(judged.valueOf(index).type))
      throw new LynodeError('LY-PRF-004', {
        details: `value ${index} has ${own.length} bytes`,
      })
    bytes.set(index, own)
  }
  const read = (index: number, offset: number, length: number): Uint8Array =>
    bytes.get(index)!.subarray(offset, offset + length)
  const place = { manifest: judged, node, output, element, read }
  const rival = (await findRival({ ...place, positions })) ?? 0
  const judgement = judgeWitness({ ...place, positions, rival })

  const chunks = new Map<number, Set<number>>()
  const open = (index: number, offset: number): void => {
    const known = chunks.get(index) ?? new Set()
    chunks.set(index, known.add(Math.floor(offset / chunkBytes)))
  }
  const width = elementBytes(type.dtype) ?? 8
  open(value, committedIndex(type, element) * width)
  for (const offset of offsetsOfWitness({ ...place, positions, rival }))
    open(row, offset)
  return {
    judgement,
    claim: { value, positions, rival },
    proof: openProof(parameters, chunks, bytes),
  }
}

import { LynodeError } from '../errors/lynodeError.js'
import type { Range } from '../operators/operator.js'
import { committedIndex } from '../tensor/committedIndex.js'
import { elementBytes } from '../tensor/tensorType.js'
import { chunkBytes } from '../tree/blobRoot.js'
import type { FraudProof } from '../types/fraudProof.js'
import { none } from '../types/manifest.js'
import { type BuildFraudProofParameters, openProof } from './buildFraudProof.js'
import { leastTerms, mostChunks, partOf, termsOf } from './inParts.js'
import { judgedManifest } from './judgedManifest.js'
import { type Judgement, judgeElement, queryOf } from './judgeElement.js'

/** A fraud proof in several transactions (RULES A9), and what it shows. */
export type BuiltAccumulation = {
  /** What the contract is told beforehand: docs/operators.md, "In parts". */
  hint: bigint
  /** Terms of the reduction. */
  terms: number
  /** Transactions that absorb the terms, in their order. */
  parts: { count: number; proof: FraudProof }[]
  /** The last one, which judges. */
  verdict: FraudProof
  judgement: Judgement
}

/**
 * Takes the proof of one element apart, where one transaction cannot carry it:
 * `openAccumulation`, `absorbTerms` for each part, `judgeAccumulation`.
 *
 * @throws LynodeError LY-PRF-005 when the node's checker does not work in parts.
 * @example
 * const { parts } = await buildAccumulation(parameters)
 */
export async function buildAccumulation(
  parameters: BuildFraudProofParameters,
): Promise<BuiltAccumulation> {
  const { manifest, node, output, element, committed } = parameters
  const place = { manifest: judgedManifest(manifest), node, output, element }
  const { checker, query, ranges } = queryOf(place, 0)
  const { inputs, outputs, operator } = place.manifest.nodeOf(node)
  const rule = checker.parts?.(query)
  if (rule === undefined)
    throw new LynodeError('LY-PRF-005', {
      details: `${operator} is not judged in parts`,
    })
  const bytes = new Map<number, Uint8Array>()
  for (const value of new Set([...inputs, outputs[output]!]))
    if (value !== none) bytes.set(value, await committed(value))
  const read = (value: number, offset: number, length: number): Uint8Array =>
    bytes.get(value)!.subarray(offset, offset + length)
  const chunksOf = (own: readonly Range[]): Map<number, Set<number>> => {
    const chunks = new Map<number, Set<number>>()
    for (const { operand, first, count, stride } of own) {
      const value = inputs[operand]!
      const known = chunks.get(value) ?? new Set()
      chunks.set(value, known)
      for (let i = 0; i < count; i++)
        known.add(chunkAt(value, first + i * stride))
    }
    return chunks
  }
  const chunkAt = (value: number, index: number): number => {
    const { dtype } = manifest.values[value]!.type
    return Math.floor((index * elementBytes(dtype)!) / chunkBytes)
  }

  const terms = termsOf(ranges)
  const parts: BuiltAccumulation['parts'] = []
  for (let from = 0; from < terms; ) {
    let count = Math.min(rule.part, terms - from)
    let chunks = chunksOf(partOf(ranges, rule, from, count))
    // Operands that are not contiguous take a chunk a term.
    while (chunksIn(chunks) > mostChunks && count > leastTerms) {
      count = Math.max(Math.floor(count / 2), leastTerms)
      chunks = chunksOf(partOf(ranges, rule, from, count))
    }
    parts.push({ count, proof: openProof(parameters, chunks, bytes) })
    from += count
  }
  const closing = chunksOf(rule.rest)
  const value = outputs[output]!
  const claimed = committedIndex(manifest.values[value]!.type, element)
  closing.set(
    value,
    (closing.get(value) ?? new Set()).add(chunkAt(value, claimed)),
  )
  return {
    hint: rule.hint((operand) => {
      const own = ranges.filter((range) => range.operand === operand)
      return own.flatMap(({ first, count, stride }) =>
        Array.from({ length: count }, (_, i) =>
          wordAt(bytes.get(inputs[operand]!)!, first + i * stride),
        ),
      )
    }),
    terms,
    parts,
    verdict: openProof(parameters, closing, bytes),
    judgement: judgeElement({ ...place, read }),
  }
}

function wordAt(bytes: Uint8Array, index: number): number {
  const { buffer, byteOffset } = bytes
  return new DataView(buffer, byteOffset + 4 * index, 4).getUint32(0, true)
}

function chunksIn(chunks: ReadonlyMap<number, ReadonlySet<number>>): number {
  return [...chunks.values()].reduce((sum, { size }) => sum + size, 0)
}

import { encodeAbiParameters, type Hex, parseAbiParameters } from 'viem'
import type { Opening } from '../types/fraudProof.js'

/**
 * Payload that answers a trace demand: the step's tensor roots by trace index.
 *
 * @example
 * encodeTraceAnswer(tensorRootsOf(traceDocument.tensors))
 */
export function encodeTraceAnswer(tensorRoots: readonly Hex[]): Hex {
  return encodeAbiParameters(parseAbiParameters('bytes32[]'), [tensorRoots])
}

/**
 * Payload that answers an output demand.
 *
 * @example
 * encodeOutputAnswer(buildOutputAnswer(resultDocument, 0))
 */
export function encodeOutputAnswer(parameters: {
  carriedRoot: Hex
  outputsRoot: Hex
  /** Path of the segment in `resultRoot`. */
  path: readonly Hex[]
}): Hex {
  const { carriedRoot, outputsRoot, path } = parameters
  return encodeAbiParameters(
    parseAbiParameters('bytes32, bytes32, bytes32[]'),
    [carriedRoot, outputsRoot, path],
  )
}

/**
 * Payload that answers a step demand.
 *
 * @example
 * const states = { kind: 'states' as const, steps: [[]] }
 * encodeStepAnswer(buildStepAnswer(resultDocument, states, 0))
 */
export function encodeStepAnswer(parameters: {
  /** What each step of the segment carried. */
  carriedRoots: readonly Hex[]
  outputsRoot: Hex
  /** Path of the segment in `resultRoot`. */
  path: readonly Hex[]
}): Hex {
  const { carriedRoots, outputsRoot, path } = parameters
  return encodeAbiParameters(
    parseAbiParameters('bytes32[], bytes32, bytes32[]'),
    [carriedRoots, outputsRoot, path],
  )
}

/**
 * Payload that answers a witness demand: ascending positions in the row.
 *
 * @example
 * encodeWitnessAnswer([3])
 */
export function encodeWitnessAnswer(positions: readonly number[]): Hex {
  return encodeAbiParameters(parseAbiParameters('uint32[]'), [positions])
}

/**
 * Payload that answers a chunk demand, or a part of a tensor demand.
 *
 * @example
 * encodeChunkAnswer(buildChunkAnswer({
 *   manifest, step: 0, value: 0, chunk: 0, count: 1, commitments, bytes: committed(0),
 * }))
 */
export function encodeChunkAnswer(parameters: {
  /** Manifest entry of the value, and its proof. */
  entry: Hex
  entryProof: readonly Hex[]
  opening: Opening
  /** Proof of an activation in the trace; empty for inputs and outputs. */
  traceProof: readonly Hex[]
}): Hex {
  const { entry, entryProof, opening, traceProof } = parameters
  return encodeAbiParameters(
    parseAbiParameters([
      'bytes entry, bytes32[] entryProof, Opening opening, bytes32[] traceProof',
      'struct Opening { uint32 value; bytes32 dataRoot; uint32[] chunks; bytes data; bytes32[] proof; bytes32[] path; }',
    ]),
    [entry, entryProof, opening, traceProof],
  )
}

import type { Hex } from 'viem'
import type { ModelHeader } from './manifest.js'

/** An entry of the manifest. Twin of `ManifestLeaf` in Solidity. */
export type ManifestLeaf = {
  /** The value's index, or `header.values` + the node's index. */
  leaf: number
  entry: Hex
}

/** Chunks of one committed value. Twin of `Opening` in Solidity. */
export type Opening = {
  /** Value index. */
  value: number
  dataRoot: Hex
  /** Ascending chunk indices. */
  chunks: readonly number[]
  /** The chunks, concatenated. */
  data: Hex
  /** Multiproof of the chunks in `dataRoot`. */
  proof: readonly Hex[]
  /** Siblings from the tensor root up (docs/protocol.md section 5). */
  path: readonly Hex[]
}

/**
 * Shows that one number inside a computation is wrong (docs/protocol.md section
 * 6). Twin of `contracts/types/FraudProof.sol`, encodable by viem as it stands.
 */
export type FraudProof = {
  model: ModelHeader
  step: number
  node: number
  output: number
  /** Logical index in that output. */
  element: number
  entries: readonly ManifestLeaf[]
  entriesProof: readonly Hex[]
  /** Ascending by value index. */
  openings: readonly Opening[]
  traceProof: readonly Hex[]
}

/** The element that an accumulation judges. Twin of `Place` in Solidity. */
export type Place = {
  step: number
  node: number
  output: number
  /** Logical index. */
  element: number
  /** What the checker is told beforehand: docs/operators.md, "In parts". */
  hint: bigint
}

/** What a proof by witness adds to a fraud proof. Twin of `WitnessClaim` in Solidity. */
export type WitnessClaim = {
  /** The element's value, as its witness was demanded. */
  value: number
  /** What the provider answered. */
  positions: readonly number[]
  /** One more position of the row; one of `positions` if none is needed. */
  rival: number
}

import type { TensorType } from './tensorType.js'

export type Hex = `0x${string}`

/**
 * Numbers as in the entries of docs/protocol.md section 3.
 *
 * @example
 * valueKinds.output // 4
 */
export const valueKinds = {
  input: 0,
  weight: 1,
  activation: 2,
  derived: 3,
  output: 4,
} as const

/**
 * `ffffffff` in an entry: absent, or not carried.
 *
 * @example
 * none // 0xffffffff
 */
export const none = 0xffffffff

/** One value of a manifest. */
export type ManifestValue = {
  /** Name of the value in the canonical ONNX file. */
  name: string
  type: TensorType
  boundary: boolean
} & (
  | { kind: 'input'; slot: number; laterSlot: number; carriedSlot: number }
  | { kind: 'weight'; tensorRoot: Hex }
  | { kind: 'activation'; traceIndex: number }
  | { kind: 'derived'; node: number }
  | { kind: 'output'; carried: boolean; slot: number }
)

/** One node of a manifest. */
export type ManifestNode = {
  /** Name of the node in the canonical ONNX file, or its first output's name. */
  name: string
  /** ONNX operator name, such as `Conv`. */
  operator: string
  opcode: number
  /** Value indices; `none` for an absent optional input. */
  inputs: readonly number[]
  outputs: readonly number[]
  /** Signed 32-bit words in the fixed order of the opcode (docs/protocol.md section 8). */
  attributes: readonly number[]
}

/** What `modelId` hashes (docs/protocol.md section 3). */
export type ModelHeader = {
  manifestRoot: Hex
  fileRoot: Hex
  fileBytes: bigint
  values: number
  nodes: number
  inputs: number
  outputs: number
  carried: number
  activations: number
  segment: number
  profile: number
}

/** A model as anyone derives it from the canonical ONNX file alone. */
export type Manifest = {
  header: ModelHeader
  modelId: Hex
  values: readonly ManifestValue[]
  nodes: readonly ManifestNode[]
  /** Verification class that the operators allow. */
  class: 'exact' | 'float'
}

import type { Dtype, Hex, TensorType } from '@lynode/sdk'

/** A committed tensor in a document of docs/protocol.md section 7. */
export type TensorDocument = {
  dtype: Dtype
  dims: readonly number[]
  perm: readonly number[]
  dataRoot: Hex
}

/** Inputs of all steps; hashes to an `inputRoot`. */
export type InputsDocument = {
  kind: 'inputs'
  steps: readonly (readonly TensorDocument[])[]
}

/** Outputs of one step. */
export type StepResult = {
  carried: readonly TensorDocument[]
  outputs: readonly TensorDocument[]
}

/** Outputs of all steps; hashes to a `resultRoot`. */
export type ResultDocument = { kind: 'result'; steps: readonly StepResult[] }

/** All activations of a step; hashes to a `traceRoot`. */
export type TraceDocument = {
  kind: 'trace'
  tensors: readonly TensorDocument[]
}

/** A type with its data root. */
export function tensorDocument(
  { dtype, dims, perm }: TensorType,
  dataRoot: Hex,
): TensorDocument {
  return { dtype, dims, perm, dataRoot }
}

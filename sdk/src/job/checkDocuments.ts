import { LynodeError } from '../errors/lynodeError.js'
import { sameType } from '../tensor/tensorType.js'
import { type Manifest, none } from '../types/manifest.js'
import type { TensorType } from '../types/tensorType.js'
import type {
  InputsDocument,
  ResultDocument,
  StatesDocument,
  TensorDocument,
  TraceDocument,
} from './documents.js'
import { endsSegment } from './segments.js'

/**
 * Types of the inputs in the bundle of a step, by slot.
 *
 * @example
 * bundleTypes(manifest, 0)[0]?.dims // [1, 4]
 */
export function bundleTypes(manifest: Manifest, step: number): TensorType[] {
  const types: TensorType[] = []
  for (const value of manifest.values) {
    if (value.kind !== 'input') continue
    const slot = step === 0 ? value.slot : value.laterSlot
    if (slot !== none) types[slot] = value.type
  }
  return types
}

/**
 * Types of the outputs of a step, by slot: the carried ones or the others.
 *
 * @example
 * outputTypes(manifest, false)[0]?.dims // [1, 3]
 */
export function outputTypes(
  manifest: Manifest,
  carried: boolean,
): TensorType[] {
  const types: TensorType[] = []
  for (const value of manifest.values)
    if (value.kind === 'output' && value.carried === carried)
      types[value.slot] = value.type
  return types
}

/**
 * Types of the activations, by trace index.
 *
 * @example
 * traceTypes(manifest).length // as many as `manifest.header.activations`
 */
export function traceTypes(manifest: Manifest): TensorType[] {
  return manifest.values.flatMap((value) =>
    value.kind === 'activation' ? [value.type] : [],
  )
}

/**
 * Checks that a document has the tensors of the manifest: as many, with its
 * types and orders (B1).
 *
 * @param steps Steps of the job; a trace is one of them.
 * @throws LynodeError LY-DAT-002
 * @example
 * checkDocument(manifest, inputsDocument, 1)
 */
export function checkDocument(
  manifest: Manifest,
  document: InputsDocument | ResultDocument | TraceDocument,
  steps: number,
): void {
  if (document.kind === 'trace') {
    requireTypes('the trace', document.tensors, traceTypes(manifest))
    return
  }
  if (document.steps.length !== steps)
    throw misfit(
      `the document has ${document.steps.length} steps, not ${steps}`,
    )
  if (document.kind === 'inputs')
    document.steps.forEach((tensors, t) => {
      requireTypes(`the inputs of step ${t}`, tensors, bundleTypes(manifest, t))
    })
  else {
    const { segment } = manifest.header
    if (document.segment !== segment)
      throw misfit(`the document has segments of ${document.segment} steps`)
    document.steps.forEach(({ carried, outputs }, t) => {
      requireTypes(
        `the carried outputs of step ${t}`,
        carried,
        endsSegment(t, segment, steps) ? outputTypes(manifest, true) : [],
      )
      requireTypes(
        `the outputs of step ${t}`,
        outputs,
        outputTypes(manifest, false),
      )
    })
  }
}

/**
 * Checks that a document has the carried tensors of so many steps. @throws LynodeError LY-DAT-002
 *
 * @example
 * checkStates(manifest, { kind: 'states', steps: [[]] }, 1)
 */
export function checkStates(
  manifest: Manifest,
  document: StatesDocument,
  length: number,
): void {
  if (document.steps.length !== length)
    throw misfit(`the document has ${document.steps.length} steps`)
  document.steps.forEach((tensors, t) => {
    requireTypes(`the state ${t}`, tensors, outputTypes(manifest, true))
  })
}

function requireTypes(
  what: string,
  tensors: readonly TensorDocument[],
  types: readonly TensorType[],
): void {
  if (
    tensors.length !== types.length ||
    !tensors.every((tensor, i) => sameType(tensor, types[i]!))
  )
    throw misfit(`${what} are not of the types that the model has`)
}

function misfit(details: string): LynodeError {
  return new LynodeError('LY-DAT-002', { details })
}

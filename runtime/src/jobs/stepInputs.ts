import {
  byteLength,
  type Hex,
  type Manifest,
  none,
  sameType,
} from '@lynode/sdk'
import { RuntimeError } from '../errors/runtimeError.js'
import type { InputsDocument, StepResult, TensorDocument } from './documents.js'

/** An input of one step, by value index. */
export type StepInput = { value: number; name: string; tensor: TensorDocument }

/**
 * The inputs of a step by docs/protocol.md section 5: from the bundle of the
 * step, or, for carried ones of later steps, from the result of the step before.
 *
 * @throws RuntimeError `LY-JOB-001` when the document does not fit the model.
 */
export function stepInputs(
  manifest: Manifest,
  inputs: InputsDocument,
  step: number,
  before: StepResult | undefined,
): StepInput[] {
  const bundle = inputs.steps[step] ?? []
  const list: StepInput[] = []
  let taken = 0
  manifest.values.forEach((value, index) => {
    if (value.kind !== 'input') return
    const carried = step > 0 && value.carriedSlot !== none
    if (!carried) taken++
    const tensor = carried
      ? before?.carried[value.carriedSlot]
      : bundle[step === 0 ? value.slot : value.laterSlot]
    if (tensor === undefined || !sameType(tensor, value.type))
      throw misfit(`input ${value.name} of step ${step}`)
    list.push({ value: index, name: value.name, tensor })
  })
  if (taken !== bundle.length) throw misfit(`bundle of step ${step}`)
  return list
}

/** The blobs that the inputs of a job consist of. */
export function inputBlobs(
  manifest: Manifest,
  inputs: InputsDocument,
  steps: number,
): { root: Hex; bytes: number }[] {
  if (inputs.steps.length !== steps)
    throw misfit(`${inputs.steps.length} bundles for ${steps} steps`)
  const types = manifest.values.flatMap((value) =>
    value.kind === 'input' ? [value] : [],
  )
  return inputs.steps.flatMap((bundle, step) => {
    const expected = types
      .filter((value) => step === 0 || value.carriedSlot === none)
      .map((value) => ({
        type: value.type,
        slot: step === 0 ? value.slot : value.laterSlot,
      }))
    if (expected.length !== bundle.length)
      throw misfit(`bundle of step ${step}`)
    return expected.map(({ type, slot }) => {
      const tensor = bundle[slot]
      if (tensor === undefined || !sameType(tensor, type))
        throw misfit(`input ${slot} of step ${step}`)
      return { root: tensor.dataRoot, bytes: byteLength(type) }
    })
  })
}

function misfit(what: string): RuntimeError {
  return new RuntimeError(`${what} does not fit the model`, {
    code: 'LY-JOB-001',
    remedy: 'Upload inputs of the dtypes, shapes and layouts of the manifest.',
  })
}

import {
  byteLength,
  checkDocument,
  type Hex,
  type InputsDocument,
  LynodeError,
  type Manifest,
  none,
  type ResultDocument,
  type TensorDocument,
} from '@lynode/sdk'

/** An input of one step, by value index. */
export type StepInput = { value: number; name: string; tensor: TensorDocument }

/** Outputs of one step. */
export type StepResult = ResultDocument['steps'][number]

/**
 * The inputs of a step by docs/protocol.md section 5: from the bundle of the
 * step, or, for carried ones of later steps, from the result of the step before.
 *
 * @throws LynodeError `LY-STEP-001` when one of them is missing.
 */
export function stepInputs(
  manifest: Manifest,
  inputs: InputsDocument,
  step: number,
  before: StepResult | undefined,
): StepInput[] {
  return manifest.values.flatMap((value, index) => {
    if (value.kind !== 'input') return []
    const tensor =
      step > 0 && value.carriedSlot !== none
        ? before?.carried[value.carriedSlot]
        : inputs.steps[step]?.[step === 0 ? value.slot : value.laterSlot]
    if (tensor === undefined)
      throw new LynodeError('LY-STEP-001', {
        shortMessage: `step ${step} has no input ${value.name}`,
      })
    return [{ value: index, name: value.name, tensor }]
  })
}

/** The inputs of a later step that are not carried. */
export function laterInputs(
  manifest: Manifest,
  inputs: InputsDocument,
  step: number,
): StepInput[] {
  return manifest.values.flatMap((value, index) => {
    if (value.kind !== 'input' || value.carriedSlot !== none) return []
    const tensor = inputs.steps[step]?.[value.laterSlot]
    if (tensor === undefined)
      throw new LynodeError('LY-STEP-001', {
        shortMessage: `step ${step} has no input ${value.name}`,
      })
    return [{ value: index, name: value.name, tensor }]
  })
}

/**
 * The blobs that the inputs of a job consist of.
 *
 * @throws LynodeError `LY-DAT-002` when the document does not fit the model.
 */
export function inputBlobs(
  manifest: Manifest,
  inputs: InputsDocument,
  steps: number,
): { root: Hex; bytes: number }[] {
  checkDocument(manifest, inputs, steps)
  // Steps of a training job read one dataset: each blob is named once.
  const blobs = new Map<Hex, number>()
  for (const tensor of inputs.steps.flat())
    blobs.set(tensor.dataRoot, byteLength(tensor))
  return [...blobs].map(([root, bytes]) => ({ root, bytes }))
}

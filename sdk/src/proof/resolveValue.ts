import { LynodeError } from '../errors/lynodeError.js'
import type { Sha256 } from '../hash/sha256.js'
import type {
  InputsDocument,
  ResultDocument,
  TensorDocument,
  TraceDocument,
} from '../job/documents.js'
import { inputTrees, resultTrees } from '../job/roots.js'
import { multiproof } from '../tree/multiproof.js'
import { type Hex, type ManifestValue, none } from '../types/manifest.js'

/** What an execution committed to, as far as a proof needs it. */
export type Commitments = {
  inputs: InputsDocument
  result: ResultDocument
  /** Trace of the proof's step; not needed where no activation is opened. */
  trace?: TraceDocument | undefined
  /**
   * Tensor roots of that trace as they were posted, where the document is put
   * together from what is known: only opened activations need a true data root.
   */
  traceRoots?: readonly Hex[] | undefined
}

/** A committed tensor and the siblings from its root up (docs/protocol.md section 5). */
export type ResolvedValue = { dataRoot: Hex; path: Hex[] }

/**
 * Finds a value of a step among the commitments. Activations have no path: one
 * multiproof serves all that a proof opens.
 *
 * @returns `undefined` for weights, whose root the manifest names.
 * @throws LynodeError LY-PRF-002 when the commitments do not hold it.
 */
export function resolveValue(
  value: ManifestValue,
  step: number,
  commitments: Commitments,
  sha256?: Sha256,
): ResolvedValue | undefined {
  const { inputs, result, trace } = commitments
  switch (value.kind) {
    case 'weight':
      return undefined
    case 'activation':
      return {
        dataRoot: found(trace?.tensors[value.traceIndex], value).dataRoot,
        path: [],
      }
    case 'input': {
      // B4: a carried input is the output of the step before.
      if (step > 0 && value.carriedSlot !== none)
        return carriedValue(value, value.carriedSlot, step - 1, result, sha256)
      const slot = step === 0 ? value.slot : value.laterSlot
      const tensor = found(inputs.steps[step]?.[slot], value)
      const trees = inputTrees(inputs, sha256)
      return {
        dataRoot: tensor.dataRoot,
        path: [
          ...multiproof(trees.bundles[step]!, [slot]),
          ...multiproof(trees.steps, [step]),
        ],
      }
    }
    case 'output': {
      if (value.carried)
        return carriedValue(value, value.slot, step, result, sha256)
      const tensor = found(result.steps[step]?.outputs[value.slot], value)
      const { steps, segments } = resultTrees(result, sha256)
      return {
        dataRoot: tensor.dataRoot,
        path: [
          ...multiproof(steps[step]!.outputs, [value.slot]),
          // Segments of one step: no siblings within the segment (B8).
          steps[step]!.carried.root,
          ...multiproof(segments, [step]),
        ],
      }
    }
    case 'derived':
      throw new LynodeError('LY-PRF-002', {
        details: `${JSON.stringify(value.name)} is derived: nobody commits to it`,
      })
  }
}

function carriedValue(
  value: ManifestValue,
  slot: number,
  step: number,
  result: ResultDocument,
  sha256: Sha256 | undefined,
): ResolvedValue {
  const tensor = found(result.steps[step]?.carried[slot], value)
  const { steps, segments } = resultTrees(result, sha256)
  return {
    dataRoot: tensor.dataRoot,
    path: [
      ...multiproof(steps[step]!.carried, [slot]),
      steps[step]!.outputsRoot,
      ...multiproof(segments, [step]),
    ],
  }
}

function found(
  tensor: TensorDocument | undefined,
  value: ManifestValue,
): TensorDocument {
  if (tensor === undefined)
    throw new LynodeError('LY-PRF-002', {
      details: `the commitments do not hold ${JSON.stringify(value.name)}`,
    })
  return tensor
}

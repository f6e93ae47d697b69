import { LynodeError } from '../errors/lynodeError.js'
import type { Sha256 } from '../hash/sha256.js'
import type {
  InputsDocument,
  ResultDocument,
  StatesDocument,
  TensorDocument,
  TraceDocument,
} from '../job/documents.js'
import {
  inputTrees,
  resultTrees,
  statesTrees,
  treeOfRoots,
} from '../job/roots.js'
import { type SegmentRange, segmentOf } from '../job/segments.js'
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
  /** What the steps of the proof's segment carried; not needed at its ends. */
  states?: StatesDocument | undefined
  /**
   * Carried roots of those steps as they were posted, where the document is put
   * together from what is known: only opened states need true data roots.
   */
  stateRoots?: readonly Hex[] | undefined
}

/** A committed tensor and the siblings from its root up (docs/protocol.md section 5). */
export type ResolvedValue = { dataRoot: Hex; path: Hex[] }

/**
 * Finds a value of a step among the commitments. Activations have no path: one
 * multiproof serves all that a proof opens.
 *
 * @returns `undefined` for weights, whose root the manifest names.
 * @throws LynodeError LY-PRF-002 when the commitments do not hold it.
 * @example
 * resolveValue(value, 0, commitments)
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
        return carriedValue(
          value,
          value.carriedSlot,
          step - 1,
          commitments,
          sha256,
        )
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
        return carriedValue(value, value.slot, step, commitments, sha256)
      const tensor = found(result.steps[step]?.outputs[value.slot], value)
      const trees = resultTrees(result, sha256)
      const { index, first } = rangeOf(result, step)
      return {
        dataRoot: tensor.dataRoot,
        path: [
          ...multiproof(trees.steps[step]!, [value.slot]),
          ...multiproof(trees.segments[index]!.outputs, [step - first]),
          trees.segments[index]!.carried.root,
          ...multiproof(trees.root, [index]),
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
  { result, states, stateRoots }: Commitments,
  sha256: Sha256 | undefined,
): ResolvedValue {
  const { index, first, length } = rangeOf(result, step)
  // B8: within a segment the answer to a step demand commits to the states.
  if (step + 1 < first + length) {
    const tensor = found(states?.steps[step - first]?.[slot], value)
    const trees = statesTrees(states!, sha256)
    const root =
      stateRoots === undefined ? trees.root : treeOfRoots(stateRoots, sha256)
    return {
      dataRoot: tensor.dataRoot,
      path: [
        ...multiproof(trees.steps[step - first]!, [slot]),
        ...multiproof(root, [step - first]),
      ],
    }
  }
  const tensor = found(result.steps[step]?.carried[slot], value)
  const { segments, root } = resultTrees(result, sha256)
  return {
    dataRoot: tensor.dataRoot,
    path: [
      ...multiproof(segments[index]!.carried, [slot]),
      segments[index]!.outputs.root,
      ...multiproof(root, [index]),
    ],
  }
}

function rangeOf(result: ResultDocument, step: number): SegmentRange {
  return segmentOf(step, result.segment, result.steps.length)
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

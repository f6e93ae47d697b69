import { fetchBlob } from '../data/fetchBlob.js'
import { LynodeError } from '../errors/lynodeError.js'
import type { Sha256 } from '../hash/sha256.js'
import type { ResultDocument, TensorDocument } from '../job/documents.js'
import { resultRootOf } from '../job/roots.js'
import { endsSegment } from '../job/segments.js'
import { toCommitted, toLogical } from '../tensor/permuteBytes.js'
import { byteLength, sameType } from '../tensor/tensorType.js'
import { blobRoot } from '../tree/blobRoot.js'
import type { Hex } from '../types/manifest.js'
import type { OutputEntry } from './modelInterface.js'
import {
  dtypeName,
  type TensorOutput,
  toTensor,
  toTypedArray,
} from './tensor.js'

/** Outputs of one step by name. */
export type Outputs = Record<string, TensorOutput>

/**
 * Fetches the outputs of one step. Every byte is checked against the document,
 * which the caller has checked against the result root.
 *
 * @param entries - Outputs of the model by slot.
 * @throws LynodeError `LY-DAT-002` when the document is not of this model,
 * `LY-BLOB-005` when no source has the bytes.
 * @example
 * const document = await fetchResult({ resultRoot, sources })
 * const { outputs } = checkInterface(model, manifest.header)
 * const { y } = await fetchOutputs(document, outputs, 0, { sources })
 */
export async function fetchOutputs(
  document: ResultDocument,
  entries: readonly OutputEntry[],
  step: number,
  options: {
    sources: readonly string[]
    sha256?: Sha256 | undefined
    signal?: AbortSignal | undefined
  },
): Promise<Outputs> {
  const found = await Promise.all(
    entries.map(async ({ name, type, carried, slot }) => {
      const list = document.steps[step]
      const tensor = (carried ? list?.carried : list?.outputs)?.[slot]
      if (tensor === undefined || !sameType(type, tensor))
        throw new LynodeError('LY-DAT-002', {
          shortMessage: 'The result does not have the outputs of the model',
          details: `output ${name} of step ${step}`,
        })
      const bytes = await fetchBlob({
        ...options,
        root: tensor.dataRoot,
        bytes: byteLength(type),
      })
      const dtype = dtypeName(type.dtype)
      const data = toTypedArray(dtype, toLogical(type, bytes))
      return [name, { dtype, dims: type.dims, data } as TensorOutput] as const
    }),
  )
  return Object.fromEntries(found)
}

/** The outputs of a step that are in its document: what it carries only at the end of a segment. */
export function outputsOfStep(
  entries: readonly OutputEntry[],
  step: number,
  segment: number,
  steps: number,
): OutputEntry[] {
  const ends = endsSegment(step, segment, steps)
  return entries.filter(({ carried }) => !carried || ends)
}

/**
 * The result root of outputs, from their bytes alone.
 *
 * @throws LynodeError `LY-INP-002`, `LY-INP-003` or `LY-INP-004` when they are
 * not of the types of the model.
 */
export function rootOfOutputs(
  entries: readonly OutputEntry[],
  segment: number,
  steps: readonly Readonly<Record<string, TensorOutput>>[],
  sha256?: Sha256 | undefined,
): Hex {
  const document: ResultDocument = {
    kind: 'result',
    segment,
    steps: steps.map((outputs, step) => {
      const carried: TensorDocument[] = []
      const others: TensorDocument[] = []
      for (const entry of outputsOfStep(entries, step, segment, steps.length)) {
        const tensor = tensorOf(entry, outputs, sha256)
        if (entry.carried) carried[entry.slot] = tensor
        else others[entry.slot] = tensor
      }
      return { carried, outputs: others }
    }),
  }
  return resultRootOf(document, sha256)
}

function tensorOf(
  { name, type }: OutputEntry,
  outputs: Readonly<Record<string, TensorOutput>>,
  sha256: Sha256 | undefined,
): TensorDocument {
  const output = Object.hasOwn(outputs, name) ? outputs[name] : undefined
  if (output === undefined)
    throw new LynodeError('LY-INP-004', {
      shortMessage: 'An output is missing',
      details: name,
    })
  const { data } = toTensor(name, dtypeName(type.dtype), type.dims, output.data)
  const dataRoot = blobRoot(toCommitted(type, data), sha256)
  return { ...type, dataRoot }
}

import { LynodeError } from '../errors/lynodeError.js'
import { isRoot } from '../hash/hex.js'
import { modelLimits } from '../model/limits.js'
import { mostSegment } from '../model/metadata.js'
import { elementBytes, isPerm } from '../tensor/tensorType.js'
import type { Hex } from '../types/manifest.js'
import type { Dtype, TensorType } from '../types/tensorType.js'

/** A committed tensor: its type and the root of its chunks. */
export type TensorDocument = TensorType & { dataRoot: Hex }

/** What lies behind an `inputRoot`: the tensors of each step's bundle. */
export type InputsDocument = {
  kind: 'inputs'
  steps: readonly (readonly TensorDocument[])[]
}

/** What lies behind a `resultRoot`. */
export type ResultDocument = {
  kind: 'result'
  /** Steps of a segment (B8): 1 for plain inference. */
  segment: number
  steps: readonly {
    /** Only the last step of a segment commits to what it carries; else empty. */
    carried: readonly TensorDocument[]
    outputs: readonly TensorDocument[]
  }[]
}

/** What the steps of one segment carried, as the answer to a step demand commits to it. */
export type StatesDocument = {
  kind: 'states'
  steps: readonly (readonly TensorDocument[])[]
}

/** What lies behind a `traceRoot`. */
export type TraceDocument = {
  kind: 'trace'
  tensors: readonly TensorDocument[]
}

/**
 * Reads an inputs document. @throws LynodeError LY-DAT-002 when it is none.
 *
 * @example
 * parseInputsDocument(JSON.parse(JSON.stringify(inputsDocument)))
 */
export function parseInputsDocument(json: unknown): InputsDocument {
  const { steps } = fieldsOf(json, 'inputs', ['steps'])
  return { kind: 'inputs', steps: list(steps).map(tensorsOf) }
}

/**
 * Reads a result document. @throws LynodeError LY-DAT-002 when it is none.
 *
 * @example
 * parseResultDocument(JSON.parse(JSON.stringify(resultDocument)))
 */
export function parseResultDocument(json: unknown): ResultDocument {
  const { segment, steps } = fieldsOf(json, 'result', ['segment', 'steps'])
  if (
    !Number.isInteger(segment) ||
    (segment as number) < 1 ||
    (segment as number) > mostSegment
  )
    throw malformed('its segment is no number of steps')
  return {
    kind: 'result',
    segment: segment as number,
    steps: list(steps).map((step) => {
      const { carried, outputs } = record(step, ['carried', 'outputs'])
      return { carried: tensorsOf(carried), outputs: tensorsOf(outputs) }
    }),
  }
}

/**
 * Reads a states document. @throws LynodeError LY-DAT-002 when it is none.
 *
 * @example
 * parseStatesDocument({ kind: 'states', steps: [[]] })
 */
export function parseStatesDocument(json: unknown): StatesDocument {
  const { steps } = fieldsOf(json, 'states', ['steps'])
  return { kind: 'states', steps: list(steps).map(tensorsOf) }
}

/**
 * Reads a trace document. @throws LynodeError LY-DAT-002 when it is none.
 *
 * @example
 * parseTraceDocument(JSON.parse(JSON.stringify(traceDocument)))
 */
export function parseTraceDocument(json: unknown): TraceDocument {
  const { tensors } = fieldsOf(json, 'trace', ['tensors'])
  return { kind: 'trace', tensors: tensorsOf(tensors) }
}

function fieldsOf(
  json: unknown,
  kind: string,
  keys: readonly string[],
): Record<string, unknown> {
  const fields = record(json, ['kind', ...keys])
  if (fields['kind'] !== kind) throw malformed(`its kind is not "${kind}"`)
  return fields
}

function tensorsOf(value: unknown): TensorDocument[] {
  return list(value).map((entry) => {
    const { dtype, dims, perm, dataRoot } = record(entry, [
      'dtype',
      'dims',
      'perm',
      'dataRoot',
    ])
    const sizes = list(dims)
    const axes = list(perm)
    if (
      typeof dtype !== 'number' ||
      elementBytes(dtype) === undefined ||
      sizes.length > modelLimits.rank ||
      !sizes.every(isDimension) ||
      !axes.every(Number.isInteger) ||
      !isPerm(axes as number[], sizes.length) ||
      !isRoot(dataRoot)
    )
      throw malformed('it holds something that is no tensor')
    return {
      dtype: dtype as Dtype,
      dims: sizes as number[],
      perm: axes as number[],
      dataRoot,
    }
  })
}

function isDimension(value: unknown): value is number {
  return (
    Number.isSafeInteger(value) &&
    (value as number) >= 1 &&
    (value as number) < 2 ** 32
  )
}

function record(
  value: unknown,
  keys: readonly string[],
): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('it is no JSON object')
  if (Object.keys(value).sort().join() !== [...keys].sort().join())
    throw malformed(`its fields are not ${keys.join(', ')}`)
  return value as Record<string, unknown>
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw malformed('it has no list')
  return value
}

function malformed(details: string): LynodeError {
  return new LynodeError('LY-DAT-002', {
    details: `The document is malformed: ${details}.`,
  })
}

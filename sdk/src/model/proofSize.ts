import type { Checker, ElementQuery, Range } from '../operators/operator.js'
import { judgedInParts } from '../proof/inParts.js'
import { byteLength, elementBytes, elementCount } from '../tensor/tensorType.js'
import { chunkBytes, chunkCount } from '../tree/blobRoot.js'
import type { TensorType } from '../types/tensorType.js'
import { modelLimits } from './limits.js'

/**
 * Why one element of a node cannot be proved wrong in one transaction (A9);
 * `undefined` when it can. Looks at elements in the corners and the middle.
 *
 * @param query The node; its output and element are not looked at.
 */
export function proofTooLarge(
  checker: Checker,
  query: Omit<ElementQuery, 'output' | 'element'>,
): string | undefined {
  const words = 4 * query.attributes.length
  if (words > modelLimits.attributeBytes)
    return `the attributes take ${words} bytes, the limit is ${modelLimits.attributeBytes} (A9)`
  // What one transaction cannot carry is judged in parts (A9).
  if (judgedInParts(checker, query)) return undefined
  // Movement and per-element operators read one element of each operand.
  if (query.opcode < 60 && valuesOf(query) <= fewValues) return undefined
  if (termsAtLeast(query) > modelLimits.proofBytes)
    return tooLarge('more operands than fit')
  for (const [output, type] of query.outputs.entries()) {
    const count = elementCount(type.dims)
    const elements = [0, 1 / 3, 1 / 2, 2 / 3].map((part) =>
      Math.floor(count * part),
    )
    for (const element of new Set([...elements, count - 1])) {
      const { bytes, terms } = proofCost(checker, { ...query, output, element })
      if (bytes > modelLimits.proofBytes) return tooLarge(`${bytes} bytes`)
      const gas = terms * gasOfTerm(query.opcode) + bytes * gasOfByte
      if (gas > modelLimits.proofGas)
        return `one element takes ${gas} gas, and a proof has ${modelLimits.proofGas} (A9)`
    }
  }
  return undefined
}

/** Up to so many values a node, what surrounds the opened bytes fits besides them. */
const fewValues = 18
/** A manifest entry in calldata, with its siblings. */
const entryBytes = 700
/** What surrounds the bytes of an opening, with the siblings of its root. */
const openingBytes = 900

function valuesOf({
  inputs,
  outputs,
}: Pick<ElementQuery, 'inputs' | 'outputs'>) {
  return inputs.length + outputs.length
}

/** Calldata, hashing and copying, a byte. */
const gasOfByte = 20

/**
 * What a checker spends on one operand element, at worst: a provider picks its
 * operands, and subnormal ones cost three times as much.
 */
function gasOfTerm(opcode: number): number {
  switch (opcode) {
    case 90: // Softmax
      return 900
    case 92: // LayerNormalization: two sums
      return 830
    case 72: // ReduceMax, ReduceMin
    case 73:
    case 83: // MaxPool
      return 450
    case 111: // ArgMax, ArgMin
    case 112:
      return 1300
    case 113: // TopK: a pass a byte
      return 3300
    case 60: // products: two operand elements a term
    case 61:
    case 62:
    case 63:
      return 210
    case 102: // products of bytes
    case 103:
    case 104:
    case 105:
      return 60
    default:
      return 415
  }
}

/** What a proof of one element opens: bytes of chunks and their siblings, and operand elements. */
function proofCost(
  checker: Checker,
  query: ElementQuery,
): { bytes: number; terms: number } {
  const chunks = new Map<number, Set<number>>()
  const ranges = rangesOf(checker, query)
  const elements = ranges.reduce((total, range) => total + range.count, 0)
  // No element takes less than a byte: too large before anything is listed.
  if (elements > modelLimits.proofBytes)
    return { bytes: elements, terms: elements }
  for (const { operand, first, count, stride } of ranges) {
    const type = query.inputs[operand]
    if (type === undefined) continue
    const width = elementBytes(type.dtype) ?? 8
    const known = chunks.get(operand) ?? new Set()
    chunks.set(operand, known)
    for (let i = 0; i < count; i++)
      known.add(Math.floor(((first + i * stride) * width) / chunkBytes))
  }
  const result = query.outputs[query.output]
  let bytes = result === undefined ? 0 : openedBytes(result, 1)
  for (const [operand, opened] of chunks) {
    const type = query.inputs[operand]
    if (type !== undefined) bytes += openedBytes(type, opened.size)
  }
  // A proof shows the entries of all values of a node, whatever it opens.
  if (valuesOf(query) > fewValues)
    bytes += entryBytes * valuesOf(query) + openingBytes * chunks.size
  return { bytes, terms: elements }
}

/** All that is read; where it depends on data, as if every index were 0. */
function rangesOf(checker: Checker, query: ElementQuery): readonly Range[] {
  const first = checker.ranges(query)
  if (checker.dependentRanges === undefined) return first
  const operands = query.inputs.map((type, operand) => {
    const count = first
      .filter((range) => range.operand === operand)
      .reduce((total, range) => total + range.count, 0)
    const width = type === undefined ? 0 : (elementBytes(type.dtype) ?? 8)
    return { data: new Uint8Array(count * width), derived: [] }
  })
  return [...first, ...checker.dependentRanges(query, operands)]
}

/** Data and siblings of some chunks of a tensor, at most. */
function openedBytes(type: TensorType, chunks: number): number {
  const total = byteLength(type)
  const siblings = Math.ceil(Math.log2(Math.max(2, chunkCount(total) / chunks)))
  return Math.min(total, chunks * chunkBytes) + 32 * chunks * siblings
}

/**
 * A lower bound for the operand elements behind one element, from shapes alone:
 * a checker is not asked to list what no proof could hold.
 */
function termsAtLeast({
  opcode,
  inputs,
  outputs,
}: Pick<ElementQuery, 'opcode' | 'inputs' | 'outputs'>): number {
  const [x, w] = inputs
  const results = outputs[0] === undefined ? 1 : elementCount(outputs[0].dims)
  switch (opcode) {
    case 62: // Conv
    case 63:
    case 103:
      return w === undefined ? 0 : elementCount(w.dims.slice(1))
    case 105: // QLinearConv
      return elementCount(inputs[3]?.dims.slice(1) ?? [])
    case 60: // MatMul
    case 61:
    case 102:
    case 104:
      return Math.max(x?.dims.at(-1) ?? 0, 0)
    case 70: // reductions
    case 71:
    case 72:
    case 73:
    case 80:
      return x === undefined ? 0 : elementCount(x.dims) / results
    default:
      return 0
  }
}

function tooLarge(what: string): string {
  return `one element takes ${what}, and a proof holds ${modelLimits.proofBytes} bytes (A9)`
}

import type { Checker, ElementQuery, Range } from '../operators/operator.js'
import { judgedInParts } from '../proof/inParts.js'
import {
  chunksRead,
  derivedElements,
  type Judged,
  type JudgeElementParameters,
  queryOf,
} from '../proof/judgeElement.js'
import { witnessRule } from '../proof/witness.js'
import { byteLength, elementBytes, elementCount } from '../tensor/tensorType.js'
import { chunkBytes, chunkCount } from '../tree/blobRoot.js'
import { none } from '../types/manifest.js'
import type { TensorType } from '../types/tensorType.js'
import { modelLimits } from './limits.js'

/**
 * Why one element of a node cannot be proved wrong in one transaction (A9);
 * `undefined` when it can.
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
  if (termsAtLeast(query) > modelLimits.proofBytes && !isOneRun(checker, query))
    return tooLarge('more operands than fit')
  const { bytes, gas } = worstProof(checker, query)
  if (bytes > modelLimits.proofBytes) return tooLarge(`${bytes} bytes`)
  return gas > modelLimits.proofGas ? tooMuchGas(gas) : undefined
}

/** What the dearest proof of one element takes, by and large. */
export type ProofEstimate = {
  /** Opened bytes. */
  bytes: number
  /** For reading and judging the operands. */
  gas: number
}

/**
 * The largest proof of one element of a node, at worst operands. Looks at
 * elements in the corners and the middle.
 */
export function worstProof(
  checker: Checker,
  query: Omit<ElementQuery, 'output' | 'element'>,
): ProofEstimate {
  const worst = { bytes: 0, gas: 0 }
  for (const [output, type] of query.outputs.entries()) {
    for (const element of sampled(elementCount(type.dims))) {
      const own = { ...query, output, element }
      const { bytes, gas } = isByWitness(checker, own)
        ? witnessCost(checker, own)
        : directCost(checker, own)
      worst.bytes = Math.max(worst.bytes, bytes)
      worst.gas = Math.max(worst.gas, gas)
    }
  }
  return worst
}

/**
 * How an element is proved wrong: in one transaction; by a `witness`, where its
 * operator takes one and all of the row would take more gas (A8); or in `parts`,
 * where one transaction carries neither its bytes nor its gas (A9).
 *
 * @throws LynodeError LY-PRF-005 when no checker serves the node.
 * @example
 * proofWay({ manifest: pooled, node: 0, output: 0, element: 0 }) // 'direct': a short row
 */
export function proofWay(
  place: Omit<JudgeElementParameters, 'read'>,
): 'direct' | 'witness' | 'parts' {
  const { checker, query } = queryOf(place, 0)
  if (isByWitness(checker, query)) return 'witness'
  const { data, gas } = directCost(checker, query)
  const carried = data <= modelLimits.proofBytes && gas <= modelLimits.proofGas
  return carried || checker.parts === undefined ? 'direct' : 'parts'
}

function isByWitness(checker: Checker, query: ElementQuery): boolean {
  if (witnessRule(query) === undefined) return false
  const { gas } = directCost(checker, query)
  return gas > modelLimits.witnessGas && gas > witnessCost(checker, query).gas
}

/** Of a proof that opens all that the element is made of. */
function directCost(
  checker: Checker,
  query: ElementQuery,
): ProofEstimate & { data: number } {
  const { data, bytes, terms } = proofCost(checker, query)
  return {
    data,
    bytes,
    gas: terms * gasOfTerm(query.opcode) + bytes * gasOfByte,
  }
}

/** Of a proof that opens the named positions and a rival, each in a chunk of its own. */
function witnessCost(checker: Checker, query: ElementQuery): ProofEstimate {
  const opened = (witnessRule(query)?.count ?? 0) + 1
  const row = query.inputs[0]
  const result = query.outputs[query.output]
  const bytes =
    (row === undefined ? 0 : openedBytes(row, opened)) +
    (result === undefined ? 0 : openedBytes(result, 1))
  return {
    bytes,
    gas:
      opened * gasOfTerm(query.opcode) +
      checker.ranges(query).length * gasOfRange +
      bytes * gasOfByte,
  }
}

/** Listing a run of elements, and going over it. */
const gasOfRange = 1_000

/** Whether an operator that takes a witness reads one run of elements, so that a long row is as good as a short one. */
function isOneRun(
  checker: Checker,
  query: Omit<ElementQuery, 'output' | 'element'>,
): boolean {
  const own = { ...query, output: 0, element: 0 }
  const [row] = query.inputs
  if (witnessRule(own) === undefined || row === undefined) return false
  // The reduced axes are the last: their elements lie one after the other.
  const axes = new Set(query.attributes)
  const last = row.perm.slice(row.perm.length - axes.size)
  return (
    last.every((axis) => axes.has(axis)) && checker.ranges(own).length === 1
  )
}

/**
 * What proving one element takes through its derived operands (B5): a value that
 * two operands of a chain come from is evaluated twice.
 *
 * @param node Node index.
 */
export function derivedCost(manifest: Judged, node: number): ProofEstimate {
  const worst = { bytes: 0, gas: 0 }
  manifest.nodeOf(node).outputs.forEach((index, output) => {
    const { type } = manifest.valueOf(index)
    for (const element of sampled(elementCount(type.dims))) {
      const place = { manifest, node, output, element }
      const { gas, entries } = chainCost(place)
      if (!Number.isFinite(gas)) {
        worst.gas = gas
        continue
      }
      const opened = chunksRead(place)
      let bytes = entryBytes * entries.size + openingBytes * opened.size
      for (const [value, chunks] of opened)
        bytes += openedBytes(manifest.valueOf(value).type, chunks.size)
      worst.bytes = Math.max(worst.bytes, bytes)
      worst.gas = Math.max(worst.gas, gas + bytes * gasOfByte)
    }
  })
  return worst
}

/** Why an element behind derived operands cannot be proved (A9); `undefined` when it can. */
export function derivedTooLarge(
  manifest: Judged,
  node: number,
): string | undefined {
  const { bytes, gas } = derivedCost(manifest, node)
  if (bytes > modelLimits.proofBytes) return tooLarge(`${bytes} bytes`)
  return gas > modelLimits.proofGas ? tooMuchGas(gas) : undefined
}

/** Gas of all evaluations behind an element, without its bytes, and the entries that they show. */
function chainCost(place: {
  manifest: Judged
  node: number
  output: number
  element: number
}): { gas: number; entries: Set<number> } {
  const { manifest } = place
  const entries = new Set<number>()
  let gas = 0
  let evaluations = 0
  const visit = (node: number, output: number, element: number): void => {
    if (++evaluations > mostEvaluations) {
      gas = Number.POSITIVE_INFINITY
      return
    }
    const { opcode, inputs, outputs } = manifest.nodeOf(node)
    const asked = queryOf({ manifest, node, output, element }, 0)
    entries.add(-1 - node)
    for (const value of [...inputs, ...outputs]) entries.add(value)
    const elements = asked.ranges.reduce((sum, range) => sum + range.count, 0)
    gas += gasOfEvaluation + elements * gasOfTerm(opcode)
    inputs.forEach((input, operand) => {
      if (input === none || manifest.valueOf(input).kind !== 'derived') return
      const own = asked.ranges.filter((range) => range.operand === operand)
      for (const next of derivedElements(manifest, input, own)) visit(...next)
    })
  }
  visit(place.node, place.output, place.element)
  return { gas, entries }
}

/** Elements in the corners and the middle. */
function sampled(count: number): Set<number> {
  const inner = [0, 1 / 3, 1 / 2, 2 / 3].map((part) => Math.floor(count * part))
  return new Set([...inner, count - 1])
}

/** Most evaluations behind one element; more are no matter of gas. */
const mostEvaluations = 1_024

/**
 * What surrounds the operand elements of one node in a chain: its entry, its
 * types and two calls of its checker, a function of the chain included.
 */
const gasOfEvaluation = 60_000

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

/** What a proof of one element opens: chunks, with their siblings, and operand elements. */
function proofCost(
  checker: Checker,
  query: ElementQuery,
): { data: number; bytes: number; terms: number } {
  const chunks = new Map<number, Set<number>>()
  const ranges = rangesOf(checker, query)
  const elements = ranges.reduce((total, range) => total + range.count, 0)
  // No element takes less than a byte: too large before anything is listed.
  if (elements > modelLimits.proofBytes)
    return { data: elements, bytes: elements, terms: elements }
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
  let data = chunkBytes
  for (const [operand, opened] of chunks) {
    const type = query.inputs[operand]
    if (type === undefined) continue
    bytes += openedBytes(type, opened.size)
    data += opened.size * chunkBytes
  }
  // A proof shows the entries of all values of a node, whatever it opens.
  if (valuesOf(query) > fewValues)
    bytes += entryBytes * valuesOf(query) + openingBytes * chunks.size
  return { data, bytes, terms: elements }
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

function tooMuchGas(gas: number): string {
  return `one element takes ${gas} gas, and a proof has ${modelLimits.proofGas} (A9)`
}

function tooLarge(what: string): string {
  return `one element takes ${what}, and a proof holds ${modelLimits.proofBytes} bytes (A9)`
}

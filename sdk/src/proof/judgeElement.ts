import { LynodeError } from '../errors/lynodeError.js'
import { maximumDepth } from '../model/derivedRules.js'
import { checkerOf } from '../operators/index.js'
import type {
  Checker,
  ElementQuery,
  Operand,
  Range,
} from '../operators/operator.js'
import { arithmeticOf, isProduct, termsBehind } from '../operators/sumRules.js'
import { committedIndex, logicalIndex } from '../tensor/committedIndex.js'
import { elementBytes, elementCount } from '../tensor/tensorType.js'
import { chunkBytes } from '../tree/blobRoot.js'
import { type Arithmetic, arithmetics } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import {
  type ManifestNode,
  type ManifestValue,
  none,
} from '../types/manifest.js'
import { bitsOf, isHonest } from './isHonest.js'

/** What judging needs of a manifest; a proof that is taken apart has it too. */
export type Judged = {
  valueOf(index: number): ManifestValue
  nodeOf(index: number): ManifestNode
  /** Numeric profile of the model. */
  profile: number
}

/**
 * Gives `length` committed bytes of a value from `offset`, all within one chunk
 * of 1,024 bytes.
 */
export type ElementReader = (
  value: number,
  offset: number,
  length: number,
) => Uint8Array

export type JudgeElementParameters = {
  manifest: Judged
  node: number
  /** Which output of the node. */
  output: number
  /** Logical index in that output. */
  element: number
  /** The provider's own committed bytes. */
  read: ElementReader
  /** Default: the checkers of this sdk. */
  checkers?: ((opcode: number) => Checker | undefined) | undefined
}

export type Judgement = {
  /** Bit pattern that the execution committed to. */
  claimed: bigint
  /** What an honest machine can have produced from the execution's own operands. */
  honest: Interval
  /** Whether `claimed` is not among them. */
  fraud: boolean
}

/**
 * Judges one element as the contract does (docs/protocol.md section 6).
 *
 * @throws LynodeError LY-PRF-002 when there is no such element, LY-PRF-005 when
 * no checker serves the node.
 * @example
 * const { honest } = judgeElement({
 *   manifest: judgedManifest(manifest), node: 0, output: 0, element: 1, read,
 * })
 */
export function judgeElement(parameters: JudgeElementParameters): Judgement {
  const { manifest, node, output, element, read } = parameters
  const value = outputValue(manifest, node, output, element)
  const width = elementBytes(value.type.dtype)!
  const index = manifest.nodeOf(node).outputs[output]!
  const claimed = bitsOf(
    read(index, committedIndex(value.type, element) * width, width),
  )
  const { set: honest } = honestSet(parameters, node, output, element, 0)
  return {
    claimed,
    honest,
    fraud: !isHonest(honest, claimed, value.type.dtype),
  }
}

/** The value that holds the element. @throws LynodeError LY-PRF-002 */
export function outputValue(
  manifest: Judged,
  node: number,
  output: number,
  element: number,
): ManifestValue {
  const index = manifest.nodeOf(node).outputs[output]
  const value = index === undefined ? undefined : manifest.valueOf(index)
  if (
    value === undefined ||
    !Number.isInteger(element) ||
    element < 0 ||
    element >= elementCount(value.type.dims)
  )
    throw new LynodeError('LY-PRF-002', {
      details: `node ${node} has no element ${element} in output ${output}`,
    })
  return value
}

/** What is accepted, and the terms of the sum behind it (`termsBehind`). */
type Evaluated = { set: Interval; terms: number }

function honestSet(
  parameters: JudgeElementParameters,
  node: number,
  output: number,
  element: number,
  depth: number,
): Evaluated {
  const asked = queryOf({ ...parameters, node, output, element }, depth)
  const { checker, ranges } = asked
  let { operands, fused } = operandsOf(parameters, asked, ranges, depth)
  if (checker.dependentRanges !== undefined) {
    const more = checker.dependentRanges({ ...asked.query, fused }, operands)
    const second = operandsOf(parameters, asked, more, depth)
    operands = operands.map((operand, i) =>
      more.some((range) => range.operand === i) ? second.operands[i]! : operand,
    )
    fused = Math.max(fused, second.fused)
  }
  const query = { ...asked.query, fused }
  return {
    set: checker.evaluate(query, operands),
    terms: termsBehind(query.opcode, ranges, fused, query.arithmetic),
  }
}

/**
 * The operand elements that the ranges name, and the most terms of a sum behind a
 * derived one.
 */
function operandsOf(
  parameters: JudgeElementParameters,
  { inputs }: Asked,
  ranges: readonly Range[],
  depth: number,
): { operands: Operand[]; fused: number } {
  const { manifest, read } = parameters
  let fused = 0
  const operands = inputs.map((input, operand): Operand => {
    const own = ranges.filter((range) => range.operand === operand)
    if (input === none || own.length === 0)
      return { data: new Uint8Array(0), derived: [] }
    const value = manifest.valueOf(input)
    if (value.kind !== 'derived')
      return { data: readRanges(value, input, own, read), derived: [] }
    const elements = derivedElements(manifest, input, own).map(
      ([node, output, element]) =>
        honestSet(parameters, node, output, element, depth + 1),
    )
    for (const { terms } of elements) fused = Math.max(fused, terms)
    return { data: new Uint8Array(0), derived: elements.map(({ set }) => set) }
  })
  return { operands, fused }
}

/**
 * The chunks of committed values that judging an element reads, by value index.
 * They follow from types alone but for operators whose places depend on data
 * (Gather): without `read` only what such places depend on is named.
 *
 * @example
 * chunksRead({ manifest: judgedManifest(manifest), node: 0, output: 0, element: 1 })
 */
export function chunksRead(
  parameters: Omit<JudgeElementParameters, 'read'> & {
    read?: ElementReader | undefined
  },
): Map<number, Set<number>> {
  const { manifest, node, output, element, read } = parameters
  const chunks = new Map<number, Set<number>>()
  const touch = (index: number, ranges: readonly Range[]): void => {
    const width = elementBytes(manifest.valueOf(index).type.dtype)!
    const known = chunks.get(index) ?? new Set()
    chunks.set(index, known)
    for (const { first, count, stride } of ranges)
      for (let i = 0; i < count; i++)
        known.add(Math.floor(((first + i * stride) * width) / chunkBytes))
  }
  const visit = (
    node: number,
    output: number,
    element: number,
    depth: number,
  ): void => {
    const asked = queryOf({ ...parameters, node, output, element }, depth)
    const { checker, query, inputs } = asked
    const ranges = [...asked.ranges]
    if (read !== undefined && checker.dependentRanges !== undefined) {
      const own = { ...parameters, read }
      const { operands } = operandsOf(own, asked, ranges, depth)
      ranges.push(...checker.dependentRanges(query, operands))
    }
    inputs.forEach((input, operand) => {
      const own = ranges.filter((range) => range.operand === operand)
      if (input === none || own.length === 0) return
      if (manifest.valueOf(input).kind !== 'derived') touch(input, own)
      else
        for (const place of derivedElements(manifest, input, own))
          visit(...place, depth + 1)
    })
  }
  const { type } = outputValue(manifest, node, output, element)
  touch(manifest.nodeOf(node).outputs[output]!, [
    { operand: 0, first: committedIndex(type, element), count: 1, stride: 1 },
  ])
  visit(node, output, element, 0)
  return chunks
}

/** The checker of a node and what it asks for to judge one element. */
type Asked = {
  checker: Checker
  query: ElementQuery
  inputs: readonly number[]
  ranges: Range[]
}

/** @throws LynodeError LY-PRF-005 when no checker serves the node. */
export function queryOf(
  parameters: Omit<JudgeElementParameters, 'read'>,
  depth: number,
): Asked {
  const { manifest, output, element } = parameters
  if (depth > maximumDepth)
    throw new LynodeError('LY-PRF-002', {
      details: 'the chain of derived values is too long',
    })
  const node = manifest.nodeOf(parameters.node)
  const checker = (parameters.checkers ?? checkerOf)(node.opcode)
  if (checker === undefined)
    throw new LynodeError('LY-PRF-005', {
      details: `no checker serves opcode ${node.opcode} (${node.operator})`,
    })
  const query = {
    opcode: node.opcode,
    attributes: node.attributes,
    inputs: node.inputs.map((input) =>
      input === none ? undefined : manifest.valueOf(input).type,
    ),
    outputs: node.outputs.map((index) => manifest.valueOf(index).type),
    output,
    element,
    arithmetic: nodeArithmetic(manifest, node),
  }
  return { checker, query, inputs: node.inputs, ranges: checker.ranges(query) }
}

/** What the model's profile says of a node: blocked are only products by a matrix of weights. */
function nodeArithmetic(
  manifest: Judged,
  { opcode, inputs }: ManifestNode,
): Arithmetic {
  const arithmetic = arithmeticOf(manifest.profile)
  if (arithmetic !== arithmetics.blocked) return arithmetic
  if (!isProduct(opcode)) return arithmetics.plain
  const { kind, type } = manifest.valueOf(inputs[1] ?? none)
  const packed = kind === 'weight' && type.dims.length === 2
  return packed ? arithmetics.blocked : arithmetics.plain
}

/** B5: a derived value is what its own checker says, element by element. */
export function derivedElements(
  manifest: Judged,
  index: number,
  ranges: readonly Range[],
): [node: number, output: number, element: number][] {
  const value = manifest.valueOf(index)
  if (value.kind !== 'derived') return []
  const output = manifest.nodeOf(value.node).outputs.indexOf(index)
  return ranges.flatMap(({ first, count, stride }) =>
    Array.from({ length: count }, (_, i): [number, number, number] => [
      value.node,
      output,
      logicalIndex(value.type, first + i * stride),
    ]),
  )
}

/** The bytes of the elements that the ranges name, a run within a chunk at a time. */
function readRanges(
  value: ManifestValue,
  index: number,
  ranges: readonly Range[],
  read: ElementReader,
): Uint8Array {
  const width = elementBytes(value.type.dtype)!
  const count = ranges.reduce((total, range) => total + range.count, 0)
  const data = new Uint8Array(count * width)
  let end = 0
  for (const { first, count, stride } of ranges)
    for (let done = 0; done < count; ) {
      const offset = (first + done * stride) * width
      const room = (chunkBytes - (offset % chunkBytes)) / width
      const run = stride === 1 ? Math.min(count - done, room) : 1
      data.set(read(index, offset, run * width), end)
      end += run * width
      done += run
    }
  return data
}

import { LynodeError } from '../errors/lynodeError.js'
import type { Checker, ElementQuery } from '../operators/operator.js'
import { opcodes } from '../operators/rank.js'
import { coordinatesOf } from '../operators/shape.js'
import { profiles } from '../operators/sumRules.js'
import { typeAt } from '../operators/typeAt.js'
import { committedIndex } from '../tensor/committedIndex.js'
import { elementBytes } from '../tensor/tensorType.js'
import { none } from '../types/manifest.js'
import { dtypes } from '../types/tensorType.js'
import { bitsOf, isHonest } from './isHonest.js'
import {
  type JudgeElementParameters,
  type Judgement,
  outputValue,
  queryOf,
} from './judgeElement.js'

// Positions in a row that decide one element of an operator which picks elements
// of it (RULES A8). Twin of contracts/libraries/Witness.sol and of
// WitnessVerifier.judgeWitness.

/** What a witness of an operator is. */
export type WitnessRule = {
  /** How many positions decide the element. */
  count: number
  /** Whether the element is a position itself. */
  isPosition: boolean
}

/**
 * The rule of a node's element; `undefined` if the operator takes no witness.
 *
 * @example
 * witnessRule(query) // undefined: the operator selects nothing
 */
export function witnessRule(query: ElementQuery): WitnessRule | undefined {
  if (query.opcode === opcodes.topK) {
    const { dims } = typeAt(query.outputs, query.output)
    const rank = coordinatesOf(dims, query.element)[query.attributes[0] ?? 0]
    return { count: (rank ?? 0) + 1, isPosition: query.output === 1 }
  }
  // ReduceMax, ReduceMin
  if (query.opcode === 72 || query.opcode === 73)
    return { count: 1, isPosition: false }
  return query.opcode === opcodes.argMax || query.opcode === opcodes.argMin
    ? { count: 1, isPosition: true }
    : undefined
}

/**
 * What an honest provider answers to a witness demand: the positions of the
 * elements that the claimed one is made of, ascending. Where the operator takes
 * no witness any position will do, because no proof follows from it.
 *
 * @example
 * nameWitness({ manifest: pooled, node: 0, output: 0, element: 0, read: readPooled })
 */
export function nameWitness(parameters: JudgeElementParameters): number[] {
  const { manifest, node, output, element, read } = parameters
  const { query, rule, row } = rowOf(parameters)
  if (rule === undefined) return [0]
  const wild = wildPosition(parameters, query.opcode, row)
  if (wild >= 0) {
    // Next to it anything is honest, whatever else is named.
    const others = Array.from({ length: rule.count }, (_, i) => i)
    return [wild, ...others.filter((other) => other !== wild)]
      .slice(0, rule.count)
      .sort((a, b) => a - b)
  }
  if (rule.count === 1 && rule.isPosition) return [Number(claimed(parameters))]
  if (query.opcode < opcodes.argMax) return [positionOf(parameters, row)]
  // The node's own outputs say which elements rank up to this one.
  const [values = none, indices = none] = manifest.nodeOf(node).outputs
  const ranked = indices === none ? values : indices
  const { type } = manifest.valueOf(ranked)
  const width = elementBytes(type.dtype) ?? 8
  const { dims } = typeAt(query.outputs, output)
  const at = coordinatesOf(dims, element)
  const claims = Array.from({ length: rule.count }, (_, rank) => {
    at[query.attributes[0] ?? 0] = rank
    const logical = at.reduce((sum, own, k) => sum * (dims[k] ?? 1) + own, 0)
    const offset = committedIndex(type, logical) * width
    return bitsOf(read(ranked, offset, width))
  })
  const positions =
    indices === none
      ? positionsOf(parameters, row, claims)
      : claims.map((claim) => Number(claim))
  return positions.sort((a, b) => a - b)
}

/**
 * Judges an element by the elements at the named positions and one more.
 *
 * @throws LynodeError LY-PRF-005 when the operator takes no witness.
 * @example
 * judgeWitness({ manifest: pooled, node: 0, output: 0, element: 0, read: readPooled, positions: [1], rival: 0 })
 */
export function judgeWitness(
  parameters: JudgeElementParameters & {
    positions: readonly number[]
    /** One more position of the row; one of `positions` if none is needed. */
    rival: number
  },
): Judgement {
  return judgeShortRow(parameters, rowOf(parameters), parameters)
}

/**
 * Looks for the counter-example to a provider's witness: a position of the row
 * next to which the claimed element cannot be what it is said to be. Lets the
 * event loop turn while it goes over a long row.
 *
 * @returns `undefined` when the witness holds against the whole row.
 * @throws LynodeError LY-PRF-005 when the operator takes no witness.
 * @example
 * await findRival({ manifest: pooled, node: 0, output: 0, element: 0, read: readPooled, positions: [1] })
 */
export async function findRival(
  parameters: JudgeElementParameters & { positions: readonly number[] },
): Promise<number | undefined> {
  const { positions } = parameters
  const asked = rowOf(parameters)
  const convicts = (rival: number): boolean =>
    judgeShortRow(parameters, asked, { positions, rival }).fraud
  // What is named may be wrong by itself.
  const named = positions[0] ?? 0
  if (named < asked.row.length && convicts(named)) return named
  for (const rival of asked.row.keys()) {
    if (convicts(rival)) return rival
    if (rival % rivalsAtOnce === rivalsAtOnce - 1)
      await new Promise((resolve) => setTimeout(resolve))
  }
  return undefined
}

/** Rivals that are judged before the event loop turns: some ten milliseconds. */
const rivalsAtOnce = 256

/**
 * The bytes of the first operand that judging by a witness reads, by offset.
 *
 * @throws LynodeError LY-PRF-005 when the operator takes no witness.
 * @example
 * offsetsOfWitness({ manifest: pooled, node: 0, output: 0, element: 0, positions: [1], rival: 0 }) // [0, 4]
 */
export function offsetsOfWitness(
  parameters: Omit<JudgeElementParameters, 'read'> & {
    positions: readonly number[]
    rival: number
  },
): number[] {
  const { manifest, node, positions, rival } = parameters
  const { row, rule } = rowOf(parameters)
  if (rule === undefined || !isWellFormed(positions, rule.count, row.length))
    return []
  const input = manifest.nodeOf(node).inputs[0] ?? none
  const width = elementBytes(manifest.valueOf(input).type.dtype) ?? 8
  return [...new Set([...positions, rival])]
    .map((position) => (row[position] ?? 0) * width)
    .sort((a, b) => a - b)
}

function judgeShortRow(
  parameters: JudgeElementParameters,
  { checker, query, row, rule }: Row,
  { positions, rival }: { positions: readonly number[]; rival: number },
): Judgement {
  const { manifest, node, output, element } = parameters
  if (rule === undefined)
    throw new LynodeError('LY-PRF-005', {
      details: `opcode ${query.opcode} takes no witness`,
    })
  const bits = claimed(parameters)
  if (!isWellFormed(positions, rule.count, row.length))
    return {
      claimed: bits,
      honest: { kind: 'integer', low: 1n, high: 0n },
      fraud: true,
    }
  const all = [...new Set([...positions, rival])].sort((a, b) => a - b)
  const input = manifest.nodeOf(node).inputs[0] ?? none
  const width = elementBytes(manifest.valueOf(input).type.dtype) ?? 8
  const data = all.flatMap((position) => [
    ...parameters.read(input, (row[position] ?? 0) * width, width),
  ])
  const honest = checker.evaluate(
    query,
    query.inputs.map((_, i) => ({
      data: Uint8Array.from(i === 0 ? data : []),
      derived: [],
    })),
  )
  if (!rule.isPosition || honest.kind !== 'integer') {
    const { type } = outputValue(manifest, node, output, element)
    const fraud = !isHonest(honest, bits, type.dtype)
    return { claimed: bits, honest, fraud }
  }
  const allowed = all
    .slice(Number(honest.low), Number(honest.high) + 1)
    .map(BigInt)
  return {
    claimed: bits,
    honest: {
      kind: 'integer',
      low: allowed[0] ?? 0n,
      high: allowed.at(-1) ?? 0n,
    },
    fraud: !allowed.includes(bits),
  }
}

/**
 * Where in the row the claimed element is. A machine that flushes subnormal
 * operands may claim a zero that is none of them, and next to a NaN anything: then
 * the position that allows for it.
 */
function positionOf(
  parameters: JudgeElementParameters,
  row: readonly number[],
): number {
  const input = parameters.manifest.nodeOf(parameters.node).inputs[0] ?? none
  const { dtype } = parameters.manifest.valueOf(input).type
  const width = elementBytes(dtype) ?? 8
  const bits = claimed(parameters)
  const at = (index: number): bigint =>
    bitsOf(parameters.read(input, index * width, width))
  const same = row.findIndex((index) => at(index) === bits)
  if (same >= 0 || dtype !== dtypes.float32) return Math.max(same, 0)
  const tiny = row.findIndex((index) => (at(index) & 0x7fffffffn) < 0x00800000n)
  return Math.max(tiny, 0)
}

/**
 * Where in the row the claimed values of the first ranks are, each at a position
 * of its own: a zero may be any element that a machine flushes.
 */
function positionsOf(
  parameters: JudgeElementParameters,
  row: readonly number[],
  claims: readonly bigint[],
): number[] {
  const input = parameters.manifest.nodeOf(parameters.node).inputs[0] ?? none
  const { dtype } = parameters.manifest.valueOf(input).type
  const width = elementBytes(dtype) ?? 8
  const floating = dtype === dtypes.float32
  const tiny = (bits: bigint): boolean =>
    floating && (bits & 0x7fffffffn) < 0x00800000n
  const places = new Map<bigint, number[]>()
  row.forEach((index, position) => {
    const bits = bitsOf(parameters.read(input, index * width, width))
    const known = places.get(bits)
    if (known === undefined) places.set(bits, [position])
    else known.push(position)
  })
  const named = new Set<number>()
  for (const claim of claims) {
    const exact = places.get(claim)?.find((position) => !named.has(position))
    const position =
      exact ??
      (tiny(claim)
        ? [...places].flatMap(([bits, own]) => (tiny(bits) ? own : []))
        : []
      ).find((other) => !named.has(other)) ??
      // A value that the row does not hold is wrong next to any.
      row.findIndex((_, other) => !named.has(other))
    named.add(position)
  }
  return [...named]
}

/**
 * The first position whose element makes every result honest (C4): a NaN, and for
 * extrema an int64 beyond 32 bits or a bool byte above 1; -1 without one.
 */
function wildPosition(
  { manifest, node, read }: JudgeElementParameters,
  opcode: number,
  row: readonly number[],
): number {
  const input = manifest.nodeOf(node).inputs[0] ?? none
  const { dtype } = manifest.valueOf(input).type
  const width = elementBytes(dtype) ?? 8
  const ranks = opcode >= opcodes.argMax
  // In WGSL infinities too.
  const wgsl = manifest.profile === profiles['f32-wgsl']
  const largest = wgsl ? 0x7f7fffffn : 0x7f800000n
  return row.findIndex((index) => {
    const bits = bitsOf(read(input, index * width, width))
    switch (dtype) {
      case dtypes.float32:
        return (bits & 0x7fffffffn) > largest
      case dtypes.int64:
        return !ranks && BigInt.asIntN(32, bits) !== BigInt.asIntN(64, bits)
      case dtypes.bool:
        return !ranks && bits > 1n
      default:
        return false
    }
  })
}

function isWellFormed(
  positions: readonly number[],
  count: number,
  length: number,
): boolean {
  return (
    positions.length === count &&
    positions.every(
      (position, i) =>
        position < length && (i === 0 || position > (positions[i - 1] ?? 0)),
    )
  )
}

type Row = {
  checker: Checker
  query: ElementQuery
  rule: WitnessRule | undefined
  /** Committed index of each position. */
  row: number[]
}

function rowOf(parameters: Omit<JudgeElementParameters, 'read'>): Row {
  const { checker, query, ranges } = queryOf(parameters, 0)
  const rule = witnessRule(query)
  const row =
    rule === undefined
      ? []
      : ranges
          .filter(({ operand }) => operand === 0)
          .flatMap(({ first, count, stride }) =>
            Array.from({ length: count }, (_, i) => first + i * stride),
          )
  return { checker, query, rule, row }
}

function claimed(parameters: JudgeElementParameters): bigint {
  const { manifest, node, output, element, read } = parameters
  const { type } = outputValue(manifest, node, output, element)
  const width = elementBytes(type.dtype) ?? 8
  const index = manifest.nodeOf(node).outputs[output] ?? none
  return bitsOf(read(index, committedIndex(type, element) * width, width))
}

import {
  type Checker,
  checkerOf,
  type ElementQuery,
  floatKey,
  type Interval,
  isHonest,
  type JudgeElementParameters,
  type Judgement,
  judgeElement,
  none,
  type Operand,
} from '@lynode/sdk'
import { type SumUse, sumUse } from './sumUse.js'

/** What an element takes of the room that its operators leave. */
export type AllowanceUse = {
  judgement: Judgement
  /**
   * Largest |error| / allowance: 0 is the exact result, 1 the end of what is
   * accepted. `undefined` where no operator has an allowance beyond one correct
   * rounding, or anything is accepted, or nothing is a float.
   */
  use: number | undefined
  /** Opcodes of the operators that have an allowance, the element's own first. */
  opcodes: readonly number[]
  /** Terms of the sum that is one of them; `undefined` without one. */
  terms: number | undefined
}

/**
 * Sums of no more terms are a few correct roundings one after the other, and can
 * take all of what they are allowed: gamma(n) is one rounding a term.
 */
export const fewTerms = 4

/**
 * HardSigmoid: its set is what lies between two correct roundings, with and
 * without FMA, and every honest result is one of them.
 */
const roundedEitherWay = new Set([43])

/** Bisections of the share that an element behind derived values takes. */
const steps = 12

/**
 * Judges an element and measures how much of the allowance it takes.
 *
 * Where all operands are committed that is the distance from the exact result in
 * allowances. Behind derived values several operators have one each, and others
 * cut what they leave (a Relu at 0): there it is the least share t for which the
 * element would still be accepted if every operator of the chain allowed only t
 * of what it does.
 */
export function allowanceUse(parameters: JudgeElementParameters): AllowanceUse {
  const { manifest, node } = parameters
  const chained = manifest
    .nodeOf(node)
    .inputs.some((input) => isDerived(parameters, input))
  return chained ? chainUse(parameters) : nodeUse(parameters)
}

function isDerived(
  { manifest }: JudgeElementParameters,
  input: number,
): boolean {
  return input !== none && manifest.valueOf(input).kind === 'derived'
}

/** All operands are committed. */
function nodeUse(parameters: JudgeElementParameters): AllowanceUse {
  let sum: SumUse | undefined
  const judgement = judgeElement({
    ...parameters,
    checkers: (opcode) =>
      watched(parameters, opcode, ({ query, operands, honest }) => {
        sum = sumUse(query, operands)
        return honest
      }),
  })
  const { honest, claimed } = judgement
  const { opcode } = parameters.manifest.nodeOf(parameters.node)
  const rounded = roundedEitherWay.has(opcode) || sum?.roundings === 1
  const use = rounded
    ? undefined
    : sum !== undefined && honest.kind === 'float'
      ? sum.useOf(numberOfKey(floatKey(claimed)))
      : useOf(honest, claimed)
  const opcodes = use === undefined ? [] : [opcode]
  return { judgement, use, opcodes, terms: sum?.terms }
}

function chainUse(parameters: JudgeElementParameters): AllowanceUse {
  const judgement = judgeElement(parameters)
  const nothing = { judgement, use: undefined, opcodes: [], terms: undefined }
  if (judgement.honest.kind !== 'float') return nothing
  // What committed operands give, which no share changes, is found once.
  const known = new Map<string, Scaled>()
  const opcodes = new Set<number>()
  let terms: number | undefined
  const accepts = (share: number): boolean => {
    let possible = true
    const { honest } = judgeElement({
      ...parameters,
      checkers: (opcode) =>
        watched(parameters, opcode, (evaluated) => {
          const { query, operands } = evaluated
          const committed = operands.every((one) => one.derived.length === 0)
          const key = `${opcode} ${query.element} ${query.attributes}`
          const scaled =
            (committed ? known.get(key) : undefined) ?? scaledOf(evaluated)
          if (committed) known.set(key, scaled)
          if (scaled.room) opcodes.add(opcode)
          terms ??= scaled.terms
          const set = scaled.at(share)
          possible &&= set !== undefined
          return set ?? evaluated.honest
        }),
    })
    if (honest.kind !== 'float') return true
    return possible && isHonest(honest, judgement.claimed, 1)
  }
  let [low, high] = [0, accepts(0) ? 0 : 1]
  if (opcodes.size === 0) return nothing
  for (let i = 0; i < steps && high > 0; i++) {
    const middle = (low + high) / 2
    if (accepts(middle)) high = middle
    else low = middle
  }
  return { judgement, use: high, opcodes: [...opcodes].reverse(), terms }
}

/** An evaluation by a checker. */
type Evaluated = {
  checker: Checker
  query: ElementQuery
  operands: readonly Operand[]
  honest: Interval
}

/** A checker whose sets go through `watch`. */
function watched(
  { checkers = checkerOf }: JudgeElementParameters,
  opcode: number,
  watch: (evaluated: Evaluated) => Interval,
): Checker | undefined {
  const checker = checkers(opcode)
  return (
    checker && {
      ...checker,
      evaluate: (query, operands) =>
        watch({
          checker,
          query,
          operands,
          honest: checker.evaluate(query, operands),
        }),
    }
  )
}

/** The set of a node as a function of the share of its allowance. */
type Scaled = {
  /** Whether it has an allowance at all. */
  room: boolean
  terms?: number
  /** `undefined` where no float32 is as near to the exact result. */
  at: (share: number) => Interval | undefined
}

/**
 * The allowance of a node itself is what its checker leaves around the ends of
 * its operands, taken as if they were known exactly.
 */
function scaledOf({ checker, query, operands, honest }: Evaluated): Scaled {
  const fixed = { room: false, at: () => honest }
  if (honest.kind !== 'float' || roundedEitherWay.has(query.opcode))
    return fixed
  const sum = sumUse(query, operands)
  if (sum?.roundings === 1) return fixed
  if (sum !== undefined)
    return {
      room: true,
      terms: sum.terms,
      at: (share) => setOf(...sum.ends(share)),
    }
  const corners = cornersOf(operands).map((corner) =>
    checker.evaluate(query, corner),
  )
  if (corners.some(({ kind }) => kind !== 'float')) return fixed
  const least = corners.reduce((a, b) => (b.low < a.low ? b : a))
  const greatest = corners.reduce((a, b) => (b.high > a.high ? b : a))
  if (!hasRoom(least) && !hasRoom(greatest)) return fixed
  const [low, high] = [numberOfKey(honest.low), numberOfKey(honest.high)]
  const [below, above] = [halfWidth(least), halfWidth(greatest)]
  return {
    room: true,
    at: (share) =>
      share === 1
        ? honest
        : setOf(low + (1 - share) * below, high - (1 - share) * above),
  }
}

/** Every choice of an end of each derived float. */
function cornersOf(operands: readonly Operand[]): Operand[][] {
  return operands.reduce<Operand[][]>(
    (corners, operand) => {
      const choices = operand.derived.reduce<Interval[][]>(
        (lists, one) =>
          lists.flatMap((list) => endsOf(one).map((end) => [...list, end])),
        [[]],
      )
      return corners.flatMap((corner) =>
        choices.map((derived) => [...corner, { ...operand, derived }]),
      )
    },
    [[]],
  )
}

function endsOf(one: Interval): Interval[] {
  if (one.kind !== 'float' || one.low === one.high) return [one]
  return [one.low, one.high].map((key) => ({
    kind: 'float',
    low: key,
    high: key,
  }))
}

/** More than one rounding, and more than what flushing to zero adds (C0). */
function hasRoom({ low, high }: Interval): boolean {
  return high - low > 1n && !(low >= -smallest && high <= smallest)
}

/** Key of the smallest normal number. */
const smallest = 0x00800000n

function halfWidth({ low, high }: Interval): number {
  return (numberOfKey(high) - numberOfKey(low)) / 2
}

/** The float32 values of a real interval; `undefined` if it holds none. */
function setOf(low: number, high: number): Interval | undefined {
  let [from, to] = [keyNear(low), keyNear(high)]
  if (numberOfKey(from) < low) from += 1n
  if (numberOfKey(to) > high) to -= 1n
  return from > to ? undefined : { kind: 'float', low: from, high: to }
}

const scratch = new DataView(new ArrayBuffer(4))

/** Key of the float32 nearest to a number. */
function keyNear(number: number): bigint {
  scratch.setFloat32(0, number)
  return floatKey(BigInt(scratch.getUint32(0)))
}

/** The number that a float32 key stands for. */
function numberOfKey(key: bigint): number {
  scratch.setUint32(0, Number(key < 0n ? (1n << 31n) - key : key))
  return scratch.getFloat32(0)
}

/**
 * How far a float32 claim is from the middle of its set, in half widths.
 * `undefined` where there is no room beyond one rounding, or no number to compare.
 */
function useOf(honest: Interval, claimed: bigint): number | undefined {
  if (honest.kind !== 'float' || !hasRoom(honest)) return undefined
  const [low, high] = [numberOfKey(honest.low), numberOfKey(honest.high)]
  const half = (high - low) / 2
  const use = Math.abs(numberOfKey(floatKey(claimed)) - low - half) / half
  return Number.isFinite(use) ? use : undefined
}

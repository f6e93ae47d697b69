import {
  type Checker,
  checkerAbi,
  checkerOf,
  type ElementQuery,
  elementBytes,
  elementCount,
  type Interval,
  type Operand,
  type Range,
} from '@lynode/sdk'
import {
  type Address,
  bytesToHex,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
} from 'viem'
import { need } from '../need.js'
import { pick, type Random } from '../random.js'
import { adversarialOperand } from './adversarialOperands.js'
import type { Form } from './vectorQueries.js'

export type Comparison = {
  vectors: number
  /** Vectors of each kind of interval, and those that both sides reject. */
  kinds: Record<Interval['kind'] | 'rejected', number>
  differences: string[]
}

type Call = { data: Hex; to: Address }

/** Sends many read-only calls at once: result bytes, or `undefined` where one reverts. */
export type CallMany = (calls: readonly Call[]) => Promise<(Hex | undefined)[]>

const kindNames = ['any', 'float', 'integer', 'bits'] as const

/**
 * Draws adversarial operands for forms of one operator, and has the TypeScript
 * twin and the contract judge each: intervals must agree bit for bit, and what
 * one rejects the other must reject (RULES A10).
 */
export async function compareVectors(parameters: {
  forms: readonly Form[]
  vectors: number
  random: Random
  checker(opcode: number): Promise<Address>
  callMany: CallMany
}): Promise<Comparison> {
  const { forms, vectors, random, callMany } = parameters
  const result: Comparison = {
    vectors: 0,
    kinds: { any: 0, float: 0, integer: 0, bits: 0, rejected: 0 },
    differences: [],
  }
  const batch = 100
  while (result.vectors < vectors) {
    const size = Math.min(batch, vectors - result.vectors)
    const drawn = Array.from({ length: size }, () =>
      draw(pick(random, forms), random),
    )
    const calls: Call[] = []
    for (const { query, operands } of drawn)
      calls.push({
        to: await parameters.checker(query.opcode),
        data: encodeFunctionData({
          abi: checkerAbi,
          functionName: 'evaluate',
          args: [encodedQuery(query), operands.map(encodedOperand)],
        }),
      })
    const answers = await callMany(calls)
    drawn.forEach((vector, i) => {
      const twin = evaluated(vector)
      const answer = answers[i]
      const contract =
        answer === undefined
          ? undefined
          : decodeFunctionResult({
              abi: checkerAbi,
              functionName: 'evaluate',
              data: answer,
            })
      const same =
        twin === undefined || contract === undefined
          ? twin === contract
          : twin.kind === kindNames[contract.kind] &&
            BigInt.asIntN(64, twin.low) === contract.low &&
            BigInt.asIntN(64, twin.high) === contract.high
      result.kinds[twin?.kind ?? 'rejected']++
      if (!same && result.differences.length < 5)
        result.differences.push(
          shown({ ...vector, twin, contract: contract ?? 'reverts' }),
        )
      else if (!same) result.differences.length = 6
    })
    result.vectors += size
  }
  return result
}

type Vector = { checker: Checker; query: ElementQuery; operands: Operand[] }

function draw({ query: form, derivable, data }: Form, random: Random): Vector {
  const checker = need(checkerOf(form.opcode), `opcode ${form.opcode}`)
  const type = need(form.outputs[form.output], 'an output')
  const query = { ...form, element: random() % elementCount(type.dims) }
  const fill = (ranges: readonly Range[], before: readonly Operand[]) =>
    query.inputs.map((input, i): Operand => {
      const count = ranges
        .filter(({ operand }) => operand === i)
        .reduce((sum, range) => sum + range.count, 0)
      if (input === undefined || count === 0)
        return before[i] ?? { data: new Uint8Array(0), derived: [] }
      const stored = data[i]
      const size = count * (elementBytes(input.dtype) ?? 1)
      // Constants and indices that mean something are kept half of the time.
      if (stored?.length === size && random() % 2 === 0)
        return { data: stored, derived: [] }
      return adversarialOperand(random, input.dtype, count, derivable)
    })
  const operands = fill(checker.ranges(query), [])
  if (checker.dependentRanges === undefined) return { checker, query, operands }
  try {
    const more = checker.dependentRanges(query, operands)
    return { checker, query, operands: fill(more, operands) }
  } catch {
    // An index out of range: `evaluate` rejects it as well, on both sides.
    return { checker, query, operands }
  }
}

function evaluated({ checker, query, operands }: Vector): Interval | undefined {
  try {
    return checker.evaluate(query, operands)
  } catch {
    // The contract must reject it too.
    return undefined
  }
}

function encodedQuery(query: ElementQuery) {
  return {
    ...query,
    arithmetic: query.arithmetic ?? 0,
    fused: query.fused ?? 0,
    inputs: query.inputs.map(
      (input) => input ?? { dtype: 0, dims: [], perm: [] },
    ),
  }
}

function encodedOperand({ data, derived }: Operand) {
  return {
    data: bytesToHex(data),
    derived: derived.map(({ kind, low, high }) => ({
      kind: kindNames.indexOf(kind),
      low: BigInt.asIntN(64, low),
      high: BigInt.asIntN(64, high),
    })),
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value, (key, part) =>
    key === 'checker'
      ? undefined
      : typeof part === 'bigint'
        ? part.toString()
        : part instanceof Uint8Array
          ? bytesToHex(part)
          : part,
  )
}

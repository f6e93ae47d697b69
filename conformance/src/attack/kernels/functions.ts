import { arithmetics } from '@lynode/sdk'
import { erf } from '../../exhaustive/references.js'
import { relativeEnds } from '../ends.js'
import type { KernelOf } from '../kernel.js'
import { mapped } from './mapped.js'

type Rule = {
  of(x: number): number
  /** Derivative, by the operand and the result. */
  slope(x: number, y: number): number
  /** Room relative to the result. */
  relative: number
  /** Absolute room, and that in WGSL. */
  absolute: number
  wgsl: number
}

const rules: Record<string, Rule> = {
  // 4 ulp, in WGSL 2^-18 besides.
  Erf: {
    of: erf,
    slope: (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x),
    relative: 2 ** -21,
    absolute: 0,
    wgsl: 2 ** -18,
  },
  // 4 ulp and 8 u.
  Sigmoid: {
    of: (x) =>
      x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)),
    slope: (_, y) => y * (1 - y),
    relative: 2 ** -21,
    absolute: 2 ** -21,
    wgsl: 2 ** -21,
  },
}

/** Erf and Sigmoid. */
export const functions: KernelOf = ({ node }) => {
  const rule = rules[node.operator]
  if (rule === undefined) throw new Error(node.operator)
  return {
    forward([x], arithmetic) {
      const data = mapped(x!.data, rule.of)
      if (arithmetic === undefined) return { data }
      const { relative, absolute, wgsl } = rule
      const own = arithmetic === arithmetics.wgsl ? wgsl : absolute
      return relativeEnds(data, relative, own + 2 ** -126)
    },
    pull: ([x], output, given) => [
      mapped(given, (g, i) => g * rule.slope(x!.data[i]!, output.data[i]!)),
    ],
  }
}

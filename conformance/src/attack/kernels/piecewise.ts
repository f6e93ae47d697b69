import { arithmetics } from '@lynode/sdk'
import { above, below } from '../float32.js'
import type { KernelOf, Result } from '../kernel.js'
import { floatOfWord } from './floatOfWord.js'
import { mapped } from './mapped.js'

/** Relu and Clip: exact. */
export const clip: KernelOf = ({ node, output }) => {
  const [hasLow, low, hasHigh, high] = node.attributes as [
    number,
    number,
    number,
    number,
  ]
  const limit = (word: number) =>
    output.dtype === 1 ? floatOfWord(word) : word
  const relu = node.operator === 'Relu'
  const least = relu ? 0 : hasLow ? limit(low) : -Infinity
  const most = !relu && hasHigh ? limit(high) : Infinity
  return {
    forward: ([x]) => ({
      data: mapped(x!.data, (value) => Math.min(Math.max(value, least), most)),
    }),
    pull: ([x], _, given) => [
      mapped(given, (g, i) =>
        x!.data[i]! > least && x!.data[i]! < most ? g : 0,
      ),
    ],
  }
}

/** max(0, min(1, alpha x + beta)), rounded once or twice. */
export const hardSigmoid: KernelOf = ({ node }) => {
  const alpha = floatOfWord(node.attributes[0]!)
  const beta = floatOfWord(node.attributes[1]!)
  const cut = (value: number) => Math.max(0, Math.min(1, value))
  /** The product may be rounded before beta is added, or not. */
  const endsOf = (
    x: Float32Array,
    down: (value: number) => number,
    up: (value: number) => number,
  ): Result => ({
    data: mapped(x, (value) => cut(alpha * value + beta)),
    low: mapped(x, (value) => {
      const product = alpha * value
      return cut(down(Math.min(product, down(product)) + beta))
    }),
    high: mapped(x, (value) => {
      const product = alpha * value
      return cut(up(Math.max(product, up(product)) + beta))
    }),
  })
  return {
    forward([x], arithmetic) {
      const data = mapped(x!.data, (value) => cut(alpha * value + beta))
      if (arithmetic === undefined) return { data }
      return arithmetic === arithmetics.wgsl
        ? endsOf(x!.data, below, above)
        : endsOf(x!.data, Math.fround, Math.fround)
    },
    pull: (_, output, given) => [
      mapped(given, (g, i) =>
        output.data[i]! > 0 && output.data[i]! < 1 ? alpha * g : 0,
      ),
    ],
  }
}

import { log2 } from './float32.js'

/**
 * The reals from `low * 2^exponent` to `high * 2^exponent`. Twin of
 * `contracts/libraries/RealSpan.sol`.
 */
export type Span = { low: bigint; high: bigint; exponent: number }

/** The reals within `radius` of `middle`, all times 2^exponent. */
export function around(
  middle: bigint,
  radius: bigint,
  exponent: number,
): Span {
  return { low: middle - radius, high: middle + radius, exponent }
}

/** The span times `factor * 2^exponent`. */
export function scale(span: Span, factor: bigint, exponent: number): Span {
  const [low, high] =
    factor < 0n ? [span.high, span.low] : [span.low, span.high]
  return {
    low: low * factor,
    high: high * factor,
    exponent: span.exponent + exponent,
  }
}

/**
 * A span that holds every sum of one real of each; exact unless the scales are
 * more than 240 bits apart.
 */
export function add(a: Span, b: Span): Span {
  const exponent = Math.max(
    Math.min(a.exponent, b.exponent),
    Math.max(top(a), top(b)) - 240,
  )
  const x = align(a, exponent)
  const y = align(b, exponent)
  return { low: x.low + y.low, high: x.high + y.high, exponent }
}

function top(span: Span): number {
  const low = span.low < 0n ? -span.low : span.low
  const high = span.high < 0n ? -span.high : span.high
  return span.exponent + log2(low | high) + 1
}

function align(span: Span, exponent: number): { low: bigint; high: bigint } {
  if (span.exponent >= exponent) {
    const up = BigInt(span.exponent - exponent)
    return { low: span.low << up, high: span.high << up }
  }
  const down = BigInt(exponent - span.exponent)
  return { low: span.low >> down, high: -(-span.high >> down) }
}

// Exact rational arithmetic for tests: independent of everything that checkers
// use, slow, and with nothing rounded but where it says so.

/** n / d with d > 0, in no particular terms. */
export type Rational = { n: bigint; d: bigint }

export const rational = (
  n: bigint | number,
  d: bigint | number = 1,
): Rational => {
  const [top, bottom] = [BigInt(n), BigInt(d)]
  return bottom < 0n ? { n: -top, d: -bottom } : { n: top, d: bottom }
}
export const plus = (a: Rational, b: Rational): Rational =>
  rational(a.n * b.d + b.n * a.d, a.d * b.d)
export const negative = (a: Rational): Rational => rational(-a.n, a.d)
export const minus = (a: Rational, b: Rational): Rational =>
  plus(a, negative(b))
export const times = (a: Rational, b: Rational): Rational =>
  rational(a.n * b.n, a.d * b.d)
export const over = (a: Rational, b: Rational): Rational =>
  rational(a.n * b.d, a.d * b.n)
export const size = (a: Rational): Rational => (a.n < 0n ? negative(a) : a)
export const less = (a: Rational, b: Rational): boolean => a.n * b.d < b.n * a.d

/** 2^e. */
export const power2 = (e: number): Rational =>
  e >= 0 ? rational(1n << BigInt(e)) : rational(1n, 1n << BigInt(-e))

/** The number of a float32 bit pattern that is finite. */
export function ofBits(bits: number): Rational {
  const field = (bits >>> 23) & 255
  const mantissa = (bits & 0x7fffff) | (field === 0 ? 0 : 0x800000)
  const value = times(rational(mantissa), power2(Math.max(field, 1) - 150))
  return bits >>> 31 ? negative(value) : value
}

/** The key (docs/protocol.md section 6) of the float32 nearest to it, ties to even. */
export function nearestKey(a: Rational): bigint {
  if (a.n === 0n) return 0n
  const [n, d] = [a.n < 0n ? -a.n : a.n, a.d]
  // 2^e <= n / d < 2^(e + 1)
  let e = n.toString(2).length - d.toString(2).length
  if (less({ n, d }, power2(e))) e--
  const unit = Math.max(e, -126) - 23
  const scaled = over({ n, d }, power2(unit))
  const below = scaled.n / scaled.d
  const rest = 2n * (scaled.n - below * scaled.d)
  const up =
    rest > scaled.d || (rest === scaled.d && (below & 1n) === 1n) ? 1n : 0n
  const mantissa = below + up
  // A mantissa of 2^24 carries into the exponent by itself.
  const key = e < -126 ? mantissa : (BigInt(e + 126) << 23n) + mantissa
  const infinite = 0x7f800000n
  const magnitude = key > infinite ? infinite : key
  return a.n < 0n ? -magnitude : magnitude
}

/** The number of a finite key. */
export const ofKey = (key: bigint): Rational =>
  key < 0n ? negative(ofBits(Number(-key))) : ofBits(Number(key))

/** Rounded to float32, as an operation of a machine does; too large stays exact. */
export const rounded = (a: Rational): Rational => {
  const key = nearestKey(a)
  return key === 0x7f800000n || key === -0x7f800000n ? a : ofKey(key)
}

/** The float32 below, or above: what WGSL's rounding may give instead. */
export const neighbour = (a: Rational, up: boolean): Rational => {
  const key = nearestKey(a)
  if (key >= 0x7f7fffffn || key <= -0x7f7fffffn) return a
  const near = ofKey(key)
  if (up ? less(near, a) : less(a, near)) return ofKey(up ? key + 1n : key - 1n)
  return near
}

// Functions, as rationals that are right to some 2^-200 of their value.

const bits = 320n
const fixedOf = (a: Rational): bigint => (a.n << bits) / a.d
const ofFixed = (a: bigint): Rational => rational(a, 1n << bits)

/** e^x for |x| < 2^10. */
export function exponential(x: Rational): Rational {
  // e^(x / 2^k) by its series, squared k times.
  const k = 20n
  const small = fixedOf(x) >> k
  let term = 1n << bits
  let sum = term
  for (let n = 1n; term !== 0n && n < 80n; n++) {
    term = (term * small) / (n << bits)
    sum += term
  }
  let result = ofFixed(sum)
  for (let i = 0n; i < k; i++) {
    const square = times(result, result)
    // Kept to 320 significant bits.
    const drop = BigInt(
      Math.max(0, Math.min(length(square.n), length(square.d)) - 320),
    )
    result = rational(square.n >> drop, square.d >> drop)
  }
  return result
}

const length = (n: bigint): number => (n < 0n ? -n : n).toString(2).length

/** ln x for x > 0, by Newton's (Halley's) iteration from float64. */
export function logarithm(x: Rational): Rational {
  const [n, d] = [x.n.toString(2).length, x.d.toString(2).length]
  const mantissa = over(x, power2(n - d))
  const start =
    Math.log(Number((mantissa.n << 60n) / mantissa.d) / 2 ** 60) +
    (n - d) * Math.LN2
  let y = ofFixed((BigInt(Math.round(start * 2 ** 52)) << bits) >> 52n)
  for (let i = 0; i < 4; i++) {
    const e = exponential(y)
    const step = over(times(rational(2), minus(x, e)), plus(x, e))
    y = ofFixed(fixedOf(plus(y, step)))
  }
  return y
}

/** erf x, by its series. */
export function errorFunction(x: Rational): Rational {
  if (!less(size(x), rational(7))) return rational(x.n < 0n ? -1 : 1)
  const a = fixedOf(x)
  const square = (a * a) >> bits
  let power = a
  let sum = 0n
  for (let n = 0n; n < 400n && power !== 0n; n++) {
    sum += power / (2n * n + 1n)
    power = -((power * square) >> bits) / (n + 1n)
  }
  return over(times(rational(2), ofFixed(sum)), squareRoot(pi()))
}

/** By Machin's formula. */
function pi(): Rational {
  const arctan = (inverse: bigint): bigint => {
    let power = (1n << bits) / inverse
    let sum = 0n
    for (let n = 0n; power !== 0n; n++) {
      const term = power / (2n * n + 1n)
      sum += n % 2n === 0n ? term : -term
      power /= inverse * inverse
    }
    return sum
  }
  return ofFixed(4n * (4n * arctan(5n) - arctan(239n)))
}

/** The square root of what is not negative. */
export function squareRoot(a: Rational): Rational {
  const scaled = (a.n << (4n * bits)) / a.d
  if (scaled === 0n) return rational(0)
  let root = 1n << BigInt(Math.ceil(length(scaled) / 2))
  for (;;) {
    const next = (root + scaled / root) >> 1n
    if (next >= root) return rational(root, 1n << (2n * bits))
    root = next
  }
}

import { elementBytes, type Interval, type Operand } from '@lynode/sdk'
import { pick, type Random } from '../random.js'

const infinity = 0x7f800000n

/** Subnormals, zeros, infinities, NaN payloads, both limits of the exponent. */
const special = [
  0, 0x80000000, 1, 0x80000001, 0x007fffff, 0x807fffff, 0x00800000, 0x80800000,
  0x00800001, 0x3f800000, 0xbf800000, 0x3f7fffff, 0x3f800001, 0x7f7fffff,
  0xff7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00001, 0x7f800001,
  0x7fbfffff, 0x7e800000, 0xfe800000, 0x7e7fffff, 0x33800000, 0x34000000,
  0x4b000000, 0x4b800000, 0x4effffff, 0x4f000000, 0xcf000000, 0x5f000000,
  0x20000000, 0x1f800000, 0x5e800000, 0x42b17218, 0xc2aeac50, 0xc2cff1b5,
]

/**
 * How a whole operand is drawn: a sum cancels only if its terms are of one size,
 * and a function is interesting only where it is not constant.
 */
type Mood =
  | { kind: 'calm'; field: number }
  | { kind: 'wild' }
  | { kind: 'cancelling'; bits: number }
  | { kind: 'low' }
  | { kind: 'high' }
  | { kind: 'mixed' }

/**
 * Elements of an operand that honest machines and checkers find hard.
 *
 * @param derivable Give intervals instead of bytes now and then, as a derived
 * float32 operand has them.
 */
export function adversarialOperand(
  random: Random,
  dtype: number,
  count: number,
  derivable: boolean,
): Operand {
  const width = elementBytes(dtype) ?? 1
  if (dtype === 1) {
    const mood = moodOf(random)
    if (derivable && random() % 6 === 0)
      return {
        data: new Uint8Array(0),
        derived: Array.from({ length: count }, () => intervalOf(random, mood)),
      }
    const words = new Uint32Array(count)
    for (let i = 0; i < count; i++) words[i] = floatOf(random, mood, i)
    return { data: new Uint8Array(words.buffer), derived: [] }
  }
  const data = new Uint8Array(count * width)
  for (let i = 0; i < count; i++) {
    const value = dtype === 9 ? boolOf(random) : integerOf(random, 8 * width)
    for (let k = 0; k < width; k++)
      data[i * width + k] = Number((value >> BigInt(8 * k)) & 255n)
  }
  return { data, derived: [] }
}

function moodOf(random: Random): Mood {
  switch (random() % 8) {
    case 0:
      return { kind: 'wild' }
    case 1:
      return { kind: 'cancelling', bits: floatOf(random, moodOf(random), 0) }
    case 2:
      return { kind: 'low' }
    case 3:
      return { kind: 'high' }
    case 4:
      return { kind: 'mixed' }
    default:
      return { kind: 'calm', field: 110 + (random() % 28) }
  }
}

function floatOf(random: Random, mood: Mood, index: number): number {
  const signed = (field: number) =>
    (((random() & 1) << 31) | (field << 23) | (random() >>> 9)) >>> 0
  switch (mood.kind) {
    case 'wild':
      return random() % 2 ? random() : pick(random, special)
    case 'cancelling': {
      // x, -x, x, -x: now and then one step apart.
      const sign = index % 2 === 0 ? 0 : 0x80000000
      const step = random() % 4 === 0 ? (random() % 3) - 1 : 0
      return ((mood.bits ^ sign) + step) >>> 0
    }
    case 'low':
      return signed(random() % 4)
    case 'high':
      return signed(251 + (random() % 4))
    case 'mixed':
      return random() % 5 === 0
        ? pick(random, special)
        : signed(64 + (random() % 128))
    case 'calm':
      return random() % 32 === 0
        ? pick(random, special)
        : signed(mood.field + (random() % 8))
  }
}

/** Of a derived operand: a point, a short run of floats, a long one, anything. */
function intervalOf(random: Random, mood: Mood): Interval {
  const key = (bits: number): bigint => {
    const value = BigInt(bits & 0x7fffffff)
    const capped = value > infinity ? infinity : value
    return bits >>> 31 ? -capped : capped
  }
  if (random() % 12 === 0) return { kind: 'any', low: 0n, high: 0n }
  const low = key(floatOf(random, mood, 0))
  const room = [0, random() % 4, random() % 4096, random()]
  const high = low + BigInt(pick(random, room))
  return { kind: 'float', low, high: high > infinity ? infinity : high }
}

function boolOf(random: Random): bigint {
  return random() % 9 === 0 ? BigInt(random() % 256) : BigInt(random() & 1)
}

/** Small numbers, both limits and their neighbours, and everything. */
function integerOf(random: Random, size: number): bigint {
  switch (random() % 5) {
    case 0:
      return BigInt(random() % 9) - 4n
    case 1: {
      const limit = 1n << BigInt(size - 1)
      return limit + BigInt(random() % 5) - 2n
    }
    case 2:
      return (BigInt(random()) << 32n) | BigInt(random())
    case 3:
      return (1n << BigInt(random() % size)) + BigInt(random() % 3) - 1n
    default:
      return BigInt(random() % 256) - 128n
  }
}

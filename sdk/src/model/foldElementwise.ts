import { greatest, least } from '../operators/bigints.js'
import { dtypes } from '../types/tensorType.js'
import { broadcast, type Folder, intOf, isInteger } from './smallTensor.js'

// Arithmetic, comparisons and functions of one element, on constants.

/** Folders of operators of one element of each operand, by operator. */
export const elementwiseFolders: Readonly<Record<string, Folder>> = {
  Add: arithmetic(
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  Sub: arithmetic(
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  Mul: arithmetic(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  Div: arithmetic(
    (a, b) => a / b,
    (a, b) => (b === 0n ? undefined : a / b),
  ),
  Pow: arithmetic(
    (a, b) => a ** b,
    (a, b) => (b < 0n || b > 64n ? undefined : a ** b),
  ),
  Min: arithmetic(Math.min, least),
  Max: arithmetic(Math.max, greatest),
  // The remainder of whole numbers has the divisor's sign, with fmod the dividend's.
  Mod: ([a, b], node) => {
    if (!a || !b || !isInteger(a.dtype)) return undefined
    const fmod = intOf(node, 'fmod') === 1
    if (b.data.some((divisor) => divisor === 0n)) return undefined
    return broadcast(
      [a, b],
      ([x, y]) => {
        const rest = (x as bigint) % (y as bigint)
        const other = rest !== 0n && rest < 0n !== (y as bigint) < 0n
        return other && !fmod ? rest + (y as bigint) : rest
      },
      a.dtype,
    )
  },
  Equal: ([a, b]) =>
    a && b && broadcast([a, b], ([x, y]) => (x === y ? 1n : 0n), dtypes.bool),
  Not: ([a]) => a && { ...a, data: a.data.map((x) => (x ? 0n : 1n)) },
  And: ([a, b]) =>
    a && b && broadcast([a, b], ([x, y]) => (x && y ? 1n : 0n), dtypes.bool),
  Or: ([a, b]) =>
    a && b && broadcast([a, b], ([x, y]) => (x || y ? 1n : 0n), dtypes.bool),
  Greater: comparison((x, y) => x > y),
  GreaterOrEqual: comparison((x, y) => x >= y),
  Less: comparison((x, y) => x < y),
  LessOrEqual: comparison((x, y) => x <= y),
  Where: ([condition, a, b]) =>
    condition &&
    a &&
    b &&
    broadcast([condition, a, b], ([c, x, y]) => (c ? x! : y!), a.dtype),
  Neg: unary(
    (x) => -x,
    (x) => -x,
  ),
  Abs: unary(Math.abs, (x) => (x < 0n ? -x : x)),
  Sign: unary(Math.sign, (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n)),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  Sqrt: unary(Math.sqrt),
  Reciprocal: unary((x) => 1 / x),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Sin: unary(Math.sin),
  Cos: unary(Math.cos),
}

/** Of one element; integers only where the second is there. */
function unary(
  real: (x: number) => number,
  integer?: (x: bigint) => bigint,
): Folder {
  return ([x]) => {
    if (x === undefined || x.dtype === dtypes.bool) return undefined
    if (!isInteger(x.dtype))
      return { ...x, data: x.data.map((v) => Math.fround(real(v as number))) }
    return integer && { ...x, data: x.data.map((v) => integer(v as bigint)) }
  }
}

/** Numbers in float32 or integers, never both. */
function comparison(
  holds: (x: number | bigint, y: number | bigint) => boolean,
): Folder {
  return ([a, b]) =>
    a &&
    b &&
    broadcast([a, b], ([x, y]) => (holds(x!, y!) ? 1n : 0n), dtypes.bool)
}

function arithmetic(
  real: (a: number, b: number) => number,
  integer: (a: bigint, b: bigint) => bigint | undefined,
): Folder {
  return ([a, b], node) => {
    if (!a || !b || node.inputs.length !== 2) return undefined
    if (isInteger(a.dtype)) {
      let defined = true
      const result = broadcast(
        [a, b],
        ([x, y]) => {
          const value = integer(x as bigint, y as bigint)
          if (value === undefined) defined = false
          return value ?? 0n
        },
        a.dtype,
      )
      return defined ? result : undefined
    }
    // The double result of one operation on floats rounds to the float result.
    return broadcast(
      [a, b],
      ([x, y]) => Math.fround(real(x as number, y as number)),
      a.dtype,
    )
  }
}

import { type Hex, isAddress, isHex, size } from 'viem'
import { LynodeError } from '../errors/lynodeError.js'

/** A field as EIP-712 types list it. */
export type StructField = { readonly name: string; readonly type: string }

/** A signed struct in JSON: whole numbers above 48 bits are decimal strings. */
export type StructJson = Record<string, string | number>

/**
 * Writes a struct of addresses, byte strings and whole numbers as JSON.
 *
 * @example
 * structToJson(orderTypes.Order, order)
 */
export function structToJson(
  fields: readonly StructField[],
  struct: Readonly<Record<string, unknown>>,
): StructJson {
  return Object.fromEntries(
    fields.map(({ name }) => {
      const value = struct[name]
      return [name, typeof value === 'number' ? value : String(value)]
    }),
  )
}

/**
 * Reads what `structToJson` wrote: every field, no other, each in the range of
 * its type. Whole numbers up to 48 bits become numbers, wider ones bigints.
 *
 * @throws LynodeError `LY-RLY-001` that names the first bad field.
 * @example
 * structFromJson(orderTypes.Order, structToJson(orderTypes.Order, order))
 */
export function structFromJson(
  fields: readonly StructField[],
  json: unknown,
): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw malformed('a JSON object is expected')
  const names = new Set(fields.map(({ name }) => name))
  for (const name of Object.keys(json))
    if (!names.has(name)) throw malformed(`unknown field "${name}"`)
  return Object.fromEntries(
    fields.map(({ name, type }) => [
      name,
      readField(name, type, Reflect.get(json, name)),
    ]),
  )
}

/**
 * Reads the signature that stands beside a struct. @throws LynodeError `LY-RLY-001`
 *
 * @example
 * readSignature(`0x${'11'.repeat(65)}`)
 */
export function readSignature(value: unknown): Hex {
  // A batch signature carries a Merkle proof; 8 kB are more than any needs.
  if (isHex(value) && value.length % 2 === 0 && size(value) <= 8_192)
    return value
  throw malformed('"signature" is no byte string of at most 8,192 bytes')
}

function readField(name: string, type: string, value: unknown): unknown {
  if (type === 'address') {
    if (typeof value === 'string' && isAddress(value, { strict: false }))
      return value
    throw malformed(`"${name}" is no address`)
  }
  if (type === 'string') {
    if (typeof value === 'string' && value.length <= 512) return value
    throw malformed(`"${name}" is no text of at most 512 characters`)
  }
  const bytes = /^bytes(\d+)$/.exec(type)
  if (bytes !== null) {
    if (isHex(value) && value.length === 2 + 2 * Number(bytes[1])) return value
    throw malformed(`"${name}" is not ${bytes[1]} bytes of 0x-hex`)
  }
  const bits = Number(/^uint(\d+)$/.exec(type)?.[1] ?? Number.NaN)
  if (Number.isNaN(bits)) throw malformed(`"${name}" has a type of no order`)
  const number =
    typeof value === 'number' && Number.isSafeInteger(value)
      ? BigInt(value)
      : typeof value === 'string' && /^\d{1,78}$/.test(value)
        ? BigInt(value)
        : undefined
  if (number === undefined || number < 0n || number >= 1n << BigInt(bits))
    throw malformed(`"${name}" is no whole number of ${bits} bits`)
  return bits <= 48 ? Number(number) : number
}

function malformed(details: string): LynodeError {
  return new LynodeError('LY-RLY-001', { details })
}

import { LynodeError } from '@lynode/sdk'

/** Where a page ends: the values of the columns that order the list. */
export type Place = readonly (string | number | bigint)[]

/** Kinds of values that order lists. */
export type PlaceKind = 'int4' | 'number' | 'bigint' | 'text'

const maxLength = 1_024

/** Writes a place as an opaque cursor of one list. */
export function encodeCursor(list: string, place: Place): string {
  const text = JSON.stringify([list, ...place.map(String)])
  return Buffer.from(text).toString('base64url')
}

/**
 * Reads a cursor back.
 *
 * @throws LynodeError `LY-IDX-002` for one that no page of the list gave.
 */
export function decodeCursor(
  list: string,
  cursor: string,
  kinds: readonly PlaceKind[],
): Place {
  const parts = parse(cursor)
  if (parts === undefined || parts.length !== kinds.length + 1)
    throw refused('it is not one that this list gave')
  const [name, ...values] = parts
  if (name !== list) throw refused(`it belongs to ${name}`)
  return values.map((value, index) => read(value, kinds[index] ?? 'text'))
}

function parse(cursor: string): string[] | undefined {
  if (cursor.length > maxLength) return undefined
  try {
    const value: unknown = JSON.parse(
      Buffer.from(cursor, 'base64url').toString(),
    )
    return Array.isArray(value) &&
      value.every((part) => typeof part === 'string')
      ? value
      : undefined
  } catch {
    // No JSON: refused by the caller.
    return undefined
  }
}

function read(value: string, kind: PlaceKind): string | number | bigint {
  // Postgres knows no NUL, and integers beyond these nowhere occur.
  if (kind === 'text') {
    if (value.includes('\0')) throw refused('it is not one that this list gave')
    return value
  }
  if (!/^-?\d{1,78}$/.test(value)) throw refused(`${value} is no number`)
  if (kind === 'bigint') return BigInt(value)
  const number = Number(value)
  if (kind === 'int4' ? number !== (number | 0) : !Number.isSafeInteger(number))
    throw refused(`${value} is too large`)
  return number
}

function refused(details: string): LynodeError {
  return new LynodeError('LY-IDX-002', { details: `cursor: ${details}` })
}

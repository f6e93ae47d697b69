import { type AbiParameter, getAddress, type Hex, isHex } from 'viem'

// Reads calldata by its words. `decodeAbiParameters` reads anything, and would
// take longer over the order of a lock than all else that is done about it.

/** Where the arguments of a function begin, by name. */
export type Head = ReadonlyMap<string, Place>

/** `word` counts from the first; `fields` are those of a tuple, a word each. */
type Place = { word: number; type: string; fields?: readonly Field[] }

type Field = { name: string; read: (words: string, at: number) => unknown }

const wordLength = 64

/** The places of a function's arguments: tuples are static, all else takes one word. */
export function headOf(inputs: readonly AbiParameter[]): Head {
  let word = 0
  return new Map(
    inputs.map((parameter) => {
      const { name = '', type } = parameter
      const place: Place = { word, type }
      if ('components' in parameter)
        place.fields = parameter.components.map(fieldOf)
      word += place.fields?.length ?? 1
      return [name, place] as const
    }),
  )
}

/**
 * A tuple of static fields, as viem has it.
 *
 * @param words - Arguments of the call in lower case, without `0x` and selector.
 * @returns `undefined` if the words are too few, or there is no such tuple.
 */
export function staticTuple(
  words: string,
  head: Head,
  name: string,
): Record<string, unknown> | undefined {
  const { word, fields } = head.get(name) ?? { word: 0 }
  if (fields === undefined) return undefined
  if (words.length < (word + fields.length) * wordLength) return undefined
  const tuple: Record<string, unknown> = {}
  let at = word * wordLength
  for (const field of fields) {
    tuple[field.name] = field.read(words, at)
    at += wordLength
  }
  return tuple
}

/** Bytes of any length; `undefined` if they are not all there, or there is no such argument. */
export function dynamicBytes(
  words: string,
  head: Head,
  name: string,
): Hex | undefined {
  const place = head.get(name)
  if (place?.type !== 'bytes') return undefined
  const start = numberAt(words, place.word * wordLength) * 2
  const from = start + wordLength
  const to = from + numberAt(words, start) * 2
  // Not a number, if the words end before.
  if (!(to <= words.length)) return undefined
  const bytes: Hex = `0x${words.slice(from, to)}`
  return isHex(bytes) ? bytes : undefined
}

function fieldOf({ name = '', type }: AbiParameter): Field {
  const [, kind, digits] = /^([a-z]+)(\d*)$/.exec(type) ?? []
  const size = Number(digits)
  if (kind === 'address')
    return {
      name,
      read: (words, at) =>
        getAddress(`0x${words.slice(at + 24, at + wordLength)}`),
    }
  if (kind === 'bytes' && size > 0)
    return { name, read: (words, at) => `0x${words.slice(at, at + size * 2)}` }
  if (kind === 'uint')
    return {
      name,
      read:
        size > 48
          ? (words, at) => BigInt(`0x${words.slice(at, at + wordLength)}`)
          : numberAt,
    }
  throw new Error(`${type} is no field of a static tuple here`)
}

function numberAt(words: string, at: number): number {
  return Number.parseInt(words.slice(at, at + wordLength), 16)
}

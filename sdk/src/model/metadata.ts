import { plainProfile } from '../operators/sumRules.js'
import { isPerm } from '../tensor/tensorType.js'
import { quote } from './checkSize.js'
import { unusable } from './modelErrors.js'

/**
 * What a canonical file says in `metadata_props` beyond the graph (RULES H).
 * Everything else of a manifest follows from the graph.
 */
export type Metadata = {
  /** Commitment order of the values that are not committed as they are. */
  perms: ReadonlyMap<string, readonly number[]>
  /** Names of boundary values (A7). */
  boundaries: readonly string[]
  /** Names of derived values (B5). */
  derived: readonly string[]
  /** Names of committed values that native execution declares, lest they be fused. */
  unfused: readonly string[]
  /** Output name -> name of the input of the next step that it becomes. */
  carry: ReadonlyMap<string, string>
  /** Steps a leaf of `resultRoot` covers (B8). */
  segment: number
  profile: number
}

/** Key under which a model, or its publisher, names what it carries. */
export const carryKey = 'lynode.carry'

/** Only there where it names something. */
const unfusedKey = 'lynode.unfused'

/** Key of the steps that a leaf of `resultRoot` covers (B8). */
export const segmentKey = 'lynode.segment'

/** Key of the numeric profile. */
export const profileKey = 'lynode.profile'

/** Most steps of a segment: beyond them two machines drift too far apart. */
export const mostSegment = 128

const keys = [
  'lynode.format',
  profileKey,
  segmentKey,
  carryKey,
  'lynode.perms',
  'lynode.boundaries',
  'lynode.derived',
  unfusedKey,
] as const

/** The entries of `metadata_props`, in their one order. */
export function writeMetadata(metadata: Metadata): Map<string, string> {
  return new Map([
    ['lynode.format', '1'],
    [profileKey, `${metadata.profile}`],
    [segmentKey, `${metadata.segment}`],
    [carryKey, JSON.stringify([...metadata.carry])],
    ['lynode.perms', JSON.stringify([...metadata.perms])],
    // What is derived is not committed, so it bounds nothing (B5).
    [
      'lynode.boundaries',
      JSON.stringify(
        metadata.boundaries.filter((name) => !metadata.derived.includes(name)),
      ),
    ],
    ['lynode.derived', JSON.stringify(metadata.derived)],
    ...(metadata.unfused.length === 0
      ? []
      : [[unfusedKey, JSON.stringify(metadata.unfused)] as const]),
  ])
}

/** Reads them back. @throws LynodeError LY-MDL-001 when one is missing, unknown or malformed. */
export function readMetadata(entries: ReadonlyMap<string, string>): Metadata {
  for (const key of entries.keys())
    if (!(keys as readonly string[]).includes(key))
      throw unusable(`unknown metadata ${quote(key)}`)
  if (entries.get('lynode.format') !== '1')
    throw unusable('the file is not of canonical format 1')
  const json = (key: (typeof keys)[number]): unknown => {
    const text = entries.get(key)
    try {
      return JSON.parse(text ?? '')
    } catch (cause) {
      throw unusable(`metadata ${key} is missing or malformed`, cause)
    }
  }
  const perms = pairs(json('lynode.perms'), isPermutation, 'lynode.perms')
  return {
    perms,
    carry: pairs(json(carryKey), isString, carryKey),
    boundaries: list(json('lynode.boundaries'), isString, 'lynode.boundaries'),
    derived: list(json('lynode.derived'), isString, 'lynode.derived'),
    unfused: entries.has(unfusedKey)
      ? list(json(unfusedKey), isString, unfusedKey)
      : [],
    segment: segmentOf(json(segmentKey)),
    profile: number(json(profileKey), profileKey),
  }
}

/**
 * The carry of a model that is not canonical yet: `{"output": "input"}` or a
 * list of pairs. @throws LynodeError LY-MDL-001
 */
export function readCarry(text: string | undefined): Map<string, string> {
  if (text === undefined) return new Map()
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw unusable(`metadata ${carryKey} is not JSON`, cause)
  }
  const entries =
    Array.isArray(parsed) || parsed === null || typeof parsed !== 'object'
      ? parsed
      : Object.entries(parsed)
  return new Map(pairs(entries, isString, carryKey))
}

/** The segment of a model that is not canonical yet. @throws LynodeError LY-MDL-001 */
export function readSegment(text: string | undefined): number {
  return text === undefined ? 1 : segmentOf(Number(text))
}

/** The profile of a model that is not canonical yet. @throws LynodeError LY-MDL-001 */
export function readProfile(text: string | undefined): number {
  return text === undefined ? plainProfile : number(Number(text), profileKey)
}

function segmentOf(value: unknown): number {
  const segment = number(value, segmentKey)
  if (segment > mostSegment)
    throw unusable(`a segment has at most ${mostSegment} steps`)
  return segment
}

function pairs<T>(
  value: unknown,
  fits: (entry: unknown) => entry is T,
  key: string,
): Map<string, T> {
  const entries = list(
    value,
    (entry): entry is [string, T] =>
      Array.isArray(entry) &&
      entry.length === 2 &&
      isString(entry[0]) &&
      fits(entry[1]),
    key,
  )
  const map = new Map(entries)
  if (map.size !== entries.length)
    throw unusable(`metadata ${key} names a value twice`)
  return map
}

function list<T>(
  value: unknown,
  fits: (entry: unknown) => entry is T,
  key: string,
): readonly T[] {
  if (!Array.isArray(value) || !value.every(fits))
    throw unusable(`metadata ${key} is malformed`)
  return value
}

function number(value: unknown, key: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw unusable(`metadata ${key} is not a positive whole number`)
  return value
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function isPermutation(value: unknown): value is readonly number[] {
  return Array.isArray(value) && isPerm(value, value.length)
}

import { LynodeError } from '../errors/lynodeError.js'
import type {
  Manifest,
  ManifestNode,
  ManifestValue,
} from '../types/manifest.js'
import type { Judged } from './judgeElement.js'

/**
 * A manifest as `judgeElement` reads it.
 *
 * @example
 * const judged = judgedManifest(manifest)
 */
export function judgedManifest(manifest: Manifest): Judged {
  const { values, nodes, header } = manifest
  return judgedEntries(values, nodes, header.profile)
}

/** The same before there is a manifest. */
export function judgedEntries(
  values: readonly ManifestValue[],
  nodes: readonly ManifestNode[],
  profile: number,
): Judged {
  return {
    profile,
    valueOf: (index) => entry(values, index, 'value'),
    nodeOf: (index) => entry(nodes, index, 'node'),
  }
}

function entry<T>(entries: readonly T[], index: number, what: string): T {
  const found = entries[index]
  if (found === undefined)
    throw new LynodeError('LY-PRF-002', { details: `no ${what} ${index}` })
  return found
}

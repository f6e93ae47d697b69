import { LynodeError } from '../errors/lynodeError.js'
import type { Manifest } from '../types/manifest.js'
import type { Judged } from './judgeElement.js'

/** A manifest as `judgeElement` reads it. */
export function judgedManifest(manifest: Manifest): Judged {
  return {
    valueOf: (index) => entry(manifest.values, index, 'value'),
    nodeOf: (index) => entry(manifest.nodes, index, 'node'),
  }
}

function entry<T>(entries: readonly T[], index: number, what: string): T {
  const found = entries[index]
  if (found === undefined)
    throw new LynodeError('LY-PRF-002', { details: `no ${what} ${index}` })
  return found
}

import { LynodeError } from '../errors/lynodeError.js'
import { byteLength } from '../tensor/tensorType.js'
import type { Manifest } from '../types/manifest.js'

/**
 * Most parameters of a model of class zk.
 *
 * @example
 * maxZkParameters // 100000
 */
export const maxZkParameters = 100_000

/** Operators whose circuits take gigabytes: a comparison for each cell. */
const refused = new Set([
  'MaxPool',
  'AveragePool',
  'GlobalAveragePool',
  'GlobalMaxPool',
  'Softmax',
  'LogSoftmax',
  'ArgMax',
  'ArgMin',
  'TopK',
])

/**
 * Refuses what no circuit should be compiled for, before any work.
 *
 * @throws LynodeError `LY-ZK-011` with all reasons.
 * @example
 * checkCircuitFit(manifest)
 */
export function checkCircuitFit(manifest: Manifest): void {
  const reasons: string[] = []
  const operators = [
    ...new Set(manifest.nodes.map(({ operator }) => operator)),
  ].filter((operator) => refused.has(operator))
  if (operators.length > 0)
    reasons.push(`${operators.join(', ')}: use strided convolutions instead`)
  const parameters = manifest.values.reduce(
    (total, { kind, type }) =>
      kind === 'weight' && type.dtype === 1
        ? total + byteLength(type) / 4
        : total,
    0,
  )
  if (parameters > maxZkParameters)
    reasons.push(`${parameters} parameters, more than ${maxZkParameters}`)
  if (manifest.header.carried > 0) reasons.push('carried values')
  if (reasons.length > 0)
    throw new LynodeError('LY-ZK-011', { details: reasons.join('; ') })
}

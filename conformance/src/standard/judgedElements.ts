import { createHash } from 'node:crypto'
import { type AllowanceUse, allowanceUse, fewTerms } from '@lynode/runtime'
import { elementCount, judgedManifest, none } from '@lynode/sdk'
import type { Execution } from '../execution/execute.js'
import { need } from '../need.js'
import { budget, costOf, sampleStep } from './readCost.js'

/** The operator, and the number of terms where a sum has few of them. */
export function operatorOf(
  operator: string,
  { terms, use }: AllowanceUse,
): string {
  return terms !== undefined && terms <= fewTerms && use !== undefined
    ? `${operator} of ${terms} terms`
    : operator
}

/**
 * The elements of an execution that are judged, result by result, but for those of
 * nodes whose operands and results have bits that were `seen`.
 */
export function* judgedElements(
  { manifest, bytes }: Execution,
  seen: Set<string>,
) {
  const judged = judgedManifest(manifest)
  const all = costOf(manifest) <= budget
  const share = budget / manifest.nodes.length
  const bytesOf = (index: number) => need(bytes[index], `value ${index}`)
  for (const [index, node] of manifest.nodes.entries()) {
    const hash = createHash('sha1').update(`${index}`)
    for (const value of [...node.inputs, ...node.outputs])
      if (value !== none) hash.update(bytesOf(value))
    const key = hash.digest('hex')
    if (seen.has(key)) continue
    seen.add(key)
    for (const [output, value] of node.outputs.entries()) {
      const { type, name } = need(manifest.values[value], 'an output')
      const count = elementCount(type.dims)
      const step = all ? 1 : sampleStep(judged, index, output, count, share)
      const elements = function* () {
        for (let element = 0; element < count; element += step)
          yield {
            element,
            found: allowanceUse({
              manifest: judged,
              node: index,
              output,
              element,
              read: (of, offset, length) =>
                bytesOf(of).subarray(offset, offset + length),
            }),
          }
      }
      yield { node, type, name, count, elements: elements() }
    }
  }
}

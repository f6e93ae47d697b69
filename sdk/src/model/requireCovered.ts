import type { GraphNode } from '../onnx/graph.js'
import type { Analysis } from './analyseGraph.js'
import { refusalsOf } from './checkModel.js'
import { quote } from './checkSize.js'
import { refused } from './modelErrors.js'

/**
 * @param composites Why a composite operator stayed, by its first result.
 * @throws LynodeError LY-MDL-003 naming each refused operator once, with its first reason.
 */
export function requireCovered(
  nodes: readonly GraphNode[],
  analysis: Analysis,
  composites: ReadonlyMap<string, string> = new Map(),
): void {
  const reasons = new Map<string, string>()
  for (const { operator, node, reason } of refusalsOf(
    nodes,
    analysis,
    composites,
  ))
    if (!reasons.has(operator))
      reasons.set(
        operator,
        `${operator}${node === undefined ? '' : ` (${quote(node)})`}: ${reason}`,
      )
  if (reasons.size > 0) throw refused([...reasons.values()].join('; '))
}

import type { Graph } from '../onnx/graph.js'
import { analyseGraph } from './analyseGraph.js'
import { bindConstants, type Constants } from './bindConstants.js'
import { bindShapes, type Shapes } from './bindShapes.js'
import { type Expanded, expandComposites } from './expandComposites.js'
import { usesHalf, widenHalf } from './widenHalf.js'

/**
 * The graph that is judged in place of the one of a file: inputs and shapes
 * bound, composites taken apart, and float16 arithmetic widened to float32 where
 * it would be refused.
 */
export function admitGraph(
  source: Graph,
  options: { shapes?: Shapes | undefined; constants?: Constants | undefined },
): Expanded {
  const bound = bindShapes(
    bindConstants(source, options.constants),
    options.shapes,
  )
  const asIs = expandComposites(bound)
  if (!usesHalf(bound)) return asIs
  const { verdicts } = analyseGraph(asIs.graph, 'source')
  const served = verdicts.every(
    ({ kind }) => kind !== 'refused' && kind !== 'unknown',
  )
  return served ? asIs : expandComposites(widenHalf(bound))
}

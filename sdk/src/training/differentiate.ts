import type { GraphNode } from '../onnx/graph.js'
import { dtypes } from '../types/tensorType.js'
import type { StepBuilder } from './stepBuilder.js'
import { unbroadcast } from './unbroadcast.js'
import { flat, rules } from './vjp/index.js'
import { noGradient } from './vjp/rule.js'

/**
 * Reverse-mode differentiation: adds the nodes behind a graph that compute the
 * gradient of a loss by some of its values.
 *
 * @param nodes The forward nodes, in order.
 * @param seeds Gradients that are known: that of the loss, or of what it is made of.
 * @param by Values to differentiate by.
 * @returns Name of the gradient of each of them, of its shape.
 * @throws LynodeError LY-TRN-001 when a node on the way has no rule.
 */
export function differentiate(
  builder: StepBuilder,
  nodes: readonly GraphNode[],
  seeds: ReadonlyMap<string, string>,
  by: readonly string[],
): Map<string, string> {
  const wanted = reachableFrom(builder, nodes, by)
  const gradients = new Map<string, string>(seeds)
  for (const node of [...nodes].reverse()) {
    const known = node.outputs.map((name) => gradients.get(name))
    const gradient = known[0]
    if (known.every((name) => name === undefined)) continue
    const wants = (input: number) => wanted.has(node.inputs[input] ?? '')
    if (!node.inputs.some((_, input) => wants(input))) continue
    if (flat.has(node.operator)) continue
    const rule = rules.get(node.operator)
    if (rule === undefined) throw noGradient(node, 'it has no gradient rule')
    const parts = rule({
      node,
      builder,
      gradients: known,
      // Only Split has more results than one, and reads `gradients`.
      gradient: gradient ?? '',
      x: node.inputs[0] ?? '',
      y: node.outputs[0] ?? '',
      wants,
    })
    node.inputs.forEach((name, input) => {
      const part = parts[input]
      if (part === undefined || !wants(input)) return
      const whole = unbroadcast(builder, part, builder.dims(name))
      const before = gradients.get(name)
      gradients.set(
        name,
        before === undefined ? whole : builder.add(before, whole),
      )
    })
  }
  return new Map(
    by.map((name) => [name, gradients.get(name) ?? zeros(builder, name)]),
  )
}

/** Float values that depend on one of those. */
function reachableFrom(
  builder: StepBuilder,
  nodes: readonly GraphNode[],
  by: readonly string[],
): Set<string> {
  const reached = new Set(by)
  for (const { inputs, outputs } of nodes)
    if (inputs.some((name) => reached.has(name)))
      for (const name of outputs)
        if (name !== '' && builder.types.get(name)?.dtype === dtypes.float32)
          reached.add(name)
  return reached
}

/** The loss does not depend on it. */
function zeros(builder: StepBuilder, name: string): string {
  return builder.op('Expand', [
    builder.float(0),
    builder.ints(builder.dims(name)),
  ])
}

import {
  type OperatorAttribute,
  OperatorError,
} from '../../operators/operator.js'
import type { CompositeNode } from './composite.js'
import type { NodeBuilder } from './nodeBuilder.js'

/** An activation of a recurrent operator: from a value to a value. */
export type Activation = (build: NodeBuilder, x: string) => string

/** Activations of the standard that are one operator, with the attributes that they take. */
const plain: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  Sigmoid: {},
  Tanh: {},
  Relu: {},
  Softplus: {},
  HardSigmoid: { alpha: 0.2, beta: 0.5 },
  LeakyRelu: { alpha: 0.01 },
  Elu: { alpha: 1 },
}

/**
 * The activations of a recurrent node, direction after direction.
 *
 * @param defaults Names for one direction.
 * @throws OperatorError on an activation that has no checker.
 */
export function activationsOf(
  { node }: CompositeNode,
  defaults: readonly string[],
  directions: number,
): Activation[] {
  const given = node.attributes.get('activations')
  const names =
    given?.type === 'strings' && given.value.length > 0
      ? given.value
      : Array.from({ length: directions }, () => defaults).flat()
  if (names.length !== directions * defaults.length)
    throw new OperatorError(`${node.operator}: ${names.length} activations`)
  const parameters = (name: string): number[] => {
    const attribute = node.attributes.get(`activation_${name}`)
    return attribute?.type === 'floats' ? [...attribute.value] : []
  }
  const lists: Record<string, number[]> = {
    alpha: parameters('alpha'),
    beta: parameters('beta'),
  }
  return names.map((given) => {
    // Runtimes do not mind the case.
    const name = Object.keys(plain).find(
      (known) => known.toLowerCase() === given.toLowerCase(),
    )
    if (name === undefined)
      throw new OperatorError(
        `${node.operator}: activation ${given} has no checker`,
      )
    const attributes: Record<string, OperatorAttribute> = {}
    for (const [parameter, fallback] of Object.entries(plain[name] ?? {}))
      attributes[parameter] = {
        type: 'float',
        // Parameters are listed for those activations that take them.
        value: lists[parameter]?.shift() ?? fallback,
      }
    return (build, x) => build.add(name, [x], attributes)
  })
}

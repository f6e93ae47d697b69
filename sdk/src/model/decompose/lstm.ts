import {
  type Composite,
  type CompositeNode,
  intAttribute,
  nameOf,
} from './composite.js'
import type { NodeBuilder } from './nodeBuilder.js'
import { expandRecurrence, type Recurrence } from './recurrent.js'

/** ONNX LSTM: gates i, o, f and c, a state and a cell, peepholes. */
const recurrence: Recurrence = {
  gates: 4,
  activations: ['Sigmoid', 'Tanh', 'Tanh'],
  states: 2,
  joinBiases: () => true,
  step(composite, build, direction, inputs, [state = '', cell = '']) {
    const { hidden, batch, activations } = direction
    const [f, g, h] = activations
    if (!f || !g || !h) throw new RangeError('LSTM has three activations')
    const product = build.add('MatMul', [state, direction.state])
    const gates = build.add('Add', [inputs, product])
    const gate = (k: number) =>
      build.slice(gates, 1, k * hidden, (k + 1) * hidden)
    const looking = (k: number, own: string, at: string) =>
      peephole(composite, build, direction.index, hidden, k, own, at)

    const input = f(build, looking(0, gate(0), cell))
    const forget =
      intAttribute(composite.node, 'input_forget', 0) !== 0
        ? build.add('Sub', [build.float(1, [batch, hidden]), input])
        : f(build, looking(2, gate(2), cell))
    const kept = build.add('Mul', [forget, cell])
    const added = build.add('Mul', [input, g(build, gate(3))])
    const next = build.add('Add', [kept, added])
    const output = f(build, looking(1, gate(1), next))
    return [build.add('Mul', [output, h(build, next)]), next]
  },
}

/** Adds the cell times the peephole weights of gate i, o or f, where there are any. */
function peephole(
  composite: CompositeNode,
  build: NodeBuilder,
  direction: number,
  hidden: number,
  gate: number,
  own: string,
  cell: string,
): string {
  const weights = nameOf(composite, 7)
  if (weights === undefined) return own
  const mine = build.pick(weights, 0, direction)
  const part = build.slice(mine, 0, gate * hidden, (gate + 1) * hidden)
  return build.add('Add', [own, build.add('Mul', [part, cell])])
}

/** ONNX LSTM with a static length, unrolled. */
export const lstm: Composite = {
  rule: 'becomes MatMul, Add, Mul and activations, step by step',
  expand: (composite, build) => expandRecurrence(composite, build, recurrence),
}

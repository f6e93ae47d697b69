import { type Composite, intAttribute } from './composite.js'
import { expandRecurrence, type Recurrence } from './recurrent.js'

/** ONNX GRU: gates z, r and h. */
const recurrence: Recurrence = {
  gates: 3,
  activations: ['Sigmoid', 'Tanh'],
  states: 1,
  // The bias of the state's product is inside the reset, or outside.
  joinBiases: ({ node }) => intAttribute(node, 'linear_before_reset', 0) === 0,
  step(composite, build, direction, inputs, [state = '']) {
    const { hidden, batch, activations, stateBias } = direction
    const [f, g] = activations
    if (!f || !g) throw new RangeError('GRU has two activations')
    const gate = (of: string, k: number) =>
      build.slice(of, 1, k * hidden, (k + 1) * hidden)
    const linear = intAttribute(composite.node, 'linear_before_reset', 0) !== 0
    const weights = (from: number, to: number) =>
      build.slice(direction.state, 1, from * hidden, to * hidden)
    const product = (of: string, matrix: string) =>
      build.add('MatMul', [of, matrix])

    if (linear) {
      const raw = product(state, direction.state)
      const all =
        stateBias === undefined ? raw : build.add('Add', [raw, stateBias])
      const own = (k: number) =>
        build.add('Add', [gate(inputs, k), gate(all, k)])
      const update = f(build, own(0))
      const reset = f(build, own(1))
      const kept = build.add('Mul', [reset, gate(all, 2)])
      const added = g(build, build.add('Add', [gate(inputs, 2), kept]))
      return [mixed(update, added, state)]
    }
    const both = build.add('Add', [
      build.slice(inputs, 1, 0, 2 * hidden),
      product(state, weights(0, 2)),
    ])
    const update = f(build, gate(both, 0))
    const reset = f(build, gate(both, 1))
    const seen = product(build.add('Mul', [reset, state]), weights(2, 3))
    const added = g(build, build.add('Add', [gate(inputs, 2), seen]))
    return [mixed(update, added, state)]

    /** (1 - update) added + update state */
    function mixed(update: string, added: string, state: string): string {
      const rest = build.add('Sub', [build.float(1, [batch, hidden]), update])
      return build.add('Add', [
        build.add('Mul', [rest, added]),
        build.add('Mul', [update, state]),
      ])
    }
  },
}

/** ONNX GRU with a static length, unrolled. */
export const gru: Composite = {
  rule: 'becomes MatMul, Add, Mul and activations, step by step',
  expand: (composite, build) => expandRecurrence(composite, build, recurrence),
}

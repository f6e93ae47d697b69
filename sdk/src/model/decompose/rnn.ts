import type { Composite } from './composite.js'
import { expandRecurrence, type Recurrence } from './recurrent.js'

/** ONNX RNN: one activation of the sum of two products. */
const recurrence: Recurrence = {
  gates: 1,
  activations: ['Tanh'],
  states: 1,
  joinBiases: () => true,
  step(_composite, build, direction, inputs, [state = '']) {
    const [f] = direction.activations
    if (!f) throw new RangeError('RNN has one activation')
    const product = build.add('MatMul', [state, direction.state])
    return [f(build, build.add('Add', [inputs, product]))]
  },
}

/** ONNX RNN with a static length, unrolled. */
export const rnn: Composite = {
  rule: 'becomes MatMul, Add and activations, step by step',
  expand: (composite, build) => expandRecurrence(composite, build, recurrence),
}

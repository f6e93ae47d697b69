import {
  type Composite,
  firstResult,
  floatAttribute,
  floatDims,
  nameOf,
} from './composite.js'
import type { NodeBuilder } from './nodeBuilder.js'

// Activations that are others put together, as the standard's function bodies
// have them.

type Write = (
  build: NodeBuilder,
  x: string,
  attribute: (name: string, fallback: number) => number,
  output: string,
) => void

function activation(rule: string, write: Write): Composite {
  return {
    rule,
    expand(composite, build) {
      floatDims(composite, 0)
      const { node } = composite
      write(
        build,
        nameOf(composite, 0) ?? '',
        (name, fallback) => floatAttribute(node, name, Math.fround(fallback)),
        firstResult(node),
      )
    },
  }
}

const float = (value: number) => ({ type: 'float' as const, value })

/** ONNX Selu. */
export const selu: Composite = activation(
  'becomes Elu and Mul',
  (build, x, attribute, output) => {
    const alpha = float(attribute('alpha', 1.6732631921768188))
    const gamma = attribute('gamma', 1.0507010221481323)
    build.add(
      'Mul',
      [build.add('Elu', [x], { alpha }), build.float(gamma)],
      {},
      output,
    )
  },
)

/** ONNX Celu: alpha elu(x / alpha). */
export const celu: Composite = activation(
  'becomes Div, Elu and Mul',
  (build, x, attribute, output) => {
    const alpha = build.float(attribute('alpha', 1))
    const inner = build.add('Elu', [build.add('Div', [x, alpha])])
    build.add('Mul', [alpha, inner], {}, output)
  },
)

/** ONNX Softsign. */
export const softsign: Composite = activation(
  'becomes Abs, Add and Div',
  (build, x, _, output) => {
    const divisor = build.add('Add', [build.float(1), build.add('Abs', [x])])
    build.add('Div', [x, divisor], {}, output)
  },
)

/** ONNX Mish: x tanh(softplus(x)). */
export const mish: Composite = activation(
  'becomes Softplus, Tanh and Mul',
  (build, x, _, output) => {
    const inner = build.add('Tanh', [build.add('Softplus', [x])])
    build.add('Mul', [x, inner], {}, output)
  },
)

/** ONNX Swish: x sigmoid(alpha x). */
export const swish: Composite = activation(
  'becomes Mul and Sigmoid',
  (build, x, attribute, output) => {
    const scaled = build.add('Mul', [x, build.float(attribute('alpha', 1))])
    build.add('Mul', [x, build.add('Sigmoid', [scaled])], {}, output)
  },
)

/** ONNX ThresholdedRelu. */
export const thresholdedRelu: Composite = activation(
  'becomes Greater and Where',
  (build, x, attribute, output) => {
    const alpha = build.float(attribute('alpha', 1))
    const above = build.add('Greater', [x, alpha])
    build.add('Where', [above, x, build.float(0)], {}, output)
  },
)

/** ONNX Shrink. */
export const shrink: Composite = activation(
  'becomes Less, Greater, Add, Sub and Where',
  (build, x, attribute, output) => {
    const bias = build.float(attribute('bias', 0))
    const limit = attribute('lambd', 0.5)
    const above = build.add('Greater', [x, build.float(limit)])
    const below = build.add('Less', [x, build.float(-limit)])
    const rest = build.add('Where', [
      above,
      build.add('Sub', [x, bias]),
      build.float(0),
    ])
    build.add('Where', [below, build.add('Add', [x, bias]), rest], {}, output)
  },
)

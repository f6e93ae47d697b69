import { expect, test } from 'vitest'
import { analyseGraph } from '../model/analyseGraph.js'
import {
  buildModel,
  floats,
  int64s,
  type ModelParts,
} from '../onnx/buildModel.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import { elementCount } from '../tensor/tensorType.js'
import { differentiate } from './differentiate.js'
import { evaluate, type Wide, wide } from './evaluate.test.support.js'
import { explicitPads } from './explicitPads.js'
import { StepBuilder } from './stepBuilder.js'

/** Numbers that repeat. */
function stream(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  }
}

type Case = Omit<ModelParts, 'outputs'> & {
  /** Operands in this range instead of [-1, 1]. */
  range?: readonly [number, number]
}

/**
 * Gradients of `sum(y * weight)`, the weights at random, by all inputs: the
 * graph's own against central differences, both in float64.
 */
function compare({ range = [-1, 1], ...parts }: Case, seed: number): void {
  const random = stream(seed)
  const [low, high] = range
  const source = parseOnnx(buildModel({ opset: 20, ...parts, outputs: ['y'] }))
  const names = source.inputs.map(({ name }) => name)
  const graph = explicitPads(source, new Set(names))
  const { types } = analyseGraph(graph, 'source')
  const builder = new StepBuilder(graph.opset, types, graph.weights)
  const dims = builder.dims('y')
  const seedDims = builder.input('seed', { dtype: 1, dims })
  builder.nodes.push(...graph.nodes)
  const gradients = differentiate(
    builder,
    graph.nodes,
    new Map([['y', seedDims]]),
    names,
  )

  const feeds = new Map<string, Wide>(
    graph.inputs.map(({ name, dims: shape }) => [
      name,
      wide(
        shape as number[],
        Array.from(
          { length: elementCount(shape as number[]) },
          () => low + ((random() + 1) / 2) * (high - low),
        ),
      ),
    ]),
  )
  const weight = wide(dims, Array.from({ length: elementCount(dims) }, random))
  const step = { nodes: builder.nodes, weights: builder.weights }
  const values = evaluate(step, new Map([...feeds, ['seed', weight]]))
  const loss = (fed: ReadonlyMap<string, Wide>) => {
    const y = evaluate(graph, fed).get('y')!
    return y.data.reduce((total, v, i) => total + v * weight.data[i]!, 0)
  }
  const h = 1e-5
  for (const name of names) {
    const own = values.get(gradients.get(name)!)!
    const at = feeds.get(name)!
    expect(own.dims).toEqual(at.dims)
    for (let i = 0; i < at.data.length; i++) {
      const moved = (by: number) => {
        const data = at.data.slice()
        data[i]! += by
        return loss(new Map([...feeds, [name, { dims: at.dims, data }]]))
      }
      const expected = (moved(h) - moved(-h)) / (2 * h)
      // Constants of the backward graph are float32.
      expect(
        Math.abs(own.data[i]! - expected),
        `${name}[${i}]: ${own.data[i]} is not ${expected}`,
      ).toBeLessThan(1e-6 * (1 + Math.abs(expected)))
    }
  }
}

const int = (value: number) => ({ type: 'int' as const, value: BigInt(value) })
const ints = (...values: number[]) => ({
  type: 'ints' as const,
  value: values.map(BigInt),
})
const float = (value: number) => ({ type: 'float' as const, value })
const text = (value: string) => ({ type: 'string' as const, value })

/** A few shapes at random, with broadcasting in either operand. */
function shapes(seed: number): [number[], number[]] {
  const random = stream(seed)
  const size = () => 1 + Math.floor((random() + 1) * 1.99)
  const whole = Array.from(
    { length: 1 + Math.floor((random() + 1) * 1.49) },
    size,
  )
  const part = (): number[] => {
    const cut = whole.slice(Math.floor((random() + 1) * 0.5 * whole.length))
    return cut.map((d) => (random() > 0.3 ? 1 : d))
  }
  return random() > 0 ? [whole, part()] : [part(), whole]
}

const elementwise: Record<string, readonly [number, number]> = {
  Add: [-1, 1],
  Sub: [-1, 1],
  Mul: [-1, 1],
  Div: [0.5, 2],
  Max: [-1, 1],
  Min: [-1, 1],
  Sum: [-1, 1],
  Mean: [-1, 1],
}

test.each(Object.entries(elementwise))(
  '%s, with broadcasting',
  (operator, range) => {
    for (let seed = 1; seed <= 8; seed++) {
      const [a, b] = shapes(seed)
      compare(
        { inputs: { a, b }, nodes: [[operator, ['a', 'b'], ['y']]], range },
        seed,
      )
    }
  },
)

test.each([
  ['Abs', [-1, 1]],
  ['Elu', [-2, 2], { alpha: float(0.7) }],
  ['Erf', [-2, 2]],
  ['Exp', [-1, 1]],
  ['Gelu', [-3, 3]],
  ['Gelu', [-3, 3], { approximate: text('tanh') }],
  ['HardSigmoid', [-4, 4]],
  ['HardSwish', [-4, 4]],
  ['Identity', [-1, 1]],
  ['LeakyRelu', [-1, 1], { alpha: float(0.25) }],
  ['Log', [0.5, 2]],
  ['Neg', [-1, 1]],
  ['Reciprocal', [0.5, 2]],
  ['Relu', [-1, 1]],
  ['Sigmoid', [-3, 3]],
  ['Softplus', [-3, 3]],
  ['Sqrt', [0.5, 2]],
  ['Tanh', [-2, 2]],
  ['Softmax', [-2, 2], { axis: int(1) }],
  ['Softmax', [-2, 2], { axis: int(-1) }],
  ['Transpose', [-1, 1], { perm: ints(2, 0, 1) }],
  ['Flatten', [-1, 1], { axis: int(2) }],
  ['ReduceMean', [-1, 1]],
  ['ReduceSum', [-1, 1]],
] as [string, [number, number], Record<string, ReturnType<typeof int>>?][])(
  '%s in %j',
  (operator, range, attributes = {}) => {
    for (const dims of [
      [2, 3, 4],
      [1, 5, 2],
    ])
      compare(
        {
          inputs: { a: dims },
          nodes: [[operator, ['a'], ['y'], attributes]],
          range,
        },
        dims[1]!,
      )
  },
)

test.each([
  [
    'PRelu',
    {
      inputs: { a: [2, 3, 2], b: [3, 1] },
      nodes: [['PRelu', ['a', 'b'], ['y']]],
    },
  ],
  [
    'Clip',
    {
      inputs: { a: [3, 4] },
      weights: { lo: floats([], [-0.5]), hi: floats([], [0.4]) },
      nodes: [['Clip', ['a', 'lo', 'hi'], ['y']]],
    },
  ],
  [
    'Pow',
    {
      inputs: { a: [3, 2] },
      range: [0.5, 2],
      weights: { e: floats([], [-3]) },
      nodes: [['Pow', ['a', 'e'], ['y']]],
    },
  ],
  [
    'Pow 1/2',
    {
      inputs: { a: [3, 2] },
      range: [0.5, 2],
      weights: { e: floats([], [0.5]) },
      nodes: [['Pow', ['a', 'e'], ['y']]],
    },
  ],
  [
    'Pow 2',
    {
      inputs: { a: [3, 2] },
      weights: { e: floats([], [2]) },
      nodes: [['Pow', ['a', 'e'], ['y']]],
    },
  ],
  [
    'Where',
    {
      inputs: { a: [2, 3], b: [3], c: [2, 1] },
      nodes: [
        ['Greater', ['c', 'b'], ['t']],
        ['Where', ['t', 'a', 'b'], ['y']],
      ],
    },
  ],
  [
    'a value that is read twice',
    {
      inputs: { a: [2, 3] },
      nodes: [
        ['Mul', ['a', 'a'], ['s']],
        ['Add', ['s', 'a'], ['y']],
      ],
    },
  ],
  [
    'Reshape',
    {
      inputs: { a: [2, 3, 4] },
      weights: { d: int64s([0, -1]) },
      nodes: [['Reshape', ['a', 'd'], ['y']]],
    },
  ],
  [
    'Squeeze and Unsqueeze',
    {
      inputs: { a: [2, 1, 3] },
      weights: { s: int64s([1]), u: int64s([0, 3]) },
      nodes: [
        ['Squeeze', ['a', 's'], ['b']],
        ['Unsqueeze', ['b', 'u'], ['y']],
      ],
    },
  ],
  [
    'Concat',
    {
      inputs: { a: [2, 3], b: [2, 1] },
      nodes: [['Concat', ['a', 'b', 'a'], ['y'], { axis: int(1) }]],
    },
  ],
  [
    'Split, one part unused',
    {
      inputs: { a: [2, 5] },
      weights: { s: int64s([2, 3]) },
      nodes: [['Split', ['a', 's'], ['p', 'y'], { axis: int(1) }]],
    },
  ],
  [
    'Slice with steps',
    {
      inputs: { a: [5, 7] },
      weights: {
        f: int64s([1, -6]),
        t: int64s([5, 9]),
        x: int64s([0, 1]),
        s: int64s([2, 3]),
      },
      nodes: [['Slice', ['a', 'f', 't', 'x', 's'], ['y']]],
    },
  ],
  [
    'Pad',
    {
      inputs: { a: [2, 3] },
      weights: { w: int64s([0, 1, 2, 0]) },
      nodes: [['Pad', ['a', 'w'], ['y']]],
    },
  ],
  [
    'Expand',
    {
      inputs: { a: [3, 1] },
      weights: { d: int64s([2, 3, 4]) },
      nodes: [['Expand', ['a', 'd'], ['y']]],
    },
  ],
  [
    'Tile',
    {
      inputs: { a: [2, 3] },
      weights: { r: int64s([2, 3]) },
      nodes: [['Tile', ['a', 'r'], ['y']]],
    },
  ],
  [
    'Gather, indices twice',
    {
      inputs: { a: [4, 3] },
      weights: { i: int64s([3, -1, 0]) },
      nodes: [['Gather', ['a', 'i'], ['y']]],
    },
  ],
  [
    'Gather, axis 1',
    {
      inputs: { a: [2, 4, 3] },
      weights: { i: { ...int64s([2, 2, 1, 0]), dims: [2, 2] } },
      nodes: [['Gather', ['a', 'i'], ['y'], { axis: int(1) }]],
    },
  ],
  [
    'MatMul',
    {
      inputs: { a: [3, 4], b: [4, 2] },
      nodes: [['MatMul', ['a', 'b'], ['y']]],
    },
  ],
  [
    'MatMul of a batch by one matrix',
    {
      inputs: { a: [2, 3, 3, 4], b: [4, 2] },
      nodes: [['MatMul', ['a', 'b'], ['y']]],
    },
  ],
  [
    'MatMul, batches broadcast',
    {
      inputs: { a: [2, 1, 3, 4], b: [3, 4, 2] },
      nodes: [['MatMul', ['a', 'b'], ['y']]],
    },
  ],
  ...[0, 1].flatMap((transA) =>
    [0, 1].map((transB): [string, Case] => [
      `Gemm ${transA}${transB}`,
      {
        inputs: {
          a: transA ? [4, 3] : [3, 4],
          b: transB ? [2, 4] : [4, 2],
          c: [2],
        },
        nodes: [
          [
            'Gemm',
            ['a', 'b', 'c'],
            ['y'],
            {
              transA: int(transA),
              transB: int(transB),
              alpha: float(0.5),
              beta: float(2),
            },
          ],
        ],
      },
    ]),
  ),
  [
    'LayerNormalization',
    {
      inputs: { a: [2, 3, 4], g: [4], b: [4] },
      nodes: [
        ['LayerNormalization', ['a', 'g', 'b'], ['y'], { axis: int(-1) }],
      ],
    },
  ],
  [
    'ReduceMean over axes',
    {
      inputs: { a: [2, 3, 4] },
      weights: { x: int64s([-1, 0]) },
      nodes: [['ReduceMean', ['a', 'x'], ['y'], { keepdims: int(0) }]],
    },
  ],
  [
    'GlobalAveragePool',
    {
      inputs: { a: [2, 2, 3, 3] },
      nodes: [['GlobalAveragePool', ['a'], ['y']]],
    },
  ],
  [
    'Conv',
    {
      inputs: { a: [2, 2, 4, 3], w: [3, 2, 3, 2], b: [3] },
      nodes: [['Conv', ['a', 'w', 'b'], ['y']]],
    },
  ],
  [
    'Conv with padding and strides',
    {
      inputs: { a: [2, 1, 6, 4], w: [2, 1, 3, 3], b: [2] },
      nodes: [
        [
          'Conv',
          ['a', 'w', 'b'],
          ['y'],
          { pads: ints(1, 0, 1, 2), strides: ints(2, 2) },
        ],
      ],
    },
  ],
  [
    'Conv, dilated, in groups',
    {
      inputs: { a: [1, 4, 7], w: [4, 2, 3] },
      nodes: [
        ['Conv', ['a', 'w'], ['y'], { dilations: ints(2), group: int(2) }],
      ],
    },
  ],
  [
    'MaxPool',
    {
      inputs: { a: [2, 2, 4, 6] },
      nodes: [
        [
          'MaxPool',
          ['a'],
          ['y'],
          { kernel_shape: ints(2, 2), strides: ints(2, 2) },
        ],
      ],
    },
  ],
  [
    'MaxPool, overlapping, padded',
    {
      inputs: { a: [1, 2, 5, 5] },
      nodes: [
        [
          'MaxPool',
          ['a'],
          ['y'],
          {
            kernel_shape: ints(3, 3),
            strides: ints(2, 2),
            pads: ints(1, 1, 1, 1),
          },
        ],
      ],
    },
  ],
  [
    'AveragePool',
    {
      inputs: { a: [2, 2, 5, 4] },
      nodes: [
        [
          'AveragePool',
          ['a'],
          ['y'],
          { kernel_shape: ints(2, 2), strides: ints(2, 1) },
        ],
      ],
    },
  ],
] as [string, Case][])('%s', (_, parts) => {
  for (const seed of [1, 2]) compare(parts, seed)
})

test('behavior: of equal maxima the first has the gradient', () => {
  const graph = parseOnnx(
    buildModel({
      inputs: { a: [1, 1, 2, 2] },
      outputs: ['y'],
      nodes: [
        [
          'MaxPool',
          ['a'],
          ['y'],
          { kernel_shape: ints(2, 2), strides: ints(2, 2) },
        ],
      ],
    }),
  )
  const { types } = analyseGraph(graph, 'source')
  const builder = new StepBuilder(13, types, new Map())
  builder.nodes.push(...graph.nodes)
  const seed = builder.float(1)
  const result = differentiate(
    builder,
    graph.nodes,
    new Map([['y', builder.reshape(seed, [1, 1, 1, 1])]]),
    ['a'],
  )
  const values = evaluate(
    builder,
    new Map([['a', wide([1, 1, 2, 2], [0, 3, 3, 1])]]),
  )
  expect([...values.get(result.get('a')!)!.data]).toEqual([0, 1, 0, 0])
})

test('behavior: no sum of a backward pass has more than 2,048 terms', () => {
  const graph = parseOnnx(
    buildModel({
      inputs: { a: [3_000, 2], w: [2, 3], b: [3] },
      outputs: ['y'],
      nodes: [
        ['MatMul', ['a', 'w'], ['m']],
        ['Add', ['m', 'b'], ['y']],
      ],
    }),
  )
  const { types } = analyseGraph(graph, 'source')
  const builder = new StepBuilder(13, types, graph.weights)
  const seed = builder.input('seed', { dtype: 1, dims: [3_000, 3] })
  differentiate(builder, graph.nodes, new Map([['y', seed]]), ['w', 'b'])
  for (const { operator, inputs } of builder.nodes) {
    const dims = builder.dims(inputs[0]!)
    if (operator === 'MatMul') expect(dims.at(-1)).toBeLessThanOrEqual(2_048)
    if (operator === 'ReduceSum')
      expect(Math.max(...dims)).toBeLessThanOrEqual(2_048)
  }
})

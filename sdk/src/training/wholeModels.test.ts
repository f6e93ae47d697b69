import { describe, expect, test } from 'vitest'
import {
  buildModel,
  floats,
  int64s,
  type ModelParts,
} from '../onnx/buildModel.js'
import { encodeOnnx } from '../onnx/encodeOnnx.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import { tensorData } from '../onnx/tensorData.js'
import { elementCount } from '../tensor/tensorType.js'
import { dtypes } from '../types/tensorType.js'
import {
  buildTrainingStep,
  type TrainingStepOptions,
} from './buildTrainingStep.js'
import { evaluate, type Wide, wide } from './evaluate.test.support.js'

const int = (value: number) => ({ type: 'int' as const, value: BigInt(value) })
const ints = (...values: number[]) => ({
  type: 'ints' as const,
  value: values.map(BigInt),
})

/** Weights at random, small. */
function weights(shapes: Record<string, readonly number[]>) {
  let state = 7
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  }
  return Object.fromEntries(
    Object.entries(shapes).map(([name, dims]) => [
      name,
      floats(
        dims,
        Array.from({ length: elementCount(dims) }, () => next() * 0.6),
      ),
    ]),
  )
}

const mlp: ModelParts = {
  opset: 17,
  inputs: { x: [4, 6] },
  outputs: ['y'],
  weights: weights({ w1: [6, 5], b1: [5], w2: [5, 3], b2: [3] }),
  nodes: [
    ['MatMul', ['x', 'w1'], ['m1']],
    ['Add', ['m1', 'b1'], ['a1']],
    ['Tanh', ['a1'], ['h']],
    ['Gemm', ['h', 'w2', 'b2'], ['y']],
  ],
}

const convolutional: ModelParts = {
  opset: 17,
  inputs: { x: [2, 1, 8, 8] },
  outputs: ['y'],
  weights: weights({
    k1: [2, 1, 3, 3],
    c1: [2],
    k2: [3, 2, 3, 3],
    c2: [3],
    w: [12, 4],
    b: [4],
  }),
  nodes: [
    ['Conv', ['x', 'k1', 'c1'], ['v1'], { pads: ints(1, 1, 1, 1) }],
    ['Relu', ['v1'], ['r1']],
    [
      'MaxPool',
      ['r1'],
      ['p1'],
      { kernel_shape: ints(2, 2), strides: ints(2, 2) },
    ],
    ['Conv', ['p1', 'k2', 'c2'], ['v2'], { strides: ints(1, 1) }],
    ['Sigmoid', ['v2'], ['s2']],
    ['Flatten', ['s2'], ['f']],
    ['Gemm', ['f', 'w', 'b'], ['y']],
  ],
}

const width = 6
const [batch, length, heads, vocabulary] = [2, 4, 2, 5]

function block(i: number, from: string, to: string): ModelParts['nodes'] {
  const n = (name: string) => `${name}${i}`
  const head = (name: string): ModelParts['nodes'] => [
    ['MatMul', [n('normal'), n(`w${name}`)], [n(`${name}_flat`)]],
    ['Reshape', [n(`${name}_flat`), 'split'], [n(`${name}_split`)]],
    ['Transpose', [n(`${name}_split`)], [n(name)], { perm: ints(0, 2, 1, 3) }],
  ]
  return [
    [
      'LayerNormalization',
      [from, n('g1'), n('o1')],
      [n('normal')],
      { axis: int(-1) },
    ],
    ...head('q'),
    ...head('k'),
    ...head('v'),
    ['Transpose', [n('k')], [n('kt')], { perm: ints(0, 1, 3, 2) }],
    ['MatMul', [n('q'), n('kt')], [n('raw')]],
    ['Mul', [n('raw'), 'root'], [n('scaled')]],
    ['Add', [n('scaled'), 'mask'], [n('masked')]],
    ['Softmax', [n('masked')], [n('share')], { axis: int(-1) }],
    ['MatMul', [n('share'), n('v')], [n('mixed')]],
    ['Transpose', [n('mixed')], [n('back')], { perm: ints(0, 2, 1, 3) }],
    ['Reshape', [n('back'), 'join'], [n('joined')]],
    ['MatMul', [n('joined'), n('wo')], [n('attended')]],
    ['Add', [from, n('attended')], [n('middle')]],
    [
      'LayerNormalization',
      [n('middle'), n('g2'), n('o2')],
      [n('normal2')],
      { axis: int(-1) },
    ],
    ['MatMul', [n('normal2'), n('up')], [n('wide')]],
    ['Add', [n('wide'), n('bias')], [n('biased')]],
    ['Gelu', [n('biased')], [n('bent')]],
    ['MatMul', [n('bent'), n('down')], [n('narrow')]],
    ['Add', [n('middle'), n('narrow')], [to]],
  ]
}

const causal = floats(
  [length, length],
  Array.from({ length: length ** 2 }, (_, i) =>
    i % length > Math.floor(i / length) ? -10_000 : 0,
  ),
)
const transformer: ModelParts = {
  opset: 20,
  inputs: {},
  outputs: ['y'],
  weights: {
    ...weights({
      table: [vocabulary, width],
      places: [length, width],
      ...Object.fromEntries(
        [1, 2].flatMap((i) => [
          ...['wq', 'wk', 'wv', 'wo'].map((name) => [
            `${name}${i}`,
            [width, width],
          ]),
          ...['g1', 'o1', 'g2', 'o2'].map((name) => [`${name}${i}`, [width]]),
          [`up${i}`, [width, 8]],
          [`bias${i}`, [8]],
          [`down${i}`, [8, width]],
        ]),
      ),
      head: [width, vocabulary],
    }),
    mask: causal,
    root: floats([], [1 / Math.sqrt(width / heads)]),
    split: int64s([batch, length, heads, width / heads]),
    join: int64s([batch, length, width]),
  },
  nodes: [
    ['Gather', ['table', 'tokens'], ['embedded']],
    ['Add', ['embedded', 'places'], ['h0']],
    ...block(1, 'h0', 'h1'),
    ...block(2, 'h1', 'h2'),
    ['MatMul', ['h2', 'head'], ['y']],
  ],
}

/** `buildModel` makes float inputs only. */
function fileOf(parts: ModelParts): Uint8Array {
  if (parts !== transformer) return buildModel(parts)
  const graph = parseOnnx(
    buildModel({ ...parts, inputs: { tokens: [batch, length] } }),
  )
  return encodeOnnx({
    ...graph,
    inputs: [{ name: 'tokens', dtype: dtypes.int32, dims: [batch, length] }],
  })
}

const trainable = (name: string) => name !== 'mask'
const plain = {
  optimiser: { kind: 'sgd' },
  schedule: { rate: 1, steps: 4 },
  trainable,
} as const

describe.each<[string, ModelParts, TrainingStepOptions['loss']]>([
  ['MLP', mlp, { kind: 'softmaxCrossEntropy', logits: 'y' }],
  ['MLP, squares', mlp, { kind: 'meanSquaredError', output: 'y' }],
  ['MLP, binary', mlp, { kind: 'binaryCrossEntropy', logits: 'y' }],
  ['conv net', convolutional, { kind: 'softmaxCrossEntropy', logits: 'y' }],
  [
    'two-layer transformer',
    transformer,
    { kind: 'softmaxCrossEntropy', logits: 'y' },
  ],
])('%s', (_, parts, loss) => {
  test('default: a step goes along the gradient of the loss', () => {
    const step = buildTrainingStep({ graph: fileOf(parts), loss, ...plain })
    const graph = parseOnnx(step.model)
    const feeds = new Map<string, Wide>()
    let state = 3
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state / 2 ** 32
    }
    for (const [name, tensor] of step.state)
      feeds.set(name, wide(tensor.dims, Array.from(tensorData(tensor), Number)))
    for (const { name, dtype, dims } of step.inputs)
      feeds.set(
        name,
        wide(
          dims as number[],
          Array.from({ length: elementCount(dims as number[]) }, () =>
            dtype === dtypes.int32 ? Math.floor(random() * 3) : random(),
          ),
        ),
      )
    const before = feeds.get('parameters')!
    const after = evaluate(graph, feeds)
    const lossAt = (data: Float64Array) =>
      evaluate(
        graph,
        new Map([...feeds, ['parameters', { ...before, data }]]),
      ).get('loss')!.data[0]!
    expect(after.get('step_next')!.data).toEqual(Float64Array.of(1))
    const h = 1e-5
    const every = Math.max(1, Math.floor(before.data.length / 16))
    for (let i = 0; i < before.data.length; i += every) {
      const moved = (by: number) => {
        const data = before.data.slice()
        data[i]! += by
        return lossAt(data)
      }
      const expected = (moved(h) - moved(-h)) / (2 * h)
      const own = before.data[i]! - after.get('parameters_next')!.data[i]!
      expect(Math.abs(own - expected)).toBeLessThan(
        2e-6 * (1 + Math.abs(expected)),
      )
    }
  }, 20_000)
})

describe('optimisers', () => {
  /** One parameter of each kind of gradient, several steps, against the formulas. */
  function follow(options: Pick<TrainingStepOptions, 'optimiser' | 'clip'>) {
    const rates = { rate: 0.1, steps: 6, warmUp: 2, decay: 'cosine' } as const
    const step = buildTrainingStep({
      graph: buildModel({
        opset: 17,
        inputs: { x: [1, 3] },
        outputs: ['y'],
        weights: { w: floats([3], [0.5, -1, 2]) },
        nodes: [['Mul', ['x', 'w'], ['y']]],
      }),
      loss: { kind: 'meanSquaredError', output: 'y' },
      schedule: rates,
      ...options,
    })
    const graph = parseOnnx(step.model)
    let feeds = new Map<string, Wide>(
      [...step.state].map(([name, t]) => [
        name,
        wide(t.dims, Array.from(tensorData(t), Number)),
      ]),
    )
    feeds.set('x', wide([1, 3], [1, 2, -1]))
    feeds.set('target', wide([1, 3], [0, 1, 1]))
    const track: number[][] = []
    for (let t = 0; t < 6; t++) {
      const values = evaluate(graph, feeds)
      feeds = new Map(
        [...feeds].map(([name, value]) => [
          name,
          values.get(`${name}_next`) ?? value,
        ]),
      )
      track.push([...feeds.get('parameters')!.data])
    }
    return track
  }

  function reference(
    update: (g: number[], w: number[], rate: number, t: number) => number[],
  ) {
    let w = [0.5, -1, 2]
    const [x, y] = [
      [1, 2, -1],
      [0, 1, 1],
    ]
    return Array.from({ length: 6 }, (_, t) => {
      const g = w.map((v, i) => (2 / 3) * (v * x[i]! - y[i]!) * x[i]!)
      const rate =
        t < 2
          ? (0.1 * (t + 1)) / 2
          : (0.1 * (1 + Math.cos((Math.PI * (t - 2)) / 4))) / 2
      w = update(g, w, rate, t)
      return w
    })
  }

  function near(own: number[][], expected: number[][]) {
    own.flat().forEach((value, i) => {
      expect(Math.abs(value - expected.flat()[i]!)).toBeLessThan(1e-6)
    })
  }

  test('SGD with momentum and weight decay', () => {
    const m = [0, 0, 0]
    near(
      follow({ optimiser: { kind: 'sgd', momentum: 0.9, weightDecay: 0.01 } }),
      reference((g, w, rate) =>
        w.map((v, i) => {
          m[i] = 0.9 * m[i]! + g[i]! + 0.01 * v
          return v - rate * m[i]!
        }),
      ),
    )
  })

  test.each([true, false])('Adam, decoupled decay: %s', (decoupled) => {
    const [m, s] = [
      [0, 0, 0],
      [0, 0, 0],
    ]
    near(
      follow({ optimiser: { kind: 'adam', weightDecay: 0.1, decoupled } }),
      reference((g, w, rate, t) =>
        w.map((v, i) => {
          const slope = g[i]! + (decoupled ? 0 : 0.1 * v)
          m[i] = 0.9 * m[i]! + 0.1 * slope
          s[i] = 0.999 * s[i]! + 0.001 * slope ** 2
          const root = Math.sqrt(s[i]! / (1 - 0.999 ** (t + 1))) + 1e-8
          const kept = decoupled ? v * (1 - rate * 0.1) : v
          return kept - (rate * m[i]!) / (1 - 0.9 ** (t + 1)) / root
        }),
      ),
    )
  })

  test('clipping by norm', () => {
    near(
      follow({ optimiser: { kind: 'sgd' }, clip: 0.5 }),
      reference((g, w, rate) => {
        const share = Math.min(1, 0.5 / (Math.hypot(...g) + 1e-6))
        return w.map((v, i) => v - rate * share * g[i]!)
      }),
    )
  })
})

test('behavior: a batch is the rows that the order names, and counters go on', () => {
  const step = buildTrainingStep({
    graph: buildModel({
      opset: 17,
      inputs: { x: [0, 2] },
      outputs: ['y'],
      weights: { w: floats([2], [1, 1]) },
      nodes: [['Mul', ['x', 'w'], ['y']]],
    }),
    loss: { kind: 'meanSquaredError', output: 'y' },
    optimiser: { kind: 'sgd' },
    schedule: { rate: 1, steps: 9 },
    data: {
      samples: 4,
      batch: 2,
      rows: 3,
      stored: { x: { dtype: dtypes.uint8, scale: 0.5, shift: 1 } },
    },
  })
  expect(
    step.inputs.map(({ name, dtype, dims }) => [name, dtype, dims]),
  ).toEqual([
    ['data_x', dtypes.uint8, [4, 2]],
    ['data_target', dtypes.float32, [4, 2]],
    ['order', dtypes.int32, [3, 2]],
  ])
  const graph = parseOnnx(step.model)
  const values = evaluate(
    graph,
    new Map<string, Wide>([
      ['parameters', wide([2], [1, 1])],
      ['step', wide([1], [5])],
      ['row', wide([1], [1])],
      ['data_x', wide([4, 2], [0, 0, 2, 2, 4, 4, 6, 6])],
      ['data_target', wide([4, 2], new Array(8).fill(0))],
      ['order', wide([3, 2], [0, 1, 3, 2, 1, 0])],
    ]),
  )
  // Rows 3 and 2 are (4, 4) and (3, 3) once scaled.
  expect(values.get('loss')!.data[0]).toBeCloseTo((16 + 9) / 2)
  expect(values.get('row_next')!.data[0]).toBe(2)
  expect(values.get('step_next')!.data[0]).toBe(6)
})

describe('error: what is refused, with the reason', () => {
  const build = (
    nodes: ModelParts['nodes'],
    more: Partial<TrainingStepOptions> = {},
  ) =>
    buildTrainingStep({
      graph: buildModel({
        opset: 17,
        inputs: { x: [2, 2] },
        outputs: ['y'],
        weights: {
          w: floats([2, 2], [1, 2, 3, 4]),
          ratio: floats([], [0.5]),
          on: { dtype: dtypes.bool, dims: [], bytes: Uint8Array.of(1) },
        },
        nodes,
      }),
      loss: { kind: 'meanSquaredError', output: 'y' },
      optimiser: { kind: 'sgd' },
      schedule: { rate: 1, steps: 1 },
      trainable: ['w'],
      ...more,
    })
  const product: ModelParts['nodes'] = [['MatMul', ['x', 'w'], ['y']]]

  test.each<[string, () => unknown, string, string]>([
    [
      'dropout',
      () =>
        build([
          ['MatMul', ['x', 'w'], ['m']],
          ['Dropout', ['m', 'ratio', 'on'], ['y']],
        ]),
      'LY-TRN-001',
      'mask',
    ],
    [
      'no rule',
      () =>
        build([
          ['MatMul', ['x', 'w'], ['m']],
          ['DepthToSpace', ['m'], ['y']],
        ]),
      'LY-MDL-003',
      '',
    ],
    [
      'a name that is no parameter',
      () => build(product, { trainable: ['v'] }),
      'LY-TRN-002',
      '"v"',
    ],
    [
      'nothing to train',
      () => build(product, { trainable: () => false }),
      'LY-TRN-002',
      'nothing',
    ],
    [
      'an output that is not there',
      () => build(product, { loss: { kind: 'meanSquaredError', output: 'z' } }),
      'LY-TRN-002',
      '"z"',
    ],
    [
      'a loss that is a matrix',
      () => build(product, { loss: { kind: 'output', output: 'y' } }),
      'LY-TRN-002',
      'one number',
    ],
    [
      'a segment of 129 steps',
      () => build(product, { segment: 129 }),
      'LY-TRN-002',
      '129',
    ],
    [
      'no rate',
      () => build(product, { schedule: { rate: 0, steps: 1 } }),
      'LY-TRN-002',
      'rate',
    ],
  ])('%s', (_, make, code, reason) => {
    expect(make).toThrow(expect.objectContaining({ code }))
    expect(make).toThrow(
      expect.objectContaining({ message: expect.stringContaining(reason) }),
    )
  })
})

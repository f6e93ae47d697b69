import {
  checkModel,
  encodeOnnx,
  type Graph,
  type GraphAttribute,
  type GraphTensor,
  prepareModel,
} from '@lynode/sdk'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'

// What canonicalisation puts in place of a composite computes what the runtime's
// own kernel computes.

const float32 = 1
const [time, batch, input, hidden] = [5, 2, 3, 4]

let state = 3
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return state / 2 ** 31 - 1
}

type Options = {
  direction?: string
  bias?: boolean
  initial?: boolean
  lengths?: readonly number[]
  peepholes?: boolean
  ints?: Record<string, number>
  activations?: readonly string[]
  alpha?: readonly number[]
  opset?: number
}

const gates: Record<string, number> = { LSTM: 4, GRU: 3, RNN: 1 }

/** A model of one recurrent node with constant weights. */
function modelOf(operator: string, options: Options): Uint8Array {
  const directions = options.direction === 'bidirectional' ? 2 : 1
  const rows = (gates[operator] ?? 0) * hidden
  const weights = new Map<string, GraphTensor>()
  const weight = (name: string, dims: number[]) => {
    const length = dims.reduce((n, dim) => n * dim, 1)
    const data = Float32Array.from({ length }, random)
    weights.set(name, {
      dtype: float32,
      dims,
      bytes: new Uint8Array(data.buffer),
    })
    return name
  }
  const states = [directions, batch, hidden]
  const inputs = [
    'x',
    weight('w', [directions, rows, input]),
    weight('r', [directions, rows, hidden]),
    options.bias ? weight('b', [directions, 2 * rows]) : '',
    options.lengths ? 'lengths' : '',
    options.initial ? weight('h', states) : '',
    ...(operator === 'LSTM'
      ? [
          options.initial ? weight('c', states) : '',
          options.peepholes ? weight('p', [directions, 3 * hidden]) : '',
        ]
      : []),
  ]
  if (options.lengths)
    weights.set('lengths', {
      dtype: 6,
      dims: [batch],
      bytes: new Uint8Array(Int32Array.from(options.lengths).buffer),
    })
  const outputs = operator === 'LSTM' ? ['y', 'y_h', 'y_c'] : ['y', 'y_h']
  const attributes = new Map<string, GraphAttribute>([
    ['hidden_size', { type: 'int', value: BigInt(hidden) }],
  ])
  for (const [name, value] of Object.entries(options.ints ?? {}))
    attributes.set(name, { type: 'int', value: BigInt(value) })
  const { direction, activations, alpha } = options
  if (direction)
    attributes.set('direction', { type: 'string', value: direction })
  if (activations)
    attributes.set('activations', { type: 'strings', value: activations })
  if (alpha)
    attributes.set('activation_alpha', { type: 'floats', value: alpha })
  const graph: Graph = {
    opset: options.opset ?? 14,
    irVersion: 8,
    inputs: [{ name: 'x', dtype: float32, dims: [time, batch, input] }],
    outputs,
    weights,
    nodes: [{ name: 'n', operator, domain: '', inputs, outputs, attributes }],
    declared: new Map(
      outputs.map((name) => [name, { name, dtype: float32, dims: undefined }]),
    ),
    metadata: new Map(),
  }
  return encodeOnnx(graph)
}

async function run(model: Uint8Array): Promise<Map<string, Tensor>> {
  const session = await InferenceSession.create(model, {
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
  })
  try {
    state = 99
    const data = Float32Array.from({ length: time * batch * input }, random)
    const x = new Tensor('float32', data, [time, batch, input])
    const results = await session.run({ x })
    return new Map(Object.entries(results) as [string, Tensor][])
  } finally {
    await session.release()
  }
}

const all: Record<string, Record<string, Options>> = {
  LSTM: {
    plain: {},
    reverse: { direction: 'reverse', bias: true },
    'both directions, states': {
      direction: 'bidirectional',
      bias: true,
      initial: true,
    },
    peepholes: { bias: true, initial: true, peepholes: true },
    'coupled gates': { bias: true, ints: { input_forget: 1 } },
    'sequences of full length': { lengths: [time, time] },
    'other activations': {
      activations: ['HardSigmoid', 'Relu', 'LeakyRelu'],
      alpha: [0.3, 0.02],
    },
    'opset 9': { bias: true, opset: 9 },
  },
  GRU: {
    plain: {},
    'both directions, states': {
      direction: 'bidirectional',
      bias: true,
      initial: true,
    },
    'linear before reset': {
      bias: true,
      initial: true,
      ints: { linear_before_reset: 1 },
    },
    'linear before reset without bias': { ints: { linear_before_reset: 1 } },
    'other activations': { activations: ['Sigmoid', 'Softplus'] },
  },
  RNN: {
    plain: { bias: true, initial: true },
    'both directions': {
      direction: 'bidirectional',
      activations: ['Relu', 'Elu'],
    },
  },
}

describe.each(Object.entries(all))('%s', (operator, forms) => {
  test.each(Object.entries(forms))('behavior: %s', async (_, options) => {
    const model = modelOf(operator, options)
    expect(checkModel(model).refusals).toEqual([])
    const expected = await run(model)
    const actual = await run(prepareModel(model))
    for (const [name, tensor] of expected) {
      const own = actual.get(name)
      expect(own?.dims, name).toEqual(tensor.dims)
      const data = own?.data as Float32Array
      ;(tensor.data as Float32Array).forEach((value, i) => {
        expect(Math.abs(value - (data[i] ?? Number.NaN)), name).toBeLessThan(
          1e-5,
        )
      })
    }
  })
})

test('error: what cannot be taken apart is refused with the reason', () => {
  const reason = (options: Options, operator = 'LSTM') =>
    checkModel(modelOf(operator, options)).refusals.map(({ reason }) => reason)
  expect([
    reason({ lengths: [time, 2] }),
    reason({ activations: ['Affine', 'Tanh', 'Tanh'] }),
    reason({ activations: ['Sigmoid'] }),
    reason({ ints: { clip: 1 } }, 'GRU'),
  ]).toMatchInlineSnapshot(`
    [
      [
        "LSTM: its sequences are not all of full length",
      ],
      [
        "LSTM: activation Affine has no checker",
      ],
      [
        "LSTM: 1 activations",
      ],
      [
        "GRU: with clip: runtimes differ on what it clips",
      ],
    ]
  `)
})

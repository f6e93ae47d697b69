import {
  type Dtype,
  dtypes,
  elementCount,
  encodeOnnx,
  type GraphNode,
  type GraphTensor,
  type OperatorAttribute,
} from '@lynode/sdk'
import { type Random, randomOf } from '../random.js'

// Models of the kinds that people bring, small, with random weights: nothing of
// the demo is in them.

/** A model, and a run's inputs by name. */
export type ForeignModel = {
  name: string
  file: Uint8Array
  inputs: ReadonlyMap<string, Uint8Array>
}

const { float32, int64, uint8 } = dtypes

type Attributes = Record<string, OperatorAttribute>

const int = (value: number): OperatorAttribute => ({
  type: 'int',
  value: BigInt(value),
})
const ints = (...values: number[]): OperatorAttribute => ({
  type: 'ints',
  value: values.map(BigInt),
})

/** Nodes one after the other; each value has a number for a name. */
class Net {
  readonly #random: Random
  readonly #weights = new Map<string, GraphTensor>()
  readonly #nodes: GraphNode[] = []
  readonly #inputs = new Map<string, GraphTensor>()

  constructor(seed: number) {
    this.#random = randomOf(seed)
  }

  #unit(): number {
    return this.#random() / 2 ** 31 - 1
  }

  /** Floats from -1 to 1. */
  input(dims: readonly number[]): string {
    const bytes = this.#floats(dims, () => this.#unit())
    return this.#put(this.#inputs, { dtype: float32, dims, bytes })
  }

  /** Whole numbers from 0 to `below - 1`. */
  tokens(dims: readonly number[], below: number): string {
    const { buffer } = BigInt64Array.from({ length: elementCount(dims) }, () =>
      BigInt(this.#random() % below),
    )
    const bytes = new Uint8Array(buffer)
    return this.#put(this.#inputs, { dtype: int64, dims, bytes })
  }

  /** Floats around `mean`, as far as keeps sums over `fan` terms near 1. */
  weight(dims: readonly number[], fan = 1, mean = 0): string {
    const bytes = this.#floats(dims, () => mean + this.#unit() / Math.sqrt(fan))
    return this.#put(this.#weights, { dtype: float32, dims, bytes })
  }

  constant(dtype: Dtype, dims: readonly number[], values: number[]): string {
    const { buffer } =
      dtype === int64
        ? BigInt64Array.from(values, BigInt)
        : dtype === float32
          ? Float32Array.from(values)
          : Uint8Array.from(values)
    const bytes = new Uint8Array(buffer as ArrayBuffer)
    return this.#put(this.#weights, { dtype, dims, bytes })
  }

  add(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    outputs = 1,
  ): string {
    const name = `${operator}${this.#nodes.length}`
    const names = [
      name,
      ...Array.from({ length: outputs - 1 }, (_, i) => `${name}:${i}`),
    ]
    this.#nodes.push({
      ...{ name, operator, domain: '', inputs, outputs: names },
      attributes: new Map(Object.entries(attributes)),
    })
    return name
  }

  model(name: string, output: string): ForeignModel {
    return {
      name,
      file: encodeOnnx({
        opset: 17,
        irVersion: 8,
        inputs: [...this.#inputs].map(([own, { dtype, dims }]) => ({
          ...{ name: own, dtype, dims },
        })),
        outputs: [output],
        weights: this.#weights,
        nodes: this.#nodes,
        declared: new Map([
          [output, { name: output, dtype: float32, dims: undefined }],
        ]),
        metadata: new Map(),
      }),
      inputs: new Map(
        [...this.#inputs].map(([own, { bytes }]) => [own, bytes]),
      ),
    }
  }

  #floats(dims: readonly number[], next: () => number): Uint8Array {
    const length = elementCount(dims)
    return new Uint8Array(Float32Array.from({ length }, next).buffer)
  }

  #put(into: Map<string, GraphTensor>, tensor: GraphTensor): string {
    const name = `t${this.#weights.size + this.#inputs.size}`
    into.set(name, tensor)
    return name
  }
}

/** Inverted residuals: pointwise, depthwise, pointwise, a shortcut, a classifier. */
function mobileNet(): ForeignModel {
  const net = new Net(1)
  const conv = (
    x: string,
    filters: number,
    channels: number,
    size: number,
    { group = 1, stride = 1 } = {},
  ): string => {
    const pad = (size - 1) / 2
    const y = net.add(
      'Conv',
      [
        x,
        net.weight(
          [filters, channels / group, size, size],
          (channels / group) * size * size,
        ),
      ],
      {
        group: int(group),
        strides: ints(stride, stride),
        pads: ints(pad, pad, pad, pad),
      },
    )
    return net.add('BatchNormalization', [
      y,
      ...[net.weight([filters], 4, 1), net.weight([filters])],
      ...[net.weight([filters]), net.weight([filters], 4, 1)],
    ])
  }
  const six = (x: string): string =>
    net.add('Clip', [
      ...[x, net.constant(float32, [], [0]), net.constant(float32, [], [6])],
    ])
  const block = (x: string, channels: number): string => {
    const wide = six(conv(x, 3 * channels, channels, 1))
    const deep = six(
      conv(wide, 3 * channels, 3 * channels, 3, { group: 3 * channels }),
    )
    return net.add('Add', [x, conv(deep, channels, 3 * channels, 1)])
  }
  const x = net.input([1, 3, 20, 20])
  const stem = net.add('HardSwish', [conv(x, 8, 3, 3, { stride: 2 })])
  const pooled = net.add('GlobalAveragePool', [block(block(stem, 8), 8)])
  const flat = net.add('Flatten', [pooled])
  const scores = net.add('Gemm', [
    flat,
    net.weight([8, 11], 8),
    net.weight([11]),
  ])
  return net.model('a MobileNet', net.add('Softmax', [scores]))
}

/** One layer of post-norm attention and its feed-forward part, over token ids. */
function transformer(): ForeignModel {
  const net = new Net(2)
  const [length, width, heads] = [9, 16, 2]
  const norm = (x: string): string =>
    net.add('LayerNormalization', [
      x,
      net.weight([width], 4, 1),
      net.weight([width]),
    ])
  const linear = (x: string, from: number, to: number): string =>
    net.add('Add', [
      net.add('MatMul', [x, net.weight([from, to], from)]),
      net.weight([to]),
    ])
  const split = (x: string): string =>
    net.add(
      'Transpose',
      [
        net.add('Reshape', [
          x,
          net.constant(int64, [4], [1, length, heads, width / heads]),
        ]),
      ],
      { perm: ints(0, 2, 1, 3) },
    )
  const ids = net.tokens([1, length], 30)
  const embedded = net.add('Gather', [net.weight([30, width]), ids])
  const x = norm(net.add('Add', [embedded, net.weight([length, width])]))
  const [q, k, v] = [0, 1, 2].map(() => split(linear(x, width, width))) as [
    string,
    string,
    string,
  ]
  const turned = net.add('Transpose', [k], { perm: ints(0, 1, 3, 2) })
  const scores = net.add('Div', [
    net.add('MatMul', [q, turned]),
    net.constant(float32, [], [Math.sqrt(width / heads)]),
  ])
  const mixed = net.add('MatMul', [
    net.add('Softmax', [scores], { axis: int(-1) }),
    v,
  ])
  const joined = net.add('Reshape', [
    net.add('Transpose', [mixed], { perm: ints(0, 2, 1, 3) }),
    net.constant(int64, [3], [1, length, width]),
  ])
  const attended = norm(net.add('Add', [x, linear(joined, width, width)]))
  // Gelu in the parts that exporters write.
  const inner = linear(attended, width, 4 * width)
  const half = net.add('Mul', [inner, net.constant(float32, [], [0.5])])
  const erf = net.add('Erf', [
    net.add('Div', [inner, net.constant(float32, [], [Math.SQRT2])]),
  ])
  const gelu = net.add('Mul', [
    half,
    net.add('Add', [erf, net.constant(float32, [], [1])]),
  ])
  const out = norm(net.add('Add', [attended, linear(gelu, 4 * width, width)]))
  const pooled = net.add('ReduceMean', [out], {
    axes: ints(1),
    keepdims: int(0),
  })
  return net.model(
    'a transformer encoder',
    net.add('Tanh', [linear(pooled, width, 5)]),
  )
}

/** A bidirectional LSTM, then a GRU, over a short sequence. */
function recurrent(): ForeignModel {
  const net = new Net(3)
  const [length, width, hidden] = [4, 6, 5]
  const x = net.input([length, 1, width])
  const lstm = net.add(
    'LSTM',
    [
      x,
      net.weight([2, 4 * hidden, width], width),
      net.weight([2, 4 * hidden, hidden], hidden),
      net.weight([2, 8 * hidden]),
    ],
    {
      hidden_size: int(hidden),
      direction: { type: 'string', value: 'bidirectional' },
    },
  )
  const both = net.add('Reshape', [
    net.add('Transpose', [lstm], { perm: ints(0, 2, 1, 3) }),
    net.constant(int64, [3], [length, 1, 2 * hidden]),
  ])
  const gru = net.add(
    'GRU',
    [
      both,
      net.weight([1, 3 * hidden, 2 * hidden], 2 * hidden),
      net.weight([1, 3 * hidden, hidden], hidden),
      net.weight([1, 6 * hidden]),
    ],
    { hidden_size: int(hidden), linear_before_reset: int(1) },
  )
  const last = net.add('Slice', [
    ...[
      gru,
      net.constant(int64, [1], [-1]),
      net.constant(int64, [1], [length]),
    ],
    net.constant(int64, [1], [0]),
  ])
  const flat = net.add('Reshape', [last, net.constant(int64, [2], [1, hidden])])
  const scores = net.add('Gemm', [
    flat,
    net.weight([hidden, 7], hidden),
    net.weight([7]),
  ])
  return net.model('a recurrent net', net.add('LogSoftmax', [scores]))
}

/** Down and up again, with shortcuts that are concatenated. */
function uNet(): ForeignModel {
  const net = new Net(4)
  const conv = (x: string, filters: number, channels: number): string => {
    const y = net.add(
      'Conv',
      [
        x,
        net.weight([filters, channels, 3, 3], 9 * channels),
        net.weight([filters]),
      ],
      { pads: ints(1, 1, 1, 1) },
    )
    const even = net.add('InstanceNormalization', [
      y,
      net.weight([filters], 4, 1),
      net.weight([filters]),
    ])
    return net.add('LeakyRelu', [even], {
      alpha: { type: 'float', value: 0.1 },
    })
  }
  const half = (x: string): string =>
    net.add('MaxPool', [x], { kernel_shape: ints(2, 2), strides: ints(2, 2) })
  const x = net.input([1, 1, 16, 16])
  const one = conv(x, 4, 1)
  const two = conv(half(one), 8, 4)
  const bottom = conv(half(two), 8, 8)
  const up = net.add('ConvTranspose', [bottom, net.weight([8, 8, 2, 2], 8)], {
    strides: ints(2, 2),
  })
  const middle = conv(net.add('Concat', [up, two], { axis: int(1) }), 4, 16)
  const sized = net.add(
    'Resize',
    [middle, '', net.constant(float32, [4], [1, 1, 2, 2])],
    {
      mode: { type: 'string', value: 'linear' },
      coordinate_transformation_mode: { type: 'string', value: 'half_pixel' },
    },
  )
  const top = conv(net.add('Concat', [sized, one], { axis: int(1) }), 4, 8)
  const mask = net.add('Conv', [
    top,
    net.weight([1, 4, 1, 1], 4),
    net.weight([1]),
  ])
  return net.model('a U-Net', net.add('Sigmoid', [mask]))
}

/** A linear layer quantised as it runs, and a ranking of what comes out. */
function quantised(): ForeignModel {
  const net = new Net(5)
  const x = net.input([3, 24])
  const q = net.add('DynamicQuantizeLinear', [x], {}, 3)
  const weights = Array.from({ length: 24 * 10 }, (_, i) => (i * 7919) % 256)
  const products = net.add('MatMulInteger', [
    ...[q, net.constant(uint8, [24, 10], weights)],
    ...[`${q}:1`, net.constant(uint8, [], [128])],
  ])
  const real = net.add('Mul', [
    net.add('Cast', [products], { to: int(1) }),
    net.add('Mul', [`${q}:0`, net.constant(float32, [], [0.01])]),
  ])
  const best = net.add('TopK', [real, net.constant(int64, [1], [3])], {}, 2)
  const summed = net.add('CumSum', [best, net.constant(int64, [1], [1])])
  const where = net.add('Where', [
    ...[net.add('Greater', [summed, net.constant(float32, [], [0])]), summed],
    net.add('Neg', [summed]),
  ])
  return net.model('a quantised layer', net.add('Sqrt', [where]))
}

export const foreignModels: readonly (() => ForeignModel)[] = [
  mobileNet,
  transformer,
  recurrent,
  uNet,
  quantised,
]

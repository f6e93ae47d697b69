import { buildModel, dtypes } from '@lynode/sdk'
import { floatTensor } from './floatTensor.js'
import { randomFloats } from './randomFloats.js'

/** A model that every machine runs before it takes work. */
export type ReferenceModel = { name: string; file: Uint8Array }

/**
 * The models of the self-test: between them the kernels that real models spend
 * their time in. Small, so that every start can afford them, and with sums long
 * enough that arithmetic of ten-bit mantissas (TF32, float16) leaves its bounds.
 */
export function referenceModels(): ReferenceModel[] {
  return [
    { name: 'vision', file: vision() },
    { name: 'attention', file: attention() },
    { name: 'functions', file: functions() },
    { name: 'integers', file: integers() },
  ]
}

/** Sums of a product with operands that ten-bit mantissas cannot hold. */
export function precisionModel(): ReferenceModel {
  const width = 64
  return {
    name: 'precision',
    file: buildModel({
      inputs: { x: [width, width], picture: [1, 16, 8, 8] },
      outputs: ['product', 'convolution'],
      weights: {
        ones: floatTensor([width, width], () => 1),
        kernel: floatTensor([16, 16, 3, 3], () => 1),
      },
      nodes: [
        ['MatMul', ['x', 'ones'], ['product']],
        ['Conv', ['picture', 'kernel'], ['convolution'], { pads: ints(1, 4) }],
      ],
    }),
  }
}

function vision(): Uint8Array {
  const random = randomFloats(1)
  return buildModel({
    inputs: { x: [1, 3, 24, 24] },
    outputs: ['classes'],
    weights: {
      w1: floatTensor([16, 3, 3, 3], random),
      b1: floatTensor([16], random),
      w2: floatTensor([16, 1, 3, 3], random),
      w3: floatTensor([32, 16, 1, 1], random),
      w4: floatTensor([32, 10], random),
      b4: floatTensor([10], random),
    },
    nodes: [
      ['Conv', ['x', 'w1', 'b1'], ['c1'], { pads: ints(1, 4) }],
      ['Relu', ['c1'], ['r1']],
      [
        'Conv',
        ['r1', 'w2'],
        ['c2'],
        { group: int(16), strides: ints(2, 2), pads: ints(1, 4) },
      ],
      ['HardSwish', ['c2'], ['h2']],
      ['Conv', ['h2', 'w3'], ['c3']],
      ['MaxPool', ['c3'], ['m3'], { kernel_shape: ints(2, 2) }],
      ['GlobalAveragePool', ['m3'], ['g3']],
      ['Flatten', ['g3'], ['f3']],
      ['Gemm', ['f3', 'w4', 'b4'], ['logits']],
      ['Softmax', ['logits'], ['classes']],
    ],
    opset: 17,
  })
}

function attention(): Uint8Array {
  const random = randomFloats(2)
  const weights = (dims: number[]) => floatTensor(dims, () => random() / 8)
  return buildModel({
    inputs: { x: [16, 64] },
    outputs: ['y'],
    weights: {
      scale: floatTensor([64], () => 1),
      bias: floatTensor([64], random),
      wq: weights([64, 64]),
      wk: weights([64, 64]),
      wv: weights([64, 64]),
      w1: weights([64, 128]),
      w2: weights([128, 64]),
    },
    nodes: [
      ['LayerNormalization', ['x', 'scale', 'bias'], ['n']],
      ['MatMul', ['n', 'wq'], ['q']],
      ['MatMul', ['n', 'wk'], ['k']],
      ['MatMul', ['n', 'wv'], ['v']],
      ['Transpose', ['k'], ['kt'], { perm: ints([1, 0]) }],
      ['MatMul', ['q', 'kt'], ['scores']],
      ['Softmax', ['scores'], ['shares']],
      ['MatMul', ['shares', 'v'], ['mixed']],
      ['Add', ['x', 'mixed'], ['residual']],
      ['MatMul', ['residual', 'w1'], ['wide']],
      ['Tanh', ['wide'], ['bent']],
      ['MatMul', ['bent', 'w2'], ['narrow']],
      ['Add', ['residual', 'narrow'], ['y']],
    ],
    opset: 17,
  })
}

/**
 * Functions of one number, at magnitudes from 2^-20 to 2^6: near 0 is where kernels
 * that go by e^x, and absolute errors, show.
 */
function functions(): Uint8Array {
  const names = ['Exp', 'Erf', 'Tanh', 'Sigmoid', 'Abs', 'Softplus', 'Elu']
  let column = 0
  return buildModel({
    inputs: { x: [8, 64] },
    outputs: [...names, 'root', 'power', 'logarithm', 'quotient', 'mean'],
    weights: {
      one: floatTensor([1], () => 1),
      exponent: floatTensor([], () => 1.7),
      magnitudes: floatTensor([64], () => 2 ** (4 - (column++ % 25))),
    },
    nodes: [
      ['Mul', ['x', 'magnitudes'], ['number']],
      ...names.map((name): [string, string[], string[]] => [
        name,
        ['number'],
        [name],
      ]),
      ['Add', ['Abs', 'one'], ['positive']],
      ['Sqrt', ['positive'], ['root']],
      ['Pow', ['positive', 'exponent'], ['power']],
      ['Log', ['positive'], ['logarithm']],
      ['Div', ['number', 'positive'], ['quotient']],
      ['ReduceMean', ['quotient'], ['mean'], { axes: ints([1]) }],
    ],
    opset: 17,
  })
}

function integers(): Uint8Array {
  const random = randomFloats(3)
  const bytes = Uint8Array.from({ length: 64 * 32 }, () =>
    Math.floor((random() + 1) * 127.5),
  )
  return buildModel({
    inputs: { x: [8, 64] },
    outputs: ['y'],
    weights: {
      scale: floatTensor([], () => 1 / 32),
      zero: { dtype: dtypes.uint8, dims: [], bytes: Uint8Array.of(128) },
      // Both factors unsigned: exact on every processor.
      w: { dtype: dtypes.uint8, dims: [64, 32], bytes },
    },
    nodes: [
      ['QuantizeLinear', ['x', 'scale', 'zero'], ['q']],
      ['MatMulInteger', ['q', 'w', 'zero', 'zero'], ['product']],
      ['Cast', ['product'], ['cast'], { to: int(dtypes.float32) }],
      ['Mul', ['cast', 'scale'], ['y']],
    ],
    opset: 17,
  })
}

function int(value: number) {
  return { type: 'int', value: BigInt(value) } as const
}

/** A list, or a number repeated. */
function ints(value: number | readonly number[], times = 1) {
  const list = typeof value === 'number' ? Array(times).fill(value) : value
  return {
    type: 'ints',
    value: list.map((one: number) => BigInt(one)),
  } as const
}

import {
  buildModel,
  dtypes,
  elementCount,
  encodeOnnx,
  type GraphTensor,
  type ModelParts,
  parseOnnx,
} from '@lynode/sdk'

/** Forward models to train, with weights at random from a seed. */
export const trainingModels = { mlp, convNet, transformer }

/** 784-128-10, or fewer in the middle, on rows of pixels. */
function mlp(batch: number, hidden = 128): Uint8Array {
  const make = initialiser(1)
  return buildModel({
    opset: 17,
    inputs: { x: [batch, 784] },
    outputs: ['logits'],
    weights: {
      'fc1.weight': make([784, hidden], 784),
      'fc1.bias': zeros([hidden]),
      'fc2.weight': make([hidden, 10], hidden),
      'fc2.bias': zeros([10]),
    },
    nodes: [
      ['Gemm', ['x', 'fc1.weight', 'fc1.bias'], ['hidden']],
      ['Relu', ['hidden'], ['bent']],
      ['Gemm', ['bent', 'fc2.weight', 'fc2.bias'], ['logits']],
    ],
  })
}

/** Two convolutions with pooling and a linear layer on pictures of 28 by 28. */
function convNet(batch: number): Uint8Array {
  const make = initialiser(2)
  const pool = { kernel_shape: ints(2, 2), strides: ints(2, 2) }
  const pads = { pads: ints(1, 1, 1, 1) }
  return buildModel({
    opset: 17,
    inputs: { x: [batch, 1, 28, 28] },
    outputs: ['logits'],
    weights: {
      'conv1.weight': make([8, 1, 3, 3], 9),
      'conv1.bias': zeros([8]),
      'conv2.weight': make([16, 8, 3, 3], 72),
      'conv2.bias': zeros([16]),
      'fc.weight': make([784, 10], 784),
      'fc.bias': zeros([10]),
    },
    nodes: [
      ['Conv', ['x', 'conv1.weight', 'conv1.bias'], ['c1'], pads],
      ['Relu', ['c1'], ['r1']],
      ['MaxPool', ['r1'], ['p1'], pool],
      ['Conv', ['p1', 'conv2.weight', 'conv2.bias'], ['c2'], pads],
      ['Relu', ['c2'], ['r2']],
      ['MaxPool', ['r2'], ['p2'], pool],
      ['Flatten', ['p2'], ['flat']],
      ['Gemm', ['flat', 'fc.weight', 'fc.bias'], ['logits']],
    ],
  })
}

const [vocabulary, length, width, heads] = [64, 32, 64, 4]

/** A causal language model of two layers over 64 characters. */
function transformer(batch: number): Uint8Array {
  const make = initialiser(3)
  const block = (i: number, from: string, to: string) => {
    const name = (text: string) => `layer${i}.${text}`
    const weights: Record<string, GraphTensor> = {
      [name('norm1.weight')]: filled([width], 1),
      [name('norm1.bias')]: zeros([width]),
      [name('norm2.weight')]: filled([width], 1),
      [name('norm2.bias')]: zeros([width]),
      ...Object.fromEntries(
        ['query', 'key', 'value', 'out'].map((part) => [
          name(part),
          make([width, width], width),
        ]),
      ),
      [name('up.weight')]: make([width, 4 * width], width),
      [name('up.bias')]: zeros([4 * width]),
      [name('down.weight')]: make([4 * width, width], 4 * width),
    }
    const head = (part: string, perm: readonly number[]): Node[] => [
      ['MatMul', [name('normal1'), name(part)], [name(`${part}_flat`)]],
      ['Reshape', [name(`${part}_flat`), 'split'], [name(`${part}_split`)]],
      [
        'Transpose',
        [name(`${part}_split`)],
        [name(`${part}_heads`)],
        { perm: ints(...perm) },
      ],
    ]
    const normal = (n: number, x: string): Node => [
      'LayerNormalization',
      [x, name(`norm${n}.weight`), name(`norm${n}.bias`)],
      [name(`normal${n}`)],
      { axis: { type: 'int', value: -1n } },
    ]
    const last = { axis: { type: 'int' as const, value: -1n } }
    const nodes: Node[] = [
      normal(1, from),
      ...head('query', [0, 2, 1, 3]),
      ...head('key', [0, 2, 3, 1]),
      ...head('value', [0, 2, 1, 3]),
      ['MatMul', [name('query_heads'), name('key_heads')], [name('scores')]],
      ['Mul', [name('scores'), 'root'], [name('scaled')]],
      ['Add', [name('scaled'), 'mask'], [name('masked')]],
      ['Softmax', [name('masked')], [name('share')], last],
      ['MatMul', [name('share'), name('value_heads')], [name('mixed')]],
      [
        'Transpose',
        [name('mixed')],
        [name('turned')],
        { perm: ints(0, 2, 1, 3) },
      ],
      ['Reshape', [name('turned'), 'join'], [name('joined')]],
      ['MatMul', [name('joined'), name('out')], [name('attended')]],
      ['Add', [from, name('attended')], [name('middle')]],
      normal(2, name('middle')),
      ['MatMul', [name('normal2'), name('up.weight')], [name('wide')]],
      ['Add', [name('wide'), name('up.bias')], [name('biased')]],
      ['Gelu', [name('biased')], [name('bent')]],
      ['MatMul', [name('bent'), name('down.weight')], [name('narrow')]],
      ['Add', [name('middle'), name('narrow')], [to]],
    ]
    return { weights, nodes }
  }
  const first = block(1, 'embedded', 'layer1')
  const second = block(2, 'layer1', 'layer2')
  const file = buildModel({
    opset: 20,
    inputs: { tokens: [batch, length] },
    outputs: ['logits'],
    weights: {
      'tokens.weight': make([vocabulary, width], width),
      'places.weight': make([length, width], width),
      ...first.weights,
      ...second.weights,
      'head.weight': make([width, vocabulary], width),
      mask: causalMask(),
      root: filled([], 1 / Math.sqrt(width / heads)),
      split: int64s([batch, length, heads, width / heads]),
      join: int64s([batch, length, width]),
    },
    nodes: [
      ['Gather', ['tokens.weight', 'tokens'], ['read']],
      ['Add', ['read', 'places.weight'], ['embedded']],
      ...first.nodes,
      ...second.nodes,
      ['MatMul', ['layer2', 'head.weight'], ['logits']],
    ],
  })
  // `buildModel` has float inputs.
  return encodeOnnx({
    ...parseOnnx(file),
    inputs: [{ name: 'tokens', dtype: dtypes.int32, dims: [batch, length] }],
  })
}

type Node = ModelParts['nodes'][number]

/** Uniform in +-sqrt(1 / inputs), as PyTorch's linear layers start. */
function initialiser(seed: number) {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  }
  return (dims: readonly number[], inputs: number): GraphTensor =>
    tensor(
      dims,
      Float32Array.from(
        { length: elementCount(dims) },
        () => next() / Math.sqrt(inputs),
      ),
    )
}

function causalMask(): GraphTensor {
  const entries = Array.from({ length: length ** 2 }, (_, i) =>
    i % length > Math.floor(i / length) ? -10_000 : 0,
  )
  return tensor([length, length], Float32Array.from(entries))
}

function zeros(dims: readonly number[]): GraphTensor {
  return filled(dims, 0)
}

function filled(dims: readonly number[], value: number): GraphTensor {
  return tensor(dims, new Float32Array(elementCount(dims)).fill(value))
}

function tensor(dims: readonly number[], data: Float32Array): GraphTensor {
  return { dtype: dtypes.float32, dims, bytes: new Uint8Array(data.buffer) }
}

function int64s(values: readonly number[]): GraphTensor {
  return {
    dtype: dtypes.int64,
    dims: [values.length],
    bytes: new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer),
  }
}

function ints(...values: number[]) {
  return { type: 'ints' as const, value: values.map(BigInt) }
}

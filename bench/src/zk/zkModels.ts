import {
  buildModel,
  dtypes,
  type GraphTensor,
  type ModelParts,
} from '@lynode/sdk'

/** What is proved, by name: ONNX files with weights from a fixed seed. */
export const zkModels = {
  'mlp-2.4k': () => mlp([24, 64, 12]),
  // zk-OPML's network for handwritten digits.
  'mlp-15.9k': () => mlp([784, 20, 10]),
  'mlp-17k': () => mlp([128, 112, 24]),
  'mlp-50k': () => mlp([256, 176, 28]),
  'conv-stride2': convNet,
} satisfies Record<string, () => Uint8Array>

export type ZkModelName = keyof typeof zkModels

/** Linear layers with Relu between them. */
function mlp(sizes: readonly number[]): Uint8Array {
  const draw = numbers()
  const weights: Record<string, GraphTensor> = {}
  const nodes: ModelParts['nodes'][number][] = []
  let from = 'x'
  for (const [i, size] of sizes.slice(1).entries()) {
    const before = sizes[i] ?? 0
    const last = i === sizes.length - 2
    weights[`w${i}`] = floats([before, size], draw(before * size, before))
    weights[`b${i}`] = floats([size], draw(size, before))
    nodes.push(['Gemm', [from, `w${i}`, `b${i}`], [last ? 'y' : `h${i}`]])
    if (!last) nodes.push(['Relu', [`h${i}`], [`r${i}`]])
    from = `r${i}`
  }
  return buildModel({
    inputs: { x: [1, sizes[0] ?? 0] },
    outputs: ['y'],
    weights,
    nodes,
  })
}

/** Two convolutions with stride 2 and a linear layer on pictures of 12 by 12. */
function convNet(): Uint8Array {
  const draw = numbers()
  const ints = (...values: number[]) => ({
    type: 'ints' as const,
    value: values.map(BigInt),
  })
  const strided = { strides: ints(2, 2), pads: ints(1, 1, 1, 1) }
  return buildModel({
    inputs: { x: [1, 1, 12, 12] },
    outputs: ['y'],
    weights: {
      c1: floats([4, 1, 3, 3], draw(36, 9)),
      b1: floats([4], draw(4, 9)),
      c2: floats([8, 4, 3, 3], draw(288, 36)),
      b2: floats([8], draw(8, 36)),
      w: floats([72, 10], draw(720, 72)),
      b: floats([10], draw(10, 72)),
    },
    nodes: [
      ['Conv', ['x', 'c1', 'b1'], ['h1'], strided],
      ['Relu', ['h1'], ['r1']],
      ['Conv', ['r1', 'c2', 'b2'], ['h2'], strided],
      ['Relu', ['h2'], ['r2']],
      ['Flatten', ['r2'], ['flat']],
      ['Gemm', ['flat', 'w', 'b'], ['y']],
    ],
  })
}

function floats(
  dims: readonly number[],
  values: readonly number[],
): GraphTensor {
  const bytes = new Uint8Array(Float32Array.from(values).buffer)
  return { dtype: dtypes.float32, dims, bytes }
}

/** Numbers between -1 and 1 over the root of the fan-in, always the same. */
function numbers(): (count: number, fanIn: number) => number[] {
  let state = 1
  return (count, fanIn) =>
    Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return (state / 2 ** 31 - 1) / Math.sqrt(fanIn)
    })
}

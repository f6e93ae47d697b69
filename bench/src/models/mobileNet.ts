import { buildModel, dtypes, type GraphTensor } from '@lynode/sdk'

type Node = Parameters<typeof buildModel>[0]['nodes'][number]

/** Inverted residuals of MobileNetV2 (Sandler et al. 2018, table 2): widening, channels, blocks, stride of the first. */
const stages: readonly [
  wider: number,
  channels: number,
  blocks: number,
  stride: number,
][] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
]

/** What {@link mobileNet} takes. */
export const mobileNetDims: readonly number[] = [1, 3, 224, 224]

/**
 * MobileNetV2 of width 1 for 1,000 classes: 3.5 million parameters, drawn at
 * random so that activations keep their size. Normalisation is folded into the
 * convolutions, as in files for inference.
 */
export function mobileNet(): Uint8Array {
  const net = new Layers()
  let x = net.clipped(net.conv('x', 3, 32, { size: 3, stride: 2 }))
  let channels = 32
  for (const [wider, filters, blocks, first] of stages)
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 ? first : 1
      const y = net.residual(x, channels, filters, { wider, stride })
      x = stride === 1 && channels === filters ? net.add('Add', [x, y]) : y
      channels = filters
    }
  const wide = net.clipped(net.conv(x, channels, 1280))
  const pooled = net.add('Flatten', [net.add('GlobalAveragePool', [wide])])
  const scores = net.add('Gemm', [
    pooled,
    net.weight([1280, 1000], 1280),
    net.weight([1000], 1000),
  ])
  return net.build(scores)
}

/** A network as it grows. */
class Layers {
  readonly #nodes: Node[] = []
  readonly #weights: Record<string, GraphTensor> = {}
  #state = 1

  add(operator: string, inputs: string[], attributes?: Node[3]): string {
    const name = `v${this.#nodes.length}`
    this.#nodes.push([operator, inputs, [name], attributes ?? {}])
    return name
  }

  /** Uniform, of variance 2 / `fanIn` (He et al. 2015). */
  weight(dims: readonly number[], fanIn: number): string {
    const name = `w${Object.keys(this.#weights).length}`
    const length = dims.reduce((product, dim) => product * dim, 1)
    const most = Math.sqrt(6 / fanIn)
    const values = Float32Array.from({ length }, () => most * this.#uniform())
    this.#weights[name] = {
      dtype: dtypes.float32,
      dims,
      bytes: new Uint8Array(values.buffer),
    }
    return name
  }

  conv(
    x: string,
    channels: number,
    filters: number,
    { size = 1, stride = 1, group = 1 } = {},
  ): string {
    const each = channels / group
    const pad = (size - 1) / 2
    return this.add(
      'Conv',
      [
        x,
        this.weight([filters, each, size, size], each * size * size),
        this.weight([filters], 1000),
      ],
      {
        group: { type: 'int', value: BigInt(group) },
        strides: ints(stride, stride),
        pads: ints(pad, pad, pad, pad),
      },
    )
  }

  /** ReLU6. */
  clipped(x: string): string {
    this.#weights['zero'] ??= scalar(0)
    this.#weights['six'] ??= scalar(6)
    return this.add('Clip', [x, 'zero', 'six'])
  }

  /** Pointwise to `wider` times the channels, depthwise, pointwise back, linear. */
  residual(
    x: string,
    channels: number,
    filters: number,
    { wider, stride }: { wider: number; stride: number },
  ): string {
    const hidden = wider * channels
    const wide = wider === 1 ? x : this.clipped(this.conv(x, channels, hidden))
    const deep = this.clipped(
      this.conv(wide, hidden, hidden, { size: 3, stride, group: hidden }),
    )
    return this.conv(deep, hidden, filters)
  }

  build(output: string): Uint8Array {
    return buildModel({
      opset: 17,
      inputs: { x: mobileNetDims },
      outputs: [output],
      weights: this.#weights,
      nodes: this.#nodes,
    })
  }

  /** From -1 to 1, the same ones each time. */
  #uniform(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0
    return this.#state / 2 ** 31 - 1
  }
}

function ints(...values: number[]) {
  return { type: 'ints', value: values.map(BigInt) } as const
}

function scalar(value: number): GraphTensor {
  return {
    dtype: dtypes.float32,
    dims: [],
    bytes: new Uint8Array(Float32Array.of(value).buffer),
  }
}

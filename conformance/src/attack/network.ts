import type { Graph, GraphNode } from '@lynode/sdk'

// A model as a function that can be differentiated, with what the bounds of
// docs/operators.md leave around each number: what an attacker inside the bounds
// computes with. Everything is as float64 makes it, rounded to float32 once an
// operator: an honest machine of high precision.

export type Value = { dims: readonly number[]; data: Float32Array }

/** How a provider that uses its room moves results. */
export type Attack = {
  /** Share of the room that it takes. */
  share: number
  /** Only results of these operators; default all. */
  operators?: ReadonlySet<string> | undefined
  /** Direction of each value that helps it: the objective's gradient. */
  gradients: ReadonlyMap<string, Float64Array>
}

const u = 2 ** -24
const gamma = (n: number): number => (n * u) / (1 - n * u)
const countOf = (dims: readonly number[]): number =>
  dims.reduce((count, dim) => count * dim, 1)

/** A result in float64 and the room on either side of each element. */
type Result = { dims: number[]; data: Float64Array; room?: Float64Array }

export class Network {
  private readonly weights: ReadonlyMap<string, Value>

  /** @param run Longest run of additions of the profile; 0: any number. */
  constructor(
    readonly graph: Graph,
    private readonly run: number,
  ) {
    this.weights = new Map(
      [...graph.weights].map(([name, { dims, bytes }]) => [
        name,
        { dims, data: new Float32Array(Uint8Array.from(bytes).buffer) },
      ]),
    )
  }

  /** All values of one run, each as a provider claims it. */
  forward(input: Value, attack?: Attack): Map<string, Value> {
    const values = new Map<string, Value>(this.weights)
    values.set(this.graph.inputs[0]?.name ?? '', input)
    for (const node of this.graph.nodes) {
      const inputs = node.inputs.map((name) => this.value(values, name))
      const { dims, data, room } = this.evaluate(node, inputs)
      const claimed = Float32Array.from(data)
      const name = node.outputs[0] ?? ''
      const gradient = attack?.gradients.get(name)
      const chosen = attack?.operators?.has(node.operator) ?? true
      if (attack && room && gradient && chosen)
        for (let i = 0; i < claimed.length; i++) {
          const [honest, reach] = [data[i] ?? 0, attack.share * (room[i] ?? 0)]
          // Rounding must not leave the interval.
          const step = Math.max(0, reach - 2 ** -23 * Math.abs(honest))
          claimed[i] = honest + Math.sign(gradient[i] ?? 0) * step
        }
      values.set(name, { dims, data: claimed })
    }
    return values
  }

  /**
   * Gradient of an objective over the last result with respect to every value.
   *
   * @param seed Gradient with respect to the result.
   */
  backward(
    values: ReadonlyMap<string, Value>,
    seed: ReadonlyMap<string, Float64Array>,
  ): Map<string, Float64Array> {
    const gradients = new Map(seed)
    for (const node of [...this.graph.nodes].reverse()) {
      const given = gradients.get(node.outputs[0] ?? '')
      if (given === undefined) continue
      const inputs = node.inputs.map((name) => this.value(values, name))
      const output = this.value(values, node.outputs[0] ?? '')
      this.pull(node, inputs, output, given).forEach((own, i) => {
        const name = node.inputs[i] ?? ''
        if (own === undefined || this.weights.has(name)) return
        const known = gradients.get(name)
        if (known === undefined) gradients.set(name, own)
        else for (let k = 0; k < own.length; k++) known[k]! += own[k]!
      })
    }
    return gradients
  }

  private value(values: ReadonlyMap<string, Value>, name: string): Value {
    const value = values.get(name)
    if (value === undefined) throw new Error(`no value ${name}`)
    return value
  }

  private roundings(terms: number): number {
    const { run } = this
    if (run === 0 || terms <= run) return terms
    return Math.min(terms, run + Math.ceil(terms / run))
  }

  private evaluate(node: GraphNode, inputs: readonly Value[]): Result {
    const [x, y] = inputs as [Value, Value]
    switch (node.operator) {
      case 'Conv':
        return this.conv(node, inputs)
      case 'Gemm':
        return this.gemm(inputs)
      case 'GlobalAveragePool':
        return this.globalAverage(x)
      case 'Softmax':
        return softmax(x)
      case 'MaxPool':
        return maxPool(node, x)
      case 'Reshape':
        return { dims: reshaped(x, y), data: Float64Array.from(x.data) }
      case 'Add':
        return broadcast(x, y, (a, b) => a + b)
      case 'Mul':
        return broadcast(x, y, (a, b) => a * b)
      case 'Div': {
        const result = broadcast(x, y, (a, b) => a / b)
        // 2 ulp.
        const room = result.data.map((value) => 2 ** -22 * Math.abs(value))
        return { ...result, room }
      }
      case 'Relu':
        return each(x, (value) => Math.max(value, 0))
      case 'Clip': {
        const [low, high] = limits(node, inputs)
        return each(x, (value) => Math.min(Math.max(value, low), high))
      }
      case 'HardSigmoid': {
        const [alpha, beta] = slopes(node)
        return each(x, (value) =>
          Math.max(0, Math.min(1, alpha * value + beta)),
        )
      }
      case 'Identity':
        return each(x, (value) => value)
      default:
        throw new Error(`the attack does not know ${node.operator}`)
    }
  }

  private pull(
    node: GraphNode,
    inputs: readonly Value[],
    output: Value,
    given: Float64Array,
  ): (Float64Array | undefined)[] {
    const [x, y] = inputs as [Value, Value]
    switch (node.operator) {
      case 'Conv': {
        const own = new Float64Array(x.data.length)
        convolve(node, x, inputs[1] as Value, output.dims, (o, i, w) => {
          own[i]! += given[o]! * (inputs[1] as Value).data[w]!
        })
        return [own]
      }
      case 'Gemm': {
        const columns = y.dims[1] ?? 1
        const own = new Float64Array(x.data.length)
        for (let i = 0; i < own.length; i++)
          for (let j = 0; j < columns; j++)
            own[i]! += given[j]! * y.data[i * columns + j]!
        return [own]
      }
      case 'GlobalAveragePool': {
        const size = countOf(x.dims.slice(2))
        return [
          Float64Array.from(
            x.data,
            (_, i) => given[Math.floor(i / size)]! / size,
          ),
        ]
      }
      case 'Softmax': {
        const mixed = given.reduce((sum, g, i) => sum + g * output.data[i]!, 0)
        return [given.map((g, i) => output.data[i]! * (g - mixed))]
      }
      case 'MaxPool': {
        const own = new Float64Array(x.data.length)
        windows(node, x, output.dims, (o, cells) => {
          const best = cells.reduce((a, b) => (x.data[b]! > x.data[a]! ? b : a))
          own[best]! += given[o]!
        })
        return [own]
      }
      case 'Reshape':
      case 'Identity':
        return [given]
      case 'Add':
        return [
          spread(x, output, given, () => 1),
          spread(y, output, given, () => 1),
        ]
      case 'Mul': {
        const [ofX, ofY] = [
          indexer(x.dims, output.dims),
          indexer(y.dims, output.dims),
        ]
        return [
          spread(x, output, given, (o) => y.data[ofY(o)]!),
          spread(y, output, given, (o) => x.data[ofX(o)]!),
        ]
      }
      case 'Div': {
        const ofY = indexer(y.dims, output.dims)
        return [spread(x, output, given, (o) => 1 / y.data[ofY(o)]!)]
      }
      case 'Relu':
        return [given.map((g, i) => (x.data[i]! > 0 ? g : 0))]
      case 'Clip': {
        const [low, high] = limits(node, inputs)
        return [
          given.map((g, i) => (x.data[i]! > low && x.data[i]! < high ? g : 0)),
        ]
      }
      case 'HardSigmoid': {
        const [alpha] = slopes(node)
        return [
          given.map((g, i) =>
            output.data[i]! > 0 && output.data[i]! < 1 ? alpha * g : 0,
          ),
        ]
      }
      default:
        throw new Error(`the attack does not know ${node.operator}`)
    }
  }

  private conv(node: GraphNode, [x, w, bias]: readonly Value[]): Result {
    if (x === undefined || w === undefined) throw new Error('Conv')
    const dims = convDims(node, x, w)
    const count = countOf(dims)
    const data = new Float64Array(count)
    const sizes = new Float64Array(count)
    const terms = new Uint32Array(count)
    const plane = countOf(dims.slice(2))
    if (bias)
      for (let o = 0; o < count; o++) {
        const value = bias.data[Math.floor(o / plane) % (dims[1] ?? 1)] ?? 0
        data[o] = value
        sizes[o] = Math.abs(value)
        terms[o] = 1
      }
    convolve(node, x, w, dims, (o, i, k) => {
      const term = x.data[i]! * w.data[k]!
      data[o]! += term
      sizes[o]! += Math.abs(term)
      terms[o]!++
    })
    const room = sizes.map((size, o) => gamma(this.roundings(terms[o]!)) * size)
    return { dims, data, room }
  }

  private gemm([x, w, bias]: readonly Value[]): Result {
    if (x === undefined || w === undefined) throw new Error('Gemm')
    const [terms = 1, columns = 1] = w.dims
    const data = new Float64Array(columns)
    const sizes = new Float64Array(columns)
    for (let j = 0; j < columns; j++) {
      const first = bias?.data[j] ?? 0
      data[j] = first
      sizes[j] = Math.abs(first)
      for (let i = 0; i < terms; i++) {
        const term = x.data[i]! * w.data[i * columns + j]!
        data[j]! += term
        sizes[j]! += Math.abs(term)
      }
    }
    const g = gamma(this.roundings(terms + (bias ? 1 : 0)))
    return { dims: [1, columns], data, room: sizes.map((size) => g * size) }
  }

  private globalAverage(x: Value): Result {
    const size = countOf(x.dims.slice(2))
    const count = x.data.length / size
    const data = new Float64Array(count)
    const room = new Float64Array(count)
    const g = gamma(this.roundings(size) + 2)
    for (let o = 0; o < count; o++) {
      for (let i = 0; i < size; i++) {
        data[o]! += x.data[o * size + i]! / size
        room[o]! += (g * Math.abs(x.data[o * size + i]!)) / size
      }
    }
    return { dims: x.dims.map((dim, k) => (k < 2 ? dim : 1)), data, room }
  }
}

function each(x: Value, of: (value: number) => number): Result {
  return { dims: [...x.dims], data: Float64Array.from(x.data, of) }
}

function softmax(x: Value): Result {
  const top = x.data.reduce((a, b) => Math.max(a, b), -Infinity)
  const powers = Float64Array.from(x.data, (value) => Math.exp(value - top))
  const sum = powers.reduce((a, b) => a + b, 0)
  const mixed =
    powers.reduce((total, e, i) => total + e * Math.abs(x.data[i]! - top), 0) /
    sum
  const data = powers.map((e) => e / sum)
  const room = data.map(
    (y, i) =>
      y * u * (2 * Math.abs(x.data[i]! - top) + 2 * mixed + data.length + 24),
  )
  return { dims: [...x.dims], data, room }
}

function maxPool(node: GraphNode, x: Value): Result {
  const kernel = ints(node, 'kernel_shape', [1, 1])
  const strides = ints(node, 'strides', [1, 1])
  const dims = [
    ...x.dims.slice(0, 2),
    ...kernel.map((size, k) =>
      Math.floor(((x.dims[k + 2] ?? 1) - size) / (strides[k] ?? 1) + 1),
    ),
  ]
  const data = new Float64Array(countOf(dims))
  windows(node, x, dims, (o, cells) => {
    data[o] = Math.max(...cells.map((i) => x.data[i]!))
  })
  return { dims, data }
}

/** Input cells of each output cell of a pool without padding. */
function windows(
  node: GraphNode,
  x: Value,
  dims: readonly number[],
  visit: (output: number, cells: number[]) => void,
): void {
  const [kh = 1, kw = 1] = ints(node, 'kernel_shape', [1, 1])
  const [sy = 1, sx = 1] = ints(node, 'strides', [1, 1])
  if (ints(node, 'pads', [0, 0, 0, 0]).some((pad) => pad !== 0))
    throw new Error('the attack knows no padded pools')
  const [, , height = 1, width = 1] = x.dims
  const [, , rows = 1, columns = 1] = dims
  for (let o = 0; o < countOf(dims); o++) {
    const plane = Math.floor(o / (rows * columns))
    const [r, c] = [Math.floor(o / columns) % rows, o % columns]
    const cells: number[] = []
    for (let i = 0; i < kh; i++)
      for (let j = 0; j < kw; j++)
        cells.push((plane * height + r * sy + i) * width + c * sx + j)
    visit(o, cells)
  }
}

function reshaped(x: Value, shape: Value): number[] {
  // Shapes of canonical models are constants; int64 words, low halves first.
  const words = new Int32Array(
    shape.data.buffer,
    shape.data.byteOffset,
    shape.data.length,
  )
  const dims = Array.from(words)
    .filter((_, i) => i % 2 === 0)
    .map((dim, k) => (dim === 0 ? (x.dims[k] ?? 1) : dim))
  const known = dims.filter((dim) => dim > 0).reduce((a, b) => a * b, 1)
  return dims.map((dim) => (dim < 0 ? x.data.length / known : dim))
}

/** Index of the element that broadcasting pairs with an output element. */
function indexer(
  dims: readonly number[],
  output: readonly number[],
): (o: number) => number {
  const offset = output.length - dims.length
  let stride = 1
  const axes: { size: number; below: number; stride: number }[] = []
  let below = 1
  for (let k = output.length - 1; k >= 0; k--) {
    const dim = k < offset ? 1 : (dims[k - offset] ?? 1)
    if (dim > 1) axes.push({ size: dim, below, stride })
    stride *= dim
    below *= output[k] ?? 1
  }
  return (o) =>
    axes.reduce(
      (index, axis) =>
        index + (Math.floor(o / axis.below) % axis.size) * axis.stride,
      0,
    )
}

function broadcast(
  x: Value,
  y: Value,
  of: (a: number, b: number) => number,
): Result {
  const rank = Math.max(x.dims.length, y.dims.length)
  const dims = Array.from({ length: rank }, (_, k) =>
    Math.max(
      x.dims[k - rank + x.dims.length] ?? 1,
      y.dims[k - rank + y.dims.length] ?? 1,
    ),
  )
  const [ofX, ofY] = [indexer(x.dims, dims), indexer(y.dims, dims)]
  const data = new Float64Array(countOf(dims))
  for (let o = 0; o < data.length; o++)
    data[o] = of(x.data[ofX(o)]!, y.data[ofY(o)]!)
  return { dims, data }
}

/** Sums what each element had a part in. */
function spread(
  x: Value,
  output: Value,
  given: Float64Array,
  factor: (o: number) => number,
): Float64Array {
  const own = new Float64Array(x.data.length)
  const index = indexer(x.dims, output.dims)
  for (let o = 0; o < given.length; o++) own[index(o)]! += given[o]! * factor(o)
  return own
}

function ints(node: GraphNode, name: string, fallback: number[]): number[] {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'ints' ? attribute.value.map(Number) : fallback
}

function slopes(node: GraphNode): [number, number] {
  const float = (name: string, fallback: number) => {
    const attribute = node.attributes.get(name)
    return attribute?.type === 'float' ? attribute.value : fallback
  }
  return [float('alpha', 0.2), float('beta', 0.5)]
}

/** Inputs since opset 11, attributes before. */
function limits(node: GraphNode, inputs: readonly Value[]): [number, number] {
  const float = (name: string, fallback: number) => {
    const attribute = node.attributes.get(name)
    return attribute?.type === 'float' ? attribute.value : fallback
  }
  return [
    inputs[1]?.data[0] ?? float('min', -Infinity),
    inputs[2]?.data[0] ?? float('max', Infinity),
  ]
}

function convDims(node: GraphNode, x: Value, w: Value): number[] {
  const strides = ints(node, 'strides', [1, 1])
  const pads = ints(node, 'pads', [0, 0, 0, 0])
  const spatial = [0, 1].map((k) =>
    Math.floor(
      ((x.dims[k + 2] ?? 1) +
        (pads[k] ?? 0) +
        (pads[k + 2] ?? 0) -
        (w.dims[k + 2] ?? 1)) /
        (strides[k] ?? 1) +
        1,
    ),
  )
  return [x.dims[0] ?? 1, w.dims[0] ?? 1, ...spatial]
}

/** Every product of a convolution without dilation: output, input and weight index. */
function convolve(
  node: GraphNode,
  x: Value,
  w: Value,
  dims: readonly number[],
  visit: (o: number, i: number, k: number) => void,
): void {
  if (ints(node, 'dilations', [1, 1]).some((size) => size !== 1))
    throw new Error('the attack knows no dilated convolutions')
  const [sy = 1, sx = 1] = ints(node, 'strides', [1, 1])
  const [top = 0, left = 0] = ints(node, 'pads', [0, 0, 0, 0])
  const [, channels = 1, height = 1, width = 1] = x.dims
  const [filters = 1, depth = 1, kh = 1, kw = 1] = w.dims
  const [, , rows = 1, columns = 1] = dims
  const perGroup = filters / (channels / depth)
  for (let f = 0; f < filters; f++) {
    const base = Math.floor(f / perGroup) * depth
    for (let c = 0; c < depth; c++)
      for (let i = 0; i < kh; i++)
        for (let j = 0; j < kw; j++) {
          const k = ((f * depth + c) * kh + i) * kw + j
          for (let r = 0; r < rows; r++) {
            const y = r * sy + i - top
            if (y < 0 || y >= height) continue
            const line = ((base + c) * height + y) * width
            for (let q = 0; q < columns; q++) {
              const z = q * sx + j - left
              if (z >= 0 && z < width)
                visit((f * rows + r) * columns + q, line + z, k)
            }
          }
        }
  }
}

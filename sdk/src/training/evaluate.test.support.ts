import type { Graph, GraphNode } from '../onnx/graph.js'
import { tensorData } from '../onnx/tensorData.js'
import { elementCount, rowMajorStrides } from '../tensor/tensorType.js'

/** A tensor in float64: integers and truths are numbers too. */
export type Wide = { dims: readonly number[]; data: Float64Array }

/** A tensor. */
export function wide(dims: readonly number[], data: ArrayLike<number>): Wide {
  return { dims, data: Float64Array.from(data) }
}

/**
 * Evaluates a graph in float64 by plain loops: what derivatives are compared
 * with, independent of any runtime.
 */
export function evaluate(
  graph: Pick<Graph, 'weights' | 'nodes'>,
  feeds: ReadonlyMap<string, Wide>,
): Map<string, Wide> {
  const values = new Map(feeds)
  for (const [name, tensor] of graph.weights)
    if (!values.has(name))
      values.set(
        name,
        wide(tensor.dims, Array.from(tensorData(tensor), Number)),
      )
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => values.get(name))
    const results = run(node, inputs as Wide[])
    node.outputs.forEach((name, i) => {
      values.set(name, results[i]!)
    })
  }
  return values
}

const unary: Record<string, (x: number, node: GraphNode) => number> = {
  Abs: Math.abs,
  Cast: (x) => x,
  Elu: (x, n) => (x > 0 ? x : floatAt(n, 'alpha', 1) * Math.expm1(x)),
  Erf: erf,
  Exp: Math.exp,
  Gelu: (x, n) => {
    const mode = n.attributes.get('approximate')
    return mode?.type === 'string' && mode.value === 'tanh'
      ? 0.5 *
          x *
          (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
      : 0.5 * x * (1 + erf(x * Math.SQRT1_2))
  },
  HardSigmoid: (x, n) =>
    Math.max(
      0,
      Math.min(1, floatAt(n, 'alpha', 0.2) * x + floatAt(n, 'beta', 0.5)),
    ),
  HardSwish: (x) => x * Math.max(0, Math.min(1, x / 6 + 0.5)),
  Identity: (x) => x,
  LeakyRelu: (x, n) => (x > 0 ? x : floatAt(n, 'alpha', 0.01) * x),
  Log: Math.log,
  Neg: (x) => -x,
  Not: (x) => (x === 0 ? 1 : 0),
  Reciprocal: (x) => 1 / x,
  Relu: (x) => Math.max(0, x),
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Sign: Math.sign,
  Softplus: (x) => Math.log1p(Math.exp(x)),
  Sqrt: Math.sqrt,
  Tanh: Math.tanh,
}

const binary: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  And: (a, b) => (a && b ? 1 : 0),
  Div: (a, b) => a / b,
  Equal: (a, b) => (a === b ? 1 : 0),
  Greater: (a, b) => (a > b ? 1 : 0),
  GreaterOrEqual: (a, b) => (a >= b ? 1 : 0),
  Less: (a, b) => (a < b ? 1 : 0),
  LessOrEqual: (a, b) => (a <= b ? 1 : 0),
  Max: Math.max,
  Min: Math.min,
  Mul: (a, b) => a * b,
  PRelu: (a, b) => (a > 0 ? a : a * b),
  Pow: (a, b) => a ** b,
  Sub: (a, b) => a - b,
  Sum: (a, b) => a + b,
  Mean: (a, b) => a + b,
}

function run(node: GraphNode, inputs: Wide[]): Wide[] {
  const [x, b, c] = inputs as [Wide, Wide, Wide]
  const { operator } = node
  const one = unary[operator]
  if (one !== undefined)
    return [{ dims: x.dims, data: x.data.map((v) => one(v, node)) }]
  const two = binary[operator]
  if (two !== undefined) {
    const all = inputs.reduce((left, right) =>
      zip([left, right], ([p, q]) => two(p!, q!)),
    )
    if (operator === 'Mean')
      return [{ dims: all.dims, data: all.data.map((v) => v / inputs.length) }]
    return [all]
  }
  const rank = x.dims.length
  const axis = (fallback: number) =>
    (intAt(node, 'axis', fallback) + rank) % rank
  switch (operator) {
    case 'Where':
      return [zip([x, b, c], ([t, p, q]) => (t ? p! : q!))]
    case 'Clip': {
      const [low, high] = [b?.data[0] ?? -Infinity, c?.data[0] ?? Infinity]
      return [
        {
          dims: x.dims,
          data: x.data.map((v) => Math.min(high, Math.max(low, v))),
        },
      ]
    }
    case 'Reshape':
    case 'Flatten':
    case 'Squeeze':
    case 'Unsqueeze':
      return [{ dims: reshaped(node, x, b), data: x.data }]
    case 'Expand':
      return [
        zip(
          [x, wide([...b.data], new Float64Array(elementCount([...b.data])))],
          ([p]) => p!,
        ),
      ]
    case 'Transpose': {
      const perm = intsAt(node, 'perm') ?? x.dims.map((_, k) => rank - 1 - k)
      const dims = perm.map((k) => x.dims[k]!)
      return [fill(dims, (at) => read(x, spread(perm, at)))]
    }
    case 'Concat': {
      const k = axis(0)
      const total = inputs.reduce((n, part) => n + part.dims[k]!, 0)
      return [
        fill(
          x.dims.map((d, i) => (i === k ? total : d)),
          (at) => {
            let from = at[k]!
            for (const part of inputs) {
              if (from < part.dims[k]!)
                return read(
                  part,
                  at.map((v, i) => (i === k ? from : v)),
                )
              from -= part.dims[k]!
            }
            return Number.NaN
          },
        ),
      ]
    }
    case 'Split': {
      const k = axis(0)
      const sizes = b
        ? [...b.data]
        : node.outputs.map(() => x.dims[k]! / node.outputs.length)
      let from = 0
      return sizes.map((size) => {
        const start = from
        from += size
        return fill(
          x.dims.map((d, i) => (i === k ? size : d)),
          (at) =>
            read(
              x,
              at.map((v, i) => (i === k ? v + start : v)),
            ),
        )
      })
    }
    case 'Slice': {
      const axes = inputs[3]
        ? [...inputs[3].data]
        : [...b.data].map((_, i) => i)
      const steps = inputs[4] ? [...inputs[4].data] : axes.map(() => 1)
      const from = x.dims.map(() => 0)
      const by = x.dims.map(() => 1)
      const dims = [...x.dims]
      axes.forEach((a, i) => {
        const k = (a + rank) % rank
        const length = x.dims[k]!
        const clampTo = (v: number) =>
          Math.min(length, Math.max(0, v < 0 ? v + length : v))
        from[k] = clampTo(b.data[i]!)
        by[k] = steps[i]!
        dims[k] = Math.ceil((clampTo(c.data[i]!) - from[k]!) / by[k]!)
      })
      return [
        fill(dims, (at) =>
          read(
            x,
            at.map((v, k) => from[k]! + v * by[k]!),
          ),
        ),
      ]
    }
    case 'Pad': {
      const value = c?.data[0] ?? 0
      const dims = x.dims.map((d, k) => d + b.data[k]! + b.data[k + rank]!)
      return [
        fill(dims, (at) => {
          const inner = at.map((v, k) => v - b.data[k]!)
          return inner.every((v, k) => v >= 0 && v < x.dims[k]!)
            ? read(x, inner)
            : value
        }),
      ]
    }
    case 'Tile':
      return [
        fill(
          x.dims.map((d, k) => d * b.data[k]!),
          (at) =>
            read(
              x,
              at.map((v, k) => v % x.dims[k]!),
            ),
        ),
      ]
    case 'Gather': {
      const k = axis(0)
      const read1 = b.dims.length
      const dims = [...x.dims.slice(0, k), ...b.dims, ...x.dims.slice(k + 1)]
      return [
        fill(dims, (at) => {
          const index = read(b, at.slice(k, k + read1))
          return read(x, [
            ...at.slice(0, k),
            (index + x.dims[k]!) % x.dims[k]!,
            ...at.slice(k + read1),
          ])
        }),
      ]
    }
    case 'MatMul':
      return [matMul(x, b)]
    case 'Gemm': {
      const turn = (t: Wide) =>
        run({ ...node, operator: 'Transpose', attributes: new Map() }, [t])[0]!
      const product = matMul(
        intAt(node, 'transA', 0) ? turn(x) : x,
        intAt(node, 'transB', 0) ? turn(b) : b,
      )
      const scaled = {
        ...product,
        data: product.data.map((v) => v * floatAt(node, 'alpha', 1)),
      }
      return [
        c
          ? zip([scaled, c], ([p, q]) => p! + floatAt(node, 'beta', 1) * q!)
          : scaled,
      ]
    }
    case 'ReduceSum':
    case 'ReduceMean':
    case 'GlobalAveragePool': {
      const all = x.dims.map((_, k) => k)
      const axes =
        operator === 'GlobalAveragePool'
          ? all.slice(2)
          : (intsAt(node, 'axes') ?? (b ? [...b.data] : all)).map(
              (k) => (k + rank) % rank,
            )
      const sum = reduce(x, axes, (total, v) => total + v, 0)
      const count =
        operator === 'ReduceSum' ? 1 : axes.reduce((n, k) => n * x.dims[k]!, 1)
      const keep = intAt(node, 'keepdims', 1) !== 0
      const dims = sum.dims.flatMap((d, k) =>
        keep || !axes.includes(k) ? [d] : [],
      )
      return [{ dims, data: sum.data.map((v) => v / count) }]
    }
    case 'Softmax': {
      const axes = [axis(-1)]
      const e = zip([x, reduce(x, axes, Math.max, -Infinity)], ([v, m]) =>
        Math.exp(v! - m!),
      )
      return [
        zip([e, reduce(e, axes, (t, v) => t + v, 0)], ([v, t]) => v! / t!),
      ]
    }
    case 'LayerNormalization': {
      const from = axis(-1)
      const axes = x.dims.flatMap((_, k) => (k >= from ? [k] : []))
      const n = axes.reduce((t, k) => t * x.dims[k]!, 1)
      const d = zip(
        [x, reduce(x, axes, (t, v) => t + v / n, 0)],
        ([v, m]) => v! - m!,
      )
      const variance = reduce(d, axes, (t, v) => t + (v * v) / n, 0)
      const y = zip(
        [d, variance, b],
        ([v, s, g]) =>
          (v! * g!) / Math.sqrt(s! + floatAt(node, 'epsilon', 1e-5)),
      )
      return [c ? zip([y, c], ([v, w]) => v! + w!) : y]
    }
    case 'ArgMax': {
      const k = axis(0)
      const best = reduce(x, [k], Math.max, -Infinity)
      const out = fill(best.dims, (at) => {
        for (let i = 0; ; i++)
          if (
            read(
              x,
              at.map((v, j) => (j === k ? i : v)),
            ) === read(best, at)
          )
            return i
      })
      return [
        intAt(node, 'keepdims', 1)
          ? out
          : { dims: out.dims.filter((_, j) => j !== k), data: out.data },
      ]
    }
    case 'Conv':
    case 'ConvTranspose':
    case 'MaxPool':
    case 'AveragePool':
      return [windowed(node, x, b, c)]
    default:
      throw new Error(`the reference has no ${operator}`)
  }
}

function reshaped(node: GraphNode, x: Wide, b: Wide | undefined): number[] {
  const rank = x.dims.length
  switch (node.operator) {
    case 'Flatten': {
      const k = intAt(node, 'axis', 1)
      return [elementCount(x.dims.slice(0, k)), elementCount(x.dims.slice(k))]
    }
    case 'Squeeze': {
      const axes = b ? [...b.data].map((k) => (k + rank) % rank) : undefined
      return x.dims.filter((d, k) => (axes ? !axes.includes(k) : d !== 1))
    }
    case 'Unsqueeze': {
      const dims = [...x.dims]
      const total = rank + b!.data.length
      for (const k of [...b!.data]
        .map((v) => (v + total) % total)
        .sort((p, q) => p - q))
        dims.splice(k, 0, 1)
      return dims
    }
    default: {
      const dims = [...b!.data].map((d, k) => (d === 0 ? x.dims[k]! : d))
      const known = dims.reduce((n, d) => (d === -1 ? n : n * d), 1)
      return dims.map((d) => (d === -1 ? x.data.length / known : d))
    }
  }
}

function windowed(
  node: GraphNode,
  x: Wide,
  w: Wide | undefined,
  bias: Wide | undefined,
): Wide {
  const rank = x.dims.length - 2
  const kernel = intsAt(node, 'kernel_shape') ?? w!.dims.slice(2)
  const ones = kernel.map(() => 1)
  const strides = intsAt(node, 'strides') ?? ones
  const dilations = intsAt(node, 'dilations') ?? ones
  const pads = intsAt(node, 'pads') ?? [...ones, ...ones].map(() => 0)
  const group = intAt(node, 'group', 1)
  const places = fill(kernel, () => 0)
  const taps: number[][] = []
  each(kernel, (at) => taps.push([...at]))
  void places
  if (node.operator === 'ConvTranspose') {
    const out = kernel.map(
      (k, i) =>
        (x.dims[i + 2]! - 1) * strides[i]! +
        (k - 1) * dilations[i]! +
        1 -
        pads[i]! -
        pads[i + rank]!,
    )
    const per = w!.dims[1]!
    const result = wide(
      [x.dims[0]!, per * group, ...out],
      new Float64Array(x.dims[0]! * per * group * elementCount(out)),
    )
    const strideOf = rowMajorStrides(result.dims)
    each(x.dims, (at) => {
      const [n, ch, ...cell] = at as [number, number, ...number[]]
      const g = Math.floor(ch / (x.dims[1]! / group))
      for (let m = 0; m < per; m++)
        for (const tap of taps) {
          const place = cell.map(
            (v, i) => v * strides[i]! + tap[i]! * dilations[i]! - pads[i]!,
          )
          if (place.some((v, i) => v < 0 || v >= out[i]!)) continue
          const to = [n, g * per + m, ...place].reduce(
            (t, v, i) => t + v * strideOf[i]!,
            0,
          )
          result.data[to]! += read(x, at) * read(w!, [ch, m, ...tap])
        }
    })
    return result
  }
  const cells = kernel.map(
    (k, i) =>
      Math.floor(
        (x.dims[i + 2]! +
          pads[i]! +
          pads[i + rank]! -
          (k - 1) * dilations[i]! -
          1) /
          strides[i]!,
      ) + 1,
  )
  const filters = node.operator === 'Conv' ? w!.dims[0]! : x.dims[1]!
  return fill([x.dims[0]!, filters, ...cells], (at) => {
    const [n, m, ...cell] = at as [number, number, ...number[]]
    let total = node.operator === 'MaxPool' ? -Infinity : (bias?.data[m] ?? 0)
    for (const tap of taps) {
      const place = cell.map(
        (v, i) => v * strides[i]! + tap[i]! * dilations[i]! - pads[i]!,
      )
      if (place.some((v, i) => v < 0 || v >= x.dims[i + 2]!)) continue
      if (node.operator === 'MaxPool')
        total = Math.max(total, read(x, [n, m, ...place]))
      else if (node.operator === 'AveragePool')
        total += read(x, [n, m, ...place]) / taps.length
      else {
        const per = w!.dims[1]!
        const g = Math.floor(m / (filters / group))
        for (let ch = 0; ch < per; ch++)
          total +=
            read(x, [n, g * per + ch, ...place]) * read(w!, [m, ch, ...tap])
      }
    }
    return total
  })
}

function matMul(a: Wide, b: Wide): Wide {
  const [m, k] = [a.dims.at(-2)!, a.dims.at(-1)!]
  const n = b.dims.at(-1)!
  const batch = broadcastDims([a.dims.slice(0, -2), b.dims.slice(0, -2)])
  return fill([...batch, m, n], (at) => {
    const outer = at.slice(0, -2)
    let total = 0
    for (let i = 0; i < k; i++)
      total +=
        readWide(a, [...outer, at.at(-2)!, i]) *
        readWide(b, [...outer, i, at.at(-1)!])
    return total
  })
}

function reduce(
  x: Wide,
  axes: readonly number[],
  join: (total: number, value: number) => number,
  start: number,
): Wide {
  const dims = x.dims.map((d, k) => (axes.includes(k) ? 1 : d))
  const strides = rowMajorStrides(dims)
  const data = new Float64Array(elementCount(dims)).fill(start)
  each(x.dims, (at) => {
    const to = at.reduce(
      (t, v, k) => t + (axes.includes(k) ? 0 : v * strides[k]!),
      0,
    )
    data[to] = join(data[to]!, read(x, at))
  })
  return { dims, data }
}

function zip(parts: readonly Wide[], join: (values: number[]) => number): Wide {
  const dims = broadcastDims(parts.map((part) => part.dims))
  return fill(dims, (at) => join(parts.map((part) => readWide(part, at))))
}

function broadcastDims(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((dims) => dims.length))
  return Array.from({ length: rank }, (_, k) =>
    Math.max(...shapes.map((dims) => dims[k - rank + dims.length] ?? 1)),
  )
}

/** Reads with broadcasting: trailing axes match. */
function readWide(x: Wide, at: readonly number[]): number {
  const extra = at.length - x.dims.length
  return read(
    x,
    x.dims.map((d, k) => (d === 1 ? 0 : at[k + extra]!)),
  )
}

function read(x: Wide, at: readonly number[]): number {
  let index = 0
  x.dims.forEach((d, k) => {
    index = index * d + at[k]!
  })
  return x.data[index]!
}

function fill(dims: readonly number[], value: (at: number[]) => number): Wide {
  const data = new Float64Array(elementCount(dims))
  let next = 0
  each(dims, (at) => {
    data[next++] = value(at)
  })
  return { dims, data }
}

function each(dims: readonly number[], visit: (at: number[]) => void): void {
  const at = dims.map(() => 0)
  for (let i = elementCount(dims); i > 0; i--) {
    visit(at)
    for (let k = dims.length - 1; k >= 0; k--) {
      at[k]!++
      if (at[k]! < dims[k]!) break
      at[k] = 0
    }
  }
}

function spread(perm: readonly number[], at: readonly number[]): number[] {
  const source: number[] = []
  perm.forEach((k, i) => {
    source[k] = at[i]!
  })
  return source
}

function intAt(node: GraphNode, name: string, fallback: number): number {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'int' ? Number(attribute.value) : fallback
}

function intsAt(node: GraphNode, name: string): number[] | undefined {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'ints' ? attribute.value.map(Number) : undefined
}

function floatAt(node: GraphNode, name: string, fallback: number): number {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'float' ? attribute.value : fallback
}

/** The error function by its series and, further out, its continued fraction. */
function erf(x: number): number {
  const z = Math.abs(x)
  if (z < 2.5) {
    let term = z
    let sum = z
    for (let n = 1; n < 100; n++) {
      term *= -(z * z) / n
      sum += term / (2 * n + 1)
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI)
  }
  let fraction = 0
  for (let n = 60; n > 0; n--) fraction = n / 2 / (z + fraction)
  return (
    Math.sign(x) *
    (1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * (z + fraction)))
  )
}

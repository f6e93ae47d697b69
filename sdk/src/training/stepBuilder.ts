import { operatorNode } from '../model/analyseGraph.js'
import type { KnownType } from '../model/foldNode.js'
import type { GraphNode, GraphTensor } from '../onnx/graph.js'
import { operatorOf } from '../operators/index.js'
import { type OperatorAttribute, OperatorError } from '../operators/operator.js'
import { elementCount } from '../tensor/tensorType.js'
import { type Dtype, dtypes } from '../types/tensorType.js'
import { untrainable } from './trainingErrors.js'

/** Most terms of a sum in what a backward pass adds to a graph. */
export const mostTerms = 2_048

/** How long the parts of a longer sum are. */
const partTerms = 1_024

type Attributes = Readonly<Record<string, OperatorAttribute>>

/**
 * Adds nodes behind a graph. Types follow from the operators' own forms, so that
 * nothing is built which no checker could judge.
 */
export class StepBuilder {
  readonly nodes: GraphNode[] = []
  readonly weights: Map<string, GraphTensor>
  readonly types: Map<string, KnownType>
  readonly opset: number
  readonly #constants = new Map<string, string>()
  #next = 0

  /**
   * @param types Types of all values of the graph.
   * @param weights Its constants.
   */
  constructor(
    opset: number,
    types: ReadonlyMap<string, KnownType>,
    weights: ReadonlyMap<string, GraphTensor>,
  ) {
    this.opset = opset
    this.types = new Map(types)
    this.weights = new Map(weights)
  }

  dims(name: string): readonly number[] {
    return this.#type(name).dims
  }

  dtype(name: string): Dtype {
    return this.#type(name).dtype
  }

  /** A node with one result; returns its name. @throws LynodeError LY-TRN-001 */
  op(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    output: string = this.#fresh(operator),
  ): string {
    const node: GraphNode = {
      name: output,
      operator,
      domain: '',
      inputs,
      outputs: [output],
      attributes: new Map(Object.entries(attributes)),
    }
    let type: KnownType | undefined
    try {
      type = operatorOf(operator)?.form(
        operatorNode(
          node,
          this.opset,
          inputs.map((name) => (name === '' ? undefined : this.#type(name))),
          inputs.map((name) => this.weights.get(name)),
        ),
      ).outputs[0]
    } catch (error) {
      if (error instanceof OperatorError)
        throw untrainable(`the step would need ${operator}: ${error.message}`)
      throw error
    }
    if (type === undefined) throw new Error(`no operator ${operator}`)
    this.types.set(output, type)
    this.nodes.push(node)
    return output
  }

  /** An input of the step graph; the caller declares it. */
  input(name: string, type: KnownType): string {
    this.types.set(name, type)
    return name
  }

  add = (a: string, b: string): string => this.op('Add', [a, b])
  sub = (a: string, b: string): string => this.op('Sub', [a, b])
  mul = (a: string, b: string): string => this.op('Mul', [a, b])
  div = (a: string, b: string): string => this.op('Div', [a, b])

  /** `x` times a number; nothing for 1. */
  scale(x: string, factor: number): string {
    return factor === 1 ? x : this.mul(x, this.float(factor))
  }

  /** `x` where a condition holds, `otherwise` (0) elsewhere. */
  where(condition: string, x: string, otherwise?: string): string {
    return this.op('Where', [condition, x, otherwise ?? this.float(0)])
  }

  /** A float constant without axes. */
  float(value: number): string {
    return this.constant(dtypes.float32, [], Float32Array.of(value))
  }

  /** A constant vector of 64-bit integers: shapes, axes, limits. */
  ints(values: readonly number[]): string {
    return this.constant(
      dtypes.int64,
      [values.length],
      BigInt64Array.from(values.map(BigInt)),
    )
  }

  /** A constant; equal ones share a name. */
  constant(
    dtype: Dtype,
    dims: readonly number[],
    content: ArrayBufferView,
  ): string {
    const bytes = new Uint8Array(
      content.buffer,
      content.byteOffset,
      content.byteLength,
    )
    const key =
      bytes.length <= 64 ? `${dtype}:${dims.join()}:${bytes.join()}` : undefined
    const known = key === undefined ? undefined : this.#constants.get(key)
    if (known !== undefined) return known
    const name = this.#fresh('constant')
    if (key !== undefined) this.#constants.set(key, name)
    this.weights.set(name, { dtype, dims, bytes })
    this.types.set(name, { dtype, dims })
    return name
  }

  reshape(x: string, dims: readonly number[]): string {
    if (sameDims(this.dims(x), dims)) return x
    return this.op('Reshape', [x, this.ints(dims)])
  }

  transpose(x: string, perm: readonly number[]): string {
    if (perm.every((axis, k) => axis === k)) return x
    return this.op('Transpose', [x], {
      perm: { type: 'ints', value: perm.map(BigInt) },
    })
  }

  cast(x: string, dtype: Dtype): string {
    if (this.dtype(x) === dtype) return x
    return this.op('Cast', [x], { to: { type: 'int', value: BigInt(dtype) } })
  }

  /** Elements `from`, `from + step`, ... before `to` along an axis. */
  slice(x: string, axis: number, from: number, to: number, step = 1): string {
    if (from === 0 && to === this.dims(x)[axis] && step === 1) return x
    return this.op('Slice', [
      x,
      ...[[from], [to], [axis], [step]].map((list) => this.ints(list)),
    ])
  }

  /** `value` around `x`. */
  pad(
    x: string,
    begins: readonly number[],
    ends: readonly number[],
    value = 0,
  ): string {
    if ([...begins, ...ends].every((width) => width === 0)) return x
    const widths = this.ints([...begins, ...ends])
    return this.op('Pad', [x, widths, this.float(value)])
  }

  concat(parts: readonly string[], axis: number): string {
    const [only, ...more] = parts
    if (only !== undefined && more.length === 0) return only
    return this.op('Concat', parts, {
      axis: { type: 'int', value: BigInt(axis) },
    })
  }

  /** Sum over axes, in stages where it has more than `mostTerms` terms. */
  sum(x: string, axes: readonly number[], keep = true): string {
    if (axes.length === 0) return x
    const dims = this.dims(x)
    const sorted = [...axes].sort((a, b) => a - b)
    const terms = sorted.reduce((n, axis) => n * (dims[axis] ?? 1), 1)
    if (terms > mostTerms) {
      const [last = 0, ...before] = sorted.reverse()
      const partial = this.#sumAxis(x, last)
      return this.sum(partial, [...before, last], keep)
    }
    return this.op('ReduceSum', [x, this.ints(sorted)], {
      keepdims: { type: 'int', value: keep ? 1n : 0n },
    })
  }

  /** `a @ b` over the last axis of `a`, in parts of at most `mostTerms` terms. */
  matMul(a: string, b: string): string {
    const axisA = this.dims(a).length - 1
    const axisB = this.dims(b).length - 2
    const terms = this.dims(a)[axisA] ?? 1
    let total: string | undefined
    for (let from = 0; from < terms; from += mostTerms) {
      const to = Math.min(terms, from + mostTerms)
      const part = this.op('MatMul', [
        this.slice(a, axisA, from, to),
        this.slice(b, axisB, from, to),
      ])
      total = total === undefined ? part : this.add(total, part)
    }
    return total ?? a
  }

  /** `x` with its last two axes swapped. */
  swap(x: string): string {
    const axes = this.dims(x).map((_, axis) => axis)
    return this.transpose(x, [
      ...axes.slice(0, -2),
      ...axes.slice(-2).reverse(),
    ])
  }

  /** One row of zeros with a 1 an index: float32 `[indices, classes]`. */
  oneHot(indices: string, classes: number): string {
    const count = elementCount(this.dims(indices))
    const dtype = this.dtype(indices)
    const all = Array.from({ length: classes }, (_, i) => i)
    const range = this.constant(
      dtype,
      [1, classes],
      dtype === dtypes.int64
        ? BigInt64Array.from(all.map(BigInt))
        : Int32Array.from(all),
    )
    const hit = this.op('Equal', [this.reshape(indices, [count, 1]), range])
    return this.cast(hit, dtypes.float32)
  }

  /** One axis, summed as far as one stage goes; it stays, perhaps longer than 1. */
  #sumAxis(x: string, axis: number): string {
    const dims = this.dims(x)
    const length = dims[axis] ?? 1
    if (length <= mostTerms)
      return this.op('ReduceSum', [x, this.ints([axis])], {
        keepdims: { type: 'int', value: 1n },
      })
    const parts = Math.ceil(length / partTerms)
    const padded = this.pad(
      x,
      dims.map(() => 0),
      dims.map((_, k) => (k === axis ? parts * partTerms - length : 0)),
    )
    const rows = this.reshape(padded, [
      ...dims.slice(0, axis),
      parts,
      partTerms,
      ...dims.slice(axis + 1),
    ])
    return this.op('ReduceSum', [rows, this.ints([axis + 1])], {
      keepdims: { type: 'int', value: 0n },
    })
  }

  #type(name: string): KnownType {
    const type = this.types.get(name)
    if (type === undefined) throw new Error(`no type of ${name}`)
    return type
  }

  #fresh(operator: string): string {
    for (;;) {
      const name = `step_${operator}_${this.#next++}`
      if (!this.types.has(name)) return name
    }
  }
}

/** Whether two shapes are one. */
export function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis])
}

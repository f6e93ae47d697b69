import type { GraphNode, GraphTensor } from '../../onnx/graph.js'
import type { OperatorAttribute } from '../../operators/operator.js'
import { dtypes } from '../../types/tensorType.js'
import { freshName } from '../simplifyGraph.js'

/** Writes the nodes that take the place of one, with fresh names. */
export class NodeBuilder {
  readonly nodes: GraphNode[] = []
  readonly weights: Map<string, GraphTensor> = new Map()

  /**
   * @param base Where fresh names start: the first result of the node replaced.
   * @param taken What has a name already.
   */
  constructor(
    private readonly base: string,
    private readonly taken: { has(name: string): boolean },
    readonly opset: number,
  ) {}

  /** A node with one result; returns its name. */
  add(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OperatorAttribute>> = {},
    output: string = this.fresh(operator),
  ): string {
    this.nodes.push({
      name: output,
      operator,
      domain: '',
      inputs,
      outputs: [output],
      attributes: new Map(Object.entries(attributes)),
    })
    return output
  }

  /** A constant vector of integers. */
  ints(values: readonly number[]): string {
    return this.constant({
      dtype: dtypes.int64,
      dims: [values.length],
      bytes: new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer),
    })
  }

  /** A constant integer without axes. */
  int(value: number): string {
    return this.constant({
      dtype: dtypes.int64,
      dims: [],
      bytes: new Uint8Array(BigInt64Array.of(BigInt(value)).buffer),
    })
  }

  /** A constant float without axes, or one of a shape that repeats it. */
  float(value: number, dims: readonly number[] = []): string {
    const count = dims.reduce((total, dim) => total * dim, 1)
    return this.constant({
      dtype: dtypes.float32,
      dims,
      bytes: new Uint8Array(new Float32Array(count).fill(value).buffer),
    })
  }

  reshape(x: string, dims: readonly number[], output?: string): string {
    return this.add('Reshape', [x, this.ints(dims)], {}, output)
  }

  transpose(x: string, perm: readonly number[]): string {
    return this.add('Transpose', [x], {
      perm: { type: 'ints', value: perm.map(BigInt) },
    })
  }

  /** Element `index` along an axis, which vanishes. */
  pick(x: string, axis: number, index: number): string {
    return this.add('Gather', [x, this.int(index)], {
      axis: { type: 'int', value: BigInt(axis) },
    })
  }

  /** Elements `from` to `to` (not included) along an axis. */
  slice(x: string, axis: number, from: number, to: number): string {
    const lists = [[from], [to], [axis]]
    if (this.opset > 9)
      return this.add('Slice', [x, ...lists.map((list) => this.ints(list))])
    const [starts, ends, axes] = lists.map((list) => ({
      type: 'ints' as const,
      value: list.map(BigInt),
    }))
    return this.add('Slice', [x], {
      ...(starts && { starts }),
      ...(ends && { ends }),
      ...(axes && { axes }),
    })
  }

  /** A reduction whose axes stay as 1, or vanish. */
  reduce(
    operator: 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin',
    x: string,
    axes: readonly number[],
    { keep = true, output }: { keep?: boolean; output?: string } = {},
  ): string {
    const keepdims = { type: 'int' as const, value: keep ? 1n : 0n }
    return this.opset >= (operator === 'ReduceSum' ? 13 : 18)
      ? this.add(operator, [x, this.ints(axes)], { keepdims }, output)
      : this.add(
          operator,
          [x],
          { keepdims, axes: { type: 'ints', value: axes.map(BigInt) } },
          output,
        )
  }

  /** One after the other along an axis. */
  concat(parts: readonly string[], axis: number): string {
    return this.add('Concat', parts, {
      axis: { type: 'int', value: BigInt(axis) },
    })
  }

  constant(tensor: GraphTensor): string {
    const name = this.fresh('constant')
    this.weights.set(name, tensor)
    return name
  }

  private readonly used = new Set<string>()

  private fresh(suffix: string): string {
    const name = freshName(`${this.base}_${suffix}_${this.used.size}`, [
      this.taken,
      this.used,
    ])
    this.used.add(name)
    return name
  }
}

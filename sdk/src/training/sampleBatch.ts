import { quote } from '../model/checkSize.js'
import type { GraphValue } from '../onnx/graph.js'
import { type Dtype, dtypes } from '../types/tensorType.js'
import type { StepBuilder } from './stepBuilder.js'
import { unfitOptions } from './trainingErrors.js'

/** A dataset that the steps read by an order. */
export type DataOptions = {
  /** Samples in the dataset (of one shard). */
  samples: number
  batch: number
  /** Rows of the order: most steps of a job. */
  rows: number
  /** How inputs are stored where not as the graph reads them: bytes, times `scale`, plus `shift`. */
  stored?:
    | Readonly<
        Record<
          string,
          {
            dtype: Dtype
            scale?: number | undefined
            shift?: number | undefined
          }
        >
      >
    | undefined
}

/**
 * Name of the order among the inputs of a step.
 *
 * @example
 * orderInput // 'order'
 */
export const orderInput = 'order'

/**
 * Name of the dataset behind an input of the forward graph.
 *
 * @example
 * dataInput('x') // name of the input that holds all of `x`
 */
export function dataInput(name: string): string {
  return `data_${name}`
}

/**
 * Reads a batch: a row of the order names the samples. Which ones a step reads
 * is thereby an exact check like any other.
 *
 * @param place The row of this step.
 * @returns The inputs of the step graph: datasets, then the order.
 */
export function sampleBatch(
  builder: StepBuilder,
  wanted: readonly GraphValue[],
  { samples, batch, rows, stored = {} }: DataOptions,
  place: string,
): GraphValue[] {
  for (const name of Object.keys(stored))
    if (!wanted.some((value) => value.name === name))
      throw unfitOptions(`no input ${quote(name)} is read from the dataset`)
  const order: GraphValue = {
    name: orderInput,
    dtype: dtypes.int32,
    dims: [rows, batch],
  }
  builder.input(order.name, { dtype: order.dtype, dims: [rows, batch] })
  const row = builder.op('Gather', [order.name, place], {
    axis: { type: 'int', value: 0n },
  })
  const limit = (value: number) =>
    builder.constant(dtypes.int32, [], Int32Array.of(value))
  const indices = builder.op('Clip', [
    builder.reshape(row, [batch]),
    limit(0),
    limit(samples - 1),
  ])
  const datasets = wanted.map(({ name, dtype, dims }): GraphValue => {
    const [first, ...rest] = dims as number[]
    if (first !== batch)
      throw unfitOptions(
        `input ${quote(name)} of shape [${dims?.join(', ')}] is no batch of ${batch}`,
      )
    const own = Object.hasOwn(stored, name) ? stored[name] : undefined
    const kept = own?.dtype ?? dtype
    const type = { dtype: kept, dims: [samples, ...rest] }
    builder.input(dataInput(name), type)
    let read = builder.op('Gather', [dataInput(name), indices], {
      axis: { type: 'int', value: 0n },
    })
    if (kept !== dtype) read = builder.cast(read, dtype)
    if (own?.scale !== undefined) read = builder.scale(read, own.scale)
    if (own?.shift !== undefined)
      read = builder.add(read, builder.float(own.shift))
    builder.op('Identity', [read], {}, name)
    return { name: dataInput(name), ...type }
  })
  return [...datasets, order]
}

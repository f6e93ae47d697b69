import { encodeOnnx } from '../onnx/encodeOnnx.js'
import type { GraphValue } from '../onnx/graph.js'
import { dtypes } from '../types/tensorType.js'
import { clampSubnormals } from './clampSubnormals.js'
import { StepBuilder } from './stepBuilder.js'
import { unfitOptions } from './trainingErrors.js'

export type AverageOptions = {
  /** Numbers in the flat vector of a step's `parameters`. */
  parameters: number
  /** Jobs of a round, at most 64. */
  workers: number
  /** Outer learning rate. Default 0.7. */
  rate?: number | undefined
  /** Outer Nesterov momentum. Default 0.9. */
  momentum?: number | undefined
}

/** The parameters that a worker ended with, among the inputs of the average. */
export function workerInput(slot: number): string {
  return `worker_${slot}`
}

const mostWorkers = 64

/**
 * The graph that ends a round: what the workers moved on average is a gradient
 * for an outer step with Nesterov momentum (DiLoCo). `share` says how much each
 * of them counts, so that one graph serves a round in which some are missing.
 * Everything is elementwise. It carries nothing: which round follows which is
 * said by the roots of its inputs.
 *
 * @returns The ONNX file, for `canonicalise`.
 * @throws LynodeError LY-TRN-002 when the options cannot be.
 * @example
 * const model = buildAverageStep({ parameters: 101_770, workers: 4 })
 */
export function buildAverageStep(options: AverageOptions): Uint8Array {
  const { parameters: size, workers, rate = 0.7, momentum = 0.9 } = options
  if (!Number.isSafeInteger(size) || size < 1)
    throw unfitOptions(`${size} parameters`)
  if (!Number.isSafeInteger(workers) || workers < 1 || workers > mostWorkers)
    throw unfitOptions(
      `a round has 1 to ${mostWorkers} workers, not ${workers}`,
    )
  if (!(rate > 0) || !(momentum >= 0 && momentum < 1))
    throw unfitOptions(`an outer rate of ${rate} and momentum of ${momentum}`)
  const vector = { dtype: dtypes.float32, dims: [size] } as const
  const inputs = [
    { name: 'parameters', ...vector },
    { name: 'momentum', ...vector },
    { name: 'share', dtype: dtypes.float32, dims: [workers] },
    ...Array.from({ length: workers }, (_, slot) => ({
      name: workerInput(slot),
      ...vector,
    })),
  ] satisfies GraphValue[]
  const builder = new StepBuilder(17, new Map(), new Map())
  for (const { name, ...type } of inputs) builder.input(name, type)

  let moved: string | undefined
  for (let slot = 0; slot < workers; slot++) {
    const part = builder.mul(
      builder.sub('parameters', workerInput(slot)),
      builder.slice('share', 0, slot, slot + 1),
    )
    moved = moved === undefined ? part : builder.add(moved, part)
  }
  const gradient = moved ?? 'parameters'
  const velocity = clampSubnormals(
    builder,
    builder.add(builder.scale('momentum', momentum), gradient),
  )
  const ahead = builder.add(gradient, builder.scale(velocity, momentum))
  const averaged = builder.sub('parameters', builder.scale(ahead, rate))
  for (const [from, name] of [
    [averaged, 'parameters_next'],
    [velocity, 'momentum_next'],
  ] as const)
    builder.op('Identity', [from], {}, name)
  const outputs = ['parameters_next', 'momentum_next']
  return encodeOnnx({
    opset: builder.opset,
    irVersion: 8,
    inputs,
    outputs,
    weights: builder.weights,
    nodes: builder.nodes,
    declared: new Map(outputs.map((name) => [name, { name, ...vector }])),
    metadata: new Map(),
  })
}

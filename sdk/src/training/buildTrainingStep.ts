import { analyseGraph } from '../model/analyseGraph.js'
import { bindShapes, type Shapes } from '../model/bindShapes.js'
import { quote } from '../model/checkSize.js'
import { expandComposites } from '../model/expandComposites.js'
import type { KnownType } from '../model/foldNode.js'
import { carryKey, segmentKey } from '../model/metadata.js'
import { requireCovered } from '../model/requireCovered.js'
import { keepNeeded, simplifyGraph } from '../model/simplifyGraph.js'
import { encodeOnnx } from '../onnx/encodeOnnx.js'
import type { Graph, GraphTensor, GraphValue } from '../onnx/graph.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import { dtypes } from '../types/tensorType.js'
import { clipByNorm } from './clipByNorm.js'
import { differentiate } from './differentiate.js'
import { explicitPads } from './explicitPads.js'
import {
  type FlatParameter,
  flatParameters,
  flatValues,
} from './flatParameters.js'
import { gemmWithBias } from './gemmWithBias.js'
import { binaryCrossEntropy } from './losses/binaryCrossEntropy.js'
import type { BuiltLoss, LossOptions } from './losses/loss.js'
import { meanSquaredError } from './losses/meanSquaredError.js'
import { softmaxCrossEntropy } from './losses/softmaxCrossEntropy.js'
import { adam } from './optimisers/adam.js'
import type { OptimiserOptions } from './optimisers/optimiser.js'
import { sgd } from './optimisers/sgd.js'
import { refuseRandomness } from './refuseRandomness.js'
import { type DataOptions, sampleBatch } from './sampleBatch.js'
import { type Schedule, scheduleRates } from './schedule.js'
import { StepBuilder } from './stepBuilder.js'
import { unfitOptions } from './trainingErrors.js'

export type TrainingStepOptions = {
  /** The forward model as an ONNX file (operator set 13 or newer). */
  graph: Uint8Array
  loss: LossOptions
  optimiser: OptimiserOptions
  schedule: Schedule
  /** Most that the gradient's norm may be. */
  clip?: number | undefined
  /** Names of the initialisers to train, or which; default all floats. Others are frozen. */
  trainable?: readonly string[] | ((name: string) => boolean) | undefined
  /** Sizes for dynamic inputs, the batch among them. */
  shapes?: Shapes | undefined
  /** Reads each batch from a dataset by an order; without it batches are inputs of each step. */
  data?: DataOptions | undefined
  /** Steps that one checkpoint covers, 1 to 128 (B8). Default 1. */
  segment?: number | undefined
}

/** An ordinary ONNX graph of one training step. */
export type TrainingStep = {
  /** The file, for `canonicalise`; carry and segment are in its metadata. */
  model: Uint8Array
  /** Where the trained initialisers are in the flat vector `parameters`. */
  parameters: readonly FlatParameter[]
  /** Carried inputs as they are before the first step, by name. */
  state: ReadonlyMap<string, GraphTensor>
  /** Inputs that are not carried, with their types: batches, or dataset and order. */
  inputs: readonly GraphValue[]
}

/** Operator sets that backward nodes are written for. */
const least = 13

/**
 * Adds loss, backward pass and optimiser to a forward graph. The state is flat
 * vectors (`parameters` and the optimiser's moments), a counter `step` for the
 * schedule and, with `data`, a counter `row` for the order; all are carried.
 * The outputs are the state after the step, and `loss`.
 *
 * @throws LynodeError LY-TRN-001 when something has no gradient rule, LY-TRN-002
 * when the options do not fit the graph; LY-MDL-001 to -003 as `prepareModel`.
 * @example
 * const step = buildTrainingStep({
 *   graph,
 *   loss: { kind: 'meanSquaredError', output: 'y' },
 *   optimiser: { kind: 'adam' },
 *   schedule: { rate: 1e-3, steps: 1_000 },
 *   data: { samples: 8, batch: 1, rows: 1_000 },
 * })
 */
export function buildTrainingStep(options: TrainingStepOptions): TrainingStep {
  const { loss, optimiser, schedule, clip, data, segment = 1 } = options
  if (!Number.isSafeInteger(segment) || segment < 1 || segment > 128)
    throw unfitOptions(`a segment has 1 to 128 steps, not ${segment}`)
  if (clip !== undefined && !(clip > 0))
    throw unfitOptions(`a norm of at most ${clip}`)
  const forward = forwardGraph(options)
  const { graph, types, layout, initial } = forward
  const rates = scheduleRates(schedule)
  const builder = new StepBuilder(graph.opset, types, graph.weights)
  const carried: Carried[] = []
  const carry = (name: string, tensor: GraphTensor): string => {
    carried.push({ name, tensor, next: '' })
    return builder.input(name, tensor)
  }
  const follow = (name: string, next: string): void => {
    for (const entry of carried) if (entry.name === name) entry.next = next
  }

  // The state.
  const parameters = carry('parameters', initial)
  const method = optimiser.kind === 'sgd' ? sgd(optimiser) : adam(optimiser)
  const zero = { ...initial, bytes: new Uint8Array(initial.bytes.length) }
  const moments = method.moments.map((name) => carry(name, zero))
  const step = carry('step', counter())
  const one = builder.constant(dtypes.int32, [1], Int32Array.of(1))
  follow('step', builder.add(step, one))
  const at = clipped(builder, step, rates.length)
  const table = (values: readonly number[]): string =>
    builder.op('Gather', [
      builder.constant(
        dtypes.float32,
        [values.length],
        Float32Array.from(values),
      ),
      at,
    ])

  // The batch.
  const inputs: GraphValue[] = []
  const wanted = [
    ...graph.inputs.filter(({ name }) => !forward.trained.has(name)),
  ]
  const goal = goalOf(loss, builder)
  if (goal !== undefined) wanted.push(goal)
  if (data === undefined)
    for (const value of wanted) {
      builder.input(value.name, value as KnownType)
      inputs.push(value)
    }
  else {
    const row = carry('row', counter())
    follow('row', builder.add(row, one))
    const place = clipped(builder, row, data.rows)
    inputs.push(...sampleBatch(builder, wanted, data, place))
  }

  // Forward, loss, backward.
  for (const { name, dims, offset, size } of layout)
    builder.op(
      'Reshape',
      [builder.slice(parameters, 0, offset, offset + size), builder.ints(dims)],
      {},
      name,
    )
  builder.nodes.push(...graph.nodes)
  const built = addLoss(builder, loss, goal?.name ?? '')
  const gradients = differentiate(
    builder,
    graph.nodes,
    new Map([built.seed]),
    layout.map(({ name }) => name),
  )
  const parts = layout.map(({ name, size }) =>
    builder.reshape(gradients.get(name) ?? '', [size]),
  )
  const whole = builder.concat(parts, 0)
  const gradient = clip === undefined ? whole : clipByNorm(builder, whole, clip)

  // The state after the step.
  const updated = method.update({
    builder,
    parameters,
    gradient,
    moments,
    table,
    rates,
  })
  follow('parameters', updated.parameters)
  method.moments.forEach((name, i) => {
    follow(name, updated.moments[i] ?? '')
  })
  const made = keepNeeded({
    opset: graph.opset,
    irVersion: graph.irVersion,
    inputs: [
      ...carried.map(({ name, tensor: { dtype, dims } }) => ({
        name,
        dtype,
        dims,
      })),
      ...inputs,
    ],
    weights: builder.weights,
    nodes: builder.nodes,
    ...named(builder, carried, built.loss, segment),
  })
  return {
    model: encodeOnnx(made),
    parameters: layout,
    state: new Map(carried.map(({ name, tensor }) => [name, tensor])),
    inputs,
  }
}

type Carried = { name: string; tensor: GraphTensor; next: string }

/** The forward graph, trained initialisers turned into values that nodes will give. */
function forwardGraph(options: TrainingStepOptions): {
  graph: Graph
  types: ReadonlyMap<string, KnownType>
  layout: FlatParameter[]
  initial: GraphTensor
  trained: ReadonlySet<string>
} {
  const source = parseOnnx(options.graph)
  if (source.opset < least)
    throw unfitOptions(
      `the graph is of operator set ${source.opset}: export it with ${least} or newer`,
    )
  refuseRandomness(source)
  const layout = flatParameters(source, options.trainable)
  const trained = new Set(layout.map(({ name }) => name))
  const initial = flatValues(source, layout)
  const batched = bindShapes(
    withBatch(explicitPads(source, trained), options.data?.batch),
    options.shapes,
  )
  const open: Graph = {
    ...batched,
    declared: new Map(),
    inputs: [
      ...batched.inputs,
      ...layout.map(({ name, dims }) => ({
        name,
        dtype: dtypes.float32,
        dims,
      })),
    ],
    weights: new Map(
      [...batched.weights].filter(([name]) => !trained.has(name)),
    ),
  }
  const { graph: expanded, reasons } = expandComposites(open)
  const first = analyseGraph(expanded, 'source')
  requireCovered(expanded.nodes, first, reasons)
  const simple = simplifyGraph(expanded, first)
  const graph = gemmWithBias(simple, analyseGraph(simple, 'optimised').types)
  const { types } = analyseGraph(graph, 'optimised')
  return { graph, types, layout, initial, trained }
}

/** A first dimension without a size is the batch. */
function withBatch(graph: Graph, batch: number | undefined): Graph {
  if (batch === undefined) return graph
  return {
    ...graph,
    inputs: graph.inputs.map((input) =>
      input.dims?.[0] === undefined && input.dims !== undefined
        ? { ...input, dims: [batch, ...input.dims.slice(1)] }
        : input,
    ),
  }
}

function counter(): GraphTensor {
  return { dtype: dtypes.int32, dims: [1], bytes: new Uint8Array(4) }
}

/** A counter that stays in range (C5). */
function clipped(builder: StepBuilder, x: string, count: number): string {
  const limit = (value: number) =>
    builder.constant(dtypes.int32, [], Int32Array.of(value))
  return builder.op('Clip', [x, limit(0), limit(count - 1)])
}

/** What the loss compares a value with: an input that the graph does not have. */
function goalOf(
  loss: LossOptions,
  builder: StepBuilder,
): (GraphValue & { dims: readonly number[] }) | undefined {
  if (loss.kind === 'output') return undefined
  const value = loss.kind === 'meanSquaredError' ? loss.output : loss.logits
  const type = builder.types.get(value)
  if (type === undefined)
    throw unfitOptions(`the graph has no value ${quote(value)}`)
  const classes = loss.kind === 'softmaxCrossEntropy'
  const name =
    (classes ? loss.labels : loss.target) ?? (classes ? 'labels' : 'target')
  if (builder.types.has(name))
    throw unfitOptions(`the graph has a value ${quote(name)} already`)
  return classes
    ? { name, dtype: dtypes.int32, dims: type.dims.slice(0, -1) }
    : { name, dtype: dtypes.float32, dims: type.dims }
}

function addLoss(
  builder: StepBuilder,
  loss: LossOptions,
  goal: string,
): BuiltLoss {
  switch (loss.kind) {
    case 'softmaxCrossEntropy':
      return softmaxCrossEntropy(builder, loss.logits, goal)
    case 'meanSquaredError':
      return meanSquaredError(builder, loss.output, goal)
    case 'binaryCrossEntropy':
      return binaryCrossEntropy(builder, loss.logits, goal)
    case 'output': {
      const dims = builder.types.get(loss.output)?.dims
      if (dims === undefined || dims.some((dim) => dim !== 1))
        throw unfitOptions(`the loss ${quote(loss.output)} is not one number`)
      const ones = builder.constant(dtypes.float32, dims, Float32Array.of(1))
      return {
        loss: builder.reshape(loss.output, [1]),
        seed: [loss.output, ones],
      }
    }
  }
}

/** Outputs under names of their own, and what the metadata says of them. */
function named(
  builder: StepBuilder,
  carried: readonly Carried[],
  loss: string,
  segment: number,
): Pick<Graph, 'outputs' | 'declared' | 'metadata'> {
  const outputs = [
    ...carried.map(({ name, next }) => [`${name}_next`, next] as const),
    ['loss', loss] as const,
  ]
  const declared = new Map<string, GraphValue>()
  for (const [name, from] of outputs) {
    builder.op('Identity', [from], {}, name)
    declared.set(name, {
      name,
      dtype: builder.dtype(name),
      dims: builder.dims(name),
    })
  }
  return {
    outputs: outputs.map(([name]) => name),
    declared,
    metadata: new Map([
      [
        carryKey,
        JSON.stringify(carried.map(({ name }) => [`${name}_next`, name])),
      ],
      [segmentKey, `${segment}`],
    ]),
  }
}

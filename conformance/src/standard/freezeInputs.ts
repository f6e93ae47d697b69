import type { Graph, GraphTensor } from '@lynode/sdk'

/**
 * Operands that are parameters, not data: shapes, axes, indices, limits, scales.
 * The standard's cases feed them as inputs, which a requester could choose freely;
 * the protocol takes many of them as constants of the model only (RULES C5).
 */
const parameters: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [1, 2, 3, 4],
  Clip: [1, 2],
  Conv: [1, 2],
  ConvInteger: [1, 2, 3],
  ConvTranspose: [1, 2],
  ConstantOfShape: [0],
  CumSum: [1],
  DequantizeLinear: [1, 2],
  Div: [1],
  Dropout: [1, 2],
  Expand: [1],
  GRU: [1, 2, 3, 4, 5],
  Gather: [1],
  GatherElements: [1],
  GatherND: [1],
  InstanceNormalization: [1, 2],
  LSTM: [1, 2, 3, 4, 5, 6, 7],
  MatMulInteger: [1, 2, 3],
  Mod: [1],
  Pad: [1, 2, 3],
  Pow: [1],
  QLinearConv: [1, 2, 3, 4, 5, 6, 7, 8],
  QLinearMatMul: [1, 2, 3, 4, 5, 6, 7],
  QuantizeLinear: [1, 2],
  Range: [0, 1, 2],
  ReduceL1: [1],
  ReduceL2: [1],
  ReduceLogSum: [1],
  ReduceLogSumExp: [1],
  ReduceMax: [1],
  ReduceMean: [1],
  ReduceMin: [1],
  ReduceProd: [1],
  ReduceSum: [1],
  ReduceSumSquare: [1],
  Reshape: [1],
  Resize: [1, 2, 3],
  ScatterElements: [1],
  ScatterND: [1],
  Slice: [1, 2, 3, 4],
  Split: [1],
  Squeeze: [1],
  Tile: [1],
  TopK: [1],
  Trilu: [1],
  Unsqueeze: [1],
  Upsample: [1],
}

/**
 * The graph with the inputs that are parameters made weights, as in a model that
 * somebody publishes. The first input always stays one.
 *
 * @returns `undefined` when there is nothing to freeze.
 */
export function freezeInputs(
  graph: Graph,
  given: ReadonlyMap<string, GraphTensor>,
): { graph: Graph; frozen: string[] } | undefined {
  const names = new Set<string>()
  for (const node of graph.nodes)
    for (const place of parameters[node.operator] ?? []) {
      const name = node.inputs[place]
      if (name) names.add(name)
    }
  const frozen = graph.inputs.flatMap(({ name }, i) =>
    i > 0 && names.has(name) && given.has(name) ? [name] : [],
  )
  if (frozen.length === 0) return undefined
  const weights = new Map(graph.weights)
  for (const name of frozen) {
    const tensor = given.get(name)
    if (tensor !== undefined) weights.set(name, tensor)
  }
  return {
    graph: {
      ...graph,
      weights,
      inputs: graph.inputs.filter(({ name }) => !frozen.includes(name)),
    },
    frozen,
  }
}

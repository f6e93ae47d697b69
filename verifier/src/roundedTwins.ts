import {
  type Dtype,
  dtypes,
  type GraphNode,
  type GraphTensor,
} from '@lynode/sdk'

/** Before the names of what the second run makes. */
export const roundedPrefix = 'lynode/rounded/'

/** One unit in the last place of 1. */
const ulp = 2 ** -23

/**
 * The same nodes once more, every float32 result of theirs moved by a unit in its
 * last place, up, down or not at all: what another machine's rounding may do, at
 * every node, carried on to the end.
 */
export function roundedTwins(
  nodes: readonly GraphNode[],
  typeOf: (name: string) => { dtype: Dtype; dims: readonly number[] },
): { nodes: GraphNode[]; weights: Map<string, GraphTensor> } {
  const made = new Set(nodes.flatMap(({ outputs }) => outputs))
  made.delete('') // an optional one that is left out
  const weights = new Map<string, GraphTensor>()
  const twin = (name: string) => (made.has(name) ? roundedPrefix + name : name)
  const twins = nodes.flatMap((node) => {
    const moves: GraphNode[] = []
    const outputs = node.outputs.map((name) => {
      if (!made.has(name) || typeOf(name).dtype !== dtypes.float32)
        return twin(name)
      const exact = `${twin(name)}/exact`
      const width = typeOf(name).dims.at(-1)
      const factor = `lynode/noise/${width ?? 'scalar'}`
      if (!weights.has(factor)) weights.set(factor, factors(width))
      moves.push({
        name: `${exact}/move`,
        operator: 'Mul',
        domain: '',
        inputs: [exact, factor],
        outputs: [twin(name)],
        attributes: new Map(),
      })
      return exact
    })
    const name = roundedPrefix + node.name
    return [{ ...node, name, inputs: node.inputs.map(twin), outputs }, ...moves]
  })
  return { nodes: twins, weights }
}

/** Factors along the last axis: 1, or a unit in its last place beside it; the same every time. */
function factors(width: number | undefined): GraphTensor {
  let state = 1
  const values = Float32Array.from({ length: width ?? 1 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return 1 + (((state >>> 16) % 3) - 1) * ulp
  })
  return {
    dtype: dtypes.float32,
    dims: width === undefined ? [] : [width],
    bytes: new Uint8Array(values.buffer),
  }
}

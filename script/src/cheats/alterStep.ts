import { dtypes, encodeOnnx, type GraphNode, parseOnnx } from '@lynode/sdk'

/** Added to one gradient: far outside of what rounding explains. */
const delta = 0.5

/**
 * Rewrites a training step so that the result of one product of matrices is
 * wrong, at one step alone. What was right is nowhere among the outputs, and
 * everything behind it follows.
 *
 * @param at - Value of the counter `step` at which it cheats.
 */
export function alterStep(at: number): (model: Uint8Array) => Uint8Array {
  return (model) => {
    const graph = parseOnnx(model)
    const products = graph.nodes.filter(({ operator }) => operator === 'MatMul')
    const target = products.at(-1)
    const [output] = target?.outputs ?? []
    if (
      target === undefined ||
      output === undefined ||
      !graph.inputs.some(({ name }) => name === 'step')
    )
      return model
    const name = (suffix: string) => `${output}/${suffix}`
    const made = (
      operator: string,
      inputs: string[],
      result: string,
      to?: number,
    ): GraphNode => ({
      name: `${result}/alteration`,
      operator,
      domain: '',
      inputs,
      outputs: [result],
      attributes: new Map(
        to === undefined ? [] : [['to', { type: 'int', value: BigInt(to) }]],
      ),
    })
    const weights = new Map(graph.weights)
      .set(name('when'), {
        dtype: dtypes.int32,
        dims: [1],
        bytes: new Uint8Array(Int32Array.of(at).buffer),
      })
      .set(name('delta'), {
        dtype: dtypes.float32,
        dims: [1],
        bytes: new Uint8Array(Float32Array.of(delta).buffer),
      })
    return encodeOnnx({
      ...graph,
      weights,
      nodes: graph.nodes.flatMap((node) =>
        node === target
          ? [
              { ...node, outputs: [name('unaltered')] },
              made('Equal', ['step', name('when')], name('now')),
              made('Cast', [name('now')], name('flag'), dtypes.float32),
              made('Mul', [name('flag'), name('delta')], name('shift')),
              made('Add', [name('unaltered'), name('shift')], output),
            ]
          : [node],
      ),
    })
  }
}

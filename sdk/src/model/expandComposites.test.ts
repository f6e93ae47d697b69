import { describe, expect, test } from 'vitest'
import { buildModel, floats } from '../onnx/buildModel.js'
import { encodeOnnx } from '../onnx/encodeOnnx.js'
import type { Graph, GraphNode, Subgraph } from '../onnx/graph.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import { dtypes } from '../types/tensorType.js'
import { analyseGraph } from './analyseGraph.js'
import { bindConstants } from './bindConstants.js'
import { expandComposites } from './expandComposites.js'

const node = (
  operator: string,
  inputs: string[],
  outputs: string[],
): GraphNode => ({
  name: '',
  operator,
  domain: '',
  inputs,
  outputs,
  attributes: new Map(),
})

/** A branch whose inner value has the same name in both branches and outside. */
const branch = (operator: string): Subgraph => ({
  inputs: [],
  outputs: ['r'],
  weights: new Map([['w', floats([2], [1, 2])]]),
  nodes: [node('Add', ['x', 'w'], ['m']), node(operator, ['m'], ['r'])],
})

/** y = If(flag) of x, where a value m is around it too. */
function conditional(): Graph {
  const base = parseOnnx(
    buildModel({
      inputs: { x: [2] },
      outputs: ['y'],
      nodes: [
        ['Abs', ['x'], ['m']],
        ['Add', ['m', 'x'], ['y']],
      ],
    }),
  )
  return {
    ...base,
    inputs: [...base.inputs, { name: 'flag', dtype: dtypes.bool, dims: [] }],
    nodes: [
      node('Abs', ['x'], ['m']),
      {
        ...node('If', ['flag'], ['s']),
        attributes: new Map([
          ['then_branch', { type: 'graph', value: branch('Relu') }],
          ['else_branch', { type: 'graph', value: branch('Neg') }],
        ]),
      },
      node('Add', ['m', 's'], ['y']),
    ],
  }
}

describe('If', () => {
  test.each([
    [1, 'Relu'],
    [0, 'Neg'],
  ])('default: a constant condition of %s leaves %s', (flag, kept) => {
    const { graph, expansions } = expandComposites(
      bindConstants(conditional(), { flag: [flag] }),
    )
    expect(expansions.map(({ operator }) => operator)).toEqual(['If'])
    expect(graph.nodes.map(({ operator }) => operator)).toEqual([
      'Abs',
      'Add',
      kept,
      'Identity',
      'Add',
    ])
    // The inner m is another value than the outer one.
    const { verdicts } = analyseGraph(graph, 'source')
    expect(verdicts.map(({ kind }) => kind)).not.toContain('refused')
    expect(graph.nodes.at(-1)?.inputs[0]).toBe('m')
    expect(graph.nodes[1]?.outputs[0]).not.toBe('m')
  })

  test('error: a condition that is data is refused with the reason', () => {
    const { graph, expansions } = expandComposites(conditional())
    expect(expansions).toEqual([])
    const { verdicts } = analyseGraph(graph, 'source')
    expect(verdicts[1]).toEqual({
      kind: 'refused',
      reason: 'its condition depends on an input that is no constant',
    })
    // A subgraph never reaches the runtime.
    expect(() => encodeOnnx(graph)).toThrow(
      expect.objectContaining({ code: 'LY-MDL-001' }),
    )
  })
})

describe('bindConstants', () => {
  const graph = parseOnnx(
    buildModel({
      inputs: { x: [0, 2], z: [2] },
      outputs: ['y'],
      nodes: [['Add', ['x', 'z'], ['y']]],
    }),
  )

  test('default: an input becomes a weight; an open size follows', () => {
    const bound = bindConstants(graph, { x: [1, 2, 3, 4] })
    expect(bound.inputs.map(({ name }) => name)).toEqual(['z'])
    expect(bound.weights.get('x')).toMatchObject({ dtype: 1, dims: [2, 2] })
  })

  test.each([
    ['no such input', { w: [1] }],
    ['values that do not fill the shape', { x: [1, 2, 3] }],
  ])('error: %s', (_, constants) => {
    expect(() => bindConstants(graph, constants)).toThrow(
      expect.objectContaining({ code: 'LY-MDL-005' }),
    )
  })
})

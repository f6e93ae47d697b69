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
  nodes: [
    { ...node('Add', ['x', 'w'], ['m']), name: 'n0' },
    { ...node(operator, ['m'], ['r']), name: 'n1' },
  ],
})

const int64 = (value: number) =>
  new Uint8Array(BigInt64Array.of(BigInt(value)).buffer)

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

  test('behavior: of a condition that is data both branches are computed, and Where picks', () => {
    const { graph, expansions } = expandComposites(conditional())
    expect(expansions).toEqual([
      { operator: 'If', rule: 'becomes both branches and a Where' },
    ])
    const { verdicts } = analyseGraph(graph, 'source')
    expect(verdicts.map(({ kind }) => kind)).toEqual(
      Array.from({ length: 7 }, () => 'checked'),
    )
    const result = (operator: string) =>
      graph.nodes.find((node) => node.operator === operator)?.outputs[0]
    const where = graph.nodes.find(({ operator }) => operator === 'Where')
    expect(where).toMatchObject({
      inputs: ['flag', result('Relu'), result('Neg')],
      outputs: ['s'],
    })
    // Nodes of both had the same names, which one graph may not have.
    const names = graph.nodes.map(({ name }) => name).filter((name) => name)
    expect(new Set(names).size).toBe(names.length)
    // Each has an m and a w of its own.
    const values = graph.nodes.flatMap(({ outputs }) => outputs)
    expect(new Set(values).size).toBe(values.length)
    expect(graph.weights.size).toBe(2)
  })

  const choice = (result: string, then: Subgraph): GraphNode => ({
    ...node('If', ['flag'], [result]),
    attributes: new Map([
      ['then_branch', { type: 'graph', value: then }],
      ['else_branch', { type: 'graph', value: branch('Neg') }],
    ]),
  })
  const wheres = ({ nodes }: Graph) =>
    nodes.filter(({ operator }) => operator === 'Where').length

  test('behavior: hundreds of choices, one behind the other, each looked at once', () => {
    const count = 300
    const graph = {
      ...conditional(),
      outputs: [`y${count - 1}`],
      nodes: Array.from({ length: count }, (_, i) =>
        choice(`y${i}`, {
          inputs: [],
          outputs: ['r'],
          weights: new Map(),
          nodes: [node('Abs', [i === 0 ? 'x' : `y${i - 1}`], ['r'])],
        }),
      ),
    }
    expect(wheres(expandComposites(graph).graph)).toBe(count)
  })

  test('behavior: choices within choices, as deep as graphs may be', () => {
    const depth = 31
    let then = branch('Selu')
    for (let i = 0; i < depth; i++)
      then = {
        inputs: [],
        outputs: ['r'],
        weights: new Map(),
        nodes: [choice('r', then)],
      }
    const given = { ...conditional(), outputs: ['s'] }
    const { graph } = expandComposites({
      ...given,
      nodes: [node('Abs', ['x'], ['m']), choice('s', then)],
    })
    expect(wheres(graph)).toBe(depth + 1)
    const { verdicts } = analyseGraph(graph, 'source')
    expect(verdicts.map(({ kind }) => kind)).not.toContain('refused')
    // What a composite in a branch is made of has names of its own too.
    const values = graph.nodes.flatMap(({ outputs }) => outputs)
    expect(new Set(values).size).toBe(values.length)
  })

  test('behavior: a condition that turns out constant behind a composite leaves one branch', () => {
    const given = conditional()
    const [abs, choice, add] = given.nodes as [GraphNode, GraphNode, GraphNode]
    const { graph } = expandComposites({
      ...given,
      inputs: given.inputs.slice(0, 1),
      weights: new Map([['two', { dtype: 7, dims: [], bytes: int64(2) }]]),
      nodes: [
        node('Selu', ['x'], ['u']),
        node('Size', ['u'], ['count']),
        node('Equal', ['count', 'two'], ['flag']),
        abs,
        choice,
        add,
      ],
      declared: new Map([
        ['flag', { name: 'flag', dtype: dtypes.bool, dims: [] }],
      ]),
    })
    const operators = graph.nodes.map(({ operator }) => operator)
    expect(operators).toContain('Relu')
    expect(operators).not.toContain('Neg')
  })

  test.each<[string, Subgraph]>([
    [
      'its branches give different types',
      {
        ...branch('Neg'),
        weights: new Map([['w', floats([1, 2], [1, 2])]]),
      },
    ],
    [
      'a branch holds Bernoulli "s_r": no checker of the protocol covers this operator',
      branch('Bernoulli'),
    ],
  ])('error: a condition that is data, and %s', (reason, other) => {
    const given = conditional()
    const choice = given.nodes[1] as GraphNode
    const { graph, expansions, reasons } = expandComposites({
      ...given,
      nodes: given.nodes.map((node) =>
        node === choice
          ? {
              ...choice,
              attributes: new Map([
                ...choice.attributes,
                ['else_branch', { type: 'graph' as const, value: other }],
              ]),
            }
          : node,
      ),
    })
    expect(expansions).toEqual([])
    expect(reasons.get('s')).toContain(reason)
    const { verdicts } = analyseGraph(graph, 'source')
    expect(verdicts[1]?.kind).toBe('refused')
    // A subgraph never reaches the runtime.
    expect(() => encodeOnnx(graph)).toThrow(
      expect.objectContaining({ code: 'LY-MDL-001' }),
    )
  })
})

describe('Clip', () => {
  const clip = (limits: string[], opset = 13) =>
    expandComposites(
      parseOnnx(
        buildModel({
          opset,
          inputs: { x: [2], lo: [], hi: [] },
          outputs: ['y'],
          nodes: [['Clip', ['x', ...limits], ['y']]],
        }),
      ),
    ).graph.nodes.map(({ operator, inputs, outputs }) => [
      operator,
      ...inputs,
      ...outputs,
    ])

  test.each([
    [['lo'], [['Max', 'x', 'lo', 'y']]],
    [['', 'hi'], [['Min', 'x', 'hi', 'y']]],
    [
      ['lo', 'hi'],
      [
        ['Max', 'x', 'lo', 'y_Max_0'],
        ['Min', 'y_Max_0', 'hi', 'y'],
      ],
    ],
  ])(
    'behavior: limits %j that are data become Max and Min',
    (limits, nodes) => {
      expect(clip(limits)).toEqual(nodes)
    },
  )
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

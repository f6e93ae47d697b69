import {
  create,
  fromBinary,
  type MessageInitShape,
  toBinary,
} from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { buildModel, floats } from './buildModel.js'
import {
  AttributeProto_AttributeType,
  FunctionProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
} from './generated/onnx_pb.js'
import { parseOnnx } from './parseOnnx.js'

const own = 'my.functions'
const { FLOAT, GRAPH } = AttributeProto_AttributeType

type Function = MessageInitShape<typeof FunctionProtoSchema>
type Node = NonNullable<Function['node']>[number]

const node = (
  opType: string,
  input: string[],
  output: string[],
  more: Node = {},
): Node => ({ opType, input, output, ...more })
const call = (
  name: string,
  input: string[],
  output: string[],
  more: Node = {},
) => node(name, input, output, { domain: own, ...more })

/** A model with functions: y of x. */
function modelWith(functions: Function[], nodes: Node[]): Uint8Array {
  const base = buildModel({
    opset: 17,
    inputs: { x: [2] },
    outputs: ['y'],
    weights: { w: floats([2], [3, 4]) },
    nodes: [['Add', ['x', 'w'], ['y']]],
  })
  const model = fromBinary(ModelProtoSchema, base)
  model.graph!.node = nodes.map((one) => create(NodeProtoSchema, one))
  model.opsetImport.push(
    create(OperatorSetIdProtoSchema, { domain: own, version: 1n }),
  )
  model.functions = functions.map((one) =>
    create(FunctionProtoSchema, {
      domain: own,
      opsetImport: [{ domain: '', version: 17n }],
      ...one,
    }),
  )
  return toBinary(ModelProtoSchema, model)
}

/** What the graph computes, operator by operator. */
function read(file: Uint8Array): string[] {
  return parseOnnx(file).nodes.map(
    ({ operator, inputs, outputs }) =>
      `${outputs.join()} = ${operator}(${inputs.join()})`,
  )
}

const refused = (file: Uint8Array, details: string) =>
  expect(() => parseOnnx(file)).toThrow(
    expect.objectContaining({
      code: 'LY-MDL-001',
      details: expect.stringContaining(details),
    }),
  )

/** Adds its input to itself, scaled by an attribute with a default. */
const twice: Function = {
  name: 'Twice',
  input: ['a'],
  output: ['b'],
  attributeProto: [{ name: 'slope', type: FLOAT, f: 0.5 }],
  node: [
    node('LeakyRelu', ['a'], ['t'], {
      attribute: [{ name: 'alpha', type: FLOAT, refAttrName: 'slope' }],
    }),
    node('Add', ['a', 't'], ['b']),
  ],
}

describe('default', () => {
  test('each call has the body with names of its own', () => {
    const file = modelWith(
      [
        {
          ...twice,
          node: (twice.node ?? []).map((one) => ({ ...one, name: 'n0' })),
        },
      ],
      [call('Twice', ['x'], ['t']), call('Twice', ['t'], ['y'])],
    )
    // No two nodes of a graph may have one name.
    expect(parseOnnx(file).nodes.map(({ name }) => name)).not.toContain('n0')
    expect(read(file)).toEqual([
      't_1 = LeakyRelu(x)',
      't = Add(x,t_1)',
      't_2 = LeakyRelu(t)',
      'y = Add(t,t_2)',
    ])
  })

  test('an attribute is that of the call, else its default', () => {
    const slope = { name: 'slope', type: FLOAT, f: 0.25 }
    const file = modelWith(
      [twice],
      [
        call('Twice', ['x'], ['t'], { attribute: [slope] }),
        call('Twice', ['t'], ['y']),
      ],
    )
    const slopes = parseOnnx(file).nodes.flatMap(({ attributes }) => {
      const alpha = attributes.get('alpha')
      return alpha?.type === 'float' ? [alpha.value] : []
    })
    expect(slopes).toEqual([0.25, 0.5])
  })

  test('functions call functions', () => {
    const file = modelWith(
      [
        twice,
        {
          name: 'Outer',
          input: ['p'],
          output: ['q'],
          node: [call('Twice', ['p'], ['r']), node('Neg', ['r'], ['q'])],
        },
      ],
      [call('Outer', ['x'], ['y'])],
    )
    expect(read(file)).toEqual([
      't_2 = LeakyRelu(x)',
      'r_1 = Add(x,t_2)',
      'y = Neg(r_1)',
    ])
  })

  test('optional inputs, results that are left out, and an input that is a result', () => {
    const file = modelWith(
      [
        {
          name: 'Both',
          input: ['a', 'limit'],
          output: ['a', 'c', 'd'],
          node: [
            node('Clip', ['a', 'limit'], ['c']),
            node('Abs', ['c'], ['d']),
          ],
        },
      ],
      [call('Both', ['x'], ['u', '', 'v']), node('Add', ['u', 'v'], ['y'])],
    )
    expect(read(file)).toEqual([
      'c_1 = Clip(x)',
      'v = Abs(c_1)',
      'u = Identity(x)',
      'y = Add(u,v)',
    ])
  })

  test('graphs inside read what is around them by its new name', () => {
    const branch = (opType: string) => ({
      name: 'branch',
      node: [node(opType, ['t'], ['r'])],
      output: [{ name: 'r' }],
    })
    const file = modelWith(
      [
        {
          name: 'Choice',
          input: ['a', 'flag'],
          output: ['b'],
          node: [
            node('Abs', ['a'], ['t']),
            node('If', ['flag'], ['b'], {
              attribute: [
                { name: 'then_branch', type: GRAPH, g: branch('Neg') },
                { name: 'else_branch', type: GRAPH, g: branch('Relu') },
              ],
            }),
          ],
        },
      ],
      [node('Less', ['x', 'w'], ['t']), call('Choice', ['x', 't'], ['y'])],
    )
    const choice = parseOnnx(file).nodes.at(-1)
    expect(choice).toMatchObject({ operator: 'If', outputs: ['y'] })
    for (const which of ['then_branch', 'else_branch']) {
      const branch = choice?.attributes.get(which)
      if (branch?.type !== 'graph') throw new Error('no branch')
      const [inner] = branch.value.nodes
      expect(inner?.inputs).toEqual(['t_1'])
      expect(branch.value.outputs).toEqual(inner?.outputs)
    }
  })
})

describe('error', () => {
  test('functions that call each other without end', () => {
    const ping = { input: ['a'], output: ['b'] }
    refused(
      modelWith(
        [
          { name: 'A', ...ping, node: [call('B', ['a'], ['b'])] },
          { name: 'B', ...ping, node: [call('A', ['a'], ['b'])] },
        ],
        [call('A', ['x'], ['y'])],
      ),
      'call each other more than 32 deep',
    )
  })

  test('functions that double at every level, even when they hold nothing else', () => {
    const levels = Array.from(
      { length: 30 },
      (_, i): Function => ({
        name: `F${i}`,
        input: ['a'],
        output: ['b'],
        node:
          i === 0
            ? []
            : [
                call(`F${i - 1}`, ['a'], ['m']),
                call(`F${i - 1}`, ['a'], ['b']),
              ],
      }),
    )
    refused(
      modelWith(levels, [call('F29', ['x'], ['y'])]),
      'more than 100000 nodes',
    )
  })

  test('a function of another operator set', () => {
    refused(
      modelWith(
        [{ ...twice, opsetImport: [{ domain: '', version: 11n }] }],
        [call('Twice', ['x'], ['y'])],
      ),
      'of another operator set',
    )
  })
})

import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { buildModel, floats, int64s } from '../onnx/buildModel.js'
import { encodeOnnx } from '../onnx/encodeOnnx.js'
import { type ModelProto, ModelProtoSchema } from '../onnx/generated/onnx_pb.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import { tensorData } from '../onnx/tensorData.js'
import { none } from '../types/manifest.js'
import { checkModel } from './checkModel.js'
import { finishModel } from './finishModel.js'
import { prepareModel } from './prepareModel.js'
import { readManifest } from './readManifest.js'

const mlp = buildModel({
  inputs: { x: [0, 4] },
  outputs: ['y'],
  weights: {
    w: floats(
      [4, 3],
      Array.from({ length: 12 }, (_, i) => i / 8),
    ),
    b: floats([3], [0.5, -0.5, 0]),
  },
  nodes: [
    ['Gemm', ['x', 'w', 'b'], ['h']],
    ['Abs', ['h'], ['y']],
  ],
})

const withAttribute = buildModel({
  inputs: { x: [1] },
  outputs: ['y'],
  nodes: [['Abs', ['x'], ['y'], { a: { type: 'int', value: 1n } }]],
})

/** The file with a change to its protobuf message. */
function changed(
  bytes: Uint8Array,
  change: (model: ModelProto) => void,
): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes)
  change(model)
  return toBinary(ModelProtoSchema, model)
}

const canonical = finishModel(prepareModel(mlp, { shapes: { x: [2, 4] } }))

describe('checkModel', () => {
  test('default: names the class, operators, sizes', () => {
    expect(checkModel(mlp, { shapes: { x: [2, 4] } })).toEqual({
      class: 'float',
      operators: [
        {
          operator: 'Abs',
          count: 1,
          covered: true,
          rule: expect.any(String),
          proof: { bytes: expect.any(Number), gas: expect.any(Number) },
        },
        {
          operator: 'Gemm',
          count: 1,
          covered: true,
          rule: 'float',
          proof: { bytes: expect.any(Number), gas: expect.any(Number) },
        },
      ],
      refusals: [],
      memoryBytes: 2 * 4 * 4 + 12 * 4 + 3 * 4 + 2 * (2 * 3 * 4),
      flops: 2 * 6 * 4 + 6,
      products: { count: 1, blocked: 1 },
      shapes: {
        x: { dtype: 1, dims: [2, 4] },
        y: { dtype: 1, dims: [2, 3] },
      },
    })
  })

  test('behavior: every operator without a checker is reported, by name', () => {
    const report = checkModel(
      buildModel({
        inputs: { x: [2] },
        outputs: ['y'],
        nodes: [
          ['com.example::Magic', ['x'], ['a']],
          ['NonMaxSuppression', ['x'], ['b']],
          ['Add', ['a', 'b'], ['y']],
        ],
      }),
    )
    expect(report.class).toBe(null)
    expect(report.refusals.map(({ operator }) => operator)).toEqual([
      'com.example::Magic',
      'NonMaxSuppression',
    ])
    expect(report.refusals[0]).toEqual({
      operator: 'com.example::Magic',
      node: 'a',
      reason: 'it is of the domain "com.example", not of ONNX',
      remedy: expect.any(String),
    })
  })

  test('behavior: what a refused operator hides the shape of is not refused with it', () => {
    const report = checkModel(
      buildModel({
        opset: 18,
        inputs: { x: [2, 3] },
        outputs: ['q', 'e'],
        nodes: [
          ['com.example::Magic', ['x'], ['a']],
          ['DynamicQuantizeLinear', ['a'], ['q', 's', 'z']],
          ['Shape', ['a'], ['shape']],
          ['Cast', ['shape'], ['sizes'], { to: { type: 'int', value: 7n } }],
          ['Expand', ['x', 'sizes'], ['e']],
        ],
      }),
    )
    expect(report.refusals.map(({ operator }) => operator)).toEqual([
      'com.example::Magic',
    ])
    expect(
      report.operators.find(({ operator }) => operator === 'Expand')?.rule,
    ).toBe('shape unknown behind a refused operator')
  })

  test('behavior: where a constant is needed the remedy names the inputs that decide it', () => {
    const { refusals } = checkModel(
      buildModel({
        inputs: { x: [2, 3], 'a b': [2], unused: [1] },
        outputs: ['y'],
        weights: { two: floats([], [2]) },
        nodes: [
          ['Mul', ['a b', 'two'], ['scaled']],
          ['Cast', ['scaled'], ['sizes'], { to: { type: 'int', value: 7n } }],
          ['Reshape', ['x', 'sizes'], ['y']],
        ],
      }),
    )
    expect(refusals).toEqual([
      {
        operator: 'Reshape',
        node: 'y',
        reason: 'Reshape: input 1 must be a constant',
        remedy:
          'Make the input that it follows from part of the model (`--constant "a b=VALUES"`), or export the model with a constant there.',
      },
    ])
  })

  test('behavior: a subgraph is refused', () => {
    const file = changed(mlp, (model) => {
      const [node] = model.graph!.node
      node!.opType = 'If'
      node!.attribute.push(
        create(ModelProtoSchema, { graph: { node: [{ attribute: [{}] }] } })
          .graph!.node[0]!.attribute[0]!,
      )
      Object.assign(node!.attribute.at(-1)!, {
        name: 'then_branch',
        type: 5,
        g: { $typeName: 'onnx.GraphProto', ...model.graph, node: [] },
      })
    })
    expect(
      checkModel(file, { shapes: { x: [2, 4] } }).refusals[0],
    ).toMatchObject({
      operator: 'If',
      reason: 'its condition depends on an input that is no constant',
    })
  })

  test('behavior: elements too large for a proof are refused (A9)', () => {
    const dot = (terms: number) =>
      checkModel(
        buildModel({
          inputs: { x: [1, terms], w: [terms, 1] },
          outputs: ['y'],
          nodes: [['MatMul', ['x', 'w'], ['y']]],
        }),
      )
    // In one transaction, and in parts.
    for (const terms of [11_900, 13_000, 65_536, 1_048_576])
      expect(dot(terms).class).toBe('float')
    for (const terms of [1_048_577, 100_000_000])
      expect(dot(terms).refusals[0]).toMatchObject({
        operator: 'MatMul',
        reason: expect.stringContaining('(A9)'),
      })
  })

  test('behavior: elements that take too much gas, entries or attributes are refused (A9)', () => {
    const reasonOf = (bytes: Uint8Array) =>
      checkModel(bytes).refusals.map(({ reason }) => reason)
    const softmax = (classes: number) =>
      reasonOf(
        buildModel({
          inputs: { x: [1, classes] },
          outputs: ['y'],
          nodes: [['Softmax', ['x'], ['y']]],
        }),
      )
    expect(softmax(6_625)).toEqual([])
    expect(softmax(65_536)).toEqual([])
    expect(softmax(65_537)).toEqual([
      'Softmax over 65537 elements does not fit one proof',
    ])
    // Ranking is judged by a witness (A8).
    expect(
      reasonOf(
        buildModel({
          inputs: { x: [1, 20_000] },
          outputs: ['y'],
          nodes: [
            ['ArgMax', ['x'], ['y'], { axis: { type: 'int', value: 1n } }],
          ],
        }),
      ),
    ).toEqual([])
    // Pooling in parts, but for windows of which each cell is in a chunk of its own.
    const pool = (...kernel: bigint[]) =>
      reasonOf(
        buildModel({
          inputs: { x: [1, 1, 160, 260] },
          outputs: ['y'],
          nodes: [
            [
              'MaxPool',
              ['x'],
              ['y'],
              { kernel_shape: { type: 'ints', value: kernel } },
            ],
          ],
        }),
      )
    expect(pool(160n, 200n)).toEqual([])
    expect(pool(160n, 1n)).toEqual([expect.stringMatching(/\(A9\)/)])

    const sum = (operands: number) => {
      const names = Array.from({ length: operands }, (_, i) => `x${i}`)
      return reasonOf(
        buildModel({
          inputs: Object.fromEntries(names.map((name) => [name, [4_096]])),
          outputs: ['y'],
          nodes: [['Sum', names, ['y']]],
        }),
      )
    }
    expect(sum(16)).toEqual([])
    expect(sum(90)).toEqual([expect.stringContaining('(A9)')])

    // Many constant indices are no attributes.
    const gather = buildModel({
      inputs: { x: [4, 1] },
      outputs: ['y'],
      weights: { i: int64s(Array.from({ length: 30_000 }, () => 1)) },
      nodes: [['Gather', ['x', 'i'], ['y']]],
    })
    expect(reasonOf(gather)).toEqual([])
    const scatter = (rows: number) =>
      reasonOf(
        buildModel({
          inputs: { x: [4, 1], u: [rows, 1] },
          outputs: ['y'],
          weights: {
            i: { ...int64s(new Array(rows).fill(1)), dims: [rows, 1] },
          },
          nodes: [['ScatterND', ['x', 'i', 'u'], ['y']]],
        }),
      )
    expect(scatter(40)).toEqual([])
    expect(scatter(30_000)).toEqual([expect.stringContaining('(A9)')])
  })

  test('behavior: weights of a padded convolution are finite constants (C4)', () => {
    const conv = (weights: readonly number[] | undefined, pad: bigint) =>
      checkModel(
        buildModel({
          inputs: {
            x: [1, 1, 4],
            ...(weights === undefined ? { w: [1, 1, 3] } : {}),
          },
          outputs: ['y'],
          ...(weights === undefined
            ? {}
            : { weights: { w: floats([1, 1, 3], weights) } }),
          nodes: [
            [
              'Conv',
              ['x', 'w'],
              ['y'],
              { pads: { type: 'ints', value: [pad, pad] } },
            ],
          ],
        }),
      ).refusals.map(({ reason }) => reason)
    expect(conv([1, 2, 3], 1n)).toEqual([])
    expect(conv([1, Number.POSITIVE_INFINITY, 3], 1n)).toEqual([
      'a weight is not finite',
    ])
    expect(conv(undefined, 0n)).toEqual([])
    expect(conv(undefined, 1n)).toEqual([
      'its input is padded and its weights are not constants',
    ])
  })

  test('behavior: 100,000 nodes without recursion', () => {
    const nodes = Array.from(
      { length: 100_000 },
      (_, i) => ['Abs', [`v${i}`], [`v${i + 1}`]] as const,
    )
    const file = buildModel({
      inputs: { v0: [1] },
      outputs: ['v100000'],
      nodes: nodes.map(([o, i, r]) => [o, [...i], [...r]]),
    })
    expect(checkModel(file).operators[0]).toMatchObject({ count: 100_000 })
  })
})

describe('error: files that are refused', () => {
  const refusedWith = (
    bytes: Uint8Array,
    details: string,
    code = 'LY-MDL-001',
  ) =>
    expect(() => checkModel(bytes, { shapes: { x: [2, 4] } })).toThrow(
      expect.objectContaining({
        code,
        details: expect.stringContaining(details),
      }),
    )

  test('garbage', () => {
    refusedWith(
      Uint8Array.from({ length: 99 }, (_, i) => i * 37),
      'protobuf',
    )
    refusedWith(new Uint8Array(0), 'no ONNX graph')
    for (let length = 1; length < mlp.length; length += 7)
      expect(() => checkModel(mlp.slice(0, length))).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^LY-MDL-/) }),
      )
  })

  test('an operator set outside the range', () => {
    refusedWith(
      changed(mlp, (m) => {
        m.opsetImport[0]!.version = 99n
      }),
      'operator set 99',
    )
  })

  test('external data, sparse tensors', () => {
    refusedWith(
      changed(mlp, (m) => {
        m.graph!.initializer[0]!.externalData = create(ModelProtoSchema, {
          metadataProps: [{ key: 'location', value: '../../etc/passwd' }],
        }).metadataProps
      }),
      'another file',
    )
    refusedWith(
      changed(mlp, (m) => {
        m.graph!.sparseInitializer = create(ModelProtoSchema, {
          graph: { sparseInitializer: [{}] },
        }).graph!.sparseInitializer
      }),
      'sparse',
    )
  })

  test('shapes that no machine has, without overflow', () => {
    const huge = (dims: bigint[]) =>
      changed(mlp, (m) => {
        const type = m.graph!.input[0]!.type!.value
        if (type.case === 'tensorType')
          type.value.shape!.dim.forEach((dim, axis) => {
            dim.value = { case: 'dimValue', value: dims[axis]! }
          })
      })
    for (const dims of [
      [2n ** 40n, 4n],
      [2n ** 62n, 4n],
      [2n ** 31n, 2n ** 33n],
      [2n ** 21n, 2n ** 21n],
    ])
      expect(() => checkModel(huge(dims))).toThrow(
        expect.objectContaining({
          code: 'LY-MDL-001',
          details: expect.stringContaining('larger than the limit'),
        }),
      )
    refusedWith(
      changed(mlp, (m) => {
        m.graph!.initializer[0]!.dims = [2n ** 40n]
      }),
      'larger than the limit',
    )
    refusedWith(
      changed(mlp, (m) => {
        m.graph!.initializer[0]!.dims = [4n, 4n]
      }),
      'instead of',
    )
  })

  test('names that do not hang together', () => {
    refusedWith(
      changed(mlp, (m) => m.graph!.node.reverse()),
      'which nothing before it defines',
    )
    refusedWith(
      changed(mlp, (m) => {
        m.graph!.node[1]!.output = ['h']
      }),
      'defined twice',
    )
  })

  test('dynamic shapes, and shapes that do not fit', () => {
    const error = (shapes?: Record<string, number[]>) => {
      try {
        checkModel(mlp, { shapes })
      } catch (thrown) {
        return thrown
      }
      return undefined
    }
    expect(error()).toMatchObject({
      code: 'LY-MDL-002',
      remedy: expect.stringContaining('--shape x=N,4'),
    })
    expect(error({ z: [1] })).toMatchObject({ code: 'LY-MDL-005' })
    expect(error({ x: [1, 5] })).toMatchObject({ code: 'LY-MDL-005' })
    expect(error({ x: [1.5, 4] })).toMatchObject({ code: 'LY-MDL-005' })
    expect(error({ x: [2 ** 40, 4] })).toMatchObject({ code: 'LY-MDL-001' })
    expect(error({ x: [2, 4] })).toBe(undefined)
  })
})

describe('canonical files', () => {
  test('default: the same file gives the same bytes and the same id', () => {
    const again = finishModel(prepareModel(mlp, { shapes: { x: [2, 4] } }))
    expect(again).toEqual(canonical)
    const manifest = readManifest(canonical)
    expect(manifest.header).toMatchObject({
      values: 5,
      nodes: 2,
      inputs: 1,
      outputs: 1,
      carried: 0,
      activations: 1,
      segment: 1,
      profile: 1,
    })
    expect(manifest.values.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'input x',
      'weight w',
      'weight b',
      'activation h',
      'output y',
    ])
    expect(manifest.class).toBe('float')
  })

  test('error: a byte changed anywhere gives another model, or none', () => {
    const { modelId } = readManifest(canonical)
    for (let i = 0; i < canonical.length; i += 3) {
      const file = canonical.slice()
      file[i]! ^= 1
      let other: string | undefined
      try {
        other = readManifest(file).modelId
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^LY-MDL-/) })
      }
      expect(other).not.toBe(modelId)
    }
  })

  test('error: attributes of no known type', () => {
    const file = changed(canonical, (m) => {
      const [node] = m.graph!.node
      node!.attribute.push(
        ...fromBinary(ModelProtoSchema, withAttribute).graph!.node[0]!
          .attribute,
      )
      Object.assign(node!.attribute[0]!, { type: 0 })
    })
    expect(() => readManifest(file)).toThrow(
      expect.objectContaining({ code: 'LY-MDL-001' }),
    )
  })

  test('error: what is not canonical is refused', () => {
    const refusals: [string, (model: ModelProto) => void][] = [
      [
        'canonical form',
        (m) => m.graph!.valueInfo.reverse().push(...m.graph!.output),
      ],
      [
        'canonical form',
        (m) => {
          m.graph!.docString = 'hello'
        },
      ],
      [
        'unknown metadata',
        (m) => {
          m.metadataProps[0]!.key = 'x'
        },
      ],
      [
        'format 1',
        (m) => {
          m.metadataProps[0]!.value = '2'
        },
      ],
      [
        'numeric profile',
        (m) => {
          m.metadataProps[1]!.value = '4'
        },
      ],
      [
        'no value',
        (m) => {
          m.metadataProps[4]!.value = '[["q",[0]]]'
        },
      ],
      [
        'not one of its axes',
        (m) => {
          m.metadataProps[4]!.value = '[["h",[0]]]'
        },
      ],
      [
        'malformed',
        (m) => {
          m.metadataProps[4]!.value = '[["h",[0,0]]]'
        },
      ],
      [
        'not an activation',
        (m) => {
          m.metadataProps[5]!.value = '["x"]'
        },
      ],
      [
        'not an intermediate',
        (m) => {
          m.metadataProps[6]!.value = '["y"]'
        },
      ],
      [
        'two nodes are called',
        (m) => {
          m.graph!.node[1]!.name = m.graph!.node[0]!.name
        },
      ],
      [
        'weights are not those',
        (m) => {
          m.graph!.initializer.reverse()
        },
      ],
    ]
    for (const [details, change] of refusals)
      expect(() => readManifest(changed(canonical, change))).toThrow(
        expect.objectContaining({
          code: 'LY-MDL-001',
          details: expect.stringContaining(details),
        }),
      )
  })

  test('behavior: an output that is a weight keeps its name, one that is an input does not', () => {
    const graph = parseOnnx(
      finishModel(
        prepareModel(
          buildModel({
            inputs: { x: [2] },
            outputs: ['y', 'w', 'x'],
            weights: { w: floats([2], [1, 2]) },
            nodes: [['Add', ['x', 'w'], ['y']]],
          }),
        ),
      ),
    )
    expect(graph.outputs).toEqual(['y', 'w', 'x_output'])
    expect([...graph.weights.keys()]).toEqual(['w_constant'])
    expect(
      graph.nodes.map(({ operator, inputs, outputs }) => [
        operator,
        ...inputs,
        ...outputs,
      ]),
    ).toEqual([
      ['Add', 'x', 'w_constant', 'y'],
      ['Identity', 'w_constant', 'w'],
      ['Identity', 'x', 'x_output'],
    ])
  })

  test('behavior: Concat loses operands without elements; others are refused for them', () => {
    const model = (operator: string, inputs: string[]) =>
      buildModel({
        inputs: { x: [2, 3] },
        outputs: ['y'],
        weights: {
          none: {
            dtype: 1,
            dims: [0, 3],
            bytes: new Uint8Array(),
          },
          one: floats([1, 3], [1, 2, 3]),
        },
        nodes: [
          [
            operator,
            inputs,
            ['y'],
            operator === 'Concat' ? { axis: { type: 'int', value: 0n } } : {},
          ],
        ],
      })
    const nodesOf = (inputs: string[]) =>
      parseOnnx(finishModel(prepareModel(model('Concat', inputs)))).nodes.map(
        (node) => [node.operator, ...node.inputs],
      )
    expect(nodesOf(['none', 'x'])).toEqual([['Identity', 'x']])
    expect(nodesOf(['x', 'none', 'one'])).toEqual([['Concat', 'x', 'one']])
    expect(checkModel(model('Relu', ['none'])).refusals).toMatchObject([
      { operator: 'Relu', reason: 'an operand of it has no element (B2)' },
    ])
  })

  test('behavior: batch normalisation becomes Mul and Add, Dropout disappears', () => {
    const file = finishModel(
      prepareModel(
        buildModel({
          inputs: { x: [1, 2, 2] },
          outputs: ['y'],
          weights: {
            scale: floats([2], [1, 2]),
            bias: floats([2], [0, 1]),
            mean: floats([2], [0.5, 0.25]),
            variance: floats([2], [1, 4]),
          },
          nodes: [
            [
              'BatchNormalization',
              ['x', 'scale', 'bias', 'mean', 'variance'],
              ['n'],
              { epsilon: { type: 'float', value: 0 } },
            ],
            ['Dropout', ['n'], ['d', 'mask']],
            ['Identity', ['d'], ['y']],
          ],
        }),
      ),
    )
    const graph = parseOnnx(file)
    expect(graph.nodes.map((node) => node.operator)).toEqual([
      'Mul',
      'Add',
      'Identity',
    ])
    expect(
      [...graph.weights.values()].map((weight) => [
        weight.dims,
        Array.from(tensorData(weight), Number),
      ]),
    ).toEqual([
      [
        [2, 1],
        [1, 1],
      ],
      [
        [2, 1],
        [-0.5, 0.75],
      ],
    ])
  })

  test('behavior: shape arithmetic is folded', () => {
    const file = finishModel(
      prepareModel(
        buildModel({
          inputs: { x: [2, 3, 4] },
          outputs: ['y'],
          weights: { one: int64s([1]), start: int64s([0]), rest: int64s([-1]) },
          nodes: [
            ['Shape', ['x'], ['shape']],
            ['Slice', ['shape', 'start', 'one'], ['batch']],
            [
              'Concat',
              ['batch', 'rest'],
              ['target'],
              { axis: { type: 'int', value: 0n } },
            ],
            ['Reshape', ['x', 'target'], ['y']],
          ],
        }),
      ),
    )
    expect(parseOnnx(file).nodes.map((node) => node.operator)).toEqual([
      'Reshape',
    ])
    expect(readManifest(file).values.map((value) => value.type.dims)).toEqual([
      [2, 3, 4],
      [2, 12],
    ])
  })

  test('behavior: outputs are results of nodes of their own (B4)', () => {
    const file = finishModel(
      prepareModel(
        buildModel({ inputs: { x: [2] }, outputs: ['x'], nodes: [] }),
      ),
    )
    expect(readManifest(file).values.map((value) => value.kind)).toEqual([
      'input',
      'output',
    ])
  })

  test('behavior: consumers that disagree on a layout get a copy each (B3)', () => {
    const file = finishModel(
      prepareModel(
        buildModel({
          inputs: { x: [3, 3] },
          outputs: ['y'],
          weights: { w: floats([3, 3], Array(9).fill(1)) },
          nodes: [
            ['Abs', ['x'], ['a']],
            ['MatMul', ['a', 'w'], ['rows']],
            ['MatMul', ['w', 'a'], ['columns']],
            ['Add', ['rows', 'columns'], ['y']],
          ],
        }),
      ),
    )
    const { values, nodes } = readManifest(file)
    expect(nodes.map((node) => node.operator)).toEqual([
      'Abs',
      'Identity',
      'MatMul',
      'MatMul',
      'Add',
    ])
    expect(
      values.map(({ name, kind, type }) => `${kind} ${name} ${type.perm}`),
    ).toEqual([
      'input x 0,1',
      'weight w 1,0',
      'weight w_as_01 0,1',
      'activation a 0,1',
      'activation a_as_10 1,0',
      'activation rows 0,1',
      'activation columns 0,1',
      'output y 0,1',
    ])
  })

  test('behavior: carried values are committed alike (B4)', () => {
    const file = finishModel(
      prepareModel(
        buildModel({
          inputs: { x: [2, 2], state: [2, 2] },
          outputs: ['y', 'next'],
          weights: { w: floats([2, 2], [1, 2, 3, 4]) },
          nodes: [
            ['MatMul', ['w', 'state'], ['m']],
            ['Add', ['m', 'x'], ['next']],
            ['Mul', ['next', 'x'], ['y']],
          ],
        }),
        { carry: { next: 'state' } },
      ),
    )
    const { values, header } = readManifest(file)
    expect(header).toMatchObject({ inputs: 2, outputs: 2, carried: 1 })
    const named = Object.fromEntries(values.map((value) => [value.name, value]))
    expect(named['x']).toMatchObject({
      slot: 0,
      laterSlot: 0,
      carriedSlot: none,
    })
    expect(named['state']).toMatchObject({
      slot: 1,
      laterSlot: none,
      carriedSlot: 0,
    })
    expect(named['next']).toMatchObject({ carried: true, slot: 0 })
    expect(named['y']).toMatchObject({ carried: false, slot: 0 })
    expect(named['next']!.type.perm).toEqual(named['state']!.type.perm)
  })

  test('behavior: an output that is a constant', () => {
    const file = finishModel(
      prepareModel(
        buildModel({
          inputs: { x: [2, 3] },
          outputs: ['y', 's'],
          nodes: [
            ['Abs', ['x'], ['y']],
            ['Shape', ['x'], ['s']],
          ],
        }),
      ),
    )
    expect(
      readManifest(file).values.map(({ name, kind }) => [name, kind]),
    ).toEqual([
      ['x', 'input'],
      ['s_constant', 'weight'],
      ['y', 'output'],
      ['s', 'output'],
    ])
  })

  test('error: training modes, masks and parameters that are not constant', () => {
    const one = (
      operator: string,
      inputs: string[],
      outputs: string[],
      training: bigint,
    ) =>
      checkModel(
        buildModel({
          opset: 15,
          inputs: { x: [1, 2, 2], p: [2] },
          outputs: ['y'],
          nodes: [
            [
              operator,
              inputs,
              outputs,
              { training_mode: { type: 'int', value: training } },
            ],
            ['Abs', [outputs.at(-1) ?? ''], [outputs.length > 1 ? 'y' : 'z']],
          ],
        }),
      ).refusals.map(({ reason }) => reason)
    const bn = ['x', 'p', 'p', 'p', 'p']
    expect(one('BatchNormalization', bn, ['y'], 1n)).toEqual([
      'it is in training mode',
    ])
    expect(one('BatchNormalization', bn, ['y'], 0n)).toEqual([
      'its parameters are not constants',
    ])
    const masked = buildModel({
      inputs: { x: [2] },
      outputs: ['y', 'mask'],
      nodes: [['Dropout', ['x'], ['y', 'mask']]],
    })
    expect(() => finishModel(prepareModel(masked))).toThrow(
      expect.objectContaining({ code: 'LY-MDL-003' }),
    )
  })

  test('error: a carry that does not fit', () => {
    const carry = { y: 'x' }
    expect(() =>
      finishModel(prepareModel(mlp, { shapes: { x: [2, 4] }, carry })),
    ).toThrow(expect.objectContaining({ code: 'LY-MDL-001' }))
  })
})

describe('elements that a quotient names, under f32-wgsl', () => {
  const resized = (scale: number, coordinate: string, nearest: string) => {
    const text = (value: string) => ({ type: 'string' as const, value })
    const model = buildModel({
      opset: 13,
      inputs: { x: [1, 1, 6, 6] },
      outputs: ['y'],
      weights: { s: floats([4], [1, 1, scale, scale]) },
      nodes: [
        [
          'Resize',
          ['x', '', 's'],
          ['y'],
          {
            coordinate_transformation_mode: text(coordinate),
            nearest_mode: text(nearest),
          },
        ],
      ],
    })
    return (profile: 'f32-plain' | 'f32-wgsl') =>
      readManifest(finishModel(prepareModel(model, { profile })))
  }

  test.each([
    [2, 'asymmetric', 'floor'],
    [3, 'asymmetric', 'floor'],
    [3, 'half_pixel', 'round_prefer_floor'],
    [2, 'half_pixel', 'floor'],
    [0.5, 'half_pixel', 'floor'],
    [0.5, 'half_pixel', 'round_prefer_ceil'],
  ])('behavior: %d times, %s, %s is taken', (scale, coordinate, nearest) => {
    const read = resized(scale, coordinate, nearest)
    expect(read('f32-wgsl').header.profile).toBe(3)
  })

  test.each([
    [3, 'half_pixel', 'floor'],
    [3, 'half_pixel', 'ceil'],
    [0.5, 'asymmetric', 'floor'],
  ])('error: %d times, %s, %s', (scale, coordinate, nearest) => {
    const read = resized(scale, coordinate, nearest)
    expect(read('f32-plain').header.profile).toBe(1)
    expect(() => read('f32-wgsl')).toThrow('a quotient names')
  })
})

describe('convolutions in groups, under f32-wgsl', () => {
  const grouped = (filters: number, group: number) => {
    const weights = new Array<number>(filters * 2).fill(1)
    const model = buildModel({
      opset: 13,
      inputs: { x: [1, 2 * group, 3, 3] },
      outputs: ['y'],
      weights: { w: floats([filters, 2, 1, 1], weights) },
      nodes: [
        [
          'Conv',
          ['x', 'w'],
          ['y'],
          { group: { type: 'int', value: BigInt(group) } },
        ],
      ],
    })
    return (profile: 'f32-plain' | 'f32-wgsl') =>
      readManifest(finishModel(prepareModel(model, { profile })))
  }

  test.each([
    [6, 1],
    [6, 2],
    [8, 4],
    [24, 3],
  ])('behavior: %d filters in %d groups are taken', (filters, group) => {
    expect(grouped(filters, group)('f32-wgsl').header.profile).toBe(3)
  })

  test.each([
    [12, 2],
    [10, 2],
    [136, 4],
  ])('error: %d filters in %d groups', (filters, group) => {
    const read = grouped(filters, group)
    expect(read('f32-plain').header.profile).toBe(1)
    expect(() => read('f32-wgsl')).toThrow('filters a group')
  })
})

describe('indices that are data (C5)', () => {
  const gather = (opset: number, indices: 'int32' | 'int64') =>
    buildModel({
      opset,
      inputs: { x: [3] },
      outputs: ['y'],
      weights: { table: floats([5, 2], new Array<number>(10).fill(1)) },
      nodes: [
        [
          'Cast',
          ['x'],
          ['at'],
          { to: { type: 'int', value: indices === 'int32' ? 6n : 7n } },
        ],
        ['Gather', ['table', 'at'], ['y']],
      ],
    })
  const operatorsOf = (bytes: Uint8Array) =>
    readManifest(finishModel(prepareModel(bytes))).nodes.map(
      ({ operator }) => operator,
    )

  test('behavior: a Clip of int32 is put before them', () => {
    expect(operatorsOf(gather(13, 'int32'))).toEqual(['Cast', 'Clip', 'Gather'])
    expect(operatorsOf(gather(13, 'int64'))).toEqual([
      'Cast',
      'Cast',
      'Clip',
      'Cast',
      'Gather',
    ])
  })

  test('behavior: canonicalising again adds nothing', () => {
    const once = finishModel(prepareModel(gather(13, 'int64')))
    expect(finishModel(once)).toEqual(once)
  })

  test('error: an operator set whose Clip takes no integers', () => {
    expect(
      checkModel(gather(11, 'int64')).refusals.map(({ reason }) => reason),
    ).toEqual([expect.stringContaining('operator set 12')])
  })

  test('error: a canonical file without the Clip, or with a wider one', () => {
    const file = finishModel(prepareModel(gather(13, 'int32')))
    const widened = parseOnnx(file)
    const limits = [...widened.weights].filter(([, t]) => t.dtype === 6)
    expect(limits).toHaveLength(2)
    for (const [name, tensor] of limits) {
      const wide = (tensorData(tensor)[0] as number) * 2
      const weights = new Map(widened.weights)
      weights.set(name, {
        ...tensor,
        bytes: new Uint8Array(Int32Array.of(wide).buffer),
      })
      expect(() => readManifest(encodeOnnx({ ...widened, weights }))).toThrow(
        expect.objectContaining({ code: 'LY-MDL-003' }),
      )
    }
  })
})

import { describe, expect, test } from 'vitest'
import { buildModel, floats, int64s } from '../onnx/buildModel.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import { amendModel, unfusedValues } from './amendModel.js'
import { chooseDerived } from './chooseDerived.js'
import { finishModel } from './finishModel.js'
import { prepareModel } from './prepareModel.js'
import { readManifest } from './readManifest.js'
import { committedOperands, nodeModel, traceNames } from './traceModel.js'

/** z = Relu(a (x w) + b) v. */
const file = finishModel(
  prepareModel(
    buildModel({
      inputs: { x: [2, 3] },
      outputs: ['z'],
      weights: {
        w: floats([3, 2], [1, 2, 3, 4, 5, 6]),
        v: floats([2, 2], [1, 2, 3, 4]),
        a: floats([2], [2, 3]),
        b: floats([2], [1, 1]),
      },
      nodes: [
        ['Gemm', ['x', 'w'], ['g']],
        ['Mul', ['g', 'a'], ['m']],
        ['Add', ['m', 'b'], ['s']],
        ['Relu', ['s'], ['y']],
        ['Gemm', ['y', 'v'], ['z']],
      ],
    }),
  ),
)
const refused = (derived: string[]) =>
  expect(() => amendModel(file, { derived })).toThrow(
    expect.objectContaining({ code: 'LY-MDL-001' }),
  )

describe('default: derived values', () => {
  test('all of a chain from the sum at its head on, but what a reduction reads', () => {
    expect(chooseDerived(readManifest(file))).toEqual(['g', 'm', 's'])
    expect(chooseDerived(readManifest(file), new Set(['s']))).toEqual(['s'])
  })

  test('are in no trace, and change the model id', () => {
    const plain = readManifest(file)
    const manifest = readManifest(amendModel(file, { derived: ['m', 's'] }))
    expect(traceNames(plain)).toEqual(['g', 'm', 's', 'y'])
    expect(traceNames(manifest)).toEqual(['g', 'y'])
    expect(manifest.modelId).not.toBe(plain.modelId)
  })

  test('are computed again from the committed operands of a node', () => {
    const derived = amendModel(file, { derived: ['g', 'm', 's'] })
    const manifest = readManifest(derived)
    const node = manifest.nodes.findIndex(({ operator }) => operator === 'Relu')
    const names = committedOperands(manifest, node).map(
      (value) => manifest.values[value]?.name,
    )
    expect(names.sort()).toEqual(['a', 'b', 'w', 'x'])
    const chain = parseOnnx(nodeModel(derived, manifest, node))
    expect(chain.nodes.map(({ operator }) => operator)).toEqual([
      'Gemm',
      'Mul',
      'Add',
      'Relu',
    ])
    expect(chain.inputs.map(({ name }) => name)).toEqual(['x'])
    expect(chain.outputs).toEqual(['y'])
  })

  test('error: operands of reductions, outputs, unknown names', () => {
    refused(['y'])
    refused(['z'])
    refused(['none'])
  })

  test('error: two sums behind one element', () => {
    const sums = finishModel(
      prepareModel(
        buildModel({
          inputs: { x: [2, 3] },
          outputs: ['z'],
          weights: {
            w: floats([3, 2], [1, 2, 3, 4, 5, 6]),
            v: floats([3, 2], [6, 5, 4, 3, 2, 1]),
          },
          nodes: [
            ['MatMul', ['x', 'w'], ['g']],
            ['MatMul', ['x', 'v'], ['h']],
            ['Abs', ['g'], ['a']],
            ['Mul', ['a', 'g'], ['m']],
            ['Add', ['m', 'h'], ['z']],
          ],
        }),
      ),
    )
    // One sum may stand behind both operands of Mul, but then not h behind Add.
    expect(chooseDerived(readManifest(sums))).toEqual(['g', 'h', 'a'])
    expect(() => amendModel(sums, { derived: ['g', 'm', 'h'] })).toThrow(
      expect.objectContaining({ details: expect.stringContaining('two sums') }),
    )
  })

  test('error: chains of more than eight', () => {
    const names = Array.from({ length: 11 }, (_, i) => `v${i}`)
    const long = finishModel(
      prepareModel(
        buildModel({
          inputs: { v0: [2] },
          outputs: ['v10'],
          nodes: names
            .slice(1)
            .map((name, i) => ['Abs', [`v${i}`], [name]] as const) as never,
        }),
      ),
    )
    expect(chooseDerived(readManifest(long))).toEqual(names.slice(1, 9))
    expect(() => amendModel(long, { derived: names.slice(1, 10) })).toThrow(
      expect.objectContaining({ details: expect.stringContaining('B5') }),
    )
  })
})

describe('default: values that native execution declares', () => {
  test('are named by the file', () => {
    const amended = amendModel(file, { unfused: ['g'] })
    expect(unfusedValues(amended)).toEqual(['g'])
    expect(unfusedValues(file)).toEqual([])
    expect(readManifest(amended).modelId).not.toBe(readManifest(file).modelId)
  })

  test('error: what is no activation', () => {
    for (const unfused of [['z'], ['x'], ['g', 'g']])
      expect(() => amendModel(file, { unfused })).toThrow(
        expect.objectContaining({ code: 'LY-MDL-001' }),
      )
  })
})

describe('default: a LayerNormalization in parts', () => {
  const parts = (change: { axis?: number; power?: number } = {}) =>
    buildModel({
      inputs: { x: [2, 4] },
      outputs: ['y'],
      weights: {
        two: floats([], [change.power ?? 2]),
        epsilon: floats([], [1e-5]),
        scale: floats([4], [1, 2, 3, 4]),
        bias: floats([4], [4, 3, 2, 1]),
        unused: int64s([1]),
      },
      nodes: [
        ['ReduceMean', ['x'], ['mean'], axes(change.axis ?? -1)],
        ['Sub', ['x', 'mean'], ['d']],
        ['Pow', ['d', 'two'], ['squares']],
        ['ReduceMean', ['squares'], ['variance'], axes(-1)],
        ['Add', ['variance', 'epsilon'], ['sum']],
        ['Sqrt', ['sum'], ['root']],
        ['Div', ['d', 'root'], ['normal']],
        ['Mul', ['normal', 'scale'], ['scaled']],
        ['Add', ['scaled', 'bias'], ['y']],
      ],
    })
  const axes = (axis: number) => ({
    axes: { type: 'ints' as const, value: [BigInt(axis)] },
  })
  const operators = (bytes: Uint8Array) =>
    readManifest(finishModel(prepareModel(bytes))).nodes.map(
      ({ operator }) => operator,
    )

  test('becomes the one operator', () => {
    expect(operators(parts())).toEqual(['LayerNormalization'])
  })

  test('behavior: what is another function stays as it is', () => {
    expect(operators(parts({ axis: 0 }))).not.toContain('LayerNormalization')
    expect(operators(parts({ power: 4 }))).not.toContain('LayerNormalization')
  })
})

import { describe, expect, test } from 'vitest'
import { finishModel } from '../model/finishModel.js'
import { prepareModel } from '../model/prepareModel.js'
import { readManifest } from '../model/readManifest.js'
import { buildModel, floats } from '../onnx/buildModel.js'
import { tensorRootOf } from '../tensor/tensorRoot.js'
import type { Hex } from '../types/manifest.js'
import { checkInterface, modelInterface } from './modelInterface.js'
import { rootOfOutputs } from './outputs.js'
import type { TensorOutput } from './tensor.js'

/** p = Relu(x w), q = y + 1. */
const manifest = readManifest(
  finishModel(
    prepareModel(
      buildModel({
        inputs: { x: [1, 3], y: [2] },
        outputs: ['p', 'q'],
        weights: {
          w: floats([3, 2], [1, 2, 3, 4, 5, 6]),
          one: floats([1], [1]),
        },
        nodes: [
          ['MatMul', ['x', 'w'], ['h']],
          ['Relu', ['h'], ['p']],
          ['Add', ['y', 'one'], ['q']],
        ],
      }),
    ),
  ),
)
const { header } = manifest
const model = modelInterface(manifest)

describe('modelInterface', () => {
  test('default: names, types and a proof under the model id', () => {
    expect(model.modelId).toBe(manifest.modelId)
    expect(model.inputs['x']).toMatchObject({ dtype: 'float32', dims: [1, 3] })
    expect(Object.keys(model.outputs)).toEqual(['p', 'q'])
    const { inputs, outputs } = checkInterface(model, header)
    expect(inputs.map(({ name }) => name)).toEqual(['x', 'y'])
    expect(outputs.map(({ name, slot }) => [name, slot])).toEqual([
      ['p', 0],
      ['q', 1],
    ])
    // It survives the trip through a file.
    expect(checkInterface(JSON.parse(JSON.stringify(model)), header)).toEqual({
      inputs,
      outputs,
    })
  })

  test('error: anything that the model id does not commit to', () => {
    const { x, y } = model.inputs as Record<
      string,
      (typeof model.inputs)[string]
    >
    const refused = (other: Partial<typeof model>, head = header) =>
      expect(() => checkInterface({ ...model, ...other }, head)).toThrow(
        expect.objectContaining({ code: 'LY-MDL-006' }),
      )
    refused({}, { ...header, inputs: 3 })
    refused({ modelId: `0x${'11'.repeat(32)}` })
    refused({ inputs: { x: x! } })
    refused({ inputs: { x: { ...x!, dims: [3, 1] }, y: y! } })
    refused({ inputs: { x: { ...x!, dtype: 'int32' }, y: y! } })
    refused({ inputs: { x: { ...x!, entry: '0x10' }, y: y! } })
    refused({ inputs: { x: { ...x!, entry: y!.entry, dims: y!.dims }, y: y! } })
    refused({ inputs: { x: { ...x!, index: y!.index }, y: y! } })
    refused({ proof: [] })
    refused({ proof: [...model.proof, `0x${'00'.repeat(32)}`] })
  })
})

test('default: the root of outputs follows from their bytes', () => {
  const entries = checkInterface(model, header).outputs
  const outputs: Record<string, TensorOutput> = {
    p: { dtype: 'float32', dims: [1, 2], data: Float32Array.of(1, 2) },
    q: { dtype: 'float32', dims: [2], data: Float32Array.of(3, 4) },
  }
  const root = (changed: Record<string, TensorOutput>): Hex =>
    rootOfOutputs(entries, 1, [{ ...outputs, ...changed }])
  const [p] = entries
  expect(p && tensorRootOf(p.type, new Uint8Array(8))).toMatch(/^0x/)
  expect(root({})).toBe(root({}))
  for (const data of [Float32Array.of(1, 3), Float32Array.of(1, -2)])
    expect(root({ p: { dtype: 'float32', dims: [1, 2], data } })).not.toBe(
      root({}),
    )
  expect(() => rootOfOutputs(entries, 1, [{ p: outputs['p']! }])).toThrow(
    /LY-INP-004/,
  )
})

import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { buildModel, floats } from './buildModel.js'
import { embedData } from './embedData.js'
import {
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
} from './generated/onnx_pb.js'
import { parseOnnx } from './parseOnnx.js'

const whole = buildModel({
  inputs: { x: [2] },
  outputs: ['y'],
  weights: { w: floats([2], [3, 4]) },
  nodes: [['Add', ['x', 'w'], ['y']]],
})

/** The model with its weight in a file, as said there. */
function apart(said: Record<string, string>): Uint8Array {
  const model = fromBinary(ModelProtoSchema, whole)
  const weight = model.graph!.initializer[0]!
  weight.rawData = new Uint8Array()
  weight.dataLocation = TensorProto_DataLocation.EXTERNAL
  weight.externalData = Object.entries(said).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value }),
  )
  return toBinary(ModelProtoSchema, model)
}

const beside = new Uint8Array(Float32Array.of(9, 9, 3, 4, 9).buffer)

test('default: a model without such weights stays as it is, and nothing is read', () => {
  const read = () => {
    throw new Error('read')
  }
  expect(embedData(whole, read)).toBe(whole)
})

test.each([
  { location: 'w.data', offset: '8', length: '8' },
  { location: 'w.data', offset: '8', length: '8', checksum: '00' },
])('behavior: weights of another file come in: %j', (said) => {
  const file = apart(said)
  expect(() => parseOnnx(file)).toThrow(
    expect.objectContaining({ code: 'LY-MDL-001' }),
  )
  const names: string[] = []
  const model = embedData(file, (name) => {
    names.push(name)
    return beside
  })
  expect(names).toEqual(['w.data'])
  expect(parseOnnx(model).weights).toEqual(parseOnnx(whole).weights)
})

test('behavior: without offset and length it is the whole file', () => {
  const model = embedData(apart({ location: 'w' }), () =>
    beside.subarray(8, 16),
  )
  expect(parseOnnx(model).weights).toEqual(parseOnnx(whole).weights)
})

test.each([
  ['no file', { offset: '8' }, 'does not say which file'],
  ['beyond the end', { location: 'w', offset: '16', length: '8' }, 'byte 24'],
  ['no number', { location: 'w', offset: '-8' }, 'names no part'],
  ['no number', { location: 'w', length: 'all' }, 'names no part'],
])('error: %s', (_, said, message) => {
  expect(() => embedData(apart(said), () => beside)).toThrow(
    expect.objectContaining({
      code: 'LY-MDL-001',
      message: expect.stringContaining(message),
    }),
  )
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkModel, parseOnnx } from '@lynode/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readModel } from './readModel.js'

// y = x + w, as `onnx` writes it with w in bytes 4 to 11 of `w.data`.
const file = Buffer.from(
  'CAgSADpuCg4KAXgKAXcSAXkiA0FkZBIBZyo3CAIQAUIBd2oSCghsb2NhdGlvbhIGdy5kYXRhagsKBm9mZnNldBIBNGoLCgZsZW5ndGgSAThwAVoPCgF4EgoKCAgBEgQKAggCYg8KAXkSCgoICAESBAoCCAJCBAoAEA0=',
  'base64',
)
const weights = new Uint8Array(Float32Array.of(7, 1, 2, 7).buffer)
const unusable = (message: string) =>
  expect.objectContaining({
    code: 'LY-MDL-001',
    message: expect.stringContaining(message),
  })

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lynode-model-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The model, with another place for its weights of as many letters. */
function write(location = 'w.data'): string {
  const path = join(folder, 'model.onnx')
  writeFileSync(
    path,
    Buffer.from(file.toString('latin1').replace('w.data', location), 'latin1'),
  )
  return path
}

test('default: weights beside a model are read with it', () => {
  writeFileSync(join(folder, 'w.data'), weights)
  const model = readModel(write())
  expect(checkModel(model).class).toBe('float')
  expect(parseOnnx(model).weights.get('w')?.bytes).toEqual(
    weights.subarray(4, 12),
  )
})

test('behavior: also in a folder of theirs', () => {
  mkdirSync(join(folder, 'ws'))
  writeFileSync(join(folder, 'ws', 'dat'), weights)
  expect(parseOnnx(readModel(write('ws/dat'))).weights.size).toBe(1)
})

test('error: they are not there', () => {
  expect(() => readModel(write())).toThrow(unusable('w.data'))
})

test.each(['../w.d', '/etc/h'])(
  'error: they are said to be in %s',
  (location) => {
    expect(() => readModel(write(location))).toThrow(
      unusable('outside of its folder'),
    )
  },
)

test('error: no model at all', () => {
  const path = join(folder, 'text')
  writeFileSync(path, 'text')
  expect(() => readModel(path)).toThrow(unusable(''))
  expect(() => readModel(join(folder, 'none'))).toThrow(
    expect.objectContaining({ code: 'LY-CLI-002' }),
  )
})

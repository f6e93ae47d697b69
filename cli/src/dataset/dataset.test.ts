import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dtypes } from '@lynode/sdk'
import { PNG } from 'pngjs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildDataset } from './buildDataset.js'
import { openDataset, readShard } from './dataset.js'
import { readCsv } from './readCsv.js'
import { readImages } from './readImages.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lynode-dataset-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const refused = expect.objectContaining({ code: 'LY-TRN-005' })

test('default: shards of one size, read back as they were', () => {
  const x = Float32Array.from({ length: 10 }, (_, i) => i)
  const built = buildDataset({
    arrays: new Map([
      [
        'x',
        { dtype: dtypes.float32, dims: [5, 2], data: new Uint8Array(x.buffer) },
      ],
      [
        'labels',
        {
          dtype: dtypes.int64,
          dims: [5],
          data: new Uint8Array(BigInt64Array.of(4n, 3n, 2n, 1n, 0n).buffer),
        },
      ],
    ]),
    shards: 2,
    out: folder,
  })
  expect(built).toMatchObject({ samples: 2, shards: 2, left: 1 })
  const dataset = openDataset(folder)
  const second = readShard(dataset, 'x', 1)
  expect(second.dims).toEqual([2, 2])
  expect([...new Float32Array(second.data.slice().buffer)]).toEqual([
    4, 5, 6, 7,
  ])
  const labels = readShard(dataset, 'labels', 1)
  expect(labels.dtype).toBe(dtypes.int32)
  expect([...new Int32Array(labels.data.slice().buffer)]).toEqual([2, 1])
})

test('behavior: a table with names of classes', () => {
  const { arrays, classes } = readCsv('a,kind,b\n1,cat,2\n3,ant,4\n', 'kind')
  expect(classes).toEqual(['ant', 'cat'])
  expect(arrays.get('x')?.dims).toEqual([2, 2])
  const { data } = arrays.get('labels') ?? { data: new Uint8Array() }
  expect([...new Int32Array(data.slice().buffer)]).toEqual([1, 0])
})

test('behavior: pictures, a folder a class', () => {
  for (const [name, grey] of [
    ['dark', 10],
    ['light', 250],
  ] as const) {
    mkdirSync(join(folder, name))
    const png = new PNG({ width: 2, height: 1 })
    png.data.fill(grey)
    writeFileSync(join(folder, name, 'one.png'), PNG.sync.write(png))
  }
  const { arrays, classes } = readImages(folder, true)
  expect(classes).toEqual(['dark', 'light'])
  expect(arrays.get('x')).toMatchObject({
    dtype: dtypes.uint8,
    dims: [2, 1, 1, 2],
  })
  expect([...(arrays.get('x')?.data ?? [])]).toEqual([10, 10, 250, 250])
})

test.each([
  ['a word among the numbers', () => readCsv('a,b\nx,1\n')],
  ['a short line', () => readCsv('a,b\n1\n')],
  ['no such column', () => readCsv('a,b\n1,2\n', 'c')],
  ['a folder without pictures', () => readImages(folder)],
  ['no dataset', () => openDataset(folder)],
  [
    'arrays of different lengths',
    () =>
      buildDataset({
        arrays: new Map([
          ['x', { dtype: dtypes.uint8, dims: [2], data: new Uint8Array(2) }],
          ['y', { dtype: dtypes.uint8, dims: [3], data: new Uint8Array(3) }],
        ]),
        out: folder,
      }),
  ],
])('error: %s', (_, make) => {
  expect(make).toThrow(refused)
})

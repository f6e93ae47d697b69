import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dataTree, type TensorType, tensorRoot } from '@lynode/sdk'
import { afterAll, expect, test } from 'vitest'
import { BlobStore } from '../blobs/blobStore.js'
import { Runner, type RunnerOptions } from './runner.js'
import { tinyModel } from './tinyModel.test.fixture.js'

const entry = fileURLToPath(
  new URL('../../dist/runner/runnerProcess.js', import.meta.url),
)
const store = new BlobStore(mkdtempSync(join(tmpdir(), 'lynode-test-')))
const open: Runner[] = []

function runner(options: RunnerOptions = {}): Runner {
  const started = new Runner({ entry, ...options })
  open.push(started)
  return started
}

afterAll(async () => {
  await Promise.all(open.map((one) => one.close()))
  await store.remove()
})

const type: TensorType = { dtype: 1, dims: [2, 3], perm: [1, 0] }
const add = tinyModel({
  inputs: [
    { name: 'a', dtype: 1, dims: [2, 3] },
    { name: 'b', dtype: 1, dims: [2, 3] },
  ],
  outputs: [{ name: 'sum', dtype: 1, dims: [2, 3] }],
  nodes: [{ operator: 'Add', inputs: ['a', 'b'], outputs: ['sum'] }],
})

function floats(...values: number[]): Uint8Array {
  return new Uint8Array(new Float32Array(values).buffer)
}

// Committed bytes of [[1, 2, 3], [4, 5, 6]] under perm [1, 0].
const columns = floats(1, 4, 2, 5, 3, 6)

test('default: commits to the outputs in commitment order', async () => {
  const { outputs } = await runner().runNode({
    model: { bytes: add },
    inputs: [
      { name: 'a', type, source: { bytes: columns } },
      { name: 'b', type, source: { bytes: columns } },
    ],
    outputs: [{ name: 'sum', type }],
  })
  const [sum] = outputs
  expect(sum?.data).toEqual(floats(2, 8, 4, 10, 6, 12))
  const { root } = dataTree(floats(2, 8, 4, 10, 6, 12))
  expect(sum?.dataRoot).toBe(root)
  expect(sum?.tensorRoot).toBe(tensorRoot(type, root))
})

test('behavior: writes tensors into the spool, reads operands from it', async () => {
  const shared = runner()
  const path = store.pathOf(await store.put(columns))
  const model = { path: store.pathOf(await store.put(add)) }
  const inputs = ['a', 'b'].map((name) => ({ name, type, source: { path } }))
  for (let i = 0; i < 2; i++) {
    const { outputs } = await shared.run({
      model,
      inputs,
      outputs: [{ name: 'sum', type }],
      spool: store.folder,
    })
    const [sum] = outputs
    expect(sum?.data).toBeUndefined()
    expect(sum && (await store.read(sum.dataRoot))).toEqual(
      floats(2, 8, 4, 10, 6, 12),
    )
  }
})

test('error: garbage, a wrong shape, then work goes on', async () => {
  const shared = runner()
  const run = (model: Uint8Array, dims: number[]) =>
    shared.runNode({
      model: { bytes: model },
      inputs: ['a', 'b'].map((name) => ({
        name,
        type: { dtype: 1, dims, perm: dims.map((_, i) => i) },
        source: { bytes: columns },
      })),
      outputs: [{ name: 'sum', type }],
    })
  await expect(run(Uint8Array.of(1, 2, 3), [2, 3])).rejects.toMatchObject({
    code: 'LY-RUNNER-001',
  })
  await expect(run(add, [3, 2])).rejects.toMatchObject({
    code: 'LY-RUNNER-001',
  })
  await expect(run(add, [2, 3])).resolves.toBeDefined()
})

test('error: a memory bomb is killed, and the next run works', async () => {
  const limited = runner({ memoryBytes: 400 * 2 ** 20 })
  const bomb = tinyModel({
    inputs: [{ name: 'a', dtype: 1, dims: [1, 1] }],
    outputs: [{ name: 'out', dtype: 1, dims: [2 ** 14, 2 ** 16] }],
    initializers: [{ name: 'n', values: [2n ** 14n, 2n ** 16n] }],
    nodes: [{ operator: 'Tile', inputs: ['a', 'n'], outputs: ['out'] }],
  })
  await expect(
    limited.runNode({
      model: { bytes: bomb },
      inputs: [
        {
          name: 'a',
          type: { dtype: 1, dims: [1, 1], perm: [0, 1] },
          source: { bytes: floats(1) },
        },
      ],
      outputs: [
        {
          name: 'out',
          type: { dtype: 1, dims: [2 ** 14, 2 ** 16], perm: [0, 1] },
        },
      ],
    }),
  ).rejects.toMatchObject({ code: 'LY-RUNNER-003' })
  const { outputs } = await limited.runNode({
    model: { bytes: add },
    inputs: ['a', 'b'].map((name) => ({
      name,
      type,
      source: { bytes: columns },
    })),
    outputs: [{ name: 'sum', type }],
  })
  expect(outputs).toHaveLength(1)
}, 30_000)

test('error: a run past its deadline is killed', async () => {
  const hurried = runner({ deadlineMs: 400 })
  const dims = [1500, 1500]
  const square = { dtype: 1 as const, dims, perm: [0, 1] }
  const slow = tinyModel({
    inputs: [{ name: 'v0', dtype: 1, dims }],
    outputs: [{ name: 'v40', dtype: 1, dims }],
    nodes: Array.from({ length: 40 }, (_, i) => ({
      operator: 'MatMul',
      inputs: [`v${i}`, 'v0'],
      outputs: [`v${i + 1}`],
    })),
  })
  await expect(
    hurried.runNode({
      model: { bytes: slow },
      inputs: [
        {
          name: 'v0',
          type: square,
          source: { bytes: new Uint8Array(4 * 1500 * 1500) },
        },
      ],
      outputs: [{ name: 'v40', type: square }],
    }),
  ).rejects.toMatchObject({ code: 'LY-RUNNER-002' })
}, 30_000)

test('behavior: the basic level removes what needs no run', async () => {
  const model = tinyModel({
    inputs: [{ name: 'a', dtype: 1, dims: [2] }],
    outputs: [{ name: 'b', dtype: 1, dims: [2] }],
    nodes: [
      { operator: 'Identity', inputs: ['a'], outputs: ['i'] },
      { operator: 'Relu', inputs: ['i'], outputs: ['b'] },
    ],
  })
  const optimised = Buffer.from(await runner().optimise(model)).toString(
    'latin1',
  )
  expect(optimised).toContain('Relu')
  expect(optimised).not.toContain('Identity')
})

test('error: a runner that cannot start', async () => {
  await expect(
    runner({ entry: '/nowhere/runner.js' }).optimise(add),
  ).rejects.toMatchObject({ code: 'LY-RUNNER-005' })
})

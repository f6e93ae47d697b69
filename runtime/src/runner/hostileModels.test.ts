import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  buildModel,
  dtypes,
  parseOnnx,
  readManifest,
  type TensorType,
} from '@lynode/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { canonicalise } from '../publish/canonicalise.js'
import { Runner } from './runner.js'
import { tinyModel } from './tinyModel.test.fixture.js'

// What a stranger may publish to hurt a node. The parser refuses it before the
// runtime sees a byte; should it ever get there, the child fails and the daemon
// goes on.

const entry = fileURLToPath(
  new URL('../../dist/runner/runnerProcess.js', import.meta.url),
)
const scalar: TensorType = { dtype: 1, dims: [1, 1], perm: [0, 1] }
const one = new Uint8Array(new Float32Array([1]).buffer)
const secret = join(mkdtempSync(join(tmpdir(), 'lynode-secret-')), 'key')
writeFileSync(secret, one)
let runner: Runner

beforeAll(() => {
  runner = new Runner({
    entry,
    memoryBytes: 700 * 2 ** 20,
    deadlineMs: 8_000,
  })
})
afterAll(() => runner.close())

function tiled(repeats: readonly bigint[]): Uint8Array {
  return tinyModel({
    inputs: [{ name: 'a', dtype: 1, dims: [1, 1] }],
    outputs: [{ name: 'out', dtype: 1, dims: repeats.map(Number) }],
    initializers: [{ name: 'n', values: [...repeats] }],
    nodes: [{ operator: 'Tile', inputs: ['a', 'n'], outputs: ['out'] }],
  })
}

/** A chain of nodes, each on the result of the one before. */
function chain(operator: string, length: number): Uint8Array {
  return tinyModel({
    inputs: [{ name: 'v0', dtype: 1, dims: [1, 1] }],
    outputs: [{ name: `v${length}`, dtype: 1, dims: [1, 1] }],
    nodes: Array.from({ length }, (_, i) => ({
      operator,
      inputs: operator === 'MatMul' ? [`v${i}`, 'v0'] : [`v${i}`],
      outputs: [`v${i + 1}`],
    })),
  })
}

/** A weight whose bytes are said to be in a file beside the model. */
function external(location: string): Uint8Array {
  const field = (number: number, ...parts: Uint8Array[]) => {
    const body = Buffer.concat(parts)
    return Buffer.concat([Uint8Array.of((number << 3) | 2, body.length), body])
  }
  const text = (number: number, value: string) =>
    field(number, Buffer.from(value))
  const entryOf = (key: string, value: string) =>
    field(13, text(1, key), text(2, value))
  const tensor = field(
    5,
    Uint8Array.of(8, 1, 8, 1, 16, 1), // dims 1, 1; float32
    text(8, 'w'),
    entryOf('location', location),
    Uint8Array.of(112, 1), // data_location: EXTERNAL
  )
  const model = tinyModel({
    inputs: [{ name: 'a', dtype: 1, dims: [1, 1] }],
    outputs: [{ name: 'out', dtype: 1, dims: [1, 1] }],
    nodes: [{ operator: 'Add', inputs: ['a', 'w'], outputs: ['out'] }],
  })
  // A second graph field: messages of one field are merged.
  return new Uint8Array(Buffer.concat([model, field(7, tensor)]))
}

function run(model: Uint8Array, input: string, output: string, type = scalar) {
  return runner.runNode({
    model: { bytes: model },
    inputs: [{ name: input, type: scalar, source: { bytes: one } }],
    outputs: [{ name: output, type }],
  })
}

/** Whatever happened, the next job is done. */
async function expectService(): Promise<void> {
  const { outputs } = await run(chain('Relu', 1), 'v0', 'v1')
  expect(outputs[0]?.data).toEqual(one)
}

const huge = [2n ** 20n, 2n ** 20n]
const length = 100_000

test.each([
  ['a tensor of 2^40 elements', tiled(huge)],
  ['a dimension of 2^40', tiled([2n ** 40n, 1n])],
  ['weights in other files', external(secret)],
  ['weights in other files, by a way upwards', external('../../secret')],
])('error: %s are refused before anything runs', (_, model) => {
  // What the file declares is refused by the parser, what follows from it later.
  expect(() => {
    parseOnnx(model)
    readManifest(model)
  }).toThrow(expect.objectContaining({ code: 'LY-MDL-001' }))
})

test('error: 100,000 nodes in a chain are refused within seconds', () => {
  const start = performance.now()
  expect(() => readManifest(chain('Relu', length))).toThrow(
    expect.objectContaining({ code: 'LY-MDL-001' }),
  )
  expect(performance.now() - start).toBeLessThan(20_000)
})

test.each([
  [
    'a tensor of 2^40 elements',
    tiled(huge),
    { ...scalar, dims: [2 ** 20, 2 ** 20] },
  ],
  ['a dimension of 2^40', tiled([2n ** 40n, 1n]), undefined],
  [
    'a memory bomb',
    tiled([2n ** 14n, 2n ** 16n]),
    { ...scalar, dims: [2 ** 14, 2 ** 16] },
  ],
  ['weights in a file of the system', external('/etc/hostname'), undefined],
  ['weights in a file of the node', external(secret), undefined],
])(
  'error: %s in the runner fails with a code, and work goes on',
  async (_, model, type) => {
    await expect(run(model, 'a', 'out', type)).rejects.toMatchObject({
      code: expect.stringMatching(/^LY-RUNNER-00[1234]$/),
    })
    await expectService()
  },
)

test('error: a run without an end is killed at its deadline', async () => {
  const dims = [1_500, 1_500]
  const type = { dtype: 1, dims, perm: [0, 1] } as const
  const model = tinyModel({
    inputs: [{ name: 'v0', dtype: 1, dims }],
    outputs: [{ name: 'v900', dtype: 1, dims }],
    nodes: Array.from({ length: 900 }, (_, i) => ({
      operator: 'MatMul',
      inputs: [`v${i}`, 'v0'],
      outputs: [`v${i + 1}`],
    })),
  })
  await expect(
    runner.runNode({
      model: { bytes: model },
      inputs: [
        {
          name: 'v0',
          type,
          source: { bytes: new Uint8Array(4 * 1_500 * 1_500) },
        },
      ],
      outputs: [{ name: 'v900', type }],
      limits: { deadlineMs: 1_000 },
    }),
  ).rejects.toMatchObject({ code: 'LY-RUNNER-002' })
  await expectService()
})

test('error: 100,000 nodes in the runner end in an answer or a code, and work goes on', async () => {
  const [answer] = await Promise.allSettled([
    run(chain('Relu', length), 'v0', `v${length}`),
  ])
  if (answer.status === 'rejected')
    expect(answer.reason).toMatchObject({
      code: expect.stringMatching(/^LY-RUNNER-00[1234]$/),
    })
  else expect(answer.value.outputs[0]?.data).toEqual(one)
  await expectService()
})

test('behavior: weights that are no numbers are computed with, and harm nobody', async () => {
  const bytes = new Uint8Array(new Float32Array(4).fill(Number.NaN).buffer)
  const w = { dtype: dtypes.float32, dims: [2, 2], bytes }
  const file = await canonicalise(
    buildModel({
      inputs: { x: [1, 2] },
      outputs: ['y'],
      weights: { w },
      nodes: [['MatMul', ['x', 'w'], ['y']]],
    }),
    { runner },
  )
  const type = { dtype: 1, dims: [1, 2], perm: [0, 1] } as const
  const { outputs } = await runner.runNode({
    model: { bytes: file },
    inputs: [
      {
        name: 'x',
        type,
        source: { bytes: new Uint8Array(new Float32Array([1, 2]).buffer) },
      },
    ],
    outputs: [{ name: 'y', type }],
  })
  const values = new Float32Array((outputs[0]?.data ?? one).slice().buffer)
  expect([...values].every(Number.isNaN)).toBe(true)
})

test('error: a convolution with weights that are no numbers is refused', async () => {
  const bytes = new Uint8Array(new Float32Array(9).fill(Number.NaN).buffer)
  const w = { dtype: dtypes.float32, dims: [1, 1, 3, 3], bytes }
  await expect(
    canonicalise(
      buildModel({
        inputs: { x: [1, 1, 8, 8] },
        outputs: ['y'],
        weights: { w },
        nodes: [['Conv', ['x', 'w'], ['y']]],
      }),
      { runner },
    ),
  ).rejects.toMatchObject({ code: 'LY-MDL-003' })
})

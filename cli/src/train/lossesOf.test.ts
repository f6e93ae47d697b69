import { dtypes, type ResultDocument } from '@lynode/sdk'
import { expect, test } from 'vitest'
import { lossesOf } from './lossesOf.js'

const type = { dtype: dtypes.float32, dims: [], perm: [] }
const loss = { name: 'loss', kind: 'output', slot: 0, type } as const
const values = [{ ...loss, carried: false, boundary: false }]

function resultOf(steps: number): ResultDocument {
  return {
    kind: 'result',
    segment: steps,
    steps: Array.from({ length: steps }, (_, i) => ({
      carried: [],
      outputs: [{ ...type, dataRoot: `0x${i}` as const }],
    })),
  }
}

async function fetched(steps: number) {
  let [running, most] = [0, 0]
  const losses = await lossesOf({ values }, resultOf(steps), async (loss) => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setImmediate(resolve))
    running--
    return new Uint8Array(
      Float32Array.of(Number(loss.dataRoot.slice(2))).buffer,
    )
  })
  return { losses, most }
}

test('default: every loss, in the order of the steps', async () => {
  const { losses } = await fetched(3)
  expect(losses).toEqual([
    { ahead: 2, value: 0 },
    { ahead: 1, value: 1 },
    { ahead: 0, value: 2 },
  ])
})

test('behavior: of a long job some hundreds, the last among them, a few at once', async () => {
  const { losses = [], most } = await fetched(10_000)
  expect(losses).toHaveLength(500)
  expect(losses.at(-1)).toEqual({ ahead: 0, value: 9_999 })
  expect(losses.at(-2)).toEqual({ ahead: 20, value: 9_979 })
  expect(most).toBe(16)
})

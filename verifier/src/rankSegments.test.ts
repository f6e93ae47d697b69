import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobStore } from '@lynode/runtime'
import { dtypes, type Hex, type ResultDocument } from '@lynode/sdk'
import { afterAll, describe, expect, it } from 'vitest'
import { rankSegments } from './rankSegments.js'
import type { OwnRun } from './rerunAlong.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-rank-'))
const blobs = new BlobStore(folder)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a segment of one step ends with: a state of two tensors, and a loss. */
type End = { state: [number, number]; loss: number }

async function documentOf(ends: readonly End[]): Promise<ResultDocument> {
  const tensor = async (value: number) => ({
    dtype: dtypes.float32,
    dims: [1],
    perm: [0],
    dataRoot: await blobs.put(new Uint8Array(Float32Array.of(value).buffer)),
  })
  return {
    kind: 'result',
    segment: 1,
    steps: await Promise.all(
      ends.map(async ({ state, loss }) => ({
        carried: await Promise.all(state.map(tensor)),
        outputs: [await tensor(loss)],
      })),
    ),
  }
}

/** Ranks segments that are all off; returns their places. */
async function ranked(
  ours: readonly End[],
  theirs: readonly End[],
  withheld: readonly Hex[] = [],
): Promise<number[]> {
  const claimed = await documentOf(theirs)
  const own = await documentOf(ours)
  const runs = own.steps.map((_, i): OwnRun[] => [
    {
      mode: 'plain',
      runMs: 0,
      result: { ...own, steps: own.steps.slice(0, i + 1) },
    },
  ])
  const client = {
    fetchBlob: async () => {
      throw new Error('not served')
    },
  }
  const seen = {
    has: (root: Hex) => !withheld.includes(root) && blobs.has(root),
  }
  const order = await rankSegments(
    { daemon: { reader: blobs }, blobs: seen, client },
    claimed,
    runs,
  )
  return order.map(([run]) => (run?.result.steps.length ?? 0) - 1)
}

const ours: End[] = [0, 1, 2, 3].map((i) => ({
  state: [i, i + 100],
  loss: i,
}))
/** Another machine's rounding in all of them. */
const rounded = ours.map(({ state: [a, b], loss }) => ({
  state: [a + 2 ** -10, b + 2 ** -4] as [number, number],
  loss: loss + 2 ** -12,
}))

describe('rankSegments', () => {
  it('has the one first that is farther off than is usual for a tensor', async () => {
    const theirs = structuredClone(rounded)
    theirs[2]!.state[0] += 2 ** -6
    expect((await ranked(ours, theirs))[0]).toBe(2)
  })

  it('sees a wrong loss too', async () => {
    const theirs = structuredClone(rounded)
    theirs[3]!.loss = 0.5
    expect((await ranked(ours, theirs))[0]).toBe(3)
  })

  it('takes a NaN for the farthest', async () => {
    const theirs = structuredClone(rounded)
    theirs[1]!.state[1] = Number.NaN
    theirs[2]!.state[0] += 1
    expect((await ranked(ours, theirs)).slice(0, 2)).toEqual([1, 2])
  })

  it('does not let withheld bytes lead away from what is served', async () => {
    const theirs = structuredClone(rounded)
    theirs[3]!.loss = 0.5
    const { steps } = await documentOf(theirs)
    const withheld = steps[0]!.carried.map(({ dataRoot }) => dataRoot)
    expect((await ranked(ours, theirs, withheld))[0]).toBe(3)
  })
})

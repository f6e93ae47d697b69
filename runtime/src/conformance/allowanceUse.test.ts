import { fileURLToPath } from 'node:url'
import {
  amendModel,
  buildModel,
  type GraphTensor,
  judgedManifest,
  readManifest,
  weightReader,
} from '@lynode/sdk'
import { afterAll, expect, test } from 'vitest'
import { nodeSha256 } from '../hash/nodeSha256.js'
import { canonicalise } from '../publish/canonicalise.js'
import { Runner } from '../runner/runner.js'
import { allowanceUse } from './allowanceUse.js'

const runner = new Runner({
  entry: fileURLToPath(
    new URL('../../dist/runner/runnerProcess.js', import.meta.url),
  ),
})
afterAll(() => runner.close())

const floats = (...values: number[]): Uint8Array =>
  new Uint8Array(Float32Array.from(values).buffer)

const column = (...values: number[]): GraphTensor => ({
  dtype: 1,
  dims: [values.length, 1],
  bytes: floats(...values),
})

/** y = Relu(x w), the product derived or not; what a claim takes of its allowance. */
async function useOf(
  x: number[],
  w: number[],
  claims: { product: number; y: number },
  derived: boolean,
) {
  const plain = await canonicalise(
    buildModel({
      inputs: { x: [1, x.length] },
      outputs: ['y'],
      weights: { w: column(...w) },
      nodes: [
        ['MatMul', ['x', 'w'], ['product']],
        ['Relu', ['product'], ['y']],
      ],
    }),
    { runner },
  )
  const file = derived
    ? amendModel(plain, { derived: ['product'] }, nodeSha256)
    : plain
  const manifest = readManifest(file, nodeSha256)
  const weights = weightReader(file, manifest)
  const known: Record<string, Uint8Array> = {
    x: floats(...x),
    product: floats(claims.product),
    y: floats(claims.y),
  }
  return allowanceUse({
    manifest: judgedManifest(manifest),
    node: derived ? 1 : 0,
    output: 0,
    element: 0,
    read: (index, offset, length) => {
      const name = manifest.values[index]?.name ?? ''
      const bytes = known[name] ?? weights(index)
      if (bytes === undefined) throw new Error(`no ${name}`)
      return bytes.subarray(offset, offset + length)
    },
  })
}

const ulp = 2 ** -23
const one = 1 + ulp

test('behavior: a sum of few terms is measured before its ends are rounded inwards', async () => {
  // (1 + ulp)^2 is 1 + 2 ulp and a little: three floats are accepted, of which the
  // machine's is not in the middle.
  const claims = { product: 1 + 2 * ulp, y: 1 + 2 * ulp }
  const { use, terms, opcodes } = await useOf([one, 0], [one, 0], claims, false)
  expect({ terms, opcodes }).toEqual({ terms: 2, opcodes: [60] })
  expect(use).toBeLessThan(1e-6)
  const next = { product: 1 + 3 * ulp, y: 0 }
  const off = await useOf([one, 0], [one, 0], next, false)
  // Two roundings of half an ulp each are allowed.
  expect(off.use).toBeCloseTo(1, 5)
})

test('behavior: one product is correctly rounded, and has nothing to take', async () => {
  const claims = { product: one, y: one }
  const { use, opcodes } = await useOf([one], [1], claims, false)
  expect({ use, opcodes }).toEqual({ use: undefined, opcodes: [] })
})

test('behavior: a Relu that cuts the set takes nothing of the allowance', async () => {
  const x = [1, 1, 2 ** -20]
  const w = [1, -1, -1]
  const claims = { product: -(2 ** -20), y: 0 }
  const { use, judgement, opcodes, terms } = await useOf(x, w, claims, true)
  expect(judgement.fraud).toBe(false)
  expect(judgement.honest.low).toBe(0n)
  expect({ use, terms, opcodes }).toEqual({ use: 0, terms: 3, opcodes: [60] })
})

test('behavior: behind a derived sum the share is that of the sum', async () => {
  const x = [1, 1, 1]
  const w = [1, 1, 1]
  // gamma(3) of 3 is 9 u, an ulp of 3 is 4 u.
  const exact = await useOf(x, w, { product: 3, y: 3 }, true)
  expect(exact.use).toBe(0)
  const off = await useOf(x, w, { product: 3, y: 3 + 2 * ulp }, true)
  expect(off.use).toBeCloseTo(4 / 9, 2)
  expect(off.judgement.fraud).toBe(false)
  const far = await useOf(x, w, { product: 3, y: 3 + 6 * ulp }, true)
  expect(far.judgement.fraud).toBe(true)
})

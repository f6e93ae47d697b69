import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { addAll, generator } from './bn254.js'
import { insecureSrs } from './insecureSrs.js'
import { SrsStore } from './srsStore.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-srs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('default: a string of 2^k points has the size that ezkl reads', () => {
  expect(insecureSrs(1)).toHaveLength(516)
  expect(insecureSrs(3)).toHaveLength(4 + 128 * 8 + 256)
})

test('behavior: the Lagrange basis sums to the generator', () => {
  // The polynomials of the basis sum to 1 everywhere, at the secret too.
  const bytes = insecureSrs(2)
  const { points } = readPoints(bytes, 4)
  const sum = points
    .slice(4)
    .reduce((a, b) => addAll([a], [b])[0], undefined)
  expect(sum).toEqual(generator)
})

test('error: no insecure string for a live chain', async () => {
  const store = new SrsStore({ folder, chainId: 1 })
  await expect(store.path(2)).rejects.toMatchObject({ code: 'LY-ZK-012' })
  const local = new SrsStore({ folder, chainId: 31_337 })
  expect(local.name).toBe('insecure-test')
  const path = await local.path(2)
  expect(readFileSync(path)).toHaveLength(4 + 128 * 4 + 256)
  writeFileSync(path, 'kept') // what is there is not made again
  expect(readFileSync(await local.path(2), 'utf8')).toBe('kept')
})

/** Points of both kinds, out of Montgomery form. */
function readPoints(bytes: Uint8Array, size: number) {
  const p =
    21888242871839275222246405745257275088696311157297823662689037894645226208583n
  let inverse = 1n
  for (let i = 0; i < 256; i++)
    inverse = inverse % 2n === 0n ? inverse / 2n : (inverse + p) / 2n
  const coordinate = (at: number) => {
    let value = 0n
    for (let i = 31; i >= 0; i--)
      value = (value << 8n) | BigInt(bytes[at + i] ?? 0)
    return (value * inverse) % p
  }
  const points = Array.from(
    { length: 2 * size },
    (_, i) => [coordinate(4 + 64 * i), coordinate(36 + 64 * i)] as const,
  )
  return { points }
}

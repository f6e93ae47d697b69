import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { addAll, baseOrder, type G1, generator, groupOrder } from './bn254.js'
import { importSrs } from './importSrs.js'
import { insecureSrs, rootOfUnity } from './insecureSrs.js'
import { SrsStore } from './srsStore.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-srs-'))
const file = (name: string) => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('default: the development string is one of the secret 2', () => {
  expect(insecureSrs(1)).toHaveLength(516)
  const { powers, lagrange } = read(insecureSrs(3), 3)
  expect(powers[0]).toEqual(generator)
  expect(powers[1]).toEqual(times(generator, 2n))
  expect(powers[7]).toEqual(times(generator, 128n))
  expect(interpolated(lagrange, 3)).toEqual(powers[1])
})

test('behavior: a file of snarkjs is converted', async () => {
  snarkjs('new', 'bn128', '5', file('0.ptau'))
  snarkjs('contribute', file('0.ptau'), file('1.ptau'), '-e=entropy')
  snarkjs('prepare', 'phase2', file('1.ptau'), file('2.ptau'))
  const sha256 = createHash('sha256')
    .update(readFileSync(file('2.ptau')))
    .digest('hex')
  const options = { file: file('2.ptau'), sha256, folder }
  const paths = await importSrs({ ...options, logRows: [4] })
  expect(paths).toEqual([file('1.srs'), file('4.srs')])
  for (const k of [1, 4]) {
    const { powers, lagrange } = read(readFileSync(file(`${k}.srs`)), k)
    expect(powers[0]).toEqual(generator)
    // The permutation is right: these are halo2's polynomials at the secret.
    expect(interpolated(lagrange, k)).toEqual(powers[1])
  }

  const wrongHash = importSrs({ ...options, sha256: '00', logRows: [] })
  await expect(wrongHash).rejects.toMatchObject({ code: 'LY-ZK-012' })
  const tooLarge = importSrs({ ...options, logRows: [6] })
  await expect(tooLarge).rejects.toMatchObject({ code: 'LY-ZK-012' })
}, 120_000)

test('error: no insecure string for a live chain', async () => {
  const live = new SrsStore({ folder, chainId: 1 })
  await expect(live.path(2)).rejects.toMatchObject({ code: 'LY-ZK-012' })
  const local = new SrsStore({ folder, chainId: 31_337 })
  expect(local.name).toBe('insecure-test')
  const path = await local.path(2)
  expect(readFileSync(path)).toHaveLength(4 + 128 * 4 + 256)
  writeFileSync(path, 'kept') // what is there is not made again
  expect(readFileSync(await local.path(2), 'utf8')).toBe('kept')
})

test('behavior: two that need a string at once both get it whole', async () => {
  const store = new SrsStore({ folder: file('at-once'), chainId: 31_337 })
  const paths = [store.path(1), store.path(1), store.path(1)] as const
  const [one, other] = await Promise.all(paths)
  expect(one).toBe(other)
  expect(readFileSync(one)).toHaveLength(516)
})

function snarkjs(command: string, ...args: string[]): void {
  const main = createRequire(import.meta.url).resolve('snarkjs')
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(dirname(main), 'cli.cjs'), 'powersoftau', command, ...args],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(stdout)
}

/** Points of a file of ezkl, out of Montgomery form. */
function read(bytes: Uint8Array, k: number): { powers: G1[]; lagrange: G1[] } {
  const size = 2 ** k
  expect(bytes).toHaveLength(4 + 128 * size + 256)
  const coordinate = (at: number) => {
    let value = 0n
    for (let i = 31; i >= 0; i--)
      value = (value << 8n) | BigInt(bytes[at + i] ?? 0)
    // Halving 256 times takes the factor 2^256 out.
    for (let i = 0; i < 256; i++)
      value = (value & 1n) === 0n ? value >> 1n : (value + baseOrder) >> 1n
    return value
  }
  const points = Array.from(
    { length: 2 * size },
    (_, i): G1 => [coordinate(4 + 64 * i), coordinate(36 + 64 * i)],
  )
  return { powers: points.slice(0, size), lagrange: points.slice(size) }
}

/** The polynomial X at the secret: the sum of `w^i L_i`. */
function interpolated(lagrange: readonly G1[], k: number): G1 {
  const root = rootOfUnity(k)
  let sum: G1
  let power = 1n
  for (const point of lagrange) {
    sum = addAll([sum], [times(point, power)])[0]
    power = (power * root) % groupOrder
  }
  return sum
}

function times(point: G1, factor: bigint): G1 {
  let sum: G1
  let double = point
  for (let left = factor; left > 0n; left >>= 1n) {
    if (left & 1n) sum = addAll([sum], [double])[0]
    double = addAll([double], [double])[0]
  }
  return sum
}

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { importSrs, insecureSrs } from '@lynode/runtime'
import { bn254 } from '@noble/curves/bn254'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'lynode-ptau-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const snarkjs = join(
  dirname(createRequire(import.meta.url).resolve('snarkjs/package.json')),
  'build/cli.cjs',
)
const { Fp, Fr } = { Fp: bn254.fields.Fp, Fr: bn254.fields.Fr }
const montgomery = Fp.inv(Fp.create(2n ** 256n))

test('default: the development string is one of the secret 2', () => {
  const { powers, lagrange } = read(insecureSrs(3), 3)
  expect(powers[1]).toEqual(bn254.G1.ProjectivePoint.BASE.double().toAffine())
  expect(interpolated(lagrange, 3)).toEqual(powers[1])
})

test('behavior: a file of snarkjs is converted', async () => {
  const file = (name: string) => join(folder, name)
  run('powersoftau', 'new', 'bn128', '5', file('0.ptau'))
  run('powersoftau', 'contribute', file('0.ptau'), file('1.ptau'), '-e=entropy')
  run('powersoftau', 'prepare', 'phase2', file('1.ptau'), file('2.ptau'))
  const sha256 = createHash('sha256')
    .update(readFileSync(file('2.ptau')))
    .digest('hex')
  const options = { file: file('2.ptau'), sha256, folder }
  const paths = await importSrs({ ...options, logRows: [4] })
  expect(paths).toEqual([file('1.srs'), file('4.srs')])
  for (const k of [1, 4]) {
    const { powers, lagrange } = read(readFileSync(file(`${k}.srs`)), k)
    expect(powers[0]).toEqual(bn254.G1.ProjectivePoint.BASE.toAffine())
    // The permutation is right: these are halo2's polynomials at the secret.
    expect(interpolated(lagrange, k)).toEqual(powers[1])
  }

  await expect(
    importSrs({ ...options, sha256: '00', logRows: [] }),
  ).rejects.toMatchObject({ code: 'LY-ZK-012' })
  await expect(
    importSrs({ ...options, logRows: [6] }),
  ).rejects.toMatchObject({ code: 'LY-ZK-012' })
}, 120_000)

function run(...args: string[]): void {
  const { status, stdout } = spawnSync(process.execPath, [snarkjs, ...args], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stdout)
}

/** Points of a file of ezkl. */
function read(bytes: Uint8Array, k: number) {
  const coordinate = (at: number) =>
    Fp.mul(
      BigInt(
        `0x${Buffer.from(bytes.slice(at, at + 32).reverse()).toString('hex')}`,
      ),
      montgomery,
    )
  const size = 2 ** k
  expect(bytes).toHaveLength(4 + 128 * size + 256)
  const points = Array.from({ length: 2 * size }, (_, i) => ({
    x: coordinate(4 + 64 * i),
    y: coordinate(36 + 64 * i),
  }))
  return { powers: points.slice(0, size), lagrange: points.slice(size) }
}

/** The polynomial X at the secret: the sum of `w^i L_i`. */
function interpolated(lagrange: { x: bigint; y: bigint }[], k: number) {
  const root = Fr.pow(7n, (Fr.ORDER - 1n) >> BigInt(k))
  const { ProjectivePoint } = bn254.G1
  return lagrange
    .reduce(
      (sum, point, i) =>
        sum.add(
          ProjectivePoint.fromAffine(point).multiply(Fr.pow(root, BigInt(i))),
        ),
      ProjectivePoint.ZERO,
    )
    .toAffine()
}

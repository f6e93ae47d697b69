import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LynodeError } from '@lynode/sdk'
import { groupOrder, power } from './bn254.js'
import { rootOfUnity } from './insecureSrs.js'
import { g2Bytes, pointBytes } from './srsFile.js'

export type ImportSrsOptions = {
  /** A prepared powers-of-tau file of snarkjs. */
  file: string
  /** What the ceremony published, hex. */
  sha256: string
  /** Folder of the imported strings. */
  folder: string
  /** Values of k to write; 1 is always among them, for those who only verify. */
  logRows: readonly number[]
}

const tauG1 = 2
const tauG2 = 3
const lagrangeG1 = 12

/** Points moved at a time. */
const batch = 4_096

/**
 * Converts a powers-of-tau file to ezkl's form. Both have points in Montgomery
 * form, little-endian; the Lagrange basis is in another order, because the two
 * start from different generators of the scalar field (5 in snarkjs, 7 in
 * halo2): `halo[i] = snark[e i mod n]` where `w7 = w5^e`.
 *
 * @returns Paths of the files.
 * @throws LynodeError `LY-ZK-012` when hash, form or size do not fit.
 */
export async function importSrs(options: ImportSrsOptions): Promise<string[]> {
  const { file, folder } = options
  const actual = await hashOf(file)
  if (actual !== options.sha256.toLowerCase().replace(/^0x/, ''))
    throw refused(`the file has the hash ${actual}`)
  const source = await open(file, 'r')
  try {
    const read = async (position: number, bytes: number) => {
      const buffer = Buffer.alloc(bytes)
      const { bytesRead } = await source.read(buffer, 0, bytes, position)
      if (bytesRead !== bytes) throw refused('the file ends too early')
      return buffer
    }
    const sections = await readSections(read)
    const section = (id: number) => {
      const at = sections.get(id)
      if (at === undefined)
        throw refused(
          `the file has no section ${id}; prepare it with snarkjs (prepare phase2)`,
        )
      return at
    }
    const header = await read(section(1), 44)
    if (header.readUInt32LE(0) !== 32) throw refused('not a file of BN254')
    const largest = header.readUInt32LE(36)
    await mkdir(folder, { recursive: true })
    const paths: string[] = []
    for (const k of new Set([1, ...options.logRows])) {
      if (k < 1 || k > largest)
        throw refused(`2^${k} points asked for; the file has 2^${largest}`)
      const path = join(folder, `${k}.srs`)
      const temporary = `${path}.${process.pid}.part`
      const target = await open(temporary, 'w')
      try {
        const size = 2 ** k
        const prefix = Buffer.alloc(4)
        prefix.writeUInt32LE(k)
        await target.write(prefix)
        for (let at = 0; at < size; at += batch)
          await target.write(
            await read(
              section(tauG1) + at * pointBytes,
              Math.min(batch, size - at) * pointBytes,
            ),
          )
        // Level k of the section follows the levels 0..k-1.
        const level = section(lagrangeG1) + (size - 1) * pointBytes
        const basis = await read(level, size * pointBytes)
        const step = Number(stepOf(k))
        const permuted = Buffer.alloc(basis.length)
        for (let i = 0, from = 0; i < size; i++, from = (from + step) % size)
          basis.copy(
            permuted,
            i * pointBytes,
            from * pointBytes,
            (from + 1) * pointBytes,
          )
        await target.write(permuted)
        await target.write(await read(section(tauG2), 2 * g2Bytes))
        await target.sync()
      } catch (error) {
        await target.close()
        await rm(temporary, { force: true })
        throw error
      }
      await target.close()
      await rename(temporary, path)
      paths.push(path)
    }
    return paths
  } finally {
    await source.close()
  }
}

/** e with `w7 = w5^e`, both of order 2^k: bit by bit (Pohlig and Hellman). */
function stepOf(k: number): bigint {
  const size = 1n << BigInt(k)
  const seven = rootOfUnity(k)
  const five = power(5n, (groupOrder - 1n) / size, groupOrder)
  let exponent = 0n
  for (let bit = 0n; bit < BigInt(k); bit++) {
    const rest = (seven * power(five, size - exponent, groupOrder)) % groupOrder
    if (power(rest, size >> (bit + 1n), groupOrder) !== 1n)
      exponent += 1n << bit
  }
  return exponent
}

/** Where each section begins. */
async function readSections(
  read: (position: number, bytes: number) => Promise<Buffer>,
): Promise<Map<number, number>> {
  const start = await read(0, 12)
  if (start.toString('latin1', 0, 4) !== 'ptau')
    throw refused('not a powers-of-tau file')
  const count = start.readUInt32LE(8)
  if (count > 64) throw refused(`${count} sections`)
  const sections = new Map<number, number>()
  for (let i = 0, at = 12; i < count; i++) {
    const head = await read(at, 12)
    sections.set(head.readUInt32LE(0), at + 12)
    at += 12 + Number(head.readBigUInt64LE(4))
  }
  return sections
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

function refused(details: string): LynodeError {
  return new LynodeError('LY-ZK-012', { details })
}

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobStore } from '@lynode/runtime'
import { median } from '../median.js'
import { dataFolders, startDataProcess } from './startDataProcess.js'

export type DataMeasurement = {
  megabytes: number
  rounds: number
  /** Medians in MB/s. */
  plain: number
  served: number
  /** Median of the rounds' ratios. */
  ratio: number
}

const megabytes = 256

/**
 * Reads a blob from the data server, and the same file from a server that does
 * nothing but pipe it from `fs`, in turn, over the loopback interface.
 */
export async function measureData(rounds: number): Promise<DataMeasurement> {
  const folder = mkdtempSync(join(tmpdir(), 'lynode-bench-'))
  const blobs = new BlobStore(dataFolders(folder).blobs)
  const root = await blobs.put(randomBytes(megabytes * 2 ** 20))
  const server = await startDataProcess(folder, root)
  try {
    const speeds: { plain: number; served: number }[] = []
    for (let round = 0; round <= rounds; round++) {
      const plain = await speedOf(server.plain)
      const served = await speedOf(`${server.url}/v1/blobs/${root}`)
      if (round > 0) speeds.push({ plain, served }) // the first one warms up
    }
    return {
      megabytes,
      rounds,
      plain: median(speeds.map((one) => one.plain)),
      served: median(speeds.map((one) => one.served)),
      ratio: median(speeds.map((one) => one.served / one.plain)),
    }
  } finally {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** MB/s of one whole answer. */
async function speedOf(url: string): Promise<number> {
  const start = performance.now()
  const bytes = await new Promise<number>((resolve, reject) => {
    let total = 0
    get(url, (response) => {
      response.on('data', (part: Buffer) => {
        total += part.length
      })
      response.on('end', () => resolve(total))
      response.on('error', reject)
    }).on('error', reject)
  })
  if (bytes !== megabytes * 2 ** 20) throw new Error(`${url} gave ${bytes}`)
  return bytes / 1e6 / ((performance.now() - start) / 1_000)
}

import { readFileSync } from 'node:fs'
import { startDataServer } from '../server/dataServer.js'
import { BlobClient } from './blobClient.js'
import { BlobStore } from './blobStore.js'
import { DocumentStore } from './documentStore.js'

// One end of a transfer in a process of its own, so that its memory can be
// measured: `serve FOLDER`, or `fetch FOLDER ROOT BYTES URL...`.
const [, , role, folder = '', root = '0x', bytes = '0', ...sources] =
  process.argv
const blobs = new BlobStore(folder)
const documents = new DocumentStore(`${folder}-documents`)
process.on('disconnect', () => process.exit(0))
process.on('message', () => process.send?.({ grown: peakBytes() - before }))
const before = peakBytes()

if (role === 'serve') {
  const { url } = await startDataServer({ blobs, reader: blobs, documents })
  process.send?.({ url })
} else {
  const client = new BlobClient({ blobs, documents, sources: () => sources })
  await client.fetchBlob(root as `0x${string}`, Number(bytes))
  process.send?.({ grown: peakBytes() - before })
}

/** Most memory that was ever resident, as Linux counts it. */
function peakBytes(): number {
  const status = readFileSync('/proc/self/status', 'utf8')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1_024
}

import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { BlobStore, DocumentStore, startDataServer } from '@lynode/runtime'
import type { Hex } from '@lynode/sdk'

// The two servers that are compared, in a process of their own: `FOLDER ROOT`.
const [, , folder = '', root = '0x'] = process.argv
const blobs = new BlobStore(folder)
const server = await startDataServer({
  blobs,
  reader: blobs,
  documents: new DocumentStore(`${folder}-documents`),
})
const plain = createServer((_, response) => {
  createReadStream(blobs.pathOf(root as Hex)).pipe(response)
})
plain.listen(0, '127.0.0.1', () => {
  const address = plain.address()
  const port = typeof address === 'object' && address ? address.port : 0
  process.send?.({
    blob: `${server.url}/v1/blobs/${root}`,
    plain: `http://127.0.0.1:${port}/`,
  })
})
process.on('disconnect', () => process.exit(0))

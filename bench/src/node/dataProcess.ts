import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { BlobStore, DocumentStore, startDataServer } from '@lynode/runtime'
import type { Hex } from '@lynode/sdk'
import { dataFolders } from './startDataProcess.js'

// A data server, and one that does nothing but pipe its blob ROOT, in a process
// of their own: `FOLDER [ROOT]`. What is in FOLDER is told by `dataFolders`.
const [, , folder = '', root = '0x'] = process.argv
const at = dataFolders(folder)
const blobs = new BlobStore(at.blobs)
const server = await startDataServer({
  blobs,
  reader: blobs,
  documents: new DocumentStore(at.documents),
})
const plain = createServer((_, response) => {
  createReadStream(blobs.pathOf(root as Hex)).pipe(response)
})
plain.listen(0, '127.0.0.1', () => {
  const address = plain.address()
  const port = typeof address === 'object' && address ? address.port : 0
  process.send?.({ url: server.url, plain: `http://127.0.0.1:${port}/` })
})
process.on('disconnect', () => process.exit(0))

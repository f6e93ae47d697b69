import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BlobStore } from '../blobs/blobStore.js'
import { DocumentStore } from '../blobs/documentStore.js'
import { startDataServer } from './dataServer.js'
import { quoteRoutes } from './quoteRoutes.js'

test('error: what is no request is told so, with a remedy', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lynode-test-'))
  const blobs = new BlobStore(join(folder, 'blobs'))
  const documents = new DocumentStore(join(folder, 'documents'))
  const answer = () => Promise.reject(new Error('nobody asks for it'))
  const server = await startDataServer({
    ...{ blobs, documents, reader: blobs },
    routes: quoteRoutes({ answer }),
  })
  const post = async (body: string) => {
    const response = await fetch(`${server.url}/v1/quotes`, {
      method: 'POST',
      body,
    })
    const said = (await response.json()) as object
    return { status: response.status, ...said }
  }
  const malformed = {
    status: 400,
    code: 'LY-RLY-001',
    remedy: expect.stringMatching(/./),
  }
  expect(await post('a'.repeat(70_000))).toMatchObject(malformed)
  expect(await post('null')).toMatchObject(malformed)
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import {
  blobRoot,
  chunkCount,
  chunkHashes,
  type Hex,
  LynodeError,
  uploadBlob,
  verifyMultiproof,
} from '@lynode/sdk'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { BlobClient } from '../blobs/blobClient.js'
import { BlobStore } from '../blobs/blobStore.js'
import { documentRoot } from '../blobs/documentRoot.js'
import { DocumentStore } from '../blobs/documentStore.js'
import { startDataServer } from './dataServer.js'
import type { HttpServer } from './listen.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-test-'))
const blobs = new BlobStore(join(folder, 'blobs'))
const documents = new DocumentStore(join(folder, 'documents'))
const bytes = Uint8Array.from({ length: 5_000 }, (_, i) => i % 251)
const root = blobRoot(bytes)
let server: HttpServer

beforeAll(async () => {
  server = await startDataServer({
    blobs,
    reader: blobs,
    documents,
    maxBlobBytes: 10_000,
  })
  await uploadBlob(server.url, bytes)
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

function client(sources: string[], name = 'client') {
  const store = new BlobStore(join(folder, name))
  return {
    store,
    client: new BlobClient({
      blobs: store,
      documents: new DocumentStore(join(folder, `${name}-documents`)),
      sources: () => sources,
    }),
  }
}

test('default: a blob comes back whole, by range and with proof', async () => {
  const url = `${server.url}/v1/blobs/${root}`
  expect(new Uint8Array(await (await fetch(url)).arrayBuffer())).toEqual(bytes)
  const range = await fetch(url, { headers: { range: 'bytes=1024-2047' } })
  expect(range.status).toBe(206)
  expect(range.headers.get('content-range')).toBe('bytes 1024-2047/5000')
  const data = new Uint8Array(await range.arrayBuffer())
  const { proof } = (await (
    await fetch(`${url}/proof?first=1&count=1`)
  ).json()) as { proof: Hex[] }
  expect(
    verifyMultiproof(root, chunkCount(5_000), [1], chunkHashes(data), proof),
  ).toBe(true)
})

test('behavior: a blob that is streamed ends well, and pages may read it', async () => {
  const large = new Uint8Array(200_000).fill(7)
  const dataRoot = blobRoot(large)
  await blobs.put(large)
  const printed = vi.spyOn(console, 'error').mockReturnValue()
  const response = await fetch(`${server.url}/v1/blobs/${dataRoot}`)
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  // Not `toEqual`, which takes seconds: a connection is kept for five.
  expect(Buffer.from(await response.arrayBuffer()).equals(large)).toBe(true)
  // The server is done with it before it answers the next on this connection.
  await fetch(`${server.url}/health`)
  expect(printed).not.toHaveBeenCalled()
  printed.mockRestore()
})

test('behavior: the client verifies blobs and chunks', async () => {
  const { client: reader, store } = client([server.url])
  await reader.fetchBlob(root, bytes.length)
  expect(await store.read(root)).toEqual(bytes)
  const chunks = await reader.fetchChunks(root, bytes.length, 2, 3)
  expect(chunks.data).toEqual(bytes.subarray(2048))
})

test('behavior: a liar is passed over, a truncated answer too', async () => {
  const liar = await listen(() => new Response(bytes.slice(0, 4_999)))
  const other = await listen(() => new Response(bytes.slice().reverse()))
  const endless = await listen(() => new Response(new Uint8Array(50_000)))
  const { client: reader, store } = client(
    [liar.url, other.url, endless.url, 'http://127.0.0.1:1', server.url],
    'liars',
  )
  await reader.fetchBlob(root, bytes.length)
  expect(await store.read(root)).toEqual(bytes)
  expect(
    (await reader.fetchChunks(root, bytes.length, 0, 1)).data,
  ).toHaveLength(1024)
  const { client: lost } = client([liar.url, other.url], 'lost')
  await expect(lost.fetchBlob(root, bytes.length)).rejects.toMatchObject({
    code: 'LY-BLOB-005',
  })
  expect(
    readdirSync(join(folder, 'lost')).filter((name) => name.endsWith('.part')),
  ).toEqual([])
  for (const one of [liar, other, endless]) one.close()
})

test('behavior: documents hash to the root they are asked by', async () => {
  const tensor = { dtype: 1, dims: [1250], perm: [0], dataRoot: root }
  const document = { kind: 'inputs', steps: [[tensor]] }
  const put = await fetch(`${server.url}/v1/bundles`, {
    method: 'PUT',
    body: JSON.stringify(document),
  })
  expect(put.status).toBe(201)
  const { root: inputRoot } = (await put.json()) as { root: `0x${string}` }
  expect(inputRoot).toBe(documentRoot(document))
  const { client: reader } = client([server.url])
  expect(await reader.fetchDocument(inputRoot)).toEqual(document)
})

test.each([
  ['GET', `/v1/blobs/0x${'0'.repeat(64)}`, 404, 'LY-BLOB-001'],
  ['GET', '/v1/blobs/0x12', 400, 'LY-HTTP-400'],
  ['GET', `/v1/blobs/${root}/proof?first=4&count=2`, 416, 'LY-BLOB-004'],
  ['GET', `/v1/blobs/${root}/proof?first=-1&count=2`, 400, 'LY-HTTP-400'],
  ['PUT', '/v1/blobs', 413, 'LY-BLOB-002', new Uint8Array(10_001)],
  ['PUT', '/v1/bundles', 400, 'LY-DOC-001', '{"kind":"inputs"'],
  ['PUT', '/v1/bundles', 400, 'LY-DOC-001', '{"kind":"inputs","steps":[[{}]]}'],
  ['GET', `/v1/bundles/${root}`, 404, 'LY-DOC-002'],
  ['GET', '/v1/../../etc/passwd', 404, 'LY-HTTP-404'],
])('error: %s %s is %i %s', async (method, path, status, code, body?) => {
  const response = await fetch(server.url + path, {
    method,
    ...(body === undefined ? {} : { body: body as string }),
  })
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ code })
})

test('error: an oversized stream without a length leaves nothing', async () => {
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1_000)),
  })
  const response = await fetch(`${server.url}/v1/blobs`, {
    method: 'PUT',
    body: endless,
    duplex: 'half',
  } as RequestInit).catch(() => undefined) // the server may hang up first
  if (response !== undefined) expect(response.status).toBe(413)
  expect(
    readdirSync(blobs.folder).filter((name) => name.endsWith('.part')),
  ).toEqual([])
})

test('error: a range outside the blob', async () => {
  const response = await fetch(`${server.url}/v1/blobs/${root}`, {
    headers: { range: 'bytes=5000-5001' },
  })
  expect(response.status).toBe(416)
  expect(response.headers.get('content-range')).toBe('bytes */5000')
})

function listen(
  answer: () => Response,
): Promise<{ url: string; close(): void }> {
  return new Promise((resolve) => {
    const started = serve({ fetch: answer, port: 0 }, ({ port }) =>
      resolve({
        url: `http://127.0.0.1:${port}`,
        close: () => started.close(),
      }),
    )
  })
}

test('behavior: one peer may not ask for everything, and waits as it is told', async () => {
  // The clock stands until it is refused, however slow this machine is.
  const goesOn = Date.now
  let stands: number | undefined = goesOn()
  const clock = vi.spyOn(Date, 'now')
  clock.mockImplementation(() => stands ?? goesOn())
  const limited = await startDataServer({
    blobs,
    reader: blobs,
    documents,
    limits: { requestsPerSecond: 1, bytesPerSecond: 2_000, connections: 10 },
  })
  const url = `${limited.url}/v1/blobs/${root}`
  const first = await fetch(url, { headers: { range: 'bytes=0-2999' } })
  expect(first.status).toBe(206)
  // A whole blob at a time: 5,000 of 20,000 bytes.
  const statuses = await Promise.all(
    Array.from({ length: 6 }, async () => (await fetch(url)).status),
  )
  expect(statuses.sort()).toEqual([200, 200, 200, 429, 429, 429])
  const refused = await fetch(url)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await refused.json()).toMatchObject({ code: 'LY-BLOB-007' })
  stands = undefined
  const { client: patient, store } = client([limited.url], 'patient')
  await patient.fetchBlob(root, bytes.length)
  expect(await store.read(root)).toEqual(bytes)
  await limited.close()
  clock.mockRestore()
}, 30_000)

test('behavior: what must be parsed and hashed costs a peer more than bytes', async () => {
  // 10 kB of documents at once, and blobs of 2.5 MB.
  const limited = await startDataServer({
    blobs,
    reader: blobs,
    documents,
    maxBlobBytes: 2_000_000,
    limits: {
      requestsPerSecond: 100,
      bytesPerSecond: 256_000,
      connections: 10,
    },
  })
  const put = (path: string, body: string | ReadableStream) =>
    fetch(`${limited.url}${path}`, {
      ...{ method: 'PUT', body, duplex: 'half' },
    })
  const document = JSON.stringify({ kind: 'trace', tensors: [] })
  expect((await put('/v1/bundles', document.padEnd(9_000))).status).toBe(201)
  expect((await put('/v1/bundles', document.padEnd(9_000))).status).toBe(429)
  // What does not say its length counts as the longest.
  const endless = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(10))
        controller.close()
      },
    })
  expect((await put('/v1/blobs', endless())).status).toBe(201)
  expect((await put('/v1/blobs', endless())).status).toBe(429)
  await limited.close()
})

test('behavior: one peer has so many connections, and others theirs', async () => {
  const limited = await startDataServer({
    blobs,
    reader: blobs,
    documents,
    limits: { requestsPerSecond: 100, bytesPerSecond: 1e6, connections: 3 },
  })
  const { port } = new URL(limited.url)
  const open = async (localAddress: string) => {
    const socket = connect({
      host: '127.0.0.1',
      port: Number(port),
      localAddress,
    })
    socket.resume().on('error', () => undefined) // it is closed on purpose
    await once(socket, 'connect')
    return socket
  }
  const isClosed = (socket: Socket) =>
    Promise.race([once(socket, 'close').then(() => true), sleep(300, false)])
  const held = [
    await open('127.0.0.1'),
    await open('127.0.0.1'),
    await open('127.0.0.1'),
  ]
  expect(await isClosed(await open('127.0.0.1'))).toBe(true)
  const other = await open('127.0.0.2')
  expect(await isClosed(other)).toBe(false)
  // One that goes makes room.
  const [first] = held
  first?.destroy()
  await sleep(100)
  const again = await open('127.0.0.1')
  expect(await isClosed(again)).toBe(false)
  for (const socket of [...held, other, again]) socket.destroy()
  await limited.close()
})

test('error: a port that is taken has a code and a remedy', async () => {
  const { port } = new URL(server.url)
  await expect(
    startDataServer({ blobs, reader: blobs, documents, port: Number(port) }),
  ).rejects.toMatchObject({
    code: 'LY-HTTP-001',
    retryable: true,
    details: expect.stringContaining(port),
  })
})

test('error: an upload where there is no room', async () => {
  const full = await startDataServer({
    blobs,
    reader: blobs,
    documents,
    admit: async () => {
      throw new LynodeError('LY-BLOB-008')
    },
  })
  await expect(uploadBlob(full.url, bytes)).rejects.toThrow('LY-BLOB-008')
  await full.close()
})

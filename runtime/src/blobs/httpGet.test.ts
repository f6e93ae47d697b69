import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { httpGet } from './httpGet.js'

let asked = 0
const sockets: Socket[] = []
const server = createServer((request, response) => {
  asked += 1
  // The second on a connection finds it closed.
  if (request.url === '/once' && sockets.includes(request.socket))
    request.socket.resetAndDestroy()
  else if (request.url === '/moved')
    response.writeHead(302, { location: '/' }).end()
  else if (request.url === '/half') {
    response.writeHead(200, { 'content-length': 100 }).write('half')
    setTimeout(() => request.socket.resetAndDestroy(), 50)
  } else if (request.url !== '/never') response.end(request.headers['range'])
  sockets.push(request.socket)
})
await new Promise<void>((listening) =>
  server.listen(0, '127.0.0.1', () => listening()),
)
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function textOf(path: string, timeoutMs = 5_000): Promise<string> {
  let text = ''
  const answer = await httpGet(
    `${url}${path}`,
    { range: 'bytes=0-1' },
    timeoutMs,
  )
  for await (const part of answer) text += String(part)
  return text
}

test('default: the body streams, the headers are sent', async () => {
  expect(await textOf('/')).toBe('bytes=0-1')
})

test('behavior: a connection that was closed meanwhile is no answer', async () => {
  asked = 0
  expect(await textOf('/once')).toBe('bytes=0-1')
  expect(await textOf('/once')).toBe('bytes=0-1')
  expect(asked).toBeGreaterThan(2)
})

test('error: what breaks off in the middle is not asked for again', async () => {
  await textOf('/') // so that the connection is one that was kept
  asked = 0
  await expect(textOf('/half')).rejects.toThrow()
  await textOf('/')
  expect(asked).toBe(2)
})

test('behavior: redirects are not followed', async () => {
  const { statusCode } = await httpGet(`${url}/moved`, {}, 5_000)
  expect(statusCode).toBe(302)
})

test('error: no answer in time, nobody there, another protocol', async () => {
  await expect(textOf('/never', 50)).rejects.toThrow('aborted')
  await expect(httpGet('http://127.0.0.1:1', {}, 5_000)).rejects.toThrow(
    'ECONNREFUSED',
  )
  await expect(httpGet('file:///etc/hosts', {}, 5_000)).rejects.toThrow('file:')
})

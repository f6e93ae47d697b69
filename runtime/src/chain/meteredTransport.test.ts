import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createPublicClient, http } from 'viem'
import { expect, test } from 'vitest'
import { createMetrics } from '../metrics/metrics.js'
import { meteredTransport } from './meteredTransport.js'

test('default: requests are counted by method and outcome', async () => {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      const { id, method } = JSON.parse(body) as { id: number; method: string }
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify(
          method === 'eth_chainId'
            ? { jsonrpc: '2.0', id, result: '0x1' }
            : {
                jsonrpc: '2.0',
                id,
                error: { code: 3, message: 'execution reverted', data: '0x' },
              },
        ),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const metrics = createMetrics('provider')
  const client = createPublicClient({
    transport: meteredTransport(
      http(`http://127.0.0.1:${port}`, { retryCount: 0 }),
      metrics,
    ),
  })
  await client.getChainId()
  await expect(client.getBlockNumber()).rejects.toThrow()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await expect(client.getChainId()).rejects.toThrow()
  const { values } = await metrics.rpcRequests.get()
  expect(
    values.map(({ labels, value }) => [labels.method, labels.outcome, value]),
  ).toEqual([
    ['eth_chainId', 'ok', 1],
    ['eth_blockNumber', 'refused', 1],
    ['eth_chainId', 'failed', 1],
  ])
  const seconds = await metrics.rpcSeconds.get()
  expect(
    seconds.values.find(({ metricName }) => metricName?.endsWith('_count'))
      ?.value,
  ).toBe(3)
})

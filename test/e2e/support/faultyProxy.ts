import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

/** What may befall a request. */
export const faults = ['delay', 'drop', 'twice', 'stale', 'error'] as const

export type FaultyProxy = {
  url: string
  /** How often each fault was done, and how many requests there were. */
  counts: Record<(typeof faults)[number] | 'requests', number>
  close(): Promise<void>
}

type Call = { id: number; method: string; params?: unknown[] }

/** Blocks that a late answer lacks. */
const lateBlocks = 2n

/**
 * A bad connection to a chain: one of five requests is answered late, twice, as
 * of two blocks ago, with an error, or not at all. Which ones is drawn from a
 * seed.
 */
export async function startFaultyProxy(
  rpcUrl: string,
  seed: number,
  share = 0.2,
): Promise<FaultyProxy> {
  const random = randomFrom(seed)
  const counts = {
    requests: 0,
    delay: 0,
    drop: 0,
    twice: 0,
    stale: 0,
    error: 0,
  }

  async function ask(call: Call): Promise<Record<string, unknown>> {
    const response = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', ...call }),
    })
    return (await response.json()) as Record<string, unknown>
  }

  /** As a node answers that has not seen the newest blocks yet. */
  async function askLate(call: Call): Promise<Record<string, unknown>> {
    const { result } = await ask({ id: 0, method: 'eth_blockNumber' })
    const head = BigInt(String(result)) - lateBlocks
    const late = `0x${head.toString(16)}`
    const { id, method, params = [] } = call
    switch (method) {
      case 'eth_blockNumber':
        return { jsonrpc: '2.0', id, result: late }
      case 'eth_getTransactionReceipt': {
        const answer = await ask(call)
        const receipt = answer['result'] as { blockNumber: string } | null
        return receipt !== null && BigInt(receipt.blockNumber) > head
          ? { jsonrpc: '2.0', id, result: null }
          : answer
      }
      case 'eth_getLogs': {
        const [filter] = params as [{ blockHash?: string; toBlock?: string }]
        // By its hash it does not know a block; of a range it has a part.
        if (filter.blockHash !== undefined) {
          const block = await ask({
            id: 0,
            method: 'eth_getBlockByHash',
            params: [filter.blockHash, false],
          })
          const { number } = block['result'] as { number: string }
          return BigInt(number) > head ? failed(id, 'unknown block') : ask(call)
        }
        return ask({ ...call, params: [{ ...filter, toBlock: late }] })
      }
      default:
        return ask({
          ...call,
          params: params.map((one) => (one === 'latest' ? late : one)),
        })
    }
  }

  const server = createServer((request, response) => {
    void (async () => {
      const call = JSON.parse(await text(request)) as Call
      counts.requests += 1
      const fault =
        random() < share
          ? faults[Math.floor(random() * faults.length)]
          : undefined
      if (fault !== undefined) counts[fault] += 1
      if (fault === 'drop') {
        request.socket.destroy()
        return
      }
      if (fault === 'delay') await sleep(200 + random() * 1_300)
      if (fault === 'twice') await ask(call)
      const answer =
        fault === 'error'
          ? failed(call.id, 'too busy')
          : await (fault === 'stale' ? askLate(call) : ask(call))
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answer))
    })().catch(() => request.socket.destroy()) // the chain is gone
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    counts,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function failed(id: number, message: string) {
  return { jsonrpc: '2.0', id, error: { code: -32_603, message } }
}

/** Numbers from 0 to 1 by a linear congruential generator. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

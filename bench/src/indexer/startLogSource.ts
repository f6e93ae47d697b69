import { once } from 'node:events'
import { createServer } from 'node:http'
import { type Hex, keccak256, numberToHex, pad } from 'viem'
import {
  blockSeconds,
  firstBlockTime,
  type SourceBlock,
} from './protocolBlocks.js'

/** A chain that is only told: the answers of a node over JSON-RPC. */
export type LogSource = { url: string; close(): Promise<void> }

/** Empty blocks behind the last one, so that all that matters is final. */
const tail = 80
const noBloom: Hex = `0x${'0'.repeat(512)}`
const someBloom: Hex = `0x${'f'.repeat(512)}`

type Request = { id: number; method: string; params?: unknown[] }
type Filter = {
  address?: Hex | Hex[]
  topics?: (Hex | Hex[] | null)[]
  fromBlock: Hex
  toBlock: Hex
}
type ToldLog = ReturnType<typeof toldBlock>['logs'][number]

/** Serves blocks as `eth_getLogs` and `eth_getBlockByNumber` of a chain have them. */
export async function startLogSource(
  chainId: number,
  content: readonly SourceBlock[],
): Promise<LogSource> {
  const blocks = [
    ...content,
    ...Array.from({ length: tail }, (): SourceBlock => []),
  ].map((block, number) => toldBlock(number, block))
  const byHash = new Map(blocks.map((block) => [block.header.hash, block]))

  const told = (block: (typeof blocks)[number] | undefined, full: unknown) =>
    block === undefined
      ? null
      : {
          ...block.header,
          transactions:
            full === true
              ? block.transactions
              : block.transactions.map(({ hash }) => hash),
        }

  function answer({ method, params = [] }: Request): unknown {
    const [first, second] = params
    switch (method) {
      case 'eth_chainId':
        return numberToHex(chainId)
      case 'eth_blockNumber':
        return numberToHex(blocks.length - 1)
      case 'eth_getBlockByNumber':
        return told(
          first === 'latest' ? blocks.at(-1) : blocks[Number(first)],
          second,
        )
      case 'eth_getBlockByHash':
        return told(byHash.get(first as Hex), second)
      case 'eth_getLogs':
        return logsOf(first as Filter)
      default:
        throw new Error(`${method} is not told here`)
    }
  }

  function logsOf(filter: Filter): ToldLog[] {
    const { address, topics = [], fromBlock, toBlock } = filter
    const addresses = setOf(address)
    const wanted = topics.map((topic) => setOf(topic ?? undefined))
    return blocks
      .slice(Number(fromBlock), Number(toBlock) + 1)
      .flatMap(({ logs }) =>
        logs.filter(
          (log) =>
            (addresses?.has(log.address) ?? true) &&
            wanted.every(
              (set, index) => set?.has(log.topics[index] ?? '0x') ?? true,
            ),
        ),
      )
  }

  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      const asked = JSON.parse(body) as Request
      let result: object
      try {
        result = { result: answer(asked) }
      } catch (error) {
        result = { error: { code: -32_601, message: String(error) } }
      }
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ jsonrpc: '2.0', id: asked.id, ...result }))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function toldBlock(number: number, content: SourceBlock) {
  const hash = hashOfBlock(number)
  const place = { blockNumber: numberToHex(number), blockHash: hash }
  let logIndex = 0
  const transactions = content.map((transaction, index) => ({
    ...place,
    hash: keccak256(pad(numberToHex(number * 2 ** 16 + index))),
    transactionIndex: numberToHex(index),
    from: transaction.from.toLowerCase(),
    to: transaction.to.toLowerCase(),
    input: transaction.input,
    type: '0x2',
  }))
  const logs = content.flatMap((transaction, index) =>
    transaction.logs.map(({ address, topics, data }) => ({
      ...place,
      transactionHash: transactions[index]?.hash,
      transactionIndex: numberToHex(index),
      logIndex: numberToHex(logIndex++),
      address: address.toLowerCase() as Hex,
      topics,
      data,
      removed: false,
    })),
  )
  const header = {
    number: numberToHex(number),
    hash,
    parentHash: hashOfBlock(number - 1),
    timestamp: numberToHex(firstBlockTime + number * blockSeconds),
    logsBloom: logs.length === 0 ? noBloom : someBloom,
    receiptsRoot: hash,
  }
  return { header, transactions, logs }
}

function hashOfBlock(number: number): Hex {
  return keccak256(pad(numberToHex(number + 1)))
}

function setOf(value: Hex | Hex[] | undefined): Set<string> | undefined {
  if (value === undefined) return undefined
  return new Set((Array.isArray(value) ? value : [value]).map(lower))
}

function lower(text: string): string {
  return text.toLowerCase()
}

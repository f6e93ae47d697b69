import type { DaemonConfig } from '@lynode/runtime'
import { checkerRegistryAbi, LynodeError, operators } from '@lynode/sdk'
import type { PublicClient } from 'viem'
import { type Check, fail, pass, warn } from './finding.js'

/** A head that is older says that the node has lost the network. */
const oldHeadSeconds = 120

/** Deadlines are in seconds: a clock that is further off misjudges them. */
const mostSkewSeconds = 2

/** Blocks of one request for logs that a daemon makes. */
const logRange = 1_000n

/** The RPC endpoint and the contracts behind the address book. */
export function chainChecks(
  config: DaemonConfig,
  client: PublicClient,
): Check[] {
  const { chainId, contracts, deployBlock } = config.addressBook
  return [
    {
      name: 'rpc',
      async run() {
        const actual = await reach(config, client)
        if (actual !== chainId)
          return [
            fail(
              'LY-CHAIN-001',
              `${config.rpc} serves chain ${actual}, the address book is of ${chainId}`,
            ),
          ]
        const { number, timestamp } = await client.getBlock()
        const age = Math.round(Date.now() / 1_000 - Number(timestamp))
        const text = `chain ${chainId}, block ${number}, ${age} s old`
        return [age > oldHeadSeconds ? warn('LY-CHK-007', text) : pass(text)]
      },
    },
    {
      name: 'logs',
      async run() {
        const head = await client.getBlockNumber()
        const from = head - logRange + 1n
        try {
          await client.getLogs({
            address: Object.values(contracts).slice(0, 6),
            fromBlock: from > deployBlock ? from : deployBlock,
            toBlock: head,
          })
        } catch (cause) {
          throw new LynodeError('LY-CHK-008', {
            details: cause instanceof Error ? cause.message : '',
            cause,
          })
        }
        return [pass(`logs of ${logRange} blocks in one request`)]
      },
    },
    {
      name: 'clock',
      async run() {
        const skew = await clockSkew(config.rpc)
        if (skew === undefined)
          return [pass('the endpoint does not tell its time')]
        const text = `this clock is ${Math.abs(skew).toFixed(1)} s ${skew > 0 ? 'ahead of' : 'behind'} the endpoint's`
        return [
          Math.abs(skew) > mostSkewSeconds
            ? fail('LY-CHK-009', text)
            : pass(text),
        ]
      },
    },
    {
      name: 'contracts',
      async run() {
        const entries = Object.entries(contracts)
        const codes = await Promise.all(
          entries.map(([, address]) => client.getCode({ address })),
        )
        const empty = entries.filter((_, i) => (codes[i]?.length ?? 2) <= 2)
        if (empty.length > 0)
          return [
            fail(
              'LY-CHK-010',
              `no code at ${empty.map(([name, address]) => `${name} ${address}`).join(', ')}`,
            ),
          ]
        const version = await client.readContract({
          address: contracts.checkerRegistry,
          abi: checkerRegistryAbi,
          functionName: 'latest',
        })
        const opcodes = [
          ...new Set(
            operators.flatMap(({ checker, variants = [] }) =>
              [checker, ...variants].map(({ opcode }) => opcode),
            ),
          ),
        ]
        const checkers = await Promise.all(
          opcodes.map((opcode) =>
            client.readContract({
              address: contracts.checkerRegistry,
              abi: checkerRegistryAbi,
              functionName: 'checkerOf',
              args: [version, opcode],
            }),
          ),
        )
        const without = opcodes.filter(
          (_, i) => BigInt(checkers[i] ?? 0) === 0n,
        )
        const text = `${entries.length} contracts, checkers of version ${version}`
        return [
          without.length > 0
            ? warn(
                'LY-CHK-010',
                `${text}, but none for opcode ${without.join(', ')}`,
              )
            : pass(`${text} for ${opcodes.length} operators`),
        ]
      },
    },
  ]
}

async function reach(config: DaemonConfig, client: PublicClient) {
  try {
    return await client.getChainId()
  } catch (cause) {
    throw new LynodeError('LY-CHAIN-003', {
      details: `no chain at ${config.rpc}`,
      cause,
    })
  }
}

/** Seconds that this clock is ahead of the endpoint's, by the date of its answer. */
async function clockSkew(rpc: string): Promise<number | undefined> {
  const before = Date.now()
  const { headers } = await fetch(rpc, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}',
    signal: AbortSignal.timeout(10_000),
  })
  const after = Date.now()
  const date = Date.parse(headers.get('date') ?? '')
  if (Number.isNaN(date)) return undefined
  // The header has whole seconds, cut off: any moment of that second fits.
  const [early, late] = [date - after, date + 999 - before]
  if (early <= 0 && late >= 0) return 0
  return -(early > 0 ? early : late) / 1_000
}

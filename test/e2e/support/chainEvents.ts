import * as sdk from '@lynode/sdk'
import { type Abi, decodeEventLog, type Hex } from 'viem'
import { getBlock, getLogs } from 'viem/actions'

/** An event of a contract that an indexer follows. */
export type ChainEvent = {
  /** `contract.Event`. */
  name: string
  args: Record<string, unknown>
  /** Of its block, in unix seconds. */
  time: number
  transaction: Hex
}

/** Contracts of the address book whose ABIs have other names. */
const otherAbis: Partial<Record<keyof sdk.Contracts, Abi>> = {
  // Two interfaces at one address.
  stakeManager: [...sdk.stakeManagerAbi, ...sdk.delegationPoolsAbi],
  timelock: sdk.timelockControllerAbi,
  governor: sdk.lynodeGovernorAbi,
  treasuryVault: sdk.vaultAbi,
}

/** The ABI of each contract of an address book. */
function abisOf(contracts: sdk.Contracts): [keyof sdk.Contracts, Abi][] {
  const exported: Record<string, unknown> = { ...sdk }
  return (Object.keys(contracts) as (keyof sdk.Contracts)[]).map((name) => {
    const abi = otherAbis[name] ?? exported[`${name}Abi`]
    if (!Array.isArray(abi)) throw new Error(`no ABI of ${name}`)
    return [name, abi as Abi]
  })
}

/** Names of all events of all contracts, as `contract.Event`. */
export function eventNames({ addressBook }: sdk.LynodeReader): string[] {
  return [
    ...abisOf(addressBook.contracts),
    ['vestingGrant', sdk.vestingGrantAbi] as const,
  ].flatMap(([contract, abi]) =>
    abi.flatMap((item) =>
      item.type === 'event' ? [`${contract}.${item.name}`] : [],
    ),
  )
}

/** Times of blocks, which a hash names for good. */
const times = new Map<Hex, number>()

/** All events of a chain in their order, read from the node itself. */
export async function chainEvents(
  client: sdk.LynodeReader,
): Promise<ChainEvent[]> {
  const { contracts } = client.addressBook
  const byAddress = new Map<string, [name: string, abi: Abi]>(
    abisOf(contracts).map(([name, abi]) => [
      contracts[name].toLowerCase(),
      [name, abi],
    ]),
  )
  const logs = await getLogs(client, { fromBlock: 0n, toBlock: 'latest' })
  for (const { blockHash } of logs)
    if (!times.has(blockHash))
      times.set(
        blockHash,
        Number((await getBlock(client, { blockHash })).timestamp),
      )
  const events: ChainEvent[] = []
  for (const log of logs) {
    const [contract, abi] = byAddress.get(log.address) ?? [
      'vestingGrant',
      sdk.vestingGrantAbi,
    ]
    const decoded = decode(abi, log)
    if (decoded === undefined) continue
    const name = `${contract}.${decoded.eventName}`
    const args = { ...decoded.args }
    // The factory's events come before those of the grants that they name.
    if (name === 'grantFactory.GrantCreated')
      byAddress.set(String(args['grant']).toLowerCase(), [
        'vestingGrant',
        sdk.vestingGrantAbi,
      ])
    else if (contract === 'vestingGrant' && !byAddress.has(log.address))
      continue
    const time = times.get(log.blockHash) ?? 0
    events.push({ name, args, time, transaction: log.transactionHash })
  }
  return events
}

function decode(
  abi: Abi,
  { topics, data }: { topics: [Hex, ...Hex[]] | []; data: Hex },
): { eventName: string; args: Record<string, unknown> } | undefined {
  try {
    return decodeEventLog({ abi, topics, data }) as never
  } catch {
    // Of a contract that nobody follows, such as a second pay token.
    return undefined
  }
}

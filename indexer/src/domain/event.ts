import type { Abi, Address, ContractEventName, GetEventArgs, Hex } from 'viem'
import type { Step } from './change.js'

/** An event of a contract, as the rules see it. */
export type DomainEvent<args = Record<string, unknown>> = {
  chainId: number
  /** Contract that emitted it. */
  address: Address
  args: args
  block: number
  /** Time of the block, in unix seconds. */
  time: number
  /** Orders all events of a chain; see `positionOf`. */
  position: number
  transaction: {
    hash: Hex
    from: Address
    to: Address | null
    input: Hex
  }
}

/** What an event does to the tables. Pure: it reads what it asks for and nothing else. */
export type Rule<args> = (event: DomainEvent<args>) => Step

/** Arguments of an event, all of them. */
export type EventArgs<
  abi extends Abi | readonly unknown[],
  name extends ContractEventName<abi>,
> = GetEventArgs<
  abi,
  name,
  { EnableUnion: false; IndexedOnly: false; Required: true }
>

/** A rule for each event of a contract: the compiler misses none. */
export type Rules<abi extends Abi | readonly unknown[]> = {
  [name in ContractEventName<abi>]: Rule<EventArgs<abi, name>>
}

const logsPerBlock = 2 ** 20

/**
 * Where an event stands in a chain, as one number.
 *
 * Invariant: exact, since 2^33 blocks of 2^20 logs fit a double.
 */
export function positionOf(block: number, logIndex: number): number {
  return block * logsPerBlock + logIndex
}

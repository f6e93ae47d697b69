import * as sdk from '@lynode/sdk'
import { type Abi, type AbiEvent, toEventSelector } from 'viem'
import { expect, test } from 'vitest'
import { sources, vestingGrant } from '../src/sources.js'

const all = { ...sources, vestingGrant }

/** Contracts of the address book that emit nothing. */
const silent = [
  'answerVerifier',
  'fraudVerifier',
  'reductionVerifier',
  'witnessVerifier',
]

test('every event of every ABI has a rule', () => {
  const known = new Set(
    Object.values(all).flatMap(({ abi, rules }) =>
      eventsOf(abi)
        .filter(({ name }) => name in rules)
        .map((event) => toEventSelector(event)),
    ),
  )
  const missing = Object.entries(sdk)
    .filter(([name]) => name.endsWith('Abi'))
    .flatMap(([name, abi]) =>
      eventsOf(abi as Abi)
        .filter((event) => !known.has(toEventSelector(event)))
        .map((event) => `${name}: ${event.name}`),
    )
  expect(missing).toEqual([])
})

test('every rule is of an event of its contract', () => {
  for (const [name, { abi, rules }] of Object.entries(all)) {
    const events = eventsOf(abi).map((event) => event.name)
    expect([...new Set(events)].sort(), name).toEqual(Object.keys(rules).sort())
  }
})

test('every contract of the address book is followed, or emits nothing', () => {
  expect([...Object.keys(sources), ...silent].sort()).toEqual(
    addressBookNames().sort(),
  )
  for (const name of silent) {
    const abi = Object.entries(sdk).find(([key]) => key === `${name}Abi`)?.[1]
    expect(eventsOf(abi as Abi), name).toEqual([])
  }
})

function eventsOf(abi: Abi): AbiEvent[] {
  return abi.filter((item): item is AbiEvent => item.type === 'event')
}

/** An empty book is refused with the name of each contract that it lacks. */
function addressBookNames(): string[] {
  try {
    sdk.parseAddressBook({ chainId: 1, contracts: {} })
    return []
  } catch (error) {
    return [...String(error).matchAll(/contracts\.(\w+)/g)].map(
      ([, name]) => name ?? '',
    )
  }
}

import {
  type Address,
  createClient,
  custom,
  decodeFunctionData,
  encodeFunctionResult,
  erc20Abi,
  type Hex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { expect, test } from 'vitest'
import { ledgerAbi } from '../abis/ledgerAbi.js'
import { withAddressBook } from '../clients/withAddressBook.js'
import type { AddressBook, Contracts } from '../types/addressBook.js'
import { fundRequester } from './fundRequester.js'

const ledger: Address = `0x${'5'.repeat(40)}`
const lynToken: Address = `0x${'6'.repeat(40)}`
const contracts = { ledger, lynToken } as Contracts

/** What a deposit is approved with on a chain where the account has so much. */
async function approved(
  amount: bigint,
  { committed, held }: { committed: bigint; held: bigint },
): Promise<bigint | undefined> {
  let asked: bigint | undefined
  const request = async ({
    method,
    params,
  }: {
    method: string
    params?: unknown
  }) => {
    if (method !== 'eth_call') throw new Error(`no ${method} here`)
    const [{ to, data }] = params as [{ to: Address; data: Hex }]
    if (to === ledger)
      return encodeFunctionResult({
        abi: ledgerAbi,
        functionName: 'accountOf',
        result: [0n, committed],
      })
    const call = decodeFunctionData({ abi: erc20Abi, data })
    if (call.functionName === 'balanceOf')
      return encodeFunctionResult({
        abi: erc20Abi,
        functionName: 'balanceOf',
        result: held,
      })
    if (call.functionName === 'approve') asked = call.args[1]
    throw new Error('far enough')
  }
  const client = createClient({
    account: privateKeyToAccount(`0x${'1'.repeat(64)}`),
    chain: foundry,
    transport: custom({ request }, { retryCount: 0 }),
  }).extend(withAddressBook({ chainId: foundry.id, contracts } as AddressBook))
  await fundRequester(client, amount).catch((error) => {
    // The chain ends there.
    if (asked === undefined) throw error
  })
  return asked
}

test.each([
  ['nothing where the committed balance covers the order', 15n, 0n, undefined],
  ['ten orders of it', 14n, 1_000n, 150n],
  ['all there is, where that is less', 0n, 20n, 20n],
  ['all there is, beside what is committed', 14n, 1n, 1n],
  // The deposit fails then, and says of what there is too little.
  ['ten orders of it, where not even one is covered', 10n, 4n, 150n],
])('default: it deposits %s', async (_, committed, held, deposit) => {
  expect(await approved(15n, { committed, held })).toBe(deposit)
})

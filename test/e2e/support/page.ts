import {
  createLynodeClient,
  loadModel,
  parseAddressBook,
  parseAmount,
  verifyResult,
} from '@lynode/sdk'
import { defineChain, type Hex, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

/** What the page is told. */
export type PageInput = {
  rpcUrl: string
  addressBook: string
  privateKey: Hex
  modelId: Hex
  x: readonly number[]
}

/** What it found out. */
export type PageOutput = {
  states: string[]
  y: number[]
  class: string
  final: boolean
  verified: boolean
  /** Code of the error that an altered result gave. */
  altered: string
}

/** Buys and checks as a page does, with nothing but the chain's address. */
export async function buyInPage(input: PageInput): Promise<PageOutput> {
  const addressBook = parseAddressBook(input.addressBook)
  const client = createLynodeClient({
    chain: defineChain({
      id: addressBook.chainId,
      name: 'devnet',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [input.rpcUrl] } },
    }),
    transport: http(input.rpcUrl),
    account: privateKeyToAccount(input.privateKey),
    addressBook,
  })
  const model = await loadModel(client, input)
  const states: string[] = []
  const inputs = { x: [...input.x] }
  const result = await client.run({
    model,
    inputs,
    maxPrice: parseAmount('15LYN'),
    onState: ({ type }) => states.push(type),
  })
  const checked = await verifyResult(client, { result, model, inputs })
  const y = result.outputs['y']
  if (y?.dtype !== 'float32') throw new Error('no output y')
  const altered = await verifyResult(client, {
    result: {
      ...result,
      outputs: { y: { ...y, data: y.data.map((value) => value + 1) } },
    },
    model,
  }).then(
    () => 'none',
    (error: { code: string }) => error.code,
  )
  return {
    states,
    y: [...y.data],
    class: checked.class,
    final: checked.final,
    verified: checked.resultRoot === result.resultRoot,
    altered,
  }
}

Object.assign(globalThis, { buyInPage })

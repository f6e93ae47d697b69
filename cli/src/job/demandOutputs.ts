import {
  approveToken,
  byteLength,
  chunkCount,
  type DemandRequest,
  demand,
  demandKinds,
  demandsAbi,
  deposit,
  getBalance,
  type Job,
  type LynodeClient,
  type Manifest,
  type NpyArray,
  type Order,
  proveEntry,
  toLogical,
} from '@lynode/sdk'
import { readContract } from 'viem/actions'
import { answerOf } from './answerOf.js'

/** Most chunks of one demand (A4). */
const maxChunks = 32

/** An output that was opened on chain: row-major little-endian bytes. */
export type OpenedOutput = NpyArray & { name: string }

/** Demands for every chunk of the outputs of a one-step job. */
export function outputRequests(manifest: Manifest): DemandRequest[] {
  return manifest.values.flatMap((value, index) => {
    if (value.kind !== 'output') return []
    const chunks = chunkCount(byteLength(value.type))
    return Array.from({ length: Math.ceil(chunks / maxChunks) }, (_, i) => ({
      kind: demandKinds.chunk,
      step: 0,
      value: index,
      chunk: i * maxChunks,
      count: Math.min(maxChunks, chunks - i * maxChunks),
    }))
  })
}

/** What these demands take in bonds, in LYN wei; answers give back all but their gas and what is burnt. */
export async function bondOfOutputs(
  client: LynodeClient,
  order: Order,
  manifest: Manifest,
): Promise<bigint> {
  let total = 0n
  for (const request of outputRequests(manifest))
    total += await readContract(client, {
      address: client.addressBook.contracts.demands,
      abi: demandsAbi,
      functionName: 'bondOf',
      args: [order, request, manifest.header.activations],
    })
  return total
}

/**
 * Forces withheld outputs out of a provider: it opens them on chain, or its
 * silence convicts it and the order is refunded (RULES A2, A3).
 *
 * @throws LynodeError `LY-JOB-002` when the provider stays silent.
 */
export async function demandOutputs(
  client: LynodeClient,
  parameters: {
    order: Order
    manifest: Manifest
    job: Job
    bond: bigint
    report: (line: string) => void
  },
): Promise<OpenedOutput[]> {
  const { order, manifest, job, bond, report } = parameters
  const { ledger, lynToken: token } = client.addressBook.contracts
  const account = client.account.address
  const { free } = await getBalance(client, { token, account })
  if (free < bond) {
    const amount = bond - free
    await approveToken(client, { token, spender: ledger, amount })
    await deposit.sync(client, { token, to: account, amount })
  }
  const parts = new Map<number, Uint8Array[]>()
  for (const request of outputRequests(manifest)) {
    const { event } = await demand.sync(client, {
      order,
      model: manifest.header,
      request,
      ...proveEntry(manifest, request.value),
    })
    report(`demanded ${request.count} chunk(s) of value ${request.value}`)
    const data = await answerOf(client, {
      order,
      job,
      demandId: event.demandId,
    })
    parts.set(request.value, [...(parts.get(request.value) ?? []), data])
  }
  return [...parts].flatMap(([index, list]) => {
    const value = manifest.values[index]
    if (value === undefined) return []
    const bytes = new Uint8Array(Buffer.concat(list))
    return [
      {
        name: value.name,
        dtype: value.type.dtype,
        dims: [...value.type.dims],
        data: toLogical(value.type, bytes),
      },
    ]
  })
}

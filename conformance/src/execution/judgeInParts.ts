import { nodeSha256 } from '@lynode/runtime'
import {
  buildAccumulation,
  type Hex,
  type Judgement,
  reductionVerifierAbi,
} from '@lynode/sdk'
import { type Address, createPublicClient, http } from 'viem'
import { need } from '../need.js'
import { commit, type Execution } from './execute.js'

/** An element of an execution of one step. */
type Place = { node: number; output: number; element: number }

/**
 * Has an element judged by the contract, its terms absorbed part by part
 * (RULES A9), and by the twin, which reads the whole row.
 *
 * @throws Error where they do not agree to the bit.
 */
export async function judgeInParts(
  contract: { rpcUrl: string; reductions: Address; version: number },
  { manifest, bytes }: Execution,
  place: Place,
): Promise<Judgement & { parts: number; mostBytes: number }> {
  const client = createPublicClient({
    transport: http(contract.rpcUrl, { timeout: 120_000 }),
  })
  const { commitments, roots } = commit({ manifest, bytes })
  const built = await buildAccumulation({
    ...place,
    manifest,
    step: 0,
    commitments,
    committed: (index) => need(bytes[index], 'a value'),
    sha256: nodeSha256,
  })
  const { reductions: address, version: checkerVersion } = contract
  const common = { address, abi: reductionVerifierAbi } as const
  const part = {
    ...{ roots, checkerVersion, from: 0, count: 0, state: '0x' as Hex },
    place: { ...place, step: 0, hint: built.hint },
  }
  let mostBytes = 0
  for (const { count, proof } of built.parts) {
    part.count = count
    const [state, terms] = await client.readContract({
      ...common,
      functionName: 'absorb',
      args: [part, proof],
    })
    if (terms !== built.terms)
      throw new Error(`the contract counts ${terms} terms, not ${built.terms}`)
    const opened = proof.openings.reduce((sum, o) => sum + o.data.length / 2, 0)
    mostBytes = Math.max(mostBytes, opened)
    part.state = state
    part.from += count
  }
  const [claimed, honest, fraud] = await client.readContract({
    ...common,
    functionName: 'judgeState',
    args: [part, built.verdict],
  })
  const { judgement } = built
  if (
    claimed !== judgement.claimed ||
    kinds[honest.kind] !== judgement.honest.kind ||
    honest.low !== judgement.honest.low ||
    honest.high !== judgement.honest.high ||
    fraud !== judgement.fraud
  )
    throw new Error(
      `in parts [${honest.low}, ${honest.high}], as a whole [${judgement.honest.low}, ${judgement.honest.high}]`,
    )
  return { ...judgement, parts: built.parts.length, mostBytes }
}

const kinds = ['any', 'float', 'integer', 'bits'] as const

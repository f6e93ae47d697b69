import { nodeSha256 } from '@lynode/runtime'
import {
  buildFraudProof,
  committedIndex,
  elementBytes,
  elementCount,
  fraudVerifierAbi,
} from '@lynode/sdk'
import { type Address, createPublicClient, http } from 'viem'
import { need } from '../need.js'
import { commit, type Execution } from './execute.js'
import { pushedOutside, withElement } from './pushes.js'

/** The real verifier contract of a local chain. */
export type Contract = {
  /**
   * Has elements judged by the contract: as they are, which must not convict, and
   * just outside both ends, which must.
   *
   * @param places Default: one of each result of the last nodes.
   * @throws Error where it does not.
   */
  convict(
    execution: Execution,
    count: { convictedOnChain: number },
    places?: readonly ResultPlace[],
  ): Promise<void>
}

/** An element of a result. */
export type ResultPlace = {
  node: number
  output: number
  value: number
  element: number
}

export type ContractAddress = {
  rpcUrl: string
  verifier: Address
  /** Judges in parts. */
  reductions: Address
  registry: Address
  /** Version of the checker registry. */
  version: number
}

export function contractAt({
  rpcUrl,
  verifier,
  version,
}: ContractAddress): Contract {
  const client = createPublicClient({
    transport: http(rpcUrl, { timeout: 120_000, batch: true }),
  })
  return {
    async convict(execution, count, places = sampleOf(execution)) {
      for (const { node, output, value, element } of places) {
        const place = { node, output, element }
        const { manifest } = execution
        const { type, name } = need(manifest.values[value], 'an output')
        const width = elementBytes(type.dtype) ?? 1
        const at = committedIndex(type, element)
        const judge = async (changed: Execution) => {
          const { commitments, roots } = commit(changed)
          const { proof, judgement } = await buildFraudProof({
            ...place,
            manifest,
            step: 0,
            commitments,
            committed: (index) => need(changed.bytes[index], 'a value'),
            sha256: nodeSha256,
          })
          const [claimed, honest, fraud] = await client.readContract({
            address: verifier,
            abi: fraudVerifierAbi,
            functionName: 'judge',
            args: [roots, version, proof],
          })
          if (
            claimed !== judgement.claimed ||
            kinds[honest.kind] !== judgement.honest.kind ||
            honest.low !== judgement.honest.low ||
            honest.high !== judgement.honest.high ||
            fraud !== judgement.fraud
          )
            throw new Error(
              `${name}[${element}]: the contract says ${kinds[honest.kind]} [${honest.low}, ${honest.high}], the twin ${judgement.honest.kind} [${judgement.honest.low}, ${judgement.honest.high}]`,
            )
          return judgement
        }
        const { honest, fraud } = await judge(execution)
        if (fraud) throw new Error(`${name}[${element}]: honest, but convicted`)
        const outside = pushedOutside(honest, type.dtype, width)
        const push = async (bits: bigint) => {
          const bytes = [...execution.bytes]
          bytes[value] = withElement(need(bytes[value], name), at, width, bits)
          const pushed = await judge({ manifest, bytes })
          if (!pushed.fraud)
            throw new Error(`${name}[${element}]: outside, but not convicted`)
          count.convictedOnChain++
        }
        await Promise.all(outside.map(push))
      }
    },
  }
}

const kinds = ['any', 'float', 'integer', 'bits'] as const

/** One element of each result, of at most `most` nodes: the last ones. */
function sampleOf({ manifest }: Execution): ResultPlace[] {
  const most = 6
  return manifest.nodes
    .flatMap(({ outputs }, node) =>
      outputs.map((value, output) => {
        const type = need(manifest.values[value], 'an output').type
        const element = (7919 * (node + 1)) % elementCount(type.dims)
        return { node, output, value, element }
      }),
    )
    .slice(-most)
}

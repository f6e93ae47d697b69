import { type Daemon, nodeSha256 } from '@lynode/runtime'
import {
  byteLength,
  checkDocument,
  chunkCount,
  type Hex,
  type Manifest,
  type ManifestValue,
  parseResultDocument,
  type ResultDocument,
  resultRootOf,
  type TensorDocument,
} from '@lynode/sdk'
import type { Demands } from './demands.js'

/**
 * What lies behind the provider's `resultRoot`: its document, or, where it is
 * not served, the data roots of every output, demanded on chain.
 *
 * @throws ExecutionOver when the demands go unanswered.
 */
export async function claimedResult(
  daemon: Daemon,
  demands: Demands,
  manifest: Manifest,
  resultRoot: Hex,
  steps: number,
  endpoint: string,
): Promise<ResultDocument> {
  try {
    const result = parseResultDocument(
      await daemon.blobClient.fetchDocument(resultRoot, [endpoint]),
    )
    checkDocument(manifest, result, steps)
    return result
  } catch (error) {
    daemon.logger.info(
      { event: 'result.withheld', resultRoot, endpoint },
      error instanceof Error ? error.message : 'not served',
    )
  }
  const outputs = manifest.values.flatMap((value, index) =>
    value.kind === 'output' ? [{ value, index }] : [],
  )
  const list: ResultDocument['steps'][number][] = []
  for (let step = 0; step < steps; step++) {
    const opened = await Promise.all(
      outputs.map(async ({ value, index }) => ({
        value,
        tensor: await demanded(demands, step, value, index),
      })),
    )
    const of = (carried: boolean) =>
      opened
        .filter((entry) => entry.value.carried === carried)
        .sort((a, b) => a.value.slot - b.value.slot)
        .map(({ tensor }) => tensor)
    list.push({ carried: of(true), outputs: of(false) })
  }
  const result: ResultDocument = { kind: 'result', steps: list }
  // Invariant: the contract took no opening that does not lead to this root.
  if (resultRootOf(result, nodeSha256) !== resultRoot)
    throw new Error('the opened outputs do not give the result root')
  return result
}

async function demanded(
  demands: Demands,
  step: number,
  { type }: ManifestValue,
  index: number,
): Promise<TensorDocument> {
  const count = Math.min(1, chunkCount(byteLength(type)))
  const { dataRoot } = await demands.chunks(step, index, 0, count)
  return { ...type, dataRoot }
}

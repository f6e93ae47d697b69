import {
  type BlobClient,
  type Daemon,
  errorText,
  nodeSha256,
} from '@lynode/runtime'
import {
  checkDocument,
  endsSegment,
  type Hex,
  type Manifest,
  type ManifestValue,
  parseResultDocument,
  type ResultDocument,
  resultRootOf,
  type TensorDocument,
} from '@lynode/sdk'
import type { Demands } from './demands.js'

/** The provider's own document of its result, if its data server gives it. */
export async function servedResult(
  daemon: Daemon,
  client: BlobClient,
  manifest: Manifest,
  resultRoot: Hex,
  steps: number,
): Promise<ResultDocument | undefined> {
  try {
    const result = parseResultDocument(await client.fetchDocument(resultRoot))
    checkDocument(manifest, result, steps)
    return result
  } catch (error) {
    daemon.logger.info(
      { event: 'result.withheld', resultRoot, error: errorText(error) },
      'the result document is not served',
    )
    return undefined
  }
}

/**
 * What lies behind a `resultRoot` whose document is not served: the data root of
 * every output, demanded on chain.
 *
 * @throws ExecutionOver when the demands go unanswered.
 */
export async function demandedResult(
  demands: Demands,
  manifest: Manifest,
  resultRoot: Hex,
  steps: number,
): Promise<ResultDocument> {
  const outputs = manifest.values.flatMap((value, index) =>
    value.kind === 'output' ? [{ value, index }] : [],
  )
  const { segment } = manifest.header
  const list: ResultDocument['steps'][number][] = []
  for (let step = 0; step < steps; step++) {
    const opened = await Promise.all(
      outputs
        .filter(
          ({ value }) => !value.carried || endsSegment(step, segment, steps),
        )
        .map(async ({ value, index }) => ({
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
  const result: ResultDocument = { kind: 'result', segment, steps: list }
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
  const { dataRoot } = await demands.chunks(step, index, 0, 1)
  return { ...type, dataRoot }
}

import {
  type BlobClient,
  type Daemon,
  type ExecutionMode,
  type LoadedModel,
  nodeSha256,
  replaySegment,
} from '@lynode/runtime'
import {
  checkStates,
  endsSegment,
  type Hex,
  type InputsDocument,
  type Manifest,
  parseStatesDocument,
  type ResultDocument,
  type StatesDocument,
  segmentOf,
  statesTrees,
  type TensorDocument,
  treeOfRoots,
} from '@lynode/sdk'
import type { Demands } from './demands.js'

/** The first step that is not ours, and what its segment carried (B8). */
export type DisputedStep = {
  step: number
  /** What our replay carried; `undefined` for segments of one step. */
  own: StatesDocument | undefined
  /** What the provider posted, and what lies behind it as far as it is known. */
  claimed: { states: StatesDocument; roots: readonly Hex[] } | undefined
}

export type DisputedStepOptions = {
  daemon: Daemon
  demands: Demands
  model: LoadedModel
  inputs: InputsDocument
  /** Asks the provider's data server. */
  client: BlobClient
  own: ResultDocument
  claimed: ResultDocument
  /** Blob directory for our states. */
  spool: string
  /** Of our run. */
  mode: ExecutionMode
}

/**
 * Finds the step at which the provider left our computation. In a segment of
 * several steps only the end is committed: the provider is made to post what
 * every step carried, and our replay is laid beside it.
 *
 * @throws ExecutionOver when the demand goes unanswered.
 */
export async function disputedStep(
  options: DisputedStepOptions,
): Promise<DisputedStep> {
  const { daemon, demands, own, claimed } = options
  const differing = differingStep(claimed, own)
  const { segment, steps } = claimed
  const { first, length } = segmentOf(differing, segment, steps.length)
  if (length === 1)
    return { step: differing, own: undefined, claimed: undefined }

  const [roots, replay] = await Promise.all([
    demands.states(first),
    replaySegment({
      ...options,
      result: own,
      step: first,
      runner: daemon.runner,
      reader: daemon.reader,
    }),
  ])
  const ours = statesTrees(replay.states, nodeSha256).steps
  const state = ours.findIndex(({ root }, i) => root !== roots[i])
  const output = steps
    .slice(first, first + length)
    .findIndex(
      (claim, i) =>
        JSON.stringify(claim.outputs) !==
        JSON.stringify(own.steps[first + i]?.outputs),
    )
  const places = [state, output].filter((place) => place >= 0)
  const at = Math.min(...places)
  const states = await claimedStates(options, {
    first,
    roots,
    own: replay.states,
    at,
    sameState: state !== at,
  })
  daemon.logger.info(
    { event: 'states.compared', segment: first / segment, step: first + at },
    'the step that differs was found',
  )
  return {
    step: first + at,
    own: replay.states,
    claimed: { states, roots },
  }
}

/** The first step whose committed results are not ours. */
export function differingStep(
  claimed: ResultDocument,
  own: ResultDocument,
): number {
  return claimed.steps.findIndex(
    (claim, index) =>
      JSON.stringify(claim) !== JSON.stringify(own.steps[index]),
  )
}

/** What the steps of a segment carried, if the provider's data server gives it. */
export async function servedStates(
  client: BlobClient,
  manifest: Manifest,
  roots: readonly Hex[],
): Promise<StatesDocument | undefined> {
  try {
    const root = treeOfRoots(roots, nodeSha256).root
    const states = parseStatesDocument(await client.fetchDocument(root))
    checkStates(manifest, states, roots.length)
    return states
  } catch {
    return undefined // not served: what is needed of it is demanded
  }
}

/** What the provider's states consist of, up to the disputed step. */
export async function claimedStates(
  {
    client,
    model,
    demands,
    claimed,
  }: Pick<DisputedStepOptions, 'client' | 'model' | 'demands' | 'claimed'>,
  found: {
    first: number
    roots: readonly Hex[]
    own: StatesDocument
    /** Place of the disputed step in the segment. */
    at: number
    sameState: boolean
  },
): Promise<StatesDocument> {
  const { first, roots, own, at, sameState } = found
  const { manifest } = model
  const served = await servedStates(client, manifest, roots)
  if (served !== undefined) return served
  // Before the disputed step they are ours, and its own are demanded.
  const { segment, steps } = claimed
  const state =
    sameState || endsSegment(first + at, segment, steps.length)
      ? undefined
      : await demandedState(demands, manifest, first + at)
  return {
    kind: 'states',
    steps: own.steps.map((tensors, i) => (i === at && state ? state : tensors)),
  }
}

/** What the provider carried out of a step within a segment, demanded on chain. */
export async function demandedState(
  demands: Demands,
  manifest: Manifest,
  step: number,
): Promise<TensorDocument[]> {
  const tensors: TensorDocument[] = []
  await Promise.all(
    manifest.values.map(async (value, index) => {
      if (value.kind !== 'output' || !value.carried) return
      const { dataRoot } = await demands.chunks(step, index, 0, 1)
      tensors[value.slot] = { ...value.type, dataRoot }
    }),
  )
  return tensors
}

import {
  type ExecutionMode,
  nodeSha256,
  runStep,
  type StepResult,
  stateBefore,
  stepInputs,
} from '@lynode/runtime'
import {
  endsSegment,
  type Hex,
  type ResultDocument,
  segmentOf,
  type TensorDocument,
  tensorRootsOf,
  treeOfRoots,
} from '@lynode/sdk'
import { type Candidate, type Disputed, disputeStep } from './dispute.js'
import { demandedState, servedStates } from './disputedStep.js'
import { endDeviation } from './endDeviation.js'
import { holdState } from './holdState.js'
import { inMode } from './inMode.js'
import { roundingMargin } from './searchBlocks.js'
import type { CheckResult } from './searchTrace.js'

/** A step of ours, and the mode it ran in. */
type StepRun = { mode: ExecutionMode; result: StepResult }

/**
 * Looks at the steps of a segment behind one that rounding explains, each run
 * from what the provider carried into it: a nudge in an early one would hide a lie
 * in a later one (A7). One that ends farther off than rounding is disputed. Where
 * nobody serves the states they are demanded, up to `demandMiB`.
 *
 * @returns What the last dispute found; `undefined` without one.
 */
export async function checkWithin(
  options: Disputed,
  claimed: ResultDocument,
  { own, found }: Candidate,
): Promise<CheckResult | undefined> {
  const { daemon, demands, model, client } = options
  const { manifest } = model
  if (found.claimed === undefined) return undefined // a segment of one step
  const { roots } = found.claimed
  const { segment, steps } = claimed
  const { first, length } = segmentOf(found.step, segment, steps.length)
  const served = await servedStates(client, manifest, roots)
  // The provider's, up to the step that is looked at; those behind it are not read.
  const states = [...found.claimed.states.steps]
  let left = daemon.config.demandMiB * 2 ** 20
  let last: CheckResult | undefined
  for (let at = found.step - first + 1; at < length; at++) {
    const step = first + at
    const before = { kind: 'states', steps: [...states] } as const
    const begin = stateBefore(claimed, before, step)
    const carried = begin?.carried ?? []
    const demanded = await holdState(options, step - 1, carried, left)
    if (demanded === undefined) return last
    left -= demanded
    const endsThere = ({ result }: StepRun) => rootOf(result) === roots[at]
    const gives = JSON.stringify(steps[step]?.outputs)
    const isSame = (run: StepRun) =>
      endsThere(run) && JSON.stringify(run.result.outputs) === gives
    const runs = await runsOf(options, own.mode, step, begin, isSame)
    states[at] =
      runs.find(endsThere)?.result.carried ?? (await stateOf(step, at))
    if (runs.some(isSame)) continue
    const theirs = { kind: 'states', steps: [...states] } as const
    const [candidate, ...others] = runs.map(({ mode, result }): Candidate => {
      const { carried } = result
      const isEnd = endsSegment(step, segment, steps.length)
      const ours = { ...result, carried: isEnd ? carried : [] }
      return {
        own: { mode, runMs: 0, result: replaced(claimed, step, ours) },
        found: {
          step,
          own: replaced(theirs, at, carried),
          claimed: { states: theirs, roots },
        },
      }
    })
    // Invariant: the plain run returns or throws.
    if (candidate === undefined) throw new Error('no run of ours')
    const deviation = await endDeviation(options, claimed, candidate)
    if (deviation <= roundingMargin) continue
    last = await disputeStep(options, claimed, [candidate, ...others])
    if (last.verdict !== 'tolerated') return last
  }
  return last

  /** What the provider carried out of a step, where it is not what we did. */
  async function stateOf(
    step: number,
    at: number,
  ): Promise<readonly TensorDocument[]> {
    if (endsSegment(step, segment, steps.length))
      return steps[step]?.carried ?? []
    return served?.steps[at] ?? demandedState(demands, manifest, step)
  }
}

/** One step in both modes, the one that is nearer to the provider's first, up to one that is the same. */
async function runsOf(
  { daemon, model, inputs, blobs }: Disputed,
  first: ExecutionMode,
  step: number,
  before: StepResult | undefined,
  isSame: (run: StepRun) => boolean,
): Promise<StepRun[]> {
  const runs: StepRun[] = []
  for (const mode of [
    first,
    first === 'native' ? 'plain' : 'native',
  ] as const) {
    const ran = await inMode(daemon.logger, mode, () =>
      runStep({
        ...{ runner: daemon.runner, reader: daemon.reader, model, mode },
        inputs: stepInputs(model.manifest, inputs, step, before),
        spool: blobs.folder,
      }),
    )
    if (ran === undefined) continue
    const run = { mode, result: ran.result }
    runs.push(run)
    if (isSame(run)) break
  }
  return runs
}

/** Of what a step carries, as the answer to a step demand posts it. */
function rootOf({ carried }: StepResult): Hex {
  return treeOfRoots(tensorRootsOf(carried, nodeSha256), nodeSha256).root
}

/** A document with another entry for one step. */
function replaced<T, D extends { steps: readonly T[] }>(
  document: D,
  at: number,
  entry: T,
) {
  return {
    ...document,
    steps: document.steps.map((step, i) => (i === at ? entry : step)),
  }
}

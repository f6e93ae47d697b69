import { join } from 'node:path'
import { BlobStore } from '@lynode/runtime'
import type { ResultDocument } from '@lynode/sdk'
import { blockMeasure } from './blockMeasure.js'
import type { Candidate, Disputed } from './dispute.js'
import { Evidence } from './evidence.js'

/** How far the results of a step lie from what its inputs give; see `deviationOf`. */
export async function endDeviation(
  { daemon, demands, model, client, inputs, blobs }: Disputed,
  claimed: ResultDocument,
  { own, found }: Candidate,
): Promise<number> {
  const nothing = { kind: 'trace', tensors: [] } as const
  const evidence = new Evidence({
    ...{ daemon, demands, model, step: found.step, client, inputs },
    claimed: {
      result: claimed,
      states: found.claimed,
      traceRoots: [],
      trace: undefined,
    },
    own: { result: own.result, trace: nothing, states: found.own },
    ownBlobs: blobs,
    claimedBlobs: new BlobStore(join(blobs.folder, 'claimed')),
  })
  const measure = await blockMeasure(daemon, model, evidence)
  const { values } = model.manifest
  const targets = [...values.keys()].filter(
    (value) => values[value]?.kind === 'output' && evidence.differs(value),
  )
  return measure(targets, () => false)
}

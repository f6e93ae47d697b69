import { isSampled } from '@lynode/sdk/audits'
import type { Devnet, Oracle } from 'lynode/devnet'
import { chooseSeeds } from './chooseSeeds.js'

/** An oracle under whose words no job is audited: nothing happens but what a test does. */
export function sampleNone(net: Devnet): Oracle {
  return chooseSeeds(
    net,
    ({ executions, ratePpm }) =>
      (seed) =>
        executions.every((execId) => !isSampled({ seed, ratePpm, execId })),
  )
}

// The same chain, contracts and tables, and nothing done with an event: what
// Ponder itself takes, which `npm run bench:indexer` holds the rules against.
import { ponder } from 'ponder:registry'
import { sources, vestingGrant } from '../../../src/sources.js'

for (const [contract, { rules }] of Object.entries({
  ...sources,
  vestingGrant,
}))
  for (const name of Object.keys(rules))
    ponder.on(`${contract}:${name}` as never, (async () => undefined) as never)

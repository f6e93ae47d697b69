// A verifier that is honest in everything but its runner.
import { strict as assert } from 'node:assert'
import { fileURLToPath } from 'node:url'
import { runMain } from '@lynode/runtime'
import { startVerifier } from '@lynode/verifier'

const factor = process.env['LYNODE_TEST_FACTOR']
assert(factor, 'LYNODE_TEST_FACTOR is what its products are multiplied by')

await runMain('verifier', (config, askPassword) =>
  startVerifier({
    config,
    askPassword,
    runnerEntry: fileURLToPath(new URL('./otherRunner.mjs', import.meta.url)),
    runnerArguments: [factor],
  }),
)

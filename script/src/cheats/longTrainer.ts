import { fileURLToPath } from 'node:url'
import { startProvider } from '@lynode/node'
import { runMain } from '@lynode/runtime'

// A provider that underbids everybody and cheats in one step of a long job.
await runMain('provider', (config) =>
  startProvider({
    config: { ...config, minPrice: 0n },
    runnerEntry: fileURLToPath(
      new URL('./alteredStepRunner.js', import.meta.url),
    ),
    runnerArguments: ['5000'],
  }),
)

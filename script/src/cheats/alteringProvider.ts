import { fileURLToPath } from 'node:url'
import { startProvider } from '@lynode/node'
import { runMain } from '@lynode/runtime'

// A provider that is honest in everything but its runner, on every job.
await runMain('provider', (config) =>
  startProvider({
    config,
    runnerEntry: fileURLToPath(new URL('./alteredRunner.js', import.meta.url)),
  }),
)

import { fileURLToPath } from 'node:url'
import { startProvider } from '@lynode/node'
import { runMain } from '@lynode/runtime'
await runMain('provider', (config) => startProvider({ config, runnerEntry: fileURLToPath(new URL('./alteredRunner.mjs', import.meta.url)) }))

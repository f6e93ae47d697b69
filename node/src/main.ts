#!/usr/bin/env node
import { runMain } from '@lynode/runtime'
import { startProvider } from './startProvider.js'

await runMain('provider', (config, askPassword) =>
  startProvider({ config, askPassword }),
)

#!/usr/bin/env node
import { runMain } from '@lynode/runtime'
import { startVerifier } from './startVerifier.js'

await runMain('verifier', (config, askPassword) =>
  startVerifier({ config, askPassword }),
)

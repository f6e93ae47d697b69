#!/usr/bin/env node
import { main } from '../dist/main.js'

// `lynode ... | head` reads what it wants and goes: that is no error.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
process.exitCode = await main(process.argv.slice(2))

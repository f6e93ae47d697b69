#!/usr/bin/env node
// Builds the contracts' artifacts into out/. Forge's own cache makes this a
// matter of milliseconds when nothing has changed.
import { run } from './run.js'

await run('forge.js', ['forge', 'build', '--skip', 'test', '--skip', 'script'])

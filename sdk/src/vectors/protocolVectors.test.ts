import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { protocolVectors } from './protocolVectors.js'

// Writes the vectors with UPDATE_VECTORS=1; otherwise the committed ones must be
// what this sdk says now.

test('default: the golden vectors are fresh', async () => {
  for (const [name, content] of Object.entries(await protocolVectors())) {
    const text = `${JSON.stringify(content, null, 1)}\n`
    const file = new URL(`../../src/vectors/${name}`, import.meta.url)
    if (process.env['UPDATE_VECTORS'] === '1') writeFileSync(file, text)
    expect(readFileSync(file, 'utf8'), name).toBe(text)
  }
})

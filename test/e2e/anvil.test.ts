import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { foundryBinary } from '@lynode/runtime/foundry'
import { createPublicClient, http } from 'viem'
import { foundry } from 'viem/chains'
import { expect, test } from 'vitest'

test('default: the installed anvil serves a chain', async () => {
  const anvil = spawn(foundryBinary('anvil'), ['--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const client = createPublicClient({
      chain: foundry,
      transport: http(`http://${await listeningAddress(anvil.stdout)}`),
    })
    expect(await client.getChainId()).toBe(31_337)
  } finally {
    anvil.kill()
    await once(anvil, 'exit')
  }
})

async function listeningAddress(output: NodeJS.ReadableStream) {
  for await (const line of createInterface({ input: output })) {
    const address = /Listening on (.+)/.exec(line)?.[1]
    if (address) return address
  }
  throw new Error('anvil ended before it was listening')
}

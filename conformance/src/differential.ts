import { parseArgs } from 'node:util'
import { checkerRegistryAbi } from '@lynode/sdk'
import { createPublicClient, http } from 'viem'
import { type CallMany, compareVectors } from './differential/compareVectors.js'
import { vectorQueries } from './differential/vectorQueries.js'
import { localContract } from './execution/localContract.js'
import { randomOf } from './random.js'

// Every checker against its TypeScript twin on fresh adversarial operands: both
// ends of the interval agree bit for bit. The committed vectors give the forms.

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    vectors: { type: 'string', default: '200' },
    /** Only files of vectors whose name contains this. */
    operator: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const chain = await localContract()
const failures: string[] = []
const rows: Record<string, unknown>[] = []
try {
  const { rpcUrl, registry, version } = chain.address
  const client = createPublicClient({ transport: http(rpcUrl) })
  const checkers = new Map<number, Promise<`0x${string}`>>()
  const checker = (opcode: number) => {
    const known =
      checkers.get(opcode) ??
      client.readContract({
        address: registry,
        abi: checkerRegistryAbi,
        functionName: 'checkerOf',
        args: [version, opcode],
      })
    checkers.set(opcode, known)
    return known
  }
  for (const [name, forms] of vectorQueries()) {
    if (!name.includes((values.operator ?? '').toLowerCase())) continue
    const seed = [...name].reduce(
      (sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0),
      Number(values.seed),
    )
    const { vectors, kinds, differences } = await compareVectors({
      forms,
      vectors: Number(values.vectors),
      random: randomOf(seed),
      checker,
      callMany: callMany(rpcUrl),
    })
    rows.push({ operator: name, vectors, ...kinds, wrong: differences.length })
    failures.push(...differences)
    if (!values.json && differences.length > 0)
      console.error(`${name}: ${differences.filter(Boolean).join('\n')}`)
  }
} finally {
  await chain.stop()
}
if (values.json) console.log(JSON.stringify({ operators: rows, failures }))
else {
  console.table(rows)
  console.log(`${failures.length} vectors on which the two disagree`)
}
process.exitCode = failures.length === 0 && rows.length > 0 ? 0 : 1

function callMany(rpcUrl: string): CallMany {
  return async (calls) => {
    const answer = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(
        calls.map((call, id) => ({
          jsonrpc: '2.0',
          id,
          method: 'eth_call',
          params: [{ ...call, gas: '0x3938700' }, 'latest'],
        })),
      ),
    })
    const results = (await answer.json()) as {
      id: number
      result?: `0x${string}`
      error?: { message: string }
    }[]
    const found: (`0x${string}` | undefined)[] = []
    for (const { id, result, error } of results) {
      // Only a checker's own revert is an answer; anything else is a fault here.
      if (result === undefined && !error?.message.includes('revert'))
        throw new Error(error?.message ?? 'the chain does not answer')
      found[id] = result
    }
    return found
  }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  byteLength,
  chunkBytes,
  demandKinds,
  demandsAbi,
  type Hex,
} from '@lynode/sdk'
import { Devnet, type Oracle } from 'lynode/devnet'
import { getContractEvents } from 'viem/actions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Cheat,
  deepScenario,
  deepStages,
  type Scenario,
} from '../../sdk/src/vectors/scenarios.js'
import { HostileProvider, type Hostility } from './support/hostileProvider.js'
import { sampleNone } from './support/sampleNone.js'
import { sellOnce } from './support/sellOnce.js'
import { startWithOracle } from './support/startWithOracle.js'

// RULES A7: a provider whose bits are nobody else's and who serves nothing. A
// walk over all values would demand every activation up to the lie; the search
// over the boundaries demands a few of them and one block.
const folder = mkdtempSync(join(tmpdir(), 'lynode-e2e-'))
const net = new Devnet({
  folder,
  oracle: false,
  // The honest provider asks for more than anybody pays.
  minPrice: '1000000',
  // Only what deviates is opened: this model is smaller than the default.
  verifierSettings: { demandMiB: 0 },
})
let oracle: Oracle | undefined

beforeAll(async () => {
  // An audit might void what is withheld before a demand is over.
  oracle = await startWithOracle(net, sampleNone)
}, 240_000)

afterAll(async () => {
  await oracle?.stop()
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Where the nudging cheat lies in earnest: a Gemm of this stage. */
const lie = { stage: 11, name: 'h11', element: 300 }

/** Moves an early result of the first step, inside its bound, and adds to one element later. */
function nudge(at: number): Cheat {
  return (step, name, values) => {
    if (step === 0 && name === 'h0')
      for (const [i, value] of values.entries()) values[i] = value + 2 ** -21
    if (step === at && name === lie.name)
      values[lie.element] = (values[lie.element] ?? 0) + 0.5
  }
}

describe('error: a cheat that nudges an early value and lies later', () => {
  test.each<[string, number, Scenario, Hostility['serves']]>([
    [
      'a segment of two steps, and serves half',
      0,
      deepScenario(nudge(0), 2),
      'its documents and half of its tensors',
    ],
    [
      'the last of three steps, and serves nothing',
      2,
      deepScenario(nudge(2), 3, 1),
      'nothing',
    ],
  ])('is convicted by one block: in %s', async (_, step, scenario, serves) => {
    const { status, verdict } = await sell(scenario, serves)
    expect(status).toBe('convicted')
    expect(verdict).toMatchObject({
      verdict: 'fraud',
      step,
      operator: 'Gemm',
      node: nodeOf(scenario, lie.name).name,
      element: lie.element,
    })
    const { tensors, bytes } = await demandedOf(verdict, scenario)
    const walk = walkedBytes(scenario, lie.name)
    report({ serves, demandedBytes: bytes, walkBytes: walk, tensors })
    expect(tensors).toBeLessThanOrEqual(1 + Math.ceil(Math.log2(deepStages)))
    expect(walk / bytes).toBeGreaterThan(6)
  })
})

describe('behavior: an honest provider whose kernels give other bits', () => {
  test('and who serves nothing is tolerated, and little is demanded', async () => {
    const scenario = deepScenario()
    const { status, verdict } = await sell(scenario, 'nothing')
    expect(status).toBe('settled')
    expect(verdict).toMatchObject({ verdict: 'tolerated' })
    const { tensors, bytes } = await demandedOf(verdict, scenario)
    const walk = walkedBytes(scenario, 'y')
    report({ demandedBytes: bytes, walkBytes: walk, tensors })
    expect(tensors).toBe(1)
    expect(walk / bytes).toBeGreaterThan(20)
  })
})

async function sell(scenario: Scenario, serves: Hostility['serves']) {
  const provider = await HostileProvider.enrol(net, {
    serves,
    answers: 'what it committed to',
  })
  return sellOnce(net, provider, scenario)
}

/** What was demanded of the values of an execution: how many whole tensors, and all bytes. */
async function demandedOf(
  { execId }: Record<string, unknown>,
  { manifest }: Scenario,
): Promise<{ tensors: number; bytes: number }> {
  const client = net.client('third')
  const demanded = await getContractEvents(client, {
    address: client.addressBook.contracts.demands,
    abi: demandsAbi,
    eventName: 'Demanded',
    args: { execId: execId as Hex },
    fromBlock: 0n,
    strict: true,
  })
  const requests = demanded.map(({ args }) => args.request)
  const ofValues = requests.filter(
    ({ kind, value }) =>
      (kind === demandKinds.tensor || kind === demandKinds.chunk) &&
      manifest.values[value]?.kind === 'activation',
  )
  return {
    tensors: requests.filter(({ kind }) => kind === demandKinds.tensor).length,
    bytes: ofValues.reduce((sum, { value, count }) => {
      const { type } = manifest.values[value] ?? {}
      return sum + Math.min(count * chunkBytes, type ? byteLength(type) : 0)
    }, 0),
  }
}

/** All activations up to a node: what it takes to judge one node after the other. */
function walkedBytes(scenario: Scenario, upTo: string): number {
  const { nodes, values } = scenario.manifest
  return nodes
    .slice(0, nodes.indexOf(nodeOf(scenario, upTo)) + 1)
    .flatMap(({ outputs }) => outputs.flatMap((value) => values[value] ?? []))
    .filter(({ kind }) => kind === 'activation')
    .reduce((sum, { type }) => sum + byteLength(type), 0)
}

function nodeOf({ manifest }: Scenario, name: string) {
  const node = manifest.nodes.find(({ outputs }) =>
    outputs.some((value) => manifest.values[value]?.name === name),
  )
  if (node === undefined) throw new Error(`nothing makes ${name}`)
  return node
}

function report(figures: object): void {
  process.stdout.write(
    `${JSON.stringify({ test: expect.getState().currentTestName, ...figures })}\n`,
  )
}

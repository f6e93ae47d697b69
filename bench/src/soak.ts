import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { canonicalise, nodeSha256 } from '@lynode/runtime'
import {
  approveToken,
  buildModel,
  depositCommitted,
  dtypes,
  getJob,
  type Hex,
  type ManifestValue,
  makeOrder,
  postItem,
  readManifest,
  signedOrderToJson,
  signOrder,
  uploadInputs,
} from '@lynode/sdk'
import { buildStep, Devnet, publishModel } from 'lynode/devnet'
import { parseEther, zeroHash } from 'viem'
import { floorsOf } from './soak/floorsOf.js'
import { slopeOf } from './soak/slopeOf.js'
import { treeBytes } from './soak/treeBytes.js'

// Many small jobs over one provider and one verifier: does memory grow, is any
// job left behind?

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    jobs: { type: 'string', default: '2000' },
    json: { type: 'boolean' },
  },
})
const minutes = Number(options.minutes)
const wanted = Number(options.jobs)

/** Growth that is still called flat, in MiB an hour. */
const mostGrowth = 30

/** Time after the last order in which every job must be settled. */
const settleMs = 120_000

const folder = mkdtempSync(join(tmpdir(), 'lynode-soak-'))
const net = new Devnet({ folder })
const samples: Record<
  'provider' | 'verifier',
  [seconds: number, bytes: number][]
> = { provider: [], verifier: [] }
const open = new Set<Hex>()
let settled = 0
let failed = 0
try {
  for (const step of [buildStep(), ...net.steps()]) {
    console.error(step.title)
    await step.run(() => undefined)
  }
  const requester = net.client('requester')
  const [{ endpoint } = { endpoint: '' }] = net.daemons
  const file = new Uint8Array(await canonicalise(model()))
  const manifest = readManifest(file, nodeSha256)
  const [inputValue] = manifest.values
  if (inputValue === undefined) throw new Error('the model has no input')
  await publishModel(net.client('publisher'), endpoint, file, manifest)
  const { lynToken: token, ledger } = requester.addressBook.contracts
  const amount = (await terms(zeroHash)).maxTotal * BigInt(wanted)
  await approveToken(requester, { token, spender: ledger, amount })
  await depositCommitted.sync(requester, { token, amount })

  const began = performance.now()
  const pauseMs = (minutes * 60_000) / wanted
  const measure = setInterval(() => {
    for (const { role, process } of net.daemons) {
      const bytes = treeBytes(process.pid ?? 0)
      if (bytes > 0)
        samples[role].push([(performance.now() - began) / 1_000, bytes])
    }
  }, 2_000)
  let lastCheck = 0
  for (let count = 0; count < wanted; count++) {
    const due = began + count * pauseMs
    if (performance.now() < due) await sleep(due - performance.now())
    open.add(await order(count, inputValue))
    if (performance.now() - lastCheck > 5_000) {
      lastCheck = performance.now()
      await look()
      console.error(
        `${count + 1} ordered, ${settled} settled, ${open.size} open`,
      )
    }
  }
  const until = performance.now() + settleMs
  while (open.size > 0 && performance.now() < until) {
    await look()
    await sleep(2_000)
  }
  clearInterval(measure)
  const growth = Object.fromEntries(
    Object.entries(samples).map(([role, all]) => {
      // The first quarter fills caches and compiles code; what is collected as
      // garbage soon does not grow, so the least of each minute counts.
      const late = floorsOf(all.slice(Math.floor(all.length / 4)), 60)
      return [role, (slopeOf(late) * 3_600) / 2 ** 20]
    }),
  )
  const report = {
    minutes: (performance.now() - began) / 60_000,
    jobs: wanted,
    settled,
    failed,
    stuck: [...open],
    /** MiB an hour, by least squares over each minute's least of the last three quarters. */
    growth,
    /** MiB a minute: the least of each. */
    floors: Object.fromEntries(
      Object.entries(samples).map(([role, all]) => [
        role,
        floorsOf(all, 60).map(([, bytes]) => Math.round(bytes / 2 ** 20)),
      ]),
    ),
    resident: Object.fromEntries(
      Object.entries(samples).map(([role, all]) => [
        role,
        Math.round((all.at(-1)?.[1] ?? 0) / 2 ** 20),
      ]),
    ),
    met:
      settled === wanted &&
      Object.values(growth).every((value) => value <= mostGrowth),
  }
  if (options.json) console.log(JSON.stringify(report, null, 2))
  else {
    console.log(
      `${settled} of ${wanted} jobs settled in ${report.minutes.toFixed(1)} minutes, ${failed} failed, ${open.size} stuck`,
    )
    for (const [role, value] of Object.entries(growth))
      console.log(
        `${role}: ${report.resident[role]} MiB resident with its runner, slope ${value.toFixed(1)} MiB/h (flat: at most ${mostGrowth})`,
      )
    console.log(report.met ? 'met' : 'NOT met')
  }
  process.exitCode = report.met ? 0 : 1

  function terms(inputRoot: Hex) {
    return makeOrder(requester, {
      modelId: manifest.modelId,
      class: manifest.class,
      inputRoot,
      maxPrice: parseEther('1'),
    })
  }

  /** Signs an order on inputs of its own, and tells the provider's relay. */
  async function order(count: number, input: ManifestValue): Promise<Hex> {
    const values = Float32Array.from({ length: 64 }, (_, i) => i + count / 7)
    const inputRoot = await uploadInputs(endpoint, [
      {
        value: input,
        array: {
          dtype: dtypes.float32,
          dims: [1, 64],
          data: new Uint8Array(values.buffer),
        },
      },
    ])
    const order = await terms(inputRoot)
    const signed = await signOrder(requester, { order })
    const message = signedOrderToJson({ order, ...signed })
    await postItem(endpoint, 'order', JSON.stringify(message))
    return signed.jobId
  }

  async function look(): Promise<void> {
    await Promise.all(
      [...open].map(async (jobId) => {
        const { status } = await getJob(requester, { jobId })
        if (status === 'settled') settled += 1
        else if (status === 'convicted' || status === 'refunded') failed += 1
        else return
        open.delete(jobId)
      }),
    )
  }
} finally {
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
}

function model(): Uint8Array {
  const bytes = new Uint8Array(new Float32Array(64 * 64).fill(1 / 64).buffer)
  const w = { dtype: dtypes.float32, dims: [64, 64], bytes }
  return buildModel({
    inputs: { x: [1, 64] },
    outputs: ['y'],
    weights: { w },
    nodes: [
      ['MatMul', ['x', 'w'], ['m']],
      ['Relu', ['m'], ['y']],
    ],
  })
}

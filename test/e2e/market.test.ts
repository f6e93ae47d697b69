import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import {
  awaitJob,
  dtypes,
  encodeNpy,
  getBid,
  getJob,
  listOffers,
  lockWithOffer,
  parseSignedOrder,
} from '@lynode/sdk'
import { buildStep, Devnet } from 'lynode/devnet'
import { type Hex, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lynode, lynodeError } from './lynode.js'
import { killDaemon, whileClockStands } from './support/whileClockStands.js'
import { bytesOf, tinyModel } from './tinyModel.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-market-'))
const devnet = new Devnet({ folder })
let modelId: Hex
const input = ['--input', 'x=@x.npy'] as const

beforeAll(async () => {
  await buildStep().run(() => undefined)
  for (const step of devnet.steps()) await step.run(() => undefined)
  devnet.writeNetworkFile()
  file('tiny.onnx', tinyModel())
  file(
    'x.npy',
    encodeNpy({
      dtype: dtypes.float32,
      dims: [1, 4],
      data: bytesOf([1, 2, -3, 0.5]),
    }),
  )
  const { document } = await lynode(folder, 'model', 'publish', 'tiny.onnx')
  modelId = document['modelId'] as Hex
  // The same provider again, with prices and an offer.
  await devnet.daemons[0]?.stop()
  await startProvider()
}, 300_000)

afterAll(async () => {
  await devnet.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('default: every way in ends in a paid job', () => {
  test('a quote for one input', async () => {
    const { document } = await lynode(
      folder,
      ...['run', modelId, ...input, '--quote', '--max-price', '9LYN'],
    )
    expect(document).toMatchObject({
      verdict: 'settled',
      price: String(parseEther('2')), // the floor: the model takes no time
    })
  })

  test('a standing offer, found on another relay', async () => {
    const verifier = devnet.daemons[1]?.endpoint ?? ''
    const [found] = await until(async () => {
      const offers = await listOffers([verifier])
      return offers.length > 0 ? offers : undefined
    })
    const listed = await lynode(folder, 'offer', 'ls', '--model', modelId)
    expect(listed.document['offers']).toMatchObject([
      { offerId: found?.id, left: '100' },
    ])
    const order = await signedOrder('--max-price', '9LYN')
    const requester = devnet.client('requester')
    if (found === undefined) throw new Error('no offer')
    const { event } = await lockWithOffer.sync(requester, {
      order,
      signature: '0x',
      offer: found.signed.offer,
      offerSignature: found.signed.signature,
    })
    expect(event).toMatchObject({ price: parseEther('2') })
    const { jobId } = event
    const job = await awaitJob(requester, { jobId, order, until: ['settled'] })
    expect(job).toMatchObject({ providerId: devnet.providerId })
  })

  test('an order for one provider', async () => {
    const { document } = await lynode(
      folder,
      ...['order', 'sign', modelId, ...input, '--max-price', '9LYN'],
      ...['--provider', '77', '--provider', String(devnet.providerId)],
    )
    const jobId = document['jobId'] as Hex
    await lynode(folder, 'order', 'post', 'order.json')
    const { order } = parseSignedOrder(signedIn(document))
    const requester = devnet.client('requester')
    await awaitJob(requester, { jobId, order, until: ['settled'] })
  })

  test('a sealed auction, the provider killed between bid and reveal', async () => {
    const { document, status } = await lynode(
      folder,
      ...['bid', 'open', modelId, ...input, '--max-price', '9LYN'],
      ...['--bids', '15', '--reveals', '20', '--yes'],
    )
    expect(status).toBe(0)
    const jobId = document['jobId'] as Hex
    const requester = devnet.client('requester')
    const { providerId } = devnet
    await until(async () => {
      const { status } = await getBid(requester, { jobId, providerId })
      return status === 'sealed' || undefined
    })
    await whileClockStands(devnet, async () => {
      await killDaemon(running())
      await startProvider()
    })
    const shown = await lynode(folder, 'order', 'show', jobId)
    const order = shown.document['order'] as { requester: Hex }
    expect(order.requester.toLowerCase()).toBe(
      requester.account.address.toLowerCase(),
    )
    await until(async () => {
      const { status } = await getJob(requester, { jobId })
      return status === 'settled' || undefined
    })
    // Alone, it is paid the maximum; its bid is closed.
    const job = await getJob(requester, { jobId })
    expect(job).toMatchObject({ price: parseEther('9'), providerId })
    const bid = await getBid(requester, { jobId, providerId })
    expect(bid.status).toBe('closed')
  }, 180_000)
})

describe('behavior: what is not taken', () => {
  test('an order that pays too little has its reason', async () => {
    await signedOrder('--max-price', '1LYN')
    const { document } = await lynode(folder, 'order', 'post', 'order.json')
    const jobId = document['jobId']
    const found = await until(async () => {
      const { document } = await lynode(folder, 'jobs', 'skipped')
      const jobs = document['jobs'] as Record<string, unknown>[]
      return jobs.find(
        (job) => job['jobId'] === jobId && job['state'] === 'skipped',
      )
    })
    expect(found['reason']).toBe(`pays less than ${parseEther('2')} wei`)
  })

  test('an order that was cancelled', async () => {
    await signedOrder('--max-price', '1LYN')
    const { document } = await lynode(folder, 'order', 'post', 'order.json')
    const jobId = document['jobId'] as Hex
    expect(await lynodeError(folder, 'cancel', jobId)).toMatchObject({
      code: 'LY-CLI-003',
    })
    const dry = await lynode(folder, 'cancel', jobId, '--dry-run')
    expect(dry.document).toMatchObject({ dryRun: true })
    const { status } = await lynode(folder, 'cancel', jobId, '--yes')
    expect(status).toBe(0)
    const refused = await lynodeError(folder, 'order', 'post', 'order.json')
    expect(refused.code).toBe('LY-RLY-005')
    expect(refused.message).toContain('LY-RLY-002')
  })

  test('an offer that was cancelled', async () => {
    const signed = await lynode(
      folder,
      ...['offer', 'sign', modelId, '--price', '1LYN'],
    )
    const { offerId } = signed.document
    await lynode(folder, 'offer', 'post', 'offer.json')
    const listed = await lynode(folder, 'offer', 'ls')
    const ids = () =>
      (listed.document['offers'] as { offerId: Hex }[]).map((o) => o.offerId)
    expect(ids()[0]).toBe(offerId) // the cheapest
    await lynode(folder, 'offer', 'cancel', 'offer.json', '--yes')
    const left = await lynode(folder, 'offer', 'ls')
    expect(JSON.stringify(left.document)).not.toContain(String(offerId))
  })
})

/** Signs an order on the tiny model into `order.json`. */
async function signedOrder(...terms: string[]) {
  const { document } = await lynode(
    folder,
    ...['order', 'sign', modelId, ...input, ...terms],
  )
  return parseSignedOrder(signedIn(document)).order
}

function signedIn(document: Record<string, unknown>) {
  const { order, signature, allowed } = document
  return allowed === undefined
    ? { order, signature }
    : { order, signature, allowed }
}

/** The provider daemon that was started last. */
function running() {
  const found = devnet.daemons.filter(({ role }) => role === 'provider').at(-1)
  if (found === undefined) throw new Error('no provider')
  return found
}

/** Starts the provider at its old address, with its old state. */
function startProvider() {
  return devnet.startDaemon({
    name: 'provider',
    role: 'provider',
    account: 'provider',
    port: Number(new URL(running().endpoint).port),
    minPrice: '2',
    settings: { offerModels: [modelId] },
  })
}

/** Asks until there is an answer. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await sleep(300)
  }
}

function file(name: string, content: Uint8Array) {
  writeFileSync(join(folder, name), content)
}

import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ModelLibrary } from '@lynode/runtime'
import {
  announceOrder,
  awaitJob,
  bindInputs,
  deliverResult,
  dtypes,
  encodeNpy,
  findOrder,
  getModel,
  listItems,
  lockJob,
  type Manifest,
  makeOrder,
  parseNpy,
  registerModel,
  type SignedOrder,
  setEndpoint,
  signedOrderToJson,
  signOrder,
  uploadInputs,
} from '@lynode/sdk'
import { createIndexerClient } from '@lynode/sdk/indexer'
import { buildStep, Devnet, openData } from 'lynode/devnet'
import { type Hex, parseEther } from 'viem'
import { getBlockNumber } from 'viem/actions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lynode, lynodeError } from './lynode.js'
import { killDaemon, whileClockStands } from './support/whileClockStands.js'
import { bytesOf, tinyModel, tinyResult } from './tinyModel.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-e2e-'))
const devnet = new Devnet({ folder })
const x = [1, 2, -3, 0.5]
let modelId: Hex

beforeAll(async () => {
  await buildStep().run(() => undefined)
  for (const step of devnet.steps()) await step.run(() => undefined)
  devnet.writeNetworkFile()
  file('tiny.onnx', tinyModel())
  file('x.npy', npy([1, 4], x))
}, 300_000)

afterAll(async () => {
  await devnet.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('default: a model of ones own', () => {
  test('is checked', async () => {
    const { status, document } = await lynode(
      folder,
      'model',
      'check',
      'tiny.onnx',
    )
    expect(status).toBe(0)
    expect(document).toMatchObject({ class: 'float', refusals: [] })
  })

  test('is published, once', async () => {
    const first = await lynode(folder, 'model', 'publish', 'tiny.onnx')
    expect(first.document).toMatchObject({ class: 'float', registered: true })
    modelId = first.document['modelId'] as Hex
    const again = await lynode(folder, 'model', 'publish', 'tiny.onnx')
    expect(again.document).toMatchObject({ modelId, registered: false })
  })

  test('is run, its outputs verified and written', async () => {
    const { status, document } = await run('x=@x.npy')
    expect(document).toMatchObject({ class: 'float', verdict: 'settled' })
    expect(status).toBe(0)
    const { y } = document['outputs'] as { y: string }
    const output = parseNpy(new Uint8Array(readFileSync(y)))
    expect(output.dims).toEqual([1, 3])
    expect([...new Float32Array(output.data.buffer)]).toEqual(tinyResult(x))

    const shown = await lynode(
      folder,
      'jobs',
      'show',
      String(document['jobId']),
    )
    expect(shown.document).toMatchObject({
      status: 'settled',
      price: document['price'],
      order: { modelId },
    })
  })
})

describe('error: bad input changes nothing', () => {
  test('commands without a network', async () => {
    const { code, remedy } = await lynodeError(
      tmpdir(),
      'jobs',
      'show',
      hash(1),
    )
    expect(code).toBe('LY-NET-001')
    expect(remedy).toContain('lynode devnet')
  })

  test('models that cannot be published', async () => {
    file('garbage.onnx', Uint8Array.of(1, 2, 3))
    file('dynamic.onnx', tinyModel([undefined, 4]))
    file('huge.onnx', tinyModel([2 ** 40, 4]))
    file('unknown.onnx', tinyModel([1, 4], 'Bernoulli'))
    const codeOf = async (name: string) =>
      (await lynodeError(folder, 'model', 'publish', name)).code
    expect(await codeOf('garbage.onnx')).toBe('LY-MDL-001')
    expect(await codeOf('dynamic.onnx')).toBe('LY-MDL-002')
    expect(await codeOf('huge.onnx')).toBe('LY-MDL-001')
    expect(await codeOf('unknown.onnx')).toBe('LY-MDL-003')
    expect(await codeOf('missing.onnx')).toBe('LY-CLI-002')
    const { document } = await lynode(folder, 'model', 'check', 'unknown.onnx')
    expect(document).toMatchObject({
      class: null,
      refusals: [{ operator: 'Bernoulli' }],
    })
  })

  test('inputs that are not what the model takes', async () => {
    file('short.npy', npy([1, 4], x).slice(0, -1))
    file('shape.npy', npy([4], x))
    file(
      'dtype.npy',
      encodeNpy({ dtype: dtypes.int32, dims: [1, 4], data: bytesOf(x) }),
    )
    const before = await balance()
    const codeOf = async (...args: string[]) =>
      (await lynodeError(folder, 'run', ...args)).code
    expect(await codeOf(modelId, '--input', 'x=@short.npy')).toBe('LY-INP-001')
    expect(await codeOf(modelId, '--input', 'x=@shape.npy')).toBe('LY-INP-003')
    expect(await codeOf(modelId, '--input', 'x=@dtype.npy')).toBe('LY-INP-002')
    expect(await codeOf(modelId, '--input', 'z=@x.npy')).toBe('LY-INP-004')
    expect(await codeOf(modelId)).toBe('LY-INP-004')
    expect(await codeOf(hash(9), '--input', 'x=@x.npy')).toBe('LY-REG-002')
    expect(await codeOf('0x12', '--input', 'x=@x.npy')).toBe('LY-CLI-001')
    expect(
      await codeOf(modelId, '--input', 'x=@x.npy', '--max-price', '5'),
    ).toBe('LY-AMT-001')
    expect(await balance()).toEqual(before)
  })

  test('a model file that does not hash to its id', async () => {
    const publisher = devnet.client('publisher')
    const { header } = await getModel(publisher, { modelId })
    // The file is there and is a good one, of another model.
    const { event } = await registerModel.sync(publisher, {
      header: { ...header, manifestRoot: hash(4) },
      classes: 0b10,
    })
    const before = await balance()
    const { code } = await lynodeError(
      folder,
      'run',
      event.modelId,
      '--input',
      'x=@x.npy',
    )
    expect(code).toBe('LY-MDL-004')
    expect(await balance()).toEqual(before)

    const { blobs, client } = openDataServers()
    const library = new ModelLibrary({
      client: publisher,
      blobs,
      blobClient: client,
      folder,
      maxBytes: 1e6,
    })
    await expect(library.load(event.modelId)).rejects.toMatchObject({
      code: 'LY-MODEL-001',
    })
    await expect(library.load(modelId)).resolves.toMatchObject({
      manifest: { modelId },
    })
  })

  test('a Fortran-ordered array is converted', async () => {
    const text = "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 4), }\n"
    const header = new Uint8Array(10 + text.length)
    header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, 0])
    header.set(new TextEncoder().encode(text), 10)
    file('fortran.npy', Uint8Array.of(...header, ...bytesOf(x)))
    const { document } = await run('x=@fortran.npy')
    const { y } = document['outputs'] as { y: string }
    const { data } = parseNpy(new Uint8Array(readFileSync(y)))
    expect([...new Float32Array(data.buffer)]).toEqual(tinyResult(x))
  })

  test('locks and deliveries by the wrong account', async () => {
    const { order, signature, jobId } = await announce()
    const stranger = devnet.client('third')
    await expect(lockJob(stranger, { order, signature })).rejects.toMatchObject(
      {
        code: 'LY-STK-004',
      },
    )
    const changed = { ...order, maxPrice: order.maxPrice + 1n }
    await expect(
      lockJob(devnet.client('provider'), { order: changed, signature }),
    ).rejects.toMatchObject({ code: 'LY-MKT-002' })
    await awaitJob(stranger, { jobId, order, until: ['locked', 'delivered'] })
    await expect(
      deliverResult(stranger, { jobId, resultRoot: hash(3) }),
    ).rejects.toMatchObject({ name: 'LynodeError' })
    await awaitJob(stranger, { jobId, order, until: ['settled'] })
  })
})

describe('default: relays', () => {
  test('an order that only one relay was told of reaches a provider, and costs no transaction', async () => {
    const { order, signature, jobId } = await makeSigned()
    const [, verifier] = devnet.daemons
    expect(await post(verifier?.endpoint, { order, signature })).toMatchObject({
      status: 201,
      id: jobId,
    })
    expect(await post(verifier?.endpoint, { order, signature })).toMatchObject({
      status: 200,
      id: jobId,
    })
    const shown = await lynode(folder, 'jobs', 'show', jobId)
    expect(shown.document).toMatchObject({
      order: { inputRoot: order.inputRoot },
    })
    const requester = devnet.client('requester')
    await awaitJob(requester, { jobId, order, until: ['settled'] })
    const found = await findOrder(requester, { jobId }) // in the lock
    expect(found).toEqual({ order, signature })
  })

  test('what nobody could lock is not carried', async () => {
    const url = devnet.daemons[1]?.endpoint
    const { order, signature } = await makeSigned()
    const poor = devnet.client('third')
    const unfunded = { ...order, requester: poor.account.address }
    const cases = [
      [{ order, signature: '0x1234' }, 422, 'LY-RLY-002'],
      [{ order: { ...order, nonce: 1n }, signature }, 422, 'LY-RLY-002'],
      [{ order: { ...order, expiry: 1 }, signature }, 422, 'LY-RLY-002'],
      [{ order: { ...order, steps: -1 }, signature }, 400, 'LY-RLY-001'],
      [
        { order: unfunded, ...(await signOrder(poor, { order: unfunded })) },
        402,
        'LY-RLY-003',
      ],
    ] as const
    for (const [signed, status, code] of cases)
      expect(await post(url, signed)).toMatchObject({ status, code })
    const large = await fetch(`${url}/v1/orders`, {
      method: 'POST',
      body: 'x'.repeat(70_000),
    })
    expect(large.status).toBe(400)
    const unknown = await fetch(`${url}/v1/orders/${hash(7)}`)
    expect(unknown.status).toBe(404)
    const bad = await fetch(`${url}/v1/orders?after=-1`)
    expect(bad.status).toBe(400)
  })

  test('a provider says that it is there', async () => {
    const list = await listItems(
      devnet.daemons[1]?.endpoint ?? '',
      'heartbeat',
      {
        after: 0,
        limit: 10,
      },
    )
    expect(list.items.map(({ message }) => message)).toContainEqual(
      expect.objectContaining({
        heartbeat: expect.objectContaining({ providerId: devnet.providerId }),
      }),
    )
  })
})

test('default: an indexer that starts beside it has the jobs, and `jobs ls` asks it', async () => {
  expect(await devnet.startIndexer()).toContain(devnet.indexerUrl)
  devnet.writeNetworkFile()
  const requester = devnet.client('requester')
  const indexer = createIndexerClient({
    url: devnet.indexerUrl ?? '',
    timeoutMs: 60_000,
  })
  const head = Number(await getBlockNumber(requester, { cacheTime: 0 }))
  await expect
    .poll(() => indexer.status().catch(() => undefined), {
      timeout: 240_000,
      interval: 500,
    })
    .toMatchObject({ block: expect.toSatisfy((block) => block >= head) })
  const where = { requester: requester.account.address }
  const { items } = await indexer.list('jobs', { where })
  expect(items.length).toBeGreaterThan(0)
  expect(items).toContainEqual(
    expect.objectContaining({ status: 'settled', modelId }),
  )
  const { document } = await lynode(folder, 'jobs', 'ls')
  expect(
    (document['jobs'] as { jobId: Hex }[]).map(({ jobId }) => jobId),
  ).toEqual(items.map(({ jobId }) => jobId))
}, 300_000)

test('behavior: a provider that is killed comes back and finishes the job', async () => {
  const requester = devnet.client('requester')
  const { order, jobId } = await announce()
  await awaitJob(requester, {
    jobId,
    order,
    until: ['locked', 'delivered'],
    pollMs: 20,
  })
  const [provider] = devnet.daemons
  if (provider === undefined) throw new Error('no provider')
  const restarted = await whileClockStands(devnet, async () => {
    await killDaemon(provider)
    return devnet.startDaemon({
      name: 'provider',
      role: 'provider',
      account: 'provider',
    })
  })
  await setEndpoint.sync(devnet.client('provider-owner'), {
    providerId: devnet.providerId,
    endpoint: restarted.endpoint,
  })
  const job = await awaitJob(requester, { jobId, order, until: ['settled'] })
  expect(job).toMatchObject({ providerId: devnet.providerId, attempt: 0 })
})

async function announce() {
  const signed = await makeSigned()
  await announceOrder.sync(devnet.client('requester'), signed)
  return signed
}

async function makeSigned() {
  const requester = devnet.client('requester')
  const order = await makeOrder(requester, {
    modelId,
    class: 'float',
    inputRoot: await inputRoot(),
    maxPrice: parseEther('9'),
    deliverDuration: 20,
  })
  return { order, ...(await signOrder(requester, { order })) }
}

async function post(relay: string | undefined, signed: SignedOrder) {
  const response = await fetch(`${relay}/v1/orders`, {
    method: 'POST',
    body: JSON.stringify(signedOrderToJson(signed)),
  })
  return { status: response.status, ...((await response.json()) as object) }
}

/** The data servers of the providers that run. */
function openDataServers() {
  return openData({
    folder: join(folder, '.lynode'),
    dataServers: devnet.daemons
      .filter(
        ({ role, process: { exitCode } }) =>
          role === 'provider' && exitCode === null,
      )
      .map(({ endpoint }) => endpoint),
  })
}

async function inputRoot(): Promise<Hex> {
  const data = openDataServers()
  const type = { dtype: dtypes.float32, dims: [1, 4], perm: [0, 1] }
  const manifest = {
    values: [{ kind: 'input', name: 'x', type }],
  } as unknown as Manifest
  return uploadInputs(
    data.server,
    bindInputs(manifest, {
      x: { dtype: type.dtype, dims: [...type.dims], data: bytesOf(x) },
    }),
  )
}

async function run(input: string) {
  mkdirSync(join(folder, 'out'), { recursive: true })
  return lynode(folder, 'run', modelId, '--input', input, '--out', 'out')
}

async function balance() {
  const requester = devnet.client('requester')
  const { lynToken: token } = requester.addressBook.contracts
  return requester.getBalance({ token, account: requester.account.address })
}

function npy(dims: number[], values: number[]) {
  return encodeNpy({ dtype: dtypes.float32, dims, data: bytesOf(values) })
}

function file(name: string, content: Uint8Array) {
  writeFileSync(join(folder, name), content)
}

function hash(digit: number): Hex {
  return `0x${`${digit}`.repeat(64)}`
}

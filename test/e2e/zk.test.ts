import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  compileCircuit,
  engineTask,
  installEzkl,
  type ProvableCircuit,
  SrsStore,
  verifyDelivery,
  verifyProof,
  ZkProver,
} from '@lynode/runtime'
import {
  bindInputs,
  deliverProved,
  dtypes,
  encodeNpy,
  encodeOnnx,
  floatsOfNumbers,
  getJob,
  getProvedDelivery,
  getZkModel,
  type Hex,
  jobMarketAbi,
  loadModel,
  lockJob,
  makeOrder,
  type Order,
  type ProvedStep,
  parseNpy,
  type SignedOrder,
  signedOrderToJson,
  signOrder,
  uploadInputs,
  verifyResult,
  zkVerifierRouterAbi,
} from '@lynode/sdk'
import {
  buildStep,
  Devnet,
  enrolProvider,
  openData,
  publishCircuit,
  zkSamples,
} from 'lynode/devnet'
import {
  bytesToHex,
  concat,
  encodePacked,
  keccak256,
  parseEther,
  parseEventLogs,
  size,
  slice,
} from 'viem'
import { getTransactionReceipt, readContract } from 'viem/actions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lynode, lynodeError } from './lynode.js'
import {
  type CircuitName,
  circuitNames,
  circuitPath,
  encodeCircuit,
  readCircuit,
  type ZkModelName,
  zkModel,
} from './support/circuits.js'
import { noPython } from './support/pythonEnvironment.js'
import { bytesOf, tinyModel, tinyResult } from './tinyModel.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-zk-'))
const verdicts = new Map<unknown, unknown>()
/** Jobs whose proofs the verifier reported as invalid. */
const reported = new Set<unknown>()
const devnet = new Devnet({
  folder,
  onVerifierLog: ({ event, jobId, verdict }) => {
    if (event === 'job.verdict') verdicts.set(jobId, verdict)
    if (event === 'proof.invalid') reported.add(jobId)
  },
})
const x = [1, 2, -3, 0.5]
const r =
  21888242871839275222246405745257275088548364400416034343698204186575808495617n
const seller = () => devnet.client('second')
const ids = {} as Record<ZkModelName, Hex>
const userCache = process.env['XDG_CACHE_HOME']

beforeAll(async () => {
  // Without ezkl's Python package, even where this machine's user has it.
  process.env['XDG_CACHE_HOME'] = join(folder, 'cache')
  await buildStep().run(() => undefined)
  for (const step of devnet.steps()) await step.run(() => undefined)
  devnet.writeNetworkFile()
  await enrolProvider(devnet.client('second-owner'), {
    hot: seller(),
    endpoint: '',
    stake: parseEther('50000'),
  })
  file('tiny.onnx', tinyModel())
  file('x.npy', npy(x))
  for (const name of circuitNames) {
    const { file: canonical, manifest } = await zkModel(name)
    await publishCircuit(
      devnet.client('publisher'),
      devnet.daemons[0]?.endpoint ?? '',
      canonical,
      manifest,
      { ...readCircuit(name), maxDifference: 2 ** -12 },
    )
    ids[name] = manifest.modelId
  }
}, 300_000)

afterAll(async () => {
  await devnet.stop()
  if (userCache === undefined) delete process.env['XDG_CACHE_HOME']
  else process.env['XDG_CACHE_HOME'] = userCache
  rmSync(folder, { recursive: true, force: true })
})

describe('default: with Node alone', () => {
  test('proved, paid in the same transaction, checked by buyer and verifier', async () => {
    const { document } = await lynode(
      folder,
      ...['run', ids.tiny, '--input', 'x=@x.npy', '--max-price', '15LYN'],
    )
    expect(document).toMatchObject({ class: 'zk', verdict: 'settled' })
    const { y } = document['outputs'] as { y: string }
    const output = parseNpy(new Uint8Array(readFileSync(y)))
    const values = new Float32Array(output.data.buffer)
    expect(values).toHaveLength(3)
    tinyResult(x).forEach((value, i) => {
      expect(Math.abs(value - (values[i] ?? Number.NaN))).toBeLessThan(0.001)
    })

    const jobId = document['jobId'] as Hex
    const client = devnet.client('requester')
    const { transactionHash } = await getProvedDelivery(client, { jobId })
    const receipt = await getTransactionReceipt(client, {
      hash: transactionHash,
    })
    const [settled] = parseEventLogs({
      abi: jobMarketAbi,
      eventName: 'JobSettled',
      logs: receipt.logs,
    })
    expect(settled?.args.jobId).toBe(jobId)
    await expect.poll(() => verdicts.get(jobId), { timeout: 30_000 }).toBe('ok')
  }, 180_000)

  // The process table is read as Linux shows it.
  test.runIf(process.platform === 'linux')(
    'a prover that is killed proves again',
    async () => {
      const run = lynode(
        folder,
        ...['run', ids.tiny, '--input', 'x=@x.npy', '--max-price', '15LYN'],
      )
      const provider = devnet.daemons[0]?.process.pid ?? 0
      let finished = false
      const ended = run.finally(() => {
        finished = true
      })
      let killed = 0
      while (!finished && killed < 2) {
        const prover = childrenOf(provider).find((pid) => isProver(pid))
        if (prover !== undefined && kill(prover)) killed += 1
        await sleep(20)
      }
      expect(killed).toBe(2)
      const { document } = await ended
      expect(document).toMatchObject({ class: 'zk', verdict: 'settled' })
    },
    180_000,
  )
})

describe('error: what no circuit serves is refused before any work', () => {
  test('a pool, and a million parameters', async () => {
    file('pool.onnx', tinyModel([1, 4], 'Softmax'))
    file('large.onnx', largeModel())
    const refusal = async (name: string) =>
      lynodeError(folder, 'model', 'publish', name, '--class', 'zk')
    expect(await refusal('pool.onnx')).toMatchObject({
      code: 'LY-ZK-011',
      message: expect.stringContaining('Softmax'),
    })
    expect(await refusal('large.onnx')).toMatchObject({
      code: 'LY-ZK-011',
      message: expect.stringContaining('1000000 parameters'),
    })
    expect(existsSync(join(folder, 'cache', 'lynode', 'ezkl-21.0.0'))).toBe(
      false,
    )
  }, 120_000)

  test('an input that the circuit does not take is not locked', async () => {
    const { jobId, ...signed } = await signedOrder([1e9, 0, 0, 0])
    file('order.json', JSON.stringify(signedOrderToJson(signed)))
    await lynode(folder, 'order', 'post', 'order.json')
    await expect
      .poll(
        async () => {
          const { document } = await lynode(folder, 'jobs', 'skipped')
          const jobs = document['jobs'] as Record<string, unknown>[]
          return jobs.find((job) => job['jobId'] === jobId)?.['reason']
        },
        { timeout: 60_000 },
      )
      .toContain('inputs that the circuit does not take')
    const { status } = await getJob(devnet.client('requester'), { jobId })
    expect(status).toBe('none')
  }, 120_000)
})

describe('error: nothing but a proof of this job is paid', () => {
  let order: Order
  let jobId: Hex
  let honest: ProvedStep
  /** A true proof of another input of the same model. */
  let replayed: ProvedStep
  /** A true proof of the same input by another model. */
  let foreign: ProvedStep

  beforeAll(async () => {
    const signed = await signedOrder(x)
    ;({ order, jobId } = signed)
    await lockJob.sync(seller(), signed)
    honest = await prove('tiny', x)
    replayed = await prove('tiny', [0, 1, 0, 1])
    foreign = await prove('other', x)
  }, 120_000)

  test('altered deliveries have their errors, and change nothing', async () => {
    const { shape } = await getZkModel(seller(), { modelId: ids.tiny })
    const codeOf = async (change: Partial<ProvedStep>, steps = 1) => {
      const step = { ...honest, ...change }
      const sent = deliverProved(seller(), {
        order,
        shape,
        steps: Array.from({ length: steps }, () => step),
      })
      return sent.then(
        () => 'taken',
        (error: { code?: string }) => error.code,
      )
    }
    const [[first = 0n, ...rest] = []] = honest.outputs
    const { proof } = honest
    expect(await codeOf({ outputs: [[first + 1n, ...rest]] })).toBe('LY-ZK-003')
    expect(await codeOf({ inputs: [bytesToHex(bytesOf([1, 2, -3, 1]))] })).toBe(
      'LY-ZK-003',
    )
    // Another input with the same number of the circuit: only the root tells.
    expect(
      await codeOf({
        inputs: [bytesToHex(bytesOf([1 + 2 ** -20, 2, -3, 0.5]))],
      }),
    ).toBe('LY-ZK-002')
    expect(await codeOf(replayed)).toBe('LY-ZK-002')
    expect(await codeOf({ proof: replayed.proof })).toBe('LY-ZK-003')
    expect(await codeOf(foreign)).toBe('LY-ZK-003')
    expect(await codeOf({ proof: slice(proof, 0, size(proof) - 32) })).toBe(
      'LY-ZK-003',
    )
    expect(await codeOf({ proof: `${proof}${'00'.repeat(32)}` })).toBe(
      'LY-ZK-003',
    )
    expect(await codeOf({ proof: '0x' })).toBe('LY-ZK-003')
    expect(await codeOf({}, 2)).toBe('LY-ZK-001')
    expect(await codeOf({ outputs: [rest] })).toBe('LY-ZK-001')
    for (const [value, code] of [
      [0n, 'LY-ZK-003'],
      [-1n, 'LY-ZK-003'], // R - 1
      [r - 1n, 'LY-ZK-008'],
      [(r - 1n) / 2n, 'LY-ZK-008'],
      [r, 'LY-ZK-008'],
    ] as const)
      expect(await codeOf({ outputs: [[value, ...rest]] })).toBe(code)
    const { status } = await getJob(seller(), { jobId })
    expect(status).toBe('locked')
  }, 120_000)

  test('no flipped bit passes the verifier, nor any edge of the field', async () => {
    const { selector, shape } = await getZkModel(seller(), {
      modelId: ids.tiny,
    })
    const scale = shape.inputScales[0] ?? 0
    const element = (value: bigint) => (value < 0n ? r + value : value)
    const instances = [
      ...x.map((value) => element(BigInt(Math.round(value * 2 ** scale)))),
      ...honest.outputs.flat().map(element),
    ]
    const verify = (proof: Hex, numbers: bigint[]) =>
      readContract(seller(), {
        address: seller().addressBook.contracts.zkVerifierRouter,
        abi: zkVerifierRouterAbi,
        functionName: 'verify',
        args: [selector, proof, encodePacked(['uint256[]'], [numbers])],
      })
    await verify(honest.proof, instances) // the real one passes
    const rejected = /ZkVerifierRouter_ProofRejected/
    const length = size(honest.proof)
    for (let i = 0; i < 100; i++) {
      const at = Math.floor((i * length) / 100)
      const flipped = Buffer.from(honest.proof.slice(2), 'hex')
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (i % 8))
      await expect(
        verify(`0x${flipped.toString('hex')}`, instances),
      ).rejects.toThrow(rejected)
    }
    for (const value of [0n, r - 1n, (r - 1n) / 2n, r])
      await expect(
        verify(honest.proof, [value, ...instances.slice(1)]),
      ).rejects.toThrow(rejected)
    await expect(verify(honest.proof, instances.slice(1))).rejects.toThrow(
      rejected,
    )
  }, 120_000)

  test('a proof that does not hold is told from one that does on this machine', async () => {
    const circuit = circuitOf('tiny')
    const check = (step: ProvedStep) =>
      verifyProof(circuit, srs(), [bytesOf(x)], step.outputs, step.proof)
    await check(honest)
    await expect(
      check({ ...honest, proof: replayed.proof }),
    ).rejects.toMatchObject({ code: 'LY-ZK-014' })
    await expect(check(foreign)).rejects.toMatchObject({ code: 'LY-ZK-014' })

    // What is wrong with the machine is not said of the numbers.
    const missing = { input: 'none', witness: join(folder, 'none') }
    await expect(
      engineTask({ kind: 'witness', circuit: circuit.circuit, ...missing }),
    ).rejects.toMatchObject({ code: 'LY-ZK-013' })
  }, 60_000)

  test('the honest delivery is paid, once', async () => {
    const { shape } = await getZkModel(seller(), { modelId: ids.tiny })
    const delivery = { order, shape, steps: [honest] }
    await deliverProved.sync(seller(), delivery)
    const { status } = await getJob(seller(), { jobId })
    expect(status).toBe('settled')
    await expect(deliverProved(seller(), delivery)).rejects.toMatchObject({
      name: 'LynodeError',
    })
  }, 60_000)
})

describe('error: a verifier that takes anything', () => {
  // PUSH1 1, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN: always true.
  const runtimeCode = '0x60015f5260205ff3'
  const initCode = concat(['0x67', runtimeCode, '0x5f5260086018f3'])

  beforeAll(async () => {
    // The key and the circuit are real: only what the chain asks is not.
    const { file: canonical, manifest } = await zkModel('careless')
    await publishCircuit(
      devnet.client('publisher'),
      devnet.daemons[0]?.endpoint ?? '',
      canonical,
      manifest,
      {
        ...readCircuit('tiny'),
        verifier: { bytecode: initCode, codeHash: keccak256(runtimeCode) },
        maxDifference: 2 ** -12,
      },
    )
    ids.careless = manifest.modelId
  }, 60_000)

  /** Sells the tiny circuit's proof, with other numbers where asked. */
  async function sell(name: 'tiny' | 'careless', change: bigint) {
    const { shape } = await getZkModel(seller(), { modelId: ids[name] })
    const { order, signature, jobId } = await signedOrder(x, name)
    await lockJob.sync(seller(), { order, signature })
    const { inputs, outputs, proof } = await prove('tiny', x)
    const [[first = 0n, ...rest] = []] = outputs
    const step = { inputs, outputs: [[first + change, ...rest]], proof }
    await deliverProved.sync(seller(), { order, shape, steps: [step] })
    const { settings } = readCircuit('tiny')
    const bytes = floatsOfNumbers(
      step.outputs.flat(),
      settings.outputScales[0] ?? 0,
    )
    const data = new Float32Array(Uint8Array.from(bytes).buffer)
    const y = { dtype: 'float32' as const, dims: [1, 3], data }
    return { jobId, result: { order, outputs: { y } } }
  }

  /** What a buyer with Node says about a result. */
  async function checkedResult(
    name: 'tiny' | 'careless',
    { result }: Awaited<ReturnType<typeof sell>>,
  ) {
    const { manifest } = await zkModel(name)
    const dataServers = devnet.daemons.map(({ endpoint }) => endpoint)
    const model = await loadModel(seller(), {
      modelId: ids[name],
      sources: dataServers,
    })
    const data = openData({ dataServers, folder: join(folder, 'buyer') })
    const parameters = { result, model, inputs: { x } }
    return {
      byTheChain: await verifyResult(seller(), parameters),
      byTheProof: await verifyResult(seller(), {
        ...parameters,
        checkProofs: (jobId) => verifyDelivery(seller(), data, manifest, jobId),
      }).catch((error: unknown) => error),
    }
  }

  test('an invalid proof is paid, refused by the buyer and reported by the verifier', async () => {
    const sold = await sell('careless', 1n)
    const settled = { jobId: sold.jobId, class: 'zk', status: 'settled' }
    const { byTheChain, byTheProof } = await checkedResult('careless', sold)
    expect(byTheChain).toMatchObject(settled)
    expect(byTheProof).toMatchObject({
      name: 'LynodeError',
      code: 'LY-ZK-014',
    })
    await expect
      .poll(() => verdicts.get(sold.jobId), { timeout: 60_000 })
      .toBe('unproved')
    expect(reported).toContain(sold.jobId)
  }, 120_000)

  test('a valid proof passes the same checks', async () => {
    const sold = await sell('tiny', 0n)
    const settled = { jobId: sold.jobId, class: 'zk', status: 'settled' }
    const { byTheProof } = await checkedResult('tiny', sold)
    expect(byTheProof).toMatchObject({ ...settled, final: true })
    await expect
      .poll(() => verdicts.get(sold.jobId), { timeout: 60_000 })
      .toBe('ok')
    expect(reported).not.toContain(sold.jobId)
  }, 120_000)
})

describe('behavior: publication, which needs Python', () => {
  beforeAll(() => {
    if (userCache === undefined) delete process.env['XDG_CACHE_HOME']
    else process.env['XDG_CACHE_HOME'] = userCache
  })

  test.for(circuitNames)(
    'the stored circuit %s is what is compiled',
    { timeout: 300_000 },
    async (name, { skip }) => {
      needPython(skip)
      const { file: canonical, manifest } = await zkModel(name)
      const circuit = await compileCircuit({
        python: await installEzkl(),
        canonical,
        manifest,
        samples: zkSamples(manifest, new Map()),
        srs: srs(),
      })
      expect(circuit.maxDifference).toBeLessThan(2 ** -12)
      expect(circuit.proving.peakBytes).toBeGreaterThan(0)
      // `npx vitest run --project e2e zk -u` writes it.
      await expect(encodeCircuit(circuit)).toMatchFileSnapshot(
        circuitPath(name),
      )
    },
  )

  test('a second publication finds everything there, and the same', async ({
    skip,
  }) => {
    needPython(skip)
    const { document } = await lynode(
      folder,
      ...['model', 'publish', 'tiny.onnx', '--class', 'zk'],
    )
    const binding = await getZkModel(devnet.client('requester'), {
      modelId: ids.tiny,
    })
    expect(document).toMatchObject({
      class: 'zk',
      modelId: ids.tiny,
      circuitRoot: binding.circuitRoot,
      selector: binding.selector,
    })
  }, 300_000)
})

function needPython(skip: (reason: string) => void): void {
  const reason = noPython()
  if (reason !== undefined) skip(reason)
}

function srs() {
  return new SrsStore({ chainId: 31_337 })
}

/** A stored circuit as files. */
function circuitOf(name: CircuitName): ProvableCircuit {
  const { files, settings } = readCircuit(name)
  const home = join(folder, 'circuits', name)
  mkdirSync(home, { recursive: true })
  for (const [part, bytes] of Object.entries(files))
    writeFileSync(join(home, part), bytes)
  return {
    binding: { circuitRoot: `0x${name}` as Hex },
    settings,
    circuit: join(home, 'circuit'),
    key: join(home, 'key'),
    settingsFile: join(home, 'settings'),
  }
}

async function prove(
  name: CircuitName,
  values: readonly number[],
): Promise<ProvedStep> {
  const prover = new ZkProver({
    folder: join(folder, 'prover'),
    srs: srs(),
    python: null,
  })
  const bytes = bytesOf(values)
  const { outputs, proof } = await prover.prove(circuitOf(name), [bytes])
  return { inputs: [bytesToHex(bytes)], outputs, proof }
}

/** An order on a model that nobody was told of. */
async function signedOrder(
  values: readonly number[],
  name: ZkModelName = 'tiny',
): Promise<SignedOrder & { jobId: Hex }> {
  const requester = devnet.client('requester')
  const { manifest } = await zkModel(name)
  const endpoint = devnet.daemons[0]?.endpoint ?? ''
  const array = {
    dtype: dtypes.float32,
    dims: [1, 4],
    data: bytesOf(values),
  }
  const order = await makeOrder(requester, {
    modelId: ids[name],
    class: 'zk',
    inputRoot: await uploadInputs(endpoint, bindInputs(manifest, { x: array })),
    maxPrice: parseEther('15'),
    rampDelay: 0,
  })
  return { order, ...(await signOrder(requester, { order })) }
}

/** Kills a process; false if it ended by itself meanwhile. */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    return false
  }
}

/** Whether a process is one of ezkl's engine; one that has ended is not. */
function isProver(pid: number): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return command.includes('engineProcess')
  } catch {
    return false // it ended meanwhile
  }
}

/** The processes that a daemon has started and that run. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((text) => text !== '')
    .map(Number)
}

/** A product with a matrix of 1,000 x 1,000. */
function largeModel(): Uint8Array {
  const type = { dtype: dtypes.float32, dims: [1, 1_000] }
  return encodeOnnx({
    opset: 17,
    irVersion: 8,
    inputs: [{ name: 'x', ...type }],
    outputs: ['y'],
    weights: new Map([
      [
        'w',
        {
          dtype: dtypes.float32,
          dims: [1_000, 1_000],
          bytes: new Uint8Array(
            Float32Array.from({ length: 1e6 }, (_, i) => Math.sin(i)).buffer,
          ),
        },
      ],
    ]),
    nodes: [
      {
        name: 'product',
        operator: 'MatMul',
        domain: '',
        inputs: ['x', 'w'],
        outputs: ['y'],
        attributes: new Map(),
      },
    ],
    declared: new Map([['y', { name: 'y', ...type }]]),
    metadata: new Map(),
  })
}

function npy(values: number[]) {
  return encodeNpy({
    dtype: dtypes.float32,
    dims: [1, 4],
    data: bytesOf(values),
  })
}

function file(name: string, content: Uint8Array | string) {
  writeFileSync(join(folder, name), content)
}

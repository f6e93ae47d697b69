import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  BlobStore,
  DocumentStore,
  type HttpServer,
  startDataServer,
} from '@lynode/runtime'
import {
  answerDemand,
  buildChunkAnswer,
  buildOutputAnswer,
  buildStepAnswer,
  bytesToHex,
  type CreateLynodeClientReturnType,
  createLynodeClient,
  deliverResult,
  demandKinds,
  demandsAbi,
  encodeChunkAnswer,
  encodeOutputAnswer,
  encodeStepAnswer,
  encodeTraceAnswer,
  encodeWitnessAnswer,
  getJob,
  type Hex,
  judgedManifest,
  LynodeError,
  lockJob,
  nameWitness,
  type Order,
  setEndpoint,
  tensorRootsOf,
} from '@lynode/sdk'
import { type Devnet, enrolProvider } from 'lynode/devnet'
import {
  type Address,
  createTestClient,
  erc20Abi,
  http,
  parseEther,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import {
  getBlock,
  getContractEvents,
  waitForTransactionReceipt,
  writeContract,
} from 'viem/actions'
import type { Scenario } from '../../../sdk/src/vectors/scenarios.js'

export type Hostility = {
  /** Whether its data server tells what it committed to. */
  serves:
    | 'everything'
    | 'its documents and half of its tensors'
    | 'nothing'
    | 'connections that hang'
  /** What it answers to demands. */
  answers:
    | 'what it committed to'
    | 'nothing'
    | 'a garbage trace'
    | 'the trace alone'
    | 'at the last moment'
}

/** How long before its deadline a slow answer is sent, in block time. */
const lastSeconds = 4

/**
 * A provider that does to the letter what the chain asks of it, and nothing
 * more: it sells one prepared execution, honest or not.
 */
export class HostileProvider {
  readonly #hostility: Hostility
  readonly #client: CreateLynodeClientReturnType
  readonly #answered = new Set<Hex>()
  readonly #providerId: number

  private constructor(
    hostility: Hostility,
    client: CreateLynodeClientReturnType,
    providerId: number,
  ) {
    this.#hostility = hostility
    this.#client = client
    this.#providerId = providerId
  }

  get providerId(): number {
    return this.#providerId
  }

  get client(): CreateLynodeClientReturnType {
    return this.#client
  }

  get account(): Address {
    return this.#client.account.address
  }

  /** Enrols a new one, because a conviction jails. */
  static async enrol(
    net: Devnet,
    hostility: Hostility,
  ): Promise<HostileProvider> {
    const deployer = net.client('deployer')
    const account = privateKeyToAccount(generatePrivateKey())
    const client = createLynodeClient({
      account,
      chain: deployer.chain,
      transport: http(net.rpcUrl),
      addressBook: deployer.addressBook,
      pollingIntervalMs: 100,
    })
    const stake = parseEther('100000')
    await createTestClient({
      mode: 'anvil',
      transport: http(net.rpcUrl),
    }).setBalance({ address: account.address, value: parseEther('100') })
    const hash = await writeContract(deployer, {
      address: deployer.addressBook.contracts.lynToken,
      abi: erc20Abi,
      functionName: 'transfer',
      args: [account.address, stake],
    })
    await waitForTransactionReceipt(deployer, { hash })
    const providerId = await enrolProvider(client, {
      hot: client,
      endpoint: '',
      stake,
    })
    return new HostileProvider(hostility, client, providerId)
  }

  /** Locks, delivers, answers; resolves with the job's last status. */
  async sell(
    scenario: Scenario,
    order: Order,
    signature: Hex,
    jobId: Hex,
  ): Promise<string> {
    const client = this.#client
    const server = await this.#serve(scenario)
    try {
      // On the ramp, so that the estimate of gas holds in the next block too.
      while (Number((await getBlock(client)).timestamp) <= order.rampStart)
        await sleep(200)
      await lockJob.sync(client, { order, signature })
      await deliverResult.sync(client, {
        jobId,
        resultRoot: scenario.roots(0).resultRoot,
      })
      for (;;) {
        const { status } = await getJob(client, { jobId })
        if (status !== 'delivered') return status
        if (this.#hostility.answers !== 'nothing')
          await this.#answer(scenario, order, jobId)
        await sleep(200)
      }
    } finally {
      await server?.close()
    }
  }

  async #answer(scenario: Scenario, order: Order, jobId: Hex): Promise<void> {
    const client = this.#client
    const demanded = await getContractEvents(client, {
      address: client.addressBook.contracts.demands,
      abi: demandsAbi,
      eventName: 'Demanded',
      fromBlock: 0n,
      strict: true,
    })
    for (const { args } of demanded) {
      const { demandId, request, deadline } = args
      if (args.jobId !== jobId || this.#answered.has(demandId)) continue
      if (this.#hostility.answers === 'at the last moment') {
        const { timestamp } = await getBlock(client)
        if (Number(timestamp) < deadline - lastSeconds) continue
      }
      this.#answered.add(demandId)
      const payload = this.#payload(scenario, request)
      if (payload === undefined) continue
      await answerDemand
        .sync(client, {
          order,
          model: scenario.manifest.header,
          demandId,
          payload,
        })
        .catch((error: unknown) => {
          // What it committed to may be such that no answer is accepted.
          if (!(error instanceof LynodeError)) throw error
        })
    }
  }

  #payload(
    scenario: Scenario,
    request: { kind: number; step: number; value: number; chunk?: number },
  ): Hex | undefined {
    const commitments = scenario.commitments(request.step)
    const tensors = commitments.trace?.tensors ?? []
    const garbage = this.#hostility.answers === 'a garbage trace'
    if (request.kind === demandKinds.trace)
      return encodeTraceAnswer(
        garbage
          ? tensors.map(() => bytesToHex(randomBytes(32)))
          : tensorRootsOf(tensors),
      )
    if (garbage) return undefined // nobody knows what lies behind such roots
    if (this.#hostility.answers === 'the trace alone') return undefined
    const { result, states } = commitments
    if (request.kind === demandKinds.output)
      return encodeOutputAnswer(buildOutputAnswer(result, request.step))
    if (request.kind === demandKinds.witness)
      return encodeWitnessAnswer(witnessOf(scenario, request))
    if (request.kind === demandKinds.step && states !== undefined)
      return encodeStepAnswer(buildStepAnswer(result, states, request.step))
    const { chunk, count } = request as typeof request & {
      chunk: number
      count: number
    }
    return encodeChunkAnswer(
      buildChunkAnswer({
        manifest: scenario.manifest,
        step: request.step,
        value: request.value,
        chunk,
        count,
        commitments,
        bytes: scenario.committed(request.step, request.value),
      }),
    )
  }

  async #serve(scenario: Scenario): Promise<HttpServer | undefined> {
    if (this.#hostility.serves === 'nothing') return undefined
    const server =
      this.#hostility.serves === 'connections that hang'
        ? await serveSilence()
        : await this.#serveTruth(scenario)
    await setEndpoint.sync(this.#client, {
      providerId: this.#providerId,
      endpoint: server.url,
    })
    return server
  }

  async #serveTruth(scenario: Scenario): Promise<HttpServer> {
    const all = this.#hostility.serves === 'everything'
    const folder = mkdtempSync(join(tmpdir(), 'lynode-hostile-'))
    const blobs = new BlobStore(join(folder, 'blobs'))
    const documents = new DocumentStore(join(folder, 'documents'))
    for (let step = 0; step < scenario.steps; step++) {
      const { result, trace, states } = scenario.commitments(step)
      await documents.put(result)
      if (trace !== undefined) await documents.put(trace)
      if (states !== undefined) await documents.put(states)
      for (const value of scenario.manifest.values.keys())
        if (all || value % 2 === 0)
          await blobs.put(scenario.committed(step, value))
    }
    const server = await startDataServer({ blobs, reader: blobs, documents })
    return {
      url: server.url,
      async close() {
        await server.close()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  }
}

/** What an honest provider would name of this execution. */
function witnessOf(
  { manifest, committed }: Scenario,
  request: { step: number; value: number; chunk?: number },
): number[] {
  const { step, value, chunk: element = 0 } = request
  const node = manifest.nodes.findIndex(({ outputs }) =>
    outputs.includes(value),
  )
  return nameWitness({
    manifest: judgedManifest(manifest),
    node,
    output: manifest.nodes[node]?.outputs.indexOf(value) ?? 0,
    element,
    read: (index, offset, length) =>
      committed(step, index).subarray(offset, offset + length),
  })
}

/** Takes requests and never answers one. */
async function serveSilence(): Promise<HttpServer> {
  const server = createServer(() => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

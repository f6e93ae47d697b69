import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type CircuitFiles,
  type Daemon,
  fetchCircuit,
  fetchInputs,
  fingerprintOf,
  type LoadedModel,
  nodeSha256,
  numbersOf,
  SrsStore,
  stepInputs,
  stepTypes,
  writeDurably,
  ZkProver,
} from '@lynode/runtime'
import {
  bytesToHex,
  deliverProved,
  floatsOfNumbers,
  getZkModel,
  type Hex,
  type InputsDocument,
  type Job,
  LynodeError,
  type Order,
  type ProvedStep,
  type ResultDocument,
  readAction,
  resultRootOf,
  toFieldElement,
  zkVerifierRouterAbi,
} from '@lynode/sdk'
import { encodePacked } from 'viem'
import type { JobRow, JobTable } from './jobTable.js'
import type { ModelTest } from './modelTests.js'

/** A proved step on disk; whole numbers as text. */
type StoredStep = { outputs: string[][]; proof: Hex }

/** Judgements of inputs that are remembered. */
const mostRefusals = 1_000

/** What a provider does for jobs of class zk: it proves, and is paid at once. */
export class ProvedJobs {
  readonly #daemon: Daemon
  readonly #prover: ZkProver
  readonly #circuits = new Map<Hex, Promise<CircuitFiles>>()
  readonly #tests = new Map<Hex, Promise<ModelTest>>()
  readonly #refusals = new Map<string, Promise<string | undefined>>()

  constructor(daemon: Daemon) {
    const { config } = daemon
    this.#daemon = daemon
    this.#prover = new ZkProver({
      folder: join(config.dataDir, 'zk', 'keys'),
      srs: new SrsStore({ chainId: config.addressBook.chainId }),
      limits: {
        deadlineMs: config.deadlineSeconds * 1_000,
        memoryBytes: config.memoryMiB * 2 ** 20,
        signal: daemon.signal,
      },
    })
  }

  /**
   * Before the first lock of a model: proves one step and lets the chain's own
   * verifier judge it, so that nothing is locked that could not be delivered.
   *
   * @throws LynodeError of the prover, or `LY-ZK-003` when the verifier says no.
   */
  test(model: LoadedModel, inputs: InputsDocument): Promise<ModelTest> {
    const { modelId } = model.manifest
    const running = this.#tests.get(modelId) ?? this.#test(model, inputs)
    this.#tests.set(modelId, running)
    running.catch(() => this.#tests.delete(modelId)) // tried again with the next job
    return running
  }

  /**
   * Whether the circuit takes these inputs: its numbers have bounds, and a
   * requester picks the input. What does not pass could never be delivered.
   *
   * @returns Why not, or `undefined`.
   */
  refusal(
    model: LoadedModel,
    inputs: InputsDocument,
    { inputRoot, steps }: Pick<Order, 'inputRoot' | 'steps'>,
  ): Promise<string | undefined> {
    const id = `${model.manifest.modelId}:${inputRoot}:${steps}`
    const running = this.#refusals.get(id) ?? this.#try(model, inputs, steps)
    this.#refusals.set(id, running)
    running.catch(() => this.#refusals.delete(id)) // tried again with the next look
    // Judged again at every price of a ramp, but not for ever.
    const [oldest] = this.#refusals.keys()
    if (this.#refusals.size > mostRefusals && oldest !== undefined)
      this.#refusals.delete(oldest)
    return running
  }

  /** Meets the obligation of a lock. A step that was proved is not proved again. */
  async deliver(jobs: JobTable, row: JobRow, job: Job): Promise<void> {
    const { models, blobClient, outbox, contracts, logger, metrics } =
      this.#daemon
    const { config, runner } = this.#daemon
    const { jobId, order } = row
    const model = await models.load(order.modelId)
    const circuit = await this.#circuit(model)
    const inputs = await fetchInputs(blobClient, model, order)
    if (job.declinable) {
      const refusal = await this.refusal(model, inputs, order)
      if (refusal !== undefined)
        throw new LynodeError('LY-ZK-008', { details: refusal })
    }
    const folder = join(config.dataDir, 'zk', jobId.slice(2))
    await mkdir(folder, { recursive: true })
    const steps: ProvedStep[] = []
    for (let step = 0; step < order.steps; step++) {
      const bytes = await this.#inputsOf(model, inputs, step)
      const file = join(folder, `${job.attempt}-${step}.json`)
      const proved = existsSync(file)
        ? readStep(await readFile(file, 'utf8'))
        : await this.#prove(order.modelId, circuit, bytes, file)
      steps.push({ inputs: bytes.map((one) => bytesToHex(one)), ...proved })
    }
    const result = await this.#store(model, circuit, steps)
    jobs.setResult(jobId, job.attempt, result, fingerprintOf(runner, 'plain'))
    await outbox.send({
      key: `deliver:${jobId}:${job.attempt}`,
      kind: 'deliver',
      atStakeWei: order.collateral,
      ...deliverProved.transaction(contracts, {
        order,
        shape: circuit.binding.shape,
        steps,
      }),
    })
    jobs.setState(jobId, 'delivered')
    metrics.jobs.inc({ outcome: 'delivered' })
    metrics.deadlineSlack.observe(job.time - this.#daemon.now())
    logger.info({ event: 'job.proved', jobId, resultRoot: result }, 'proved')
  }

  async #test(model: LoadedModel, inputs: InputsDocument): Promise<ModelTest> {
    const { client, logger } = this.#daemon
    const circuit = await this.#circuit(model)
    const bytes = await this.#inputsOf(model, inputs, 0)
    const { outputs, proof, spent } = await this.#prover.prove(circuit, bytes)
    const stepSeconds = spent.seconds
    const { inputScales } = circuit.settings
    const instances = [
      ...bytes.flatMap((one, i) => numbersOf(one, inputScales[i] ?? 0)),
      ...outputs.flat(),
    ]
    await readAction(client, {
      contract: 'zkVerifierRouter',
      abi: zkVerifierRouterAbi,
      functionName: 'verify',
      args: [
        circuit.binding.selector,
        proof,
        encodePacked(['uint256[]'], [instances.map(toFieldElement)]),
      ],
    })
    logger.info(
      { event: 'model.tested', modelId: model.manifest.modelId, stepSeconds },
      'model proved, and its verifier agrees',
    )
    return { stepSeconds, mode: 'plain' }
  }

  async #try(
    model: LoadedModel,
    inputs: InputsDocument,
    steps: number,
  ): Promise<string | undefined> {
    const circuit = await this.#circuit(model)
    for (let step = 0; step < steps; step++)
      try {
        const bytes = await this.#inputsOf(model, inputs, step)
        await this.#prover.tryInputs(circuit, bytes)
      } catch (error) {
        if (!(error instanceof LynodeError) || error.code !== 'LY-ZK-008')
          throw error
        return `has inputs that the circuit does not take (step ${step})`
      }
    return undefined
  }

  #circuit(model: LoadedModel): Promise<CircuitFiles> {
    const { modelId } = model.manifest
    const running = this.#circuits.get(modelId) ?? this.#load(model)
    this.#circuits.set(modelId, running)
    running.catch(() => this.#circuits.delete(modelId)) // the next call tries again
    return running
  }

  async #load({ manifest }: LoadedModel): Promise<CircuitFiles> {
    const { client, blobClient, blobs } = this.#daemon
    const { modelId } = manifest
    const binding = await getZkModel(client, { modelId })
    return fetchCircuit(blobClient, blobs, manifest, binding)
  }

  async #inputsOf(
    model: LoadedModel,
    inputs: InputsDocument,
    step: number,
  ): Promise<Uint8Array[]> {
    return Promise.all(
      stepInputs(model.manifest, inputs, step, undefined).map(({ tensor }) =>
        this.#daemon.reader.read(tensor.dataRoot),
      ),
    )
  }

  async #prove(
    modelId: Hex,
    circuit: CircuitFiles,
    inputs: Uint8Array[],
    file: string,
  ) {
    const proved = await this.#prover.prove(circuit, inputs)
    const { proof, spent } = proved
    this.#daemon.metrics.inference.observe(
      { path: 'proved', model: this.#daemon.metrics.modelLabel(modelId) },
      spent.seconds,
    )
    const outputs = proved.outputs.map((values) => values.map(String))
    await writeDurably(file, JSON.stringify({ outputs, proof }))
    return proved
  }

  /** Outputs and their document, where the data server has them. */
  async #store(
    model: LoadedModel,
    circuit: CircuitFiles,
    steps: readonly ProvedStep[],
  ): Promise<Hex> {
    const { blobs, documents } = this.#daemon
    const types = stepTypes(model.manifest).outputs
    const result: ResultDocument = {
      kind: 'result',
      segment: 1,
      steps: await Promise.all(
        steps.map(async ({ outputs }) => ({
          carried: [],
          outputs: await Promise.all(
            types.map(async ({ dtype, dims, perm }, i) => {
              const values = outputs[i]
              if (values === undefined)
                throw new LynodeError('LY-ZK-015', {
                  details: `no output ${i}`,
                })
              const scale = circuit.settings.outputScales[i] ?? 0
              const dataRoot = await blobs.put(floatsOfNumbers(values, scale))
              return { dtype, dims, perm, dataRoot }
            }),
          ),
        })),
      ),
    }
    await documents.put(result)
    return resultRootOf(result, nodeSha256)
  }
}

function readStep(text: string): Omit<ProvedStep, 'inputs'> {
  const { outputs, proof } = JSON.parse(text) as StoredStep
  return { outputs: outputs.map((values) => values.map(BigInt)), proof }
}

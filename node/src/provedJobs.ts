import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
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
  type ProvedStep,
  type ResultDocument,
  readAction,
  resultRootOf,
  toFieldElement,
  zkVerifierRouterAbi,
} from '@lynode/sdk'
import type { JobRow, JobTable } from './jobTable.js'
import type { ModelTest } from './modelTests.js'

/** A proved step on disk; whole numbers as text. */
type StoredStep = { outputs: string[][]; proof: Hex }

/** What a provider does for jobs of class zk: it proves, and is paid at once. */
export class ProvedJobs {
  readonly #daemon: Daemon
  readonly #prover: ZkProver
  readonly #circuits = new Map<Hex, Promise<CircuitFiles>>()
  readonly #tests = new Map<Hex, Promise<ModelTest>>()

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

  /** Meets the obligation of a lock. A step that was proved is not proved again. */
  async deliver(jobs: JobTable, row: JobRow, job: Job): Promise<void> {
    const { models, blobClient, outbox, contracts, logger, metrics } =
      this.#daemon
    const { config, runner } = this.#daemon
    const { jobId, order } = row
    const model = await models.load(order.modelId)
    const circuit = await this.#circuit(model)
    const inputs = await fetchInputs(blobClient, model, order)
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
      ...deliverProved.transaction(contracts, {
        order,
        shape: circuit.binding.shape,
        steps,
      }),
    })
    jobs.setState(jobId, 'delivered')
    metrics.jobs.inc({ outcome: 'delivered' })
    logger.info({ event: 'job.proved', jobId, resultRoot: result }, 'proved')
  }

  async #test(model: LoadedModel, inputs: InputsDocument): Promise<ModelTest> {
    const { client, logger } = this.#daemon
    const circuit = await this.#circuit(model)
    const bytes = await this.#inputsOf(model, inputs, 0)
    await this.#prover.prove(circuit, bytes) // makes the proving key
    const start = performance.now()
    const { outputs, proof } = await this.#prover.prove(circuit, bytes)
    const stepSeconds = (performance.now() - start) / 1_000
    const { inputScales } = circuit.settings
    const instances = [
      ...bytes.flatMap((one, i) => numbersOf(one, inputScales[i] ?? 0)),
      ...outputs.flat(),
    ]
    await readAction(client, {
      contract: 'zkVerifierRouter',
      abi: zkVerifierRouterAbi,
      functionName: 'verify',
      args: [circuit.binding.selector, proof, instances.map(toFieldElement)],
    })
    logger.info(
      { event: 'model.tested', modelId: model.manifest.modelId, stepSeconds },
      'model proved, and its verifier agrees',
    )
    return { stepSeconds, mode: 'plain' }
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
    const start = performance.now()
    const proved = await this.#prover.prove(circuit, inputs)
    this.#daemon.metrics.inference.observe(
      { path: 'proved', model: this.#daemon.metrics.modelLabel(modelId) },
      (performance.now() - start) / 1_000,
    )
    const { proof } = proved
    const outputs = proved.outputs.map((values) => values.map(String))
    await writeFile(`${file}.part`, JSON.stringify({ outputs, proof }))
    await rename(`${file}.part`, file)
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

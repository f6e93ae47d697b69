import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LynodeError, readProof } from '@lynode/sdk'
import { type CircuitFiles, writeEzklInput } from './circuitFiles.js'
import { engineTask } from './engineTask.js'
import type { ProverLimits } from './limitChild.js'
import { installedEzkl, pythonEzkl } from './pythonEzkl.js'
import type { SrsStore } from './srsStore.js'
import { numbersOf } from './verifyProof.js'

/** A proved step: whole numbers of each output, and the proof. */
export type ProvedOutputs = {
  outputs: bigint[][]
  proof: `0x${string}`
  /** What the proof took, without the proving key and the check. */
  spent: Spent
}

/** Time, and the most memory that a process was seen with. */
export type Spent = { seconds: number; peakBytes: number }

/** What proving needs of a circuit. */
export type ProvableCircuit = Omit<CircuitFiles, 'binding'> & {
  binding: Pick<CircuitFiles['binding'], 'circuitRoot'>
}

export type ZkProverOptions = {
  /** Proving keys are kept here, by circuit. */
  folder: string
  srs: SrsStore
  limits?: ProverLimits | undefined
  /** Python with ezkl; `null` for the engine alone. Default: if it is there. */
  python?: string | null | undefined
}

/**
 * Proves steps of models of class zk, by ezkl's engine in a child process, or
 * by its Python package where that is there, which is several times faster. The
 * proof is checked before it is returned.
 *
 * @example
 * const prover = new ZkProver({ folder, srs: new SrsStore({ chainId }) })
 * const { outputs, proof } = await prover.prove(circuit, inputs)
 */
export class ZkProver {
  readonly #options: ZkProverOptions

  constructor(options: ZkProverOptions) {
    this.#options = options
  }

  /**
   * Computes the circuit for a step without proving it, which takes moments: what
   * passes can be proved.
   *
   * @throws LynodeError `LY-ZK-008` for numbers that the circuit cannot have.
   */
  async tryInputs(
    circuit: ProvableCircuit,
    inputs: readonly Uint8Array[],
  ): Promise<void> {
    const work = await mkdtemp(join(tmpdir(), 'lynode-witness-'))
    try {
      await this.#witness(circuit, inputs, work)
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }

  /**
   * @param inputs - Committed bytes of each input of the step, float32.
   * @throws LynodeError `LY-ZK-008` for numbers that the circuit cannot have,
   * `LY-ZK-013` when the prover failed or was stopped, `LY-ZK-014` when its proof
   * does not hold.
   */
  async prove(
    circuit: ProvableCircuit,
    inputs: readonly Uint8Array[],
  ): Promise<ProvedOutputs> {
    const { srs, limits } = this.#options
    const expected = inputs.flatMap((bytes, i) =>
      numbersOf(bytes, circuit.settings.inputScales[i] ?? 0),
    )
    await this.setUp(circuit)
    const work = await mkdtemp(join(this.#home(circuit), 'step-'))
    try {
      const proofFile = join(work, 'proof.json')
      const spent = await timed(() =>
        this.#python === undefined
          ? this.#byEngine(circuit, inputs, work)
          : this.#byPython(this.#python, circuit, inputs, work),
      )
      const { proof, instances } = readProof(await readFile(proofFile))
      const { holds } = await engineTask(
        {
          kind: 'verify',
          proof: proofFile,
          key: circuit.key,
          settings: circuit.settingsFile,
          srs: await srs.path(1),
        },
        limits,
      )
      const public_ = instances.slice(0, expected.length)
      if (!holds || public_.some((value, i) => value !== expected[i]))
        throw new LynodeError('LY-ZK-014', {
          details: 'the proof that was just made does not hold',
        })
      return { proof, outputs: outputsOf(circuit, instances), spent }
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }

  /**
   * Makes the proving key of a circuit unless it is there: gigabytes for large
   * circuits, so it is kept.
   *
   * @throws LynodeError `LY-ZK-013` when the prover failed or was stopped.
   */
  async setUp(circuit: ProvableCircuit): Promise<Spent> {
    const { srs, limits } = this.#options
    const provingKey = this.#provingKey(circuit)
    if (existsSync(provingKey)) return { seconds: 0, peakBytes: 0 }
    const home = this.#home(circuit)
    await mkdir(home, { recursive: true })
    const work = await mkdtemp(join(home, 'setup-'))
    const made = join(work, 'pk')
    try {
      const srsFile = await srs.path(circuit.settings.logRows)
      return await timed(async () => {
        const { peakBytes } = await (this.#python === undefined
          ? engineTask(
              {
                kind: 'provingKey',
                circuit: circuit.circuit,
                key: circuit.key,
                srs: srsFile,
                provingKey: made,
              },
              limits,
            )
          : this.#setUpByPython(this.#python, circuit, srsFile, work))
        await rename(made, provingKey)
        return peakBytes
      })
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }

  /** Python with ezkl, if it is to be used and there. */
  get #python(): string | undefined {
    const { python } = this.#options
    return python === undefined ? installedEzkl() : (python ?? undefined)
  }

  #home(circuit: ProvableCircuit): string {
    return join(this.#options.folder, circuit.binding.circuitRoot.slice(2))
  }

  /** The two provers' files differ. */
  #provingKey(circuit: ProvableCircuit): string {
    const name = this.#python === undefined ? 'engine.pk' : 'python.pk'
    return join(this.#home(circuit), name)
  }

  /** @returns Path of the witness. */
  async #witness(
    circuit: ProvableCircuit,
    inputs: readonly Uint8Array[],
    work: string,
  ): Promise<string> {
    const input = join(work, 'input.json')
    const witness = join(work, 'witness.json')
    await writeEzklInput(input, inputs)
    await engineTask(
      { kind: 'witness', circuit: circuit.circuit, input, witness },
      this.#options.limits,
    )
    return witness
  }

  /** @returns Most memory that was seen. */
  async #byEngine(
    circuit: ProvableCircuit,
    inputs: readonly Uint8Array[],
    work: string,
  ): Promise<number> {
    const { srs, limits } = this.#options
    const { peakBytes } = await engineTask(
      {
        kind: 'prove',
        circuit: circuit.circuit,
        provingKey: this.#provingKey(circuit),
        witness: await this.#witness(circuit, inputs, work),
        srs: await srs.path(circuit.settings.logRows),
        proof: join(work, 'proof.json'),
      },
      limits,
    )
    return peakBytes
  }

  async #setUpByPython(
    python: string,
    circuit: ProvableCircuit,
    srsFile: string,
    work: string,
  ) {
    await symlink(circuit.circuit, join(work, 'circuit.ezkl'))
    await symlink(srsFile, join(work, 'srs'))
    return pythonEzkl(python, ['setup', work], this.#options.limits)
  }

  /** @returns Most memory that was seen. */
  async #byPython(
    python: string,
    circuit: ProvableCircuit,
    inputs: readonly Uint8Array[],
    work: string,
  ): Promise<number> {
    const { srs, limits } = this.#options
    await writeEzklInput(join(work, 'input.json'), inputs)
    await symlink(circuit.circuit, join(work, 'circuit.ezkl'))
    await symlink(await srs.path(circuit.settings.logRows), join(work, 'srs'))
    await symlink(this.#provingKey(circuit), join(work, 'pk'))
    const { peakBytes } = await pythonEzkl(python, ['prove', work], limits)
    return peakBytes
  }
}

/** @param work - Gives the most memory that was seen. */
async function timed(work: () => Promise<number>): Promise<Spent> {
  const start = performance.now()
  const peakBytes = await work()
  return { seconds: (performance.now() - start) / 1_000, peakBytes }
}

/** The outputs among the instances, tensor by tensor. */
function outputsOf(
  { settings }: ProvableCircuit,
  instances: readonly bigint[],
): bigint[][] {
  const sizes = settings.shapes.map((dims) => dims.reduce((a, b) => a * b, 1))
  let at = 0
  const tensors = sizes.map((size) => {
    at += size
    return instances.slice(at - size, at)
  })
  return tensors.slice(settings.inputScales.length)
}

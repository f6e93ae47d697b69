import { existsSync } from 'node:fs'
import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
} from 'node:fs/promises'
import { join } from 'node:path'
import { LynodeError, readProof } from '@lynode/sdk'
import { type CircuitFiles, writeEzklInput } from './circuitFiles.js'
import { type EngineLimits, engineTask } from './engineTask.js'
import { installedEzkl, pythonEzkl } from './pythonEzkl.js'
import type { SrsStore } from './srsStore.js'
import { numbersOf } from './verifyProof.js'

/** A proved step: whole numbers of each output, and the proof. */
export type ProvedOutputs = {
  outputs: bigint[][]
  proof: `0x${string}`
}

export type ZkProverOptions = {
  /** Proving keys are kept here, by circuit. */
  folder: string
  srs: SrsStore
  limits?: EngineLimits | undefined
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
   * @param inputs - Committed bytes of each input of the step, float32.
   * @throws LynodeError `LY-ZK-008` for numbers that the circuit cannot have,
   * `LY-ZK-013` when the prover failed or was stopped, `LY-ZK-014` when its proof
   * does not hold.
   */
  async prove(
    circuit: CircuitFiles,
    inputs: readonly Uint8Array[],
  ): Promise<ProvedOutputs> {
    const { limits } = this.#options
    const expected = inputs.flatMap((bytes, i) =>
      numbersOf(bytes, circuit.settings.inputScales[i] ?? 0),
    )
    const home = join(
      this.#options.folder,
      circuit.binding.circuitRoot.slice(2),
    )
    await mkdir(home, { recursive: true })
    const work = await mkdtemp(join(home, 'step-'))
    try {
      const proofFile = join(work, 'proof.json')
      await writeEzklInput(join(work, 'input.json'), inputs)
      const python =
        this.#options.python === undefined
          ? installedEzkl()
          : this.#options.python
      if (python == null) await this.#byEngine(circuit, home, work)
      else await this.#byPython(python, circuit, home, work)
      const { proof, instances } = readProof(await readFile(proofFile))
      const holds = await engineTask(
        {
          kind: 'verify',
          proof: proofFile,
          key: circuit.key,
          settings: circuit.settingsFile,
          srs: await this.#options.srs.path(1),
        },
        limits,
      )
      const public_ = instances.slice(0, expected.length)
      if (!holds || public_.some((value, i) => value !== expected[i]))
        throw new LynodeError('LY-ZK-014', {
          details: 'the proof that was just made does not hold',
        })
      return { proof, outputs: outputsOf(circuit, instances) }
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }

  async #byEngine(
    circuit: CircuitFiles,
    home: string,
    work: string,
  ): Promise<void> {
    const { srs, limits } = this.#options
    const srsFile = await srs.path(circuit.settings.logRows)
    const provingKey = join(home, 'engine.pk')
    if (!existsSync(provingKey))
      await engineTask(
        {
          kind: 'provingKey',
          circuit: circuit.circuit,
          key: circuit.key,
          srs: srsFile,
          provingKey,
        },
        limits,
      )
    const witness = join(work, 'witness.json')
    await engineTask(
      {
        kind: 'witness',
        circuit: circuit.circuit,
        input: join(work, 'input.json'),
        witness,
      },
      limits,
    )
    await engineTask(
      {
        kind: 'prove',
        circuit: circuit.circuit,
        provingKey,
        witness,
        srs: srsFile,
        proof: join(work, 'proof.json'),
      },
      limits,
    )
  }

  async #byPython(
    python: string,
    circuit: CircuitFiles,
    home: string,
    work: string,
  ): Promise<void> {
    const { srs, limits } = this.#options
    const key = join(home, 'python.pk')
    await symlink(circuit.circuit, join(work, 'circuit.ezkl'))
    await symlink(await srs.path(circuit.settings.logRows), join(work, 'srs'))
    if (existsSync(key)) await symlink(key, join(work, 'pk'))
    await pythonEzkl(python, ['prove', work], limits?.deadlineMs ?? 600_000)
    if (existsSync(key)) return
    await copyFile(join(work, 'pk'), `${key}.${process.pid}.part`)
    await rename(`${key}.${process.pid}.part`, key)
  }
}

/** The outputs among the instances, tensor by tensor. */
function outputsOf(
  { settings }: CircuitFiles,
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

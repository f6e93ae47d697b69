// A child process: ezkl's engine on files. It holds gigabytes and cannot be
// interrupted, so it is one process a task, which can be killed.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { EngineTask } from './engineTask.js'

type Engine = {
  genWitness(circuit: Uint8ClampedArray, input: Uint8ClampedArray): Uint8Array
  genVk(
    circuit: Uint8ClampedArray,
    srs: Uint8ClampedArray,
    compressSelectors: boolean,
  ): Uint8Array
  genPk(
    key: Uint8ClampedArray,
    circuit: Uint8ClampedArray,
    srs: Uint8ClampedArray,
  ): Uint8Array
  prove(
    witness: Uint8ClampedArray,
    provingKey: Uint8ClampedArray,
    circuit: Uint8ClampedArray,
    srs: Uint8ClampedArray,
  ): Uint8Array
  verify(
    proof: Uint8ClampedArray,
    key: Uint8ClampedArray,
    settings: Uint8ClampedArray,
    srs: Uint8ClampedArray,
  ): boolean
}

const engine: Engine = createRequire(import.meta.url)('@ezkljs/engine')
const read = (path: string) => new Uint8ClampedArray(readFileSync(path))
/** Whole or not at all. */
const write = (path: string, bytes: Uint8Array) => {
  writeFileSync(`${path}.${process.pid}.part`, bytes)
  renameSync(`${path}.${process.pid}.part`, path)
}

function perform(task: EngineTask): unknown {
  switch (task.kind) {
    case 'witness':
      write(task.witness, witness(read(task.circuit), read(task.input)))
      return true
    case 'key':
      write(task.key, engine.genVk(read(task.circuit), read(task.srs), true))
      return true
    case 'provingKey':
      write(
        task.provingKey,
        engine.genPk(read(task.key), read(task.circuit), read(task.srs)),
      )
      return true
    case 'prove':
      write(
        task.proof,
        engine.prove(
          read(task.witness),
          read(task.provingKey),
          read(task.circuit),
          read(task.srs),
        ),
      )
      return true
    case 'verify':
      try {
        return engine.verify(
          read(task.proof),
          read(task.key),
          read(task.settings),
          read(task.srs),
        )
      } catch {
        return false // the engine throws on every proof that does not hold
      }
  }
}

/** A circuit computes in bounds: it has no witness for numbers beyond them. */
class NumbersDoNotFit extends Error {}

function witness(circuit: Uint8ClampedArray, input: Uint8ClampedArray) {
  try {
    return engine.genWitness(circuit, input)
  } catch (error) {
    throw new NumbersDoNotFit(textOf(error))
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

process.once('message', (task: EngineTask) => {
  try {
    process.send?.({ result: perform(task) }, () => process.exit(0))
  } catch (error) {
    const numbers = error instanceof NumbersDoNotFit
    process.send?.({ error: textOf(error), numbers }, () => process.exit(1))
  }
})

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type CompiledCircuit, canonicalise, nodeSha256 } from '@lynode/runtime'
import {
  type Manifest,
  naturalOrder,
  readCircuitSettings,
  readManifest,
} from '@lynode/sdk'
import { tinyModel } from '../tinyModel.js'

/**
 * Circuits as the compiler gave them, so that everything but publication is
 * tested without Python. `zk.test.ts` compiles them anew and compares.
 */
export const circuitNames = ['tiny', 'other'] as const

export type CircuitName = (typeof circuitNames)[number]

/** Models of the tests; `careless` has no circuit of its own. */
export type ZkModelName = CircuitName | 'careless'

const weights = {
  other: [2, 1, 0, -1, 1, 0, 1, 1, 1, 0, -2, 1],
  careless: [1, 1, 0, 2, 0, 1, 0, 1, -2, 1, 1, 1],
}

type StoredCircuit = Pick<CompiledCircuit, 'verifier'> & {
  [file in keyof CompiledCircuit['files']]: string
}

/** The canonical file of a model. */
export async function zkModel(
  name: ZkModelName,
): Promise<{ file: Uint8Array<ArrayBuffer>; manifest: Manifest }> {
  const source =
    name === 'tiny' ? tinyModel() : tinyModel([1, 4], 'Relu', weights[name])
  const file = new Uint8Array(naturalOrder(await canonicalise(source)))
  return { file, manifest: readManifest(file, nodeSha256) }
}

/** Path of a stored circuit. */
export function circuitPath(name: CircuitName): string {
  return fileURLToPath(new URL(`../circuits/${name}.json`, import.meta.url))
}

/** A circuit as it is stored. */
export function encodeCircuit({ files, verifier }: CompiledCircuit): string {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  const stored: StoredCircuit = {
    circuit: text(files.circuit),
    key: text(files.key),
    settings: text(files.settings),
    verifier,
  }
  return `${JSON.stringify(stored, null, 2)}\n`
}

/** Reads a stored circuit. */
export function readCircuit(
  name: CircuitName,
): Pick<CompiledCircuit, 'files' | 'settings' | 'verifier'> {
  const { verifier, ...texts }: StoredCircuit = JSON.parse(
    readFileSync(circuitPath(name), 'utf8'),
  )
  const files = {
    circuit: Buffer.from(texts.circuit, 'base64'),
    key: Buffer.from(texts.key, 'base64'),
    settings: Buffer.from(texts.settings, 'base64'),
  }
  return { files, settings: readCircuitSettings(files.settings), verifier }
}

import { LynodeError } from '../errors/lynodeError.js'
import { bytesToHex, hexToBytes } from '../hash/hex.js'
import type { Sha256 } from '../hash/sha256.js'
import { decodeValue } from '../model/decodeEntry.js'
import { encodeValue, manifestTree } from '../model/encodeManifest.js'
import { modelIdOf } from '../model/modelId.js'
import { leafHashes } from '../tree/hashTree.js'
import { multiproof } from '../tree/multiproof.js'
import { verifyMultiproof } from '../tree/verifyMultiproof.js'
import type {
  Hex,
  Manifest,
  ManifestValue,
  ModelHeader,
} from '../types/manifest.js'
import type { DtypeName } from '../types/tensorType.js'
import { dtypeName } from './tensor.js'

/** An input or output of a model, with its entry in the manifest. */
export type InterfaceValue = {
  readonly dtype: DtypeName
  readonly dims: readonly number[]
  /** Its place among the manifest's entries. */
  readonly index: number
  readonly entry: Hex
}

/**
 * What a caller must know of a model: its inputs and outputs by name, and a
 * proof that the model id commits to them, so that nobody needs the model's file
 * to call it. `lynode model types` writes it as TypeScript. The names are of the
 * file that it was made from; types, shapes and order are proved.
 */
export type ModelInterface = {
  readonly modelId: Hex
  readonly inputs: Readonly<Record<string, InterfaceValue>>
  readonly outputs: Readonly<Record<string, InterfaceValue>>
  /** Multiproof of all these entries, by ascending index. */
  readonly proof: readonly Hex[]
}

/** A value of an interface as the manifest has it, with its name. */
export type InputEntry = Extract<ManifestValue, { kind: 'input' }>
/** As {@link InputEntry}, of an output. */
export type OutputEntry = Extract<ManifestValue, { kind: 'output' }>

/**
 * The interface of a model.
 *
 * @example
 * const model = modelInterface(readManifest(file))
 * Object.keys(model.inputs) // ['x']
 */
export function modelInterface(
  manifest: Manifest,
  sha256?: Sha256 | undefined,
): ModelInterface {
  const side = (kind: 'input' | 'output') =>
    Object.fromEntries(
      manifest.values.flatMap((value, index) =>
        value.kind === kind
          ? [
              [
                value.name,
                {
                  dtype: dtypeName(value.type.dtype),
                  dims: value.type.dims,
                  index,
                  entry: bytesToHex(encodeValue(value)),
                },
              ],
            ]
          : [],
      ),
    )
  const indices = manifest.values.flatMap(({ kind }, index) =>
    kind === 'input' || kind === 'output' ? [index] : [],
  )
  return {
    modelId: manifest.modelId,
    inputs: side('input'),
    outputs: side('output'),
    proof: multiproof(manifestTree(manifest, sha256), indices),
  }
}

/**
 * Checks an interface against the header that its model id hashes.
 *
 * @returns Its inputs and outputs by slot.
 * @throws LynodeError `LY-MDL-006` when the model has another one.
 * @example
 * const { header } = await getModel(client, model)
 * const { inputs } = checkInterface(model, header)
 */
export function checkInterface(
  model: ModelInterface,
  header: ModelHeader,
  sha256?: Sha256 | undefined,
): { inputs: InputEntry[]; outputs: OutputEntry[] } {
  if (modelIdOf(header) !== model.modelId)
    throw wrong(model, 'the header is of another model')
  const listed = [
    ...entriesOf(model, model.inputs),
    ...entriesOf(model, model.outputs),
  ].sort((a, b) => a.index - b.index)
  const values = listed.map(({ value }) => value)
  const inputs = values.filter((value) => value.kind === 'input')
  const outputs = values.filter((value) => value.kind === 'output')
  if (
    inputs.length !== header.inputs ||
    outputs.length !== header.outputs ||
    values.length !== header.inputs + header.outputs
  )
    throw wrong(model, 'it does not list all inputs and outputs')
  const proved = verifyMultiproof(
    header.manifestRoot,
    header.values + header.nodes,
    listed.map(({ index }) => index),
    leafHashes(
      listed.map(({ entry }) => hexToBytes(entry)),
      sha256,
    ),
    model.proof,
    sha256,
  )
  if (!proved) throw wrong(model, 'its entries are not those of the manifest')
  return {
    inputs: inputs.sort((a, b) => a.slot - b.slot),
    outputs: outputs.sort((a, b) => a.slot - b.slot),
  }
}

function entriesOf(
  model: ModelInterface,
  side: ModelInterface['inputs'],
): { index: number; entry: Hex; value: ManifestValue }[] {
  return Object.entries(side).map(([name, { dtype, dims, index, entry }]) => {
    const value = decoded(model, name, entry)
    if (
      dtypeName(value.type.dtype) !== dtype ||
      value.type.dims.join() !== dims.join()
    )
      throw wrong(model, `the type of ${name} is not that of its entry`)
    return { index, entry, value: { ...value, name } }
  })
}

function decoded(model: ModelInterface, name: string, entry: Hex) {
  try {
    return decodeValue(hexToBytes(entry))
  } catch (cause) {
    throw wrong(model, `the entry of ${name} is malformed`, cause)
  }
}

function wrong(model: ModelInterface, details: string, cause?: unknown) {
  return new LynodeError('LY-MDL-006', {
    details: `${model.modelId}: ${details}`,
    cause,
  })
}

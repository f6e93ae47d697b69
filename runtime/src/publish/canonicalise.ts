import { finishModel, type PrepareOptions, prepareModel } from '@lynode/sdk'
import { nodeSha256 } from '../hash/nodeSha256.js'
import { Runner } from '../runner/runner.js'

export type CanonicaliseOptions = PrepareOptions & {
  /** Runner to use; default one of its own, closed afterwards. */
  runner?: Pick<Runner, 'optimise'> | undefined
}

/**
 * Makes the canonical file of a model: the sdk admits and rewrites it, ONNX
 * Runtime's `basic` level folds and simplifies it in a child process, and the
 * sdk makes the file from which anyone derives the manifest (RULES H).
 *
 * @returns The file that is hashed, distributed and run.
 * @throws LynodeError LY-MDL-001, -002, -003 or -005 when the model is not fit;
 * LynodeError when the runner fails on it.
 * @example
 * const file = await canonicalise(bytes, { shapes: { x: [1, 3, 48, 320] } })
 * const { modelId } = readManifest(file)
 */
export async function canonicalise(
  bytes: Uint8Array,
  options: CanonicaliseOptions = {},
): Promise<Uint8Array> {
  const prepared = prepareModel(bytes, options)
  if (options.runner !== undefined)
    return finishModel(await options.runner.optimise(prepared), nodeSha256)
  const runner = new Runner()
  try {
    return finishModel(await runner.optimise(prepared), nodeSha256)
  } finally {
    await runner.close()
  }
}

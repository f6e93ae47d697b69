import { buildModel, dtypes } from '@lynode/sdk'
import { errorText } from '../errors/errorText.js'
import type { Runner } from './runner.js'

/**
 * Why the execution provider of a runner computes nothing here: no such device, or
 * no library of it.
 *
 * @returns `undefined` where it computes.
 * @example
 * const missing = await deviceMissing(new Runner({ executionProvider: 'webgpu' }))
 */
export async function deviceMissing(
  runner: Pick<Runner, 'runNode'>,
): Promise<string | undefined> {
  const type = { dtype: dtypes.float32, dims: [1], perm: [0] }
  try {
    await runner.runNode({
      model: {
        bytes: buildModel({
          inputs: { x: [1] },
          outputs: ['y'],
          nodes: [['Abs', ['x'], ['y']]],
        }),
      },
      inputs: [{ name: 'x', type, source: { bytes: new Uint8Array(4) } }],
      outputs: [{ name: 'y', type }],
    })
    return undefined
  } catch (error) {
    return errorText(error)
  }
}

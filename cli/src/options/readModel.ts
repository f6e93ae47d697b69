import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { embedData, LynodeError } from '@lynode/sdk'
import { readInput } from './readInput.js'

/**
 * Reads an ONNX model that the user named, with the weights that lie in files
 * beside it.
 *
 * @throws LynodeError `LY-CLI-002`; LY-MDL-001 when it is no model, or a file
 * that it names is not there or not in its folder.
 */
export function readModel(path: string): Uint8Array {
  const folder = resolve(dirname(path))
  return embedData(readInput(path), (location) => {
    // A model comes from anywhere, and what it names is published with it.
    const inside = relative(folder, resolve(folder, location))
    if (inside.split(sep)[0] === '..' || isAbsolute(inside))
      throw new LynodeError('LY-MDL-001', {
        details: `its weights are said to be in ${JSON.stringify(location)}, outside of its folder`,
      })
    try {
      return new Uint8Array(readFileSync(resolve(folder, inside)))
    } catch (cause) {
      throw new LynodeError('LY-MDL-001', {
        details: `its weights are in ${JSON.stringify(location)}: ${cause instanceof Error ? cause.message : 'cannot be read'}`,
        remedy:
          'Put that file beside the model, or export the model again as one ONNX file.',
        cause,
      })
    }
  })
}

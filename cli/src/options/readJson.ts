import { LynodeError } from '@lynode/sdk'
import { readInput } from './readInput.js'

/** Reads a JSON file. @throws LynodeError `LY-CLI-002` */
export function readJson(path: string): unknown {
  const text = new TextDecoder().decode(readInput(path))
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new LynodeError('LY-CLI-002', {
      details: `${path} is not JSON`,
      cause,
    })
  }
}

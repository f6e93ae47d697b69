import { LynodeError } from '@lynode/sdk'

/**
 * Parses `--constant sr=16000`, given once for each input.
 *
 * @throws LynodeError `LY-MDL-005`.
 */
export function parseConstants(
  texts: readonly string[] = [],
): Record<string, number[]> {
  const constants: Record<string, number[]> = {}
  for (const text of texts) {
    const match = /^(.+?)=([^,]+(?:,[^,]+)*)$/.exec(text)
    const [, name, list] = match ?? []
    const values = list?.split(',').map(Number) ?? []
    if (name === undefined || values.some((value) => !Number.isFinite(value)))
      throw new LynodeError('LY-MDL-005', { details: `"${text}"` })
    if (name in constants)
      throw new LynodeError('LY-MDL-005', { details: `${name} is given twice` })
    constants[name] = values
  }
  return constants
}

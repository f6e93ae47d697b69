import { LynodeError } from '@lynode/sdk'

/**
 * Parses `--input x=@x.npy`, given once for each input.
 *
 * @returns Paths by input name.
 * @throws LynodeError `LY-INP-004`.
 */
export function parseInputs(texts: readonly string[]): Map<string, string> {
  const paths = new Map<string, string>()
  for (const text of texts) {
    const [, name, path] = /^(.+?)=@(.+)$/.exec(text) ?? []
    if (name === undefined || path === undefined)
      throw new LynodeError('LY-INP-004', {
        shortMessage: 'An --input is not of the form name=@file.npy',
        details: `"${text}"`,
      })
    if (paths.has(name))
      throw new LynodeError('LY-INP-004', { details: `${name} is given twice` })
    paths.set(name, path)
  }
  return paths
}

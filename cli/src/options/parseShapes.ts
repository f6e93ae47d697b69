import { LynodeError } from '@lynode/sdk'

/**
 * Parses `--shape x=1,3,48,320`, given once for each input.
 *
 * @throws LynodeError `LY-MDL-005`.
 */
export function parseShapes(
  texts: readonly string[] = [],
): Record<string, number[]> {
  const shapes: Record<string, number[]> = {}
  for (const text of texts) {
    const match = /^(.+?)=(\d+(?:,\d+)*)$/.exec(text)
    const [, name, list] = match ?? []
    const dims = list?.split(',').map(Number) ?? []
    if (
      name === undefined ||
      dims.some((dim) => !Number.isSafeInteger(dim) || dim === 0)
    )
      throw new LynodeError('LY-MDL-005', { details: `"${text}"` })
    if (name in shapes)
      throw new LynodeError('LY-MDL-005', { details: `${name} is given twice` })
    shapes[name] = dims
  }
  return shapes
}

import type { StepBuilder } from './stepBuilder.js'

/** Least normal float32. */
const least = 2 ** -126

/**
 * 0 for what is subnormal: machines flush such numbers or do not (C0), are slow
 * with them, and decaying moments end there.
 */
export function clampSubnormals(builder: StepBuilder, x: string): string {
  const tiny = builder.op('Less', [
    builder.op('Abs', [x]),
    builder.float(least),
  ])
  return builder.op('Where', [tiny, builder.float(0), x])
}

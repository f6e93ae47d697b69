import type { StepBuilder } from './stepBuilder.js'

/** A flat gradient of at most `limit` in Euclidean norm. */
export function clipByNorm(
  builder: StepBuilder,
  gradient: string,
  limit: number,
): string {
  const squares = builder.sum(builder.mul(gradient, gradient), [0])
  const norm = builder.op('Sqrt', [squares])
  const share = builder.op('Min', [
    builder.div(builder.float(limit), builder.add(norm, builder.float(1e-6))),
    builder.float(1),
  ])
  return builder.mul(gradient, share)
}

import type { StepBuilder } from './stepBuilder.js'

/** `x` at `from`, `from + step`, ... of an axis of `length` elements, zeros elsewhere. */
export function unslice(
  builder: StepBuilder,
  x: string,
  axis: number,
  from: number,
  step: number,
  length: number,
): string {
  const dims = builder.dims(x)
  const count = dims[axis] ?? 1
  let spread = x
  if (step > 1) {
    const zero = dims.map(() => 0)
    const split = [...dims.slice(0, axis + 1), 1, ...dims.slice(axis + 1)]
    const ends = split.map((_, k) => (k === axis + 1 ? step - 1 : 0))
    spread = builder.pad(builder.reshape(x, split), [...zero, 0], ends)
    const joined = dims.map((dim, k) => (k === axis ? dim * step : dim))
    spread = builder.reshape(spread, joined)
    spread = builder.slice(spread, axis, 0, (count - 1) * step + 1)
  }
  const now = builder.dims(spread)
  const behind = length - from - (now[axis] ?? 0)
  return builder.pad(
    spread,
    now.map((_, k) => (k === axis ? from : 0)),
    now.map((_, k) => (k === axis ? behind : 0)),
  )
}

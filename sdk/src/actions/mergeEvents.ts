/**
 * The events of several generators as they come. When one fails, so does the
 * whole; when the reader stops, all are told to.
 */
export async function* mergeEvents<T>(
  sources: readonly AsyncGenerator<T, void, undefined>[],
): AsyncGenerator<T, void, undefined> {
  const next = (source: AsyncGenerator<T, void, undefined>) => {
    const step = source.next().then((result) => ({ source, result }))
    step.catch(() => undefined) // seen by the race, or too late for it
    return step
  }
  const waiting = new Map(sources.map((source) => [source, next(source)]))
  try {
    while (waiting.size > 0) {
      const { source, result } = await Promise.race(waiting.values())
      if (result.done === true) {
        waiting.delete(source)
        continue
      }
      waiting.set(source, next(source))
      yield result.value
    }
  } finally {
    for (const source of waiting.keys())
      void source.return().catch(() => undefined) // nobody reads it any more
  }
}

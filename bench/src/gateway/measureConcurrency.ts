import type { GatewayBench } from './openGateway.js'

/** What became of requests that came at once. */
export type Load = {
  requests: number
  answered: number
  lost: number
  seconds: number
  perSecond: number
  medianMs: number
  worstMs: number
  /** Reasons of those that were lost, each once. */
  reasons: string[]
}

/** Sends all requests at once and waits for every answer. */
export async function measureConcurrency(
  bench: GatewayBench,
  requests: number,
): Promise<Load> {
  const start = performance.now()
  const answers = await Promise.allSettled(
    Array.from({ length: requests }, () => bench.infer()),
  )
  const seconds = (performance.now() - start) / 1_000
  const times = answers
    .flatMap((answer) =>
      answer.status === 'fulfilled' ? [answer.value.totalMs] : [],
    )
    .sort((a, b) => a - b)
  const reasons = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [String(answer.reason)] : [],
  )
  return {
    requests,
    answered: times.length,
    lost: requests - times.length,
    seconds,
    perSecond: times.length / seconds,
    medianMs: times[Math.floor(times.length / 2)] ?? Number.NaN,
    worstMs: times.at(-1) ?? Number.NaN,
    reasons: [...new Set(reasons)],
  }
}

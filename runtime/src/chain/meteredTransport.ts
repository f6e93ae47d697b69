import {
  HttpRequestError,
  RpcRequestError,
  TimeoutError,
  type Transport,
} from 'viem'
import type { Metrics } from '../metrics/metrics.js'

/**
 * Counts and times the requests of a transport. `failed` means that there was no
 * answer; an answer that is an error, such as that of a call that reverts, is
 * `refused`.
 */
export function meteredTransport(
  transport: Transport,
  { rpcRequests, rpcSeconds }: Pick<Metrics, 'rpcRequests' | 'rpcSeconds'>,
): Transport {
  return (options) => {
    const inner = transport(options)
    const request: typeof inner.request = async (args, settings) => {
      const { method } = args as { method: string }
      const end = rpcSeconds.startTimer()
      try {
        const answer = await inner.request(args, settings)
        rpcRequests.inc({ method, outcome: 'ok' })
        return answer as never
      } catch (error) {
        rpcRequests.inc({ method, outcome: outcomeOf(error) })
        throw error
      } finally {
        end()
      }
    }
    return { ...inner, request }
  }
}

function outcomeOf(error: unknown): 'refused' | 'failed' {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof RpcRequestError) return 'refused'
    if (at instanceof HttpRequestError || at instanceof TimeoutError)
      return 'failed'
  }
  return 'failed'
}

import { LynodeError, toLynodeError } from '@lynode/sdk'
import type { Context } from 'hono'

type Status = 400 | 402 | 404 | 413 | 415 | 429 | 499 | 500 | 502 | 503

/** HTTP statuses by code: whose fault it is, and whether to come back. */
const statuses: Record<string, Status> = {
  'LY-GTW-001': 402,
  'LY-GTW-002': 429,
  'LY-GTW-003': 503,
  'LY-GTW-004': 400,
  'LY-GTW-005': 400,
  'LY-GTW-006': 404,
  'LY-GTW-007': 503,
  'LY-GTW-009': 413,
  'LY-GTW-010': 415,
  'LY-AMT-001': 400,
  'LY-HTTP-404': 404,
  'LY-INP-002': 400,
  'LY-INP-003': 400,
  'LY-INP-004': 400,
  // Nobody took the order: another minute may bring a provider.
  'LY-JOB-001': 503,
  'LY-JOB-002': 502,
  'LY-JOB-005': 502,
  'LY-JOB-006': 502,
  'LY-MKT-014': 502,
  'LY-NET-004': 503,
  'LY-RLY-005': 503,
  'LY-TX-001': 503,
  'LY-TX-004': 503,
}

/** Seconds after which a refused caller should come back. */
const retrySeconds: Record<string, number> = {
  'LY-GTW-003': 1,
  'LY-GTW-007': 10,
  'LY-JOB-001': 10,
  'LY-NET-004': 10,
  'LY-TX-001': 5,
}

/**
 * The protocol's error body, `error`, with the code and the remedy of this
 * project beside it.
 */
export function errorResponse(
  context: Context,
  error: unknown,
  retryAfter?: number,
): Response {
  const known = error instanceof LynodeError ? error : toLynodeError(error)
  const { code, shortMessage, details, remedy, docsPath: docs } = known
  const seconds = retryAfter ?? retrySeconds[code]
  return context.json(
    {
      error:
        details === undefined ? shortMessage : `${shortMessage}: ${details}`,
      code,
      remedy,
      docs,
    },
    (statuses[code] ?? 500) as 500,
    seconds === undefined ? {} : { 'retry-after': String(seconds) },
  )
}

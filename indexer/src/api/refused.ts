import { LynodeError } from '@lynode/sdk'
import type { Context } from 'hono'

/** Says what is wrong with a request, as everything here does. */
export function refused(
  context: Context,
  status: 400 | 404 | 413,
  details: string,
  more: object = {},
): Response {
  const { code, message, remedy } = new LynodeError(
    status === 404 ? 'LY-IDX-003' : 'LY-IDX-002',
    { details },
  )
  return context.json({ code, message, remedy, ...more }, status)
}

import { LynodeError } from '@lynode/sdk'

/** A story of the demo ended otherwise than it must. */
export function storyFailed(details: string): LynodeError {
  return new LynodeError('LY-DEMO-001', { details })
}

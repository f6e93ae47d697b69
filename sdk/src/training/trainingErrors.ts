import { LynodeError } from '../errors/lynodeError.js'

/** LY-TRN-001: the graph has something that no gradient or loss is defined for. */
export function untrainable(details: string): LynodeError {
  return new LynodeError('LY-TRN-001', { details })
}

/** LY-TRN-002: the options do not fit the graph. */
export function unfitOptions(details: string): LynodeError {
  return new LynodeError('LY-TRN-002', { details })
}

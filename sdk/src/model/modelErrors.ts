import { LynodeError } from '../errors/lynodeError.js'

/** LY-MDL-001: the file itself cannot be used. */
export function unusable(details: string, cause?: unknown): LynodeError {
  return new LynodeError('LY-MDL-001', {
    details,
    ...(cause === undefined ? {} : { cause }),
  })
}

/** LY-MDL-002: a shape is not static. */
export function dynamicShape(details: string, remedy?: string): LynodeError {
  return new LynodeError('LY-MDL-002', { details, remedy })
}

/** LY-MDL-003: operators that cannot be judged. */
export function refused(details: string): LynodeError {
  return new LynodeError('LY-MDL-003', { details })
}

/** LY-MDL-005: the caller's shapes do not fit the model. */
export function wrongShape(details: string): LynodeError {
  return new LynodeError('LY-MDL-005', { details })
}

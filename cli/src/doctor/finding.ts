import { type ErrorCode, LynodeError } from '@lynode/sdk'
import { describeError } from '../output/describeError.js'

/** What one check of `lynode doctor` found. */
export type Finding = {
  check: string
  level: 'pass' | 'warn' | 'fail'
  /** Code of a warning or failure; its page is in docs/errors. */
  code: string | undefined
  message: string
  remedy: string | undefined
}

/** One thing that doctor looks at; an error that it throws is a failure. */
export type Check = {
  name: string
  run(): Promise<readonly Omit<Finding, 'check'>[]>
}

export function pass(message: string): Omit<Finding, 'check'> {
  return { level: 'pass', code: undefined, message, remedy: undefined }
}

export function warn(code: ErrorCode, message: string) {
  return found('warn', code, message)
}

export function fail(code: ErrorCode, message: string) {
  return found('fail', code, message)
}

/** Runs a check; what it throws is what it found. */
export async function runCheck({ name, run }: Check): Promise<Finding[]> {
  try {
    return (await run()).map((finding) => ({ check: name, ...finding }))
  } catch (error) {
    const { code, message, remedy } = describeError(error)
    return [{ check: name, level: 'fail', code, message, remedy }]
  }
}

function found(
  level: 'warn' | 'fail',
  code: ErrorCode,
  message: string,
): Omit<Finding, 'check'> {
  return { level, code, message, remedy: new LynodeError(code).remedy }
}

/** A value that is known to be there. @throws Error with `what` when it is not. */
export function need<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is missing`)
  return value
}

import { InvalidArgumentError } from '@commander-js/extra-typings'

/** Parses a whole number from 1, as an option has it. */
export function parseWhole(text: string): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (value > 0) return value
  throw new InvalidArgumentError('it must be a whole number from 1.')
}

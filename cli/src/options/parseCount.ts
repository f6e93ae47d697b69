import { InvalidArgumentError } from '@commander-js/extra-typings'

/** A number of 32 bits, such as the id of a provider. */
export function parseCount(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value < 2 ** 32) return value
  throw new InvalidArgumentError('a whole number below 2^32')
}

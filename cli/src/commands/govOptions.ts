import { InvalidArgumentError } from '@commander-js/extra-typings'
import { type Support, supports } from '@lynode/sdk'

/** A proposal's id: a decimal number, as every governance tool shows it. */
export function parseProposalId(text: string): bigint {
  if (/^\d{1,78}$/.test(text)) return BigInt(text)
  throw new InvalidArgumentError('a proposal id is a decimal number')
}

/** `for`, `against` or `abstain`. */
export function parseSupport(text: string): Support {
  const support = supports.find((one) => one === text)
  if (support !== undefined) return support
  throw new InvalidArgumentError(`a vote is ${supports.join(', ')}`)
}

import { LynodeError } from '../errors/lynodeError.js'

/** An order's worth, so many times, is deposited where the account has it. */
const orders = 10n

/**
 * What to deposit so that the committed balance covers an order: ten times as
 * much as it takes, so that the next orders need no transaction, or all that the
 * account has, if that is enough for this one.
 *
 * @param parameters.committed What is committed already.
 * @param parameters.held What the account holds of the token.
 * @param parameters.text An amount, for a message.
 * @throws LynodeError `LY-LED-008` when the account has too little.
 */
export function depositFor(parameters: {
  amount: bigint
  committed: bigint
  held: bigint
  text: (wei: bigint) => string
}): bigint {
  const { amount, committed, held, text } = parameters
  if (committed >= amount) return 0n
  if (committed + held < amount)
    throw new LynodeError('LY-LED-008', {
      details: `the order may take ${text(amount)}; the account has committed ${text(committed)} and holds ${text(held)}`,
      remedy: 'Send tokens to the account, or lower the price.',
    })
  return held < orders * amount ? held : orders * amount
}

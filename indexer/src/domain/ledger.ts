import type { ledgerAbi } from '@lynode/sdk'
import type { Address } from 'viem'
import { type Change, update, upsert, type Values } from './change.js'
import type { Rules } from './event.js'
import { notice } from './notice.js'
import { ofToken } from './tokens.js'

/** Ledger: accounts, to the wei. */
export const ledgerRules: Rules<typeof ledgerAbi> = {
  Deposited: ({ args }) => [ofAccount(args, args.to, { free: args.amount })],
  Withdrawn: ({ args }) => [
    ofAccount(args, args.account, { free: -args.amount }),
  ],
  Committed: ({ args }) => [
    ofAccount(args, args.account, {
      free: -args.amount,
      committed: args.amount,
    }),
  ],
  LeaveRequested: ({ args: { token, account, amount, readyAt } }) => [
    update('balance', { token, account }, () => ({
      leaving: amount,
      leavingAt: readyAt,
    })),
  ],
  Left: ({ args: { token, account, amount } }) => [
    update('balance', { token, account }, (row) => ({
      free: row.free + amount,
      committed: row.committed - amount,
      leaving: 0n,
      leavingAt: 0,
    })),
  ],
  Debited: ({ args }) => [
    ofAccount(
      args,
      args.account,
      args.committed ? { committed: -args.amount } : { free: -args.amount },
    ),
  ],
  Credited: ({ args }) => [
    ofAccount(args, args.account, { free: args.amount }),
  ],
  CreditedMany: ({ args }) =>
    args.payments.map(({ account, amount }) =>
      ofAccount(args, account, { free: amount }),
    ),
  Paid: ({ args: { token, from, to, amount } }) => [
    ofAccount({ token }, from, { free: -amount }),
    ofAccount({ token }, to, { free: amount }),
  ],
  TokenAllowed: ({ args }) => [ofToken(args.token, () => ({ allowed: true }))],
  CoreAuthorised: (event) => [notice('ledger', 'CoreAuthorised', event)],
}

/** Adds to an account; what it starts with is nothing. */
function ofAccount(
  { token }: { token: Address },
  account: Address,
  by: { free?: bigint; committed?: bigint },
): Change {
  const { free = 0n, committed = 0n } = by
  const first: Values<'balance'> = {
    token,
    account,
    free,
    committed,
    leaving: 0n,
    leavingAt: 0,
  }
  return upsert('balance', first, (row) => ({
    free: row.free + free,
    committed: row.committed + committed,
  }))
}

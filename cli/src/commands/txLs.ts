import { Command } from '@commander-js/extra-typings'
import { readOutbox } from '@lynode/runtime'
import { formatGwei } from 'viem'
import { z } from 'zod'
import { daemonPlace } from '../options/daemonOptions.js'
import { parseWhole } from '../options/parseWhole.js'
import { withDaemonOptions } from '../options/withDaemonOptions.js'
import { document } from '../output/document.js'
import { hex, integer } from '../output/fields.js'
import { printResult } from '../output/output.js'

/** A transaction of a daemon; fees in wei of gas. */
export const transaction = z.object({
  nonce: z.int(),
  kind: z.string(),
  obligation: z.string(),
  state: z.enum(['live', 'mined', 'reverted']),
  cancelled: z.boolean(),
  /** The latest one of this nonce; every one before it can still be mined. */
  hash: hex.nullable(),
  replacements: z.int(),
  maxFeePerGas: integer,
  maxPriorityFeePerGas: integer,
  /** Unix time of the last broadcast. */
  sentAt: z.int(),
})

const txLsDocument = document(
  'tx ls',
  1,
  z.object({ transactions: z.array(transaction) }),
)

type Entry = ReturnType<typeof readOutbox>[number]

/** A transaction of the outbox as the commands show it. */
export function transactionOf(entry: Entry): z.output<typeof transaction> {
  return {
    nonce: entry.nonce,
    kind: entry.kind,
    obligation: entry.key,
    state: entry.state,
    cancelled: entry.cancelled,
    hash: entry.hashes.at(-1) ?? null,
    replacements: Math.max(0, entry.hashes.length - 1),
    ...entry.fees,
    sentAt: Math.floor(entry.sentAt / 1_000),
  }
}

/** `lynode tx ls`: the transactions of a daemon, from its database. */
export function txLsCommand() {
  return withDaemonOptions(
    new Command('ls').description(
      'list the transactions of a daemon whose receipt is awaited',
    ),
  )
    .option('--all', 'the newest ones, whatever became of them')
    .option(
      '--limit <count>',
      'most that are listed with --all',
      parseWhole,
      50,
    )
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  lynode tx ls\n  lynode tx ls --config verifier.toml --role verifier --all --json',
    )
    .action((options) => {
      const { dataDir } = daemonPlace(options)
      const entries = readOutbox(
        dataDir,
        options.all ? options.limit : undefined,
      )
      printResult(
        txLsDocument,
        { transactions: entries.map(transactionOf) },
        options,
        ({ transactions }) =>
          transactions.length === 0
            ? 'Nothing waits for its receipt.'
            : transactions
                .map(
                  (one) =>
                    `${one.nonce}  ${one.kind}  ${one.cancelled ? 'cancelled, ' : ''}${one.state}  ${formatGwei(one.maxFeePerGas)} gwei${one.replacements > 0 ? `, ${one.replacements} replacement(s)` : ''}  ${one.hash ?? 'not sent'}\n  ${one.obligation}`,
                )
                .join('\n'),
      )
    })
}

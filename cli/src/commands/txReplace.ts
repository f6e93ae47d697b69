import { Command } from '@commander-js/extra-typings'
import {
  askOutbox,
  bumpFees,
  highestFeeWei,
  type OutboxRequest,
  readOutbox,
} from '@lynode/runtime'
import { LynodeError, toLynodeError } from '@lynode/sdk'
import {
  createPublicClient,
  formatEther,
  formatGwei,
  type Hex,
  http,
} from 'viem'
import { z } from 'zod'
import { daemonPlace } from '../options/daemonOptions.js'
import { parseCount } from '../options/parseCount.js'
import { withDaemonOptions } from '../options/withDaemonOptions.js'
import { confirmSend } from '../output/confirmSend.js'
import { document } from '../output/document.js'
import { log, printResult } from '../output/output.js'
import { dryRunDocument, withWriteOptions } from '../output/sendWrite.js'
import { transaction, transactionOf } from './txLs.js'

const shape = z.object({
  /** False while no daemon has taken it up: it does so when it starts. */
  done: z.boolean(),
  transaction,
})

const documents = {
  bump: document('tx bump', 1, shape),
  cancel: document('tx cancel', 1, shape),
}

const texts = {
  bump: 'send a waiting transaction again with higher fees, now',
  cancel:
    'replace a waiting transaction by one of nothing; what it was for is still owed',
}

/** Gas of a transaction that does nothing. */
const transferGas = 21_000n

/**
 * `lynode tx bump NONCE` and `lynode tx cancel NONCE`. The daemon does it, because
 * nobody else may sign with its key; one that is down does it when it starts.
 */
export function txReplaceCommand(request: OutboxRequest) {
  return withWriteOptions(
    withDaemonOptions(
      new Command(request)
        .description(texts[request])
        .argument(
          '<nonce>',
          'nonce of the transaction: lynode tx ls',
          parseCount,
        ),
    ),
  )
    .addHelpText(
      'after',
      `\nExamples:\n  lynode tx ${request} 17\n  lynode tx ${request} 17 --role verifier --config verifier.toml --dry-run`,
    )
    .action(async (nonce, options) => {
      const { dataDir, rpc } = daemonPlace(options)
      const before = readOutbox(dataDir).find((row) => row.nonce === nonce)
      if (before === undefined)
        throw new LynodeError('LY-OUTBOX-003', { details: `nonce ${nonce}` })
      const client = createPublicClient({ transport: http(rpc) })
      const market = await client
        .estimateFeesPerGas()
        .catch((error: unknown) => {
          throw toLynodeError(error)
        })
      const fees = bumpFees(before.fees, market, highestFeeWei)
      if (fees === undefined)
        throw new LynodeError('LY-OUTBOX-004', { details: `nonce ${nonce}` })
      const cancels = request === 'cancel' || before.cancelled
      const gas = cancels ? transferGas : before.gas
      const cost = gas * fees.maxFeePerGas
      const effect = [
        request === 'bump'
          ? `send ${before.kind} (nonce ${nonce}) again`
          : `put a transaction of nothing in the place of ${before.kind} (nonce ${nonce}); if it is still owed, it is sent under another nonce`,
        `its fee: ${formatGwei(before.fees.maxFeePerGas)} -> ${formatGwei(fees.maxFeePerGas)} gwei`,
      ]
      const price = `at most ${gas} gas, ${formatEther(cost)} of the chain's coin`
      if (options.dryRun) {
        const call: { to: Hex; data: Hex } = cancels
          ? { to: before.sender, data: '0x' }
          : { to: before.target, data: before.data }
        printResult(
          dryRunDocument,
          { dryRun: true, ...call, gas, costWei: cost, effect },
          options,
          ({ to, data }) => [...effect, price, `to ${to}`, data].join('\n'),
        )
        return
      }
      for (const line of effect) log(line)
      log(price)
      if (!options.yes) await confirmSend(options)
      const after = await askOutbox(dataDir, nonce, request)
      printResult(
        documents[request],
        {
          done: after !== undefined,
          transaction: transactionOf(after ?? before),
        },
        options,
        (result) =>
          result.done
            ? `Nonce ${nonce}: ${result.transaction.hash}, ${result.transaction.state}.`
            : 'No daemon has answered: it is done as soon as one starts.',
      )
    })
}

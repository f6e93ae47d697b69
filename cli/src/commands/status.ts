import { setTimeout as sleep } from 'node:timers/promises'
import { Command, Option } from '@commander-js/extra-typings'
import { loadConfig } from '@lynode/runtime'
import { withAddressBook } from '@lynode/sdk'
import { createPublicClient, http } from 'viem'
import { lynodeChain } from '../network/connect.js'
import { findConfig } from '../options/findConfig.js'
import { document } from '../output/document.js'
import { printResult } from '../output/output.js'
import { formatStatus } from '../status/formatStatus.js'
import { readStatus, statusShape } from '../status/readStatus.js'

const everyMs = 2_000

const statusDocument = document('status', 1, statusShape)

/** `lynode status`: what a daemon does and owes, even when half of it is down. */
export function statusCommand() {
  return new Command('status')
    .description('show what a daemon does, owes and lacks')
    .option('--config <file>', 'configuration of the daemon')
    .addOption(
      new Option('--role <role>', 'what the configuration is of')
        .choices(['provider', 'verifier'] as const)
        .default('provider' as const),
    )
    .option('--watch', 'show it again every two seconds, until Ctrl-C')
    .option('--json', 'print one JSON document (one a line with --watch)')
    .addHelpText(
      'after',
      '\nExamples:\n  lynode status\n  lynode status --config verifier.toml --role verifier --watch',
    )
    .action(async (options) => {
      const { role } = options
      const config = loadConfig(findConfig(options.config, role))
      const client = createPublicClient({
        chain: lynodeChain(config.addressBook.chainId, config.rpc),
        transport: http(config.rpc, { retryCount: 0, timeout: 5_000 }),
      }).extend(withAddressBook(config.addressBook))
      for (;;) {
        const status = await readStatus(role, config, client)
        if (options.watch && !options.json && process.stdout.isTTY)
          process.stdout.write('\x1b[2J\x1b[H')
        printResult(
          statusDocument,
          status,
          { json: options.json, line: options.watch },
          formatStatus,
        )
        if (!options.watch) return
        await sleep(everyMs)
      }
    })
}

import { once } from 'node:events'
import { Command } from '@commander-js/extra-typings'
import { z } from 'zod'
import { buildStep, Devnet } from '../devnet/startDevnet.js'
import { parsePort } from '../options/parsePort.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { runSteps } from '../output/runSteps.js'

const devnetDocument = document(
  'devnet',
  1,
  z.object({
    rpcUrl: z.string(),
    addressBook: z.string(),
    file: z.string(),
    provider: z.string().optional(),
    verifier: z.string().optional(),
    indexer: z.string().optional(),
    accounts: z.array(
      z.object({ name: z.string(), address: hex, privateKey: hex }),
    ),
  }),
)

/** `lynode devnet`: a network of this machine alone, until Ctrl-C. */
export function devnetCommand() {
  return new Command('devnet')
    .description(
      'run a chain, a provider, a verifier and an indexer until Ctrl-C',
    )
    .option('--port <port>', 'port of the chain', parsePort, 8545)
    .option('--provider-port <port>', 'port of the data server', parsePort, 0)
    .option('--verifier-port <port>', 'port of the verifier', parsePort, 0)
    .option('--indexer-port <port>', 'port of the indexer', parsePort, 0)
    .option('--no-indexer', 'leave the indexer out')
    .option('--json', 'print one JSON document when it is ready')
    .addHelpText(
      'after',
      `
Examples:
  lynode devnet
  lynode devnet --port 0 --json`,
    )
    .action(async (options) => {
      const devnet = new Devnet(options)
      const ended = Promise.race([
        once(process, 'SIGINT'),
        once(process, 'SIGTERM'),
      ]).then(() => 'ended' as const)
      try {
        const started = await Promise.race([
          runSteps([buildStep(), ...devnet.steps()]),
          ended,
        ])
        if (started === 'ended') return
        const file = devnet.writeNetworkFile()
        printResult(
          devnetDocument,
          {
            rpcUrl: devnet.rpcUrl,
            addressBook: devnet.addressBookPath,
            file,
            provider: devnet.daemons[0]?.endpoint,
            verifier: devnet.daemons[1]?.endpoint,
            indexer: devnet.indexerUrl,
            accounts: Object.values(devnet.accounts),
          },
          options,
          (result) =>
            [
              '',
              `Chain       ${result.rpcUrl}`,
              `Provider    ${result.provider}`,
              `Verifier    ${result.verifier}`,
              ...(result.indexer
                ? [`Indexer     ${result.indexer} (GraphQL, SQL, /v1)`]
                : []),
              `Addresses   ${result.addressBook}`,
              'Accounts    (keys that everybody knows: never use them elsewhere)',
              ...result.accounts.map(
                ({ name, address, privateKey }) =>
                  `  ${name.padEnd(15)} ${address}  ${privateKey}`,
              ),
              '',
              'In another terminal: npx lynode model check FILE.onnx. Ctrl-C ends it.',
            ].join('\n'),
        )
        await ended
      } finally {
        await devnet.stop()
        // The build may still run; nothing waits for it any more.
        setImmediate(() => process.exit())
      }
    })
}
